import type { Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Raw } from '../../keyspace/operations.ts';
import { formatDouble } from '../../numbers/double.ts';
import { array, bulk, integer } from '../../wire/codec.ts';
import { commandsOf, commandTable, marked } from '../../wire/command.ts';
import { block, choice, flag, type Option, options, since } from '../../wire/grammar/options.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { key, integer as whole } from '../../wire/grammar/pieces.ts';
import type { Sampler } from '../../wire/grammar/sampler.ts';
import { pickOne } from '../../wire/grammar/sampler.ts';
import type { SortedSetRangeOperations } from './range-operations.ts';
import { scoredMembers } from './sorted-set-codecs.ts';
import type {
  LexBound,
  RangeBound,
  RangeLimit,
  ScoreBound,
  ZrangeLimitOptions,
  ZrangeOptions,
} from './sorted-set-options.ts';

const { command, form, commandWithForms } = commandsOf<SortedSetRangeOperations<Raw>>();

const LEX_PREFIXES = ['[', '(', '[', '('];

function sampleLex(sampler: Sampler): string {
  if (sampler.below(4) === 0) return pickOne(sampler, ['-', '+']);
  return pickOne(sampler, LEX_PREFIXES) + sampler.value();
}

function sampleScore(sampler: Sampler): string {
  if (sampler.below(5) === 0) return pickOne(sampler, ['-inf', '+inf']);
  return (sampler.below(4) === 0 ? '(' : '') + sampler.double();
}

function bound<T extends Bytes | number>(
  name: string,
  type: 'string' | 'double' | 'integer',
  sample: (sampler: Sampler) => string,
): Piece<T> {
  return {
    // What it means shows in the options, and is read by the method.
    read: (reader) => reader.next() as T,
    write: (value, out) => out.push(typeof value === 'number' ? formatDouble(value) : value),
    sample: (sampler, out) => out.push(sample(sampler)),
    docs: [{ name, type }],
    minTokens: 1,
    isVariable: false,
  };
}

const scoreBound = (name: string): Piece<ScoreBound> => bound<ScoreBound>(name, 'double', sampleScore);
const lexBound = (name: string): Piece<LexBound> => bound<LexBound>(name, 'string', sampleLex);
const anyBound = (name: string): Piece<RangeBound> =>
  bound<RangeBound>(name, 'string', (sampler) => {
    const chance = sampler.below(10);
    if (chance < 4) return sampler.integer();
    return chance < 7 ? sampleScore(sampler) : sampleLex(sampler);
  });
/** A rank that is read after the options. */
const rankBound = (name: string): Piece<number> => {
  const rank = bound<RangeBound>(name, 'integer', (sampler) => sampler.integer());
  return rank as Piece<number>;
};

const limit: Option<RangeLimit> = block<RangeLimit>('LIMIT', {
  offset: whole('offset'),
  count: whole('count'),
});

const rangeOptions = {
  by: since('6.2.0', choice('sortby', { score: 'BYSCORE', lex: 'BYLEX' })),
  rev: since('6.2.0', flag('REV')),
  limit: since('6.2.0', limit),
};

const zrangeOptions = options<ZrangeOptions & { withscores?: boolean }>(
  { ...rangeOptions, withscores: flag('WITHSCORES') },
  { isRepetitionRefused: ['by', 'rev'] },
);

const scoreOptions = options<ZrangeLimitOptions & { withscores?: boolean }>({
  withscores: flag('WITHSCORES'),
  limit,
});

/** All range commands know all options; of those that do not fit theirs they say so after everything was read. */
const lexOptions: Piece<(ZrangeLimitOptions & { withscores?: boolean }) | undefined> = {
  ...options<ZrangeLimitOptions & { withscores?: boolean }>(
    { withscores: flag('WITHSCORES'), limit },
    { check: (_soFar, read, reader) => read === 'withscores' && reader.defer(errors.withscoresAndBylex()) },
  ),
  docs: options<ZrangeLimitOptions>({ limit }).docs,
};

const rankOptions: Piece<{ withscores?: boolean } | undefined> = (() => {
  const all = options<ZrangeLimitOptions & { withscores?: boolean }>({
    withscores: flag('WITHSCORES'),
    limit,
  });
  const shown = options<{ withscores?: boolean }>({ withscores: flag('WITHSCORES') });
  return {
    ...shown,
    read: (reader) => {
      const given = all.read(reader);
      if (given === undefined) return undefined;
      const { limit: last, ...rest } = given;
      if (last !== undefined && last.count !== -1) reader.defer(errors.limitNeedsByscoreOrBylex());
      return rest;
    },
  };
})();

const COMPLEXITY =
  'O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned.';
const COMPLEXITY_OF_REMOVAL =
  'O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation.';

