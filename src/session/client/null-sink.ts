import type { ReplySink } from '../../wire/resp/reply-sink.ts';

const ignore = (): void => {};

/** Where the replies go of a client that wants none (CLIENT REPLY OFF). */
export const nullSink: ReplySink & { protocol: 2 | 3 } = {
  protocol: 2,
  simple: ignore,
  error: ignore,
  integer: ignore,
  bulk: ignore,
  bytes: ignore,
  nil: ignore,
  nilArray: ignore,
  array: ignore,
  map: ignore,
  set: ignore,
  push: ignore,
  double: ignore,
  boolean: ignore,
  bigNumber: ignore,
  verbatim: ignore,
};
