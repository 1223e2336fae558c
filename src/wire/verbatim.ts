import type { Codec } from './codec.ts';

/** Text for people: a bulk in RESP2. */
export const verbatim: Codec<string> = {
  write: (value, sink) => sink.verbatim('txt', value),
  read: (reply) => reply,
};