export const sortedSetRangeCommands = commandTable<SortedSetRangeOperations<Raw>>()([
  command({
    name: 'ZCOUNT',
    summary: 'Returns the count of members in a sorted set that have scores within a range.',
    since: '2.0.0',
    group: 'sorted_set',
    complexity: 'O(log(N)) with N being the number of elements in the sorted set.',
    flags: 'readonly fast',
    args: [key('RO access'), scoreBound('min'), scoreBound('max')],
    method: 'zcount',
    reply: integer,
  }),
  command({
    name: 'ZLEXCOUNT',
    summary: 'Returns the number of members in a sorted set within a lexicographical range.',
    since: '2.8.9',
    group: 'sorted_set',
    complexity: 'O(log(N)) with N being the number of elements in the sorted set.',
    flags: 'readonly fast',
    args: [key('RO access'), lexBound('min'), lexBound('max')],
    method: 'zlexcount',
    reply: integer,
  }),
  commandWithForms({
    name: 'ZRANGE',
    summary: 'Returns members in a sorted set within a range of indexes.',
    since: '1.2.0',
    group: 'sorted_set',
    complexity: COMPLEXITY,
    flags: 'readonly',
    history: [['6.2.0', 'Options: `REV`, `BYSCORE`, `BYLEX` and `LIMIT`.']],
    args: [key('RO access'), anyBound('start'), anyBound('stop'), zrangeOptions],
    forms: [form('zrangeWithScores', scoredMembers, marked('withscores', 3)), form('zrange', array(bulk))],
  }),
  command({
    name: 'ZRANGESTORE',
    summary: 'Stores a range of members from sorted set in a key.',
    since: '6.2.0',
    group: 'sorted_set',
    complexity:
      'O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements stored into the destination key.',
    flags: 'write denyoom',
    args: [
      key('OW update', 'dst'),
      key('RO access', 'src'),
      anyBound('min'),
      anyBound('max'),
      options<ZrangeOptions>(rangeOptions, { isRepetitionRefused: ['by', 'rev'] }),
    ],
    method: 'zrangestore',
    reply: integer,
  }),
  commandWithForms({
    name: 'ZREVRANGE',
    summary: 'Returns members in a sorted set within a range of indexes in reverse order.',
    since: '1.2.0',
    group: 'sorted_set',
    complexity: COMPLEXITY,
    flags: 'readonly',
    deprecatedSince: '6.2.0',
    replacedBy: '`ZRANGE` with the `REV` argument',
    args: [key('RO access'), rankBound('start'), rankBound('stop'), rankOptions],
    forms: [
      form('zrevrangeWithScores', scoredMembers, marked('withscores', 3)),
      form('zrevrange', array(bulk)),
    ],
  }),
  commandWithForms({
    name: 'ZRANGEBYSCORE',
    summary: 'Returns members in a sorted set within a range of scores.',
    since: '1.0.5',
    group: 'sorted_set',
    complexity: COMPLEXITY,
    flags: 'readonly',
    history: [['2.0.0', 'Option: `WITHSCORES`.']],
    deprecatedSince: '6.2.0',
    replacedBy: '`ZRANGE` with the `BYSCORE` argument',
    args: [key('RO access'), scoreBound('min'), scoreBound('max'), scoreOptions],
    forms: [
      form('zrangebyscoreWithScores', scoredMembers, marked('withscores', 3)),
      form('zrangebyscore', array(bulk)),
    ],
  }),
  commandWithForms({
    name: 'ZREVRANGEBYSCORE',
    summary: 'Returns members in a sorted set within a range of scores in reverse order.',
    since: '2.2.0',
    group: 'sorted_set',
    complexity: COMPLEXITY,
    flags: 'readonly',
    history: [['2.1.6', '`min` and `max` may be exclusive.']],
    deprecatedSince: '6.2.0',
    replacedBy: '`ZRANGE` with the `REV` and `BYSCORE` arguments',
    args: [key('RO access'), scoreBound('max'), scoreBound('min'), scoreOptions],
    forms: [
      form('zrevrangebyscoreWithScores', scoredMembers, marked('withscores', 3)),
      form('zrevrangebyscore', array(bulk)),
    ],
  }),
  command({
    name: 'ZRANGEBYLEX',
    summary: 'Returns members in a sorted set within a lexicographical range.',
    since: '2.8.9',
    group: 'sorted_set',
    complexity: COMPLEXITY,
    flags: 'readonly',
    deprecatedSince: '6.2.0',
    replacedBy: '`ZRANGE` with the `BYLEX` argument',
    args: [key('RO access'), lexBound('min'), lexBound('max'), lexOptions],
    method: 'zrangebylex',
    reply: array(bulk),
  }),
  command({
    name: 'ZREVRANGEBYLEX',
    summary: 'Returns members in a sorted set within a lexicographical range in reverse order.',
    since: '2.8.9',
    group: 'sorted_set',
    complexity: COMPLEXITY,
    flags: 'readonly',
    deprecatedSince: '6.2.0',
    replacedBy: '`ZRANGE` with the `REV` and `BYLEX` arguments',
    args: [key('RO access'), lexBound('max'), lexBound('min'), lexOptions],
    method: 'zrevrangebylex',
    reply: array(bulk),
  }),
  command({
    name: 'ZREMRANGEBYRANK',
    summary:
      'Removes members in a sorted set within a range of indexes. Deletes the sorted set if all members were removed.',
    since: '2.0.0',
    group: 'sorted_set',
    complexity: COMPLEXITY_OF_REMOVAL,
    flags: 'write',
    args: [key('RW delete'), whole('start'), whole('stop')],
    method: 'zremrangebyrank',
    reply: integer,
  }),
  command({
    name: 'ZREMRANGEBYSCORE',
    summary:
      'Removes members in a sorted set within a range of scores. Deletes the sorted set if all members were removed.',
    since: '1.2.0',
    group: 'sorted_set',
    complexity: COMPLEXITY_OF_REMOVAL,
    flags: 'write',
    args: [key('RW delete'), scoreBound('min'), scoreBound('max')],
    method: 'zremrangebyscore',
    reply: integer,
  }),
  command({
    name: 'ZREMRANGEBYLEX',
    summary:
      'Removes members in a sorted set within a lexicographical range. Deletes the sorted set if all members were removed.',
    since: '2.8.9',
    group: 'sorted_set',
    complexity: COMPLEXITY_OF_REMOVAL,
    flags: 'write',
    args: [key('RW delete'), lexBound('min'), lexBound('max')],
    method: 'zremrangebylex',
    reply: integer,
  }),
]);
