import type { ByteString } from '../../bytes/byte-string.ts';
import { hashOf, partCount } from './key-hash.ts';

/**
 * Keys that are noted one after the other, none of them twice, and seldom asked for. To note one is several times as fast as to
 * add it to a `Set`, which looks at places all over its memory; to look for one is about as fast.
 *
 * The keys lie in the order in which they came. Their hashes are sorted into parts, each a chain of blocks:
 *
 *     keys     [ k0  k1  k2  k3  k4  k5  k6  k7 … ]
 *
 *     tails      part 0 ──────────────────┐   part 1 ─┐   …        where the next one goes
 *                                         ↓           ↓
 *     block    [ before │ hash of k0, 0 │ hash of k3, 3 │ – … ]    63 places; then another block, which knows this one
 *
 * Invariants:
 *
 * 1. `keys[i]` has one place, in the part that its hash says, with the hash and i.
 * 2. A tail is the number of an integer in {@link #slabs}; 0 while the part has no block; at the beginning of a block if the
 *    block before that is full.
 */
export class KeyLog {
  readonly #mask: number;
  readonly #tails: Int32Array;
  /** Blocks, many at a time. The first is none, so that 0 is no place. */
  readonly #slabs: Int32Array[] = [];
  #blockCount = 1;
  readonly #keys: ByteString[][] = [];
  #size = 0;

  /** For up to about so many keys. More are in order, and take longer to be found. */
  constructor(keyCount: number) {
    const parts = partCount(keyCount, PART_SIZE);
    this.#mask = parts - 1;
    this.#tails = new Int32Array(parts);
  }

  /** Notes a key that was not noted yet. O(1). */
  add(key: ByteString): void {
    const hash = hashOf(key);
    const part = hash & this.#mask;
    let at = this.#tails[part]!;
    if ((at & IN_BLOCK) === 0) at = this.#addBlock(at);
    const slab = this.#slabs[at >> SLAB_BITS]!;
    const place = at & IN_SLAB;
    const number = this.#size++;
    slab[place] = hash;
    slab[place + 1] = number;
    this.#tails[part] = at + 2;
    if ((number & IN_ROW) === 0) this.#keys.push([]);
    this.#keys[number >> ROW_BITS]!.push(key);
  }

  /** Behind the block that ends there, if any. Returns its first place. */
  #addBlock(tail: number): number {
    const start = this.#blockCount++ * BLOCK_INTEGERS;
    if (start >> SLAB_BITS === this.#slabs.length) this.#slabs.push(new Int32Array(1 << SLAB_BITS));
    const before = tail === 0 ? 0 : tail - BLOCK_INTEGERS;
    this.#slabs[start >> SLAB_BITS]![start & IN_SLAB] = before;
    return start + FIRST_PLACE;
  }

  /** Whether it was noted. O({@link PART_SIZE}): less than a microsecond. */
  has(key: ByteString): boolean {
    const hash = hashOf(key);
    const tail = this.#tails[hash & this.#mask]!;
    let end = tail;
    // The start of the block that the tail is in, or just behind of.
    let start = tail === 0 ? 0 : (tail - 1) & ~IN_BLOCK;
    while (start !== 0) {
      const slab = this.#slabs[start >> SLAB_BITS]!;
      const first = start & IN_SLAB;
      const last = first + end - start;
      for (let place = first + FIRST_PLACE; place < last; place += 2)
        if (slab[place] === hash && this.#keyAt(slab[place + 1]!) === key) return true;
      start = slab[first]!;
      end = start + BLOCK_INTEGERS;
    }
    return false;
  }

  #keyAt(number: number): ByteString {
    return this.#keys[number >> ROW_BITS]![number & IN_ROW]!;
  }
}

const PART_SIZE = 256;
/** A block: the start of the one before, a gap, and pairs. */
const BLOCK_INTEGERS = 128;
const FIRST_PLACE = 2;
/** Half a megabyte: to wipe that takes a fraction of a millisecond. */
const SLAB_BITS = 17;
const ROW_BITS = 12;
const IN_BLOCK = BLOCK_INTEGERS - 1;
const IN_SLAB = (1 << SLAB_BITS) - 1;
const IN_ROW = (1 << ROW_BITS) - 1;
