import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { bulkOrNil, type Codec, integer, ok } from '../../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../../wire/command.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { integer as integer53, oneOf, optional, string, time } from '../../wire/grammar/pieces.ts';
import { verbatim } from '../../wire/verbatim.ts';
import { killFilters, listFilter } from './client-grammar.ts';
import type { ClientOperations, ReplyAnswer } from './client-operations.ts';

const { command, container } = commandsOf<ClientOperations>();

const facts = {
  group: 'connection',
  complexity: 'O(1)',
  target: 'client',
} as const satisfies Partial<CommandFacts>;

const FLAGS = 'noscript loading stale sentinel';
const OF_CLIENTS = 'O(N) where N is the number of client connections';
const NONDETERMINISTIC = ['nondeterministic_output'];

const killed: Codec<'OK' | number> = {
  write: (value, sink) => (value === 'OK' ? sink.simple(value) : sink.integer(value)),
  read: (reply) => reply,
};

/** The answer to CLIENT REPLY ON comes though replies were off, and that to the others does not come though they were on. */
const ofReplyMode: Codec<ReplyAnswer> = {
  write: (answer, sink) => {
    if (answer !== null) (answer === 'here' ? sink : answer).simple('OK');
  },
  read: (reply) => reply,
};

const onOrOff = oneOf('enabled', { on: 'ON', off: 'OFF' });

/** For a subcommand that is found, but has more arguments than it takes, Redis has words of its own. */
function atMostTwoArguments(_operations: unknown, tokens: readonly ByteString[]): void {
  if (tokens.length > 4) throw errors.subcommandSyntax(tokens[1]!, 'CLIENT');
}

const timeout = time('timeout', { error: errors.pauseNotAnInteger, isDeferred: true });
/** What is wrong with it is said after the mode has been looked at. */
const pauseTime: Piece<number> = {
  ...timeout,
  read: (reader) => {
    const durationMs = timeout.read(reader);
    if (durationMs < 0) reader.defer(errors.pauseNegative());
    return durationMs;
  },
};

