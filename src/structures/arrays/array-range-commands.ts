import type { Raw } from '../../keyspace/operations.ts';
import { array, bulkOrNil, integer, integerOrNil } from '../../wire/codec.ts';
import { commandsOf, commandTable, marked } from '../../wire/command.ts';
import { key } from '../../wire/grammar/pieces.ts';
import { arrayElements } from './array-codecs.ts';
import { type ArrayOperation, bound, index, operation, scanOptions, searchOptions } from './array-grammar.ts';
import type { ArrayRangeOperations } from './array-range-operations.ts';

const { command, form, commandWithForms } = commandsOf<ArrayRangeOperations<Raw>>();

const VISITED =
  'O(P) where P is visited positions in touched slices (dense scanned slots + sparse entries), with worst-case O(|end-start|+1) and typical case close to O(N), where N is the number of existing elements in range.';

function meansOneOf(words: readonly ArrayOperation[]) {
  return { when: (args: readonly unknown[]) => words.includes(args[3] as ArrayOperation) };
}

export const arrayRangeCommands = commandTable<ArrayRangeOperations<Raw>>()([
  command({
    name: 'ARGETRANGE',
    summary: 'Gets values in a range of indices.',
    since: '8.8.0',
    group: 'array',
    complexity: 'O(N) where N is the range length',
    flags: 'readonly',
    args: [key('RO access'), index('start'), index('end')],
    method: 'argetrange',
    reply: array(bulkOrNil),
  }),
  command({
    name: 'ARSCAN',
    summary: 'Iterates existing elements in a range, returning index-value pairs.',
    since: '8.8.0',
    group: 'array',
    complexity: VISITED,
    flags: 'readonly',
    args: [key('RO access'), index('start'), index('end'), scanOptions()],
    method: 'arscan',
    reply: arrayElements,
  }),
  commandWithForms({
    name: 'ARGREP',
    summary: 'Searches array elements in a range using textual predicates.',
    since: '8.8.0',
    group: 'array',
    complexity:
      'O(P * C) where P is the number of visited positions in touched slices and C is the cost of evaluating the predicates on one existing element.',
    flags: 'readonly',
    args: [key('RO access'), bound('start'), bound('end'), searchOptions()],
    forms: [form('argrepWithValues', arrayElements, marked('withvalues', 3)), form('argrep', array(integer))],
  }),
  commandWithForms({
    name: 'AROP',
    summary: 'Performs aggregate operations on array elements in a range.',
    since: '8.8.0',
    group: 'array',
    complexity: VISITED,
    flags: 'readonly',
    args: [key('RO access'), index('start'), index('end'), operation()],
    forms: [
      form('arop', bulkOrNil, meansOneOf(['sum', 'min', 'max'])),
      form('aropBitwise', integerOrNil, meansOneOf(['and', 'or', 'xor'])),
      form('aropCount', integer),
    ],
  }),
]);
