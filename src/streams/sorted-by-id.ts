import { compareUnsigned } from '../numbers/unsigned.ts';
import { compareIds, type StreamId } from './stream-id.ts';

/** So many items a chunk holds at most. */
const CHUNK_CAPACITY = 128;
/** A chunk with so few takes in the next one, if then it still has room for as many. */
const FEW_ITEMS = CHUNK_CAPACITY >> 2;
/** So many empty places at the front of the directory are taken out when they are half of it. */
const MANY_PLACES = 1024;

/**
 * Items in the order of their ids, each id once: the blocks of a stream by their first entry, and pending entries.
 *
 * They lie in chunks, which a directory has in order. What is appended fills chunks to the brim; what is put in between
 * splits a full one in halves. Items go from the front most of all: there the directory has empty places, rather than
 * move for each chunk that goes.
 *
 *     directory   [  ·   ·   ─┬─        ─┬─           ─┬─ ]
 *                             ↓          ↓             ↓
 *     chunks                1-1 1-2    2-0 7-5 7-6    9-0
 *                           └ start
 *
 * Elsewhere a chunk that comes or goes moves the part of the directory after it: with a million items some 8,000 words at
 * most, once for dozens of them.
 *
 * Invariants:
 *
 * 1. Ids ascend strictly, within a chunk and from chunk to chunk.
 * 2. From {@link start} on no chunk is empty, and none holds more than {@link CHUNK_CAPACITY}; before it, all are empty.
 * 3. {@link size} is the number of items.
 */
export class SortedById<T extends StreamId> {
  private chunks: T[][] = [];
  private start = 0;
  private count = 0;

  /** How many items. O(1). */
  get size(): number {
    return this.count;
  }

  /** The item with the least id. O(1). */
  get first(): T | undefined {
    return this.chunks[this.start]?.[0];
  }

  /** The item with the greatest id. O(1). */
  get last(): T | undefined {
    const chunk = this.chunks[this.chunks.length - 1];
    return chunk?.[chunk.length - 1];
  }

  /** The item with this id. O(log n). */
  get(id: StreamId): T | undefined {
    const found = this.atOrAfter(id);
    return found !== undefined && found.ms === id.ms && found.seq === id.seq ? found : undefined;
  }

  has(id: StreamId): boolean {
    return this.get(id) !== undefined;
  }

  /** The first item whose id is this or a greater one. O(log n). */
  atOrAfter(id: StreamId): T | undefined {
    const at = this.chunkFor(id);
    if (at < 0) return undefined;
    return this.chunks[at]![positionIn(this.chunks[at]!, id)];
  }

  /** The first item whose id is greater. O(log n). */
  after(id: StreamId): T | undefined {
    const at = this.chunkFor(id);
    if (at < 0) return undefined;
    const chunk = this.chunks[at]!;
    const position = positionIn(chunk, id);
    const found = chunk[position]!;
    if (found.ms !== id.ms || found.seq !== id.seq) return found;
    return chunk[position + 1] ?? this.chunks[at + 1]?.[0];
  }

  /** The last item whose id is this or a lesser one. O(log n). */
  atOrBefore(id: StreamId): T | undefined {
    const at = this.chunkFor(id);
    if (at < 0) return this.last;
    const chunk = this.chunks[at]!;
    const position = positionIn(chunk, id);
    const found = chunk[position]!;
    if (found.ms === id.ms && found.seq === id.seq) return found;
    return position > 0 ? chunk[position - 1] : lastOf(this.chunks[at - 1]);
  }

  /** The last item whose id is less. O(log n). */
  before(id: StreamId): T | undefined {
    const at = this.chunkFor(id);
    if (at < 0) return this.last;
    const chunk = this.chunks[at]!;
    const position = positionIn(chunk, id);
    return position > 0 ? chunk[position - 1] : lastOf(this.chunks[at - 1]);
  }

  /**
   * The items from this id on, ascending. Nothing may be put in or taken out meanwhile (for that, step with
   * {@link after}). O(log n), and O(1) for each.
   */
  *from(id: StreamId): Generator<T, void, undefined> {
    let at = this.chunkFor(id);
    if (at < 0) return;
    let position = positionIn(this.chunks[at]!, id);
    for (; at < this.chunks.length; at++) {
      const chunk = this.chunks[at]!;
      for (; position < chunk.length; position++) yield chunk[position]!;
      position = 0;
    }
  }

