import type { Codec } from '../../wire/codec.ts';

/** Bytes that are no text, or nil. */
export const bytesOrNil: Codec<Uint8Array | null> = {
  write: (value, sink) => (value === null ? sink.nil() : sink.bytes(value)),
  read: (reply) => reply,
};
