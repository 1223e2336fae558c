import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { array, type Codec, integer, ok } from '../../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../../wire/command.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { integer as integerPiece, optional } from '../../wire/grammar/pieces.ts';
import type { SlowCommand } from './slow-log.ts';
import type { SlowLogOperations } from './slow-log-operations.ts';

const { command, container } = commandsOf<SlowLogOperations>();

const facts = {
  group: 'server',
  flags: 'admin loading stale',
  target: 'slowlog',
} as const satisfies Partial<CommandFacts>;

/** `[id, seconds, microseconds, tokens, address, name]`. */
const slowCommand: Codec<SlowCommand> = {
  write: ({ id, atSeconds, durationUs, tokens, address, clientName }, sink) => {
    sink.array(6);
    sink.integer(id);
    sink.integer(atSeconds);
    sink.integer(durationUs);
    sink.array(tokens.length);
    for (const token of tokens) sink.bulk(token);
    sink.bulk(address);
    sink.bulk(clientName);
  },
  read: (reply) => reply,
};

/** How many, or -1 for all. */
const count: Piece<number> = (() => {
  const any = integerPiece('count', { error: errors.slowlogCount });
  return {
    ...any,
    read: (reader) => {
      const value = any.read(reader);
      if (value < -1) throw errors.slowlogCount();
      return value;
    },
  };
})();

function atMostOneArgument(_operations: unknown, tokens: readonly ByteString[]): void {
  if (tokens.length > 3) throw errors.subcommandSyntax(tokens[1]!, 'SLOWLOG');
}

/** SLOWLOG, except HELP. */
export const slowLogCommands = commandTable<SlowLogOperations>()([
  container({
    name: 'SLOWLOG',
    summary: 'Holds the commands on the log of slow commands.',
    since: '2.2.12',
    group: 'server',
    complexity: 'Depends on subcommand.',
    flags: '',
  }),
  command({
    ...facts,
    name: 'SLOWLOG GET',
    summary: 'Tells of the latest slow commands: 10 of them, or so many, or (-1) all.',
    since: '2.2.12',
    complexity: 'O(N) where N is the number of commands told of.',
    history: [['4.0.0', 'Tells the address and the name of the client.']],
    tips: ['request_policy:all_nodes', 'nondeterministic_output'],
    args: [optional(count)],
    method: 'slowlogGet',
    reply: array(slowCommand),
    before: atMostOneArgument,
  }),
  command({
    ...facts,
    name: 'SLOWLOG LEN',
    summary: 'Tells how many slow commands are remembered.',
    since: '2.2.12',
    complexity: 'O(1)',
    tips: ['request_policy:all_nodes', 'response_policy:agg_sum', 'nondeterministic_output'],
    args: [],
    method: 'slowlogLen',
    reply: integer,
  }),
  command({
    ...facts,
    name: 'SLOWLOG RESET',
    summary: 'Forgets all slow commands.',
    since: '2.2.12',
    complexity: 'O(N) where N is the number of commands forgotten.',
    tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    args: [],
    method: 'slowlogReset',
    reply: ok,
  }),
]);
