import type { ByteString } from '../bytes/byte-string.ts';
import { Database } from './database.ts';
import { NEVER, type Stored } from './entry.ts';
import { emptyLike, keepCandidates } from './eviction/candidates.ts';
import { noteAccesses } from './eviction/note-accesses.ts';
import { TextSlots } from './eviction/text-slots.ts';
import type { SavedKey } from './journal.ts';

// How the journal of a transaction brings a database back to what it was.

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

/** The second half: the key holds again what was saved. */
export function restore(database: Database, key: ByteString, saved: SavedKey): void {
  const stored = restored(saved);
  const { map, tableRoom, texts } = database;
  if (stored === undefined) {
    if (map.delete(key)) tableRoom?.deleted(database);
    return;
  }
  const sizeBefore = map.size;
  map.set(
    key,
    texts === undefined || typeof stored === 'object' ? stored : slotOf(database, key, stored, saved),
  );
  if (map.size !== sizeBefore) tableRoom?.added(database);
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

/**
 * {@link Database.clear}, but everything is only put aside, and counts as memory until it is dropped. O(1).
 *
 * @returns what puts it back (with nothing else in the database), and what lets go of it for good, O(keys)
 */
export function setAside(database: Database): { putBack: () => void; drop: () => void } {
  const { keyspace, index } = database;
  const aside = new Database(keyspace, index);
  const { memory, access } = keyspace;
  aside.candidates = emptyLike(database.candidates);
  if (database.texts !== undefined) aside.texts = new TextSlots();
  memory?.countTables(aside);
  aside.exchange(database);
  return {
    putBack: () => {
      const { candidates } = database;
      aside.exchange(database);
      aside.tableRoom?.cleared();
      if (candidates?.isVolatile !== database.candidates?.isVolatile)
        keepCandidates(database, emptyLike(candidates));
      // What was aside when somebody began to count is counted now.
      if (memory !== keyspace.memory) keyspace.memory?.countAll([database]);
      if (keyspace.access !== access) noteAccesses(database, keyspace.access);
    },
    drop: () => aside.clear(),
  };
}
