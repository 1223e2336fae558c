import type { Persistence, PersistenceStatus } from '../../keyspace/persistence.ts';
import type { Server } from '../server.ts';
import type { Field, Section } from './section.ts';

/** How a store stands that is not kept anywhere. */
const NOT_KEPT: Omit<PersistenceStatus, 'changesSinceSave' | 'lastSaveSeconds'> = {
  isLoading: false,
  loadingStartSeconds: -1,
  loadingElapsedSeconds: -1,
  loadedBytes: 0,
  loadingTotalBytes: 0,
  isSaving: false,
  lastSaveStatus: 'ok',
  lastSaveDurationSeconds: -1,
  currentSaveDurationSeconds: -1,
  saveCount: 0,
  keysProcessed: 0,
  keysTotal: 0,
  lastLoadKeysLoaded: 0,
  lastLoadKeysExpired: 0,
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

/** What is kept beyond the process, and how that goes. Nothing is copied when it is written: no memory is shared with a child. */
export const persistenceSection: Section = {
  name: 'persistence',
  title: 'Persistence',
  isDefault: true,
  fields: (server) => {
    const { persistence, dirty } = server.keyspace;
    const status = { ...NOT_KEPT, changesSinceSave: dirty, ...persistence?.status };
    return [
      ...always(server, status, persistence),
      ...(isAppending(persistence) ? ofAppendOnly(status) : []),
      ...(status.isLoading ? ofLoading(status) : []),
    ];
  },
};

function isAppending(persistence: Persistence | undefined): boolean {
  return persistence?.settings.appendonly === true;
}

function always(
  server: Server,
  status: Omit<PersistenceStatus, 'lastSaveSeconds'>,
  persistence: Persistence | undefined,
): Field[] {
  const share = status.keysTotal === 0 ? 0 : (100 * status.keysProcessed) / status.keysTotal;
  return [
    ['loading', flag(status.isLoading)],
    ['async_loading', 0],
    ['current_cow_peak', 0],
    ['current_cow_size', 0],
    ['current_cow_size_age', 0],
    ['current_fork_perc', share.toFixed(2)],
    ['current_save_keys_processed', status.keysProcessed],
    ['current_save_keys_total', status.keysTotal],
    ['rdb_changes_since_last_save', status.changesSinceSave],
    ['rdb_bgsave_in_progress', flag(status.isSaving)],
    ['rdb_last_save_time', server.lastSaveSeconds],
    ['rdb_last_bgsave_status', status.lastSaveStatus],
    ['rdb_last_bgsave_time_sec', status.lastSaveDurationSeconds],
    ['rdb_current_bgsave_time_sec', status.currentSaveDurationSeconds],
    ['rdb_saves', status.saveCount],
    ['rdb_last_cow_size', 0],
    ['rdb_last_load_keys_expired', status.lastLoadKeysExpired],
    ['rdb_last_load_keys_loaded', status.lastLoadKeysLoaded],
    ['aof_enabled', flag(isAppending(persistence))],
    ['aof_rewrite_in_progress', flag(status.isRewriting)],
    ['aof_rewrite_scheduled', flag(status.isRewriteScheduled)],
    ['aof_last_rewrite_time_sec', status.lastRewriteDurationSeconds],
    ['aof_current_rewrite_time_sec', status.currentRewriteDurationSeconds],
    ['aof_last_bgrewrite_status', status.lastRewriteStatus],
    ['aof_rewrites', status.rewriteCount],
    ['aof_rewrites_consecutive_failures', status.consecutiveRewriteFailures],
    ['aof_last_write_status', status.lastWriteStatus],
    ['aof_last_cow_size', 0],
    ['module_fork_in_progress', 0],
    ['module_fork_last_cow_size', 0],
  ];
}

/** What is told only while there is an append-only file. */
function ofAppendOnly(status: Omit<PersistenceStatus, 'lastSaveSeconds'>): Field[] {
  return [
    ['aof_current_size', status.appendedBytes],
    ['aof_base_size', status.baseBytes],
    ['aof_pending_rewrite', flag(status.isRewriteDue)],
    ['aof_buffer_length', status.bufferedBytes],
    ['aof_pending_bio_fsync', flag(status.isSyncing)],
    ['aof_delayed_fsync', status.delayedSyncs],
  ];
}

/** What is told only while something is loaded. What memory the writer of the file used nobody keeps. */
function ofLoading(status: Omit<PersistenceStatus, 'lastSaveSeconds'>): Field[] {
  const { loadingStartSeconds, loadingElapsedSeconds, loadedBytes, loadingTotalBytes } = status;
  const missingBytes = loadingTotalBytes - loadedBytes;
  const share = loadingTotalBytes === 0 ? 0 : (100 * loadedBytes) / loadingTotalBytes;
  return [
    ['loading_start_time', loadingStartSeconds],
    ['loading_total_bytes', loadingTotalBytes],
    ['loading_rdb_used_mem', 0],
    ['loading_loaded_bytes', loadedBytes],
    ['loading_loaded_perc', share.toFixed(2)],
    // Before there is anything to go by Redis says one second, too.
    [
      'loading_eta_seconds',
      loadingElapsedSeconds <= 0 ? 1 : Math.floor((loadingElapsedSeconds * missingBytes) / (loadedBytes + 1)),
    ],
  ];
}

function flag(isSo: boolean): number {
  return isSo ? 1 : 0;
}
