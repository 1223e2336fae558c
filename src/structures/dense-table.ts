import type { ByteString } from '../bytes/byte-string.ts';
import { objectBytes, pushedArrayBytes } from '../bytes/heap-bytes.ts';
import { bytesPerUnit, textBytes, textBytesOf } from '../bytes/text-bytes.ts';
import { MapRoom } from './map-room.ts';
import {
  PACKED_TEXT_MAX_LENGTH,
  type Packed,
  packedCount,
  packedTag,
  packPairs,
  packTexts,
  unpack,
} from './packed-strings.ts';

/**
 * Distinct keys at the positions 0…size-1 without a gap, each found by its bytes and by its position: how sets and (with
 * a value at each position) hashes are kept, unless they are packed.
 *
 *     index   'a' → 0   'b' → 1   'c' → 2   'd' → 3
 *     keys    [ a, b, c, d ]          delete b          keys    [ a, d, c ]
 *     values  [ 1, 2, 3, 4 ]        ───────────→        values  [ 1, 4, 3 ]
 *
 * A key is appended behind the last one; deleting a key moves the last one into its place, or, if the order is to be
 * kept, those behind it down. Positions make a random element O(1), and let a scan be nothing but a number. Up to
 * {@link UNINDEXED_MAX_SIZE} keys there is no index: a look at each key is as fast, and deleting always keeps the order.
 *
 * Invariants:
 *
 * 1. With an index, `index.get(keys[p]) === p` for every position p, and `index.size === keys.length`. Once there is an
 *    index it stays.
 * 2. As long as a key is present its position never grows, unless the owner has the keys sorted.
 * 3. A scan's cursor c > 0 says that positions below c remain. By 2, a key which is present throughout the scan is
 *    below c until it is visited, so it is visited at least once. Every step lowers c, so the scan ends after at most
 *    as many steps as there were keys when it began, whatever is added meanwhile.
 * 4. `packable` says that there is no index, that no text is too long for a packed string, and that the owner has not
 *    decided otherwise. Once false it stays so.
 * 5. `counted` is {@link UNCOUNTED} until somebody asks for {@link heapBytes}, and may be so again while packable. Otherwise
 *    it is what the texts take, in bytes; while packable, how many bytes each of their units takes.
 */
abstract class DenseKeys {
  /** A small number kept for the owner. */
  tag: number;
  #packable = true;
  /** The packed form of these contents, if it is known. Any change clears it; what was only read need not be packed. */
  protected packed: Packed | undefined = undefined;
  protected index: Map<ByteString, number> | undefined;
  /** Of the index, as from when the texts were counted. */
  #indexRoom: MapRoom | undefined = undefined;
  protected readonly keys: ByteString[];
  protected counted = UNCOUNTED;

  constructor(tag: number, index: Map<ByteString, number> | undefined, keys: ByteString[]) {
    this.tag = tag;
    this.index = index;
    this.keys = keys;
  }

  get size(): number {
    return this.keys.length;
  }

  /** Whether there is an index, which is for good: the keys are, or once were, many. */
  get isIndexed(): boolean {
    return this.index !== undefined;
  }

  get packable(): boolean {
    return this.#packable;
  }

