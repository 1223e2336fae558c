import { arrayBytes, objectBytes } from '../../bytes/heap-bytes.ts';

/**
 * A double-ended queue in one growable circular array, with indexed access.
 *
 * Both ends grow and shrink in O(1) amortised; inserting or deleting at an index moves the elements on the
 * nearer side only. It is the chunk of a {@link QuickList}, and it is the list of that list's chunks.
 *
 *     slots   [ d  e  ·  ·  ·  a  b  c ]      count 5
 *                              ↑ start
 *
 * Invariants:
 *
 * 1. `slots.length` is a power of two, at least {@link MINIMUM_CAPACITY}, and never below `count`.
 * 2. Element `i` is in slot `(start + i) & (slots.length - 1)`.
 * 3. Every other slot is empty (a hole or undefined), so that nothing removed is kept alive.
 */
export class Ring<T> {
  slots: (T | undefined)[];
  start = 0;
  count = 0;
  /**
   * The owner's number for the first element: it falls with a push and rises with a pop at the head, so that
   * the numbers of all other elements stay what they were. No other operation touches it.
   */
  position = 0;

  /** @param capacity a power of two, at least {@link MINIMUM_CAPACITY}. */
  constructor(capacity: number = MINIMUM_CAPACITY) {
    this.slots = new Array(capacity);
  }

  /** O(1) amortised. */
  pushTail(value: T): void {
    if (this.count === this.slots.length) this.resize(this.count * 2);
    const slots = this.slots;
    slots[(this.start + this.count) & (slots.length - 1)] = value;
    this.count++;
  }

  /** O(1) amortised. */
  pushHead(value: T): void {
    if (this.count === this.slots.length) this.resize(this.count * 2);
    const slots = this.slots;
    const start = (this.start - 1) & (slots.length - 1);
    slots[start] = value;
    this.start = start;
    this.position--;
    this.count++;
  }

  /** The first element, removed; undefined if there is none. O(1). */
  popHead(): T | undefined {
    if (this.count === 0) return undefined;
    const slots = this.slots;
    const start = this.start;
    const value = slots[start];
    slots[start] = undefined;
    this.start = (start + 1) & (slots.length - 1);
    this.position++;
    this.count--;
    return value;
  }

  /** The last element, removed; undefined if there is none. O(1). */
  popTail(): T | undefined {
    if (this.count === 0) return undefined;
    const slots = this.slots;
    const slot = (this.start + this.count - 1) & (slots.length - 1);
    const value = slots[slot];
    slots[slot] = undefined;
    this.count--;
    return value;
  }

  /** Element `index`, which must exist. O(1). */
  get(index: number): T {
    const slots = this.slots;
    return slots[(this.start + index) & (slots.length - 1)] as T;
  }

  /** Replaces element `index`, which must exist. O(1). */
  set(index: number, value: T): void {
    const slots = this.slots;
    slots[(this.start + index) & (slots.length - 1)] = value;
  }

  /** Makes `value` element `index`, with 0 <= index <= count. O(distance to the nearer end). */
  insert(index: number, value: T): void {
    if (this.count === this.slots.length) this.resize(this.count * 2);
    const slots = this.slots;
    const mask = slots.length - 1;
    if (index < this.count >> 1) {
      const start = (this.start - 1) & mask;
      for (let at = 0; at < index; at++) slots[(start + at) & mask] = slots[(start + at + 1) & mask];
      this.start = start;
    } else {
      const start = this.start;
      for (let at = this.count; at > index; at--) slots[(start + at) & mask] = slots[(start + at - 1) & mask];
    }
    this.count++;
    slots[(this.start + index) & mask] = value;
  }

  /** Removes the `amount` elements from `from` on, which must exist. O(amount + distance to the nearer end). */
  deleteRange(from: number, amount: number): void {
    const slots = this.slots;
    const mask = slots.length - 1;
    const start = this.start;
    const behind = this.count - from - amount;
    if (from < behind) {
      for (let at = from - 1; at >= 0; at--) slots[(start + at + amount) & mask] = slots[(start + at) & mask];
      for (let at = 0; at < amount; at++) slots[(start + at) & mask] = undefined;
      this.start = (start + amount) & mask;
    } else {
      const end = from + behind;
      for (let at = from; at < end; at++) slots[(start + at) & mask] = slots[(start + at + amount) & mask];
      for (let at = end; at < this.count; at++) slots[(start + at) & mask] = undefined;
    }
    this.count -= amount;
  }

  /** Removes up to `limit` elements equal to `value`, those nearest the head first; how many it were. O(n). */
  removeFromHead(value: T, limit: number): number {
    const slots = this.slots;
    const mask = slots.length - 1;
    const start = this.start;
    let removed = 0;
    for (let at = 0; at < this.count; at++) {
      const slot = (start + at) & mask;
      if (removed < limit && slots[slot] === value) removed++;
      else if (removed > 0) slots[(slot - removed) & mask] = slots[slot];
    }
    for (let at = this.count - removed; at < this.count; at++) slots[(start + at) & mask] = undefined;
    this.count -= removed;
    return removed;
  }

  /** Removes up to `limit` elements equal to `value`, those nearest the tail first; how many it were. O(n). */
  removeFromTail(value: T, limit: number): number {
    const slots = this.slots;
    const mask = slots.length - 1;
    const start = this.start;
    let removed = 0;
    for (let at = this.count - 1; at >= 0; at--) {
      const slot = (start + at) & mask;
      if (removed < limit && slots[slot] === value) removed++;
      else if (removed > 0) slots[(slot + removed) & mask] = slots[slot];
    }
    for (let at = 0; at < removed; at++) slots[(start + at) & mask] = undefined;
    this.start = (start + removed) & mask;
    this.count -= removed;
    return removed;
  }

  /** Moves the elements to an array of `capacity` slots: a power of two, enough for them. O(n). */
  resize(capacity: number): void {
    const slots = this.slots;
    const mask = slots.length - 1;
    const moved: (T | undefined)[] = new Array(capacity);
    for (let at = 0; at < this.count; at++) moved[at] = slots[(this.start + at) & mask];
    this.slots = moved;
    this.start = 0;
  }

  /** What it takes of the host's memory, without the elements. O(1). */
  get heapBytes(): number {
    return OBJECT_BYTES + arrayBytes(this.slots.length);
  }

  /** An independent copy. O(n). */
  clone(): Ring<T> {
    const copy = new Ring<T>(this.slots.length);
    copy.count = this.count;
    copy.position = this.position;
    for (let at = 0; at < this.count; at++) copy.slots[at] = this.get(at);
    return copy;
  }

  /** @throws Error if an invariant is broken. */
  checkInvariants(): void {
    const capacity = this.slots.length;
    if (capacity < MINIMUM_CAPACITY || (capacity & (capacity - 1)) !== 0) {
      throw new Error(`1: capacity ${capacity}`);
    }
    if (this.count < 0 || this.count > capacity) throw new Error(`1: ${this.count} of ${capacity}`);
    if (this.start < 0 || this.start >= capacity) throw new Error(`2: start ${this.start} of ${capacity}`);
    for (let at = 0; at < capacity; at++) {
      const filled = this.slots[(this.start + at) & (capacity - 1)] !== undefined;
      if (filled !== at < this.count) throw new Error(`3: slot ${at} of ${this.count} filled: ${filled}`);
    }
  }
}

export const MINIMUM_CAPACITY = 4;

const OBJECT_BYTES = objectBytes(4);
