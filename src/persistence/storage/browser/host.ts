// What is used of a browser, declared by hand: the library is compiled without the DOM's types, as its users' programs may be.

/** A folder of the origin private file system. */
export interface FolderHandle {
  readonly kind: 'directory';
  getDirectoryHandle(name: string, options?: { create?: boolean }): Promise<FolderHandle>;
  getFileHandle(name: string, options?: { create?: boolean }): Promise<FileHandle>;
  removeEntry(name: string): Promise<void>;
  entries(): AsyncIterable<[string, FolderHandle | FileHandle]>;
}

export interface FileHandle {
  readonly kind: 'file';
  getFile(): Promise<HostBlob>;
  /** Only in workers, and only once for each file at a time. */
  createSyncAccessHandle?(): Promise<SyncAccessHandle>;
  createWritable?(): Promise<WritableFile>;
  /** In all browsers that can write files here, though no standard has it yet. */
  move?(folder: FolderHandle, name: string): Promise<void>;
}

/** A file that a worker has for itself. */
export interface SyncAccessHandle {
  getSize(): number;
  /** @returns how many bytes were written */
  write(bytes: Uint8Array, options: { at: number }): number;
  flush(): void;
  truncate(sizeBytes: number): void;
  close(): void;
}

/** Writes a copy, which takes the file's place when it is closed. */
export interface WritableFile {
  write(content: HostBlob): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

export interface HostBlob {
  readonly size: number;
  slice(start: number, end: number): HostBlob;
  arrayBuffer(): Promise<ArrayBuffer>;
}

export interface HostWorker {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: ((event: { readonly message?: string; preventDefault(): void }) => void) | null;
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
  terminate(): void;
}

export interface LockManager {
  request(name: string, options: { readonly signal: unknown }, hold: () => Promise<void>): Promise<void>;
}

/** The parts of it that may be missing. */
export interface BrowserHost {
  readonly navigator?: {
    readonly locks?: LockManager;
    readonly storage?: { getDirectory?(): Promise<FolderHandle> };
  };
  readonly AbortController?: new () => { readonly signal: unknown; abort(): void };
  readonly Worker?: new (url: string, options?: { name?: string }) => HostWorker;
  readonly Blob?: new (parts: string[], options: { type: string }) => HostBlob;
  readonly URL?: { createObjectURL(blob: HostBlob): string; revokeObjectURL(url: string): void };
  /** What workers that belong to one page have, and pages and other workers have not. */
  readonly DedicatedWorkerGlobalScope?: unknown;
}

/** As it is now: tests put theirs in its place. */
export const browserHost = (): BrowserHost => globalThis as BrowserHost;
