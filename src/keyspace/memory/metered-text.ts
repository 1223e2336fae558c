import type { ByteString } from '../../bytes/byte-string.ts';
import type { Database } from '../database.ts';
import { isText, type Stored } from '../entry.ts';
import { events } from '../events.ts';

// How a database comes to hold text while somebody counts what it takes, or notes what is used.

/** {@link Database.putText} where somebody wants to know what there was before: `old`. An entry that is used again is counted when it is told. */
export function putMeteredText(
  database: Database,
  key: ByteString,
  text: string,
  old: Stored | undefined,
): void {
  const { memory, access } = database.keyspace;
  if (access !== undefined) {
    if (isText(old)) old.value = text;
    else database.put(key, access.textEntry(text));
    return;
  }
  if (typeof old === 'object') database.letGo(old);
  database.map.set(key, text);
  memory?.replaced(database, key, old, text);
  if (old === undefined) database.added(key);
}

/** {@link Database.setPlainly} where the memory or the accesses are metered, and that is all anybody wants to know. */
export function setMetered(database: Database, key: string, text: string): boolean {
  if (!database.hasOnlyTextKeys) return false;
  const { keyspace, map } = database;
  const { memory, access } = keyspace;
  const old = map.get(key);
  if (typeof old === 'object') {
    if (!isText(old)) return false;
    if (access === undefined) putMeteredText(database, key, text, old);
    else {
      memory?.replacesText(database, old, text);
      old.value = text;
      access.written(old, events.set);
    }
  } else if (old === undefined) {
    if (!key.isWellFormed()) return false;
    putMeteredText(database, key, text, old);
  } else {
    // Text is in no entry, so nobody notes accesses.
    map.set(key, text);
    memory?.replacedText(database, old, text);
  }
  keyspace.dirty++;
  return true;
}
