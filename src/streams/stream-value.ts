import type { ValueKind } from '../keyspace/entry.ts';
import type { Limits } from '../keyspace/limits.ts';
import { Stream } from './stream.ts';

/** The stream type. An empty stream stays: it knows its last id, and its groups. */
export const STREAM: ValueKind<Stream> = {
  type: 'stream',
  isEmpty: () => false,
  size: (stream) => stream.length,
  clone: (stream) => stream.clone(),
  save: (stream) => stream.save(),
  heapBytes: (stream) => stream.heapBytes,
  encoding: () => 'stream',
};

/** A stream without entries, which will remember the names of messages as the configuration says now. */
export function createStream({ streamIdmpDurationSeconds, streamIdmpMaxSize }: Limits): Stream {
  return new Stream(undefined, streamIdmpDurationSeconds * 1000, streamIdmpMaxSize);
}
