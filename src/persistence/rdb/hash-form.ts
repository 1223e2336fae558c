import type { ByteString } from '../../bytes/byte-string.ts';
import { type Integer, parseInteger, parseSafeInteger } from '../../numbers/integer.ts';
import { HashTable } from '../../structures/hashes/hash-table.ts';
import { HASH } from '../../structures/hashes/hash-value.ts';
import type { ListpackLimits } from '../../structures/listpack-limits.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { CorruptValue, demand, demandSome } from './corrupt-value.ts';
import { readCount, readCountOrNone, readLength, readLengthExact, writeLength } from './lengths.ts';
import { decodeListpack, freshListpackWriter } from './listpack.ts';
import { readRawString, readString, writeRawString, writeString } from './strings.ts';
import {
  RDB_VERSION_7_0,
  RDB_VERSION_7_4,
  type ReadContext,
  type ValueForm,
  type WriteOptions,
} from './value-form.ts';
import { decodeZiplist } from './ziplist.ts';
import { decodeZipmap } from './zipmap.ts';

/**
 * Hashes:
 *
 *      4   fields │ field, value │ …
 *     16   a listpack, as a string: field, value, …
 *     24   earliest time 8 │ fields │ time, field, value │ …
 *     25   earliest time 8 │ a listpack, as a string: field, value, time, …
 *
 * The last two only where some field expires. Times are Unix times in milliseconds, 0 for a field that does not expire. In
 * 24 a time is a length, and counted from the earliest one: 1 is that itself. In 25 times are absolute, the fields in their
 * order, and those that do not expire come last.
 *
 * Read are also a zipmap (9), a ziplist (13), and 22 and 23, which are 24 and 25 without the earliest time and with times
 * that are absolute: release candidates of Redis 7.4 wrote those.
 *
 * Read are, too, hashes that Redis 8.10 keeps by a template, a list of fields that several hashes have in common (HIMPORT):
 *
 *     29   fields │ a listpack, as a string: number of the template, value, …
 *     31   fields │ value │ value │ …
 *
 * The fields are 0 and a listpack of them, or 1, how many there are, and the fields. There are no templates here: such a
 * hash is one like any other.
 *
 * A field that has expired already is read like any other. It goes when its time is looked at, as everywhere.
 */
export const HASH_FORM: ValueForm<HashTable> = {
  kind: HASH,
  write: writeHash,
  readers: {
    4: readPairs,
    9: (reader, context) => fromFlat(decodeZipmap(readRawString(reader)), wholeLimits(context)),
    13: (reader, context) => fromFlat(decodeZiplist(readRawString(reader)), countLimit(context)),
    16: (reader, context) => fromFlat(decodeListpack(readRawString(reader)), countLimit(context)),
    22: (reader, context) => readTimedFields(reader, context, undefined),
    23: (reader, context) => fromTimedFlat(decodeListpack(readRawString(reader)), countLimit(context)),
    24: (reader, context) => readTimedFields(reader, context, readTime(reader)),
    25: (reader, context) => {
      reader.skip(TIME_BYTES);
      return fromTimedFlat(decodeListpack(readRawString(reader)), countLimit(context));
    },
    29: (reader, context) => {
      const fields = readTemplate(reader);
      // The number of the template, which means something only where it was written, comes first.
      return fromTemplate(fields, decodeListpack(readRawString(reader)).slice(1), context);
    },
    31: (reader, context) => {
      const fields = readTemplate(reader);
      return fromTemplate(
        fields,
        fields.map(() => readString(reader)),
        context,
      );
    },
  },
};

const TYPE_HASH = 4;
const TYPE_LISTPACK = 16;
const TYPE_TIMED = 24;
const TYPE_TIMED_LISTPACK = 25;
const TEMPLATE_LISTPACK = 0;
const TEMPLATE_FIELDS = 1;
const TIME_BYTES = 8;
/** Redis keeps times of fields in 48 bits. */
const LATEST_TIME_MS = 2 ** 48 - 1;
const NEVER = 0;