  /** It is not to be packed, from now on. */
  stopPacking(): void {
    if (!this.#packable) return;
    this.#packable = false;
    this.counted = UNCOUNTED;
  }

  has(key: ByteString): boolean {
    return this.positionOf(key) >= 0;
  }

  /** The very string that is kept of this key. */
  ownKey(key: ByteString): ByteString | undefined {
    const position = this.positionOf(key);
    return position < 0 ? undefined : this.keys[position];
  }

  keyAt(position: number): ByteString {
    return this.keys[position]!;
  }

  /** All keys by position, live: not to be changed, nor kept across a change. */
  allKeys(): readonly ByteString[] {
    return this.keys;
  }

  /** Whether the key was there. O(1). */
  delete(key: ByteString): boolean {
    const position = this.positionOf(key);
    if (position < 0) return false;
    this.removeAt(position, key);
    return true;
  }

  /** The same, and the order of the others stays. O(size). */
  deleteInOrder(key: ByteString): boolean {
    const position = this.positionOf(key);
    if (position < 0) return false;
    this.closeAt(position, key);
    return true;
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
    const { index, keys } = this;
    if (this.packed !== undefined && packedCount(this.packed) !== keys.length) {
      throw new Error('dense keys: the packed form is of something else');
    }
    if (index === undefined) {
      if (keys.length > UNINDEXED_MAX_SIZE) throw new Error('dense keys: too many without an index');
      if (new Set(keys).size !== keys.length) throw new Error('dense keys: a key occurs twice');
      if (this.packable) this.checkLengths(keys);
      this.#checkCount();
      return;
    }
    if (this.packable) throw new Error('dense keys: packable with an index');
    if (index.size !== keys.length) throw new Error('dense keys: index and keys differ in size');
    keys.forEach((key, position) => {
      if (index.get(key) !== position) throw new Error(`dense keys: position ${position} is not indexed`);
    });
    this.#checkCount();
  }

  #checkCount(): void {
    if (this.counted !== UNCOUNTED && this.counted !== this.#count())
      throw new Error(`dense keys: ${this.counted} counted instead of ${this.#count()}`);
  }

  #count(): number {
    let counted = this.packable ? 1 : 0;
    this.forEachText((text) => {
      if (!this.packable) counted += textBytes(text);
      else if (bytesPerUnit(text) === 2) counted = 2;
    });
    return counted;
  }

  protected forEachText(visit: (text: ByteString) => void): void {
    for (const key of this.keys) visit(key);
  }

  /**
   * How many bytes of the host's memory this takes: if packable, what it would take packed, so that it does not
   * matter whether it is. O(size) when first asked; from then on O(1), if packable O(size).
   */
  get heapBytes(): number {
    const { packed } = this;
    if (this.counted === UNCOUNTED)
      this.counted = this.packable && packed !== undefined ? bytesPerUnit(packed) : this.#count();
    if (this.packable) return textBytesOf(this.packedLength(), this.counted);
    if (this.index !== undefined) this.#indexRoom ??= new MapRoom(this.index.size);
    const indexBytes = this.#indexRoom === undefined ? 0 : this.#indexRoom.heapBytes;
    return OBJECT_BYTES + indexBytes + pushedArrayBytes(this.keys.length) + this.counted;
  }

  /** How many units the packed form has. */
  protected packedLength(): number {
    let length = 1 + this.keys.length;
    for (const key of this.keys) length += key.length;
    return length;
  }

  /** A text has come, and there was a count. */
  protected countIn(text: ByteString): void {
    if (!this.packable) this.counted += textBytes(text);
    else if (this.counted === 1) this.counted = bytesPerUnit(text);
  }

  /** A text has gone, and there was a count. */
  protected countOut(text: ByteString): void {
    if (!this.packable) this.counted -= textBytes(text);
    else if (this.counted === 2) this.counted = UNCOUNTED;
  }

  protected checkLengths(texts: readonly ByteString[]): void {
    if (texts.some((text) => text.length > PACKED_TEXT_MAX_LENGTH)) {
      throw new Error('dense keys: packable with too long a text');
    }
  }

  /** -1 if it is not there. */
  protected positionOf(key: ByteString): number {
    const index = this.index;
    if (index !== undefined) return index.get(key) ?? -1;
    const keys = this.keys;
    for (let position = 0; position < keys.length; position++) if (keys[position] === key) return position;
    return -1;
  }

  protected append(key: ByteString): void {
    const position = this.keys.length;
    this.packed = undefined;
    // The index first: should the host refuse a Map of this size, nothing has changed.
    if (this.index !== undefined) this.index.set(key, position);
    this.keys.push(key);
    if (this.counted !== UNCOUNTED) {
      this.countIn(key);
      this.#indexRoom?.added(position + 1);
    }
    if (this.index !== undefined) return;
    if (position >= UNINDEXED_MAX_SIZE) this.#buildIndex();
    else if (key.length > PACKED_TEXT_MAX_LENGTH) this.stopPacking();
  }

