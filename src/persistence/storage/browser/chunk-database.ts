import { BrowserStorageError, failure, isNamed } from './failure.ts';
import { type Db, type DbObjectStore, indexedDbHost } from './indexed-db-host.ts';

// What a database holds, in version 1:
//
//     files    id (1, 2, …)     → { name, sizeBytes }       with an index `name`, in which a name is once
//     chunks   [id, offset]     → Uint8Array                without gaps from 0 to the file's size
//
// A file's bytes belong to its number: another name is a change of one row.

const VERSION = 1;

export interface FileRow {
  readonly name: string;
  readonly sizeBytes: number;
}

export interface Tables {
  readonly files: DbObjectStore;
  readonly chunks: DbObjectStore;
}

/** The database of a storage, opened when it is first used, and again after the browser has closed it. */
export class ChunkDatabase {
  private readonly name: string;
  private opened: Promise<Db> | undefined = undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** Runs one transaction that changes nothing. `run` may use only the tables between its own requests: see {@link answer}. */
  read<T>(run: (tables: Tables) => Promise<T>): Promise<T> {
    return this.transaction('readonly', run);
  }

  /** Runs one transaction: all of it survives the machine once this resolves, or none of it is done. */
  write<T>(run: (tables: Tables) => Promise<T>): Promise<T> {
    return this.transaction('readwrite', run);
  }

  async close(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    await opened?.then(
      (db) => db.close(),
      () => {},
    );
  }

  private async transaction<T>(
    mode: 'readonly' | 'readwrite',
    run: (tables: Tables) => Promise<T>,
  ): Promise<T> {
    const db = await this.open();
    const transaction = db.transaction(['files', 'chunks'], mode, { durability: 'strict' });
    const ended = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () =>
        reject(
          transaction.error ?? new BrowserStorageError('EIO', `a transaction of ${this.name} was aborted`),
        );
    });
    const tables = { files: transaction.objectStore('files'), chunks: transaction.objectStore('chunks') };
    try {
      const value = await run(tables);
      await ended;
      return value;
    } catch (error) {
      try {
        transaction.abort();
      } catch {
        // It has been already.
      }
      // Why the transaction was aborted says more than that a request of it was.
      const reason = await ended.then(
        () => error,
        (aborted: unknown) => aborted,
      );
      throw isNamed(error, 'AbortError') ? reason : error;
    }
  }

  private open(): Promise<Db> {
    this.opened ??= this.openDatabase().catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }

  private openDatabase(): Promise<Db> {
    const { indexedDB } = indexedDbHost();
    if (indexedDB === undefined) {
      return Promise.reject(new BrowserStorageError('ENOTSUP', 'there is no IndexedDB here'));
    }
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(this.name, VERSION);
      let isAwaited = true;
      const fail = (error: BrowserStorageError) => {
        isAwaited = false;
        reject(error);
      };
      request.onupgradeneeded = () => {
        // There was nothing before version 1.
        const db = request.result;
        db.createObjectStore('files', { autoIncrement: true }).createIndex('name', 'name', { unique: true });
        db.createObjectStore('chunks');
      };
      request.onblocked = () =>
        fail(
          new BrowserStorageError(
            'EBUSY',
            `the database ${this.name} is of another version, and open in another tab: close that first`,
          ),
        );
      request.onerror = () =>
        fail(
          isNamed(request.error, 'VersionError')
            ? new BrowserStorageError(
                'EPROTO',
                `the database ${this.name} was written by a newer lodis`,
                request.error,
              )
            : failure(`open the database ${this.name}`, request.error),
        );
      request.onsuccess = () => {
        const db = request.result;
        if (!isAwaited) {
          db.close();
          return;
        }
        // Somebody deletes it, or is newer: they wait for this to let go. What is done next opens it again, or says why not.
        db.onversionchange = () => {
          this.opened = undefined;
          db.close();
        };
        db.onclose = () => {
          this.opened = undefined;
        };
        resolve(db);
      };
    });
  }
}

/** What a request answers. Its transaction stays open while nothing else is awaited. */
export function answer<T>(request: {
  result: T;
  error: unknown;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
