import { Database } from './database.ts';
import { emptyLike, keepCandidates } from './eviction/candidates.ts';
import { noteAccesses } from './eviction/note-accesses.ts';
import { TextSlots } from './eviction/text-slots.ts';

/**
 * Where all keys of a database are while they are no part of the store, but may come back: after a flush that may be undone,
 * or to which a snapshot was before. Putting them aside, and back, is an exchange, O(1).
 *
 *     database   { k1, k2 }   ── FLUSHDB ──▶   { }          ── undone ──▶   { k1, k2 }
 *     aside      { }                           { k1, k2 }                   { }
 *
 * Nothing is removed from it: keys whose timers fire meanwhile are dealt with when they are back.
 *
 * Invariants:
 *
 * 1. It is none of `keyspace.databases`.
 * 2. What it holds counts as used memory exactly while {@link isCounted}: for the time of a transaction.
 */
export class Aside extends Database {
  /** Whether a snapshot may want it back: then it is not for the transaction that made it to drop. */
  isKept = false;
  private isCounted = true;
  private memory = this.keyspace.memory;
  private access = this.keyspace.access;

  /** Without keys, for what the database holds. */
  constructor(database: Database) {
    super(database.keyspace, database.index);
    this.candidates = emptyLike(database.candidates);
    if (database.texts !== undefined) this.texts = new TextSlots();
    this.memory?.countTables(this);
  }

  /** Takes what the database holds, and gives it what is here. O(1), but for what nobody has noted or counted meanwhile. */
  exchangeWith(database: Database): void {
    const { keyspace, memory, access } = this;
    const { candidates } = database;
    if (!this.isCounted) this.count(1);
    keyspace.exchange(database, this);
    this.memory = keyspace.memory;
    this.access = keyspace.access;
    if (candidates?.isVolatile !== database.candidates?.isVolatile)
      keepCandidates(database, emptyLike(candidates));
    // What was aside when somebody began to count is counted now.
    if (memory !== this.memory) this.memory?.countAll([database]);
    if (access !== this.access) noteAccesses(database, this.access);
    const { home } = database;
    for (const timer of home.firedAside ?? []) keyspace.schedule(timer, timer.dueMs);
    home.firedAside = undefined;
  }

  /** The transaction that made it needs it no more. */
  settle(): void {
    if (this.isKept) this.uncount();
    else this.drop();
  }

  /** Counts as used memory no more. */
  uncount(): void {
    if (this.isCounted) this.count(-1);
  }

  /** It will not come back. O(entries). */
  drop(): void {
    if (!this.isCounted) this.count(1);
    this.clear();
  }

  private count(sign: 1 | -1): void {
    this.isCounted = sign > 0;
    const { memory } = this;
    if (memory === undefined) return;
    memory.tables.add(sign * (this.tableRoom?.bytes ?? 0));
    memory.dataBytes += sign * this.countedBytes;
  }
}
