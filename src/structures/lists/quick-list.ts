import type { ByteString } from '../../bytes/byte-string.ts';
import { Ring } from './ring.ts';

/**
 * A list of byte strings: a deque that can also be indexed and edited in the middle.
 *
 * The elements live in chunks of bounded size. A short list is one chunk of just the size it needs. A longer
 * one has a directory of its chunks; both ends work on the chunk at hand and never ask the directory.
 *
 *     directory     [ ─┬─   ─┬─   ─┬─   ─┬─ ]
 *                      ↓     ↓     ↓     ↓
 *     chunks         ··ab  cdef  ghij  klm·
 *     position        -2     0     4     8         "i" is number 6: element 8 of the list
 *
 * Every element has a number that pushing and popping at either end do not change; a chunk knows that of its
 * first element. So the chunk of an index is found by search, at O(log chunks), and usually at the first guess.
 * An edit in the middle renumbers the chunks on its nearer side.
 *
 * Invariants:
 *
 * 1. No chunk holds more than {@link CHUNK_CAPACITY} elements, and none is empty unless the list is.
 * 2. Without a directory there is one chunk, at once head and tail; otherwise these are the directory's ends.
 * 3. Each chunk's position is the one before's plus its count.
 * 4. Slots without an element hold nothing (see {@link Ring}).
 */
export class QuickList {
  private head: Chunk = new Ring();
  private tail: Chunk = this.head;
  private directory: Ring<Chunk> | undefined = undefined;

  /** How many elements. O(1). */
  get size(): number {
    return this.tail.position + this.tail.count - this.head.position;
  }

  /** O(1) amortised. */
  pushTail(value: ByteString): void {
    const tail = this.tail;
    if (tail.count < CHUNK_CAPACITY) tail.pushTail(value);
    else this.appendChunk().pushTail(value);
  }

  /** O(1) amortised. */
  pushHead(value: ByteString): void {
    const head = this.head;
    if (head.count < CHUNK_CAPACITY) head.pushHead(value);
    else this.prependChunk().pushHead(value);
  }

  /** The first element, removed; undefined if there is none. O(1) amortised. */
  popHead(): ByteString | undefined {
    const head = this.head;
    const value = head.popHead();
    if (head.count <= head.slots.length >> SPARSE_SHIFT) this.afterPop(head);
    return value;
  }

  /** The last element, removed; undefined if there is none. O(1) amortised. */
  popTail(): ByteString | undefined {
    const tail = this.tail;
    const value = tail.popTail();
    if (tail.count <= tail.slots.length >> SPARSE_SHIFT) this.afterPop(tail);
    return value;
  }

  /** The element at `index`, 0 <= index < size. O(log size), O(1) near the ends. */
  get(index: number): ByteString {
    const head = this.head;
    if (index < head.count) return head.get(index);
    const number = head.position + index;
    const chunk = this.chunkAt(this.locate(number));
    return chunk.get(number - chunk.position);
  }

  /** Replaces the element at `index`, 0 <= index < size. O(log size), O(1) near the ends. */
  set(index: number, value: ByteString): void {
    const number = this.head.position + index;
    const chunk = this.chunkAt(this.locate(number));
    chunk.set(number - chunk.position, value);
  }

  /**
   * Makes `value` the element at `index`, 0 <= index <= size, before the one that was there.
   * O(1) amortised at the ends, else O(chunk + chunks on the nearer side).
   */
  insert(index: number, value: ByteString): void {
    if (index === this.size) this.pushTail(value);
    else if (index === 0) this.pushHead(value);
    else this.insertInside(index, value);
  }

  /** Removes and returns the element at `index`, 0 <= index < size. Cost as {@link insert}. */
  delete(index: number): ByteString {
    const value = this.get(index);
    this.deleteRange(index, 1);
    return value;
  }

