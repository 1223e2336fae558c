import type { ByteString } from '../../bytes/byte-string.ts';
import type { Integer } from '../../numbers/integer.ts';
import { compareUnsigned, predecessor, successor, toUnsigned } from '../../numbers/unsigned.ts';
import { ArraySlice, type SliceLimits } from './array-slice.ts';
import { slotOf, valueIn } from './array-slot.ts';
import { SliceDirectory } from './slice-directory.ts';
import { type SliceStatistics, statisticsOf } from './slice-statistics.ts';

/** What an array asks of the configuration. */
export interface ArrayLimits extends SliceLimits {
  /** How many indexes a slice of a new array covers: a power of two. */
  readonly arraySliceSize: number;
}

/** How an array is laid out, as ARINFO tells it. */
export interface ArrayLayout {
  readonly slices: number;
  readonly directorySize: number;
  readonly superDirEntries: number;
  readonly sliceSize: number;
}

/** So many slices are a block: Redis has a directory of blocks once an array has a slice beyond the first one. */
const BLOCK_SLICES = 2048;
const FIRST_SUPER_CAPACITY = 4;

// Where `locate` leaves what an index means. Nothing is kept there between calls.
let inBlock = 0;
let inSlot = 0;
let atOffset = 0;

/** What an array takes of the host's memory without its slices, but with a directory of one chunk. */
const ARRAY_BASE_BYTES = 310;

let marks = 0;

/**
 * Values at indexes from 0 to 2^64 - 2, few or many, together or far apart.
 *
 * The indexes are cut into slices of 4096; slices that hold something are in a directory, in order, and hold what they
 * have as pairs or as a window, whichever is smaller. So an element costs about one word, or two where it is alone in
 * its slice beside what the slice costs; and gaps between slices cost nothing, however wide.
 *
 *     index    block · slot · offset                      directory
 *     ┌──────────────┬──────┬────────┐        ┌──────────────┼──────────────────┐
 *     │ 41 bits      │ 11   │ 12     │      slice 0·0      slice 0·1     slice 119·2047
 *     └──────────────┴──────┴────────┘     [a b c · e …]    [9: x]       [4: y, 4000: z]
 *
 * Blocks exist so that every part of an index is an exact number; and because Redis has them, which ARINFO shows: up to
 * the first index beyond block 0 its directory is a plain table (of a power of two of slices), then a table of blocks.
 *
 * Beside its values an array has a cursor: the index at which something was inserted last. What inserts goes on from it.
 *
 * An array that is copied or saved shares its slices with the copy: each slice has the mark of the array that made it,
 * and who finds another's mark copies the slice before changing it.
 *
 * Invariants:
 *
 * 1. {@link count} is the sum of the counts of the slices, none of which is empty.
 * 2. A slice with this array's mark is nobody else's.
 * 3. `tableSize` is a power of two above every slot and `superCapacity` 0 while all slices are in block 0 and always were;
 *    then `tableSize` is 0, and `superCapacity` no less than the number of blocks.
 * 4. `countedBytes` is -1 until somebody asks, and from then on the sum of what the slices take.
 */
export class SparseArray {
  private elementCount = 0;
  private insertedAt: Integer | undefined = undefined;
  private mark = ++marks;
  private directory = new SliceDirectory();
  /** The slice that was used last, for most use goes on where it was. */
  private recent: ArraySlice | undefined = undefined;
  private size: number;
  private bits: number;
  private blockSpan: number;
  private tableSize = 0;
  private superCapacity = 0;
  private countedBytes = -1;

  /** An empty array, whose slices are as large as the limits say now. */
  constructor({ arraySliceSize }: Pick<ArrayLimits, 'arraySliceSize'>) {
    this.size = arraySliceSize;
    this.bits = 31 - Math.clz32(arraySliceSize);
    this.blockSpan = arraySliceSize * BLOCK_SLICES;
  }

