import type { ByteString } from '../../bytes/byte-string.ts';
import { textBytes, textBytesAgain } from '../../bytes/text-bytes.ts';
import type { Database } from '../database.ts';
import type { Entry, Stored } from '../entry.ts';
import { CANDIDATE_BYTES, ENTRY_BYTES, KEY_BYTES, TIMER_BYTES } from './heap-sizes.ts';
import { Overhead } from './overhead.ts';
import { TableRoom } from './table-room.ts';

/**
 * How many bytes of the host's memory the keys of a store take, kept with every write: INFO's `used_memory`, and what
 * `maxmemory` bounds. An estimate: what V8 takes on 64 bits for the strings and objects that hold the data.
 *
 *     used      = data + overhead
 *     data      = for each key: its name, its place in the map, and
 *                     a bare string: the text        an entry: itself, its timer, its place among the candidates for
 *                                                eviction, its value (`ValueKind.heapBytes`)
 *     overhead  = what is no key: subscriptions, scripts, clients, and room in tables; whoever makes such a thing says so
 *
 * It exists once somebody has asked for it; until then no write is counted.
 *
 * Invariants:
 *
 * 1. `dataBytes` is the sum of `Database.countedBytes`, and that is the sum of what its keys count for.
 * 2. An entry under a key counts for `Entry.countedBytes`, as of when it was last said to have changed; under no key, 0.
 */
export class Memory {
  /** What all keys take. */
  dataBytes = 0;
  /** What everything takes that is no key. */
  overheadBytes = 0;
  /** What the tables take in which the keys are, beyond what is counted for each key. */
  readonly tables = new Overhead();
  /** The most there ever was. */
  peakBytes = 0;
  /** When that was, in Unix milliseconds: to within a thousandth of what was used. */
  peakAtMs: number;
  private readonly now: () => number;
  /** The clock is not asked before there is so much. */
  private noteworthyBytes = 0;

  /** @param now the time, in Unix milliseconds */
  constructor(now: () => number) {
    this.now = now;
    this.peakAtMs = now();
  }

  get usedBytes(): number {
    return this.dataBytes + this.overheadBytes;
  }

  /** What the keys take with the tables in which they are. */
  get keyspaceBytes(): number {
    return this.dataBytes + this.tables.bytes;
  }

  /** Counts all keys that there are. O(keys), and O(n) for containers that were not counted before. */
  countAll(databases: readonly Database[]): void {
    for (const database of databases) {
      for (const [key, stored] of database.map) this.joined(database, key, stored);
      this.countTables(database);
    }
  }

  /** From now on the tables of the database count. */
  countTables(database: Database): void {
    database.tableRoom = new TableRoom(this.tables, database);
  }

  /** This stands under the key now, where nothing was before. */
  joined(database: Database, key: ByteString, stored: Stored): void {
    if (typeof stored === 'object') {
      this.add(database, keyBytes(key));
      this.recount(database, stored);
    } else this.add(database, keyBytes(key) + textBytes(stored));
  }

  /** This stands under the key now, where that was before, or nothing; an entry has been released. */
  replaced(database: Database, key: ByteString, old: Stored | undefined, stored: Stored): void {
    if (old === undefined) this.joined(database, key, stored);
    else {
      const oldBytes = typeof old === 'string' ? textBytesAgain(old) : 0;
      if (typeof stored === 'string') this.add(database, textBytes(stored) - oldBytes);
      else {
        this.add(database, -oldBytes);
        this.recount(database, stored);
      }
    }
  }

  /** This text stands now where another stood. */
  replacedText(database: Database, old: string, text: string): void {
    const bytes = textBytes(text) - textBytesAgain(old);
    if (bytes !== 0) this.add(database, bytes);
  }

  /** The entry under a key is to hold this text in the place of its own. As {@link recount}, but with less to be asked. */
  replacesText(database: Database, entry: Entry<string>, text: string): void {
    const bytes = textBytes(text) - textBytesAgain(entry.value);
    if (bytes === 0) return;
    entry.countedBytes += bytes;
    this.add(database, bytes);
  }

  /** What stood under the key goes. The bytes of an entry are taken off by {@link release}. */
  left(database: Database, key: ByteString, stored: Stored): void {
    this.add(
      database,
      -KEY_BYTES - textBytesAgain(key) - (typeof stored === 'string' ? textBytesAgain(stored) : 0),
    );
  }

  /** The entry is, or was, under a key of the database, and has changed. */
  recount(database: Database, entry: Entry): void {
    const bytes = entryBytes(entry);
    if (bytes === entry.countedBytes) return;
    this.add(database, bytes - entry.countedBytes);
    entry.countedBytes = bytes;
  }

  /** The entry is under no key any more. */
  release(database: Database, entry: Entry): void {
    this.add(database, -entry.countedBytes);
    entry.countedBytes = 0;
  }

  add(database: Database, bytes: number): void {
    database.countedBytes += bytes;
    this.dataBytes += bytes;
    if (this.usedBytes > this.peakBytes) this.reachPeak();
  }

  /** There is so much more, or less, that is no key. Only `Overhead` calls this. */
  addOverhead(bytes: number): void {
    this.overheadBytes += bytes;
    if (this.usedBytes > this.peakBytes) this.reachPeak();
  }

  private reachPeak(): void {
    this.peakBytes = this.usedBytes;
    if (this.peakBytes < this.noteworthyBytes) return;
    this.noteworthyBytes = this.peakBytes * 1.001;
    this.peakAtMs = this.now();
  }
}

/** A key without what it holds. */
export function keyBytes(key: ByteString): number {
  return KEY_BYTES + textBytes(key);
}

/** An entry with all it holds. */
export function entryBytes(entry: Entry): number {
  const timerBytes = entry.timer === undefined ? 0 : TIMER_BYTES;
  const candidateBytes = entry.slot < 0 ? 0 : CANDIDATE_BYTES;
  return ENTRY_BYTES + timerBytes + candidateBytes + entry.kind.heapBytes(entry.value);
}

/** A key with all it holds. */
export function storedBytes(key: ByteString, stored: Stored): number {
  return keyBytes(key) + (typeof stored === 'string' ? textBytes(stored) : entryBytes(stored));
}
