import { errors } from '../../errors.ts';
import type { Raw } from '../../keyspace/operations.ts';
import { bulk, integer, set } from '../../wire/codec.ts';
import { commandsOf, commandTable } from '../../wire/command.ts';
import { flag, options, valued } from '../../wire/grammar/options.ts';
import { key, keys, numberedKeys, integer as whole } from '../../wire/grammar/pieces.ts';
import type { SetAlgebraOperations } from './set-algebra-operations.ts';
import type { SetCardOptions, SunioncardOptions } from './set-options.ts';

const { command } = commandsOf<SetAlgebraOperations<Raw>>();

const countedKeys = numberedKeys('RO access', {
  notANumber: errors.numkeysMustBePositive,
  tooFew: errors.numkeysMustBePositive,
  tooMany: errors.numkeysBeyondArguments,
});

const count = whole('limit', { error: errors.limitNegative });
const limit = valued('LIMIT', {
  ...count,
  read: (reader) => {
    const value = count.read(reader);
    if (value < 0) throw errors.limitNegative();
    return value;
  },
} satisfies typeof count);

/** The commands on several sets. */
export const setAlgebraCommands = commandTable<SetAlgebraOperations<Raw>>()([
  command({
    name: 'SINTER',
    summary: 'Returns the intersect of multiple sets.',
    since: '1.0.0',
    group: 'set',
    complexity:
      'O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.',
    flags: 'readonly',
    tips: ['nondeterministic_output_order'],
    args: [keys('RO access')],
    method: 'sinter',
    reply: set(bulk),
  }),
  command({
    name: 'SINTERSTORE',
    summary: 'Stores the intersect of multiple sets in a key.',
    since: '1.0.0',
    group: 'set',
    complexity:
      'O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.',
    flags: 'write denyoom',
    args: [key('OW update', 'destination'), keys('RO access')],
    method: 'sinterstore',
    reply: integer,
  }),
  command({
    name: 'SINTERCARD',
    summary: 'Returns the number of members of the intersect of multiple sets.',
    since: '7.0.0',
    group: 'set',
    complexity:
      'O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.',
    flags: 'readonly movablekeys',
    args: [countedKeys, options<SetCardOptions>({ limit })],
    method: 'sintercard',
    reply: integer,
  }),
  command({
    name: 'SUNION',
    summary: 'Returns the union of multiple sets.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(N) where N is the total number of members in all given sets.',
    flags: 'readonly',
    tips: ['nondeterministic_output_order'],
    args: [keys('RO access')],
    method: 'sunion',
    reply: set(bulk),
  }),
  command({
    name: 'SUNIONSTORE',
    summary: 'Stores the union of multiple sets in a key.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(N) where N is the total number of members in all given sets.',
    flags: 'write denyoom',
    args: [key('OW update', 'destination'), keys('RO access')],
    method: 'sunionstore',
    reply: integer,
  }),
  command({
    name: 'SUNIONCARD',
    summary: 'Returns the number of members of the union of multiple sets.',
    since: '8.10.0',
    group: 'set',
    complexity: 'O(N) where N is the total number of members in all given sets.',
    flags: 'readonly movablekeys',
    args: [countedKeys, options<SunioncardOptions>({ approx: flag('APPROX'), limit })],
    method: 'sunioncard',
    reply: integer,
  }),
  command({
    name: 'SDIFF',
    summary: 'Returns the difference of multiple sets.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(N) where N is the total number of members in all given sets.',
    flags: 'readonly',
    tips: ['nondeterministic_output_order'],
    args: [keys('RO access')],
    method: 'sdiff',
    reply: set(bulk),
  }),
  command({
    name: 'SDIFFSTORE',
    summary: 'Stores the difference of multiple sets in a key.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(N) where N is the total number of members in all given sets.',
    flags: 'write denyoom',
    args: [key('OW update', 'destination'), keys('RO access')],
    method: 'sdiffstore',
    reply: integer,
  }),
  command({
    name: 'SDIFFCARD',
    summary: 'Returns the number of members of the difference between the first set and all successive sets.',
    since: '8.10.0',
    group: 'set',
    complexity: 'O(N) where N is the total number of members in all given sets.',
    flags: 'readonly movablekeys',
    args: [countedKeys, options<SetCardOptions>({ limit })],
    method: 'sdiffcard',
    reply: integer,
  }),
]);
