import type { ValueKind } from '../keyspace/entry.ts';
import type { Limits } from '../keyspace/limits.ts';
import { Idempotency } from './idempotency.ts';
import { Stream } from './stream.ts';

/** The stream type. An empty stream stays: it knows its last id, and its groups. */
export const STREAM: ValueKind<Stream> = {
  type: 'stream',
  isEmpty: () => false,
  clone: (stream) => stream.clone(),
  save: (stream) => stream.save(),
  encoding: () => 'stream',
};

/** A stream without entries. */
export function createStream(): Stream {
  return new Stream();
}

/** What a new stream remembers of the names of messages: nothing yet, and as much as the configuration says. */
export function createIdempotency(limits: Limits): Idempotency {
  return new Idempotency(limits.streamIdmpDurationSeconds * 1000, limits.streamIdmpMaxSize);
}
