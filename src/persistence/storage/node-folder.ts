import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** As Redis makes them, before the process's umask. */
const FOLDER_MODE = 0o755;

/** What stands in a folder. */
export interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
}

/** What is in a folder, symbolic links followed. Nothing, where there is none. */
export async function entriesOf(folder: string): Promise<Entry[]> {
  let found: fs.Dirent[];
  try {
    found = await fs.promises.readdir(folder, { withFileTypes: true });
  } catch (failure) {
    if (codeOf(failure) === 'ENOENT') return [];
    throw failure;
  }
  return Promise.all(
    found.map(async (entry) => {
      const meant = entry.isSymbolicLink()
        ? await fs.promises.stat(join(folder, entry.name)).catch(() => undefined)
        : entry;
      const kind = meant?.isFile() ? 'file' : meant?.isDirectory() ? 'folder' : 'other';
      return { name: entry.name, kind };
    }),
  );
}

/** Makes a folder and those above it, so that their names survive the machine. */
export async function makeFolder(folder: string): Promise<void> {
  const options = { recursive: true, mode: FOLDER_MODE } as const;
  const first = await fs.promises.mkdir(folder, options).catch((failure: unknown) => {
    // The system says of a file in its place that it exists, as if that were what is wrong with a folder.
    if (codeOf(failure) !== 'EEXIST') throw failure;
    throw Object.assign(new Error(`EEXIST: a store needs a folder, and ${folder} is a file`), {
      code: 'EEXIST',
    });
  });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) {
    try {
      await syncFolder(dirname(made));
    } catch (failure) {
      // One may make a folder in another without being allowed to read that.
      if (codeOf(failure) !== 'EACCES') throw failure;
    }
    if (basename(made) === '') return;
  }
}

/** Has the names in a folder survive the machine. */
export async function syncFolder(folder: string): Promise<void> {
  if (!CAN_SYNC_FOLDERS) return;
  const handle = await fs.promises.open(folder, 'r');
  try {
    await handle.sync();
  } catch (failure) {
    if (!isUnknownForFolders(failure)) throw failure;
  } finally {
    await handle.close();
  }
}

/** {@link syncFolder} without waiting. */
export function syncFolderNow(folder: string): void {
  if (!CAN_SYNC_FOLDERS) return;
  const descriptor = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(descriptor);
  } catch (failure) {
    if (!isUnknownForFolders(failure)) throw failure;
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Windows opens no folders. It keeps names by a journal. */
const CAN_SYNC_FOLDERS = process.platform !== 'win32';

/** Some file systems (SMB, some of FUSE) sync files only. */
function isUnknownForFolders(failure: unknown): boolean {
  const code = codeOf(failure);
  return code === 'EINVAL' || code === 'ENOTSUP' || code === 'EOPNOTSUPP';
}

/** What the system calls a failure. */
export function codeOf(failure: unknown): unknown {
  return (failure as { code?: unknown } | null)?.code;
}
