import { type ByteString, byteLength, fromBytes, LONGEST_TEXT, toBytes } from '../../bytes/byte-string.ts';
import { parseInteger } from '../../numbers/integer.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { CorruptValue, demand } from './corrupt-value.ts';
import { lengthAfter, readLength, writeLength } from './lengths.ts';
import { lzfCompress, lzfDecompress } from './lzf.ts';

/**
 * Strings, as all of RDB has them: values, fields, and the byte arrays that hold small collections.
 *
 *     length, bytes                                       as they are
 *     11 000000  one byte                                 the text of a signed integer of 8 bits,
 *     11 000001  two bytes                                of 16 bits, little endian,
 *     11 000010  four bytes                               of 32 bits, little endian
 *     11 000011  length compressed, length, compressed    LZF (see lzf.ts)
 */

/** How strings are written. */
export interface StringOptions {
  /** Whether strings of more than 20 bytes are compressed where that helps: the setting `rdbcompression`. */
  readonly compress: boolean;
}

/** O(length). */
export function writeString(writer: ByteWriter, value: ByteString, options: StringOptions): void {
  if (value.length <= LONGEST_INTEGER && writeInteger(writer, value)) return;
  const length = byteLength(value);
  if (options.compress && length > LONGEST_UNCOMPRESSED) {
    writeRawString(writer, toBytes(value), options);
    return;
  }
  writeLength(writer, length);
  writer.writeText(value, length);
}

/** The same for bytes. */
export function writeRawString(writer: ByteWriter, value: Uint8Array, options: StringOptions): void {
  const length = value.length;
  if (length <= LONGEST_INTEGER && mayBeInteger(value[0]) && writeInteger(writer, fromBytes(value))) return;
  if (options.compress && length > LONGEST_UNCOMPRESSED) {
    const compressed = lzfCompress(value);
    if (compressed !== undefined) {
      writer.writeByte(LZF);
      writeLength(writer, compressed.length);
      writeLength(writer, length);
      writer.writeBytes(compressed);
      return;
    }
  }
  writeLength(writer, length);
  writer.writeBytes(value);
}

/** O(length). @throws CorruptValue if it is none */
export function readString(reader: ByteReader): ByteString {
  const first = reader.readByte();
  if (first < SPECIAL) return reader.readText(lengthAfter(first, reader));
  if (first !== LZF) return readInteger(first, reader);
  const bytes = readCompressed(reader);
  demand(bytes.length <= LONGEST_TEXT, 'a string that is too long');
  return fromBytes(bytes);
}

/** The same as bytes: often a view into what is read, so not to be changed. @throws CorruptValue if it is none */
export function readRawString(reader: ByteReader): Uint8Array {
  const first = reader.readByte();
  if (first < SPECIAL) return reader.readBytes(lengthAfter(first, reader));
  return first === LZF ? readCompressed(reader) : toBytes(readInteger(first, reader));
}

function readCompressed(reader: ByteReader): Uint8Array {
  const compressedLength = readLength(reader);
  const length = readLength(reader);
  return lzfDecompress(reader.readBytes(compressedLength), length);
}

function readInteger(first: number, reader: ByteReader): ByteString {
  switch (first) {
    case INTEGER_8:
      return String((reader.readByte() << 24) >> 24);
    case INTEGER_16:
      return String(reader.readInt16());
    case INTEGER_32:
      return String(reader.readInt32());
    default:
      throw new CorruptValue('a string in an unknown form');
  }
}

/** Writes text that is an integer of 32 bits as one; whether it is. */
function writeInteger(writer: ByteWriter, text: ByteString): boolean {
  if (!mayBeInteger(text.charCodeAt(0))) return false;
  const value = parseInteger(text);
  if (typeof value !== 'number' || value !== (value | 0)) return false;
  if (value === (value << 24) >> 24) {
    writer.writeByte(INTEGER_8);
    writer.writeByte(value);
  } else if (value === (value << 16) >> 16) {
    writer.writeByte(INTEGER_16);
    writer.writeUint16(value);
  } else {
    writer.writeByte(INTEGER_32);
    writer.writeUint32(value);
  }
  return true;
}

/** By its first byte: a digit or a minus sign. */
function mayBeInteger(first: number | undefined): boolean {
  return first !== undefined && first >= MINUS && first <= NINE;
}

/** "-2147483648" */
const LONGEST_INTEGER = 11;
const LONGEST_UNCOMPRESSED = 20;
const MINUS = 0x2d;
const NINE = 0x39;
const SPECIAL = 0xc0;
const INTEGER_8 = 0xc0;
const INTEGER_16 = 0xc1;
const INTEGER_32 = 0xc2;
const LZF = 0xc3;
