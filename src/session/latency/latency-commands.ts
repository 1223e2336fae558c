import { type Codec, integer } from '../../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../../wire/command.ts';
import { many, optional, string } from '../../wire/grammar/pieces.ts';
import { tree } from '../../wire/tree-codec.ts';
import { verbatim } from '../../wire/verbatim.ts';
import type { CommandLatencies, LatencyOperations } from './latency-operations.ts';

const { command, container } = commandsOf<LatencyOperations>();

const facts = {
  group: 'server',
  flags: 'admin noscript loading stale',
  target: 'latency',
} as const satisfies Partial<CommandFacts>;

const OF_ONE_NODE = ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'];

/** Of each command how often it was called, and how many calls took at most so many microseconds. */
const latencies: Codec<readonly CommandLatencies[]> = {
  write: (commands, sink) => {
    sink.map(commands.length);
    for (const { name, histogram } of commands) {
      sink.bulk(name);
      sink.map(2);
      sink.bulk('calls');
      sink.integer(histogram.total);
      sink.bulk('histogram_usec');
      const steps = histogram.cumulative();
      sink.map(steps.length);
      for (const [microseconds, count] of steps) {
        sink.integer(microseconds);
        sink.integer(count);
      }
    }
  },
  read: (reply) => reply,
};

/** LATENCY, except HELP. */
export const latencyCommands = commandTable<LatencyOperations>()([
  container({
    name: 'LATENCY',
    summary: 'Holds the commands on what took long.',
    since: '2.8.13',
    group: 'server',
    complexity: 'Depends on subcommand.',
    flags: '',
  }),
  command({
    ...facts,
    name: 'LATENCY DOCTOR',
    summary: 'Says in words what the latency spikes are like.',
    since: '2.8.13',
    complexity: 'O(1)',
    tips: OF_ONE_NODE,
    args: [],
    method: 'latencyDoctor',
    reply: verbatim,
  }),
  command({
    ...facts,
    name: 'LATENCY GRAPH',
    summary: 'Draws the latency spikes of an event.',
    since: '2.8.13',
    complexity: 'O(1)',
    tips: OF_ONE_NODE,
    args: [string('event')],
    method: 'latencyGraph',
    reply: verbatim,
  }),
  command({
    ...facts,
    name: 'LATENCY HISTOGRAM',
    summary: 'Tells how many calls of commands took how long.',
    since: '7.0.0',
    complexity: 'O(N) where N is the number of commands told of.',
    tips: OF_ONE_NODE,
    args: [optional(many(string('command')))],
    method: 'latencyHistogram',
    reply: latencies,
  }),
  command({
    ...facts,
    name: 'LATENCY HISTORY',
    summary: 'Tells the latency spikes of an event.',
    since: '2.8.13',
    complexity: 'O(1)',
    tips: OF_ONE_NODE,
    args: [string('event')],
    method: 'latencyHistory',
    reply: tree,
  }),
  command({
    ...facts,
    name: 'LATENCY LATEST',
    summary: 'Tells the latest latency spike of each event, and its worst.',
    since: '2.8.13',
    complexity: 'O(1)',
    tips: OF_ONE_NODE,
    args: [],
    method: 'latencyLatest',
    reply: tree,
  }),
  command({
    ...facts,
    name: 'LATENCY RESET',
    summary: 'Forgets the latency spikes of these events, or of all.',
    since: '2.8.13',
    complexity: 'O(1)',
    tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    args: [optional(many(string('event')))],
    method: 'latencyReset',
    reply: integer,
  }),
]);
