import type { ByteString } from '../bytes/byte-string.ts';
import type { StreamId } from './stream-id.ts';

/** An entry of a stream. Nobody changes its arrays. */
export interface LogEntry extends StreamId {
  /** The names, repeated ones included. */
  readonly fields: readonly ByteString[];
  /** The value of each. */
  readonly values: readonly ByteString[];
}

/** What is called with entries one after the other: `false` ends it. */
export type EntryVisitor = (entry: LogEntry) => unknown;

/** When a block takes no further entry: Redis's settings of these names. 0: no limit. */
export interface BlockLimits {
  /** Entries, deleted ones included. */
  readonly streamNodeMaxEntries: number;
  /** Bytes of the listpack that Redis would have for the block. */
  readonly streamNodeMaxBytes: number;
}
