import { errors } from '../../errors.ts';
import { type Codec, integer } from '../../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../../wire/command.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { int32, integer as integerPiece, many, optional, string, time } from '../../wire/grammar/pieces.ts';
import { tree } from '../../wire/tree-codec.ts';
import { verbatim } from '../../wire/verbatim.ts';
import type { ServerOperations } from './server-operations.ts';

const { command } = commandsOf<ServerOperations>();

const facts = { group: 'server', target: 'server' } as const satisfies Partial<CommandFacts>;

/** `+OK`, or no reply at all. */
const okOrNothing: Codec<'OK' | undefined> = {
  write: (value, sink) => {
    if (value !== undefined) sink.simple(value);
  },
  read: (reply) => reply,
};

/** For how long at most one waits for others to have it. */
export const waitTimeout = time('timeout', { error: errors.timeoutNotAnInteger, docType: 'integer' });

/** `[VERSION version] [argument …]`: only the version is looked at. */
const lolwutArguments: Piece<undefined> = {
  read: (reader) => {
    if (reader.remaining > 1 && reader.accept('VERSION')) int32('version').read(reader);
    while (reader.remaining > 0) reader.next();
    return undefined;
  },
  write: () => {},
  sample: () => {},
  docs: [{ name: 'version', type: 'integer', token: 'VERSION', flags: ['optional'] }],
  minTokens: 0,
  isVariable: true,
};

/** The server as a whole: what it tells, and what ends it. */
export const serverCommands = commandTable<ServerOperations>()([
  command({
    ...facts,
    name: 'INFO',
    summary: 'Tells figures and facts about the server, in sections.',
    since: '1.0.0',
    complexity: 'O(1)',
    flags: 'loading stale sentinel',
    categories: 'dangerous',
    tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
    history: [['7.0.0', 'Takes several sections.']],
    args: [optional(many(string('section')))],
    method: 'info',
    reply: verbatim,
  }),
  command({
    ...facts,
    name: 'MONITOR',
    summary: 'Shows every command of every client from now on.',
    since: '1.0.0',
    complexity: 'O(1)',
    flags: 'admin noscript loading stale',
    args: [],
    method: 'monitor',
    reply: okOrNothing,
  }),
  command({
    ...facts,
    name: 'ROLE',
    summary: 'Tells whether the server is a master or a replica, and of whom.',
    since: '2.8.12',
    complexity: 'O(1)',
    flags: 'noscript loading stale fast sentinel',
    categories: 'admin dangerous',
    args: [],
    method: 'role',
    reply: tree,
  }),
  command({
    ...facts,
    name: 'WAIT',
    summary: 'Blocks until the writes of this connection have reached a number of replicas.',
    since: '3.0.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'blocking',
    hasNoGroupCategory: true,
    tips: ['request_policy:all_shards', 'response_policy:agg_min'],
    args: [integerPiece('numreplicas'), waitTimeout],
    method: 'wait',
    reply: integer,
  }),
  command({
    ...facts,
    name: 'LOLWUT',
    summary: 'Draws something, and tells the version.',
    since: '5.0.0',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [lolwutArguments],
    method: 'lolwut',
    reply: verbatim,
  }),
  command({
    ...facts,
    name: 'SFLUSH',
    summary: 'Removes all keys of ranges of slots: refused where there is no cluster.',
    since: '8.0.0',
    complexity: 'O(1)',
    flags: 'write experimental',
    categories: 'keyspace dangerous',
    args: [many(string('slot-range'))],
    arity: -3,
    method: 'sflush',
    reply: tree,
  }),
]);
