import type { Bytes } from '../../bytes/byte-string.ts';
import { array, bulk, integer, status } from '../../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../../wire/command.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { constant, many, oneOf, optional, string } from '../../wire/grammar/pieces.ts';
import type { ReplySink } from '../../wire/resp/reply-sink.ts';
import { tree } from '../../wire/tree-codec.ts';
import type { CommandFilter, CommandOperations } from './command-operations.ts';

const { command } = commandsOf<CommandOperations>();

const OF_ALL_COMMANDS = 'O(N) where N is the number of commands.';
const OF_THOSE_NAMED = 'O(N) where N is the number of commands to look up.';
const OF_ARGUMENTS = 'O(N) where N is the number of arguments of the command.';
const UNORDERED = ['nondeterministic_output_order'];
const names = optional(many(string('command-name')));

/** What all of them have in common. */
const facts = {
  group: 'server',
  flags: 'loading stale sentinel',
  categories: 'connection',
  target: 'commands',
} as const satisfies Partial<CommandFacts>;

/** COMMAND with its subcommands, and the HELP of every container. */
export const commandCommands = commandTable<CommandOperations>()([
  command({
    ...facts,
    name: 'COMMAND',
    summary: 'Returns detailed information about all commands.',
    since: '2.8.13',
    complexity: OF_ALL_COMMANDS,
    tips: UNORDERED,
    args: [],
    arity: -1,
    method: 'command',
    reply: tree,
  }),
  command({
    ...facts,
    name: 'COMMAND COUNT',
    summary: 'Returns a count of commands.',
    since: '2.8.13',
    complexity: 'O(1)',
    args: [],
    method: 'commandCount',
    reply: integer,
  }),
  command({
    ...facts,
    name: 'COMMAND DOCS',
    summary: 'Returns documentary information about one, multiple or all commands.',
    since: '7.0.0',
    complexity: OF_THOSE_NAMED,
    tips: UNORDERED,
    args: [names],
    method: 'commandDocs',
    reply: tree,
  }),
  command({
    ...facts,
    name: 'COMMAND GETKEYS',
    summary: 'Extracts the key names from an arbitrary command.',
    since: '2.8.13',
    complexity: OF_ARGUMENTS,
    args: [string('command'), optional(many(string('arg')))],
    method: 'commandGetkeys',
    reply: array(bulk),
  }),
  command({
    ...facts,
    name: 'COMMAND GETKEYSANDFLAGS',
    summary: 'Extracts the key names and access flags for an arbitrary command.',
    since: '7.0.0',
    complexity: OF_ARGUMENTS,
    args: [string('command'), optional(many(string('arg')))],
    method: 'commandGetkeysandflags',
    reply: tree,
  }),
  command({
    ...facts,
    name: 'COMMAND INFO',
    summary: 'Returns information about one, multiple or all commands.',
    since: '2.8.13',
    complexity: OF_THOSE_NAMED,
    tips: UNORDERED,
    history: [['7.0.0', 'Without a name it tells of all commands.']],
    args: [names],
    method: 'commandInfo',
    reply: tree,
  }),
  command({
    ...facts,
    name: 'COMMAND LIST',
    summary: 'Returns a list of command names.',
    since: '7.0.0',
    complexity: OF_ALL_COMMANDS,
    tips: UNORDERED,
    args: [optional(filterBy())],
    method: 'commandList',
    reply: array(bulk),
  }),
  help('COMMAND', '5.0.0', facts),
  help('ACL', '6.0.0', { group: 'server', flags: 'loading stale sentinel' }),
  help('XGROUP', '5.0.0', { group: 'stream', flags: 'loading stale' }),
  help('XINFO', '5.0.0', { group: 'stream', flags: 'loading stale' }),
  help('OBJECT', '6.2.0', { group: 'generic', flags: 'loading stale' }),
  help('CONFIG', '5.0.0', { group: 'server', flags: 'loading stale' }),
  help('SLOWLOG', '6.2.0', { group: 'server', flags: 'loading stale' }),
  help('LATENCY', '2.8.13', { group: 'server', flags: 'loading stale' }),
  help('MEMORY', '4.0.0', { group: 'server', flags: 'loading stale' }),
  help('CLIENT', '5.0.0', { group: 'connection', flags: 'loading stale sentinel' }),
  help('CLUSTER', '5.0.0', { group: 'cluster', flags: 'loading stale' }),
  help('SCRIPT', '5.0.0', { group: 'scripting', flags: 'loading stale' }),
  help('FUNCTION', '7.0.0', { group: 'scripting', flags: 'loading stale' }),
  help('PUBSUB', '6.2.0', { group: 'pubsub', flags: 'loading stale', hasNoGroupCategory: true }),
]);

/** A container's HELP. */
function help(
  container: string,
  since: string,
  ofContainer: Pick<CommandFacts, 'group' | 'flags' | 'categories' | 'hasNoGroupCategory'>,
) {
  return command({
    ...ofContainer,
    name: `${container} HELP`,
    summary: 'Returns helpful text about the different subcommands.',
    since,
    complexity: 'O(1)',
    target: 'commands',
    args: [constant(container)],
    method: 'help',
    reply: { write: writeStatuses, read: (reply) => reply },
  });
}

function writeStatuses(lines: readonly string[], sink: ReplySink): void {
  array(status).write(lines, sink);
}

/** `FILTERBY <MODULE name | ACLCAT category | PATTERN pattern>`. */
function filterBy(): Piece<CommandFilter> {
  const by = oneOf('by', { module: 'MODULE', aclcat: 'ACLCAT', pattern: 'PATTERN' });
  const keyword = oneOf('filterby', { filterby: 'FILTERBY' });
  const value = string('value') satisfies Piece<Bytes>;
  return {
    read: (reader) => {
      keyword.read(reader);
      return { by: by.read(reader), value: value.read(reader) };
    },
    write: (filter, out) => {
      keyword.write('filterby', out);
      by.write(filter.by, out);
      value.write(filter.value, out);
    },
    sample: (sampler, out) => {
      keyword.sample(sampler, out);
      by.sample(sampler, out);
      out.push(sampler.pattern());
    },
    docs: [
      {
        name: 'filterby',
        type: 'oneof',
        token: 'FILTERBY',
        arguments: [
          { name: 'module-name', type: 'string', token: 'MODULE' },
          { name: 'category', type: 'string', token: 'ACLCAT' },
          { name: 'pattern', type: 'pattern', token: 'PATTERN' },
        ],
      },
    ],
    minTokens: 0,
    isVariable: true,
  };
}
