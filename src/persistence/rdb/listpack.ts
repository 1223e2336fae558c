import { type ByteString, byteLength, fromBytes, writeBytes } from '../../bytes/byte-string.ts';
import { type Integer, parseInteger } from '../../numbers/integer.ts';
import { joinSigned } from './byte-reader.ts';
import { CorruptValue, demand } from './corrupt-value.ts';

/**
 * Listpacks: a few strings and integers in one array of bytes, in which Redis keeps small collections, the nodes of lists
 * and the blocks of streams.
 *
 *     listpack   total bytes 4 │ entries 2 │ entry … entry │ FF
 *     entry      header and content │ their length, to go backwards by
 *
 *     0nnnnnnn                      an integer of 7 bits, 0 … 127
 *     10llllll                      a string of up to 63 bytes
 *     110nnnnn nnnnnnnn             a signed integer of 13 bits
 *     1110llll llllllll             a string of up to 4095 bytes
 *     F0 and four bytes of length   any string
 *     F1, F2, F3, F4                a signed integer of 2, 3, 4, 8 bytes
 *
 * What is of several bytes is little endian, but for the two forms whose length begins in the header. The number of entries
 * is 65535 where there are so many or more. The length at an entry's end takes seven bits of each byte, the highest first,
 * and every byte but the first has its top bit set. Text that spells an integer of 64 bits is always kept as that.
 */
export class ListpackWriter {
  #buffer = new Uint8Array(FIRST_ROOM_BYTES);
  #length = HEADER_BYTES;
  #count = 0;

  /** How many entries there are. */
  get count(): number {
    return this.#count;
  }

  /** How many bytes the listpack takes. */
  get length(): number {
    return this.#length + END_BYTES;
  }

  /** O(length). */
  add(value: ByteString): void {
    const first = value.charCodeAt(0);
    if (first >= MINUS && first <= NINE && value.length <= LONGEST_INTEGER) {
      const integer = parseInteger(value);
      if (integer !== undefined) {
        this.addInteger(integer);
        return;
      }
    }
    if (value.length >= 64 || !this.#addShort(value)) this.#addString(value, byteLength(value));
  }

  addInteger(value: Integer): void {
    this.#grow(LONGEST_INTEGER_BYTES);
    const buffer = this.#buffer;
    let at = this.#length;
    if (typeof value === 'bigint') {
      buffer[at++] = INTEGER_64;
      at = this.#put(at, 4, Number(BigInt.asIntN(32, value)));
      at = this.#put(at, 4, Number(BigInt.asIntN(32, value >> 32n)));
    } else if (value >= 0 && value <= 127) {
      buffer[at++] = value;
    } else if (value >= -4096 && value <= 4095) {
      buffer[at++] = INTEGER_13 | ((value >> 8) & 0x1f);
      buffer[at++] = value;
    } else if (value >= -32768 && value <= 32767) {
      buffer[at++] = INTEGER_16;
      at = this.#put(at, 2, value);
    } else if (value >= -(2 ** 23) && value < 2 ** 23) {
      buffer[at++] = INTEGER_24;
      at = this.#put(at, 3, value);
    } else if (value >= -(2 ** 31) && value < 2 ** 31) {
      buffer[at++] = INTEGER_32;
      at = this.#put(at, 4, value);
    } else {
      buffer[at++] = INTEGER_64;
      at = this.#put(at, 4, value % 2 ** 32);
      at = this.#put(at, 4, Math.floor(value / 2 ** 32));
    }
    // None takes so many bytes that their number would take more than one.
    buffer[at] = at - this.#length;
    this.#length = at + 1;
    this.#count++;
  }

  /** Ends the listpack: its bytes, for reading only, until the next {@link clear}. */
  end(): Uint8Array {
    this.#grow(END_BYTES);
    const total = this.#length + END_BYTES;
    this.#buffer[this.#length] = END;
    this.#put(0, 4, total);
    this.#put(4, 2, Math.min(this.#count, UNKNOWN_COUNT));
    return this.#buffer.subarray(0, total);
  }

  /** Begins a new one; keeps the room of the old unless that is large. */
  clear(): void {
    this.#length = HEADER_BYTES;
    this.#count = 0;
    if (this.#buffer.length > LARGEST_ROOM_KEPT_BYTES) this.#buffer = new Uint8Array(FIRST_ROOM_BYTES);
  }

  /** Adds ASCII of less than 64 bytes in one go; whether it is that. */
  #addShort(value: ByteString): boolean {
    const length = value.length;
    this.#grow(length + 2);
    const buffer = this.#buffer;
    const start = this.#length + 1;
    for (let at = 0; at < length; at++) {
      const unit = value.charCodeAt(at);
      if (unit > 0x7f) return false;
      buffer[start + at] = unit;
    }
    buffer[start - 1] = STRING_6 | length;
    buffer[start + length] = length + 1;
    this.#length = start + length + 1;
    this.#count++;
    return true;
  }

  #addString(value: ByteString, length: number): void {
    this.#grow(length + MOST_OVERHEAD_BYTES);
    const buffer = this.#buffer;
    const start = this.#length;
    let at = start;
    if (length < 64) {
      buffer[at++] = STRING_6 | length;
    } else if (length < 4096) {
      buffer[at++] = STRING_12 | (length >> 8);
      buffer[at++] = length;
    } else {
      buffer[at++] = STRING_32;
      at = this.#put(at, 4, length);
    }
    at = writeBytes(value, buffer, at);
    const encodedBytes = at - start;
    for (let left = backLengthBytes(encodedBytes) - 1, mark = 0; left >= 0; left--, mark = 0x80) {
      buffer[at++] = mark | ((encodedBytes >>> (7 * left)) & 127);
    }
    this.#length = at;
    this.#count++;
  }

