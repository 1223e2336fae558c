import type { ByteString } from '../../bytes/byte-string.ts';
import { CHUNK_CAPACITY, Chunks, SPARSE_SHIFT } from './chunks.ts';
import { Ring } from './ring.ts';

/**
 * A list of byte strings: a deque that can also be indexed and edited in the middle.
 *
 * The elements live in chunks, as in Redis's quicklist; how these hang together, and the invariants, are told in
 * {@link Chunks}. Here is what one does with the elements. Indexes are from the head and never negative.
 */
export class QuickList extends Chunks {
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
}
