import { type ByteString, fromBytes, LONGEST_TEXT } from '../../bytes/byte-string.ts';
import type { Integer } from '../../numbers/integer.ts';
import { toUnsigned } from '../../numbers/unsigned.ts';
import { CorruptValue, demand } from './corrupt-value.ts';

/**
 * Reads bytes one after the other. Nothing is believed: every read first looks whether so many bytes are left.
 *
 * Every method throws {@link CorruptValue} where they are not.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  /** Up to where there would have had to be bytes for the reads that failed; 0 while none has. */
  wantedEnd = 0;
  #at: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.#at = start;
    this.end = end;
  }

  /** Where in the bytes the next read begins. */
  get position(): number {
    return this.#at;
  }

  /** How many bytes are left. */
  get remaining(): number {
    return this.end - this.#at;
  }

  readByte(): number {
    const at = this.#at;
    if (at >= this.end) throw this.#endsTooEarly(1);
    this.#at = at + 1;
    return this.bytes[at]!;
  }

  /** The next `length` bytes: a view, which shares its memory with what is read. */
  readBytes(length: number): Uint8Array {
    const at = this.skip(length);
    return this.bytes.subarray(at, at + length);
  }

  /** The next `length` bytes as a byte string. */
  readText(length: number): ByteString {
    demand(length <= LONGEST_TEXT, 'a string that is too long');
    const at = this.skip(length);
    return fromBytes(this.bytes, at, at + length);
  }

  /** Goes past `length` bytes; where they began. */
  skip(length: number): number {
    const at = this.#at;
    // Also of a length that is negative or NaN.
    if (!(length >= 0 && length <= this.end - at)) throw this.#endsTooEarly(length);
    this.#at = at + length;
    return at;
  }

  /** @throws CorruptValue unless so many bytes are left */
  requireRemaining(bytes: number, otherwise: string): void {
    if (bytes <= this.end - this.#at) return;
    this.#endsTooEarly(bytes);
    throw new CorruptValue(otherwise);
  }

  #endsTooEarly(bytes: number): CorruptValue {
    this.wantedEnd = Math.max(this.wantedEnd, this.#at + bytes);
    return new CorruptValue('the bytes end too early');
  }

  /** Little endian, as the others are. */
  readUint16(): number {
    const at = this.skip(2);
    return this.bytes[at]! | (this.bytes[at + 1]! << 8);
  }

  readInt16(): number {
    return (this.readUint16() << 16) >> 16;
  }

  readUint32(): number {
    return this.readInt32() >>> 0;
  }

  readInt32(): number {
    const at = this.skip(4);
    const bytes = this.bytes;
    return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  }

  /** Exact. */
  readUint64(): Integer {
    const low = this.readUint32();
    return joinUnsigned(this.readUint32(), low);
  }

  /** Exact. */
  readInt64(): Integer {
    const low = this.readUint32();
    return joinSigned(this.readInt32(), low);
  }

  readUint32BigEndian(): number {
    const at = this.skip(4);
    const bytes = this.bytes;
    return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
  }

  /** A double, little endian. */
  readFloat64(): number {
    conversion.setInt32(0, this.readInt32(), true);
    conversion.setInt32(4, this.readInt32(), true);
    return conversion.getFloat64(0, true);
  }
}

/** The unsigned integer of two halves of 32 bits each. */
export function joinUnsigned(high: number, low: number): Integer {
  if (high < HIGHEST_SAFE_HIGH) return high * TWO_TO_32 + low;
  return toUnsigned((BigInt(high) << 32n) | BigInt(low));
}

/** The signed integer of two halves, of which the high one is signed and the low one is not. */
export function joinSigned(high: number, low: number): Integer {
  if (high < HIGHEST_SAFE_HIGH && high >= -HIGHEST_SAFE_HIGH) {
    const value = high * TWO_TO_32 + low;
    // -2^53 itself is not safe.
    if (Number.isSafeInteger(value)) return value;
  }
  return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
}

const conversion = new DataView(new ArrayBuffer(8));
const TWO_TO_32 = 2 ** 32;
const HIGHEST_SAFE_HIGH = 2 ** 21;
