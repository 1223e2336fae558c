import { MAP_BYTES, MAP_ROOM_BYTES, objectBytes } from '../bytes/heap-bytes.ts';

/**
 * How much room the host has given a Map. One cannot ask it, so this is told of what comes and goes, and does its sums.
 *
 *     [ a b c d ]    full, one more comes     →   [ a b c d e · · · ]    twice the room
 *     [ · · c d ]    as full, half are holes  →   [ c d e · ]            the holes are closed
 *     [ · · · d · · · · ]    few are left     →   [ d · · · ]            half the room
 *
 * An entry that goes leaves a hole, which nothing fills. So a Map in which entries come and go has twice the room of one
 * that has grown to the same size.
 *
 * Invariants:
 *
 * 1. `#room` is a power of two, and at least {@link LEAST_ROOM}.
 * 2. `#used`, the entries and the holes, is at most `#room`.
 */
export class MapRoom {
  #room = LEAST_ROOM;
  #used: number;

  /** Of a Map to which so many entries were added, and none deleted. O(log size). */
  constructor(size: number) {
    this.#used = size;
    while (this.#room < size) this.#room <<= 1;
  }

  /** The Map has got an entry more, and so many now. O(1). */
  added(size: number): void {
    if (this.#used === this.#room) this.#extend(size - 1);
    this.#used++;
  }

  #extend(size: number): void {
    const holes = this.#used - size;
    if (holes < this.#room >> 1) this.#room <<= 1;
    this.#used = size;
  }

  /** The Map has lost an entry, and has so many now. O(1). */
  deleted(size: number): void {
    if (size < this.#room >> 2) this.#halve(size);
  }

  #halve(size: number): void {
    this.#used = size;
    if (this.#room > LEAST_ROOM) this.#room >>= 1;
  }

  /** What the Map takes, in bytes, without the entries themselves. O(1). */
  get heapBytes(): number {
    return OBJECT_BYTES + MAP_BYTES + MAP_ROOM_BYTES * this.#room;
  }
}

const LEAST_ROOM = 4;
/** This object's. */
const OBJECT_BYTES = objectBytes(3);
