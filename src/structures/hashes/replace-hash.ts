import type { ByteString } from '../../bytes/byte-string.ts';
import type { Database } from '../../keyspace/database.ts';
import { Entry } from '../../keyspace/entry.ts';
import { hashLimits } from './hash-access.ts';
import { hashEvents } from './hash-events.ts';
import { HashTable } from './hash-table.ts';
import { HASH } from './hash-value.ts';

/**
 * Makes the key hold a hash of these fields, which are distinct, and their values: no other field, no TTL. O(fields).
 *
 * @param replaced the hash the key holds now, if it does
 */
export function replaceHash(
  database: Database,
  key: ByteString,
  replaced: HashTable | undefined,
  fields: readonly ByteString[],
  values: readonly ByteString[],
): void {
  const limits = hashLimits(database.keyspace);
  const hash = new HashTable();
  hash.prepareFor(fields.length, limits);
  fields.forEach((field, at) => {
    hash.set(field, values[at]!, limits);
  });
  database.put(key, new Entry(HASH, hash) as Entry);
  if (replaced !== undefined) database.overwritten(key, HASH.type, HASH.type);
  if (!database.changed(key, hashEvents.set, fields)) return;
  if (replaced !== undefined) database.effect('DEL', key);
  database.effectOf(['HSET', key, ...fields.flatMap((field, at) => [field, values[at]!])]);
}
