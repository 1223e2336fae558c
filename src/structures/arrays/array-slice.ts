import type { Slot } from './array-slot.ts';

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
 * Its form is what Redis's would be after the same changes, for ARINFO shows it: hence a window and a capacity that
 * are kept in numbers, while the arrays are only as long as there is something in them.
 *
 * Invariants:
 *
 * 1. `count` is the number of slots that hold something, and is not 0 (but while a slice is new).
 * 2. Sparse: offsets ascend strictly, each with its slot, `count` of them, no more than `capacity`.
 * 3. Dense: `slots` belongs to the offsets from `first` on, is no longer than `capacity`, and its last slot holds
 *    something. `capacity` is a power of two, and the window lies within the slice.
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
  /** Dense: the offset at which the window begins. */
  private first: number;
  /** Sparse: where the slots belong. Dense: `undefined`. */
  private offsets: number[] | undefined;
  private slots: Slot[] = [];

  private constructor(mark: number, block: number, slot: number, capacity: number, first: number) {
    this.mark = mark;
    this.block = block;
    this.slot = slot;
    this.capacity = capacity;
    this.first = first;
    this.offsets = undefined;
  }

  /** An empty sparse slice, about to be filled. */
  static sparse(mark: number, block: number, slot: number, { arraySparseKmax }: SliceLimits): ArraySlice {
    const made = new ArraySlice(mark, block, slot, Math.min(arraySparseKmax, FIRST_CAPACITY), 0);
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
    made.offsets = this.offsets?.slice();
    made.slots = this.slots.slice();
    return made;
  }

  get isDense(): boolean {
    return this.offsets === undefined;
  }

  /** The greatest offset that holds something. O(1). */
  get lastOffset(): number {
    const { offsets } = this;
    return offsets === undefined ? this.first + this.slots.length - 1 : offsets[offsets.length - 1]!;
  }

  /** What stands at an offset. O(1), or O(log capacity) in a sparse slice. */
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
        this.slots[at] = slot;
        return false;
      }
      if (this.count < limits.arraySparseKmax) {
        if (this.count >= this.capacity) this.capacity = Math.min(this.capacity * 2, limits.arraySparseKmax);
        offsets.splice(at, 0, offset);
        this.slots.splice(at, 0, slot);
        this.count++;
        return true;
      }
      this.becomeDense(size);
    }
    this.widen(offset, size);
    return this.setDense(offset - this.first, slot);
  }

  private setDense(position: number, slot: Slot): boolean {
    const { slots } = this;
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
    this.moveTo(first);
  }

  private moveTo(first: number): void {
    if (first < this.first) {
      const before = new Array<Slot>(this.first - first).fill(undefined);
      this.slots = before.concat(this.slots);
    }
    this.first = first;
  }

  /** Becomes dense, if it is not; with the least window that holds what there is. O(count + window). */
  becomeDense(size: number): void {
    const { offsets, slots } = this;
    if (offsets === undefined) return;
    const least = offsets[0]!;
    const need = offsets[offsets.length - 1]! - least + 1;
    this.capacity = Math.min(Math.max(powerOfTwoFrom(need), LEAST_WINDOW), size);
    this.first = Math.min(least, size - this.capacity);
    this.offsets = undefined;
    this.slots = [];
    this.count = 0;
    for (const [at, offset] of offsets.entries()) this.setDense(offset - this.first, slots[at]);
  }

  /** Becomes sparse, if few are left and it takes much less then. O(window). */
  private loosen({ arraySparseKmax, arraySparseKmin }: SliceLimits): void {
    if (arraySparseKmax === 0 || this.count > arraySparseKmin || this.count > arraySparseKmax) return;
    if (this.capacity === LEAST_WINDOW || this.capacity < 4 * arraySparseKmin) return;
    const offsetBytes = Math.ceil((arraySparseKmin * OFFSET_BYTES) / WORD_BYTES) * WORD_BYTES;
    const sparseBytes = HEADER_BYTES + offsetBytes + arraySparseKmin * WORD_BYTES;
    if (HEADER_BYTES + this.capacity * WORD_BYTES < Math.floor((sparseBytes * 5) / 4)) return;
    const offsets: number[] = [];
    const slots: Slot[] = [];
    for (const [at, slot] of this.slots.entries()) {
      if (slot === undefined) continue;
      offsets.push(this.first + at);
      slots.push(slot);
    }
    this.offsets = offsets;
    this.slots = slots;
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
      offsets.splice(from, until - from);
      this.slots.splice(from, until - from);
      this.count = offsets.length;
      return before - this.count;
    }
    const { slots } = this;
    const until = Math.min(high - this.first, slots.length - 1);
    for (let at = Math.max(low - this.first, 0); at <= until; at++) {
      if (slots[at] === undefined) continue;
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
    if (offsets !== undefined) {
      if (offsets.length !== slots.length || offsets.length > capacity)
        throw new Error('offsets without slots');
      for (const [at, offset] of offsets.entries()) {
        if (offset < 0 || offset >= size || (at > 0 && offset <= offsets[at - 1]!))
          throw new Error(`offset ${offset} out of order`);
      }
      return;
    }
    if (slots.length > capacity || slots[slots.length - 1] === undefined)
      throw new Error('slots beyond the window');
    if (
      powerOfTwoFrom(capacity) !== capacity ||
      capacity < LEAST_WINDOW ||
      first + capacity > size ||
      first < 0
    )
      throw new Error(`no window: ${first} + ${capacity}`);
  }
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
