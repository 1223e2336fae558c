// What is used of IndexedDB, declared by hand, as in host.ts.

/** A key or a part of one. */
export type DbKey = number | string | readonly DbKey[];

export interface DbRequest<T> {
  readonly result: T;
  readonly error: unknown;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}

export interface DbOpenRequest extends DbRequest<Db> {
  readonly transaction: DbTransaction | null;
  onupgradeneeded: ((event: { readonly oldVersion: number }) => void) | null;
  onblocked: (() => void) | null;
}

export interface Db {
  onversionchange: (() => void) | null;
  /** The browser has closed it: the site's data were cleared. */
  onclose: (() => void) | null;
  createObjectStore(name: string, options?: { autoIncrement?: boolean }): DbObjectStore;
  transaction(
    stores: readonly string[],
    mode: 'readonly' | 'readwrite',
    options?: { durability?: 'strict' | 'relaxed' },
  ): DbTransaction;
  close(): void;
}

export interface DbTransaction {
  readonly error: unknown;
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
  objectStore(name: string): DbObjectStore;
  abort(): void;
}

export interface DbObjectStore {
  createIndex(name: string, keyPath: string, options: { unique: boolean }): unknown;
  index(name: string): DbIndex;
  get(key: DbKey): DbRequest<unknown>;
  getAll(range?: unknown): DbRequest<unknown[]>;
  put(value: unknown, key?: DbKey): DbRequest<DbKey>;
  add(value: unknown): DbRequest<DbKey>;
  delete(keyOrRange: unknown): DbRequest<undefined>;
  openCursor(range: unknown, direction: 'prev'): DbRequest<DbCursor | null>;
}

export interface DbIndex {
  getKey(key: DbKey): DbRequest<DbKey | undefined>;
}

export interface DbCursor {
  readonly key: DbKey;
  readonly value: unknown;
}

export interface IndexedDbHost {
  readonly indexedDB?: { open(name: string, version: number): DbOpenRequest };
  readonly IDBKeyRange?: {
    bound(lower: DbKey, upper: DbKey, isLowerOpen?: boolean, isUpperOpen?: boolean): unknown;
  };
}

export const indexedDbHost = (): IndexedDbHost => globalThis as IndexedDbHost;
