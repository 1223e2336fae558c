import { arrayBytes, pushedSlots } from '../../bytes/heap-bytes.ts';
import { type Slot, slotTextBytes } from './array-slot.ts';

/** When slices change their form; the names are those of Redis's configuration. */
export interface SliceLimits {
  /** So many elements a sparse slice holds at most; with 0, all slices are dense. */
  readonly arraySparseKmax: number;
  /** With so few elements a dense slice becomes sparse, if that is smaller. */
  readonly arraySparseKmin: number;
}

/** The least window of a dense slice. */
const LEAST_WINDOW = 8;
/** The first capacity of a sparse slice. */
const FIRST_CAPACITY = 4;
/** A window is filled in as such with so many elements, or when one in so many of its offsets has one. */
const MOST_PAIRS = 256;
const PAIR_FACTOR = 4;
/** Up to so many, arrays are made anew rather than grown: engines give those that grow room for sixteen more. */
const FEW = 16;
/** What a slice takes of the host's memory, and its place in the directory, without its arrays. */
const SLICE_BYTES = 115;
/** What Redis's slices take: decides with it whether a sparse one is smaller. */
const HEADER_BYTES = 32;
const WORD_BYTES = 8;
const OFFSET_BYTES = 2;

/** The least power of two that is not less. */
function powerOfTwoFrom(size: number): number {
  return size <= 1 ? 1 : 2 ** (32 - Math.clz32(size - 1));
}

/**
 * The elements of an array within one slice of its indexes. Few of them are kept as pairs of an offset and a slot
 * (sparse), many as a window of the slice with a slot for each of its offsets (dense):
 *
 *     sparse   offsets  [ 7  90  2051 ]           dense            first             first + capacity
 *              slots    [ a   b    c  ]                  0 ─────────┤a b · c d · · ·├───────── size
 *
 * Whether it is sparse or dense, and how large then, is what Redis's slice would be after the same changes, for ARINFO
 * shows it. These are mere numbers here. A window of which next to nothing is in use is kept as pairs, too; and arrays are
 * only as long as there is something in them.
 *
 * Invariants:
 *
 * 1. `count` is the number of slots that hold something, and is not 0 (but while a slice is new).
 * 2. With `offsets`: they ascend strictly, each with its slot, `count` of them; if it is sparse, no more than `capacity`.
 * 3. Without: it is dense, `slots` belongs to the offsets from `first` on, is no longer than `capacity`, and its last slot
 *    holds something.
 * 4. Dense: `capacity` is a power of two, and the window from `first` on lies within the slice and holds all elements.
 * 5. `countedBytes` is -1 until somebody asks, and from then on what the texts in the slots take.
 */
export class ArraySlice {
  /** Whose it is: who finds another's mark here must copy the slice before changing it. */
  readonly mark: number;
  /** Which block of slices it is in, and which slice of the block it is. */
  readonly block: number;
  readonly slot: number;
  count = 0;
  /** Dense: the length of the window. Sparse: how many elements there is room for. */
  capacity: number;
  /** Whether it has a window. */
  isDense: boolean;
  /** Dense: the offset at which the window begins. */
  private first: number;
  /** Where the slots belong, if they are pairs. */
  private offsets: number[] | undefined;
  private slots: Slot[] = [];
  private countedBytes = -1;

  private constructor(mark: number, block: number, slot: number, capacity: number, first: number) {
    this.mark = mark;
    this.block = block;
    this.slot = slot;
    this.capacity = capacity;
    this.first = first;
    this.offsets = undefined;
    this.isDense = true;
  }

  /** An empty sparse slice, about to be filled. */
  static sparse(mark: number, block: number, slot: number, { arraySparseKmax }: SliceLimits): ArraySlice {
    const made = new ArraySlice(mark, block, slot, Math.min(arraySparseKmax, FIRST_CAPACITY), 0);
    made.isDense = false;
    made.offsets = [];
    return made;
  }

