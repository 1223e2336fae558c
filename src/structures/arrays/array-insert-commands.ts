import type { Raw } from '../../keyspace/operations.ts';
import { array, bulkOrNil, integer, integerOrNil } from '../../wire/codec.ts';
import { commandsOf, commandTable } from '../../wire/command.ts';
import { key, many, string } from '../../wire/grammar/pieces.ts';
import { cursorIndex, lastItems, ringSize } from './array-grammar.ts';
import type { ArrayInsertOperations } from './array-insert-operations.ts';

const { command } = commandsOf<ArrayInsertOperations<Raw>>();

export const arrayInsertCommands = commandTable<ArrayInsertOperations<Raw>>()([
  command({
    name: 'ARINSERT',
    summary: 'Inserts one or more values at consecutive indices.',
    since: '8.8.0',
    group: 'array',
    complexity: 'O(N) where N is the number of values',
    flags: 'write denyoom fast',
    args: [key('RW update'), many(string('value'))],
    method: 'arinsert',
    reply: integer,
  }),
  command({
    name: 'ARRING',
    summary: 'Inserts values into a ring buffer of specified size, wrapping and truncating as needed.',
    since: '8.8.0',
    group: 'array',
    complexity:
      'O(M) normally, O(N+M) on ring resize, where N is the maximum of the old and new ring size and M is the number of inserted values',
    flags: 'write denyoom',
    args: [key('RW update'), ringSize(), many(string('value'))],
    method: 'arring',
    reply: integer,
  }),
  command({
    name: 'ARNEXT',
    summary: 'Returns the next index ARINSERT would use.',
    since: '8.8.0',
    group: 'array',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO access')],
    method: 'arnext',
    reply: integerOrNil,
  }),
  command({
    name: 'ARSEEK',
    summary: 'Sets the ARINSERT / ARRING cursor to a specific index.',
    since: '8.8.0',
    group: 'array',
    complexity: 'O(1)',
    flags: 'write fast',
    args: [key('RW update'), cursorIndex()],
    method: 'arseek',
    reply: integer,
  }),
  command({
    name: 'ARLASTITEMS',
    summary: 'Returns the most recently inserted elements.',
    since: '8.8.0',
    group: 'array',
    complexity: 'O(N) where N is the count',
    flags: 'readonly',
    args: [key('RO access'), ...lastItems()],
    method: 'arlastitems',
    reply: array(bulkOrNil),
  }),
]);
