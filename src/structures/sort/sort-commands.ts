import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import type { Raw } from '../../keyspace/operations.ts';
import { array, bulkOrNil, integer } from '../../wire/codec.ts';
import { commandsOf, commandTable } from '../../wire/command.ts';
import {
  block,
  choice,
  flag,
  type Option,
  type OptionsOf,
  options,
  repeated,
  valued,
} from '../../wire/grammar/options.ts';
import type { KeySpec } from '../../wire/grammar/piece.ts';
import { key, pattern, integer as whole } from '../../wire/grammar/pieces.ts';
import { upperCase } from '../../wire/grammar/token-reader.ts';
import type { SortOperations } from './sort-operations.ts';
import type { SortOptions, SortStoreOptions } from './sort-options.ts';

const { command, commandWithForms, form } = commandsOf<SortOperations<Raw>>();

const COMPLEXITY =
  'O(N+M*log(M)) where N is the number of elements in the list, set or sorted set, and M the number of those returned.';
const OF_ALL_THREE = 'set sortedset list dangerous';

/** Which keys the patterns lead to is not to be seen in the command. */
const PATTERN_KEYS: KeySpec = {
  begin: 'unknown',
  find: 'unknown',
  flags: ['RO', 'access'],
  notes: 'What BY and GET lead to depends on the elements',
};
/** STORE can stand anywhere among the options. */
const DESTINATION: KeySpec = {
  begin: 'unknown',
  find: 'unknown',
  flags: ['OW', 'update'],
  notes: 'STORE may stand anywhere among the options',
  locate: storeDestination,
};
const PATTERN_SPEC_INDEX = 1;
const DESTINATION_SPEC_INDEX = 2;

/** One pattern of keys. */
const keyPattern = {
  ...pattern(),
  docs: [{ name: 'pattern', type: 'pattern', keySpecIndex: PATTERN_SPEC_INDEX }],
} as const;

/** BY: once a pattern was given that means no sorting, it stays at that. */
const by: Option<Bytes> = {
  ...valued('BY', keyPattern),
  join: (before, again) => ((before as ByteString).includes('*') ? again : before),
};

const sortOptions: OptionsOf<SortOptions> = {
  by,
  limit: block<{ offset: number; count: number }>('LIMIT', {
    offset: whole('offset'),
    count: whole('count'),
  }),
  get: repeated('GET', keyPattern),
  order: choice('order', { asc: 'ASC', desc: 'DESC' }),
  alpha: flag('ALPHA'),
};

const destination = {
  ...key('', 'destination'),
  docs: [{ name: 'destination', type: 'key', keySpecIndex: DESTINATION_SPEC_INDEX }],
  keys: [],
} as const;

export const sortCommands = commandTable<SortOperations<Raw>>()([
  commandWithForms({
    name: 'SORT',
    summary: 'Sorts the elements in a list, a set, or a sorted set, optionally storing the result.',
    since: '1.0.0',
    group: 'generic',
    complexity: COMPLEXITY,
    flags: 'write denyoom',
    categories: OF_ALL_THREE,
    hasNoGroupCategory: true,
    args: [
      key('RO access'),
      {
        ...options<SortOptions & Partial<SortStoreOptions>>({
          ...sortOptions,
          store: valued('STORE', destination),
        }),
        keys: [PATTERN_KEYS, DESTINATION],
      },
    ],
    forms: [
      form('sortStore', integer, {
        when: ([, given]) => (given as Partial<SortStoreOptions> | undefined)?.store !== undefined,
      }),
      form('sort', array(bulkOrNil)),
    ],
  }),
  command({
    name: 'SORT_RO',
    summary: 'Returns the sorted elements of a list, a set, or a sorted set.',
    since: '7.0.0',
    group: 'generic',
    complexity: COMPLEXITY,
    flags: 'readonly',
    categories: OF_ALL_THREE,
    hasNoGroupCategory: true,
    args: [key('RO access'), { ...options<SortOptions>(sortOptions), keys: [PATTERN_KEYS] }],
    method: 'sortRo',
    reply: array(bulkOrNil),
  }),
]);

/** How many tokens follow an option's keyword. */
const OPERANDS: Readonly<Record<string, number>> = { BY: 1, GET: 1, LIMIT: 2, STORE: 1 };

/** The position of the key that STORE names; of the last one, if it does so repeatedly. */
function storeDestination(tokens: readonly ByteString[]): number[] {
  let found: number[] = [];
  let at = 2;
  while (at < tokens.length) {
    const keyword = upperCase(tokens[at]!);
    if (keyword === 'STORE' && at + 1 < tokens.length) found = [at + 1];
    at += 1 + (OPERANDS[keyword] ?? 0);
  }
  return found;
}
