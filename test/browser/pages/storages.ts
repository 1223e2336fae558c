import { IndexedDbStorage } from '../../../src/persistence/storage/indexed-db-storage.ts';
import { OpfsStorage } from '../../../src/persistence/storage/opfs-storage.ts';
import type { AppendedFile, Storage } from '../../../src/persistence/storage/storage.ts';
import { CONFORMANCE } from '../../persistence/storage/conformance.ts';
import { errorOf, expose } from './expose.ts';

export type Kind = 'opfs' | 'indexed-db';

const library = {
  CONFORMANCE,
  errorOf,
  storageOf: (kind: Kind, name: string, isGuarded = true): Storage =>
    kind === 'opfs' ? new OpfsStorage(name, isGuarded) : new IndexedDbStorage(name, isGuarded),
  bytesOf: (text: string) => new TextEncoder().encode(text),
  contentOf: async (storage: Storage, name: string) => {
    const file = await storage.open(name);
    return file && new TextDecoder().decode(await file.read(0, file.sizeBytes));
  },
  /** What one call leaves for the next. */
  kept: {} as { storage: Storage; file: AppendedFile; release: () => Promise<void> },
};

export type Library = typeof library;

expose(library, import.meta.url);
