import type { Database } from '../database.ts';
import { type Entry, isText, type Stored } from '../entry.ts';
import type { AccessTracker } from './access-tracker.ts';

/**
 * From now on accesses to the keys of the database are noted there, for which all strings are in entries; or they are noted
 * no more, and text without an expiry is bare again. What there is counts as just put there. O(keys).
 */
export function noteAccesses(database: Database, access: AccessTracker | undefined): void {
  const { map } = database;
  const { memory } = database.keyspace;
  for (const [key, old] of map) {
    let stored: Stored;
    if (typeof old === 'string') {
      if (access === undefined) continue;
      stored = startedEntry(access, old);
      database.entryCount++;
    } else if (access !== undefined) {
      access.start(old);
      continue;
    } else if (isText(old) && old.value.isWellFormed()) {
      database.letGo(old);
      stored = old.value;
    } else continue;
    map.set(key, stored);
    memory?.replaced(database, key, old, stored);
  }
}

/** Text as an entry that is followed from now on. */
export function startedEntry(access: AccessTracker, text: string): Entry {
  const entry = access.textEntry(text);
  access.start(entry);
  return entry;
}
