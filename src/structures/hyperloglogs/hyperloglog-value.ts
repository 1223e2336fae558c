import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Database } from '../../keyspace/database.ts';
import type { Stored } from '../../keyspace/entry.ts';
import { RawString } from '../strings/raw-string.ts';
import { editableString, stringOf } from '../strings/string-value.ts';
import { emptyHyperLogLog, isHyperLogLog } from './hyperloglog.ts';

/**
 * The HyperLogLog that a key holds, for reading only.
 *
 * @throws ReplyError WRONGTYPE if it holds something else, or a string that is none
 */
export function hyperLogLogOf(found: Stored): RawString {
  const value = stringOf(found);
  const raw = typeof value === 'string' ? RawString.from(value) : value;
  if (!isHyperLogLog(raw)) throw errors.notAHyperLogLog();
  return raw;
}

/**
 * The same, kept from then on in the form that is changed in place. Nothing that shows is changed by that, except that the
 * encoding of a short one becomes `raw`, as in Redis.
 *
 * @throws ReplyError WRONGTYPE if it holds something else, or a string that is none
 */
export function heldHyperLogLog(database: Database, key: ByteString, found: Stored): RawString {
  const raw = hyperLogLogOf(found);
  return stringOf(found) === raw ? raw : editableString(database, key, found);
}

/**
 * The HyperLogLog that a key holds, in the form that is changed in place; a transaction remembers it.
 *
 * @throws ReplyError WRONGTYPE if it holds something else, or a string that is none
 */
export function editableHyperLogLog(database: Database, key: ByteString, found: Stored): RawString {
  hyperLogLogOf(found);
  return editableString(database, key, found);
}

/** Puts a HyperLogLog that has seen nothing under a key that holds nothing. */
export function createHyperLogLog(database: Database, key: ByteString): RawString {
  const raw = editableString(database, key, undefined);
  raw.replace(emptyHyperLogLog());
  return raw;
}