  /** Puts so many low bytes of a number there, little endian; where they end. */
  #put(at: number, bytes: number, value: number): number {
    for (let index = 0; index < bytes; index++) this.#buffer[at + index] = value >>> (8 * index);
    return at + bytes;
  }

  #grow(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}

let shared: ListpackWriter | undefined;

/** One writer that all take who are done with it before anybody else writes a listpack, as values' forms are. */
export function freshListpackWriter(): ListpackWriter {
  shared ??= new ListpackWriter();
  shared.clear();
  return shared;
}

/** The listpack of these values. O(bytes). */
export function encodeListpack(values: Iterable<ByteString | Integer>): Uint8Array {
  const writer = new ListpackWriter();
  for (const value of values) {
    if (typeof value === 'string') writer.add(value);
    else writer.addInteger(value);
  }
  return writer.end().slice();
}

/**
 * The entries of a listpack, integers as their text. Everything that the bytes say is checked. O(bytes).
 *
 * @throws CorruptValue if they are no listpack
 */
export function decodeListpack(bytes: Uint8Array): ByteString[] {
  const reader = new ListpackReader(bytes);
  const values: ByteString[] = [];
  while (reader.next()) values.push(reader.text());
  return values;
}

/** The same with integers as integers. @throws CorruptValue if they are no listpack */
export function decodeListpackEntries(bytes: Uint8Array): (ByteString | Integer)[] {
  const reader = new ListpackReader(bytes);
  const values: (ByteString | Integer)[] = [];
  while (reader.next()) values.push(reader.isText ? reader.text() : reader.integer()!);
  return values;
}

/**
 * Goes from entry to entry: {@link next}, and then {@link text} or {@link integer} of it as often as one likes. Everything
 * that the bytes say is checked, but only as far as it has come: what is read is good when `next` has answered `false`.
 */
export class ListpackReader {
  /** How many entries have been read. */
  count = 0;
  readonly #bytes: Uint8Array;
  /** Where the end is. */
  readonly #end: number;
  /** Where the entry begins, its content, and the next entry. */
  #at = HEADER_BYTES;
  #contentAt = HEADER_BYTES;
  #next = HEADER_BYTES;
  /** Of a string its bytes, of an integer -1. */
  #length = 0;

