// How a page, and a worker of that page, have at hand what tests run there: see ../support/realm.ts.

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
  library: unknown;
  inWorker: (code: string, argument: unknown) => Promise<unknown>;
}

const scope = globalThis as unknown as Scope;

/** @param url of the script that calls this: its worker runs the same */
export function expose(library: unknown, url: string): void {
  scope.library = library;
  if (scope.DedicatedWorkerGlobalScope === undefined) onPage(url);
  else inWorker(library);
}

function onPage(url: string): void {
  let worker: WorkerLike | undefined;
  scope.inWorker = (code, argument) =>
    new Promise((resolve, reject) => {
      worker ??= new scope.Worker(url, { type: 'module' });
      worker.onmessage = ({ data }) => {
        const { value, error } = data as Answered;
        if (error === undefined) resolve(value);
        else reject(new Error(error));
      };
      worker.postMessage({ code, argument });
    });
}

function inWorker(library: unknown): void {
  scope.onmessage = async ({ data }) => {
    const { code, argument } = data as { code: string; argument: unknown };
    try {
      const run = new Function(`return (${code})`)() as (library: unknown, argument: unknown) => unknown;
      scope.postMessage({ value: await run(library, argument) } satisfies Answered);
    } catch (error) {
      scope.postMessage({ error: String(error instanceof Error ? error.stack : error) } satisfies Answered);
    }
  };
}

/** What an error is, in a form that can be copied; `undefined` for none. */
export async function errorOf(work: Promise<unknown>) {
  try {
    await work;
    return undefined;
  } catch (error) {
    const { name, message, code, stack } = error as Error & { code?: string };
    return { name, message, code, stack };
  }
}
