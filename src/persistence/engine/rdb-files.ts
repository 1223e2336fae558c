import type { Keyspace } from '../../keyspace/keyspace.ts';
import type { LoadProgress } from '../../keyspace/persistence.ts';
import { afterTurn } from '../../ttl/host-turn.ts';
import { saveRdb } from '../instant/save-rdb.ts';
import { beginRdb, noteNeededVersion } from '../rdb/file/begin-rdb.ts';
import { HEADER_BYTES } from '../rdb/file/header.ts';
import { KeyspaceTarget, readContextOf } from '../rdb/file/keyspace-target.ts';
import { CHECKSUM_BYTES, type RaisedVersion, raisedVersion } from '../rdb/file/raised-version.ts';
import { readRdbFile } from '../rdb/file/read-rdb-file.ts';
import type { AppendedFile, Storage, StoredFile } from '../storage/storage.ts';

/** Told how far a save is. */
export interface SaveProgress {
  keysProcessed: number;
  keysTotal: number;
}

/**
 * Writes the state of this moment as an RDB file, bit by bit, and syncs it: the moment is that of the call. Rejects with what
 * the storage says; then there is no such file.
 *
 * @param name of the file, which is made anew. It is to be renamed
 * @throws Error inside a transaction
 */
export function writeRdbFile(
  keyspace: Keyspace,
  storage: Storage,
  name: string,
  options: { readonly checksum: boolean; readonly isAppendOnlyBase: boolean },
  progress: SaveProgress,
): Promise<void> {
  const writer = beginRdb(keyspace, options);
  // The walk begins with this call, and the file is there once it has something to write.
  const file = new FileInTheMaking(storage, name);
  const written = saveRdb(keyspace, writer, file, {
    onProgress: (keysProcessed, keysTotal) => {
      progress.keysProcessed = keysProcessed;
      progress.keysTotal = keysTotal;
    },
  });
  return file.end(written, async () => {
    const raised = raisedVersion(writer);
    noteNeededVersion(keyspace, writer.neededVersion);
    if (raised !== undefined) await rewriteEnds(storage, name, raised);
  });
}

/** A file that is made when there is something to be written, and removed if something fails. */
class FileInTheMaking {
  private readonly storage: Storage;
  private readonly name: string;
  private file: AppendedFile | undefined = undefined;

  constructor(storage: Storage, name: string) {
    this.storage = storage;
    this.name = name;
  }

  async append(bytes: Uint8Array): Promise<void> {
    if (this.file === undefined) {
      await this.storage.remove(this.name);
      this.file = await this.storage.append(this.name);
    }
    await this.file.append(bytes);
  }

  /** Once it is written: syncs it, closes it, and does what else there is to do. */
  async end(written: Promise<void>, finish: () => Promise<void>): Promise<void> {
    try {
      await written;
      await this.file!.sync();
      const { file } = this;
      this.file = undefined;
      await file!.close();
      await finish();
    } catch (error) {
      await this.file?.close().catch(nothing);
      await this.storage.remove(this.name).catch(nothing);
      throw error;
    }
  }
}

/** The first and the last bytes of the file were other ones: it is copied, as a storage only appends. */
async function rewriteEnds(
  storage: Storage,
  name: string,
  { header, checksum }: RaisedVersion,
): Promise<void> {
  const source = (await storage.open(name))!;
  try {
    const copy = new FileInTheMaking(storage, `${name}-2`);
    const endOffset = source.sizeBytes - CHECKSUM_BYTES;
    const copyAll = async () => {
      await copy.append(header);
      for (let offset = HEADER_BYTES; offset < endOffset; ) {
        const bytes = await source.read(offset, Math.min(COPIED_BYTES, endOffset - offset));
        await copy.append(bytes);
        offset += bytes.length;
      }
      await copy.append(checksum);
    };
    await copy.end(copyAll(), nothing);
  } finally {
    await source.close();
  }
  await storage.rename(`${name}-2`, name);
}

const COPIED_BYTES = 2 ** 20;

/** What else fails after a failure is not what is told. */
async function nothing(): Promise<void> {}

/** How many keys an RDB file had, and how many of them were left out because their time was over. */
export interface LoadedKeys {
  readonly loaded: number;
  readonly expired: number;
}

/**
 * Loads an RDB file into the keyspace, and tells nobody. The event loop turns meanwhile.
 *
 * @param replaces whether its keys take the place of those that are there
 * @throws RdbError if it cannot be loaded; then part of it has been
 */
export async function loadRdbFile(
  keyspace: Keyspace,
  file: StoredFile,
  options: {
    readonly name: string;
    readonly checksChecksum: boolean;
    readonly replaces: boolean;
    readonly onProgress: (progress: LoadProgress) => void;
  },
): Promise<LoadedKeys> {
  const { name, checksChecksum, replaces, onProgress } = options;
  const target = new KeyspaceTarget(keyspace, { replaces });
  const reader = await readRdbFile(file, target, readContextOf(keyspace), {
    checksChecksum,
    onProgress: (loadedBytes, keys) =>
      onProgress({ file: name, loadedBytes, totalBytes: file.sizeBytes, keys }),
    turn: () => new Promise(afterTurn),
  });
  noteNeededVersion(keyspace, reader.neededVersion);
  return { loaded: target.loadedCount, expired: target.expiredCount };
}
