import type { ByteString } from '../bytes/byte-string.ts';

/**
 * Distinct keys at the positions 0…size-1 without a gap, each found in O(1) by its bytes and by its position: how
 * large sets and (with a value at each position) large hashes are kept.
 *
 *     index   'a' → 0   'b' → 1   'c' → 2   'd' → 3
 *     keys    [ a, b, c, d ]          delete b          keys    [ a, d, c ]
 *     values  [ 1, 2, 3, 4 ]        ───────────→        values  [ 1, 4, 3 ]
 *
 * A key is appended behind the last one; deleting a key moves the last one into its place. Positions make a random
 * element O(1), and let a scan be nothing but a number.
 *
 * Invariants:
 *
 * 1. `index.get(keys[p]) === p` for every position p, and `index.size === keys.length`.
 * 2. As long as a key is present its position never grows.
 * 3. A scan's cursor c > 0 says that positions below c remain. By 2, a key which is present throughout the scan is
 *    below c until it is visited, so it is visited at least once. Every step lowers c, so the scan ends after at most
 *    as many steps as there were keys when it began, whatever is added meanwhile.
 */
abstract class DenseKeys {
  /** A small number kept for the owner. */
  tag: number;
  protected readonly index: Map<ByteString, number>;
  protected readonly keys: ByteString[];

  constructor(tag: number, index: Map<ByteString, number> = new Map(), keys: ByteString[] = []) {
    this.tag = tag;
    this.index = index;
    this.keys = keys;
  }

  get size(): number {
    return this.keys.length;
  }

  has(key: ByteString): boolean {
    return this.index.has(key);
  }

  keyAt(position: number): ByteString {
    return this.keys[position]!;
  }

  /** All keys by position, live: not to be changed, nor kept across a change. */
  allKeys(): readonly ByteString[] {
    return this.keys;
  }

  /** The position that the key leaves, into which the last key has moved; -1 if it is not there. O(1). */
  remove(key: ByteString): number {
    const position = this.index.get(key);
    if (position === undefined) return -1;
    this.index.delete(key);
    const last = this.keys.pop()!;
    if (position < this.keys.length) {
      this.keys[position] = last;
      this.index.set(last, position);
    }
    return position;
  }

  /**
   * Visits the next `count` (at least one) positions downwards from `cursor`, where 0 begins at the top, and returns
   * the cursor to go on with, 0 at the end. `visit` must not change the keys. O(count).
   */
  scanPositions(cursor: number, count: number, visit: (position: number) => void): number {
    const size = this.keys.length;
    const from = cursor > 0 && cursor < size ? cursor : size;
    const to = Math.max(0, from - Math.max(1, count));
    for (let position = from - 1; position >= to; position--) visit(position);
    return to;
  }

  checkInvariants(): void {
    if (this.index.size !== this.keys.length) throw new Error('dense keys: index and keys differ in size');
    this.keys.forEach((key, position) => {
      if (this.index.get(key) !== position)
        throw new Error(`dense keys: position ${position} is not indexed`);
    });
  }
}

/** Dense keys and nothing else. */
export class DenseSet extends DenseKeys {
  /** Appends the key unless it is there; whether it was new. O(1). */
  add(key: ByteString): boolean {
    if (this.index.has(key)) return false;
    this.index.set(key, this.keys.length);
    this.keys.push(key);
    return true;
  }

  clone(): DenseSet {
    return new DenseSet(this.tag, new Map(this.index), this.keys.slice());
  }
}

/** Dense keys with a value at each position: there are as many values as keys, always. */
export class DenseTable extends DenseKeys {
  readonly #values: ByteString[];

  constructor(
    tag: number,
    index: Map<ByteString, number> = new Map(),
    keys: ByteString[] = [],
    values: ByteString[] = [],
  ) {
    super(tag, index, keys);
    this.#values = values;
  }

  get(key: ByteString): ByteString | undefined {
    const position = this.index.get(key);
    return position === undefined ? undefined : this.#values[position];
  }

  valueAt(position: number): ByteString {
    return this.#values[position]!;
  }

  /** Whether the key was new. O(1). */
  set(key: ByteString, value: ByteString): boolean {
    const position = this.index.get(key);
    if (position !== undefined) {
      this.#values[position] = value;
      return false;
    }
    this.index.set(key, this.keys.length);
    this.keys.push(key);
    this.#values.push(value);
    return true;
  }

  override remove(key: ByteString): number {
    const position = super.remove(key);
    if (position < 0) return -1;
    const last = this.#values.pop()!;
    if (position < this.#values.length) this.#values[position] = last;
    return position;
  }

  clone(): DenseTable {
    return new DenseTable(this.tag, new Map(this.index), this.keys.slice(), this.#values.slice());
  }

  override checkInvariants(): void {
    super.checkInvariants();
    if (this.#values.length !== this.keys.length)
      throw new Error('dense table: keys and values differ in number');
  }
}
