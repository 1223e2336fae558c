import type { Raw } from '../../keyspace/operations.ts';
import { integer, ok } from '../../wire/codec.ts';
import { commandsOf, commandTable } from '../../wire/command.ts';
import { key, string } from '../../wire/grammar/pieces.ts';
import type { HyperloglogDebug } from './hyperloglog-debug.ts';
import { countedKeys, elements, pfdebugAnswer, sources, subcommand } from './hyperloglog-grammar.ts';
import type { HyperloglogOperations } from './hyperloglog-operations.ts';

const { command } = commandsOf<HyperloglogOperations<Raw>>();
const { command: debugCommand } = commandsOf<HyperloglogDebug>();

/** The commands on HyperLogLogs. */
export const hyperloglogCommands = commandTable<HyperloglogOperations<Raw>>()([
  command({
    name: 'PFADD',
    summary: "Adds elements to a HyperLogLog. Creates the key if it doesn't exist.",
    since: '2.8.9',
    group: 'hyperloglog',
    complexity: 'O(1) for each element.',
    flags: 'write denyoom fast',
    args: [key('RW insert'), elements(string('element'))],
    method: 'pfadd',
    reply: integer,
  }),
  command({
    name: 'PFCOUNT',
    summary: 'Returns about how many different elements were added to one or more HyperLogLogs.',
    since: '2.8.9',
    group: 'hyperloglog',
    complexity:
      'O(N) where N is the number of keys, each of them costly; O(1) for one key that has not changed.',
    flags: 'readonly may_replicate',
    args: [countedKeys()],
    method: 'pfcount',
    reply: integer,
  }),
  command({
    name: 'PFMERGE',
    summary: 'Merges one or more HyperLogLogs into one of them or a further one.',
    since: '2.8.9',
    group: 'hyperloglog',
    complexity: 'O(N) where N is the number of HyperLogLogs, each of them costly.',
    flags: 'write denyoom',
    args: [key('RW access insert', 'destkey'), sources()],
    method: 'pfmerge',
    reply: ok,
  }),
]);

/** The commands that look into HyperLogLogs, and at themselves. */
export const hyperloglogDebugCommands = commandTable<HyperloglogDebug>()([
  debugCommand({
    name: 'PFDEBUG',
    summary: 'Shows and changes how a HyperLogLog is kept.',
    since: '2.8.9',
    group: 'hyperloglog',
    complexity: 'N/A',
    flags: 'write denyoom admin',
    target: 'hyperloglogDebug',
    args: [subcommand, key('RW access')],
    method: 'pfdebug',
    reply: pfdebugAnswer,
  }),
  debugCommand({
    name: 'PFSELFTEST',
    summary: 'Tests the implementation of HyperLogLogs.',
    since: '2.8.9',
    group: 'hyperloglog',
    complexity: 'N/A',
    flags: 'admin',
    target: 'hyperloglogDebug',
    args: [],
    method: 'pfselftest',
    reply: ok,
  }),
]);
