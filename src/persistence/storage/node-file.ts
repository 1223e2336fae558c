import * as fs from 'node:fs';
import { StorageFailure } from './failures.ts';
import { syncFolder, syncFolderNow } from './node-folder.ts';
import type { AppendedFile, ImmediateFile, StoredFile } from './storage.ts';

/** A file of the file system that is read. Each read says where. */
export class NodeStoredFile implements StoredFile {
  readonly sizeBytes: number;
  private readonly handle: fs.promises.FileHandle;

  private constructor(handle: fs.promises.FileHandle, sizeBytes: number) {
    this.handle = handle;
    this.sizeBytes = sizeBytes;
  }

  /** Takes an open file; one that is not good to be read is closed again. */
  static async of(handle: fs.promises.FileHandle, name: string): Promise<NodeStoredFile> {
    return new NodeStoredFile(handle, await sizeOf(handle, name));
  }

  async read(offset: number, lengthBytes: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.max(0, Math.min(lengthBytes, this.sizeBytes - offset)));
    let done = 0;
    while (done < bytes.length) {
      const { bytesRead } = await this.handle.read(bytes, done, bytes.length - done, offset + done);
      if (bytesRead === 0) return bytes.subarray(0, done);
      done += bytesRead;
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/**
 * A file of the file system that is written at its end. Every write says where it goes, so what a failed one left behind is
 * written over by the next even if it could not be truncated.
 */
export class NodeAppendedFile implements AppendedFile {
  readonly now: ImmediateFile;
  private readonly handle: fs.promises.FileHandle;
  private readonly name: string;
  private size: number;
  /** Where the file's name stands, until it has been synced there: whoever made the file may have died before. */
  private foldersToSync: readonly string[];

  private constructor(
    handle: fs.promises.FileHandle,
    name: string,
    folders: readonly string[],
    sizeBytes: number,
  ) {
    this.handle = handle;
    this.name = name;
    this.foldersToSync = folders;
    this.size = sizeBytes;
    this.now = {
      append: (bytes) => this.appendNow(bytes),
      sync: () => this.syncNow(),
      truncate: (to) => this.truncateNow(to),
    };
  }

  /** Takes an open file; one that is not good to be written is closed again. */
  static async of(
    handle: fs.promises.FileHandle,
    name: string,
    folders: readonly string[],
  ): Promise<NodeAppendedFile> {
    return new NodeAppendedFile(handle, name, folders, await sizeOf(handle, name));
  }

  get sizeBytes(): number {
    return this.size;
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.handle.write(bytes, done, bytes.length - done, this.size + done);
      done += this.progress(bytesWritten);
    }
    this.size += bytes.length;
  }

  async sync(): Promise<void> {
    await this.handle.datasync();
    for (const folder of this.foldersToSync) await syncFolder(folder);
    this.foldersToSync = [];
  }

  async truncate(sizeBytes: number): Promise<void> {
    await this.handle.truncate(this.checked(sizeBytes));
    this.size = sizeBytes;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private appendNow(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; )
      done += this.progress(
        fs.writeSync(this.descriptor('write'), bytes, done, bytes.length - done, this.size + done),
      );
    this.size += bytes.length;
  }

  private syncNow(): void {
    fs.fdatasyncSync(this.descriptor('fdatasync'));
    for (const folder of this.foldersToSync) syncFolderNow(folder);
    this.foldersToSync = [];
  }

  private truncateNow(sizeBytes: number): void {
    fs.ftruncateSync(this.descriptor('truncate'), this.checked(sizeBytes));
    this.size = sizeBytes;
  }

  /** A write may take fewer bytes than it was given, never none: going on would not end. */
  private progress(bytesWritten: number): number {
    if (bytesWritten === 0) throw new StorageFailure('EIO', 'write', this.name);
    return bytesWritten;
  }

  private checked(sizeBytes: number): number {
    if (sizeBytes > this.size) throw new StorageFailure('EINVAL', 'truncate', this.name);
    return sizeBytes;
  }

  private descriptor(operation: string): number {
    // A closed file's number is -1; the system may have given the number it had to somebody else.
    if (this.handle.fd < 0) throw new StorageFailure('EBADF', operation, this.name);
    return this.handle.fd;
  }
}

async function sizeOf(handle: fs.promises.FileHandle, name: string): Promise<number> {
  try {
    const found = await handle.stat();
    if (found.isFile()) return found.size;
    throw new StorageFailure(found.isDirectory() ? 'EISDIR' : 'EINVAL', 'open', name);
  } catch (failure) {
    await handle.close();
    throw failure;
  }
}
