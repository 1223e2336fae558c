import { type ByteString, concat } from '../../bytes/byte-string.ts';
import type { Database } from '../../keyspace/database.ts';
import { byteStringOf, isString, type StringValue } from '../strings/string-value.ts';

/** What a pattern of SORT says of an element: the string it leads to, `undefined` if to none. */
export type Lookup = (element: ByteString) => ByteString | undefined;

const ARROW = '->';

/** Whether sorting by this pattern means anything: without a `*` every element would weigh the same. */
export function isVariable(pattern: ByteString): boolean {
  return pattern.includes('*');
}

/**
 * The look-ups of a pattern: `weight_*` leads to the string under that key, `user_*->age` to a field of the hash
 * there, `#` to the element itself, and a pattern without `*` nowhere.
 */
export function lookupOf(database: Database, pattern: ByteString): Lookup {
  if (pattern === '#') return (element) => element;
  const star = pattern.indexOf('*');
  if (star < 0) return () => undefined;
  const prefix = pattern.slice(0, star);
  const arrow = pattern.indexOf(ARROW, star + 1);
  const hasField = arrow >= 0 && arrow + ARROW.length < pattern.length;
  const postfix = pattern.slice(star + 1, hasField ? arrow : undefined);
  const keyOf = (element: ByteString) => concat(concat(prefix, element), postfix);
  if (!hasField) return (element) => stringUnder(database, keyOf(element));
  const field = pattern.slice(arrow + ARROW.length);
  return (element) => fieldUnder(database, keyOf(element), field);
}

function stringUnder(database: Database, key: ByteString): ByteString | undefined {
  const stored = database.findToRead(key);
  if (typeof stored === 'string' || stored === undefined) return stored;
  return isString(stored) ? byteStringOf(stored.value as StringValue) : undefined;
}

function fieldUnder(database: Database, key: ByteString, field: ByteString): ByteString | undefined {
  const stored = database.findToRead(key);
  if (typeof stored !== 'object') return undefined;
  return stored.kind.field?.(stored.value, field, database.keyspace.now());
}
