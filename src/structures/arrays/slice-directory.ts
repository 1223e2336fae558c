import type { ArraySlice } from './array-slice.ts';

/** So many slices a chunk holds at most. */
const CHUNK_CAPACITY = 512;
/** A chunk with so few takes in the next one, if that then has room for as many again. */
const FEW_SLICES = CHUNK_CAPACITY >> 3;

// Where `seek` leaves the place it found. Nothing is kept there between calls.
let chunkAt = 0;
let sliceAt = 0;

/**
 * The slices of an array that hold something, in their order: by block, and in it by slot. A block is 2048 slices, as
 * in Redis; here that only makes numbers of them that are exact, for indexes have 64 bits.
 *
 *     chunks   [  ─┬─             ─┬─        ]
 *                  ↓               ↓
 *              0·0 0·1 0·2    0·7 31·4 31·5 …          block·slot of each slice
 *
 * They lie in chunks of at most 512. What comes at the end fills chunks to the brim; what comes in between splits a full
 * one in halves. Slices that follow each other are found by counting from the first of their chunk, others by halving.
 *
 * Invariants:
 *
 * 1. Slices ascend strictly, within a chunk and from chunk to chunk.
 * 2. No chunk is empty or holds more than {@link CHUNK_CAPACITY}.
 * 3. {@link size} is the number of slices, {@link blockCount} the number of blocks that have any.
 */
export class SliceDirectory {
  private chunks: ArraySlice[][] = [];
  private sliceCount = 0;
  private blocks = 0;

  /** How many slices. */
  get size(): number {
    return this.sliceCount;
  }

  /** How many blocks have a slice here. */
  get blockCount(): number {
    return this.blocks;
  }

  /** The last slice. O(1). */
  get last(): ArraySlice | undefined {
    const chunk = this.chunks[this.chunks.length - 1];
    return chunk?.[chunk.length - 1];
  }

  /** Another directory of the same slices. O(slices). */
  copy(): SliceDirectory {
    const made = new SliceDirectory();
    made.chunks = this.chunks.map((chunk) => chunk.slice());
    made.sliceCount = this.sliceCount;
    made.blocks = this.blocks;
    return made;
  }

  /** The slice at this place. O(log slices). */
  get(block: number, slot: number): ArraySlice | undefined {
    return this.seek(block, slot) ? this.chunks[chunkAt]![sliceAt] : undefined;
  }

  /** Puts a slice in the place of the one that is there. O(log slices). */
  replace(slice: ArraySlice): void {
    this.seek(slice.block, slice.slot);
    this.chunks[chunkAt]![sliceAt] = slice;
  }

  /** Puts a slice where there is none. O(log slices), and what a chunk moves. */
  add(slice: ArraySlice): void {
    const { block, slot } = slice;
    this.seek(block, slot);
    const chunk = this.chunks[chunkAt];
    const before = chunk?.[sliceAt - 1] ?? this.chunks[chunkAt - 1]?.at(-1);
    const after = chunk?.[sliceAt] ?? this.chunks[chunkAt + 1]?.[0];
    if (before?.block !== block && after?.block !== block) this.blocks++;
    this.sliceCount++;
    if (chunk === undefined) {
      this.chunks = [[slice]];
      return;
    }
    if (chunk.length < CHUNK_CAPACITY) {
      chunk.splice(sliceAt, 0, slice);
      return;
    }
    if (sliceAt === chunk.length && chunkAt === this.chunks.length - 1) {
      this.chunks.push([slice]);
      return;
    }
    const upper = chunk.splice(CHUNK_CAPACITY >> 1);
    this.chunks.splice(chunkAt + 1, 0, upper);
    if (sliceAt > chunk.length) upper.splice(sliceAt - chunk.length, 0, slice);
    else chunk.splice(sliceAt, 0, slice);
  }

  /**
   * Takes out the slices from the first place to the second, both included; but the slices at these very places only if
   * nothing is left in them. O(log slices + slices that go).
   *
   * @param onRemoved called with each slice that goes
   */
  removeRange(
    fromBlock: number,
    fromSlot: number,
    toBlock: number,
    toSlot: number,
    onRemoved: (slice: ArraySlice) => void,
  ): void {
    const { chunks } = this;
    if (this.seek(fromBlock, fromSlot) && chunks[chunkAt]![sliceAt]!.count > 0) sliceAt++;
    const firstChunk = chunkAt;
    const first = sliceAt;
    if (this.seek(toBlock, toSlot) && chunks[chunkAt]![sliceAt]!.count === 0) sliceAt++;
    const lastChunk = chunkAt;
    const until = sliceAt;
    if (lastChunk < firstChunk || (lastChunk === firstChunk && until <= first)) return;

    const blockBefore = (chunks[firstChunk]![first - 1] ?? chunks[firstChunk - 1]?.at(-1))?.block;
    const blockAfter = (chunks[lastChunk]![until] ?? chunks[lastChunk + 1]?.[0])?.block;
    let block = blockBefore;
    for (let at = firstChunk; at <= lastChunk; at++) {
      const chunk = chunks[at]!;
      const end = at === lastChunk ? until : chunk.length;
      for (let position = at === firstChunk ? first : 0; position < end; position++) {
        const slice = chunk[position]!;
        onRemoved(slice);
        this.sliceCount--;
        if (slice.block === block) continue;
        this.blocks--;
        block = slice.block;
      }
    }
    // The last block goes only if no slice of it stays.
    if (block === blockAfter && block !== blockBefore) this.blocks++;

    if (firstChunk === lastChunk) {
      chunks[firstChunk]!.splice(first, until - first);
    } else {
      chunks[firstChunk]!.splice(first);
      chunks[lastChunk]!.splice(0, until);
    }
    const left = [chunks[firstChunk]!, chunks[lastChunk]!].filter(
      (chunk, at) => chunk.length > 0 && (at === 0 || firstChunk !== lastChunk),
    );
    chunks.splice(firstChunk, lastChunk - firstChunk + 1, ...left);
    this.merge(firstChunk - 1);
    this.merge(firstChunk);
  }

