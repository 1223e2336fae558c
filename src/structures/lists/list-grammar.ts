import type { Bytes } from '../../bytes/byte-string.ts';
import { type Many, manyOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { parseInteger } from '../../numbers/integer.ts';
import { array, bulk, type Codec } from '../../wire/codec.ts';
import { options, valued } from '../../wire/grammar/options.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { numberedKeys, oneOf, integer as whole } from '../../wire/grammar/pieces.ts';
import { pickOne } from '../../wire/grammar/sampler.ts';
import { requirePositiveCount } from './list-arguments.ts';
import type { ListEnd, LmovemOptions, LmpopOptions } from './list-options.ts';

const elements = array(bulk);

/** LEFT or RIGHT. */
export function end(name: string): Piece<ListEnd> {
  return oneOf(name, { left: 'LEFT', right: 'RIGHT' });
}

/** A piece whose value is looked at as soon as it is read. */
export function checked<T>(piece: Piece<T>, check: (value: T) => void): Piece<T> {
  return {
    ...piece,
    read: (reader) => {
      const value = piece.read(reader);
      check(value);
      return value;
    },
  };
}

/** `numkeys key [key …]` for a method that takes one key, or an array of them. */
export function manyKeys(): Piece<Many> {
  const piece = numberedKeys('RW access delete', {
    notANumber: errors.numkeysMustBePositive,
    tooFew: errors.numkeysMustBePositive,
  });
  return { ...piece, write: (values, out) => piece.write(manyOf(values), out) };
}

/** `[COUNT count]` of LMPOP and BLMPOP. */
export function popOptions(): Piece<LmpopOptions | undefined> {
  return options<LmpopOptions>(
    {
      count: valued(
        'COUNT',
        checked(whole('count', { error: errors.countMustBePositive }), requirePositiveCount),
      ),
    },
    { isRepetitionRefused: true },
  );
}

/** `[COUNT count | EXACTLY count] [OBO | BULK]`: all of it or nothing, and always in this order. */
export function howMany(): Piece<LmovemOptions | undefined> {
  const selector = oneOf('selector', { count: 'COUNT', exactly: 'EXACTLY' });
  const ordering = oneOf('ordering', { obo: 'OBO', bulk: 'BULK' });
  const amount = whole('count');
  return {
    read: (reader) => {
      if (reader.remaining === 0) return undefined;
      if (reader.remaining !== 3) throw errors.syntax();
      const name = selector.read(reader);
      const count = Number(parseInteger(reader.next()) ?? 0);
      const order = ordering.read(reader);
      requirePositiveCount(count);
      return name === 'count' ? { count, order } : { exactly: count, order };
    },
    write: (value, out) => {
      if (value === undefined) return;
      const name = value.count === undefined ? 'exactly' : 'count';
      selector.write(name, out);
      amount.write(value[name] ?? Number.NaN, out);
      ordering.write(value.order, out);
    },
    sample: (sampler, out) => {
      if (sampler.below(3) === 0) return;
      selector.sample(sampler, out);
      if (sampler.below(8) === 0) amount.sample(sampler, out);
      else out.push(pickOne(sampler, ['1', '2', '3', '4']));
      ordering.sample(sampler, out);
    },
    docs: [
      {
        name: 'how-many',
        type: 'block',
        flags: ['optional'],
        arguments: [
          {
            name: 'selector',
            type: 'oneof',
            arguments: [
              { name: 'count', type: 'integer', token: 'COUNT' },
              { name: 'exactly', type: 'integer', token: 'EXACTLY' },
            ],
          },
          ...ordering.docs,
        ],
      },
    ],
    minTokens: 0,
    isVariable: true,
  };
}

/** The key that was met with what was popped from it, or the nil array. */
export function poppedOrNil(): Codec<{ key: string; elements: string[] } | null> {
  return {
    write: (popped, sink) => {
      if (popped === null) return sink.nilArray();
      sink.array(2);
      sink.bulk(popped.key);
      elements.write(popped.elements, sink);
    },
    read: (reply) => {
      if (reply === null) return null;
      const [name, values] = reply as [Bytes, Bytes[]];
      return { key: name, elements: values };
    },
  };
}