  protected removeAt(position: number, key: ByteString): void {
    const { index, keys } = this;
    if (index === undefined) {
      this.closeAt(position, key);
      return;
    }
    this.packed = undefined;
    index.delete(key);
    if (this.counted !== UNCOUNTED) this.#countKeyOut(key);
    const last = keys.pop()!;
    if (position < keys.length) {
      keys[position] = last;
      index.set(last, position);
    }
  }

  protected closeAt(position: number, key: ByteString): void {
    const { index, keys } = this;
    this.packed = undefined;
    closeGap(keys, position);
    index?.delete(key);
    if (this.counted !== UNCOUNTED) this.#countKeyOut(key);
    if (index === undefined) return;
    for (let at = position; at < keys.length; at++) index.set(keys[at]!, at);
  }

  #countKeyOut(key: ByteString): void {
    this.countOut(key);
    this.#indexRoom?.deleted(this.keys.length);
  }

  #buildIndex(): void {
    const index = new Map<ByteString, number>();
    this.keys.forEach((key, position) => {
      index.set(key, position);
    });
    this.index = index;
    this.stopPacking();
  }
}

/** Up to here comparing one by one is as fast as a Map, and packing saves much. See bench/hash-set-containers.ts. */
export const UNINDEXED_MAX_SIZE = 16;

const UNCOUNTED = -1;
/** Either of those below. */
const OBJECT_BYTES = objectBytes(10);

/** Dense keys and nothing else. */
export class DenseSet extends DenseKeys {
  /** Whether nothing was added or moved since {@link sort}. */
  #isSorted = false;

  static unpack(packed: Packed): DenseSet {
    const members = new DenseSet(packedTag(packed), undefined, unpack(packed));
    members.packed = packed;
    return members;
  }

  /** Appends the key unless it is there; whether it was new. O(1). */
  add(key: ByteString): boolean {
    if (this.positionOf(key) >= 0) return false;
    this.append(key);
    this.#isSorted = false;
    return true;
  }

  override delete(key: ByteString): boolean {
    this.#isSorted = false;
    return super.delete(key);
  }

  /**
   * Has the keys at positions in this order, which must always be the same one; not while a scan goes by positions.
   * O(n log n), O(1) if nothing has changed since.
   */
  sort(compare: (a: ByteString, b: ByteString) => number): void {
    if (this.#isSorted) return;
    this.#isSorted = true;
    const { index, keys } = this;
    if (keys.every((key, at) => at === 0 || compare(keys[at - 1]!, key) < 0)) return;
    this.packed = undefined;
    keys.sort(compare);
    if (index !== undefined) for (let at = 0; at < keys.length; at++) index.set(keys[at]!, at);
  }

  /** In packed form, provided it is packable. */
  pack(): Packed {
    const packed = this.packed;
    if (packed !== undefined && packedTag(packed) === this.tag) return packed;
    this.packed = packTexts(this.tag, this.keys);
    return this.packed;
  }

  clone(): DenseSet {
    const copy = new DenseSet(this.tag, this.index && new Map(this.index), this.keys.slice());
    if (!this.packable) copy.stopPacking();
    return copy;
  }

  /** What makes a {@link clone} of what is here now, later. O(n), but without the index, which is most of the work. */
  save(): () => DenseSet {
    const { tag, packable, isIndexed } = this;
    const keys = this.keys.slice();
    return () => {
      const copy = new DenseSet(tag, isIndexed ? indexOf(keys) : undefined, keys);
      if (!packable) copy.stopPacking();
      return copy;
    };
  }
}

function indexOf(keys: readonly ByteString[]): Map<ByteString, number> {
  const index = new Map<ByteString, number>();
  for (let at = 0; at < keys.length; at++) index.set(keys[at]!, at);
  return index;
}

/** Dense keys with a value at each position: there are as many values as keys, always. */
export class DenseTable extends DenseKeys {
  readonly #values: ByteString[];

