import { BrowserStorageError, failure, isNamed } from './browser/failure.ts';
import { browserHost, type FileHandle, type FolderHandle, type HostBlob } from './browser/host.ts';
import { OpfsPageFile, OpfsWorkerFile } from './browser/opfs-appended-file.ts';
import { OpfsWorker } from './browser/opfs-worker.ts';
import { lockByName } from './browser/web-lock.ts';
import { splitName } from './names.ts';
import type { AppendedFile, Storage, StoredFile } from './storage.ts';

type FilePath = ReturnType<typeof splitName>;

/** A file that a dying page or worker still has is tried again so many times, a bit later each time: over a second in all. */
const TRIES = 10;
const FIRST_PAUSE_MS = 2;

/**
 * Files of the origin private file system, in one folder of it.
 *
 * A worker appends to them itself, at once. A page cannot: all it can do is to write a copy of a file, which takes a third
 * of a second for 64 MB, however little is appended. So it starts a worker of its own that does it, which takes a tenth
 * of a millisecond more than the disk does.
 *
 * Names survive when the browser says so: there is no way to sync a folder here. A rename is one step where handles have
 * `move()`; elsewhere the content is written under the new name in one step, and the old one removed then.
 */
export class OpfsStorage implements Storage {
  readonly place: string;
  private readonly name: string;
  private readonly isGuarded: boolean;
  private worker: OpfsWorker | undefined = undefined;
  private root: FolderHandle | undefined = undefined;

  /** @param isGuarded whether {@link lock} locks */
  constructor(name: string, isGuarded: boolean) {
    this.name = name;
    this.place = `opfs:${name}`;
    this.isGuarded = isGuarded;
  }

  async lock(): Promise<() => Promise<void>> {
    const release = this.isGuarded ? await lockByName(`lodis:${this.place}`, this.place) : async () => {};
    let isHeld = true;
    return async () => {
      if (!isHeld) return;
      isHeld = false;
      // Whatever is still open is let go before others may come.
      this.worker?.end();
      this.worker = undefined;
      await release();
    };
  }

  async list(): Promise<string[]> {
    return this.attempt(`list ${this.place}`, async () => {
      const names: string[] = [];
      for await (const [name, entry] of (await this.folder('')).entries()) {
        if (entry.kind === 'file') names.push(name);
        else
          for await (const [file, { kind }] of entry.entries())
            if (kind === 'file') names.push(`${name}/${file}`);
      }
      return names;
    });
  }

  async open(name: string): Promise<StoredFile | undefined> {
    const path = splitName(name);
    return this.attempt(`open ${name}`, async () => {
      const entry = await this.find(path);
      return entry === undefined ? undefined : storedFile(name, await entry.getFile());
    });
  }

  async append(name: string): Promise<AppendedFile> {
    const path = splitName(name);
    return this.attempt(`open ${name}`, async () => {
      if (browserHost().DedicatedWorkerGlobalScope !== undefined) {
        const entry = await (await this.folder(path.folder)).getFileHandle(path.file, { create: true });
        if (entry.createSyncAccessHandle !== undefined) {
          return new OpfsWorkerFile(name, await once(() => entry.createSyncAccessHandle!()));
        }
      }
      this.worker ??= new OpfsWorker();
      const { worker } = this;
      await worker.ready;
      const names = path.folder === '' ? [this.name, path.file] : [this.name, path.folder, path.file];
      const opened = await once(() => worker.ask('open', [names]));
      const { file, sizeBytes } = opened as { file: number; sizeBytes: number };
      return new OpfsPageFile(name, worker, file, sizeBytes);
    });
  }

  async rename(from: string, to: string): Promise<void> {
    const source = splitName(from);
    const target = splitName(to);
    await this.attempt(`rename ${from} to ${to}`, async () => {
      const entry = await this.find(source);
      if (entry === undefined)
        throw new BrowserStorageError('ENOENT', `cannot rename ${from}: there is none`);
      if (from === to) return;
      const folder = await this.folder(target.folder);
      if (entry.move !== undefined) await once(() => entry.move!(folder, target.file));
      else {
        await replace(folder, target.file, await entry.getFile());
        await this.remove(from);
      }
    });
  }

  async remove(name: string): Promise<void> {
    const path = splitName(name);
    await this.attempt(`remove ${name}`, async () => {
      try {
        const folder = await this.folder(path.folder);
        await once(() => folder.removeEntry(path.file));
      } catch (error) {
        if (!isNamed(error, 'NotFoundError')) throw error;
      }
    });
  }

  private async find({ folder, file }: FilePath): Promise<FileHandle | undefined> {
    try {
      return await (await this.folder(folder)).getFileHandle(file);
    } catch (error) {
      if (isNamed(error, 'NotFoundError')) return undefined;
      throw error;
    }
  }

  /** The storage's own folder, or one in it. They come to be when they are asked for. */
  private async folder(name: string): Promise<FolderHandle> {
    if (this.root === undefined) {
      const { storage } = browserHost().navigator ?? {};
      if (storage?.getDirectory === undefined) {
        throw new BrowserStorageError(
          'ENOTSUP',
          'there is no origin private file system here (pages have it over https and on localhost): try indexedDbFiles',
        );
      }
      this.root = await (await storage.getDirectory()).getDirectoryHandle(this.name, { create: true });
    }
    return name === '' ? this.root : this.root.getDirectoryHandle(name, { create: true });
  }

  private async attempt<T>(doing: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw failure(doing, error);
    }
  }
}

/**
 * Does what may find the file in the hands of a page that has the lock no longer, but is not yet gone.
 *
 * @throws what it throws, if that is something else, or does not go away
 */
async function once<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await run();
    } catch (error) {
      if (tries === TRIES || !isNamed(error, 'NoModificationAllowedError')) throw error;
    }
    await new Promise<void>((resolve) => setTimeout(resolve, FIRST_PAUSE_MS << (tries - 1)));
  }
}

/** Closing puts the new content in the place of the old, in one step. */
async function replace(folder: FolderHandle, name: string, content: HostBlob): Promise<void> {
  const entry = await folder.getFileHandle(name, { create: true });
  if (entry.createWritable === undefined) {
    throw new BrowserStorageError(
      'ENOTSUP',
      'this browser can neither move nor replace files: try indexedDbFiles',
    );
  }
  const writable = await entry.createWritable();
  try {
    await writable.write(content);
  } catch (error) {
    await writable.abort();
    throw error;
  }
  await writable.close();
}

function storedFile(name: string, content: HostBlob): StoredFile {
  return {
    sizeBytes: content.size,
    async read(offset, lengthBytes) {
      try {
        return new Uint8Array(await content.slice(offset, offset + lengthBytes).arrayBuffer());
      } catch (error) {
        throw failure(`read ${name}`, error);
      }
    },
    async close() {},
  };
}
