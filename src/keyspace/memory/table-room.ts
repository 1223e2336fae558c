import { MapRoom } from '../../structures/map-room.ts';
import type { Database } from '../database.ts';
import { CANDIDATE_BYTES, KEY_BYTES } from './heap-sizes.ts';
import type { Overhead } from './overhead.ts';

/**
 * What the tables of a database take in which its keys are, beyond what each key counts for by itself: its `Map`, in which
 * keys that come and go leave holes, what eviction draws samples from, and the order of SCAN.
 *
 * A Map grows by doubling. If that counted at once, a store at its limit would evict a third of its keys for one that is
 * added. So what is counted follows what is taken with each added key by a step:
 *
 *     bytes   taken         ┌───────────────
 *                           │          ╱ counted
 *                           │       ╱
 *             ──────────────┴────╱
 *                        doubled           keys added →
 *
 * Each key counts for {@link KEY_BYTES} already, which is what it takes, on an average, in a table that has only grown: less
 * is not counted, lest the store sees room where the next doubling takes it.
 *
 * Invariants:
 *
 * 1. `#approachedBytes` is at most what the tables take.
 * 2. `bytes` is that, or what the keys count for if it is more, less what is in {@link KEY_BYTES}; and it is part of the
 *    overhead.
 */
export class TableRoom {
  readonly #overhead: Overhead;
  #mapRoom: MapRoom;
  #approachedBytes: number;
  /** What is counted for the tables, beside the keys. */
  bytes = 0;

  /** @param overhead of all such tables together */
  constructor(overhead: Overhead, database: Database) {
    this.#overhead = overhead;
    const { size } = database;
    this.#mapRoom = new MapRoom(size);
    this.#approachedBytes = KEY_BYTES * size;
    this.recount(database);
  }

  /** The database has got one key more. O(1). */
  added(database: Database): void {
    this.#mapRoom.added(database.map.size);
    this.#approachedBytes += STEP_BYTES;
    this.recount(database);
  }

  /** The database has lost a key. O(1). */
  deleted(database: Database): void {
    this.#mapRoom.deleted(database.map.size);
    this.recount(database);
  }

  /** The database has lost all keys, or goes itself. */
  cleared(): void {
    this.#mapRoom = new MapRoom(0);
    this.#approachedBytes = 0;
    this.#count(0);
  }

  /** One of the tables has come, or has gone. O(1). */
  recount(database: Database): void {
    const { map, candidates, scanOrder } = database;
    const candidateBytes = candidates === undefined ? 0 : CANDIDATE_BYTES * candidates.size;
    let takenBytes = this.#mapRoom.heapBytes - EMPTY_MAP_BYTES + candidateBytes;
    if (scanOrder !== undefined) takenBytes += scanOrder.heapBytes;
    if (this.#approachedBytes > takenBytes) this.#approachedBytes = takenBytes;
    const keyBytes = KEY_BYTES * map.size;
    this.#count(Math.max(keyBytes + candidateBytes, this.#approachedBytes) - keyBytes);
  }

  /** For tests: throws if an invariant does not hold. */
  checkInvariants(database: Database): void {
    const { bytes } = this;
    this.recount(database);
    if (this.bytes !== bytes) throw new Error(`tables count for ${bytes} bytes, not ${this.bytes}`);
    if (bytes < 0 || this.#approachedBytes < 0) throw new Error('tables take less than nothing');
  }

  #count(bytes: number): void {
    if (bytes === this.bytes) return;
    this.#overhead.add(bytes - this.bytes);
    this.bytes = bytes;
  }
}

/** For each added key that much more is counted at most, if it is taken: more than it counts for by itself. */
const STEP_BYTES = 64;
const EMPTY_MAP_BYTES = new MapRoom(0).heapBytes;
