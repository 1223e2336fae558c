import type { ByteString } from '../../bytes/byte-string.ts';
import type { Database } from '../../keyspace/database.ts';
import { Entry, typeOf } from '../../keyspace/entry.ts';
import { events, type KeyEvent } from '../../keyspace/events.ts';
import { type SortedSetLimits, SortedSetValue, ZSET } from './sorted-set-value.ts';

/**
 * Makes a key hold these members and nothing else: whatever was there goes, its TTL too. Of no members, the key goes.
 *
 * @returns whether the caller shall hand in the effect of its own; that of an empty result has been
 */
export function storeMembers(
  database: Database,
  key: ByteString,
  members: readonly ByteString[],
  scores: readonly number[],
  limits: SortedSetLimits,
  stored: KeyEvent,
): boolean {
  const replaced = database.find(key);
  if (members.length > 0) {
    database.put(key, new Entry(ZSET, SortedSetValue.ofMembers(members, scores, limits)) as Entry);
    if (replaced !== undefined) database.overwritten(key, typeOf(replaced), ZSET.type);
    return database.changed(key, stored);
  }
  if (replaced !== undefined) {
    database.remove(key);
    if (database.changed(key, events.del)) database.effect('DEL', key);
  }
  return false;
}
