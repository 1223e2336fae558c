import { type ByteString, byteLength } from '../../bytes/byte-string.ts';
import { objectBytes } from '../../bytes/heap-bytes.ts';
import { textBytes } from '../../bytes/text-bytes.ts';
import type { ValueKind } from '../../keyspace/entry.ts';
import { LISTPACK_OVERHEAD_BYTES, listpackBytes, listpackEntryBytes } from '../listpack-size.ts';
import type { ListEnd } from './list-options.ts';
import { QuickList } from './quick-list.ts';

/**
 * What a key of type list holds: the elements, and which encoding Redis would keep them in.
 *
 * The elements are in a {@link QuickList} whichever it is. Redis begins with a listpack and makes it a quicklist when
 * it grows beyond `list-max-listpack-size`; it goes back only when it has shrunk to half of that. So the encoding
 * depends on the past, and is kept up to date rather than worked out when somebody asks.
 *
 *     bytes   0 ───────────── limit / 2 ───────────── limit ──────→
 *             listpack            either: as it was       quicklist
 *
 * To say how many bytes a listpack takes, one must look at every character. While a bound on them decides as well,
 * the bound is kept instead: a listpack asks whether it still fits, so what it takes at most; a quicklist asks
 * whether it fits again, so what it takes at least.
 *
 * Growth is looked at before a change and with the raw length of what comes, shrinking once after it; both as Redis
 * does. One thing is simpler than there: Redis turns a quicklist back only when all is in its one last node, which
 * depends on how it happened to grow; here the sizes alone decide.
 *
 * `maxListpackSize`, wherever it is asked for, is the setting `list-max-listpack-size` at the moment of the call.
 *
 * Invariants:
 *
 * 1. `bytes` is a listpack's overhead and, for each element, {@link measure}: its exact listpack entry if `isExact`;
 *    otherwise at most ({@link mostEntryBytes}) in a listpack, at least ({@link leastEntryBytes}) in a quicklist.
 * 2. `textsBytes` is {@link UNCOUNTED} until {@link heapBytes} is asked for, then what the elements take here.
 */
export class ListValue {
  readonly elements: QuickList;
  private isListpack = true;
  private isExact = false;
  private bytes = LISTPACK_OVERHEAD_BYTES;
  private textsBytes = UNCOUNTED;

  /** An empty list. ({@link clone} gives elements, and then says what is known of them.) */
  constructor(elements: QuickList = new QuickList()) {
    this.elements = elements;
  }

  /** A list of these elements in the given encoding. O(values). */
  static of(values: readonly ByteString[], encoding: 'listpack' | 'quicklist'): ListValue {
    const list = new ListValue();
    for (const value of values) list.elements.pushTail(value);
    list.isListpack = encoding === 'listpack';
    list.recount(false);
    return list;
  }

  /** A list of these elements: a listpack if that is not too large. O(values). */
  static fitting(values: readonly ByteString[], maxListpackSize: number): ListValue {
    const list = ListValue.of(values, 'listpack');
    if (!exceedsListpackSize(maxListpackSize, list.bytes, list.size)) return list;
    const bytes = listpackBytes(list.elements, limitBytes(maxListpackSize));
    if (exceedsListpackSize(maxListpackSize, bytes, list.size)) list.becomeQuicklist();
    return list;
  }

  get size(): number {
    return this.elements.size;
  }

  /** What OBJECT ENCODING answers. */
  get encoding(): 'listpack' | 'quicklist' {
    return this.isListpack ? 'listpack' : 'quicklist';
  }

  /** Adds an element at an end. O(1) amortised. */
  push(end: ListEnd, value: ByteString, maxListpackSize: number): void {
    this.prepareFor(value, maxListpackSize);
    if (end === 'left') this.elements.pushHead(value);
    else this.elements.pushTail(value);
    this.bytes += this.measure(value);
    if (this.textsBytes !== UNCOUNTED) this.textsBytes += textBytes(value);
    if (this.isExact) this.loosen(maxListpackSize);
  }

  /** Adds elements at an end, one after the other. O(values) amortised. */
  pushAll(end: ListEnd, values: readonly ByteString[], maxListpackSize: number): void {
    this.prepareForAll(values, maxListpackSize);
    const elements = this.elements;
    for (const value of values) {
      if (end === 'left') elements.pushHead(value);
      else elements.pushTail(value);
      this.bytes += this.measure(value);
      if (this.textsBytes !== UNCOUNTED) this.textsBytes += textBytes(value);
    }
    if (this.isExact) this.loosen(maxListpackSize);
  }

