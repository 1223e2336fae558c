import type { Keyspace } from '../../keyspace/keyspace.ts';
import { saveRdb } from '../instant/save-rdb.ts';
import type { Storage } from '../storage/storage.ts';
import type { Settings } from './settings.ts';

/** Where an RDB file is written before it takes its name. One that was left behind is written anew. */
export const TEMPORARY_RDB = 'temp-lodis.rdb';

/**
 * Writes the RDB file, one save at a time, and keeps Redis's account of it.
 *
 *     the state now ─▶ temp-lodis.rdb ─▶ sync ─▶ rename to dump.rdb
 *
 * Whatever fails, the file under the name is the old one or the new one, whole.
 */
export class Saving implements SaveProgress {
  isSaving = false;
  lastStatus: 'ok' | 'err' = 'ok';
  /** When a save has last succeeded, or all was loaded. */
  lastSuccessMs: number;
  /** When one was last begun by itself. */
  lastAttemptMs = 0;
  startedMs = 0;
  lastDurationMs: number | undefined = undefined;
  count = 0;
  keysProcessed = 0;
  keysTotal = 0;
  /** The keyspace's count of changes when what is in the RDB file was the state; `undefined` if it never was. */
  savedDirty: number | undefined = undefined;
  /** The same, but it counts from the start where nothing was loaded from there, as Redis's does. */
  baseDirty: number;
  private readonly keyspace: Keyspace;
  private readonly storage: Storage;
  private readonly settings: Settings;

  constructor(keyspace: Keyspace, storage: Storage, settings: Settings) {
    this.keyspace = keyspace;
    this.storage = storage;
    this.settings = settings;
    this.lastSuccessMs = keyspace.now();
    this.baseDirty = keyspace.dirty;
  }

  get changesSinceSave(): number {
    return this.keyspace.dirty - this.baseDirty;
  }

  /** All was loaded: what follows are changes. */
  loaded(isFromRdb: boolean): void {
    this.lastSuccessMs = this.keyspace.now();
    this.baseDirty = this.keyspace.dirty;
    this.savedDirty = isFromRdb ? this.baseDirty : undefined;
  }

  /**
   * Saves the state of this moment; no save is under way, and no transaction. Rejects with what the storage says, after which
   * the file is as it was.
   *
   * @param isInBackground whether nobody waits for it: only then, as in Redis, its failure is what INFO tells, and stops writes
   */
  async run(isInBackground: boolean): Promise<void> {
    const { keyspace } = this;
    const { dirty } = keyspace;
    const startedMs = keyspace.now();
    this.isSaving = true;
    this.startedMs = startedMs;
    if (isInBackground) this.lastAttemptMs = startedMs;
    this.count++;
    try {
      await this.write();
      this.lastStatus = 'ok';
      this.lastSuccessMs = keyspace.now();
      this.savedDirty = dirty;
      this.baseDirty = dirty;
    } catch (error) {
      if (isInBackground) this.lastStatus = 'err';
      throw error;
    } finally {
      this.isSaving = false;
      this.keysProcessed = 0;
      this.keysTotal = 0;
      this.lastDurationMs = keyspace.now() - startedMs;
    }
  }

  private async write(): Promise<void> {
    const { storage, settings } = this;
    await saveRdb(this.keyspace, storage, TEMPORARY_RDB, {
      checksum: settings.rdbchecksum,
      onProgress: onProgressOf(this),
    });
    try {
      await storage.rename(TEMPORARY_RDB, settings.dbfilename);
    } catch (error) {
      await storage.remove(TEMPORARY_RDB).catch(nothing);
      throw error;
    }
  }
}

/** How far a save or a rewrite is. */
export interface SaveProgress {
  keysProcessed: number;
  keysTotal: number;
}

/** Notes how far it is. */
export function onProgressOf(progress: SaveProgress): (keys: number, total: number) => void {
  return (keys, total) => {
    progress.keysProcessed = keys;
    progress.keysTotal = total;
  };
}

/** What else fails after a failure is not what is told. */
function nothing(): void {}