/** CLIENT: see `tracking-commands.ts` for what concerns client-side caching. */
export const clientCommands = commandTable<ClientOperations>()([
  container({
    name: 'CLIENT',
    summary: 'A container for client connection commands.',
    since: '2.4.0',
    group: 'connection',
    complexity: 'Depends on subcommand.',
    flags: 'sentinel',
  }),
  command({
    ...facts,
    name: 'CLIENT ID',
    summary: 'Returns the unique client ID of the connection.',
    since: '5.0.0',
    flags: FLAGS,
    args: [],
    method: 'clientId',
    reply: integer,
  }),
  command({
    ...facts,
    name: 'CLIENT INFO',
    summary: 'Returns information about the connection.',
    since: '6.2.0',
    flags: FLAGS,
    tips: NONDETERMINISTIC,
    args: [],
    method: 'clientInfo',
    reply: verbatim,
  }),
  command({
    ...facts,
    name: 'CLIENT LIST',
    summary: 'Lists open connections.',
    since: '2.4.0',
    complexity: OF_CLIENTS,
    flags: `admin ${FLAGS}`,
    tips: NONDETERMINISTIC,
    history: [
      ['2.8.12', 'Shows the id.'],
      ['5.0.0', 'Takes TYPE.'],
      ['6.0.0', 'Shows the user.'],
      ['6.2.0', 'Takes ID; shows argv-mem, tot-mem, laddr and redir.'],
      ['7.0.0', 'Shows resp, multi-mem, rbs and rbp.'],
      ['7.0.3', 'Shows ssub.'],
      ['7.2.0', 'Shows lib-name and lib-ver.'],
      ['7.4.0', 'Shows watch.'],
      ['8.0.0', 'Shows io-thread.'],
    ],
    args: [listFilter],
    method: 'clientList',
    reply: verbatim,
  }),
  command({
    ...facts,
    name: 'CLIENT KILL',
    summary: 'Terminates open connections.',
    since: '2.4.0',
    complexity: OF_CLIENTS,
    flags: `admin ${FLAGS}`,
    history: [
      ['2.8.12', 'Takes filters, ID among them.'],
      ['3.2.0', 'Takes TYPE master.'],
      ['5.0.0', 'Calls a slave a replica; the old word is still understood.'],
      ['6.2.0', 'Takes LADDR.'],
      ['7.4.0', 'Takes MAXAGE.'],
    ],
    args: [killFilters],
    method: 'clientKill',
    reply: killed,
  }),
  command({
    ...facts,
    name: 'CLIENT SETNAME',
    summary: 'Sets the connection name.',
    since: '2.6.9',
    flags: FLAGS,
    tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    args: [string('connection-name')],
    method: 'clientSetname',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'CLIENT GETNAME',
    summary: 'Returns the name of the connection.',
    since: '2.6.9',
    flags: FLAGS,
    args: [],
    method: 'clientGetname',
    reply: bulkOrNil,
  }),
  command({
    ...facts,
    name: 'CLIENT SETINFO',
    summary: 'Sets information specific to the client or connection.',
    since: '7.2.0',
    flags: FLAGS,
    tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    args: [attribute(), string('value')],
    method: 'clientSetinfo',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'CLIENT NO-EVICT',
    summary: 'Sets the client eviction mode of the connection.',
    since: '7.0.0',
    flags: `admin ${FLAGS}`,
    args: [onOrOff],
    method: 'clientNoEvict',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'CLIENT NO-TOUCH',
    summary: 'Controls whether commands sent by the client affect the LRU/LFU of accessed keys.',
    since: '7.2.0',
    flags: 'noscript loading stale',
    args: [onOrOff],
    method: 'clientNoTouch',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'CLIENT REPLY',
    summary: 'Instructs the server whether to reply to commands.',
    since: '3.2.0',
    flags: FLAGS,
    args: [oneOf('action', { on: 'ON', off: 'OFF', skip: 'SKIP' })],
    method: 'clientReply',
    reply: ofReplyMode,
  }),
  command({
    ...facts,
    name: 'CLIENT PAUSE',
    summary: 'Suspends commands processing.',
    since: '3.0.0',
    flags: `admin ${FLAGS}`,
    history: [['6.2.0', 'Takes a mode, WRITE among them.']],
    before: atMostTwoArguments,
    args: [pauseTime, optional(oneOf('mode', { write: 'WRITE', all: 'ALL' }, errors.pauseMode))],
    method: 'clientPause',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'CLIENT UNPAUSE',
    summary: 'Resumes processing commands from paused clients.',
    since: '6.2.0',
    complexity: 'O(N) Where N is the number of paused clients',
    flags: `admin ${FLAGS}`,
    args: [],
    method: 'clientUnpause',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'CLIENT UNBLOCK',
    summary: 'Unblocks a client blocked by a blocking command from a different connection.',
    since: '5.0.0',
    complexity: 'O(log N) where N is the number of client connections',
    flags: `admin ${FLAGS}`,
    before: atMostTwoArguments,
    args: [
      integer53('client-id', { isDeferred: true }),
      optional(oneOf('unblock-type', { timeout: 'TIMEOUT', error: 'ERROR' }, errors.unblockReason)),
    ],
    method: 'clientUnblock',
    reply: integer,
  }),
]);

/** `LIB-NAME` or `LIB-VER`: the method says what is wrong with it. */
function attribute(): Piece<Bytes> {
  return {
    ...string('attr'),
    sample: (sampler, out) => out.push(sampler.below(2) === 0 ? 'LIB-NAME' : 'LIB-VER'),
    docs: [
      {
        name: 'attr',
        type: 'oneof',
        arguments: [
          { name: 'libname', type: 'pure-token', token: 'LIB-NAME' },
          { name: 'libver', type: 'pure-token', token: 'LIB-VER' },
        ],
      },
    ],
  };
}
