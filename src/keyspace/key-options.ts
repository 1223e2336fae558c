import type { Bytes } from '../bytes/byte-string.ts';

/**
 * Conditions of `expire` and its kin. `nx` stands alone, and `gt` and `lt` exclude each other; for them, no TTL
 * counts as an infinite one.
 */
export interface ExpireOptions {
  /** Only if the key has no TTL. */
  nx?: boolean;
  /** Only if the key has a TTL. */
  xx?: boolean;
  /** Only if the key would live longer than now. */
  gt?: boolean;
  /** Only if the key would live shorter than now. */
  lt?: boolean;
}

/** Options of `copy`. */
export interface CopyOptions {
  /** The database to copy to. Default: the selected one. */
  db?: number;
  /** Copy even if the destination exists, in its place. */
  replace?: boolean;
}

/** Options of `scan` and `scanIterator`. */
export interface ScanOptions {
  /** Only keys that match this glob pattern. */
  match?: Bytes;
  /** About how many keys a step looks at. Default 10. */
  count?: number;
  /** Only keys that hold this type: `'string'`, `'hash'`, `'list'`, `'set'`, `'zset'`, … */
  type?: Bytes;
}

/** Whether a flush may be done in the background. In process it never is; Redis may be told so. */
export type FlushMode = 'async' | 'sync';
