import * as fs from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { LOCK_FOLDER, splitName } from './names.ts';
import { NodeAppendedFile, NodeStoredFile } from './node-file.ts';
import { codeOf, entriesOf, makeFolder, syncFolder } from './node-folder.ts';
import { lockFolder } from './node-lock.ts';
import type { AppendedFile, Storage, StoredFile } from './storage.ts';

/** As Redis makes them, before the process's umask. */
const FILE_MODE = 0o644;

/**
 * A folder of the file system. It is made, with those above it, when something is first written or locked there; where
 * it is a symbolic link, what that leads to is the folder.
 *
 * The folder is fixed when the object is made: what the process does with its working directory later does not matter.
 */
export class NodeStorage implements Storage {
  readonly place: string;

  constructor(folder: string) {
    this.place = resolve(folder);
  }

  async lock(): Promise<() => Promise<void>> {
    await makeFolder(this.place);
    return lockFolder(this.place);
  }

  async list(): Promise<string[]> {
    const names: string[] = [];
    for (const entry of await entriesOf(this.place)) {
      if (entry.name === LOCK_FOLDER) continue;
      if (entry.kind === 'file') names.push(entry.name);
      if (entry.kind !== 'folder') continue;
      for (const inner of await entriesOf(join(this.place, entry.name)))
        if (inner.kind === 'file') names.push(`${entry.name}/${inner.name}`);
    }
    return names;
  }

  async open(name: string): Promise<StoredFile | undefined> {
    let handle: fs.promises.FileHandle;
    try {
      handle = await fs.promises.open(this.pathOf(name), 'r');
    } catch (failure) {
      if (codeOf(failure) === 'ENOENT') return undefined;
      throw failure;
    }
    return NodeStoredFile.of(handle, name);
  }

  async append(name: string): Promise<AppendedFile> {
    const path = this.pathOf(name);
    // Not O_APPEND, with which Windows cannot truncate: every write says where it goes.
    const flags = fs.constants.O_RDWR | fs.constants.O_CREAT;
    let handle: fs.promises.FileHandle;
    try {
      handle = await fs.promises.open(path, flags, FILE_MODE);
    } catch (failure) {
      if (codeOf(failure) !== 'ENOENT') throw failure;
      await makeFolder(dirname(path));
      handle = await fs.promises.open(path, flags, FILE_MODE);
    }
    return NodeAppendedFile.of(handle, name, this.foldersOf(name));
  }

  async rename(from: string, to: string): Promise<void> {
    const fromPath = this.pathOf(from);
    const toPath = this.pathOf(to);
    if (dirname(toPath) !== dirname(fromPath)) await makeFolder(dirname(toPath));
    await fs.promises.rename(fromPath, toPath);
    // The new name first: between the two the file has both, never none.
    for (const folder of new Set([...this.foldersOf(to), dirname(fromPath)])) await syncFolder(folder);
  }

  async remove(name: string): Promise<void> {
    try {
      await fs.promises.unlink(this.pathOf(name));
    } catch (failure) {
      if (codeOf(failure) !== 'ENOENT') throw failure;
    }
  }

  private pathOf(name: string): string {
    const { folder, file } = splitName(name);
    return join(this.place, folder, file);
  }

  /** The folders that say where a file is: its own, and the one in which that is. */
  private foldersOf(name: string): string[] {
    const { folder } = splitName(name);
    return folder === '' ? [this.place] : [join(this.place, folder), this.place];
  }
}
