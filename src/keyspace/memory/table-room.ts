import { MapRoom } from '../../structures/map-room.ts';
import type { Database } from '../database.ts';
import { KEY_BYTES } from './heap-sizes.ts';
import type { Overhead } from './overhead.ts';

/**
 * What the tables of a database take in which its keys are, beyond what each key counts for by itself: its `Map`, in which
 * keys that come and go leave holes, and the order of SCAN.
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
 * Each key counts for {@link KEY_BYTES} by itself, which is what it takes, on an average, in a Map that has only grown: for
 * such a one nothing more is counted.
 *
 * Invariants:
 *
 * 1. `#approachedBytes` is at most what the tables take.
 * 2. `bytes` is what that is more than all {@link KEY_BYTES} together, if it is; and is part of the overhead.
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
    this.#recount(database);
  }

  /** The database has got one key more. O(1). */
  added(database: Database): void {
    this.#mapRoom.added(database.map.size);
    this.#approachedBytes += STEP_BYTES;
    this.#recount(database);
  }

  /** The database has lost a key. O(1). */
  deleted(database: Database): void {
    this.#mapRoom.deleted(database.map.size);
    this.#recount(database);
  }

  /** The database has lost all keys, or goes itself. */
  cleared(): void {
    this.#mapRoom = new MapRoom(0);
    this.#approachedBytes = 0;
    this.#count(0);
  }

  #recount(database: Database): void {
    const { map, scanOrder } = database;
    let takenBytes = this.#mapRoom.heapBytes - EMPTY_MAP_BYTES;
    if (scanOrder !== undefined) takenBytes += scanOrder.heapBytes;
    if (this.#approachedBytes > takenBytes) this.#approachedBytes = takenBytes;
    this.#count(Math.max(0, this.#approachedBytes - KEY_BYTES * map.size));
  }

  /** For tests: throws if an invariant does not hold. */
  checkInvariants({ map }: Database): void {
    if (this.#mapRoom.heapBytes < new MapRoom(map.size).heapBytes)
      throw new Error('a Map without room for its keys');
    if (this.bytes !== Math.max(0, this.#approachedBytes - KEY_BYTES * map.size))
      throw new Error(`tables count for ${this.bytes} bytes, beside those of ${map.size} keys`);
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
