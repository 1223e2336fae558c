import type { ByteString, Bytes } from '../bytes/byte-string.ts';
import { type Many, manyOf } from '../bytes/many.ts';
import { errors } from '../errors.ts';
import { parseDouble } from '../numbers/double.ts';
import { readFloat } from '../numbers/float-syntax.ts';
import type { Codec } from '../wire/codec.ts';
import type { Piece } from '../wire/grammar/piece.ts';
import { double, key } from '../wire/grammar/pieces.ts';
import { pickOne } from '../wire/grammar/sampler.ts';
import { Blocked, type Outcome } from './blocked.ts';

/** How long to wait, in seconds. What is wrong with it is said after the syntax of the rest. */
export function timeout(): Piece<number> {
  const piece = double('timeout');
  return {
    ...piece,
    read: (reader) => {
      const seconds = secondsFrom(reader.next());
      if (seconds === undefined) reader.defer(errors.timeoutNotAFloat());
      return seconds ?? 0;
    },
    // Short, lest what is made up takes for ever; only those that are odd are not.
    sample: (sampler, out) => {
      if (sampler.below(10) === 0) piece.sample(sampler, out);
      else out.push(pickOne(sampler, ['0.001', '0.01', '0.002', '1e-3']));
    },
  };
}

/** Redis reads it as a long double, which can be larger than a double. It is out of range then, but a number. */
function secondsFrom(token: ByteString): number | undefined {
  return parseDouble(token) ?? (readFloat(token) === undefined ? undefined : Number(token));
}

/** One or more keys, up to the last token, which is not theirs. */
export function keysBeforeLast(flags: string): Piece<Many> {
  const one = key(flags);
  return {
    read: (reader) => {
      const keys: Bytes[] = [];
      while (reader.remaining > 1) keys.push(one.read(reader));
      return keys;
    },
    write: (keys, out) => {
      for (const name of manyOf(keys)) out.push(name);
    },
    sample: (sampler, out) => {
      for (let left = 1 + sampler.below(3); left > 0; left--) one.sample(sampler, out);
    },
    docs: one.docs.map((doc) => ({ ...doc, flags: ['multiple'] })),
    minTokens: 1,
    isVariable: true,
    keys: [{ begin: { index: 0 }, find: { lastKey: -2, step: 1, limit: 0 }, flags: flags.split(' ') }],
  };
}

/**
 * The codec of a command that may have to wait: where it would, it writes what is replied where nobody waits, as in a
 * transaction. (When the time is over the reply is the nil array, whatever the command.)
 */
export function orTimedOut<T>(codec: Codec<T | null>): Codec<Outcome<T | null>> {
  return {
    write: (outcome, sink) => codec.write(outcome instanceof Blocked ? null : outcome, sink),
    read: codec.read,
  };
}