  /** @throws CorruptValue if the bytes do not begin and end as a listpack's */
  constructor(bytes: Uint8Array) {
    const total = bytes.length;
    demand(total >= HEADER_BYTES + END_BYTES, 'a listpack without a header');
    demand(readUint32(bytes, 0) === total, 'a listpack of another size than it says');
    this.#bytes = bytes;
    this.#end = total - END_BYTES;
    demand(bytes[this.#end] === END, 'a listpack without an end');
  }

  /** How many bytes of entries there still are. */
  get remainingBytes(): number {
    return this.#end - this.#next;
  }

  /** Whether there is one more entry; goes to it. @throws CorruptValue if it makes no sense */
  next(): boolean {
    const bytes = this.#bytes;
    const at = this.#next;
    const end = this.#end;
    if (at >= end) {
      const stated = bytes[4]! | (bytes[5]! << 8);
      demand(stated === UNKNOWN_COUNT || stated === this.count, 'a listpack with another number of entries');
      return false;
    }
    const first = bytes[at]!;
    let contentAt = at + 1;
    let next = contentAt;
    let length = -1;
    // Integers of 7 bits need nothing more.
    if (first >= STRING_6) {
      if (first < INTEGER_13) {
        length = first & 0x3f;
        next = contentAt + length;
      } else if (first < STRING_12) {
        next = contentAt + 1;
      } else if (first < STRING_32) {
        length = ((first & 0x0f) << 8) | bytes[contentAt]!;
        contentAt++;
        next = contentAt + length;
      } else if (first === STRING_32) {
        demand(at + 5 <= end, 'a listpack entry that is too long');
        length = readUint32(bytes, contentAt);
        contentAt += 4;
        next = contentAt + length;
      } else if (first <= INTEGER_64) {
        next = contentAt + (first === INTEGER_64 ? 8 : first - INTEGER_16 + 2);
      } else throw new CorruptValue('a listpack entry in an unknown form');
    }
    const encodedBytes = next - at;
    if (encodedBytes <= 127) {
      demand(next < end, 'a listpack entry that is too long');
      demand(bytes[next] === encodedBytes, 'a listpack that cannot be read backwards');
      next++;
    } else {
      demand(next + backLengthBytes(encodedBytes) <= end, 'a listpack entry that is too long');
      checkBackLength(bytes, next, encodedBytes);
      next += backLengthBytes(encodedBytes);
    }
    this.#at = at;
    this.#contentAt = contentAt;
    this.#length = length;
    this.#next = next;
    this.count++;
    return true;
  }

  /** Whether the entry is kept as text: it may spell an integer all the same. */
  get isText(): boolean {
    return this.#length >= 0;
  }

  /** The entry, an integer as its text. */
  text(): ByteString {
    const length = this.#length;
    const contentAt = this.#contentAt;
    if (length >= 0) return fromBytes(this.#bytes, contentAt, contentAt + length);
    return String(integerAt(this.#bytes, this.#at));
  }

  /** The integer, also one that text spells; or undefined if it is none. */
  integer(): Integer | undefined {
    return this.#length < 0 ? integerAt(this.#bytes, this.#at) : parseInteger(this.text());
  }
}

function integerAt(bytes: Uint8Array, at: number): Integer {
  const first = bytes[at]!;
  if (first < STRING_6) return first;
  switch (first) {
    case INTEGER_16:
      return ((bytes[at + 1]! | (bytes[at + 2]! << 8)) << 16) >> 16;
    case INTEGER_24:
      return ((bytes[at + 1]! | (bytes[at + 2]! << 8) | (bytes[at + 3]! << 16)) << 8) >> 8;
    case INTEGER_32:
      return readUint32(bytes, at + 1) | 0;
    case INTEGER_64:
      return joinSigned(readUint32(bytes, at + 5) | 0, readUint32(bytes, at + 1));
    default:
      return ((((first & 0x1f) << 8) | bytes[at + 1]!) << 19) >> 19;
  }
}

function checkBackLength(bytes: Uint8Array, at: number, encodedBytes: number): void {
  const count = backLengthBytes(encodedBytes);
  let value = 0;
  for (let index = 0; index < count; index++) {
    const byte = bytes[at + index]!;
    demand(byte >= 128 === index > 0, 'a listpack that cannot be read backwards');
    value = value * 128 + (byte & 127);
  }
  demand(value === encodedBytes, 'a listpack that cannot be read backwards');
}

/** One less than what fits into so many bytes already takes the next byte, but for the first. */
function backLengthBytes(encodedBytes: number): number {
  if (encodedBytes <= 127) return 1;
  if (encodedBytes < 16383) return 2;
  if (encodedBytes < 2097151) return 3;
  return encodedBytes < 268435455 ? 4 : 5;
}

function readUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

const HEADER_BYTES = 6;
const END_BYTES = 1;
const END = 0xff;
const UNKNOWN_COUNT = 65535;
const STRING_6 = 0x80;
const INTEGER_13 = 0xc0;
const STRING_12 = 0xe0;
const STRING_32 = 0xf0;
const INTEGER_16 = 0xf1;
const INTEGER_24 = 0xf2;
const INTEGER_32 = 0xf3;
const INTEGER_64 = 0xf4;
const LONGEST_INTEGER = 20;
/** With header and length. */
const LONGEST_INTEGER_BYTES = 10;
/** Of a string: its header and its length. */
const MOST_OVERHEAD_BYTES = 10;
const FIRST_ROOM_BYTES = 512;
const LARGEST_ROOM_KEPT_BYTES = 65_536;
const MINUS = 0x2d;
const NINE = 0x39;
