import type { Keyspace } from '../../keyspace/keyspace.ts';
import type { PersistenceStatus } from '../../keyspace/persistence.ts';
import type { AppendOnlyFile } from '../aof/append-only-file.ts';
import type { LoadedKeys } from './rdb-files.ts';
import type { SaveProgress, Saving } from './saving.ts';

/** How far loading is. */
export interface Loading {
  readonly startedMs: number;
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

/** What INFO says, as it is now. */
export function statusOf(
  keyspace: Keyspace,
  saving: Saving,
  engine: {
    readonly isLoading: boolean;
    readonly loading: Loading | undefined;
    readonly isSaving: boolean;
    readonly loadedKeys: LoadedKeys;
    readonly appendOnly: AppendOnlyFile | undefined;
    readonly rewriteProgress: SaveProgress;
  },
): PersistenceStatus {
  const { isLoading, loading, isSaving, loadedKeys, appendOnly, rewriteProgress } = engine;
  const rewriter = appendOnly?.rewriter;
  const log = appendOnly?.log;
  const progress = isSaving ? saving : rewriteProgress;
  return {
    isLoading,
    loadingStartSeconds: loading === undefined ? -1 : Math.floor(loading.startedMs / 1000),
    loadingElapsedSeconds:
      loading === undefined ? -1 : Math.floor((keyspace.now() - loading.startedMs) / 1000),
    loadedBytes: loading?.loadedBytes ?? 0,
    loadingTotalBytes: loading?.totalBytes ?? 0,
    changesSinceSave: saving.changesSinceSave,
    isSaving,
    lastSaveSeconds: Math.floor(saving.lastSuccessMs / 1000),
    lastSaveStatus: saving.lastStatus,
    lastSaveDurationSeconds: secondsOf(saving.lastDurationMs),
    currentSaveDurationSeconds: isSaving ? secondsOf(keyspace.now() - saving.startedMs) : -1,
    saveCount: saving.count,
    keysProcessed: progress.keysProcessed,
    keysTotal: progress.keysTotal,
    lastLoadKeysLoaded: loadedKeys.loaded,
    lastLoadKeysExpired: loadedKeys.expired,
    isRewriting: rewriter?.isRewriting ?? false,
    isRewriteScheduled: rewriter?.isScheduled ?? false,
    lastRewriteDurationSeconds: rewriter?.lastDurationSeconds ?? -1,
    currentRewriteDurationSeconds: rewriter?.currentDurationSeconds ?? -1,
    lastRewriteStatus: rewriter?.lastStatus ?? 'ok',
    rewriteCount: rewriter?.rewriteCount ?? 0,
    consecutiveRewriteFailures: rewriter?.consecutiveFailures ?? 0,
    lastWriteStatus: log?.lastWriteStatus ?? 'ok',
    appendedBytes: rewriter?.sizeBytes ?? 0,
    baseBytes: appendOnly?.baseBytes ?? 0,
    bufferedBytes: log?.bufferedBytes ?? 0,
    isRewriteDue: rewriter?.isDue ?? false,
    isSyncing: log?.isSyncing ?? false,
    delayedSyncs: log?.delayedSyncs ?? 0,
  };
}

function secondsOf(durationMs: number | undefined): number {
  return durationMs === undefined ? -1 : Math.floor(durationMs / 1000);
}