  /** All items, ascending. Nothing may be put in or taken out meanwhile. O(n). */
  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (let at = this.start; at < this.chunks.length; at++) yield* this.chunks[at]!;
  }

  /**
   * Puts an item in, in place of the one with its id if there is one. O(log n), O(1) at the end.
   *
   * @returns the item that it replaces
   */
  set(item: T): T | undefined {
    const { chunks } = this;
    const at = this.chunkFor(item);
    if (at < 0) {
      const tail = chunks[chunks.length - 1];
      if (tail === undefined || tail.length === CHUNK_CAPACITY) chunks.push([item]);
      else tail.push(item);
      this.count++;
      return undefined;
    }
    const chunk = chunks[at]!;
    const position = positionIn(chunk, item);
    const found = chunk[position]!;
    if (found.ms === item.ms && found.seq === item.seq) {
      chunk[position] = item;
      return found;
    }
    this.count++;
    if (chunk.length < CHUNK_CAPACITY) {
      chunk.splice(position, 0, item);
      return undefined;
    }
    const right = chunk.splice(CHUNK_CAPACITY >> 1);
    if (position <= chunk.length) chunk.splice(position, 0, item);
    else right.splice(position - chunk.length, 0, item);
    chunks.splice(at + 1, 0, right);
    return undefined;
  }

  /** Takes the item with this id out. O(log n), amortised. @returns the item, if there was one */
  delete(id: StreamId): T | undefined {
    const at = this.chunkFor(id);
    if (at < 0) return undefined;
    const chunk = this.chunks[at]!;
    const position = positionIn(chunk, id);
    const found = chunk[position]!;
    if (found.ms !== id.ms || found.seq !== id.seq) return undefined;
    this.count--;
    if (chunk.length === 1) {
      if (at === this.start) this.dropFirstChunk();
      else this.chunks.splice(at, 1);
      return found;
    }
    if (position === 0) chunk.shift();
    else chunk.splice(position, 1);
    if (chunk.length <= FEW_ITEMS) this.joinToNext(at);
    return found;
  }

  private dropFirstChunk(): void {
    const { chunks } = this;
    chunks[this.start++] = [];
    const isHalf = this.start * 2 >= chunks.length;
    if (this.start < chunks.length && !(isHalf && this.start >= MANY_PLACES)) return;
    chunks.splice(0, this.start);
    this.start = 0;
  }

  private joinToNext(at: number): void {
    const chunk = this.chunks[at]!;
    const next = this.chunks[at + 1];
    if (next === undefined || chunk.length + next.length > CHUNK_CAPACITY - FEW_ITEMS) return;
    for (const item of next) chunk.push(item);
    this.chunks.splice(at + 1, 1);
  }

  /** An independent copy, of copies of the items. O(n). */
  clone(copy: (item: T) => T): SortedById<T> {
    const cloned = new SortedById<T>();
    cloned.chunks = this.chunks.slice(this.start).map((chunk) => chunk.map(copy));
    cloned.count = this.count;
    return cloned;
  }

  /** The number of the chunk in which an item with this id is, or else the one right after it; -1 if all are less. */
  private chunkFor(id: StreamId): number {
    const { chunks } = this;
    let high = chunks.length - 1;
    if (high < 0 || compareIds(lastOf(chunks[high])!, id) < 0) return -1;
    // The oldest are those that are mostly asked for.
    if (compareIds(lastOf(chunks[this.start])!, id) >= 0) return this.start;
    let low = this.start + 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareIds(lastOf(chunks[middle])!, id) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** For tests: throws if an invariant does not hold. O(n). */
  checkInvariants(): void {
    let count = 0;
    let before: T | undefined;
    const { chunks, start } = this;
    if (chunks.some((chunk, at) => at < start && chunk.length > 0))
      throw new Error('2: items before the start');
    if (start > 0 && start === chunks.length) throw new Error('2: a start without chunks');
    for (const chunk of chunks.slice(start)) {
      if (chunk.length === 0 || chunk.length > CHUNK_CAPACITY) throw new Error(`2: ${chunk.length} items`);
      for (const item of chunk) {
        if (before !== undefined && compareIds(before, item) >= 0) throw new Error('1: ids do not ascend');
        before = item;
        count++;
      }
    }
    if (count !== this.count) throw new Error(`3: size ${this.count}, but ${count}`);
  }
}

/** Where in the chunk the item with this id is, or else the first with a greater one. */
function positionIn(chunk: readonly StreamId[], id: StreamId): number {
  if (compareIds(chunk[0]!, id) >= 0) return 0;
  let low = 1;
  let high = chunk.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = chunk[middle]!;
    const order = item.ms === id.ms ? compareUnsigned(item.seq, id.seq) : compareUnsigned(item.ms, id.ms);
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lastOf<T>(chunk: readonly T[] | undefined): T | undefined {
  return chunk?.[chunk.length - 1];
}
