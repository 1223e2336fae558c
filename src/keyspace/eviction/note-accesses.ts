import type { Database } from '../database.ts';
import { isText, type Stored } from '../entry.ts';
import type { AccessTracker } from './access-tracker.ts';

/**
 * From now on accesses to the keys of the database are noted there, for which all strings are in entries; or they are noted
 * no more, and text without an expiry is bare again. What there is counts as just written. O(keys).
 */
export function noteAccesses(database: Database, access: AccessTracker | undefined): void {
  const { map } = database;
  const { memory } = database.keyspace;
  for (const [key, old] of map) {
    let stored: Stored;
    if (typeof old === 'string') {
      if (access === undefined) continue;
      stored = access.textEntry(old);
      database.entryCount++;
    } else if (access !== undefined) {
      access.written(old);
      continue;
    } else if (isText(old) && old.value.isWellFormed()) {
      database.letGo(old);
      stored = old.value;
    } else continue;
    map.set(key, stored);
    memory?.replaced(database, key, old, stored);
  }
}