  /** How many values there are. O(1). */
  get count(): number {
    return this.elementCount;
  }

  /** One more than the greatest index that has a value; 0 without any. O(1). */
  get length(): Integer {
    const { last } = this.directory;
    return last === undefined ? 0 : successor(this.indexOf(last, last.lastOffset))!;
  }

  /** The index at which something was inserted last; `undefined` if nothing was, or if the next one is to be 0. */
  get cursor(): Integer | undefined {
    return this.insertedAt;
  }

  set cursor(index: Integer | undefined) {
    this.insertedAt = index;
  }

  // ── single elements ──────────────────────────────────────────────────────────────────────────────────────

  /** The value at an index. O(log slices), O(1) near the last one asked for. */
  get(index: Integer): ByteString | undefined {
    this.locate(index);
    const slot = this.slice()?.get(atOffset);
    return slot === undefined ? undefined : valueIn(slot);
  }

  /** Has this value stand at an index below 2^64 - 1; whether none did before. O(log slices), O(1) near the last one. */
  set(index: Integer, value: ByteString, limits: SliceLimits): boolean {
    this.locate(index);
    const slice = this.sliceToFill(limits);
    const slot = slotOf(value);
    this.countSlice(slice, -1);
    const isNew = slice.set(atOffset, slot, this.size, limits);
    this.countSlice(slice);
    if (isNew) this.elementCount++;
    return isNew;
  }

  /**
   * Has these values stand at an index and those after it, all below 2^64 - 1; how many of them had none before.
   * O(values).
   */
  setAll(start: Integer, values: readonly ByteString[], limits: SliceLimits): number {
    const before = this.elementCount;
    if (values.length > 1) this.prepareFor(start, values.length, limits);
    let index: Integer | undefined = start;
    for (const value of values) {
      this.set(index!, value, limits);
      index = successor(index!);
    }
    return this.elementCount - before;
  }

  /** Has slices that are about to become dense be so at once. O(slices touched). */
  private prepareFor(start: Integer, count: number, limits: SliceLimits): void {
    const { arraySparseKmax } = limits;
    if (arraySparseKmax === 0) return;
    let index = start;
    let left = count;
    while (left > 0) {
      this.locate(index);
      const offset = atOffset;
      const here = Math.min(left, this.size - offset);
      const slice = this.slice();
      if (slice === undefined) {
        if (here > arraySparseKmax)
          this.addSlice(ArraySlice.dense(this.mark, inBlock, inSlot, offset, this.size));
      } else if (!slice.isDense) {
        const added = here > arraySparseKmax ? here : here - slice.countSparse(offset, offset + here - 1);
        if (slice.count + added > arraySparseKmax) this.own(slice).becomeDense(this.size);
      }
      left -= here;
      if (left > 0) index = toUnsignedSum(index, here);
    }
  }

  /** Takes the value away from an index; whether there was one. O(log slices), O(1) near the last one. */
  delete(index: Integer, limits: SliceLimits): boolean {
    this.locate(index);
    const slice = this.slice();
    if (slice === undefined || slice.get(atOffset) === undefined) return false;
    this.elementCount--;
    const owned = this.own(slice);
    this.countSlice(owned, -1);
    owned.deleteRange(atOffset, atOffset, limits);
    this.countSlice(owned);
    if (owned.count === 0) {
      // The directory takes out what is empty.
      this.removeSlices(inBlock, inSlot, inBlock, inSlot);
      this.recent = undefined;
      this.shrinkTable();
    }
    return true;
  }

