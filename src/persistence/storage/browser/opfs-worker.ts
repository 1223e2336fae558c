import { BrowserStorageError } from './failure.ts';
import { browserHost, type HostWorker } from './host.ts';
import { OPFS_WORKER_PROGRAM } from './opfs-worker-program.ts';

interface Asked {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
}

/** A worker of this page's own, that appends to files for it: see {@link OPFS_WORKER_PROGRAM}. */
export class OpfsWorker {
  private readonly worker: HostWorker;
  private readonly asked = new Map<number, Asked>();
  private lastId = 0;
  private failure: BrowserStorageError | undefined = undefined;
  /** Resolves once it runs. */
  readonly ready: Promise<unknown>;

  /** @throws BrowserStorageError if there are no workers, or the page may not start this one */
  constructor() {
    const { Worker, Blob, URL } = browserHost();
    if (Worker === undefined || Blob === undefined || URL === undefined) {
      throw new BrowserStorageError('ENOTSUP', 'opfsFiles needs workers, and there are none here');
    }
    const url = URL.createObjectURL(new Blob([OPFS_WORKER_PROGRAM], { type: 'text/javascript' }));
    try {
      this.worker = new Worker(url, { name: 'lodis-files' });
    } catch (error) {
      throw notStarted(error);
    }
    let isReady = false;
    // Its first message answers a question that nobody asked.
    this.ready = new Promise((resolve, reject) => {
      this.asked.set(0, {
        resolve: (value) => {
          isReady = true;
          resolve(value);
        },
        reject,
      });
    }).finally(() => URL.revokeObjectURL(url));
    this.worker.onmessage = ({ data }) => this.hear(data as Answer);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.fail(isReady ? died(event.message) : notStarted(event.message));
    };
  }

  /** Has it do something. The buffers go over to it. */
  ask(name: string, args: readonly unknown[], transfer: ArrayBuffer[] = []): Promise<unknown> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve, reject });
      this.worker.postMessage({ id, name, args }, transfer);
    });
  }

  /** Ends it. The files that it has open are let go. */
  end(): void {
    this.worker.terminate();
    this.fail(new BrowserStorageError('EBADF', 'the storage was released'));
  }

  private hear({ id, value, error }: Answer): void {
    const asked = this.asked.get(id);
    this.asked.delete(id);
    if (error === undefined) asked?.resolve(value);
    else asked?.reject(error);
  }

  private fail(failure: BrowserStorageError): void {
    this.failure ??= failure;
    for (const { reject } of this.asked.values()) reject(failure);
    this.asked.clear();
  }
}

function died(reason: unknown): BrowserStorageError {
  return new BrowserStorageError('EIO', `the worker that writes files has failed: ${String(reason)}`);
}

function notStarted(reason: unknown): BrowserStorageError {
  return new BrowserStorageError(
    'EACCES',
    'opfsFiles could not start the worker that writes files. If the page has a Content-Security-Policy, its worker-src ' +
      'must allow blob:. Otherwise open the store in a worker of yours, which needs no other, or use indexedDbFiles',
    reason,
  );
}
