import type { ByteString } from '../../bytes/byte-string.ts';
import { objectBytes, pushedArrayBytes } from '../../bytes/heap-bytes.ts';
import type { Timer } from '../../ttl/timer-wheel.ts';
import { MapRoom } from '../map-room.ts';

/**
 * When the fields of one hash expire: a binary heap by time, indexed by field.
 *
 *     index    'b' → 0   'a' → 1   'c' → 2                  b 100
 *     fields   [ b,   a,   c   ]                           /     \
 *     times    [ 100, 250, 180 ]                       a 250     c 180
 *
 * Invariants:
 *
 * 1. `index.get(fields[p]) === p` for every position p; `fields`, `times` and `index` have the same size. A field is
 *    in it once, so nothing stale is ever in the way.
 * 2. `times[parent] <= times[child]`, so `times[0]` is the exact minimum.
 */
export class FieldExpiries {
  /** What the hash's owner has scheduled for {@link nextMs}. A clone has none. */
  timer: Timer | undefined = undefined;
  readonly #index: Map<ByteString, number>;
  readonly #fields: ByteString[];
  readonly #times: number[];
  /** Of the index, as from when somebody asked what it takes. */
  #indexRoom: MapRoom | undefined = undefined;

  constructor(index: Map<ByteString, number> = new Map(), fields: ByteString[] = [], times: number[] = []) {
    this.#index = index;
    this.#fields = fields;
    this.#times = times;
  }

  get size(): number {
    return this.#fields.length;
  }

  /** The earliest time, in ms; `Infinity` if there is none. O(1). */
  get nextMs(): number {
    return this.#times.length === 0 ? Number.POSITIVE_INFINITY : this.#times[0]!;
  }

  /** The field that expires first, if any. O(1). */
  get nextField(): ByteString | undefined {
    return this.#fields[0];
  }

  get(field: ByteString): number | undefined {
    const position = this.#index.get(field);
    return position === undefined ? undefined : this.#times[position];
  }

  /** O(log n); O(1) for times that come in ascending order. */
  set(field: ByteString, atMs: number): void {
    const position = this.#index.get(field);
    if (position === undefined) {
      this.#fields.push(field);
      this.#times.push(atMs);
      this.#rise(this.#fields.length - 1, field, atMs);
      this.#indexRoom?.added(this.#index.size);
    } else {
      this.#replace(position, field, atMs);
    }
  }

  /** Whether the field was there. O(log n). */
  delete(field: ByteString): boolean {
    const position = this.#index.get(field);
    if (position === undefined) return false;
    this.#index.delete(field);
    this.#indexRoom?.deleted(this.#index.size);
    const lastField = this.#fields.pop()!;
    const lastMs = this.#times.pop()!;
    if (position < this.#fields.length) this.#replace(position, lastField, lastMs);
    return true;
  }

  /** Visits the fields whose time is at or before `nowMs`, in no order. `visit` must not change them. O(visited). */
  forEachUntil(nowMs: number, visit: (field: ByteString, atMs: number) => void): void {
    this.#visitUntil(0, nowMs, visit);
  }

  #visitUntil(position: number, nowMs: number, visit: (field: ByteString, atMs: number) => void): void {
    if (position >= this.#times.length || this.#times[position]! > nowMs) return;
    visit(this.#fields[position]!, this.#times[position]!);
    this.#visitUntil(2 * position + 1, nowMs, visit);
    this.#visitUntil(2 * position + 2, nowMs, visit);
  }

  /** About how many bytes of the host's memory it takes, but for the fields themselves, which the hash has. O(1). */
  get heapBytes(): number {
    const size = this.#fields.length;
    this.#indexRoom ??= new MapRoom(size);
    const timerBytes = this.timer === undefined ? 0 : TIMER_BYTES;
    return OBJECT_BYTES + timerBytes + this.#indexRoom.heapBytes + 2 * pushedArrayBytes(size);
  }

  clone(): FieldExpiries {
    return new FieldExpiries(new Map(this.#index), this.#fields.slice(), this.#times.slice());
  }

  checkInvariants(): void {
    const size = this.#fields.length;
    if (this.#times.length !== size || this.#index.size !== size) throw new Error('expiries: sizes differ');
    for (let position = 0; position < size; position++) {
      if (this.#index.get(this.#fields[position]!) !== position) throw new Error('expiries: not indexed');
      if (position > 0 && this.#times[(position - 1) >> 1]! > this.#times[position]!) {
        throw new Error('expiries: a child is due before its parent');
      }
    }
  }

  #replace(position: number, field: ByteString, atMs: number): void {
    if (position > 0 && this.#times[(position - 1) >> 1]! > atMs) this.#rise(position, field, atMs);
    else this.#sink(position, field, atMs);
  }

  #rise(from: number, field: ByteString, atMs: number): void {
    let position = from;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      const parentMs = this.#times[parent]!;
      if (parentMs <= atMs) break;
      this.#put(position, this.#fields[parent]!, parentMs);
      position = parent;
    }
    this.#put(position, field, atMs);
  }

  #sink(from: number, field: ByteString, atMs: number): void {
    const size = this.#times.length;
    let position = from;
    while (true) {
      let child = 2 * position + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#times[child + 1]! < this.#times[child]!) child++;
      const childMs = this.#times[child]!;
      if (childMs >= atMs) break;
      this.#put(position, this.#fields[child]!, childMs);
      position = child;
    }
    this.#put(position, field, atMs);
  }

  #put(position: number, field: ByteString, atMs: number): void {
    this.#fields[position] = field;
    this.#times[position] = atMs;
    this.#index.set(field, position);
  }
}

const OBJECT_BYTES = objectBytes(6);
/** With the time, which is an object to the host. */
const TIMER_BYTES = objectBytes(6) + 16;