  /**
   * Removes `count` elements from `start` on, 0 <= start, or as many as there are; returns how many it were.
   * O(chunk + chunks removed + chunks on the nearer side): whole chunks are dropped as they are.
   */
  deleteRange(start: number, count: number): number {
    const size = this.size;
    const amount = Math.min(count, size - start);
    if (amount <= 0) return 0;
    if (amount === size) {
      this.clear();
      return amount;
    }
    const from = this.head.position + start;
    const firstAt = this.locate(from);
    const first = this.chunkAt(firstAt);
    if (from + amount <= first.position + first.count) {
      first.deleteRange(from - first.position, amount);
      this.closeGap(firstAt + 1, 0, amount);
    } else {
      const lastAt = this.locate(from + amount - 1);
      const last = this.chunkAt(lastAt);
      const kept = from - first.position;
      const dropped = from + amount - last.position;
      first.deleteRange(kept, first.count - kept);
      last.deleteRange(0, dropped);
      last.position += dropped;
      this.closeGap(firstAt + 1, lastAt - firstAt - 1, amount);
    }
    return amount;
  }

  /** Keeps the elements from `start` to `stopInclusive` (0 <= start) and removes the others. As {@link deleteRange}. */
  trim(start: number, stopInclusive: number): void {
    if (start > stopInclusive) {
      this.deleteRange(0, this.size);
      return;
    }
    this.deleteRange(stopInclusive + 1, this.size);
    this.deleteRange(0, start);
  }

  /** Visits `count` elements from `start` on, 0 <= start, or as many as there are. O(log size + count). */
  forEach(start: number, count: number, visit: (value: ByteString) => void): void {
    let left = Math.min(count, this.size - start);
    if (left <= 0) return;
    const from = this.head.position + start;
    let at = this.locate(from);
    let chunk = this.chunkAt(at);
    let offset = from - chunk.position;
    for (;;) {
      const end = Math.min(chunk.count, offset + left);
      left -= end - offset;
      for (; offset < end; offset++) visit(chunk.get(offset));
      if (left === 0) return;
      chunk = this.chunkAt(++at);
      offset = 0;
    }
  }

  /** The elements from `start` to `stopInclusive`, 0 <= start, in a fresh array. O(log size + result). */
  toArray(start = 0, stopInclusive: number = this.size - 1): ByteString[] {
    const length = Math.min(stopInclusive + 1, this.size) - start;
    if (length <= 0) return [];
    const values: ByteString[] = new Array(length);
    const from = this.head.position + start;
    let at = this.locate(from);
    let chunk = this.chunkAt(at);
    let offset = from - chunk.position;
    let filled = 0;
    for (;;) {
      const end = Math.min(chunk.count, offset + length - filled);
      while (offset < end) values[filled++] = chunk.get(offset++);
      if (filled === length) return values;
      chunk = this.chunkAt(++at);
      offset = 0;
    }
  }

  /**
   * The index nearest to `fromIndex` in `direction` (1: towards the tail, -1: towards the head; `fromIndex` itself
   * included) whose element `visit` says true to, or -1. O(log size + steps). `visit` must not change the list.
   */
  findIndex(
    fromIndex: number,
    direction: 1 | -1,
    visit: (value: ByteString, index: number) => boolean,
  ): number {
    const size = this.size;
    if (fromIndex < 0 || fromIndex >= size) return -1;
    let at = this.locate(this.head.position + fromIndex);
    let chunk = this.chunkAt(at);
    let offset = this.head.position + fromIndex - chunk.position;
    for (let index = fromIndex; index >= 0 && index < size; index += direction) {
      if (offset === chunk.count) {
        chunk = this.chunkAt(++at);
        offset = 0;
      } else if (offset < 0) {
        chunk = this.chunkAt(--at);
        offset = chunk.count - 1;
      }
      if (visit(chunk.get(offset), index)) return index;
      offset += direction;
    }
    return -1;
  }

  /** As {@link findIndex}, for the elements equal to `value`. */
  indexOf(value: ByteString, fromIndex = 0, direction: 1 | -1 = 1): number {
    return this.findIndex(fromIndex, direction, (element) => element === value);
  }

  /**
   * Removes elements equal to `value`: the first `count` from the head, the first `-count` from the tail if it
   * is negative, all if it is 0. Returns how many it were. O(size), in one pass.
   */
  removeMatching(value: ByteString, count: number): number {
    const limit = count === 0 ? this.size : Math.abs(count);
    const last = this.chunkCount() - 1;
    let removed = 0;
    for (let step = 0; step <= last && removed < limit; step++) {
      removed +=
        count < 0
          ? this.chunkAt(last - step).removeFromTail(value, limit - removed)
          : this.chunkAt(step).removeFromHead(value, limit - removed);
    }
    if (removed > 0) this.repack();
    return removed;
  }

