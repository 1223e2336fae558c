import { Store } from '../../../src/index.ts';
import type { PersistenceSettings } from '../../../src/keyspace/persistence.ts';
import { AppendOnlyFile, type AppendOnlyHost } from '../../../src/persistence/aof/append-only-file.ts';
import { saveRdb } from '../../../src/persistence/instant/save-rdb.ts';
import { KeyspaceTarget, readContextOf } from '../../../src/persistence/rdb/file/keyspace-target.ts';
import { readRdbFile } from '../../../src/persistence/rdb/file/read-rdb-file.ts';
import type { Storage } from '../../../src/persistence/storage/storage.ts';
import type { StoreOptions } from '../../../src/store.ts';
import { afterTurn } from '../../../src/ttl/host-turn.ts';

export const DEFAULT_SETTINGS: PersistenceSettings = {
  savePoints: [],
  stopWritesOnBgsaveError: true,
  dir: 'memory',
  dbfilename: 'dump.rdb',
  rdbchecksum: true,
  appendonly: true,
  appendfilename: 'appendonly.aof',
  appenddirname: 'appendonlydir',
  appendfsync: 'always',
  noAppendfsyncOnRewrite: false,
  autoAofRewritePercentage: 0,
  autoAofRewriteMinSize: 0,
  aofLoadTruncated: true,
  aofUseRdbPreamble: true,
  aofTimestampEnabled: false,
};

/** A store that is kept in an append-only file, and nothing else of an engine. */
export interface Kept {
  readonly store: Store;
  readonly aof: AppendOnlyFile;
  readonly settings: { -readonly [Name in keyof PersistenceSettings]: PersistenceSettings[Name] };
  readonly warnings: string[];
  /** Runs one command, as an engine has it. */
  run<T>(command: (store: Store) => T): T;
}

export async function keep(
  storage: Storage,
  changes: Partial<PersistenceSettings> = {},
  options: StoreOptions = {},
): Promise<Kept> {
  const store = new Store({ ...options });
  const { keyspace } = store;
  const settings = { ...DEFAULT_SETTINGS, ...changes };
  const warnings: string[] = [];
  const host: AppendOnlyHost = {
    keyspace,
    storage,
    settings,
    isBusy: false,
    loadRdb: async (file) => {
      const target = new KeyspaceTarget(keyspace, { dropsExpired: false });
      const reader = await readRdbFile(file, target, readContextOf(keyspace), {
        mayBeFollowed: true,
        turn: () => new Promise(afterTurn),
      });
      return reader.position;
    },
    writeRdb: async (name) => {
      await saveRdb(keyspace, storage, name, { checksum: true, isAppendOnlyBase: true });
    },
    warn: (warning) => warnings.push(warning),
  };
  const aof = await AppendOnlyFile.find(host);
  if (aof.exists) await aof.load();
  await aof.start();
  const run = <T>(command: (store: Store) => T): T => {
    aof.requireWritable();
    aof.begin();
    try {
      return command(store);
    } finally {
      aof.end();
      aof.beforeReply()?.catch(() => {});
    }
  };
  return { store, aof, settings, warnings, run };
}
