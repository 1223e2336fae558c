import type { ByteString } from '../../bytes/byte-string.ts';
import { MemberSet, type SetLimits } from '../../structures/sets/member-set.ts';
import { SET } from '../../structures/sets/set-value.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { CorruptValue, demandSome } from './corrupt-value.ts';
import { decodeIntset, encodeIntset } from './intset.ts';
import { readCount, writeLength } from './lengths.ts';
import { decodeListpack } from './listpack.ts';
import { readRawString, readString, writeRawString, writeString } from './strings.ts';
import { RDB_VERSION_7_0, type ReadContext, type ValueForm, type WriteOptions } from './value-form.ts';

/**
 * Sets: an intset, as a string (11), or the members (2). Read is also a listpack of them (20), which servers before 7.2 do
 * not know.
 */
export const SET_FORM: ValueForm<MemberSet> = {
  kind: SET,
  write: writeSet,
  readers: { 2: readMembers, 11: readIntset, 20: readListpack },
};

const TYPE_SET = 2;
const TYPE_INTSET = 11;

function writeSet(writer: ByteWriter, set: MemberSet, options: WriteOptions): number {
  if (set.encoding === 'intset') {
    writer.writeByte(TYPE_INTSET);
    writeRawString(writer, encodeIntset(set), options);
  } else {
    writer.writeByte(TYPE_SET);
    writeLength(writer, set.size);
    set.forEach((member) => {
      writeString(writer, member, options);
    });
  }
  return RDB_VERSION_7_0;
}

function readMembers(reader: ByteReader, { limits }: ReadContext): MemberSet {
  const count = readCount(reader, 1);
  // So many are put in a hashtable before any of them is looked at.
  const set = count > limits.setMaxIntsetEntries ? MemberSet.of([], limits, 'hashtable') : new MemberSet();
  for (let left = count; left > 0; left--) add(set, readString(reader), limits);
  return set;
}

function readIntset(reader: ByteReader, { limits }: ReadContext): MemberSet {
  const members = decodeIntset(readRawString(reader));
  return filled(members, members.length > limits.setMaxIntsetEntries ? 'hashtable' : 'intset', limits);
}

function readListpack(reader: ByteReader, { limits }: ReadContext): MemberSet {
  const members = decodeListpack(readRawString(reader));
  demandSome(members.length, 'an empty set');
  const encoding = members.length > limits.setMaxListpackEntries ? 'hashtable' : 'listpack';
  // However long they are.
  return filled(members, encoding, { ...limits, setMaxListpackValueBytes: Number.POSITIVE_INFINITY });
}

function filled(
  members: readonly ByteString[],
  encoding: 'intset' | 'listpack' | 'hashtable',
  limits: SetLimits,
): MemberSet {
  const set = MemberSet.of([], limits, encoding);
  for (const member of members) add(set, member, limits);
  return set;
}

function add(set: MemberSet, member: ByteString, limits: SetLimits): void {
  if (!set.add(member, limits)) throw new CorruptValue('a set in which a member occurs twice');
}
