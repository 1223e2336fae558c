import { type ByteString, byteLength, fromBytes } from '../../bytes/byte-string.ts';
import { type Integer, parseInteger } from '../../numbers/integer.ts';
import { joinSigned } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
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
  readonly #writer = new ByteWriter(512);
  #count = 0;

  constructor() {
    this.clear();
  }

  /** How many entries there are. */
  get count(): number {
    return this.#count;
  }

  /** How many bytes the listpack takes. */
  get length(): number {
    return this.#writer.length + END_BYTES;
  }

  /** A string of so many bytes. O(length). */
  add(value: ByteString, length = byteLength(value)): void {
    const first = value.charCodeAt(0);
    if (first >= MINUS && first <= NINE && value.length <= LONGEST_INTEGER) {
      const integer = parseInteger(value);
      if (integer !== undefined) {
        this.addInteger(integer);
        return;
      }
    }
    const encodedBytes = this.#writeStringHeader(length);
    this.#writer.writeText(value, length);
    this.#finish(encodedBytes);
  }

  addInteger(value: Integer): void {
    const writer = this.#writer;
    if (typeof value === 'bigint') {
      writer.writeByte(INTEGER_64);
      writer.writeUint64(value);
      this.#finish(9);
    } else if (value >= 0 && value <= 127) {
      writer.writeByte(value);
      this.#finish(1);
    } else if (value >= -4096 && value <= 4095) {
      writer.writeByte(INTEGER_13 | ((value >> 8) & 0x1f));
      writer.writeByte(value);
      this.#finish(2);
    } else if (value >= -32768 && value <= 32767) {
      writer.writeByte(INTEGER_16);
      writer.writeUint16(value);
      this.#finish(3);
    } else if (value >= -(2 ** 23) && value < 2 ** 23) {
      writer.writeByte(INTEGER_24);
      writer.writeUint16(value);
      writer.writeByte(value >> 16);
      this.#finish(4);
    } else if (value >= -(2 ** 31) && value < 2 ** 31) {
      writer.writeByte(INTEGER_32);
      writer.writeUint32(value);
      this.#finish(5);
    } else {
      writer.writeByte(INTEGER_64);
      writer.writeUint64(value);
      this.#finish(9);
    }
  }

  /** Ends the listpack: its bytes, for reading only, until the next {@link clear}. */
  end(): Uint8Array {
    const writer = this.#writer;
    writer.writeByte(END);
    writer.patchUint32(0, writer.length);
    writer.patchUint16(4, Math.min(this.#count, UNKNOWN_COUNT));
    return writer.written;
  }

  /** Begins a new one. */
  clear(): void {
    this.#writer.clear();
    this.#writer.writeUint32(0);
    this.#writer.writeUint16(0);
    this.#count = 0;
  }

  /** How many bytes header and content take. */
  #writeStringHeader(length: number): number {
    const writer = this.#writer;
    if (length < 64) {
      writer.writeByte(STRING_6 | length);
      return length + 1;
    }
    if (length < 4096) {
      writer.writeByte(STRING_12 | (length >> 8));
      writer.writeByte(length);
      return length + 2;
    }
    writer.writeByte(STRING_32);
    writer.writeUint32(length);
    return length + 5;
  }

  #finish(encodedBytes: number): void {
    const writer = this.#writer;
    this.#count++;
    if (encodedBytes <= 127) {
      writer.writeByte(encodedBytes);
      return;
    }
    for (let left = backLengthBytes(encodedBytes) - 1, isFirst = true; left >= 0; left--, isFirst = false) {
      const seven = Math.floor(encodedBytes / 2 ** (7 * left)) & 127;
      writer.writeByte(isFirst ? seven : seven | 128);
    }
  }
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
  const values: ByteString[] = [];
  walkListpack(bytes, (start, length, integer) => {
    values.push(integer === undefined ? fromBytes(bytes, start, start + length) : String(integer));
  });
  return values;
}

/** The same with integers as integers. @throws CorruptValue if they are no listpack */
export function decodeListpackEntries(bytes: Uint8Array): (ByteString | Integer)[] {
  const values: (ByteString | Integer)[] = [];
  walkListpack(bytes, (start, length, integer) => {
    values.push(integer ?? fromBytes(bytes, start, start + length));
  });
  return values;
}

/**
 * Visits the entries: where a string begins and how long it is, or the integer.
 *
 * @throws CorruptValue if the bytes are no listpack, perhaps after some visits
 */
function walkListpack(
  bytes: Uint8Array,
  visit: (start: number, length: number, integer: Integer | undefined) => void,
): void {
  const total = bytes.length;
  demand(total >= HEADER_BYTES + END_BYTES, 'a listpack without a header');
  demand(readUint32(bytes, 0) === total, 'a listpack of another size than it says');
  const end = total - END_BYTES;
  demand(bytes[end] === END, 'a listpack without an end');
  let at = HEADER_BYTES;
  let count = 0;
  while (at < end) {
    const first = bytes[at]!;
    let headerBytes = 1;
    let length = 0;
    if (first < STRING_6) length = 0;
    else if (first < INTEGER_13) length = first & 0x3f;
    else if (first < STRING_12) length = 1;
    else if (first < STRING_32) {
      headerBytes = 2;
      length = ((first & 0x0f) << 8) | bytes[at + 1]!;
    } else if (first === STRING_32) {
      demand(at + 5 <= end, 'a listpack entry that is too long');
      headerBytes = 5;
      length = readUint32(bytes, at + 1);
    } else if (first <= INTEGER_64) {
      length = first === INTEGER_64 ? 8 : first - INTEGER_16 + 2;
    } else throw new CorruptValue('a listpack entry in an unknown form');
    const encodedBytes = headerBytes + length;
    const next = at + encodedBytes + backLengthBytes(encodedBytes);
    demand(next <= end, 'a listpack entry that is too long');
    checkBackLength(bytes, at + encodedBytes, encodedBytes);
    const isString = (first >= STRING_6 && first < INTEGER_13) || (first >= STRING_12 && first <= STRING_32);
    visit(at + headerBytes, length, isString ? undefined : integerAt(bytes, at, first));
    count++;
    at = next;
  }
  const stated = bytes[4]! | (bytes[5]! << 8);
  demand(stated === UNKNOWN_COUNT || stated === count, 'a listpack with another number of entries');
}

function integerAt(bytes: Uint8Array, at: number, first: number): Integer {
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
const MINUS = 0x2d;
const NINE = 0x39;
