import type { Keyspace } from '../../keyspace/keyspace.ts';
import type { LoadProgress } from '../../keyspace/persistence.ts';
import { afterTurn } from '../../ttl/host-turn.ts';
import { noteNeededVersion } from '../rdb/file/begin-rdb.ts';
import { KeyspaceTarget, readContextOf } from '../rdb/file/keyspace-target.ts';
import { readRdbFile } from '../rdb/file/read-rdb-file.ts';
import type { StoredFile } from '../storage/storage.ts';

/** How many keys an RDB file had, and how many of them were left out because their time was over. */
export interface LoadedKeys {
  readonly loaded: number;
  readonly expired: number;
}

/** And how long it was. */
export interface LoadedFile extends LoadedKeys {
  readonly sizeBytes: number;
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
    /** Whether commands may follow in the file: then keys are loaded of which the time is over, too. */
    readonly mayBeFollowed: boolean;
    readonly onProgress: (progress: LoadProgress) => void;
  },
): Promise<LoadedFile> {
  const { name, checksChecksum, replaces, mayBeFollowed, onProgress } = options;
  const target = new KeyspaceTarget(keyspace, { replaces, dropsExpired: !mayBeFollowed });
  const reader = await readRdbFile(file, target, readContextOf(keyspace), {
    checksChecksum,
    mayBeFollowed,
    onProgress: (loadedBytes, keys) =>
      onProgress({ file: name, loadedBytes, totalBytes: file.sizeBytes, keys }),
    turn: () => new Promise(afterTurn),
  });
  noteNeededVersion(keyspace, reader.neededVersion);
  return { loaded: target.loadedCount, expired: target.expiredCount, sizeBytes: reader.position };
}
