import type { ByteString } from '../../bytes/byte-string.ts';
import { byteLength } from '../../bytes/byte-string.ts';
import { formatDouble } from '../../numbers/double.ts';
import { type Integer, parseInteger } from '../../numbers/integer.ts';
import { MAX_UINT64 } from '../../numbers/unsigned.ts';
import { valueIn } from '../../structures/arrays/array-slot.ts';
import { ARRAY } from '../../structures/arrays/array-value.ts';
import { SparseArray } from '../../structures/arrays/sparse-array.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { CorruptValue, demand } from './corrupt-value.ts';
import { readCountOrNone, readLength, readLengthExact, writeLength } from './lengths.ts';
import { readString, writeString } from './strings.ts';
import type { ReadContext, ValueForm, WriteOptions } from './value-form.ts';

/**
 * Arrays, as Redis 8.8 writes them:
 *
 *     28   how many values │ whether there is a cursor (0, 1), and then it │ index, tag, value │ index, tag, value │ …
 *
 * Indexes and the cursor are lengths. The tag tells what is kept without a string of its own there:
 *
 *     0   a string
 *     1   an integer up to 2^61 away from 0, in eight bytes, little endian
 *     2   a double, in eight bytes, little endian, whose two low bits are clear
 *     3   a string of up to seven bytes
 */
export const ARRAY_FORM: ValueForm<SparseArray> = {
  kind: ARRAY,
  write: writeArray,
  readers: { 28: readArray },
};

const TYPE_ARRAY = 28;
/** The version of RDB that Redis 8.8 writes. */
const RDB_VERSION_8_8 = 14;
const STRING = 0;
const INTEGER = 1;
const DOUBLE = 2;
const SHORT_STRING = 3;
const LONGEST_SHORT_STRING = 7;
const GREATEST_INTEGER = 2n ** 61n;
const LEAST_BYTES = 3;
const GREATEST_INDEX = MAX_UINT64 - 1n;

function writeArray(writer: ByteWriter, array: SparseArray, options: WriteOptions): number {
  const { cursor } = array;
  writer.writeByte(TYPE_ARRAY);
  writeLength(writer, array.count);
  writeLength(writer, cursor === undefined ? 0 : 1);
  if (cursor !== undefined) writeLength(writer, cursor);
  array.forEach(0, GREATEST_INDEX, (slot, index) => {
    writeLength(writer, index);
    writeElement(writer, valueIn(slot), options);
    return true;
  });
  return RDB_VERSION_8_8;
}

function writeElement(writer: ByteWriter, value: ByteString, options: WriteOptions): void {
  const integer = parseInteger(value);
  if (integer !== undefined && integer >= -GREATEST_INTEGER && integer < GREATEST_INTEGER) {
    writeLength(writer, INTEGER);
    writer.writeUint64(integer);
    return;
  }
  const double = doubleOf(value);
  if (double !== undefined) {
    writeLength(writer, DOUBLE);
    writer.writeFloat64(double);
    return;
  }
  writeLength(writer, byteLength(value) <= LONGEST_SHORT_STRING ? SHORT_STRING : STRING);
  writeString(writer, value, options);
}

const FRACTION = /^-?\d+\.\d+$/;
const bits = new DataView(new ArrayBuffer(8));

/** The double whose text this is, if it can do without its two low bits. */
function doubleOf(value: ByteString): number | undefined {
  if (!FRACTION.test(value)) return undefined;
  bits.setFloat64(0, Number(value));
  bits.setUint8(7, bits.getUint8(7) & 0xfc);
  const double = bits.getFloat64(0);
  return textOf(double) === value ? double : undefined;
}

function textOf(double: number): ByteString {
  const text = formatDouble(double);
  return parseInteger(text) === undefined && text !== '-0' ? text : `${text}.0`;
}

function readArray(reader: ByteReader, { limits }: ReadContext): SparseArray {
  const count = readCountOrNone(reader, LEAST_BYTES);
  demand(count > 0, 'an empty array');
  const array = new SparseArray(limits);
  const hasCursor = readLength(reader);
  demand(hasCursor <= 1, 'a flag that is neither 0 nor 1');
  const cursor = hasCursor === 1 ? readIndex(reader) : undefined;
  for (let left = count; left > 0; left--) {
    const index = readIndex(reader);
    demand(array.set(index, readElement(reader), limits), 'an index that comes twice');
  }
  array.cursor = cursor;
  return array;
}

function readIndex(reader: ByteReader): Integer {
  const index = readLengthExact(reader);
  demand(index <= GREATEST_INDEX, 'an index beyond all');
  return index;
}

function readElement(reader: ByteReader): ByteString {
  switch (readLength(reader)) {
    case STRING:
      return readString(reader);
    case INTEGER:
      return String(reader.readInt64());
    case DOUBLE: {
      const double = reader.readFloat64();
      demand(Number.isFinite(double), 'a double that is no number');
      return textOf(double);
    }
    case SHORT_STRING: {
      const value = readString(reader);
      demand(byteLength(value) <= LONGEST_SHORT_STRING, 'a short string that is long');
      return value;
    }
    default:
      throw new CorruptValue('an element of an unknown kind');
  }
}