function writeHash(writer: ByteWriter, hash: HashTable, options: WriteOptions): number {
  const isListpack = hash.encoding !== 'hashtable';
  if (hash.expiringCount > 0) {
    if (isListpack) writeTimedListpack(writer, hash, options);
    else writeTimedFields(writer, hash, options);
    return RDB_VERSION_7_4;
  }
  if (isListpack) {
    const listpack = freshListpackWriter();
    hash.forEach((field, value) => {
      listpack.add(field);
      listpack.add(value);
    });
    writer.writeByte(TYPE_LISTPACK);
    writeRawString(writer, listpack.end(), options);
  } else {
    writer.writeByte(TYPE_HASH);
    writeLength(writer, hash.size);
    hash.forEach((field, value) => {
      writeString(writer, field, options);
      writeString(writer, value, options);
    });
  }
  return RDB_VERSION_7_0;
}

function writeTimedFields(writer: ByteWriter, hash: HashTable, options: WriteOptions): void {
  const earliestMs = hash.nextExpiryMs;
  writer.writeByte(TYPE_TIMED);
  writer.writeUint64(earliestMs);
  writeLength(writer, hash.size);
  hash.forEach((field, value) => {
    const atMs = hash.expiresAt(field);
    writeLength(writer, atMs === undefined ? NEVER : atMs - earliestMs + 1);
    writeString(writer, field, options);
    writeString(writer, value, options);
  });
}

function writeTimedListpack(writer: ByteWriter, hash: HashTable, options: WriteOptions): void {
  const fields: { field: ByteString; value: ByteString; atMs: number | undefined }[] = [];
  hash.forEach((field, value) => {
    fields.push({ field, value, atMs: hash.expiresAt(field) });
  });
  // Of equal times, and of those without any, in the order they have.
  fields.sort((a, b) => orderOf(a.atMs) - orderOf(b.atMs));
  const listpack = freshListpackWriter();
  for (const { field, value, atMs } of fields) {
    listpack.add(field);
    listpack.add(value);
    listpack.addInteger(atMs ?? NEVER);
  }
  writer.writeByte(TYPE_TIMED_LISTPACK);
  writer.writeUint64(hash.nextExpiryMs);
  writeRawString(writer, listpack.end(), options);
}

/** Finite, so that two without a time have a difference. */
function orderOf(atMs: number | undefined): number {
  return atMs ?? Number.MAX_VALUE;
}

function readPairs(reader: ByteReader, context: ReadContext): HashTable {
  const limits = wholeLimits(context);
  const count = readCount(reader, 2);
  const hash = new HashTable();
  hash.prepareFor(count, limits);
  for (let left = count; left > 0; left--) add(hash, readString(reader), readString(reader), limits);
  return hash;
}

/** Of fields and values one after the other. */
function fromFlat(values: readonly ByteString[], limits: ListpackLimits): HashTable {
  demandSome(values.length, 'an empty hash');
  demand(values.length % 2 === 0, 'a field without a value');
  const hash = new HashTable();
  hash.prepareFor(values.length / 2, limits);
  for (let at = 0; at < values.length; at += 2) add(hash, values[at]!, values[at + 1]!, limits);
  return hash;
}

/** `earliestMs` is undefined where times are absolute. */
function readTimedFields(
  reader: ByteReader,
  context: ReadContext,
  earliestMs: number | undefined,
): HashTable {
  const limits = wholeLimits(context);
  const count = readCount(reader, 3);
  const hash = new HashTable();
  hash.prepareForExpiries();
  hash.prepareFor(count, limits);
  for (let left = count; left > 0; left--) {
    const time = readLength(reader);
    const field = readString(reader);
    add(hash, field, readString(reader), limits);
    if (time !== NEVER) setTime(hash, field, earliestMs === undefined ? time : earliestMs + time - 1);
  }
  return hash;
}

/** The fields of a template. */
function readTemplate(reader: ByteReader): ByteString[] {
  const form = readLength(reader);
  if (form === TEMPLATE_LISTPACK) return decodeListpack(readRawString(reader));
  if (form !== TEMPLATE_FIELDS) throw new CorruptValue('a template in an unknown form');
  return readTemplateFields(reader);
}

/** How many fields a template has, and the fields. @throws CorruptValue if there are none */
export function readTemplateFields(reader: ByteReader): ByteString[] {
  const fields: ByteString[] = [];
  for (let left = readCountOrNone(reader, 1); left > 0; left--) fields.push(readString(reader));
  demand(fields.length > 0, 'a template without fields');
  return fields;
}

