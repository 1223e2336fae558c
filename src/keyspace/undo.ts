import type { ByteString } from '../bytes/byte-string.ts';
import type { Database } from './database.ts';
import { NEVER, type Stored } from './entry.ts';
import type { SavedKey } from './saved-keys.ts';

// How a database is brought back to what it was: by the journal of a transaction, and to a snapshot.

/** What brings back the order of SCAN, and what is known of the keys in general. The keys must be back by then. */
export function saveOrder(database: Database): () => void {
  const { scanOrder, hasOnlyTextKeys } = database;
  const restoreOrder = scanOrder?.save();
  return () => {
    restoreOrder?.();
    database.scanOrder = scanOrder;
    database.hasOnlyTextKeys = hasOnlyTextKeys;
  };
}

/** The first half of bringing a key back: what it holds now is let go of, and stays in the map for the moment. */
export function release(database: Database, key: ByteString): void {
  const held = database.map.get(key);
  if (held === undefined) return;
  database.keyspace.memory?.left(database, key, database.storedOf(held)!);
  database.vacate(held);
}

/** The second half: the key holds again what was saved. The answer is whether it was not in the map. */
export function restore(database: Database, key: ByteString, saved: SavedKey): boolean {
  const stored = restored(saved);
  const { map, tableRoom, texts } = database;
  if (stored === undefined) {
    if (map.delete(key)) tableRoom?.deleted(database);
    return false;
  }
  const sizeBefore = map.size;
  map.set(
    key,
    texts === undefined || typeof stored === 'object' ? stored : slotOf(database, key, stored, saved),
  );
  const isNew = map.size !== sizeBefore;
  if (isNew) tableRoom?.added(database);
  if (typeof stored === 'object') {
    database.entryCount++;
    if (stored.expiresAtMs !== NEVER) {
      database.expiringCount++;
      database.schedule(key, stored, stored.expiresAtMs);
    }
    database.candidates?.add(key, stored);
    stored.kind.adopt?.(stored.value, database.home, key);
  }
  database.keyspace.memory?.joined(database, key, stored);
  return isNew;
}

/** Text is put back with what was noted of its uses, unless nothing was yet. */
function slotOf({ texts, keyspace }: Database, key: ByteString, text: string, { access }: SavedKey): number {
  return texts!.add(key, text, access === 0 ? keyspace.access!.start() : access);
}

function restored({ stored, value, makeValue, expiresAtMs }: SavedKey): Stored | undefined {
  if (typeof stored !== 'object') return stored;
  stored.value = makeValue === undefined ? value : makeValue();
  stored.expiresAtMs = expiresAtMs;
  return stored;
}
