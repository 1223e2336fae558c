import type { ByteString } from '../../bytes/byte-string.ts';
import type { Database, Held } from '../database.ts';

// What a database notes of the uses of its keys, while `Keyspace.access` asks for it.

/** What is noted of what stands in the map; 0 if that is nothing. */
export function accessOf({ texts }: Database, held: Held | undefined): number {
  if (typeof held === 'object') return held.access;
  return typeof held === 'number' ? texts!.access[held]! : 0;
}

/** From now on this is noted of it. */
export function note({ texts }: Database, held: Held, access: number): void {
  if (typeof held === 'object') held.access = access;
  else if (typeof held === 'number') texts!.access[held] = access;
}

/** The command that has just found what the key holds, if anything, may change it. */
export function usedForWrite(database: Database, key: ByteString): void {
  const { access } = database.keyspace;
  if (access === undefined) return;
  const held = database.map.get(key);
  if (held !== undefined) note(database, held, access.usedToWrite(accessOf(database, held), key));
}

/** The command that has just found what the key holds reads it: that counts as found, and as a use. */
export function hit(database: Database, key: ByteString): void {
  const { keyspace, map } = database;
  keyspace.hitCount++;
  const held = map.get(key);
  if (keyspace.access !== undefined && held !== undefined)
    note(database, held, keyspace.access.read(accessOf(database, held)));
}
