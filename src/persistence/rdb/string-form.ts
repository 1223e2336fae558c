import { fromBytes, textOf } from '../../bytes/byte-string.ts';
import { RawString } from '../../structures/strings/raw-string.ts';
import { STRING, type StringValue } from '../../structures/strings/string-value.ts';
import type { ByteReader } from './byte-reader.ts';
import { readRawString, writeRawString, writeString } from './strings.ts';
import { RDB_VERSION_7_0, type ValueForm } from './value-form.ts';

const TYPE_STRING = 0;
/** Up to here bytes that are no text are spelt out; more of them stay bytes, which may be more than a string can hold. */
const LONGEST_SPELT_BYTES = 64;

/** Strings: one string. */
export const STRING_FORM: ValueForm<StringValue> = {
  kind: STRING,
  write(writer, value, options) {
    writer.writeByte(TYPE_STRING);
    if (typeof value === 'string') writeString(writer, value, options);
    else writeRawString(writer, value.bytes, options);
    return RDB_VERSION_7_0;
  },
  readers: { [TYPE_STRING]: readValue },
};

function readValue(reader: ByteReader): StringValue {
  const bytes = readRawString(reader);
  if (bytes.length <= LONGEST_SPELT_BYTES) return fromBytes(bytes);
  const text = textOf(bytes);
  if (text !== undefined) return text;
  // What is read stays the caller's.
  return RawString.madeOfBytes(bytes.buffer === reader.bytes.buffer ? bytes.slice() : bytes);
}
