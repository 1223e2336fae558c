import type { Keyspace } from '../../../keyspace/keyspace.ts';
import { startedEngineOf } from '../../../scripting/engine-of.ts';
import { REDIS_VERSION } from '../../../version.ts';
import { RDB_VERSION_7_4 } from '../value-form.ts';
import { OLDEST_VERSION_WRITTEN } from './header.ts';
import { RdbWriter } from './rdb-writer.ts';

/** How an RDB file of a store is begun. */
export interface RdbFileOptions {
  /** Whether strings are compressed (`rdbcompression`). Default: as the store's dumps are. */
  readonly compress?: boolean;
  /** Whether there is a checksum (`rdbchecksum`). Default: true. */
  readonly checksum?: boolean;
  /** Whether it is the base of an append-only file. Default: false. */
  readonly isAppendOnlyBase?: boolean;
}

/**
 * Begins an RDB file of what a store holds now: the header, what there is to say of the file, the libraries of functions, and
 * how large the databases are. The keys are left to the caller. O(databases, libraries).
 */
export function beginRdb(keyspace: Keyspace, options: RdbFileOptions = {}): RdbWriter {
  const { limits, dumps, access } = keyspace;
  const { compress = dumps.compress, checksum = true, isAppendOnlyBase = false } = options;
  const writer = new RdbWriter({
    limits,
    compress,
    checksum,
    version: likelyVersion(keyspace),
    uses: access,
  });
  writer.aux('redis-ver', REDIS_VERSION);
  writer.aux('redis-bits', '64');
  writer.aux('ctime', String(Math.floor(keyspace.now() / 1000)));
  writer.aux('used-mem', String(Math.floor(keyspace.memory?.usedBytes ?? 0)));
  writer.aux('aof-base', isAppendOnlyBase ? '1' : '0');
  for (const { code } of startedEngineOf(keyspace)?.libraries() ?? []) writer.library(code);
  for (const { index, size, expiringCount } of keyspace.databases) {
    if (size > 0) writer.size(index, size, expiringCount);
  }
  return writer;
}

/** Which version the last file of a store needed, written or read. */
const lastNeeded = new WeakMap<Keyspace, number>();

/** Notes which version a file of this store has turned out to need: the next one probably does too. */
export function noteNeededVersion(keyspace: Keyspace, version: number): void {
  lastNeeded.set(keyspace, version);
}

/**
 * The version that a file of this store probably needs: a guess, as it would take a look at every value to know. It is never
 * too low for long, as the next file knows what this one needed, and too high for one file at most.
 */
function likelyVersion(keyspace: Keyspace): number {
  const needed = lastNeeded.get(keyspace) ?? OLDEST_VERSION_WRITTEN;
  const hasExpiringFields = keyspace.databases.some(({ home }) => home.expiringHashCount > 0);
  return hasExpiringFields ? Math.max(needed, RDB_VERSION_7_4) : needed;
}
