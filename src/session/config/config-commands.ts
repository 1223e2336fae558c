import type { Pairs } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { ok } from '../../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../../wire/command.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { many, pairs, string } from '../../wire/grammar/pieces.ts';
import { tree } from '../../wire/tree-codec.ts';
import { later } from '../waits/later.ts';
import type { ConfigOperations } from './config-operations.ts';

const { command, container } = commandsOf<ConfigOperations>();

const facts = {
  group: 'server',
  flags: 'admin noscript loading stale',
  target: 'config',
} as const satisfies Partial<CommandFacts>;

const OF_PARAMETERS = 'O(N) where N is the number of parameters.';

/** Here a value without its name, or the reverse, is a syntax error. */
const settings: Piece<Pairs> = (() => {
  const plain = pairs(string('parameter'), string('value'));
  return {
    ...plain,
    read: (reader) => {
      if (reader.remaining % 2 !== 0) throw errors.syntax();
      return plain.read(reader);
    },
  };
})();

/** CONFIG, except HELP. */
export const configCommands = commandTable<ConfigOperations>()([
  container({
    name: 'CONFIG',
    summary: 'Holds the commands on the configuration.',
    since: '2.0.0',
    group: 'server',
    complexity: 'Depends on subcommand.',
    flags: '',
  }),
  command({
    ...facts,
    name: 'CONFIG GET',
    summary: 'Tells what parameters are set to, by their names or by patterns.',
    since: '2.0.0',
    complexity: OF_PARAMETERS,
    history: [['7.0.0', 'Takes several patterns in one call.']],
    args: [many(string('parameter'))],
    method: 'configGet',
    reply: tree,
  }),
  command({
    ...facts,
    name: 'CONFIG SET',
    summary: 'Sets parameters while the server runs: all of those given, or none.',
    since: '2.0.0',
    complexity: OF_PARAMETERS,
    history: [['7.0.0', 'Sets several parameters in one call.']],
    tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    waits: true,
    args: [settings],
    method: 'configSet',
    reply: later(ok),
  }),
  command({
    ...facts,
    name: 'CONFIG RESETSTAT',
    summary: 'Begins anew to count what INFO tells.',
    since: '2.0.0',
    complexity: 'O(1)',
    tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    args: [],
    method: 'configResetstat',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'CONFIG REWRITE',
    summary: 'Would write the configuration to its file.',
    since: '2.8.0',
    complexity: 'O(1)',
    tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    args: [],
    method: 'configRewrite',
    reply: ok,
  }),
]);
