import { Entry } from '../../../src/keyspace/entry.ts';
import { storedBytes } from '../../../src/keyspace/memory/memory.ts';
import type { Store } from '../../../src/store.ts';

/** What all keys of the store take, counted anew. Throws if a container's own count is not what it counts anew. O(n). */
export function countedAnew(store: Store): number {
  let bytes = 0;
  for (const database of store.keyspace.databases) {
    for (const [key, stored] of database.map) {
      bytes += storedBytes(database, key, database.storedOf(stored)!);
      if (stored instanceof Entry && hasInvariants(stored.value)) stored.value.checkInvariants();
    }
  }
  return bytes;
}

function hasInvariants(value: unknown): value is { checkInvariants(): void } {
  return typeof value === 'object' && value !== null && 'checkInvariants' in value;
}

/** Throws if the store does not know what its keys take. O(n). */
export function checkCount(store: Store): void {
  const { keyspace } = store;
  const { memory } = keyspace;
  if (memory === undefined) throw new Error('nobody counts');
  keyspace.checkInvariants();
  const bytes = countedAnew(store);
  if (memory.dataBytes !== bytes)
    throw new Error(`${memory.dataBytes} bytes counted, but there are ${bytes}`);
  if (memory.peakBytes < memory.usedBytes) throw new Error('more is used than ever was');
}
