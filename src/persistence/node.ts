import { describe } from '../bytes/byte-string.ts';
import type { StoragePlace } from '../keyspace/persistence.ts';
import { persistent } from './persistent.ts';
import { NodeStorage } from './storage/node-storage.ts';

export { StorageLocked } from './storage/storage.ts';

/**
 * A folder of the file system, for a store to live in: in Node, Bun and Deno. It holds Redis's own files, `dump.rdb` and
 * `appendonlydir/`, and is made when it is first used. A relative path is taken from the working directory of this moment.
 *
 * One store at a time may have it, of whichever process; it is locked for that. Does nothing before a store is opened.
 *
 * @throws TypeError if it is no path
 * @example
 * const store = await Store.open({ storage: nodeFiles('./data'), appendonly: true });
 */
export function nodeFiles(folder: string): StoragePlace {
  const given: unknown = folder;
  if (given instanceof URL || (typeof given === 'string' && given.startsWith('file:')))
    throw new TypeError(
      'expected the path of a folder, got a URL: fileURLToPath(url) of node:url makes one of it',
    );
  if (typeof given !== 'string' || given === '')
    throw new TypeError(`expected the path of a folder, got ${describe(given)}`);
  return persistent(new NodeStorage(folder));
}
