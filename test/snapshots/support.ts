import type { Store } from '../../src/store.ts';
import { imageOfStored } from '../transactions/support.ts';

/** Everything that a snapshot brings back, to the last detail that any command could show, without touching any of it. */
export function contentOf({ keyspace }: Store): unknown {
  return keyspace.databases.map((database) =>
    [...database.map.keys()]
      .sort()
      .map((key) => [key, imageOfStored(database, database.storedOf(database.map.get(key))!)]),
  );
}
