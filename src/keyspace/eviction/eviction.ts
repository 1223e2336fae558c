import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Database } from '../database.ts';
import { events } from '../events.ts';
import type { Keyspace } from '../keyspace.ts';
import type { Memory } from '../memory/memory.ts';
import type { MemoryLimit } from './memory-limit.ts';

/** Keeps the memory that a store uses within a limit. Exists while there is a limit. */
export class Eviction {
  private readonly keyspace: Keyspace;
  private readonly limit: MemoryLimit;
  private readonly memory: Memory;
  /** How much may be used. */
  maxBytes = Number.POSITIVE_INFINITY;
  /** How deep we are in {@link hold}, and whether there was room when it began. */
  private heldDepth = 0;
  private hadRoom = true;
  /** Whether keys are being removed: whoever is told of it may call commands, but there is no room for them yet. */
  private isRunning = false;

  constructor(keyspace: Keyspace, limit: MemoryLimit) {
    this.keyspace = keyspace;
    this.limit = limit;
    this.memory = keyspace.countMemory();
  }

  /**
   * Called before each command that may make the store hold more: removes keys, as the policy has it, until no more memory
   * is used than is allowed. Within a transaction or a script that was done at its beginning, see {@link hold}.
   * O(1) where there is room.
   *
   * @throws ReplyError OOM if nothing is left that may go
   */
  makeRoom(): void {
    if (this.memory.usedBytes <= this.maxBytes && this.heldDepth === 0) return;
    if (!this.tryMakeRoom()) throw errors.outOfMemory();
  }

  /** {@link makeRoom} for who has something else to do if there is no room. Whether there is. */
  tryMakeRoom(): boolean {
    if (this.heldDepth > 0) return this.hadRoom;
    if (this.memory.usedBytes <= this.maxBytes) return true;
    if (this.isRunning || this.keyspace.journal !== undefined) return true;
    this.isRunning = true;
    try {
      return this.evictAll();
    } finally {
      this.isRunning = false;
    }
  }

  /**
   * Makes room for a group of commands (a transaction, a script) before the first of them: until {@link release}, nothing is
   * evicted, and {@link makeRoom} throws if there was no room at the beginning. Groups may be in groups.
   *
   * @returns whether there is room
   */
  hold(): boolean {
    if (this.heldDepth === 0) this.hadRoom = this.tryMakeRoom();
    this.heldDepth++;
    return this.hadRoom;
  }

  /** Ends {@link hold}. */
  release(): void {
    this.heldDepth--;
  }

  private evictAll(): boolean {
    while (this.memory.usedBytes > this.maxBytes) {
      if (this.limit.policy !== 'allkeys-random' || !this.evictAny()) return false;
    }
    return true;
  }

  private evictAny(): boolean {
    for (const database of this.keyspace.databases) {
      const key = database.randomKey();
      if (key === undefined) continue;
      evict(database, key);
      return true;
    }
    return false;
  }
}

function evict(database: Database, key: ByteString): void {
  database.remove(key);
  database.keyspace.evictedCount++;
  if (database.changed(key, events.evicted)) database.effect('DEL', key);
}