  /** An empty dense slice, about to be filled from this offset on. */
  static dense(mark: number, block: number, slot: number, offset: number, size: number): ArraySlice {
    return new ArraySlice(mark, block, slot, LEAST_WINDOW, Math.min(offset, size - LEAST_WINDOW));
  }

  /** An independent copy. O(slots). */
  copy(mark: number): ArraySlice {
    const made = new ArraySlice(mark, this.block, this.slot, this.capacity, this.first);
    made.count = this.count;
    made.isDense = this.isDense;
    made.offsets = this.offsets?.slice();
    made.slots = this.slots.slice();
    made.countedBytes = this.countedBytes;
    return made;
  }

  /** The greatest offset that holds something. O(1). */
  get lastOffset(): number {
    const { offsets } = this;
    return offsets === undefined ? this.first + this.slots.length - 1 : offsets[offsets.length - 1]!;
  }

  /** About what it takes of the host's memory. O(1), O(slots) when it is asked first. */
  get heapBytes(): number {
    if (this.countedBytes < 0) this.countedBytes = this.countBytes();
    const { offsets, slots } = this;
    const slotsBytes = arrayBytes(slotsFor(slots.length));
    return SLICE_BYTES + this.countedBytes + (offsets === undefined ? slotsBytes : 2 * slotsBytes);
  }

  private countBytes(): number {
    let bytes = 0;
    for (const slot of this.slots) bytes += slotTextBytes(slot);
    return bytes;
  }

  /** In one place, this comes instead of that. */
  private countChange(slot: Slot, before: Slot): void {
    if (this.countedBytes >= 0) this.countedBytes += slotTextBytes(slot) - slotTextBytes(before);
  }

  /** What stands at an offset. O(1), or O(log count) among pairs. */
  get(offset: number): Slot {
    const { offsets } = this;
    if (offsets === undefined) return this.slots[offset - this.first];
    const at = positionIn(offsets, offset);
    return offsets[at] === offset ? this.slots[at] : undefined;
  }

  /** Has something stand at an offset; whether nothing did before. O(1) amortised. */
  set(offset: number, slot: Slot, size: number, limits: SliceLimits): boolean {
    const { offsets } = this;
    if (offsets !== undefined) {
      const at = positionIn(offsets, offset);
      if (offsets[at] === offset) {
        this.countChange(slot, this.slots[at]);
        this.slots[at] = slot;
        return false;
      }
      if (!this.isDense) {
        if (this.count < limits.arraySparseKmax) {
          if (this.count >= this.capacity)
            this.capacity = Math.min(this.capacity * 2, limits.arraySparseKmax);
          this.insertPair(at, offset, slot);
          return true;
        }
        this.becomeDense(size);
      }
      this.widen(offset, size);
      this.insertPair(at, offset, slot);
      if (this.count > MOST_PAIRS || this.count * PAIR_FACTOR > this.capacity) this.spread();
      return true;
    }
    this.widen(offset, size);
    return this.setDense(offset - this.first, slot);
  }

  private insertPair(at: number, offset: number, slot: Slot): void {
    this.countChange(slot, undefined);
    this.offsets = withInserted(this.offsets!, at, offset);
    this.slots = withInserted(this.slots, at, slot);
    this.count++;
  }

  private setDense(position: number, slot: Slot): boolean {
    const { slots } = this;
    this.countChange(slot, slots[position]);
    if (position < slots.length) {
      const isNew = slots[position] === undefined;
      slots[position] = slot;
      if (isNew) this.count++;
      return isNew;
    }
    while (slots.length < position) slots.push(undefined);
    slots.push(slot);
    this.count++;
    return true;
  }

