import type { ByteString } from '../../../bytes/byte-string.ts';
import type { Database } from '../../../keyspace/database.ts';
import { Entry, NEVER, type Stored } from '../../../keyspace/entry.ts';
import type { AccessTracker } from '../../../keyspace/eviction/access-tracker.ts';
import { STRING } from '../../../structures/strings/string-value.ts';

/**
 * Puts a key where it was, before anybody was there to see: nobody is told, and it does not count as a change. O(1), and
 * O(parts that expire).
 *
 * @param idleSeconds for how long nobody had used it, or -1
 * @param frequency how often it was used, or -1
 * @returns false if the key holds something; nothing is changed then
 */
export function placeKey(
  database: Database,
  key: ByteString,
  stored: Stored,
  expiresAtMs: number,
  idleSeconds: number,
  frequency: number,
): boolean {
  const { map, texts, keyspace } = database;
  if (map.has(key)) return false;
  database.beforeChange(key);
  const access = keyspace.access === undefined ? 0 : accessOf(keyspace.access, idleSeconds, frequency);
  if (typeof stored === 'string' && expiresAtMs === NEVER) {
    map.set(key, texts === undefined ? stored : texts.add(key, stored, access));
    keyspace.memory?.joined(database, key, stored);
  } else {
    const entry = typeof stored === 'string' ? (new Entry(STRING, stored) as Entry) : stored;
    entry.access = access;
    entry.expiresAtMs = expiresAtMs;
    map.set(key, entry);
    database.entryCount++;
    if (expiresAtMs !== NEVER) {
      database.expiringCount++;
      database.schedule(key, entry, expiresAtMs);
    }
    entry.kind.adopt?.(entry.value, database.home, key);
    database.candidates?.add(key, entry);
    keyspace.memory?.joined(database, key, entry);
  }
  if (database.hasOnlyTextKeys && !key.isWellFormed()) database.hasOnlyTextKeys = false;
  database.scanOrder?.add(key, map);
  database.tableRoom?.added(database);
  return true;
}

/** What is to be noted of its uses. */
function accessOf(access: AccessTracker, idleSeconds: number, frequency: number): number {
  const idle = idleSeconds < 0 ? undefined : access.idleFor(idleSeconds);
  const counted = frequency < 0 ? undefined : access.usedSoOften(frequency);
  return idle ?? counted ?? access.start();
}
