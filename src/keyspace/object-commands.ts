import { bulkOrNil, integerOrNil } from '../wire/codec.ts';
import { commandsOf, commandTable } from '../wire/command.ts';
import { key } from '../wire/grammar/pieces.ts';
import type { ObjectOperations } from './object-operations.ts';
import type { Raw } from './operations.ts';

const { command, container } = commandsOf<ObjectOperations<Raw>>();

/** OBJECT and its subcommands, except HELP. */
export const objectCommands = commandTable<ObjectOperations<Raw>>()([
  container({
    name: 'OBJECT',
    summary: 'A container for object introspection commands.',
    since: '2.2.3',
    group: 'generic',
    complexity: 'Depends on subcommand.',
    flags: '',
  }),
  command({
    name: 'OBJECT ENCODING',
    summary: 'Returns the internal encoding of a Redis object.',
    since: '2.2.3',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'readonly',
    tips: ['nondeterministic_output'],
    args: [key('RO')],
    method: 'objectEncoding',
    reply: bulkOrNil,
  }),
  command({
    name: 'OBJECT FREQ',
    summary: 'Returns the logarithmic access frequency counter of a Redis object.',
    since: '4.0.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'readonly',
    tips: ['nondeterministic_output'],
    args: [key('RO')],
    method: 'objectFreq',
    reply: integerOrNil,
  }),
  command({
    name: 'OBJECT IDLETIME',
    summary: 'Returns the time since the last access to a Redis object.',
    since: '2.2.3',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'readonly',
    tips: ['nondeterministic_output'],
    args: [key('RO')],
    method: 'objectIdletime',
    reply: integerOrNil,
  }),
  command({
    name: 'OBJECT REFCOUNT',
    summary: 'Returns the reference count of a value of a key.',
    since: '2.2.3',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'readonly',
    tips: ['nondeterministic_output'],
    args: [key('RO')],
    method: 'objectRefcount',
    reply: integerOrNil,
  }),
]);
