import { errors } from '../../errors.ts';
import type { Raw } from '../../keyspace/operations.ts';
import { MIN_INT64 } from '../../numbers/integer.ts';
import { array, bulk, bulkOrNil, scanned } from '../../wire/codec.ts';
import { commandsOf, commandTable, given, marked } from '../../wire/command.ts';
import { flag, options } from '../../wire/grammar/options.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { deciding, key, time } from '../../wire/grammar/pieces.ts';
import { afterKey, cursor, scanOptions, unknownScanOption } from '../../wire/grammar/scan.ts';
import type { SortedSetScanOperations } from './scan-operations.ts';
import { scannedPairs, scoredMembers } from './sorted-set-codecs.ts';
import type { ZscanOptions } from './sorted-set-options.ts';

const { command, form, commandWithForms } = commandsOf<SortedSetScanOperations<Raw>>();

const anySize = time('count');

/** ZRANDMEMBER's count may be any 64-bit integer but the least, of which there is no opposite. */
const randomCount: Piece<number> = {
  ...anySize,
  read: (reader) => {
    if (reader.peek() === String(MIN_INT64)) throw errors.randomCountOutOfRange();
    return anySize.read(reader);
  },
  sample: (sampler, out) => out.push(sampler.integer()),
};

/** The word behind ZRANDMEMBER's count; more than one is a syntax error. */
const randomWords = options<{ withscores?: boolean }>(
  { withscores: flag('WITHSCORES') },
  { isRepetitionRefused: true },
);

export const sortedSetScanCommands = commandTable<SortedSetScanOperations<Raw>>()([
  commandWithForms({
    name: 'ZRANDMEMBER',
    summary: 'Returns one or more random members from a sorted set.',
    since: '6.2.0',
    group: 'sorted_set',
    complexity: 'O(N) where N is the number of members returned',
    flags: 'readonly',
    tips: ['nondeterministic_output'],
    args: [key('RO access'), deciding(randomCount), randomWords],
    forms: [
      form('zrandmemberWithScores', scoredMembers, marked('withscores', 2)),
      form('zrandmemberCount', array(bulk), given(1)),
      form('zrandmember', bulkOrNil),
    ],
  }),
  command({
    name: 'ZSCAN',
    summary: 'Iterates over members and scores of a sorted set.',
    since: '2.8.0',
    group: 'sorted_set',
    complexity:
      'O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.',
    flags: 'readonly',
    tips: ['nondeterministic_output'],
    args: [
      key('RO access'),
      cursor(),
      afterKey(options<ZscanOptions>(scanOptions, { unknown: unknownScanOption })),
    ],
    method: 'zscan',
    reply: scanned(scannedPairs),
  }),
]);
