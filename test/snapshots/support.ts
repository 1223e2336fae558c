import type { Store } from '../../src/store.ts';
import { STREAM } from '../../src/streams/stream-value.ts';
import { imageOfStored } from '../transactions/support.ts';

/** Everything that a snapshot brings back, to the last detail that any command could show, without touching any of it. */
export function contentOf({ keyspace }: Store): unknown {
  return keyspace.databases.map((database) =>
    [...database.map.keys()]
      .sort()
      .map((key) => [key, imageOfStored(database, database.storedOf(database.map.get(key))!)]),
  );
}

/** Throws if an invariant of the store does not hold. */
export function check({ keyspace }: Store): void {
  // What was read for a group is counted, from its second entry on, with the stream's next change.
  for (const database of keyspace.databases) {
    for (const held of database.map.values())
      if (typeof held === 'object' && held.kind === STREAM) database.reformed(held);
  }
  keyspace.checkInvariants();
}
