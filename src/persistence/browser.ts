import type { StoragePlace } from '../keyspace/persistence.ts';
import { persistent } from './persistent.ts';
import { type BrowserPlaceOptions, requirePlace } from './storage/browser/place-name.ts';
import { IndexedDbStorage } from './storage/indexed-db-storage.ts';
import { OpfsStorage } from './storage/opfs-storage.ts';

export type { BrowserPlaceOptions } from './storage/browser/place-name.ts';
export { StorageLocked } from './storage/storage.ts';

/**
 * A folder of the site's origin private file system, for a store to live in. It holds Redis's own files, and belongs to the
 * site: nobody else sees it, and it goes when the user clears the site's data (or, unless `navigator.storage.persist()` was
 * granted, when the browser needs the room).
 *
 * In a worker of yours its files are written synchronously, so that with `appendfsync: 'always'` a typed call returns when
 * what it did is on the disk. On a page a worker is started that writes them; a Content-Security-Policy must allow that:
 * `worker-src blob:`.
 *
 * One tab or worker at a time may have it open. Does nothing before a store is opened.
 *
 * @param name of the folder. Default: `'lodis'`
 * @throws TypeError if the name or an option is of no use
 * @example
 * const store = await Store.open({ storage: opfsFiles('app'), appendonly: true });
 */
export function opfsFiles(name = 'lodis', options: BrowserPlaceOptions = {}): StoragePlace {
  requirePlace(name, options);
  return persistent(new OpfsStorage(name, options.lock !== false));
}

/**
 * A database of IndexedDB, for a store to live in, with Redis's own files as its rows: for browsers without an origin private
 * file system, and pages that may start no worker. It is written asynchronously, each time to the disk.
 *
 * It belongs to the site and goes when the files of {@link opfsFiles} would. One tab or worker at a time may have it open. Does
 * nothing before a store is opened.
 *
 * @param name of the database is `lodis:` and this. Default: `'lodis'`
 * @throws TypeError if the name or an option is of no use
 * @example
 * const store = await Store.open({ storage: indexedDbFiles('app'), appendonly: true });
 */
export function indexedDbFiles(name = 'lodis', options: BrowserPlaceOptions = {}): StoragePlace {
  requirePlace(name, options);
  return persistent(new IndexedDbStorage(name, options.lock !== false));
}
