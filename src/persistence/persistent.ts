import type { StoragePlace } from '../keyspace/persistence.ts';
import type { Storage } from './storage/storage.ts';

/**
 * A place for stores, made of a storage: for storages of your own, and what `nodeFiles`, `opfsFiles`, `indexedDbFiles` and
 * `memoryFiles` are made with.
 */
export function persistent(storage: Storage): StoragePlace {
  return {
    async attach() {
      throw new Error(`nothing can be kept in ${storage.place} yet`);
    },
  };
}