  /** Has a chunk and the one after it become one, if one of them has few slices. */
  private merge(at: number): void {
    const chunk = this.chunks[at];
    const next = this.chunks[at + 1];
    if (chunk === undefined || next === undefined) return;
    if (Math.min(chunk.length, next.length) > FEW_SLICES) return;
    if (chunk.length + next.length > CHUNK_CAPACITY >> 1) return;
    chunk.push(...next);
    this.chunks.splice(at + 1, 1);
  }

  /**
   * Visits the slices from the first place to the second, both included, downwards if that is less, until `visit` says
   * `false`. O(log slices + slices visited).
   */
  forEach(
    fromBlock: number,
    fromSlot: number,
    toBlock: number,
    toSlot: number,
    visit: (slice: ArraySlice) => boolean,
  ): void {
    const isUpwards = fromBlock < toBlock || (fromBlock === toBlock && fromSlot <= toSlot);
    const found = this.seek(fromBlock, fromSlot);
    let at = chunkAt;
    let position = sliceAt;
    if (isUpwards) {
      for (; at < this.chunks.length; at++) {
        const chunk = this.chunks[at]!;
        for (; position < chunk.length; position++) {
          const slice = chunk[position]!;
          if (comparePlaces(slice, toBlock, toSlot) > 0 || !visit(slice)) return;
        }
        position = 0;
      }
      return;
    }
    if (!found) position--;
    for (; at >= 0; at--) {
      const chunk = this.chunks[at];
      if (chunk === undefined) return;
      for (; position >= 0; position--) {
        const slice = chunk[position]!;
        if (comparePlaces(slice, toBlock, toSlot) < 0 || !visit(slice)) return;
      }
      position = (this.chunks[at - 1]?.length ?? 0) - 1;
    }
  }

  /** All slices, in their order. O(slices). */
  *[Symbol.iterator](): Generator<ArraySlice, void, undefined> {
    for (const chunk of this.chunks) yield* chunk;
  }

  /** Leaves where the slice is, or where it would be put; whether it is there. */
  private seek(block: number, slot: number): boolean {
    const { chunks } = this;
    let low = 0;
    let high = chunks.length;
    // The last chunk that does not begin after the place.
    while (low + 1 < high) {
      const middle = (low + high) >>> 1;
      if (comparePlaces(chunks[middle]![0]!, block, slot) <= 0) low = middle;
      else high = middle;
    }
    chunkAt = low;
    sliceAt = 0;
    const chunk = chunks[low];
    if (chunk === undefined) return false;
    const first = chunk[0]!;
    if (first.block === block) {
      const guess = chunk[slot - first.slot];
      if (guess !== undefined && guess.slot === slot && guess.block === block) {
        sliceAt = slot - first.slot;
        return true;
      }
    }
    low = 0;
    high = chunk.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (comparePlaces(chunk[middle]!, block, slot) < 0) low = middle + 1;
      else high = middle;
    }
    sliceAt = low;
    const found = chunk[low];
    return found !== undefined && found.block === block && found.slot === slot;
  }

  /** For tests. O(slices). @throws Error if an invariant is broken. */
  checkInvariants(): void {
    let before: ArraySlice | undefined;
    let count = 0;
    const blocks = new Set<number>();
    for (const chunk of this.chunks) {
      if (chunk.length === 0 || chunk.length > CHUNK_CAPACITY) throw new Error(`a chunk of ${chunk.length}`);
      for (const slice of chunk) {
        if (before !== undefined && comparePlaces(before, slice.block, slice.slot) >= 0)
          throw new Error('slices out of order');
        before = slice;
        blocks.add(slice.block);
        count++;
      }
    }
    if (count !== this.sliceCount) throw new Error(`${this.sliceCount} slices, but ${count}`);
    if (blocks.size !== this.blocks) throw new Error(`${this.blocks} blocks, but ${blocks.size}`);
  }
}

/** Negative if the slice comes before the place, zero if it is there, positive if it comes after. */
function comparePlaces(slice: ArraySlice, block: number, slot: number): number {
  return slice.block === block ? slice.slot - slot : slice.block - block;
}
