import type { ByteString } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import type { Database } from './database.ts';
import { NEVER, type Stored, type ValueKind } from './entry.ts';
import { usedForWrite } from './eviction/uses.ts';

// Ways to look a key up that few commands go; those that most go are methods of Database.

/**
 * What the key holds, for a command that looks at it without using it: TYPE, EXISTS, TTL. It counts as found or not, and who
 * wants to know is told that it is not there.
 */
export function findToSee(database: Database, key: ByteString): Stored | undefined {
  const found = database.find(key);
  if (found === undefined) return database.missed(key);
  database.keyspace.hitCount++;
  return found;
}

/** When the key expires, in Unix milliseconds; {@link NEVER} without an expiry, `undefined` without the key. See {@link findToSee}. */
export function expiryToSee(database: Database, key: ByteString): number | undefined {
  const found = findToSee(database, key);
  if (found === undefined) return undefined;
  return typeof found === 'string' ? NEVER : found.expiresAtMs;
}

/** What the key holds, for a command that reads it and may then change it: both are one use. */
export function findToReadAndWrite(database: Database, key: ByteString): Stored | undefined {
  const found = findToSee(database, key);
  if (found !== undefined) usedForWrite(database, key);
  return found;
}

/**
 * {@link findToReadAndWrite} of one kind.
 *
 * @throws ReplyError WRONGTYPE if the key holds another kind of value.
 */
export function getToReadAndWrite<T>(database: Database, key: ByteString, kind: ValueKind<T>): T | undefined {
  const found = findToReadAndWrite(database, key);
  if (found === undefined) return undefined;
  if (typeof found === 'string' || found.kind !== kind) throw errors.wrongType();
  return found.value as T;
}
