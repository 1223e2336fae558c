import { errors } from '../../errors.ts';
import type { Raw } from '../../keyspace/operations.ts';
import { commandsOf, commandTable, given } from '../../wire/command.ts';
import { options, valued } from '../../wire/grammar/options.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { deciding, key, numberedKeys, oneOf, integer as whole } from '../../wire/grammar/pieces.ts';
import type { SortedSetPopOperations } from './pop-operations.ts';
import { flatPairs, poppedFromKey, scoredMembers } from './sorted-set-codecs.ts';
import type { ZmpopOptions } from './sorted-set-options.ts';

const { command, form, commandWithForms } = commandsOf<SortedSetPopOperations<Raw>>();

const popCount = deciding(whole('count', { error: errors.mustBePositive, isDeferred: true }));

/** Read as lengths of time are, whose size beyond 2^53 counts too: with scores, from 2^62 on it is out of range. */
const anyCount = whole('count', { error: errors.countMustBePositive });

/** COUNT of ZMPOP and BZMPOP. */
export const positiveCount: Piece<number> = {
  ...anyCount,
  read: (reader) => {
    const count = anyCount.read(reader);
    if (count < 1) throw errors.countMustBePositive();
    return count;
  },
};

export const sortedSetPopCommands = commandTable<SortedSetPopOperations<Raw>>()([
  commandWithForms({
    name: 'ZPOPMIN',
    summary:
      'Returns the lowest-scoring members from a sorted set after removing them. Deletes the sorted set if the last member was popped.',
    since: '5.0.0',
    group: 'sorted_set',
    complexity:
      'O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped.',
    flags: 'write fast',
    args: [key('RW access delete'), popCount],
    forms: [form('zpopmin', scoredMembers, given(1)), form('zpopmin', flatPairs)],
  }),
  commandWithForms({
    name: 'ZPOPMAX',
    summary:
      'Returns the highest-scoring members from a sorted set after removing them. Deletes the sorted set if the last member was popped.',
    since: '5.0.0',
    group: 'sorted_set',
    complexity:
      'O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped.',
    flags: 'write fast',
    args: [key('RW access delete'), popCount],
    forms: [form('zpopmax', scoredMembers, given(1)), form('zpopmax', flatPairs)],
  }),
  command({
    name: 'ZMPOP',
    summary:
      'Returns the highest- or lowest-scoring members from one or more sorted sets after removing them. Deletes the sorted set if the last member was popped.',
    since: '7.0.0',
    group: 'sorted_set',
    complexity:
      'O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped.',
    flags: 'write movablekeys',
    args: [
      numberedKeys('RW access delete', {
        notANumber: errors.numkeysMustBePositive,
        tooFew: errors.numkeysMustBePositive,
      }),
      oneOf('where', { min: 'MIN', max: 'MAX' }),
      options<ZmpopOptions>({ count: valued('COUNT', positiveCount) }, { isRepetitionRefused: true }),
    ],
    method: 'zmpop',
    reply: poppedFromKey,
  }),
]);
