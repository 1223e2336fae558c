import type { ByteString } from '../../bytes/byte-string.ts';
import type { Database } from '../database.ts';
import { type Entry, NEVER } from '../entry.ts';

/**
 * The entries of a database that may have to go, packed, so that any of them is found by its number: what eviction draws
 * its samples from. Exists while there is a limit, and a policy that has to look at entries.
 *
 *     slot       0    1    2    3
 *     keys     [ k4 | k0 | k7 | k2 ]      entries[slot].slot = slot
 *     entries  [ e4 | e0 | e7 | e2 ]      the last takes the place of one that leaves
 *
 * Invariants:
 *
 * 1. In it are all entries of the database or, if {@link isVolatile}, all that expire: each once, under its key.
 * 2. `entries[entry.slot]` is the entry. The slot of an entry that is in no such table is -1.
 */
export class Candidates {
  /** Whether only keys that expire may go. */
  readonly isVolatile: boolean;
  private readonly keys: ByteString[] = [];
  private readonly entries: Entry[] = [];

  constructor(isVolatile: boolean) {
    this.isVolatile = isVolatile;
  }

  get size(): number {
    return this.keys.length;
  }

  keyAt(slot: number): ByteString {
    return this.keys[slot]!;
  }

  entryAt(slot: number): Entry {
    return this.entries[slot]!;
  }

  /** The entry has come under this key, or may expire from now on, and was not in it. O(1). */
  add(key: ByteString, entry: Entry): void {
    if (this.isVolatile && entry.expiresAtMs === NEVER) return;
    entry.slot = this.keys.length;
    this.keys.push(key);
    this.entries.push(entry);
  }

  /** The entry leaves its key, if it was in it. O(1). */
  remove(entry: Entry): void {
    const { slot } = entry;
    if (slot < 0) return;
    entry.slot = -1;
    const key = this.keys.pop()!;
    const last = this.entries.pop()!;
    if (last === entry) return;
    this.keys[slot] = key;
    this.entries[slot] = last;
    last.slot = slot;
  }

  /** The entry is under its key, but will not expire any more. O(1). */
  stays(entry: Entry): void {
    if (this.isVolatile) this.remove(entry);
  }

  /** For tests: throws if an invariant does not hold. O(n). */
  checkInvariants(map: ReadonlyMap<ByteString, unknown>, entryCount: number): void {
    if (this.keys.length !== entryCount || this.entries.length !== entryCount)
      throw new Error(`${this.keys.length} candidates, but ${entryCount} entries`);
    this.entries.forEach((entry, slot) => {
      if (entry.slot !== slot) throw new Error(`a candidate's slot is ${entry.slot}, not ${slot}`);
      if (map.get(this.keys[slot]!) !== entry) throw new Error('a candidate is not under its key');
    });
  }
}

/** For a database that begins without keys. */
export function emptyLike(candidates: Candidates | undefined): Candidates | undefined {
  return candidates && new Candidates(candidates.isVolatile);
}

/** From now on these are the candidates of the database, if any: O(keys). */
export function keepCandidates(database: Database, candidates: Candidates | undefined): void {
  database.candidates = candidates;
  if (database.entryCount === 0) return;
  const { memory } = database.keyspace;
  for (const [key, stored] of database.map) {
    if (typeof stored !== 'object') continue;
    stored.slot = -1;
    candidates?.add(key, stored);
    memory?.recount(database, stored);
  }
}
