import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import type { Many } from '../../bytes/many.ts';
import type { Codec } from '../../wire/codec.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { keys, many } from '../../wire/grammar/pieces.ts';
import { pickOne } from '../../wire/grammar/sampler.ts';
import type { PfdebugAnswer } from './hyperloglog-debug.ts';

/** Any number of a piece, to the end of the command. */
function anyNumberOf(piece: Piece<Many>): Piece<Many> {
  return {
    ...piece,
    read: (reader) => (reader.remaining === 0 ? [] : piece.read(reader)),
    write: (values, out) => {
      if (values !== undefined) piece.write(values, out);
    },
    sample: (sampler, out) => {
      if (sampler.below(5) > 0) piece.sample(sampler, out);
    },
    docs: piece.docs.map((doc) => ({ ...doc, flags: ['optional', ...(doc.flags ?? [])] as const })),
    minTokens: 0,
  };
}

/** What is added to a HyperLogLog. */
export function elements(element: Piece<Bytes>): Piece<Many> {
  return anyNumberOf(many(element));
}

/** What is merged. */
export function sources(): Piece<Many> {
  return anyNumberOf(keys('RO access', 'sourcekey'));
}

/** HyperLogLogs that are counted. */
export function countedKeys(): Piece<Many> {
  const counted = keys('RW access');
  return {
    ...counted,
    keys: counted.keys!.map((spec) => ({
      ...spec,
      notes: 'RW because the estimate is remembered in the value, and that is a change replicas are told of.',
    })),
  };
}

const SUBCOMMANDS = ['GETREG', 'DECODE', 'ENCODING', 'TODENSE'] as const;

/** What PFDEBUG is to do. */
export const subcommand: Piece<ByteString> = {
  read: (reader) => reader.next(),
  write: (name, out) => out.push(name),
  sample: (sampler, out) => out.push(pickOne(sampler, SUBCOMMANDS)),
  docs: [{ name: 'subcommand', type: 'string' }],
  minTokens: 1,
  isVariable: false,
};

/** What PFDEBUG answers. */
export const pfdebugAnswer: Codec<PfdebugAnswer> = {
  write: (answer, sink) => {
    if ('status' in answer) sink.simple(answer.status);
    else if ('text' in answer) sink.bulk(answer.text);
    else if ('integer' in answer) sink.integer(answer.integer);
    else {
      sink.array(answer.integers.length);
      for (const value of answer.integers) sink.integer(value);
    }
  },
  read: (reply) => reply,
};