  /** An independent copy. O(size). */
  clone(): QuickList {
    const copy = new QuickList();
    copy.head = copy.tail = this.head.clone();
    if (this.directory !== undefined) {
      copy.directory = new Ring();
      copy.directory.pushTail(copy.head);
      for (let at = 1; at < this.directory.count; at++)
        copy.directory.pushTail(this.directory.get(at).clone());
      copy.tail = copy.chunkAt(this.directory.count - 1);
    }
    return copy;
  }

  /** For tests. O(size). @throws Error if an invariant is broken. */
  checkInvariants(): void {
    const chunks = this.chunkCount();
    this.directory?.checkInvariants();
    if (this.chunkAt(0) !== this.head || this.chunkAt(chunks - 1) !== this.tail) throw new Error('2: ends');
    let position = this.head.position;
    for (let at = 0; at < chunks; at++) {
      const chunk = this.chunkAt(at);
      chunk.checkInvariants();
      if (chunk.count > CHUNK_CAPACITY) throw new Error(`1: ${chunk.count} elements`);
      if (chunk.count === 0 && chunks > 1) throw new Error('1: an empty chunk');
      if (chunk.position !== position) throw new Error(`3: ${chunk.position} instead of ${position}`);
      position += chunk.count;
    }
  }

  private chunkCount(): number {
    return this.directory === undefined ? 1 : this.directory.count;
  }

  private chunkAt(at: number): Chunk {
    return this.directory === undefined ? this.head : this.directory.get(at);
  }

  /** Where in the directory the chunk with element `number` is, which must exist. O(log chunks). */
  private locate(number: number): number {
    const directory = this.directory;
    if (directory === undefined || number < this.head.position + this.head.count) return 0;
    let high = directory.count - 1;
    if (number >= this.tail.position) return high;
    // In a list that grew at its ends all chunks between them are full, so there is no need to search.
    let middle = 1 + Math.floor((number - this.head.position - this.head.count) / CHUNK_CAPACITY);
    let low = 1;
    for (;;) {
      const chunk = directory.get(middle);
      if (number < chunk.position) high = middle - 1;
      else if (number >= chunk.position + chunk.count) low = middle + 1;
      else return middle;
      middle = (low + high) >> 1;
    }
  }

  /** Chunks from `at` on are now `amount` further from those before; renumbers the fewer of the two. */
  private renumber(at: number, amount: number): void {
    const directory = this.directory;
    if (directory === undefined) return;
    if (at <= directory.count >> 1) {
      for (let before = 0; before < at; before++) directory.get(before).position -= amount;
    } else {
      for (let after = at; after < directory.count; after++) directory.get(after).position += amount;
    }
  }

  private appendChunk(): Chunk {
    const chunk = takeChunk();
    const directory = this.requireDirectory();
    chunk.position = this.tail.position + this.tail.count;
    directory.pushTail(chunk);
    this.tail = chunk;
    return chunk;
  }

  private prependChunk(): Chunk {
    const chunk = takeChunk();
    const directory = this.requireDirectory();
    chunk.position = this.head.position;
    directory.pushHead(chunk);
    this.head = chunk;
    return chunk;
  }

  private requireDirectory(): Ring<Chunk> {
    if (this.directory === undefined) {
      this.directory = new Ring();
      this.directory.pushTail(this.head);
    }
    return this.directory;
  }

  private insertInside(index: number, value: ByteString): void {
    const number = this.head.position + index;
    let at = this.locate(number);
    let chunk = this.chunkAt(at);
    if (chunk.count === CHUNK_CAPACITY) {
      this.split(at);
      if (number >= chunk.position + chunk.count) chunk = this.chunkAt(++at);
    }
    chunk.insert(number - chunk.position, value);
    this.renumber(at + 1, 1);
  }

  private clear(): void {
    this.head = this.tail = new Ring();
    this.directory = undefined;
  }

