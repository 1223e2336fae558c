import type { Bytes } from '../bytes/byte-string.ts';

/**
 * What becomes of an entry's places in the lists of pending entries when it is deleted or trimmed: they stay
 * (`keepref`, the default), they go (`delref`), or the entry only goes if it has none left in any group (`acked`).
 * Redis 8.2.0.
 */
export type References = 'keepref' | 'delref' | 'acked';

/** How a stream is made shorter. By `maxlen` or by `minid`, not both. */
export interface TrimOptions {
  /** So many entries may stay; the oldest go. */
  maxlen?: number;
  /** Entries with a lesser id go. Redis 6.2.0. */
  minid?: string;
  /** Whether to leave a few more where that is less work: only whole nodes of (by default) 100 entries go. */
  approximate?: boolean;
  /**
   * With `approximate`: the greatest number of entries to remove at once; 0 for any. Default: 100 nodes' worth, 10,000
   * entries. Redis 6.2.0.
   */
  limit?: number;
  /** What becomes of those of them that are pending in some group. Default `keepref`. */
  references?: References;
}

/** A message's name, so that it is added once though it may be sent twice. Redis 8.6.0. */
export interface IdempotentId {
  /** Who sends it. Each producer has names of its own. */
  producer: Bytes;
  /** Which of its messages it is. */
  id: Bytes;
}

/** Options of `xadd` and `xaddNomkstream`. */
export interface XaddOptions extends TrimOptions {
  /**
   * The id, greater than all before: `'1526919030474-55'`; `'1526919030474'`, whose second number is 0;
   * `'1526919030474-*'` to have the second number chosen (Redis 7.0.0); `'*'`, the default, for both: the time in Unix
   * milliseconds, and a number.
   */
  id?: string;
  /**
   * Adds nothing if this producer has added a message of this name already, and answers the id of the first. Needs an id
   * that is chosen (`'*'`). For how long names are remembered, `xcfgset` says: 100 seconds, unless configured. Redis 8.6.0.
   */
  idmp?: IdempotentId;
  /**
   * The producer of a message without a name: what it says is taken for one, whatever the order of its fields, so that the
   * producer adds nothing twice. Otherwise as `idmp`, instead of which it is given. Redis 8.6.0.
   */
  idmpauto?: Bytes;
}

/** Options of the ranges. */
export interface XrangeOptions {
  /** So many entries at most; 0 or less is none at all. */
  count?: number;
}

/** Options of `xsetid`. */
export interface XsetidOptions {
  /** How many entries the stream is to have had in all. */
  entriesadded?: number | bigint;
  /** The greatest id that is to have been deleted. */
  maxdeletedid?: string;
}

/** Options of `xdelex` and `xackdel`. */
export interface ReferenceOptions {
  /** What becomes of those that are pending in some group. Default `keepref`. */
  references?: References;
}

/** Options of `xcfgset`; at least one is needed. */
export interface XcfgsetOptions {
  /** For how many seconds the name of a message is remembered: 1 to 86,400. */
  idmpDuration?: number;
  /** How many names are remembered of each producer: 1 to 10,000. */
  idmpMaxsize?: number;
}

/** Options of `xgroupCreate`. */
export interface XgroupCreateOptions {
  /** Make the stream if there is none. */
  mkstream?: boolean;
  /** How many entries the group is to have read; -1: unknown. */
  entriesread?: number | bigint;
}

/** Options of `xgroupSetid`. */
export interface XgroupSetidOptions {
  /** How many entries the group is to have read; -1, the default: unknown. */
  entriesread?: number | bigint;
}

/** Options of `xpendingRange`. */
export interface XpendingOptions {
  /** Only what has been idle for so many milliseconds, or was released (`xnack`). Redis 6.2.0. */
  idle?: number;
  /** Only what this consumer has. */
  consumer?: Bytes;
}

/** Options of `xclaim` and `xclaimJustid`. */
export interface XclaimOptions {
  /** For how many milliseconds they are to have been idle. Default 0. */
  idle?: number;
  /** When they are to have been delivered, in Unix milliseconds, instead of `idle`. */
  time?: number;
  /** How often they are to have been delivered. Default: once more than before; by `xclaimJustid`, as before. */
  retrycount?: number | bigint;
  /** Make those pending that are in the stream, but not pending. */
  force?: boolean;
  /** The last id that the group is to have been given, if it is greater than what it was. */
  lastid?: string;
}

/** Options of `xautoclaim` and `xautoclaimJustid`. */
export interface XautoclaimOptions {
  /** How many to claim at most. Default 100. */
  count?: number;
}

/** How an entry that is released counts: see `xnack`. */
export type NackMode = 'silent' | 'fail' | 'fatal';

/** Options of `xnack`. */
export interface XnackOptions {
  /** How often it is to have been delivered, whatever the mode says. */
  retrycount?: number | bigint;
  /** Make those pending that are in the stream, but not pending. */
  force?: boolean;
}

/** Options of `xinfoStreamFull`. */
export interface XinfoFullOptions {
  /** So many entries and pending entries at most; 0 for all. Default 10. */
  count?: number;
}
