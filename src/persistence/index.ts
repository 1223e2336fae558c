import type { StoragePlace } from '../keyspace/persistence.ts';
import { persistent } from './persistent.ts';
import { MemoryStorage } from './storage/memory-storage.ts';

export { persistent } from './persistent.ts';
export type { RdbFileOptions } from './rdb/file/begin-rdb.ts';
export { RdbError } from './rdb/file/rdb-error.ts';
export { type LoadedRdb, readRdb, writeRdb } from './rdb/file/whole-rdb.ts';
export type { Disk, DiskFile, PowerLoss } from './storage/disk-model.ts';
export {
  DIES,
  type Fault,
  type FaultPlan,
  FaultyStorage,
  failAt,
  type LoggedOperation,
  type Operation,
  type OperationKind,
  ProcessDied,
} from './storage/faults.ts';
export type { AppendedFile, ImmediateFile, Storage, StoredFile } from './storage/storage.ts';
export { StorageLocked } from './storage/storage.ts';

/**
 * Files that are in memory only, for a store to live in as long as somebody has this object: a store that is closed can be opened
 * again from it, one at a time. For tests, anywhere.
 *
 * @example
 * const storage = memoryFiles();
 * const store = await Store.open({ storage, appendonly: true });
 */
export function memoryFiles(): StoragePlace {
  return persistent(new MemoryStorage());
}
