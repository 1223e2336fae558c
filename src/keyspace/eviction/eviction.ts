import { errors } from '../../errors.ts';
import type { Entry } from '../entry.ts';
import { events } from '../events.ts';
import type { Keyspace } from '../keyspace.ts';
import type { Memory } from '../memory/memory.ts';
import type { MemoryLimit } from './memory-limit.ts';
import { isVolatile, rankingOf } from './policy.ts';
import { Pool, type Rank, type Victim } from './pool.ts';

/** Keeps the memory that a store uses within a limit. Exists while there is a limit. */
export class Eviction {
  private readonly keyspace: Keyspace;
  private readonly limit: MemoryLimit;
  private readonly memory: Memory;
  /** How much may be used; any number once the limit has been taken away. */
  maxBytes = Number.POSITIVE_INFINITY;
  /** Whether keys are being removed: whoever is told of it may call commands, but there is no room for them yet. */
  private isRunning = false;
  private readonly pool: Pool;
  /** From which database the next key goes, where any may. */
  private turn = 0;
  private readonly byAccess: Rank;
  private readonly byVolatileAccess: Rank;

  /** Begins to count what is used, if nobody has yet. O(keys). */
  constructor(keyspace: Keyspace, limit: MemoryLimit) {
    this.pool = new Pool(keyspace.random);
    const ofText = (noted: number) => keyspace.access!.rank(noted);
    const ofEntry = ({ access }: Entry) => ofText(access);
    this.byAccess = { ofEntry, ofText };
    this.byVolatileAccess = { ofEntry, ofText: undefined };
    this.keyspace = keyspace;
    this.limit = limit;
    this.memory = keyspace.countMemory();
  }

  /**
   * Called before each command that may make the store hold more: removes keys, as the policy has it, until no more memory
   * is used than is allowed. Within a transaction or a script that was done at its beginning: `MemoryLimit.hold`.
   * O(1) where there is room.
   *
   * @throws ReplyError OOM if nothing is left that may go
   */
  makeRoom(): void {
    if (this.memory.usedBytes <= this.maxBytes && this.limit.heldDepth === 0) return;
    if (!this.tryMakeRoom()) throw errors.outOfMemory();
  }

  /** {@link makeRoom} for who has something else to do if there is no room. Whether there is. */
  tryMakeRoom(): boolean {
    const { limit } = this;
    if (limit.heldDepth > 0) {
      // What was removed within the group may have made some.
      limit.hadRoom ||= this.memory.usedBytes <= this.maxBytes;
      return limit.hadRoom;
    }
    if (this.memory.usedBytes <= this.maxBytes) return true;
    if (this.isRunning || limit.isSuspended || this.keyspace.journal !== undefined) return true;
    this.isRunning = true;
    try {
      return this.evictAll();
    } finally {
      this.isRunning = false;
    }
  }

  /** Another policy chooses from now on. */
  policyChanged(): void {
    this.pool.clear();
  }

  /**
   * Whether there is room at the end. What observers make of being told (messages to be delivered, writes of their own) is
   * not made room for here: it would be one more reason to tell them, and so on until nothing is left. But they may have
   * made room themselves, or another limit.
   */
  private evictAll(): boolean {
    const { memory } = this;
    let missingBytes = memory.usedBytes - this.maxBytes;
    while (missingBytes > 0 && memory.usedBytes > this.maxBytes) {
      const victim = this.victim();
      // Whoever looks for one may find keys whose time was over.
      if (victim === undefined) return memory.usedBytes <= this.maxBytes;
      missingBytes -= this.evict(victim);
    }
    return true;
  }

  /** How many bytes that was. */
  private evict({ database, key }: Victim): number {
    const { memory, keyspace } = this;
    const before = memory.keyspaceBytes;
    database.remove(key);
    const freed = before - memory.keyspaceBytes;
    keyspace.evictedCount++;
    if (database.changed(key, events.evicted)) database.effect('DEL', key);
    return freed;
  }

  private victim(): Victim | undefined {
    const { policy } = this.limit;
    switch (rankingOf(policy)) {
      case undefined:
        return undefined;
      case 'random':
        return this.anyOf(isVolatile(policy));
      case 'ttl':
        return this.bestBy(byExpiry);
      default:
        return this.bestBy(isVolatile(policy) ? this.byVolatileAccess : this.byAccess);
    }
  }

  /** Any key, of each database in its turn. */
  private anyOf(isVolatile: boolean): Victim | undefined {
    const { databases, random } = this.keyspace;
    for (let tries = 0; tries < databases.length; tries++) {
      const database = databases[this.turn]!;
      this.turn = (this.turn + 1) % databases.length;
      const { candidates } = database;
      const size = candidates?.size ?? 0;
      const key = !isVolatile
        ? database.randomKey()
        : size > 0
          ? candidates!.keyAt(Math.floor(random() * size))
          : undefined;
      if (key === undefined) continue;
      if (!isVolatile) database.scanOrder?.forgetPicked();
      return { database, key };
    }
    return undefined;
  }

  /** The best of those that were met. */
  private bestBy(rank: Rank): Victim | undefined {
    const { databases } = this.keyspace;
    const { samples } = this.limit;
    for (;;) {
      let isEmpty = true;
      for (const database of databases) {
        if (this.pool.sample(database, samples, rank)) isEmpty = false;
      }
      if (isEmpty) return undefined;
      // What keeps the samples out of a full pool is taken out here if it may not go: so this ends.
      const victim = this.pool.take(rank);
      if (victim !== undefined) return victim;
    }
  }
}

const byExpiry: Rank = { ofEntry: ({ expiresAtMs }) => expiresAtMs, ofText: undefined };
