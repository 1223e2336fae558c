import type { Database } from './database.ts';
import { NEVER } from './entry.ts';
import { entryBytes, storedBytes } from './memory/memory.ts';

/** Throws if an invariant of the database does not hold. O(n). */
export function checkDatabase(database: Database): void {
  const { map, home } = database;
  const isCounted = database.keyspace.memory !== undefined;
  let entries = 0;
  let expiring = 0;
  let bytes = 0;
  for (const [key, held] of map) {
    const stored = database.storedOf(held)!;
    const name = JSON.stringify(key);
    if (isCounted) bytes += storedBytes(database, key, stored);
    if (database.hasOnlyTextKeys && !key.isWellFormed()) throw new Error(`key ${name} is no text`);
    if (typeof stored === 'string') {
      if (!stored.isWellFormed()) throw new Error(`bare value of ${name} is no text`);
      if ((database.keyspace.access !== undefined) !== (typeof held === 'number'))
        throw new Error(`nobody can note when ${name} is used`);
      continue;
    }
    entries++;
    if (stored.kind.isEmpty(stored.value)) throw new Error(`${name} is empty`);
    const counted = isCounted ? entryBytes(stored) : 0;
    if (stored.countedBytes !== counted)
      throw new Error(
        `${name}, a ${stored.kind.type}, counts for ${stored.countedBytes} bytes, but takes ${counted}`,
      );
    if (stored.expiresAtMs === NEVER) continue;
    expiring++;
    if (stored.timer?.key !== key || stored.timer.home !== home) throw new Error('a timer points elsewhere');
  }
  const { candidates } = database;
  database.texts?.checkInvariants(map);
  candidates?.checkInvariants(map, candidates.isVolatile ? expiring : entries);
  const { entryCount, expiringCount, countedBytes } = database;
  if (entries !== entryCount) throw new Error(`entryCount ${entryCount}, but ${entries} entries`);
  if (expiring !== expiringCount) throw new Error(`expiringCount ${expiringCount}, but ${expiring}`);
  database.tableRoom?.checkInvariants(database);
  if (bytes !== countedBytes) throw new Error(`countedBytes ${countedBytes}, but ${bytes}`);
}