  private constructor(
    tag: number,
    index: Map<ByteString, number> | undefined,
    keys: ByteString[],
    values: ByteString[],
  ) {
    super(tag, index, keys);
    this.#values = values;
  }

  static unpack(packed: Packed): DenseTable {
    const texts = unpack(packed);
    const keys: ByteString[] = [];
    const values: ByteString[] = [];
    for (let at = 0; at < texts.length; at += 2) {
      keys.push(texts[at]!);
      values.push(texts[at + 1]!);
    }
    const table = new DenseTable(packedTag(packed), undefined, keys, values);
    table.packed = packed;
    return table;
  }

  get(key: ByteString): ByteString | undefined {
    const position = this.positionOf(key);
    return position < 0 ? undefined : this.#values[position];
  }

  valueAt(position: number): ByteString {
    return this.#values[position]!;
  }

  /** Whether the key was new. O(1). */
  set(key: ByteString, value: ByteString): boolean {
    if (value.length > PACKED_TEXT_MAX_LENGTH) this.stopPacking();
    const position = this.positionOf(key);
    if (position >= 0) {
      this.packed = undefined;
      if (this.counted !== UNCOUNTED) this.#countReplaced(this.#values[position]!, value);
      this.#values[position] = value;
      return false;
    }
    this.append(key);
    this.#values.push(value);
    if (this.counted !== UNCOUNTED) this.countIn(value);
    return true;
  }

  /** In packed form, provided it is packable. */
  pack(): Packed {
    const packed = this.packed;
    if (packed !== undefined && packedTag(packed) === this.tag) return packed;
    this.packed = packPairs(this.tag, this.keys, this.#values);
    return this.packed;
  }

  clone(): DenseTable {
    const index = this.index && new Map(this.index);
    const copy = new DenseTable(this.tag, index, this.keys.slice(), this.#values.slice());
    if (!this.packable) copy.stopPacking();
    return copy;
  }

  /** What makes a {@link clone} of what is here now, later. O(n), but without the index, which is most of the work. */
  save(): () => DenseTable {
    const { tag, packable, isIndexed } = this;
    const keys = this.keys.slice();
    const values = this.#values.slice();
    return () => {
      const copy = new DenseTable(tag, isIndexed ? indexOf(keys) : undefined, keys, values);
      if (!packable) copy.stopPacking();
      return copy;
    };
  }

  override checkInvariants(): void {
    super.checkInvariants();
    if (this.#values.length !== this.keys.length)
      throw new Error('dense table: keys and values differ in number');
    if (this.packable) this.checkLengths(this.#values);
  }

  override get heapBytes(): number {
    const bytes = super.heapBytes;
    return this.packable ? bytes : bytes + pushedArrayBytes(this.#values.length);
  }

  #countReplaced(old: ByteString, value: ByteString): void {
    this.countOut(old);
    if (this.counted !== UNCOUNTED) this.countIn(value);
  }

  protected override forEachText(visit: (text: ByteString) => void): void {
    super.forEachText(visit);
    for (const value of this.#values) visit(value);
  }

  protected override packedLength(): number {
    let length = super.packedLength() + this.#values.length;
    for (const value of this.#values) length += value.length;
    return length;
  }

  protected override removeAt(position: number, key: ByteString): void {
    if (this.index !== undefined) {
      if (this.counted !== UNCOUNTED) this.countOut(this.#values[position]!);
      const values = this.#values;
      const last = values.pop()!;
      if (position < values.length) values[position] = last;
    }
    super.removeAt(position, key);
  }

  protected override closeAt(position: number, key: ByteString): void {
    if (this.counted !== UNCOUNTED) this.countOut(this.#values[position]!);
    closeGap(this.#values, position);
    super.closeAt(position, key);
  }
}

function closeGap(texts: ByteString[], gap: number): void {
  for (let position = gap + 1; position < texts.length; position++) texts[position - 1] = texts[position]!;
  texts.pop();
}
