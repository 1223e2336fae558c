import type { Database } from '../database.ts';
import type { AccessTracker } from './access-tracker.ts';
import { TextSlots } from './text-slots.ts';

/**
 * From now on accesses to the keys of the database are noted there, for which texts have slots; or they are noted no more,
 * and texts are bare again. What there is counts as just put there. O(keys).
 */
export function noteAccesses(database: Database, access: AccessTracker | undefined): void {
  const { map, texts: before } = database;
  const { memory } = database.keyspace;
  const texts = access && new TextSlots();
  for (const [key, held] of map) {
    if (typeof held === 'object') {
      if (access !== undefined) held.access = access.start();
      continue;
    }
    const text = typeof held === 'number' ? before!.texts[held]! : held;
    memory?.left(database, key, text);
    map.set(key, texts === undefined ? text : texts.add(key, text, access!.start()));
  }
  database.texts = texts;
  if (memory === undefined) return;
  for (const [key, held] of map) {
    if (typeof held !== 'object') memory.joined(database, key, database.storedOf(held)!);
  }
}
