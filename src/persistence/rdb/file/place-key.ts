import type { ByteString } from '../../../bytes/byte-string.ts';
import type { Database } from '../../../keyspace/database.ts';
import { Entry, NEVER, type Stored } from '../../../keyspace/entry.ts';
import { STRING } from '../../../structures/strings/string-value.ts';

/**
 * Puts a key where it was, before anybody was there to see: nobody is told, and it does not count as a change. The key must
 * hold nothing. O(1), and O(parts that expire).
 *
 * @param idleSeconds for how long nobody had used it, or -1
 * @param frequency how often it was used, or -1
 */
export function placeKey(
  database: Database,
  key: ByteString,
  stored: Stored,
  expiresAtMs: number,
  idleSeconds: number,
  frequency: number,
): void {
  database.beforeChange(key);
  const { map, texts, keyspace } = database;
  const access = accessOf(database, idleSeconds, frequency);
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
}

/** What is to be noted of its uses. */
function accessOf({ keyspace: { access } }: Database, idleSeconds: number, frequency: number): number {
  if (access === undefined) return 0;
  const noted =
    idleSeconds >= 0
      ? access.idleFor(idleSeconds)
      : frequency >= 0
        ? access.usedSoOften(frequency)
        : undefined;
  return noted ?? access.start();
}
