import { integer, status } from '../wire/codec.ts';
import { commandsOf, commandTable } from '../wire/command.ts';
import { key, keys } from '../wire/grammar/pieces.ts';
import type { KeyOperations } from './key-operations.ts';
import type { Raw } from './operations.ts';

const { command } = commandsOf<KeyOperations<Raw>>();

export const keyCommands = commandTable<KeyOperations<Raw>>()([
  command({
    name: 'DEL',
    summary: 'Deletes one or more keys.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(N) where N is the number of keys, plus O(M) for each container of M elements.',
    flags: 'write',
    args: [keys('RM delete')],
    method: 'del',
    reply: integer,
  }),
  command({
    name: 'EXISTS',
    summary: 'Determines whether one or more keys exist.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(N) where N is the number of keys.',
    flags: 'readonly fast',
    args: [keys('RO')],
    method: 'exists',
    reply: integer,
  }),
  command({
    name: 'TYPE',
    summary: 'Determines the type of value stored at a key.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO')],
    method: 'type',
    reply: status,
  }),
  command({
    name: 'PTTL',
    summary: 'Returns the expiration time in milliseconds of a key.',
    since: '2.6.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO access')],
    method: 'pttl',
    reply: integer,
  }),
  command({
    name: 'DBSIZE',
    summary: 'Returns the number of keys in the database.',
    since: '1.0.0',
    group: 'server',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [],
    method: 'dbsize',
    reply: integer,
  }),
]);