  // ── ranges ───────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Takes away the values at the indexes from `low` to `high`; how many there were. O(log slices + slices that go + what
   * is in the two at the ends).
   */
  deleteRange(low: Integer, high: Integer, limits: SliceLimits): number {
    const before = this.elementCount;
    if (before === 0) return 0;
    this.locate(low);
    const firstBlock = inBlock;
    const firstSlot = inSlot;
    const firstOffset = atOffset;
    const first = this.slice();
    this.locate(high);
    const lastBlock = inBlock;
    const lastSlot = inSlot;
    const lastOffset = atOffset;
    const last = this.slice();
    const isOne = firstBlock === lastBlock && firstSlot === lastSlot;
    if (first !== undefined)
      this.deleteWithin(first, firstOffset, isOne ? lastOffset : this.size - 1, limits);
    if (last !== undefined && !isOne) this.deleteWithin(last, 0, lastOffset, limits);
    this.recent = undefined;
    this.removeSlices(firstBlock, firstSlot, lastBlock, lastSlot);
    this.shrinkTable();
    return before - this.elementCount;
  }

  private deleteWithin(slice: ArraySlice, low: number, high: number, limits: SliceLimits): void {
    const owned = this.own(slice);
    this.countSlice(owned, -1);
    this.elementCount -= owned.deleteRange(low, high, limits);
    this.countSlice(owned);
  }

  private removeSlices(fromBlock: number, fromSlot: number, toBlock: number, toSlot: number): void {
    this.directory.removeRange(fromBlock, fromSlot, toBlock, toSlot, (slice) => {
      this.elementCount -= slice.count;
      this.countSlice(slice, -1);
    });
  }

  /**
   * Visits the values at the indexes from `from` to `to`, downwards if that is less, until `visit` says `false`. A small
   * integer is given as a number. Nothing may be changed meanwhile. O(log slices + slots of the slices visited).
   */
  forEach(from: Integer, to: Integer, visit: (slot: string | number, index: Integer) => boolean): void {
    this.locate(from);
    const fromBlock = inBlock;
    const fromSlot = inSlot;
    const fromOffset = atOffset;
    this.locate(to);
    const toBlock = inBlock;
    const toSlot = inSlot;
    const toOffset = atOffset;
    const isDownwards = compareUnsigned(from, to) > 0;
    const nearest = isDownwards ? this.size - 1 : 0;
    const farthest = isDownwards ? 0 : this.size - 1;
    this.directory.forEach(fromBlock, fromSlot, toBlock, toSlot, (slice) => {
      const start = slice.block === fromBlock && slice.slot === fromSlot ? fromOffset : nearest;
      const end = slice.block === toBlock && slice.slot === toSlot ? toOffset : farthest;
      const base = this.indexOf(slice, 0);
      if (typeof base === 'number' && base <= Number.MAX_SAFE_INTEGER - this.size) {
        return slice.forEach(start, end, (slot, offset) => visit(slot, base + offset));
      }
      return slice.forEach(start, end, (slot, offset) => visit(slot, this.indexOf(slice, offset)));
    });
  }

  // ── inserting ────────────────────────────────────────────────────────────────────────────────────────────

  /** Where the next value is inserted: up to 2^64 - 1, which is no index. */
  get next(): Integer {
    return this.insertedAt === undefined ? 0 : successor(this.insertedAt)!;
  }

  /**
   * Inserts values as into a ring of `size` places: each at the place after the last one, the first place coming after
   * the last. If the size is another than before, what was inserted last is moved so that it stays in order. O(values);
   * where the size changes O(the larger of the sizes), or until the first gap.
   *
   * @returns the index of the last one
   */
  insertIntoRing(size: Integer, values: readonly ByteString[], limits: ArrayLimits): Integer {
    const kept = this.keptInRing(size);
    if (kept !== undefined) this.rebuild(this.latest(kept), limits);
    let index: Integer = 0;
    for (const value of values) {
      index = modulo(this.next, size);
      this.set(index, value, limits);
      this.insertedAt = index;
    }
    return index;
  }

  /** What {@link insertIntoRing} of so many values would return. As long as that. */
  lastInRing(size: Integer, count: number): Integer {
    const kept = this.keptInRing(size);
    const next = kept === undefined ? this.next : this.latest(kept).length;
    return modulo(toUnsigned(BigInt(next) + BigInt(count - 1)), size);
  }

  /** How many of the places at the end stay at most when a ring becomes one of this size; `undefined` if nothing moves. */
  private keptInRing(size: Integer): Integer | undefined {
    const span = this.length;
    const compared = compareUnsigned(size, span);
    if (span === 0 || compared === 0) return undefined;
    if (compared < 0) return size;
    // A cursor that was put to 0 says where to go on. One within says that the ring went round.
    return this.insertedAt !== undefined && compareUnsigned(this.next, span) < 0 ? span : undefined;
  }

  /** What was inserted last, up to the first gap and so many, oldest first. */
  private latest(most: Integer): ByteString[] {
    const span = this.length;
    const end = predecessor(span)!;
    const found: ByteString[] = [];
    let index = this.insertedAt === undefined ? end : modulo(this.insertedAt, span);
    while (found.length < most) {
      const value = this.get(index);
      if (value === undefined) break;
      found.push(value);
      index = predecessor(index) ?? end;
    }
    return found.reverse();
  }

  /** Becomes an array of these values. */
  private rebuild(values: readonly ByteString[], limits: ArrayLimits): void {
    this.assign(new SparseArray(limits));
    for (const [index, value] of values.entries()) this.set(index, value, limits);
    if (values.length > 0) this.insertedAt = values.length - 1;
  }

  // ── copies ───────────────────────────────────────────────────────────────────────────────────────────────

  /** An independent copy. O(slices); either array copies a slice when it first changes it. */
  clone(): SparseArray {
    const copy = new SparseArray({ arraySliceSize: this.size });
    copy.assign(this);
    copy.directory = this.directory.copy();
    copy.mark = ++marks;
    this.mark = ++marks;
    this.recent = undefined;
    return copy;
  }

  private assign(other: SparseArray): void {
    this.elementCount = other.elementCount;
    this.insertedAt = other.insertedAt;
    this.directory = other.directory;
    this.recent = undefined;
    this.size = other.size;
    this.bits = other.bits;
    this.blockSpan = other.blockSpan;
    this.tableSize = other.tableSize;
    this.superCapacity = other.superCapacity;
    this.countedBytes = other.countedBytes;
  }

  // ── memory ───────────────────────────────────────────────────────────────────────────────────────────────

  /** About what it takes of the host's memory, with what it shares with a copy. O(1), O(n) when it is asked first. */
  get heapBytes(): number {
    if (this.countedBytes < 0) this.countedBytes = this.countBytes();
    return ARRAY_BASE_BYTES + this.countedBytes;
  }

  private countBytes(): number {
    let bytes = 0;
    for (const slice of this.directory) bytes += slice.heapBytes;
    return bytes;
  }

  /** The slice is, or (with -1) is no more, one of its own as it is now. One comparison while nobody has asked. */
  private countSlice(slice: ArraySlice, times: 1 | -1 = 1): void {
    if (this.countedBytes >= 0) this.countedBytes += times * slice.heapBytes;
  }

  // ── what it is like ──────────────────────────────────────────────────────────────────────────────────────

  /** How it is laid out. O(1). */
  layout(): ArrayLayout {
    const { directory, superCapacity, tableSize, size } = this;
    const isSuper = superCapacity > 0;
    return {
      slices: directory.size,
      directorySize: isSuper ? superCapacity : tableSize,
      superDirEntries: isSuper ? directory.blockCount : 0,
      sliceSize: size,
    };
  }

  /** What its slices are like. O(slices). */
  statistics(): SliceStatistics {
    return statisticsOf(this.directory);
  }

  // ── slices ───────────────────────────────────────────────────────────────────────────────────────────────

  /** Leaves which slice an index is in, and where in it. */
  private locate(index: Integer): void {
    let within: number;
    if (typeof index === 'number') {
      inBlock = Math.floor(index / this.blockSpan);
      within = index - inBlock * this.blockSpan;
    } else {
      const span = BigInt(this.blockSpan);
      inBlock = Number(index / span);
      within = Number(index % span);
    }
    inSlot = within >>> this.bits;
    atOffset = within & (this.size - 1);
  }

  private indexOf(slice: ArraySlice, offset: number): Integer {
    const within = slice.slot * this.size + offset;
    const index = slice.block * this.blockSpan + within;
    if (index <= Number.MAX_SAFE_INTEGER) return index;
    return BigInt(slice.block) * BigInt(this.blockSpan) + BigInt(within);
  }

  /** The slice that was located. */
  private slice(): ArraySlice | undefined {
    const { recent } = this;
    if (recent !== undefined && recent.slot === inSlot && recent.block === inBlock) return recent;
    const found = this.directory.get(inBlock, inSlot);
    if (found !== undefined) this.recent = found;
    return found;
  }

  /** The slice that was located, to be changed; made if there is none. */
  private sliceToFill(limits: SliceLimits): ArraySlice {
    const found = this.slice();
    if (found !== undefined) return found.mark === this.mark ? found : this.own(found);
    const made =
      limits.arraySparseKmax > 0
        ? ArraySlice.sparse(this.mark, inBlock, inSlot, limits)
        : ArraySlice.dense(this.mark, inBlock, inSlot, atOffset, this.size);
    this.addSlice(made);
    return made;
  }

  /** The slice, or, if it is another's too, a copy in its place. */
  private own(slice: ArraySlice): ArraySlice {
    if (slice.mark === this.mark) return slice;
    const copy = slice.copy(this.mark);
    this.directory.replace(copy);
    this.recent = copy;
    return copy;
  }

  private addSlice(slice: ArraySlice): void {
    this.directory.add(slice);
    this.countSlice(slice);
    this.recent = slice;
    if (this.superCapacity === 0) {
      if (slice.block === 0) {
        this.tableSize = Math.max(this.tableSize, 1);
        while (this.tableSize <= slice.slot) this.tableSize *= 2;
        return;
      }
      this.superCapacity = FIRST_SUPER_CAPACITY;
      this.tableSize = 0;
    }
    while (this.superCapacity < this.directory.blockCount) this.superCapacity *= 2;
  }

  /** Slices have gone: the table may be smaller. */
  private shrinkTable(): void {
    const { last } = this.directory;
    if (this.superCapacity > 0 || last === undefined) return;
    if (last.slot >= Math.floor((this.tableSize * 9) / 10)) return;
    let size = 1;
    while (size <= last.slot) size *= 2;
    this.tableSize = Math.min(this.tableSize, size);
  }

  /** For tests. O(slots). @throws Error if an invariant is broken. */
  checkInvariants(): void {
    this.directory.checkInvariants();
    let count = 0;
    for (const slice of this.directory) {
      slice.checkInvariants(this.size);
      count += slice.count;
      if (slice.mark > marks) throw new Error('a mark from nowhere');
      if (this.superCapacity === 0 && (slice.block > 0 || slice.slot >= this.tableSize))
        throw new Error(`a slice beyond the table of ${this.tableSize}`);
    }
    if (this.countedBytes >= 0 && this.countedBytes !== this.countBytes())
      throw new Error(`${this.countedBytes} bytes of memory, but ${this.countBytes()}`);
    if (count !== this.elementCount) throw new Error(`${this.elementCount} elements, but ${count}`);
    if (this.superCapacity > 0 && (this.tableSize > 0 || this.superCapacity < this.directory.blockCount))
      throw new Error('too few places for the blocks');
  }
}

function toUnsignedSum(index: Integer, more: number): Integer {
  const sum = typeof index === 'number' ? index + more : Number.POSITIVE_INFINITY;
  return sum <= Number.MAX_SAFE_INTEGER ? sum : toUnsigned(BigInt(index) + BigInt(more));
}

function modulo(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') return a % b;
  return toUnsigned(BigInt(a) % BigInt(b));
}
