import type { Bytes } from '../../bytes/byte-string.ts';
import type { ExpiryOptions } from '../../keyspace/expiry-options.ts';

/** Conditions on the string a key holds. At most one may be given. */
export interface ComparisonOptions {
  /** Only if the key holds exactly these bytes. (Redis 8.4) */
  ifeq?: Bytes;
  /** Only if the key does not hold exactly these bytes. (Redis 8.4) */
  ifne?: Bytes;
  /** Only if the DIGEST of what the key holds is this: 16 hexadecimal digits. (Redis 8.4) */
  ifdeq?: Bytes;
  /** Only if the DIGEST of what the key holds is not this: 16 hexadecimal digits. (Redis 8.4) */
  ifdne?: Bytes;
}

/** Options of `set` and `setGet`. At most one condition and one way to expire may be given. */
export interface SetOptions extends ExpiryOptions, ComparisonOptions {
  /** Only if the key does not exist. */
  nx?: boolean;
  /** Only if the key exists. */
  xx?: boolean;
  /** Keep the TTL the key has, instead of removing it. */
  keepttl?: boolean;
}

/** Options of `getex`. At most one may be given. */
export interface GetexOptions extends ExpiryOptions {
  /** Remove the TTL. */
  persist?: boolean;
}

/** Options of `msetex`. At most one condition and one way to expire may be given. */
export interface MsetexOptions extends ExpiryOptions {
  /** Only if none of the keys exists. */
  nx?: boolean;
  /** Only if all of the keys exist. */
  xx?: boolean;
  /** Keep the TTLs the keys have. */
  keepttl?: boolean;
}

/** Options of `increx` and `increxFloat` besides the numbers. */
export interface IncrexExpiryOptions extends ExpiryOptions {
  /** Where the result would pass a bound, stop at the bound, instead of not incrementing at all. */
  saturate?: boolean;
  /** Remove the TTL. */
  persist?: boolean;
  /** Set the expiry only if the key has none. */
  enx?: boolean;
}

/** Options of `increx`. */
export interface IncrexOptions extends IncrexExpiryOptions {
  /** By how much. Default 1. */
  byint?: number | bigint;
  /** The least result allowed. */
  lbound?: number | bigint;
  /** The greatest result allowed. */
  ubound?: number | bigint;
}

/** Options of `increxFloat`. Numbers may be given as text, to be exact in decimal. */
export interface IncrexFloatOptions extends IncrexExpiryOptions {
  /** By how much. */
  byfloat: number | Bytes;
  /** The least result allowed. */
  lbound?: number | Bytes;
  /** The greatest result allowed. */
  ubound?: number | Bytes;
}

/** Options of `lcsMatches` and `lcsMatchesWithLengths`. */
export interface LcsMatchesOptions {
  /** Leave out matches shorter than this. */
  minmatchlen?: number;
}

/** A match of `lcsMatches`: its first and last byte in both strings. */
export interface LcsMatch {
  readonly a: readonly [first: number, last: number];
  readonly b: readonly [first: number, last: number];
}

/** What `lcsMatches` answers. */
export interface LcsMatches<M extends LcsMatch = LcsMatch> {
  /** The matches, last one first. */
  readonly matches: readonly M[];
  /** The length in bytes of the whole common sequence. */
  readonly length: number;
}

/** A match of `lcsMatchesWithLengths`. */
export interface LcsMatchWithLength extends LcsMatch {
  /** In bytes. */
  readonly length: number;
}

/** Conditions that compare: at most one. */
export const COMPARISONS = ['ifeq', 'ifne', 'ifdeq', 'ifdne'] as const;
/** Conditions of SET: at most one. */
export const SET_CONDITIONS = ['nx', 'xx', 'ifeq', 'ifne', 'ifdeq', 'ifdne'] as const;
/** Expiries of SET: at most one. */
export const SET_EXPIRIES = ['ex', 'px', 'exat', 'pxat', 'keepttl'] as const;
/** Options of GETEX: at most one. */
export const GETEX_EXPIRIES = ['ex', 'px', 'exat', 'pxat', 'persist'] as const;
