import type { ByteString } from '../../bytes/byte-string.ts';
import { hashOf, partCount } from './key-hash.ts';

/**
 * A set of keys that only grows, and never has to move more than a few thousand of them at once: a `Set` of a million that
 * doubles its table holds the event loop for a tenth of a second.
 *
 *     hash & mask     0          1          2          3
 *     parts        [ Set, Set | –        | Set      | Set, Set ]     each up to PART_SIZE; the last of each is added to
 *
 * Invariants:
 *
 * 1. A key is in one `Set` at most, and that is in the part that its hash says.
 * 2. Every `Set` of a part but the last one has {@link PART_SIZE} keys. With hashes that scatter, there is one or few.
 */
export class KeySet {
  readonly #parts: Set<ByteString>[][] = [];
  readonly #mask: number;
  #size = 0;

  /** For up to about so many keys. More are in order, and take longer. */
  constructor(keyCount: number) {
    this.#mask = partCount(keyCount, PART_SIZE / 2) - 1;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether it was not in it. O(1), if `keyCount` was right. */
  add(key: ByteString): boolean {
    const at = hashOf(key) & this.#mask;
    let part = this.#parts[at];
    if (part === undefined) {
      part = [new Set()];
      this.#parts[at] = part;
    }
    for (let before = part.length - 2; before >= 0; before--) if (part[before]!.has(key)) return false;
    let last = part.at(-1)!;
    if (last.size === PART_SIZE) {
      if (last.has(key)) return false;
      last = new Set();
      part.push(last);
    }
    const sizeBefore = last.size;
    last.add(key);
    if (last.size === sizeBefore) return false;
    this.#size++;
    return true;
  }

  /** O(1), as {@link add}. */
  has(key: ByteString): boolean {
    const part = this.#parts[hashOf(key) & this.#mask];
    if (part === undefined) return false;
    for (const one of part) if (one.has(key)) return true;
    return false;
  }
}

/** So many keys of a `Set` are moved within a fraction of a millisecond. A power of two: the table is full then. */
const PART_SIZE = 8192;
