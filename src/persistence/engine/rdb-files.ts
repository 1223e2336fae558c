import type { Keyspace } from '../../keyspace/keyspace.ts';
import type { LoadProgress } from '../../keyspace/persistence.ts';
import type { StoredFile } from '../storage/storage.ts';

/** Told how far a save is. */
export interface SaveProgress {
  keysProcessed: number;
  keysTotal: number;
}

/**
 * Writes the state of this moment as an RDB file, bit by bit: the moment is that of the call.
 *
 * @param write puts bytes behind those before; called again once it has resolved
 */
export function writeRdbFile(
  _keyspace: Keyspace,
  _progress: SaveProgress,
  _write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  return Promise.reject(new Error('RDB files cannot be written yet'));
}

/** How many keys an RDB file had, and how many of them were left out because their time was over. */
export interface LoadedKeys {
  readonly loaded: number;
  readonly expired: number;
}

/** Loads an RDB file into the keyspace. */
export function loadRdbFile(
  _keyspace: Keyspace,
  _file: StoredFile,
  _options: {
    readonly name: string;
    readonly merge: boolean;
    readonly onProgress: (progress: LoadProgress) => void;
  },
): Promise<LoadedKeys> {
  return Promise.reject(new Error('RDB files cannot be read yet'));
}