  /** Has the window include this offset: it is doubled to the right, and to the left begins where a power of two ends. */
  private widen(offset: number, size: number): void {
    const end = this.first + this.capacity;
    let first = this.first;
    let capacity = this.capacity;
    if (offset >= end) {
      while (offset >= first + capacity && capacity < size) capacity *= 2;
      first = Math.min(first, size - capacity);
    } else if (offset < first) {
      capacity = Math.min(Math.max(powerOfTwoFrom(end - offset), LEAST_WINDOW), size);
      first = Math.max(end - capacity, 0);
    } else {
      return;
    }
    this.capacity = capacity;
    if (first < this.first && this.offsets === undefined) {
      const before = new Array<Slot>(this.first - first).fill(undefined);
      this.slots = before.concat(this.slots);
    }
    this.first = first;
  }

  /** Becomes dense, with the least window that holds what there is. O(1). */
  becomeDense(size: number): void {
    const offsets = this.offsets!;
    const least = offsets[0]!;
    const need = offsets[offsets.length - 1]! - least + 1;
    this.capacity = Math.min(Math.max(powerOfTwoFrom(need), LEAST_WINDOW), size);
    this.first = Math.min(least, size - this.capacity);
    this.isDense = true;
  }

  /** Has the window be one, and no longer pairs. O(window). */
  private spread(): void {
    const { slots } = this;
    const offsets = this.offsets!;
    this.offsets = undefined;
    this.slots = [];
    this.count = 0;
    if (this.countedBytes >= 0) this.countedBytes = 0;
    for (const [at, offset] of offsets.entries()) this.setDense(offset - this.first, slots[at]);
  }

  /** Becomes sparse, if few are left and it takes much less then. O(window). */
  private loosen({ arraySparseKmax, arraySparseKmin }: SliceLimits): void {
    if (arraySparseKmax === 0 || this.count > arraySparseKmin || this.count > arraySparseKmax) return;
    if (this.capacity === LEAST_WINDOW || this.capacity < 4 * arraySparseKmin) return;
    const offsetBytes = Math.ceil((arraySparseKmin * OFFSET_BYTES) / WORD_BYTES) * WORD_BYTES;
    const sparseBytes = HEADER_BYTES + offsetBytes + arraySparseKmin * WORD_BYTES;
    if (HEADER_BYTES + this.capacity * WORD_BYTES < Math.floor((sparseBytes * 5) / 4)) return;
    if (this.offsets === undefined) {
      const offsets: number[] = [];
      const slots: Slot[] = [];
      for (const [at, slot] of this.slots.entries()) {
        if (slot === undefined) continue;
        offsets.push(this.first + at);
        slots.push(slot);
      }
      // Copies have no room to grow.
      this.offsets = offsets.slice();
      this.slots = slots.slice();
    }
    this.isDense = false;
    this.capacity = arraySparseKmin;
    this.first = 0;
  }

  /** How many offsets from `low` to `high` hold something. O(count), for sparse slices only. */
  countSparse(low: number, high: number): number {
    const offsets = this.offsets!;
    return positionIn(offsets, high + 1) - positionIn(offsets, low);
  }

  /** Empties the offsets from `low` to `high`; how many held something. O(those in the window). */
  deleteRange(low: number, high: number, limits: SliceLimits): number {
    const { offsets } = this;
    const before = this.count;
    if (offsets !== undefined) {
      const from = positionIn(offsets, low);
      const until = positionIn(offsets, high + 1);
      for (let at = from; at < until; at++) this.countChange(undefined, this.slots[at]);
      offsets.splice(from, until - from);
      this.slots.splice(from, until - from);
      this.count = offsets.length;
      if (this.isDense && this.count > 0) this.loosen(limits);
      return before - this.count;
    }
    const { slots } = this;
    const until = Math.min(high - this.first, slots.length - 1);
    for (let at = Math.max(low - this.first, 0); at <= until; at++) {
      if (slots[at] === undefined) continue;
      this.countChange(undefined, slots[at]);
      slots[at] = undefined;
      this.count--;
    }
    while (slots.length > 0 && slots[slots.length - 1] === undefined) slots.pop();
    if (this.count > 0) this.loosen(limits);
    return before - this.count;
  }

