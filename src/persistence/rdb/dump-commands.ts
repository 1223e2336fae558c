import type { Raw } from '../../keyspace/operations.ts';
import { ok } from '../../wire/codec.ts';
import { commandsOf, commandTable } from '../../wire/command.ts';
import { key, time } from '../../wire/grammar/pieces.ts';
import { bytesOrNil } from './dump-codecs.ts';
import { payload, restoreOptions } from './dump-grammar.ts';
import type { DumpOperations } from './dump-operations.ts';

const { command } = commandsOf<DumpOperations<Raw>>();

/** DUMP and RESTORE. */
export const dumpCommands = commandTable<DumpOperations<Raw>>()([
  command({
    name: 'DUMP',
    summary: 'Returns a serialized representation of the value stored at a key.',
    since: '2.6.0',
    group: 'generic',
    complexity: 'O(N) where N is the size of what the key holds.',
    flags: 'readonly',
    tips: ['nondeterministic_output'],
    args: [key('RO access')],
    method: 'dump',
    reply: bytesOrNil,
  }),
  command({
    name: 'RESTORE',
    summary: 'Creates a key from the serialized representation of a value.',
    since: '2.6.0',
    group: 'generic',
    complexity: 'O(N) where N is the size of the value, O(N*log(N)) for sorted sets.',
    flags: 'write denyoom',
    categories: 'dangerous',
    history: [
      ['3.0.0', 'Added the `REPLACE` modifier.'],
      ['5.0.0', 'Added the `ABSTTL` modifier.'],
      ['5.0.0', 'Added the `IDLETIME` and `FREQ` options.'],
    ],
    args: [key('OW update'), time('ttl', { isLate: true }), payload, restoreOptions],
    method: 'restore',
    reply: ok,
  }),
]);
