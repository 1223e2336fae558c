import { StorageFailure } from './failures.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { splitName } from './names.ts';
import {
  type AppendedFile,
  type ImmediateFile,
  type Storage,
  StorageLocked,
  type StoredFile,
} from './storage.ts';

/**
 * A storage of nothing but memory: it lives as long as somebody has it, so that a store that is closed can be opened again
 * from it, and another process never finds it. For tests, and for data that is handed on as files.
 */
export class MemoryStorage implements Storage {
  readonly place: string = 'memory';
  private readonly files = new Map<string, GrowingBytes>();
  private isLocked = false;

  async lock(): Promise<() => Promise<void>> {
    if (this.isLocked) throw new StorageLocked('This memory is used by another store: close that first');
    this.isLocked = true;
    let isReleased = false;
    return async () => {
      if (isReleased) return;
      isReleased = true;
      this.isLocked = false;
    };
  }

  async list(): Promise<string[]> {
    return [...this.files.keys()];
  }

  async open(name: string): Promise<StoredFile | undefined> {
    splitName(name);
    const bytes = this.files.get(name);
    return bytes === undefined ? undefined : new ReadMemory(bytes, name);
  }

  async append(name: string): Promise<AppendedFile> {
    splitName(name);
    let bytes = this.files.get(name);
    if (bytes === undefined) {
      bytes = new GrowingBytes();
      this.files.set(name, bytes);
    }
    return new AppendedMemory(bytes, name);
  }

  async rename(from: string, to: string): Promise<void> {
    splitName(from);
    splitName(to);
    const bytes = this.files.get(from);
    if (bytes === undefined) throw new StorageFailure('ENOENT', 'rename', from);
    if (from === to) return;
    this.files.set(to, bytes);
    this.files.delete(from);
  }

  async remove(name: string): Promise<void> {
    splitName(name);
    this.files.delete(name);
  }
}

class ReadMemory implements StoredFile {
  readonly sizeBytes: number;
  private bytes: GrowingBytes | undefined;
  private readonly name: string;

  constructor(bytes: GrowingBytes, name: string) {
    this.bytes = bytes;
    this.sizeBytes = bytes.sizeBytes;
    this.name = name;
  }

  async read(offset: number, lengthBytes: number): Promise<Uint8Array> {
    if (this.bytes === undefined) throw new StorageFailure('EBADF', 'read', this.name);
    return this.bytes.read(offset, lengthBytes);
  }

  async close(): Promise<void> {
    this.bytes = undefined;
  }
}

class AppendedMemory implements AppendedFile {
  readonly now: ImmediateFile;
  private bytes: GrowingBytes | undefined;
  private readonly name: string;

  constructor(bytes: GrowingBytes, name: string) {
    this.bytes = bytes;
    this.name = name;
    this.now = {
      append: (more) => this.opened('append').append(more),
      sync: () => void this.opened('sync'),
      truncate: (sizeBytes) => this.cut(sizeBytes),
    };
  }

  get sizeBytes(): number {
    return this.opened('stat').sizeBytes;
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.now.append(bytes);
  }

  async sync(): Promise<void> {
    this.now.sync();
  }

  async truncate(sizeBytes: number): Promise<void> {
    this.now.truncate(sizeBytes);
  }

  async close(): Promise<void> {
    this.bytes = undefined;
  }

  private cut(sizeBytes: number): void {
    const bytes = this.opened('truncate');
    if (sizeBytes > bytes.sizeBytes) throw new StorageFailure('EINVAL', 'truncate', this.name);
    bytes.truncate(sizeBytes);
  }

  private opened(operation: string): GrowingBytes {
    if (this.bytes === undefined) throw new StorageFailure('EBADF', operation, this.name);
    return this.bytes;
  }
}
