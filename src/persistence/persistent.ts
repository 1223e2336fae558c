import { describe } from '../bytes/byte-string.ts';
import { requireOwnKeyspace } from '../keyspace/own-keyspace.ts';
import type { StoragePlace } from '../keyspace/persistence.ts';
import { Engine } from './engine/engine.ts';
import type { Storage } from './storage/storage.ts';

/**
 * A place to live for a store, on a storage of one's own: for `Store.open({ storage: persistent(mine) })`.
 *
 * Does nothing yet. One store at a time can have it open; it can be opened again once that is closed.
 *
 * @throws TypeError if it is no storage
 */
export function persistent(storage: Storage): StoragePlace {
  for (const method of ['lock', 'list', 'open', 'append', 'rename', 'remove'] as const) {
    if (typeof (storage as Partial<Storage> | undefined)?.[method] !== 'function')
      throw new TypeError(`expected a Storage, which has a method ${method}(), got ${describe(storage)}`);
  }
  return {
    attach: async (keyspace, options) => {
      requireOwnKeyspace(keyspace);
      return Engine.attach(keyspace, storage, options);
    },
  };
}
