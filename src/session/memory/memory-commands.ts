import { ok } from '../../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../../wire/command.ts';
import { verbatim } from '../../wire/verbatim.ts';
import type { MemoryReports } from './memory-reports.ts';
import { memoryStats } from './memory-stats.ts';

const { command, container } = commandsOf<MemoryReports>();

const facts = {
  group: 'server',
  since: '4.0.0',
  flags: '',
  target: 'memory',
} as const satisfies Partial<CommandFacts>;

const OF_ONE_NODE = ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'];

/** MEMORY, except HELP and USAGE. */
export const memoryCommands = commandTable<MemoryReports>()([
  container({
    name: 'MEMORY',
    summary: 'Holds the commands on memory.',
    since: '4.0.0',
    group: 'server',
    complexity: 'Depends on subcommand.',
    flags: '',
  }),
  command({
    ...facts,
    name: 'MEMORY DOCTOR',
    summary: 'Says in words what there is to say of the memory that is used.',
    complexity: 'O(1)',
    tips: OF_ONE_NODE,
    args: [],
    method: 'memoryDoctor',
    reply: verbatim,
  }),
  command({
    ...facts,
    name: 'MEMORY MALLOC-STATS',
    summary: 'Returns what the allocator of memory tells of itself: here, nothing.',
    complexity: 'O(1)',
    tips: OF_ONE_NODE,
    args: [],
    method: 'memoryMallocStats',
    reply: verbatim,
  }),
  command({
    ...facts,
    name: 'MEMORY PURGE',
    summary: 'Would have the allocator give memory back.',
    complexity: 'O(1)',
    tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
    args: [],
    method: 'memoryPurge',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'MEMORY STATS',
    summary: 'Tells how much memory is used, and for what.',
    complexity: 'O(1)',
    tips: OF_ONE_NODE,
    args: [],
    method: 'memoryStats',
    reply: memoryStats,
  }),
]);