  /**
   * Visits what stands from offset `from` to offset `to`, downwards if that is less, until `visit` says `false`.
   * O(slots visited).
   *
   * @returns whether it came to the end
   */
  forEach(from: number, to: number, visit: (slot: string | number, offset: number) => boolean): boolean {
    return from <= to ? this.forEachUpwards(from, to, visit) : this.forEachDownwards(from, to, visit);
  }

  private forEachUpwards(
    from: number,
    to: number,
    visit: (slot: string | number, offset: number) => boolean,
  ): boolean {
    const { offsets, slots, first } = this;
    if (offsets !== undefined) {
      for (let at = positionIn(offsets, from); at < offsets.length && offsets[at]! <= to; at++) {
        if (!visit(slots[at]!, offsets[at]!)) return false;
      }
      return true;
    }
    const until = Math.min(to - first, slots.length - 1);
    for (let at = Math.max(from - first, 0); at <= until; at++) {
      const slot = slots[at];
      if (slot !== undefined && !visit(slot, first + at)) return false;
    }
    return true;
  }

  private forEachDownwards(
    from: number,
    to: number,
    visit: (slot: string | number, offset: number) => boolean,
  ): boolean {
    const { offsets, slots, first } = this;
    if (offsets !== undefined) {
      for (let at = positionIn(offsets, from + 1) - 1; at >= 0 && offsets[at]! >= to; at--) {
        if (!visit(slots[at]!, offsets[at]!)) return false;
      }
      return true;
    }
    const until = Math.max(to - first, 0);
    for (let at = Math.min(from - first, slots.length - 1); at >= until; at--) {
      const slot = slots[at];
      if (slot !== undefined && !visit(slot, first + at)) return false;
    }
    return true;
  }

  /** For tests. O(slots). @throws Error if an invariant is broken. */
  checkInvariants(size: number): void {
    const { offsets, slots, count, capacity, first } = this;
    const held = slots.filter((slot) => slot !== undefined).length;
    if (count !== held || count === 0) throw new Error(`count ${count}, but ${held} held`);
    if (this.countedBytes >= 0 && this.countedBytes !== this.countBytes())
      throw new Error(`${this.countedBytes} bytes of memory, but ${this.countBytes()}`);
    if (offsets !== undefined) {
      if (offsets.length !== slots.length || (!this.isDense && count > capacity))
        throw new Error('offsets without slots');
      for (const [at, offset] of offsets.entries()) {
        if (offset < 0 || offset >= size || (at > 0 && offset <= offsets[at - 1]!))
          throw new Error(`offset ${offset} out of order`);
        if (this.isDense && (offset < first || offset >= first + capacity))
          throw new Error(`offset ${offset} beyond the window`);
      }
    } else if (!this.isDense || slots.length > capacity || slots[slots.length - 1] === undefined) {
      throw new Error('slots beyond the window');
    }
    if (!this.isDense) return;
    if (
      powerOfTwoFrom(capacity) !== capacity ||
      capacity < LEAST_WINDOW ||
      first + capacity > size ||
      first < 0
    )
      throw new Error(`no window: ${first} + ${capacity}`);
  }
}

/** How many slots an array of this length has here. */
function slotsFor(length: number): number {
  return length <= FEW ? length : pushedSlots(length);
}

/** The list with one more item, itself or another. */
function withInserted<T>(list: T[], at: number, item: T): T[] {
  if (list.length === 0) return [item];
  // Copied once more, because what is spread is given room to grow, too.
  if (list.length < FEW) return [...list.slice(0, at), item, ...list.slice(at)].slice();
  list.splice(at, 0, item);
  return list;
}

/** The first position whose offset is this or a greater one. */
function positionIn(offsets: readonly number[], offset: number): number {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (offsets[middle]! < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
