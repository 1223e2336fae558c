import { connect, Store } from 'lodis';
import { indexedDbFiles, opfsFiles, StorageLocked } from 'lodis/browser';
import { memoryFiles, persistent } from 'lodis/persistence';
import { lua } from 'lodis/scripting';
import { IndexedDbStorage } from '../../../src/persistence/storage/indexed-db-storage.ts';
import { OpfsStorage } from '../../../src/persistence/storage/opfs-storage.ts';
import type { Storage } from '../../../src/persistence/storage/storage.ts';
import { CONFORMANCE } from '../../persistence/storage/conformance.ts';

// What tests have at hand in a page, and in a worker of that page: see ../support/realm.ts.

export type Kind = 'opfs' | 'indexed-db';

const library = {
  Store,
  StorageLocked,
  connect,
  lua,
  memoryFiles,
  persistent,
  CONFORMANCE,
  storageOf: (kind: Kind, name: string, isGuarded = true): Storage =>
    kind === 'opfs' ? new OpfsStorage(name, isGuarded) : new IndexedDbStorage(name, isGuarded),
  filesOf: (kind: Kind, name: string) => (kind === 'opfs' ? opfsFiles(name) : indexedDbFiles(name)),
  bytesOf: (text: string) => new TextEncoder().encode(text),
  textOf: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
  /** The name, code and message of an error; `undefined` for none. */
  errorOf: async (promise: Promise<unknown>) => {
    try {
      await promise;
      return undefined;
    } catch (error) {
      const { name, message, code, stack } = error as Error & { code?: string };
      return { name, message, code, stack };
    }
  },
  /** Whatever one call leaves for the next. */
  kept: {} as Record<string, never>,
};

export type Library = typeof library;

interface WorkerLike {
  onmessage: ((event: { readonly data: never }) => void) | null;
  postMessage(message: unknown): void;
}

interface Answered {
  readonly value?: unknown;
  readonly error?: string;
}

interface Scope extends WorkerLike {
  readonly Worker: new (url: string, options: { type: 'module' }) => WorkerLike;
  readonly DedicatedWorkerGlobalScope?: unknown;
  lodis: Library;
  inWorker: (code: string, argument: unknown) => Promise<unknown>;
}

const scope = globalThis as unknown as Scope;
scope.lodis = library;
if (scope.DedicatedWorkerGlobalScope === undefined) {
  let worker: WorkerLike | undefined;
  scope.inWorker = (code, argument) =>
    new Promise((resolve, reject) => {
      worker ??= new scope.Worker('/library.js', { type: 'module' });
      worker.onmessage = ({ data }) => {
        const { value, error } = data as Answered;
        if (error === undefined) resolve(value);
        else reject(new Error(error));
      };
      worker.postMessage({ code, argument });
    });
} else {
  scope.onmessage = async ({ data }) => {
    const { code, argument } = data as { code: string; argument: unknown };
    try {
      const run = new Function(`return (${code})`)() as (library: Library, argument: unknown) => unknown;
      scope.postMessage({ value: await run(library, argument) } satisfies Answered);
    } catch (error) {
      scope.postMessage({ error: String(error instanceof Error ? error.stack : error) } satisfies Answered);
    }
  };
}
