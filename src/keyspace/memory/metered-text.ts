import type { ByteString } from '../../bytes/byte-string.ts';
import type { Database, Held } from '../database.ts';
import { events } from '../events.ts';
import { accessOf } from '../eviction/uses.ts';

// How a database comes to hold text while somebody counts what it takes, or notes what is used.

/** {@link Database.putText} where somebody wants to know what there was before: `held`. `noted` is what is noted of its uses so far. */
export function putMeteredText(
  database: Database,
  key: ByteString,
  text: string,
  held: Held | undefined,
  noted = 0,
): void {
  const { map, texts } = database;
  const { memory, access } = database.keyspace;
  const old = database.storedOf(held);
  if (typeof held === 'number') {
    texts!.texts[held] = text;
  } else {
    const oldAccess = accessOf(database, held);
    database.vacate(held);
    map.set(key, texts === undefined ? text : texts.add(key, text, access!.placed(noted, key, oldAccess)));
  }
  memory?.replaced(database, key, old, text);
  if (old === undefined) database.added(key);
}

/** {@link Database.setPlainly} where the memory or the accesses are metered, and that is all anybody wants to know. */
export function setMetered(database: Database, key: string, text: string): boolean {
  if (!database.hasOnlyTextKeys) return false;
  const { keyspace, map, texts } = database;
  const { memory, access } = keyspace;
  const held = map.get(key);
  if (typeof held === 'string') {
    map.set(key, text);
    memory?.replacedText(database, held, text);
  } else if (typeof held === 'number') {
    const old = texts!.texts[held]!;
    texts!.texts[held] = text;
    memory?.replacedText(database, old, text);
    texts!.access[held] = access!.written(texts!.access[held]!, key, events.set);
  } else if (held === undefined && key.isWellFormed()) {
    putMeteredText(database, key, text, undefined);
    // It is noted as placed. What follows is another use.
    access?.written(0, key, events.set);
  } else return false;
  keyspace.dirty++;
  return true;
}
