import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Raw } from '../../keyspace/operations.ts';
import { formatDouble, parseDouble } from '../../numbers/double.ts';
import { parseInteger } from '../../numbers/integer.ts';
import { array, bulk, integer } from '../../wire/codec.ts';
import { commandsOf, commandTable, marked, type TypeOf } from '../../wire/command.ts';
import { flag, type Option, options, valued } from '../../wire/grammar/options.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { key, numberedKeys, oneOf, integer as whole } from '../../wire/grammar/pieces.ts';
import type { SortedSetAlgebraOperations } from './algebra-operations.ts';
import { scoredMembers } from './sorted-set-codecs.ts';
import type { Aggregate, ZaggregateOptions, ZintercardOptions } from './sorted-set-options.ts';

type Operations = SortedSetAlgebraOperations<Raw>;
const { command, form, commandWithForms } = commandsOf<Operations>();

const inputs = numberedKeys('RO access', { tooFew: (reader) => errors.noInputKeys(reader.commandName) });

const SOURCES: ReadonlySet<string> = new Set(['none', 'zset', 'set']);

/** Of these commands, a key of another type is said before anything that is wrong behind the keys. */
function requireSources(numkeysAt: number) {
  return (operations: TypeOf, tokens: readonly ByteString[]): void => {
    const count = parseInteger(tokens[numkeysAt]!);
    const end = numkeysAt + 1 + Number(count);
    // Otherwise the number is wrong, or nothing stands behind the keys.
    if (count === undefined || count < 1 || end >= tokens.length) return;
    for (let at = numkeysAt + 1; at < end; at++) {
      if (!SOURCES.has(operations.typeToRead(tokens[at]!))) throw errors.wrongType();
    }
  };
}

/** As many numbers as there were keys. */
const weights: Option<readonly number[]> = {
  keywords: ['WEIGHTS'],
  read: (reader) => {
    if (reader.remaining < reader.keyCount) throw errors.syntax();
    return Array.from({ length: reader.keyCount }, () => {
      const weight = parseDouble(reader.next());
      if (weight === undefined) throw errors.weightNotAFloat();
      return weight;
    });
  },
  write: (values, out) => {
    out.push('WEIGHTS');
    for (const value of values) out.push(formatDouble(value));
  },
  sample: (sampler, out) => {
    out.push('WEIGHTS');
    const count = 1 + sampler.below(3);
    for (let at = 0; at < count; at++) out.push(sampler.double());
  },
  docs: { name: 'weight', type: 'integer', token: 'WEIGHTS', flags: ['multiple'] },
};

const aggregateWord = oneOf<Aggregate>('aggregate', { sum: 'SUM', min: 'MIN', max: 'MAX', count: 'COUNT' });

/** COUNT came with 8.8. */
const aggregate: Piece<Aggregate> = {
  ...aggregateWord,
  sample: (sampler, out) => {
    const words = ['SUM', 'MIN', 'MAX', 'COUNT'];
    out.push(words[sampler.below(sampler.knows('8.8.0') ? 4 : 3)]!);
  },
};

const aggregation = { weights, aggregate: valued('AGGREGATE', aggregate) };

const aggregateOptions = options<ZaggregateOptions & { withscores?: boolean }>({
  ...aggregation,
  withscores: flag('WITHSCORES'),
});

const anyLimit = whole('limit', { error: errors.limitNegative });

const limitCount: Piece<number> = {
  ...anyLimit,
  read: (reader) => {
    const limit = anyLimit.read(reader);
    if (limit < 0) throw errors.limitNegative();
    return limit;
  },
};

export const sortedSetAlgebraCommands = commandTable<Operations>()([
  commandWithForms({
    name: 'ZUNION',
    summary: 'Returns the union of multiple sorted sets.',
    since: '6.2.0',
    group: 'sorted_set',
    complexity:
      'O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.',
    flags: 'readonly movablekeys',
    before: requireSources(1),
    args: [inputs, aggregateOptions],
    forms: [form('zunionWithScores', scoredMembers, marked('withscores', 1)), form('zunion', array(bulk))],
  }),
  command({
    name: 'ZUNIONSTORE',
    summary: 'Stores the union of multiple sorted sets in a key.',
    since: '2.0.0',
    group: 'sorted_set',
    complexity:
      'O(N)+O(M log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.',
    flags: 'write denyoom movablekeys',
    before: requireSources(2),
    args: [key('OW update', 'destination'), inputs, options<ZaggregateOptions>(aggregation)],
    method: 'zunionstore',
    reply: integer,
  }),
  commandWithForms({
    name: 'ZINTER',
    summary: 'Returns the intersect of multiple sorted sets.',
    since: '6.2.0',
    group: 'sorted_set',
    complexity:
      'O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.',
    flags: 'readonly movablekeys',
    before: requireSources(1),
    args: [inputs, aggregateOptions],
    forms: [form('zinterWithScores', scoredMembers, marked('withscores', 1)), form('zinter', array(bulk))],
  }),
  command({
    name: 'ZINTERSTORE',
    summary: 'Stores the intersect of multiple sorted sets in a key.',
    since: '2.0.0',
    group: 'sorted_set',
    complexity:
      'O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.',
    flags: 'write denyoom movablekeys',
    before: requireSources(2),
    args: [key('OW update', 'destination'), inputs, options<ZaggregateOptions>(aggregation)],
    method: 'zinterstore',
    reply: integer,
  }),
  command({
    name: 'ZINTERCARD',
    summary: 'Returns the number of members of the intersect of multiple sorted sets.',
    since: '7.0.0',
    group: 'sorted_set',
    complexity:
      'O(N*K) worst case with N being the smallest input sorted set, K being the number of input sorted sets.',
    flags: 'readonly movablekeys',
    before: requireSources(1),
    args: [inputs, options<ZintercardOptions>({ limit: valued('LIMIT', limitCount) })],
    method: 'zintercard',
    reply: integer,
  }),
  commandWithForms({
    name: 'ZDIFF',
    summary: 'Returns the difference between multiple sorted sets.',
    since: '6.2.0',
    group: 'sorted_set',
    complexity:
      'O(L + (N-K)log(N)) worst case where L is the total number of elements in all the sets, N is the size of the first set, and K is the size of the result set.',
    flags: 'readonly movablekeys',
    before: requireSources(1),
    args: [inputs, options<{ withscores?: boolean }>({ withscores: flag('WITHSCORES') })],
    forms: [form('zdiffWithScores', scoredMembers, marked('withscores', 1)), form('zdiff', array(bulk))],
  }),
  command({
    name: 'ZDIFFSTORE',
    summary: 'Stores the difference of multiple sorted sets in a key.',
    since: '6.2.0',
    group: 'sorted_set',
    complexity:
      'O(L + (N-K)log(N)) worst case where L is the total number of elements in all the sets, N is the size of the first set, and K is the size of the result set.',
    flags: 'write denyoom movablekeys',
    before: requireSources(2),
    args: [key('OW update', 'destination'), inputs],
    method: 'zdiffstore',
    reply: integer,
  }),
]);
