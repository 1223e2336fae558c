import { type ByteString, byteLength, fromBytes, toBytes, writeBytes } from '../../bytes/byte-string.ts';
import { objectBytes, typedArrayBytes } from '../../bytes/heap-bytes.ts';

/**
 * A string that is edited in place: what APPEND and SETRANGE leave behind, and what holds large binary values.
 *
 *     buffer  [ b0 b1 b2 … b(length-1) | spare ]
 *
 * Invariant: the value is `buffer[0, length)`; the spare bytes behind it are zero.
 * Appending n bytes in all costs O(n): the buffer doubles, up to a megabyte of spare at a time.
 */
export class RawString {
  private buffer: Uint8Array;
  private used: number;
  private untouched: boolean;

  private constructor(buffer: Uint8Array, used: number, untouched: boolean) {
    this.buffer = buffer;
    this.used = used;
    this.untouched = untouched;
  }

  /** Holds the bytes this string stands for. O(n). */
  static from(value: ByteString): RawString {
    const bytes = toBytes(value);
    return new RawString(bytes, bytes.length, false);
  }

  /** The same for a value that was made in one piece: Redis calls it `raw` only once it has been edited. */
  static madeOf(value: ByteString): RawString {
    const bytes = toBytes(value);
    return new RawString(bytes, bytes.length, true);
  }

  /** Holds these very bytes, in which a value was made in one piece; they are handed over. */
  static madeOfBytes(bytes: Uint8Array): RawString {
    return new RawString(bytes, bytes.length, true);
  }

  /** Holds these very bytes, which are handed over: nobody else changes them from now on. */
  static of(bytes: Uint8Array): RawString {
    return new RawString(bytes, bytes.length, false);
  }

  /** So many zero bytes. */
  static zeros(length: number): RawString {
    return new RawString(new Uint8Array(length), length, false);
  }

  get length(): number {
    return this.used;
  }

  /** Whether it is as it was made. */
  get isUntouched(): boolean {
    return this.untouched;
  }

  /** The bytes, for reading only, until the next change. */
  get bytes(): Uint8Array {
    return this.used === this.buffer.length ? this.buffer : this.buffer.subarray(0, this.used);
  }

  /** The byte at this index, `undefined` where there is none. */
  byteAt(index: number): number | undefined {
    return index < this.used ? this.buffer[index] : undefined;
  }

  /** The bytes and, behind them, whatever zero bytes are spare: {@link bytes} without making an object of them. */
  get storage(): Uint8Array {
    return this.buffer;
  }

  /** Its inner form. Not kept: of bytes that are no text that would take more than they do. O(n). */
  toByteString(): ByteString {
    return fromBytes(this.buffer, 0, this.used);
  }

  /** Whether it is this string: without its inner form, which takes longer to make than the other's bytes. O(n). */
  equals(other: ByteString): boolean {
    if (byteLength(other) !== this.used) return false;
    const { buffer } = this;
    return toBytes(other).every((byte, at) => byte === buffer[at]);
  }

  /** The bytes `[start, end)`, both within the length. */
  slice(start: number, end: number): ByteString {
    return fromBytes(this.buffer, start, end);
  }

  /** Adds bytes behind the last one. Amortised O(n of the addition). */
  append(value: ByteString): void {
    this.write(this.used, value);
  }

  /** Writes bytes from `offset` on, which may lie beyond the end: what is between then is zero. */
  write(offset: number, value: ByteString): void {
    const end = offset + byteLength(value);
    this.grow(end);
    writeBytes(value, this.buffer, offset);
    this.used = Math.max(this.used, end);
    this.untouched = false;
  }

  /**
   * The bytes, to be changed in place by the caller at once: `length` of them if that is more than there are, zero where
   * they are new. O(1), amortised O(n of what is new) where it grows.
   */
  edit(length = 0): Uint8Array {
    this.grow(length);
    this.used = Math.max(this.used, length);
    this.untouched = false;
    return this.bytes;
  }

  /** Makes room for so many bytes, of which nothing shows. @throws RangeError if the host has not so much memory */
  reserve(length: number): void {
    this.grow(length);
  }

  /** Leaves the first `length` bytes only. O(n of what goes). */
  cut(length: number): void {
    this.buffer.fill(0, length, this.used);
    this.used = length;
    this.untouched = false;
  }

  /** Holds these bytes from now on, which nobody else may change. O(1). */
  replace(bytes: Uint8Array): void {
    this.buffer = bytes;
    this.used = bytes.length;
    this.untouched = false;
  }

  private grow(length: number): void {
    if (length <= this.buffer.length) return;
    const spare = Math.min(length, MAX_SPARE_BYTES);
    const larger = new Uint8Array(length + spare);
    larger.set(this.bytes);
    this.buffer = larger;
  }

  /** About how many bytes of the host's memory it takes. O(1). */
  get heapBytes(): number {
    return OBJECT_BYTES + typedArrayBytes(1, this.buffer.length);
  }

  clone(): RawString {
    return new RawString(this.buffer.slice(0, this.used), this.used, this.untouched);
  }

  checkInvariants(): void {
    if (this.used > this.buffer.length) throw new Error('length beyond the buffer');
    if (this.buffer.subarray(this.used).some((byte) => byte !== 0))
      throw new Error('spare bytes are not zero');
  }
}

const OBJECT_BYTES = objectBytes(3);
const MAX_SPARE_BYTES = 1024 * 1024;
