import type { BlockingOptions } from '../blocking/blocking-options.ts';
import type { Output, Text } from '../keyspace/operations.ts';
import type { ClaimedEntry, PendingStreamEntry, StreamEntry } from './stream-entry.ts';

/** How much is read at once. */
export interface ReadLimits {
  /** So many entries of each stream at most; 0 or less, as without it, is no limit. */
  count?: number;
  /** So many entries of all streams together at most. Redis 8.10.0. */
  maxcount?: number;
  /**
   * So many bytes of reply for all streams together, about: reading ends before an entry that would pass it, but one entry
   * is read whatever its size. Redis 8.10.0.
   */
  maxsize?: number;
}

/** Options of `xread`. */
export interface XreadOptions extends ReadLimits {}

/** Options of `xreadgroup` and `xreadgroupClaim`. */
export interface XreadgroupOptions extends ReadLimits {
  /** New entries do not become pending: they count as acknowledged. */
  noack?: boolean;
}

/** What a call that waits for entries takes: `block` instead of the `timeout` of the other blocking calls. */
export interface StreamBlockingOptions extends Pick<BlockingOptions, 'signal' | 'keepAlive'> {
  /** How many milliseconds to wait; 0, the default, is for ever. */
  block?: number;
}

/** Options of `blocking.xread`. */
export interface BlockingXreadOptions extends XreadOptions, StreamBlockingOptions {}

/** Options of `blocking.xreadgroup` and `blocking.xreadgroupClaim`. */
export interface BlockingXreadgroupOptions extends XreadgroupOptions, StreamBlockingOptions {}

/** What was read of one stream. */
export interface StreamRead<S, E> {
  readonly key: S;
  readonly entries: E[];
}

/** What `xread` and `xreadgroup` answer, one for each stream that has something. */
export type StreamEntries<O extends Output = Text> = StreamRead<O['string'], StreamEntry<O>>;

/** What `xreadgroupPending` answers, one for each stream. */
export type PendingStreamEntries<O extends Output = Text> = StreamRead<O['string'], PendingStreamEntry<O>>;

/** What `xreadgroupClaim` answers, one for each stream that has something. */
export type ClaimedStreamEntries<O extends Output = Text> = StreamRead<O['string'], ClaimedEntry<O>>;

/** An entry, in whichever way it was read. */
export type AnyReadEntry<O extends Output = Text> = PendingStreamEntry<O> | ClaimedEntry<O>;