  /** Removes and returns the element at an end, of a list that has one. {@link shrink} is the caller's. O(1) amortised. */
  pop(end: ListEnd): ByteString {
    const value = (end === 'left' ? this.elements.popHead() : this.elements.popTail())!;
    this.bytes -= this.measure(value);
    if (this.textsBytes !== UNCOUNTED) this.textsBytes -= textBytes(value);
    return value;
  }

  /** Makes `value` the element at `index`, 0 <= index <= size. {@link prepareFor} is the caller's. */
  insert(index: number, value: ByteString): void {
    this.elements.insert(index, value);
    this.bytes += this.measure(value);
    if (this.textsBytes !== UNCOUNTED) this.textsBytes += textBytes(value);
  }

  /** Replaces the element at `index`, 0 <= index < size. {@link prepareFor} and {@link shrink} are the caller's. */
  replace(index: number, value: ByteString): void {
    const old = this.elements.get(index);
    this.bytes += this.measure(value) - this.measure(old);
    if (this.textsBytes !== UNCOUNTED) this.textsBytes += textBytes(value) - textBytes(old);
    this.elements.set(index, value);
  }

  /**
   * Removes `count` elements from `start` on, which exist. {@link shrink} is the caller's.
   * O(the fewer of those that go and those that stay).
   */
  deleteRange(start: number, count: number): void {
    const elements = this.elements;
    const isCounted = this.textsBytes !== UNCOUNTED;
    if (count <= elements.size >> 1) {
      elements.forEach(start, count, (value) => {
        this.bytes -= this.measure(value);
        if (isCounted) this.textsBytes -= textBytes(value);
      });
      elements.deleteRange(start, count);
    } else {
      elements.deleteRange(start, count);
      this.recount(this.isExact);
      if (isCounted) this.textsBytes = this.countTexts();
    }
  }

  /** As {@link QuickList.removeMatching}. {@link shrink} is the caller's. */
  removeMatching(value: ByteString, count: number): number {
    const removed = this.elements.removeMatching(value, count);
    if (removed > 0) {
      this.bytes -= removed * this.measure(value);
      if (this.textsBytes !== UNCOUNTED) this.textsBytes -= removed * textBytes(value);
    }
    return removed;
  }

  /** An element is about to be added or put in another's place: becomes a quicklist if it would be too much. */
  prepareFor(value: ByteString, maxListpackSize: number): void {
    if (!this.isListpack) return;
    const most = this.bytes + MOST_BYTES_OF_UNIT * value.length;
    if (!exceedsListpackSize(maxListpackSize, most, this.elements.size + 1)) return;
    if (!this.isExact) this.recount(true);
    if (exceedsListpackSize(maxListpackSize, this.bytes + byteLength(value), this.elements.size + 1))
      this.becomeQuicklist();
  }

  /** The same for several that one command adds. */
  private prepareForAll(values: readonly ByteString[], maxListpackSize: number): void {
    if (!this.isListpack) return;
    const size = this.elements.size + values.length;
    const limit = limitBytes(maxListpackSize);
    let bytes = this.bytes;
    for (let at = 0; at < values.length && bytes <= limit; at++)
      bytes += MOST_BYTES_OF_UNIT * values[at]!.length;
    if (!exceedsListpackSize(maxListpackSize, bytes, size)) return;
    if (!this.isExact) this.recount(true);
    bytes = this.bytes;
    for (let at = 0; at < values.length && bytes <= limit; at++) bytes += byteLength(values[at]!);
    if (exceedsListpackSize(maxListpackSize, bytes, size)) this.becomeQuicklist();
  }

  private becomeQuicklist(): void {
    this.isListpack = false;
    this.recount(false);
  }

  /** Elements have gone: becomes a listpack again if it is small enough. */
  shrink(maxListpackSize: number): void {
    if (!this.isListpack) {
      if (!hasShrunk(maxListpackSize, this.bytes, this.elements.size)) return;
      if (!this.isExact) this.recount(true);
      if (!hasShrunk(maxListpackSize, this.bytes, this.elements.size)) return;
      this.isListpack = true;
    }
    if (this.isExact) this.loosen(maxListpackSize);
  }

  /** Goes back to a bound where that will decide as well for a while. */
  private loosen(maxListpackSize: number): void {
    const limit = limitBytes(maxListpackSize);
    if (this.isListpack ? this.bytes <= limit >> LOOSE_SHIFT : this.bytes > limit << LOOSE_SHIFT)
      this.recount(false);
  }

  /** O(size). */
  private recount(isExact: boolean): void {
    this.isExact = isExact;
    this.bytes = this.count();
  }

  private count(): number {
    if (this.isExact) return listpackBytes(this.elements, Number.POSITIVE_INFINITY);
    let bytes = LISTPACK_OVERHEAD_BYTES;
    this.elements.forEach(0, this.elements.size, (value) => {
      bytes += this.measure(value);
    });
    return bytes;
  }

