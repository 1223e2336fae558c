import type { ByteString } from '../../bytes/byte-string.ts';
import { formatDouble, parseDouble } from '../../numbers/double.ts';
import { type SortedSetLimits, SortedSetValue, ZSET } from '../../structures/sorted-sets/sorted-set-value.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { CorruptValue, demand, demandSome } from './corrupt-value.ts';
import { readDouble, readDoubleText, writeDouble } from './doubles.ts';
import { readCount, writeLength } from './lengths.ts';
import { decodeListpack, freshListpackWriter } from './listpack.ts';
import { readRawString, readString, writeRawString, writeString } from './strings.ts';
import { RDB_VERSION_7_0, type ReadContext, type ValueForm, type WriteOptions } from './value-form.ts';
import { decodeZiplist } from './ziplist.ts';

/**
 * Sorted sets: a listpack of members and scores, upward, as a string (17), or a count and then members and scores in binary,
 * downward (5). Read are also scores in digits (3) and a ziplist (12).
 */
export const SORTED_SET_FORM: ValueForm<SortedSetValue> = {
  kind: ZSET,
  write: writeSortedSet,
  readers: {
    3: (reader, context) => readPairs(reader, context, readDoubleText, 2),
    5: (reader, context) => readPairs(reader, context, readDouble, 9),
    12: (reader, context) => fromFlat(decodeZiplist(readRawString(reader)), context),
    17: (reader, context) => fromFlat(decodeListpack(readRawString(reader)), context),
  },
};

const TYPE_ZSET_2 = 5;
const TYPE_LISTPACK = 17;
/** Up to here a listpack keeps whole scores as integers. */
const LARGEST_INTEGER_SCORE = 2 ** 62;

function writeSortedSet(writer: ByteWriter, value: SortedSetValue, options: WriteOptions): number {
  if (value.isSkiplist) {
    writer.writeByte(TYPE_ZSET_2);
    writeLength(writer, value.size);
    value.forEach(0, value.size - 1, true, (member, score) => {
      writeString(writer, member, options);
      writeDouble(writer, score);
    });
  } else {
    const listpack = freshListpackWriter();
    value.forEach(0, value.size - 1, false, (member, score) => {
      listpack.add(member);
      if (Number.isInteger(score) && Math.abs(score) <= LARGEST_INTEGER_SCORE) listpack.addInteger(score);
      else listpack.add(formatDouble(score));
    });
    writer.writeByte(TYPE_LISTPACK);
    writeRawString(writer, listpack.end(), options);
  }
  return RDB_VERSION_7_0;
}

function readPairs(
  reader: ByteReader,
  { limits }: ReadContext,
  readScore: (reader: ByteReader) => number,
  leastBytes: number,
): SortedSetValue {
  const members: ByteString[] = [];
  const scores: number[] = [];
  for (let left = readCount(reader, leastBytes); left > 0; left--) {
    members.push(readString(reader));
    scores.push(readScore(reader));
  }
  // Upward is what the container takes most quickly.
  return made(members.reverse(), scores.reverse(), limits);
}

/** Of members and scores one after the other. However long they are: the number alone decides on the encoding. */
function fromFlat(values: readonly ByteString[], { limits }: ReadContext): SortedSetValue {
  demandSome(values.length, 'an empty sorted set');
  demand(values.length % 2 === 0, 'a member without a score');
  const members: ByteString[] = [];
  const scores: number[] = [];
  for (let at = 0; at < values.length; at += 2) {
    const score = parseDouble(values[at + 1]!);
    if (score === undefined) throw new CorruptValue('a score that is no number');
    members.push(values[at]!);
    scores.push(score);
  }
  return made(members, scores, {
    zsetMaxListpackEntries: limits.zsetMaxListpackEntries,
    zsetMaxListpackValueBytes: Number.POSITIVE_INFINITY,
  });
}

function made(
  members: readonly ByteString[],
  scores: readonly number[],
  limits: SortedSetLimits,
): SortedSetValue {
  const value = SortedSetValue.ofMembers(members, scores, limits);
  demand(value.size === members.length, 'a sorted set in which a member occurs twice');
  return value;
}
