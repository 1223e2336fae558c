import type { Raw } from '../../keyspace/operations.ts';
import { array, bulkOrNil, integer } from '../../wire/codec.ts';
import { commandsOf, commandTable, marked } from '../../wire/command.ts';
import { key, many, string } from '../../wire/grammar/pieces.ts';
import { arrayFullInfo, arrayInfo } from './array-codecs.ts';
import type { ArrayElementOperations } from './array-element-operations.ts';
import { index, indexedValues, indexes, infoOptions, ranges } from './array-grammar.ts';

const { command, form, commandWithForms } = commandsOf<ArrayElementOperations<Raw>>();

export const arrayElementCommands = commandTable<ArrayElementOperations<Raw>>()([
  command({
    name: 'ARSET',
    summary: 'Sets one or more contiguous values starting at an index in an array.',
    since: '8.8.0',
    group: 'array',
    complexity: 'O(N) where N is the number of values',
    flags: 'write denyoom fast',
    args: [key('RW update'), index(), many(string('value'))],
    method: 'arset',
    reply: integer,
  }),
  command({
    name: 'ARMSET',
    summary: 'Sets multiple index-value pairs in an array.',
    since: '8.8.0',
    group: 'array',
    complexity: 'O(N) where N is the number of pairs',
    flags: 'write denyoom fast',
    args: [key('RW update'), indexedValues()],
    method: 'armset',
    reply: integer,
  }),
  command({
    name: 'ARGET',
    summary: 'Gets the value at an index in an array.',
    since: '8.8.0',
    group: 'array',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO access'), index('index', { isLate: true })],
    method: 'arget',
    reply: bulkOrNil,
  }),
  command({
    name: 'ARMGET',
    summary: 'Gets values at multiple indices in an array.',
    since: '8.8.0',
    group: 'array',
    complexity: 'O(N) where N is the number of indices',
    flags: 'readonly fast',
    args: [key('RO access'), indexes({ isLate: true })],
    method: 'armget',
    reply: array(bulkOrNil),
  }),
  command({
    name: 'ARDEL',
    summary: 'Deletes elements at the specified indices in an array.',
    since: '8.8.0',
    group: 'array',
    complexity: 'O(N) where N is the number of indices to delete',
    flags: 'write fast',
    args: [key('RW delete'), indexes()],
    method: 'ardel',
    reply: integer,
  }),
  command({
    name: 'ARDELRANGE',
    summary: 'Deletes elements in one or more ranges.',
    since: '8.8.0',
    group: 'array',
    complexity:
      'Proportional to the number of existing elements / slices touched, not to the numeric span of the requested ranges',
    flags: 'write',
    args: [key('RW delete'), ranges()],
    method: 'ardelrange',
    reply: integer,
  }),
  command({
    name: 'ARLEN',
    summary: 'Returns the length of an array (max index + 1).',
    since: '8.8.0',
    group: 'array',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO access')],
    method: 'arlen',
    reply: integer,
  }),
  command({
    name: 'ARCOUNT',
    summary: 'Returns the number of non-empty elements in an array.',
    since: '8.8.0',
    group: 'array',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO access')],
    method: 'arcount',
    reply: integer,
  }),
  commandWithForms({
    name: 'ARINFO',
    summary: 'Returns metadata about an array.',
    since: '8.8.0',
    group: 'array',
    complexity: 'O(1), or O(N) with FULL option where N is the number of slices.',
    flags: 'readonly',
    args: [key('RO access'), infoOptions()],
    forms: [form('arinfoFull', arrayFullInfo, marked('full', 1)), form('arinfo', arrayInfo)],
  }),
]);
