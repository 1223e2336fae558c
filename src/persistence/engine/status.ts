import type { Keyspace } from '../../keyspace/keyspace.ts';
import type { PersistenceStatus } from '../../keyspace/persistence.ts';
import type { LoadedKeys } from './rdb-files.ts';
import type { Saving } from './saving.ts';

/** What INFO says, as it is now. */
export function statusOf(
  keyspace: Keyspace,
  saving: Saving,
  engine: { readonly isLoading: boolean; readonly isSaving: boolean; readonly loadedKeys: LoadedKeys },
): PersistenceStatus {
  const { isLoading, isSaving, loadedKeys } = engine;
  return {
    isLoading,
    changesSinceSave: saving.changesSinceSave,
    isSaving,
    lastSaveSeconds: Math.floor(saving.lastSuccessMs / 1000),
    lastSaveStatus: saving.lastStatus,
    lastSaveDurationSeconds: secondsOf(saving.lastDurationMs),
    currentSaveDurationSeconds: isSaving ? secondsOf(keyspace.now() - saving.startedMs) : -1,
    saveCount: saving.count,
    keysProcessed: saving.keysProcessed,
    keysTotal: saving.keysTotal,
    lastLoadKeysLoaded: loadedKeys.loaded,
    lastLoadKeysExpired: loadedKeys.expired,
    isRewriting: false,
    isRewriteScheduled: false,
    lastRewriteDurationSeconds: -1,
    currentRewriteDurationSeconds: -1,
    lastRewriteStatus: 'ok',
    rewriteCount: 0,
    consecutiveRewriteFailures: 0,
    lastWriteStatus: 'ok',
    appendedBytes: 0,
    baseBytes: 0,
    bufferedBytes: 0,
    isRewriteDue: false,
    isSyncing: false,
    delayedSyncs: 0,
  };
}

function secondsOf(durationMs: number | undefined): number {
  return durationMs === undefined ? -1 : Math.floor(durationMs / 1000);
}
