import type { ByteString } from '../../bytes/byte-string.ts';
import { objectBytes } from '../../bytes/heap-bytes.ts';
import { Ring } from './ring.ts';

/**
 * The elements of a list in chunks of bounded size, and how to find, add and drop chunks. What the elements are
 * for is {@link QuickList}'s business; this is its base and not of use by itself.
 *
 * A short list is one chunk of just the size it needs. A longer one has a directory of its chunks; both ends work
 * on the chunk at hand and never ask the directory.
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
 * 1. No chunk holds more than {@link CHUNK_CAPACITY} elements, and none is empty unless the list is. Of several, each has
 *    room for so many.
 * 2. Without a directory there is one chunk, at once head and tail; otherwise these are the directory's ends.
 * 3. Each chunk's position is the one before's plus its count.
 * 4. Slots without an element hold nothing (see {@link Ring}).
 */
export class Chunks {
  protected head: Chunk = new Ring();
  protected tail: Chunk = this.head;
  protected directory: Ring<Chunk> | undefined = undefined;

  /** How many elements. O(1). */
  get size(): number {
    return this.tail.position + this.tail.count - this.head.position;
  }

  /** What it takes of the host's memory, without the elements. O(1). */
  get heapBytes(): number {
    const chunksBytes = this.chunkCount() * this.head.heapBytes;
    return OBJECT_BYTES + chunksBytes + (this.directory === undefined ? 0 : this.directory.heapBytes);
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
      const room = chunk.slots.length;
      if (room !== CHUNK_CAPACITY && chunks > 1) throw new Error(`1: a chunk with room for ${room}`);
      if (chunk.position !== position) throw new Error(`3: ${chunk.position} instead of ${position}`);
      position += chunk.count;
    }
  }

  protected chunkCount(): number {
    return this.directory === undefined ? 1 : this.directory.count;
  }

  protected chunkAt(at: number): Chunk {
    return this.directory === undefined ? this.head : this.directory.get(at);
  }

  /** Where in the directory the chunk with element `number` is, which must exist. O(log chunks). */
  protected locate(number: number): number {
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
  protected renumber(at: number, amount: number): void {
    const directory = this.directory;
    if (directory === undefined) return;
    if (at <= directory.count >> 1) {
      for (let before = 0; before < at; before++) directory.get(before).position -= amount;
    } else {
      for (let after = at; after < directory.count; after++) directory.get(after).position += amount;
    }
  }

  protected appendChunk(): Chunk {
    const chunk = takeChunk();
    const directory = this.requireDirectory();
    chunk.position = this.tail.position + this.tail.count;
    directory.pushTail(chunk);
    this.tail = chunk;
    return chunk;
  }

  protected prependChunk(): Chunk {
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

  protected clear(): void {
    this.head = this.tail = new Ring();
    this.directory = undefined;
  }

  /** After a pop that left `chunk`, at one of the ends, nearly or entirely empty. */
  protected afterPop(chunk: Chunk): void {
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
  protected shrink(): void {
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
  protected split(at: number): void {
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
  protected closeGap(at: number, between: number, amount: number): void {
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
  protected repack(): void {
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

export type Chunk = Ring<ByteString>;

/** Enough to make the directory short, little enough to move half of it for an insertion. */
export const CHUNK_CAPACITY = 512;
/** A chunk no fuller than its capacity shifted by this is worth a look after a pop. */
export const SPARSE_SHIFT = 3;
const OBJECT_BYTES = objectBytes(3);
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
