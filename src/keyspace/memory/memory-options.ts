import type { Bytes } from '../../bytes/byte-string.ts';
import type { MaxMemoryPolicy } from '../eviction/policy.ts';
import type { Output, Text } from '../operations.ts';

/** Options of `bigKeys` and `bigKeysIterator`. */
export interface BigKeysOptions {
  /** How many keys are answered. Default 10. */
  count?: number;
  /**
   * What makes a key large: the memory that it takes, or its elements (of a string, its bytes, so ask for one `type` to
   * compare like with like). Default `'bytes'`.
   */
  by?: 'bytes' | 'elements';
  /** Only keys that match this glob pattern. */
  match?: Bytes;
  /** Only keys that hold this type: `'string'`, `'hash'`, `'list'`, `'set'`, `'zset'`, `'stream'`, … */
  type?: Bytes;
  /** Only keys of this database. Default: of all of them. */
  db?: number;
}

/** One of the largest keys. */
export interface BigKey<O extends Output = Text> {
  /** The database it is in. */
  readonly db: number;
  readonly key: O['string'];
  /** As `type` answers it. */
  readonly type: string;
  /** As `objectEncoding` answers it. */
  readonly encoding: string;
  /** How many elements it has; of a string, how many bytes. */
  readonly elements: number;
  /** About how much of the host's memory it takes, its name included. */
  readonly bytes: number;
  /** How long it will live, in milliseconds; `null` if it has no TTL. */
  readonly ttlMs: number | null;
}

/** How far a search for the largest keys has come. */
export interface BigKeysProgress<O extends Output = Text> {
  /** How many keys were looked at, of how many there were at the beginning. */
  readonly seen: number;
  readonly total: number;
  /** The largest so far, the largest first; in the last step, of all. */
  readonly keys: BigKey<O>[];
}

/** What the keys of one type take in one database: a row of {@link MemoryReport}. */
export interface MemoryRow {
  readonly db: number;
  /** As `type` answers it. */
  readonly type: string;
  readonly keys: number;
  /** How many elements they have together; of strings, how many bytes. */
  readonly elements: number;
  /** About how much of the host's memory they take, names included. */
  readonly bytes: number;
  /** The same for one key, on an average. */
  readonly meanBytes: number;
  /** The same as a percentage of all there is in the store, to one decimal. */
  readonly percent: number;
}

/** What a store takes, as `memory` answers it. All bytes are about what the host keeps for it. */
export interface MemoryReport {
  /** One for each type in each database, the largest first. */
  readonly rows: MemoryRow[];
  /** What is used: by keys, and beside them. What `maxMemory` bounds. */
  readonly usedBytes: number;
  /** What all keys take: the sum of the rows. */
  readonly dataBytes: number;
  /** What else is held for the store: subscriptions, clients, scripts. */
  readonly overheadBytes: number;
  /** The most that was ever used, since it is counted with every write (`maxMemory`, INFO); `null` while it is not. */
  readonly peakBytes: number | null;
  /** `maxMemory` in bytes; `null` without a limit. */
  readonly maxBytes: number | null;
  /** What goes when there is no more room: `maxMemoryPolicy`. */
  readonly policy: MaxMemoryPolicy;
  /** How many keys there are in all databases. */
  readonly keys: number;
  /** How many of them have a TTL. */
  readonly expiringKeys: number;
  /** Keys that went because their time was over, and because there was no room for them. */
  readonly expired: number;
  readonly evicted: number;
  /** How often a command that reads has found its key, and how often not. */
  readonly hits: number;
  readonly misses: number;
}
