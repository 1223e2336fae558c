import { IndexedDbStorage } from '../../../src/persistence/storage/indexed-db-storage.ts';
import { OpfsStorage } from '../../../src/persistence/storage/opfs-storage.ts';
import { CONFORMANCE } from '../../persistence/storage/conformance.ts';

// Runs in a page, and in a worker of it, which the page asks by messages.

export type Kind = 'opfs' | 'indexed-db';
export type Realm = 'page' | 'worker';

/** Runs one case in a place of its own. @returns what was wrong */
type RunCase = (kind: Kind, index: number, place: string) => Promise<string | undefined>;

const runHere: RunCase = async (kind, index, place) => {
  const open = () => (kind === 'opfs' ? new OpfsStorage(place, true) : new IndexedDbStorage(place, true));
  try {
    await CONFORMANCE[index]!.run(open);
    return undefined;
  } catch (error) {
    return String(error instanceof Error ? error.stack : error);
  }
};

interface WorkerLike {
  onmessage: ((event: { readonly data: never }) => void) | null;
  postMessage(message: unknown): void;
}

interface Scope extends WorkerLike {
  readonly Worker: new (url: string, options: { type: 'module' }) => WorkerLike;
  readonly DedicatedWorkerGlobalScope?: unknown;
  runCase: (realm: Realm, ...what: Parameters<RunCase>) => ReturnType<RunCase>;
}

const scope = globalThis as unknown as Scope;
if (scope.DedicatedWorkerGlobalScope === undefined) {
  const worker = new scope.Worker('/conformance.js', { type: 'module' });
  const runThere: RunCase = (...what) =>
    new Promise((resolve) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.postMessage(what);
    });
  scope.runCase = (realm, ...what) => (realm === 'page' ? runHere : runThere)(...what);
} else {
  scope.onmessage = async ({ data }) => scope.postMessage(await runHere(...(data as Parameters<RunCase>)));
}
