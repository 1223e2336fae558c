import { requireOwnKeyspace } from '../keyspace/own-keyspace.ts';
import type { StoragePlace } from '../keyspace/persistence.ts';
import { Engine } from './engine/engine.ts';
import type { Storage } from './storage/storage.ts';

/**
 * A place to live for a store, on a storage of one's own: for `Store.open({ storage: persistent(mine) })`.
 *
 * Does nothing yet. One store at a time can have it open; it can be opened again once that is closed.
 */
export function persistent(storage: Storage): StoragePlace {
  return {
    attach: async (keyspace, options) => {
      requireOwnKeyspace(keyspace);
      return Engine.attach(keyspace, storage, options);
    },
  };
}