/**
 * A hash by a template of the file that it is in, of which `fieldsOf` knows the fields by their number:
 *
 *     30   a listpack, as a string: number of the template, value, …
 *     32   number of the template │ value │ value │ …
 *
 * @throws CorruptValue if it is none
 */
export function readHashByReference(
  type: 30 | 32,
  reader: ByteReader,
  context: ReadContext,
  fieldsOf: (template: Integer) => readonly ByteString[],
): HashTable {
  if (type === 32) {
    const fields = fieldsOf(readLengthExact(reader));
    const values = fields.map(() => readString(reader));
    return fromTemplate(fields, values, context);
  }
  const [template, ...values] = decodeListpack(readRawString(reader));
  const number = template === undefined ? undefined : parseInteger(template);
  if (number === undefined) throw new CorruptValue('a hash without a template');
  return fromTemplate(fieldsOf(number), values, context);
}

/**
 * A hash whose fields may expire, as Valkey 9 writes it, under the number 22, which is another's in Redis:
 *
 *     22   fields │ field, value, time 8 │ …      times are absolute, -1 for a field that does not expire
 *
 * @throws CorruptValue if it is none
 */
export function readHashOfValkey(reader: ByteReader, context: ReadContext): HashTable {
  const limits = wholeLimits(context);
  const count = readCount(reader, 10);
  const hash = new HashTable();
  hash.prepareForExpiries();
  hash.prepareFor(count, limits);
  for (let left = count; left > 0; left--) {
    const field = readString(reader);
    add(hash, field, readString(reader), limits);
    const time = reader.readInt64();
    if (time !== -1) setTime(hash, field, Number(time));
  }
  return hash;
}

function fromTemplate(
  fields: readonly ByteString[],
  values: readonly ByteString[],
  context: ReadContext,
): HashTable {
  demand(fields.length > 0, 'a template without fields');
  demand(fields.length === values.length, 'a template of more or fewer fields than values');
  const limits = wholeLimits(context);
  const hash = new HashTable();
  hash.prepareFor(fields.length, limits);
  fields.forEach((field, at) => {
    add(hash, field, values[at]!, limits);
  });
  return hash;
}

/** Of fields, values and times one after the other. */
function fromTimedFlat(values: readonly ByteString[], limits: ListpackLimits): HashTable {
  demandSome(values.length, 'an empty hash');
  demand(values.length % 3 === 0, 'a field without a value or a time');
  const hash = new HashTable();
  hash.prepareForExpiries();
  hash.prepareFor(values.length / 3, limits);
  let before = 0;
  for (let at = 0; at < values.length; at += 3) {
    const field = values[at]!;
    const time = parseSafeInteger(values[at + 2]!);
    if (time === undefined) throw new CorruptValue('a time that is no number');
    add(hash, field, values[at + 1]!, limits);
    if (time === NEVER) {
      before = Number.POSITIVE_INFINITY;
      continue;
    }
    demand(time >= before, 'times of fields that are not in order');
    setTime(hash, field, time);
    before = time;
  }
  return hash;
}

function readTime(reader: ByteReader): number {
  const time = reader.readUint64();
  if (typeof time === 'bigint' || time > LATEST_TIME_MS + 1) throw new CorruptValue('a time beyond all');
  return time;
}

function add(hash: HashTable, field: ByteString, value: ByteString, limits: ListpackLimits): void {
  if (!hash.set(field, value, limits)) throw new CorruptValue('a hash in which a field occurs twice');
}

function setTime(hash: HashTable, field: ByteString, atMs: number): void {
  demand(atMs >= 0 && atMs <= LATEST_TIME_MS, 'a time beyond all');
  hash.setExpiry(field, atMs);
}

function wholeLimits({ limits }: ReadContext): ListpackLimits {
  return {
    listpackEntries: limits.hashMaxListpackEntries,
    listpackValueBytes: limits.hashMaxListpackValueBytes,
  };
}

/** Where Redis looks only at the number of fields, however long they are. */
function countLimit({ limits }: ReadContext): ListpackLimits {
  return {
    listpackEntries: limits.hashMaxListpackEntries,
    listpackValueBytes: Number.POSITIVE_INFINITY,
  };
}