  private measure(value: ByteString): number {
    if (this.isExact) return listpackEntryBytes(value);
    return this.isListpack ? mostEntryBytes(value) : leastEntryBytes(value);
  }

  /** About how many bytes of the host's memory it takes. O(size) when first asked; from then on it is kept, and O(1). */
  get heapBytes(): number {
    if (this.textsBytes === UNCOUNTED) this.textsBytes = this.countTexts();
    return OBJECT_BYTES + this.elements.heapBytes + this.textsBytes;
  }

  private countTexts(): number {
    let bytes = 0;
    this.elements.forEach(0, this.elements.size, (value) => {
      bytes += textBytes(value);
    });
    return bytes;
  }

  /** An independent copy, of the same encoding. O(size). */
  clone(): ListValue {
    const copy = new ListValue(this.elements.clone());
    copy.isListpack = this.isListpack;
    copy.isExact = this.isExact;
    copy.bytes = this.bytes;
    return copy;
  }

  /** For tests. O(size). @throws Error if an invariant is broken. */
  checkInvariants(): void {
    this.elements.checkInvariants();
    if (this.bytes !== this.count()) throw new Error(`${this.bytes} bytes instead of ${this.count()}`);
    if (this.textsBytes !== UNCOUNTED && this.textsBytes !== this.countTexts())
      throw new Error(`texts of ${this.textsBytes} bytes instead of ${this.countTexts()}`);
    const exact = listpackBytes(this.elements, Number.POSITIVE_INFINITY);
    if (this.isListpack ? exact > this.bytes : exact < this.bytes) throw new Error('not a bound');
  }
}

/** The list type. */
export const LIST: ValueKind<ListValue> = {
  type: 'list',
  isEmpty: (value) => value.elements.size === 0,
  size: (value) => value.elements.size,
  clone: (value) => value.clone(),
  heapBytes: (value) => value.heapBytes,
  encoding: (value) => value.encoding,
  elements: (value) => value.elements.toArray(),
};

const UNCOUNTED = -1;
const OBJECT_BYTES = objectBytes(5);

const MOST_BYTES_OF_UNIT = 3;
/** Up to here, text that begins like an integer can be one. */
const LONGEST_INTEGER = 20;
const MINUS = 0x2d;
const NINE = 0x39;

/** What the listpack entry of this element takes at most, and never more than seven times what it does. O(1). */
function mostEntryBytes(value: ByteString): number {
  const length = value.length;
  // Up to 63 bytes have a header and a length of one byte each; five and five is the most there is.
  return MOST_BYTES_OF_UNIT * length + (length <= LONGEST_INTEGER ? 2 : 10);
}

/** What the listpack entry of this element takes at least, and never less than a quarter of what it does. O(1). */
function leastEntryBytes(value: ByteString): number {
  const length = value.length;
  if (length > LONGEST_INTEGER) return length + 2;
  const first = value.charCodeAt(0);
  // An integer of so many characters takes no fewer bytes, header and length included.
  return first >= MINUS && first <= NINE ? 2 + (length >> 2) : length + 2;
}

/**
 * A listpack that takes no more than the limit shifted down by this, and a quicklist that takes more than the limit
 * shifted up by this, are described well enough by bounds: these are off by a factor below 2 ** LOOSE_SHIFT.
 */
const LOOSE_SHIFT = 3;

/** Where `list-max-listpack-size` counts elements, a listpack still takes no more than this. */
const SAFETY_LIMIT_BYTES = 8192;
const KIB = 1024;

/** What `list-max-listpack-size` means in bytes: -1 … -5 are 4, 8, 16, 32, 64 KiB. */
function limitBytes(maxListpackSize: number): number {
  return maxListpackSize >= 0 ? SAFETY_LIMIT_BYTES : (2 * KIB) << Math.min(-maxListpackSize, 5);
}

/** What it means in elements; 0 is taken for 1. */
function limitCount(maxListpackSize: number): number {
  return maxListpackSize >= 0 ? Math.max(1, maxListpackSize) : Number.POSITIVE_INFINITY;
}

/** Whether a listpack of so many bytes and elements is more than the setting allows. */
export function exceedsListpackSize(maxListpackSize: number, bytes: number, count: number): boolean {
  return bytes > limitBytes(maxListpackSize) || count > limitCount(maxListpackSize);
}

function hasShrunk(maxListpackSize: number, bytes: number, count: number): boolean {
  if (maxListpackSize < 0) return bytes <= limitBytes(maxListpackSize) >> 1;
  return bytes <= SAFETY_LIMIT_BYTES && count <= limitCount(maxListpackSize) >> 1;
}
