import type { ByteString } from '../../bytes/byte-string.ts';

/**
 * A set of keys that only grows, and never has to move more than a few thousand of them at once: a `Set` of a million that
 * doubles its table holds the event loop for a tenth of a second.
 *
 *     hash & mask     0          1          2          3
 *     parts        [ Set, Set | Set      | Set      | Set, Set ]     each up to PART_SIZE; the last of each is added to
 *
 * Invariants:
 *
 * 1. A key is in one `Set` at most, and that is in the part that its hash says.
 * 2. Every `Set` of a part but the last one has {@link PART_SIZE} keys. With hashes that scatter, there is one or few.
 */
export class KeySet {
  readonly #parts: (Set<ByteString> | Set<ByteString>[])[];
  readonly #mask: number;

  /** For about so many keys. More are in order, and take longer. */
  constructor(expectedCount: number) {
    const count = 2 ** Math.ceil(Math.log2(Math.max(1, expectedCount / HALF_PART)));
    this.#mask = count - 1;
    this.#parts = Array.from({ length: count }, () => new Set());
  }

  /** Whether it was not in it. O(1), if `expectedCount` was right. */
  add(key: ByteString): boolean {
    const at = hash(key) & this.#mask;
    const part = this.#parts[at]!;
    if (!(part instanceof Set)) return addToMany(part, key);
    const sizeBefore = part.size;
    if (sizeBefore === PART_SIZE) {
      if (part.has(key)) return false;
      this.#parts[at] = [part, new Set([key])];
      return true;
    }
    part.add(key);
    return part.size !== sizeBefore;
  }

  /** O(1), as {@link add}. */
  has(key: ByteString): boolean {
    const part = this.#parts[hash(key) & this.#mask]!;
    return part instanceof Set ? part.has(key) : part.some((one) => one.has(key));
  }
}

function addToMany(part: Set<ByteString>[], key: ByteString): boolean {
  for (const one of part) if (one.has(key)) return false;
  const last = part.at(-1)!;
  if (last.size === PART_SIZE) part.push(new Set([key]));
  else last.add(key);
  return true;
}

/** So many keys of a `Set` are moved within a fraction of a millisecond. A power of two: the table is full then. */
const PART_SIZE = 8192;
const HALF_PART = PART_SIZE / 2;
/** Of longer keys some units are left out. */
const MOST_UNITS = 32;

/** FNV-1a over the units, the last of them for certain. */
function hash(key: ByteString): number {
  const { length } = key;
  const stride = length <= MOST_UNITS ? 1 : Math.ceil(length / MOST_UNITS);
  let mixed = 0x811c9dc5 ^ length;
  for (let at = length - 1; at >= 0; at -= stride) mixed = Math.imul(mixed ^ key.charCodeAt(at), 0x01000193);
  // The low bits of a product know nothing of the high ones.
  return mixed ^ (mixed >>> 15);
}
