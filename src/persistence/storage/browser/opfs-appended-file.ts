import type { AppendedFile, ImmediateFile } from '../storage.ts';
import { BrowserStorageError, failure } from './failure.ts';
import type { SyncAccessHandle } from './host.ts';
import type { OpfsWorker } from './opfs-worker.ts';

/** A file that this worker has for itself. */
export class OpfsWorkerFile implements AppendedFile {
  sizeBytes: number;
  readonly now: ImmediateFile;
  private readonly name: string;
  private readonly handle: SyncAccessHandle;

  constructor(name: string, handle: SyncAccessHandle) {
    this.name = name;
    this.handle = handle;
    this.sizeBytes = handle.getSize();
    this.now = {
      append: (bytes) => this.appendNow(bytes),
      sync: () => this.attempt('sync', () => this.handle.flush()),
      truncate: (sizeBytes) => this.truncateNow(sizeBytes),
    };
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.appendNow(bytes);
  }

  async sync(): Promise<void> {
    this.now.sync();
  }

  async truncate(sizeBytes: number): Promise<void> {
    this.truncateNow(sizeBytes);
  }

  async close(): Promise<void> {
    // A second time is fine.
    this.handle.close();
  }

  private appendNow(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const written = this.attempt('append to', () =>
        this.handle.write(done === 0 ? bytes : bytes.subarray(done), { at: this.sizeBytes }),
      );
      if (written === 0) throw noRoom(this.name);
      this.sizeBytes += written;
      done += written;
    }
  }

  private truncateNow(sizeBytes: number): void {
    this.attempt('truncate', () => this.handle.truncate(sizeBytes));
    this.sizeBytes = sizeBytes;
  }

  private attempt<T>(doing: string, run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw failure(`${doing} ${this.name}`, error);
    }
  }
}

/** A file that the page's worker has open for it. */
export class OpfsPageFile implements AppendedFile {
  sizeBytes: number;
  private readonly name: string;
  private readonly worker: OpfsWorker;
  private readonly file: number;
  private isOpen = true;

  constructor(name: string, worker: OpfsWorker, file: number, sizeBytes: number) {
    this.name = name;
    this.worker = worker;
    this.file = file;
    this.sizeBytes = sizeBytes;
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      // A copy, of just these bytes, which goes over.
      const left = bytes.slice(done);
      const args = [this.file, left, this.sizeBytes];
      const written = (await this.ask('append to', 'write', args, [left.buffer as ArrayBuffer])) as number;
      if (written === 0) throw noRoom(this.name);
      this.sizeBytes += written;
      done += written;
    }
  }

  async sync(): Promise<void> {
    await this.ask('sync', 'flush', [this.file]);
  }

  async truncate(sizeBytes: number): Promise<void> {
    await this.ask('truncate', 'truncate', [this.file, sizeBytes]);
    this.sizeBytes = sizeBytes;
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    await this.ask('close', 'close', [this.file]);
    this.isOpen = false;
  }

  private async ask(doing: string, name: string, args: readonly unknown[], transfer?: ArrayBuffer[]) {
    if (!this.isOpen) throw new BrowserStorageError('EBADF', `cannot ${doing} ${this.name}: it is closed`);
    try {
      return await this.worker.ask(name, args, transfer);
    } catch (error) {
      throw failure(`${doing} ${this.name}`, error);
    }
  }
}

function noRoom(name: string): BrowserStorageError {
  return new BrowserStorageError(
    'ENOSPC',
    `cannot append to ${name}: the browser gives this site no more room`,
  );
}