  /** After a pop that left `chunk`, at one of the ends, nearly or entirely empty. */
  private afterPop(chunk: Chunk): void {
    if (this.head === this.tail) {
      this.shrink();
    } else if (chunk.count === 0) {
      const directory = this.requireDirectory();
      if (chunk === this.head) directory.popHead();
      else directory.popTail();
      this.adoptEnds(directory);
      spareChunk = chunk;
    }
  }

  /** Gives back memory that a list which has become short does not need. */
  private shrink(): void {
    const chunk = this.head;
    const capacity = chunk.slots.length;
    if (chunk !== this.tail || capacity <= SMALL_CAPACITY || chunk.count > capacity >> SPARSE_SHIFT) return;
    let enough = SMALL_CAPACITY;
    while (enough < chunk.count * 2) enough *= 2;
    chunk.resize(enough);
    this.directory = undefined;
  }

  private adoptEnds(directory: Ring<Chunk>): void {
    this.head = directory.get(0);
    this.tail = directory.get(directory.count - 1);
  }

  /** Makes two half-full chunks of the full one at `at`. */
  private split(at: number): void {
    const directory = this.requireDirectory();
    const left = directory.get(at);
    const half = left.count >> 1;
    const right = takeChunk();
    right.position = left.position + half;
    for (let index = half; index < left.count; index++) right.pushTail(left.get(index));
    left.deleteRange(half, left.count - half);
    directory.insert(at + 1, right);
    if (left === this.tail) this.tail = right;
  }

  /**
   * `amount` elements went, where the chunks `at - 1` and `at` now meet once the `between` chunks that follow
   * `at - 1` are dropped.
   */
  private closeGap(at: number, between: number, amount: number): void {
    const directory = this.directory;
    if (directory !== undefined) {
      directory.deleteRange(at, between);
      if (at < directory.count && directory.get(at).count === 0) directory.deleteRange(at, 1);
      const border = directory.get(at - 1).count === 0 ? at - 1 : at;
      if (border < at) directory.deleteRange(border, 1);
      this.renumber(border, -amount);
      if (border > 0 && border < directory.count) {
        if (tryJoin(directory.get(border - 1), directory.get(border))) directory.deleteRange(border, 1);
      }
      this.adoptEnds(directory);
    }
    this.shrink();
  }

  /** Drops the chunks that have become empty and joins neighbours that have become small. O(chunks). */
  private repack(): void {
    const chunks = new Ring<Chunk>();
    let position = this.head.position;
    for (let at = 0; at < this.chunkCount(); at++) {
      const chunk = this.chunkAt(at);
      const count = chunk.count;
      if (count === 0) continue;
      if (chunks.count === 0 || !tryJoin(chunks.get(chunks.count - 1), chunk)) {
        chunk.position = position;
        chunks.pushTail(chunk);
      }
      position += count;
    }
    if (chunks.count === 0) {
      this.clear();
      return;
    }
    this.directory = chunks.count === 1 ? undefined : chunks;
    this.adoptEnds(chunks);
    this.shrink();
  }
}

type Chunk = Ring<ByteString>;

/** Enough to make the directory short, little enough to move half of it for an insertion. */
export const CHUNK_CAPACITY = 512;
/** A chunk no fuller than its capacity shifted by this is worth a look after a pop. */
const SPARSE_SHIFT = 3;
/** Not worth shrinking any further. */
const SMALL_CAPACITY = 8;

/**
 * The chunk last emptied by a pop, for whichever list next needs one: a queue that is filled at one end and
 * emptied at the other goes on for ever with the same few chunks, and a stack swaying around a chunk's edge
 * does not allocate each time.
 */
let spareChunk: Chunk | undefined;

function takeChunk(): Chunk {
  const chunk = spareChunk ?? new Ring<ByteString>(CHUNK_CAPACITY);
  spareChunk = undefined;
  return chunk;
}

/** Moves the elements of `right` behind those of `left` if both together fill no more than half a chunk. */
function tryJoin(left: Chunk, right: Chunk): boolean {
  if (left.count + right.count > CHUNK_CAPACITY >> 1) return false;
  for (let index = 0; index < right.count; index++) left.pushTail(right.get(index));
  return true;
}
