import { errors } from '../../errors.ts';
import { type Codec, integer } from '../../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../../wire/command.ts';
import type { ArgumentDoc, Piece } from '../../wire/grammar/piece.ts';
import { int32, integer as integerPiece, many, optional, string, time } from '../../wire/grammar/pieces.ts';
import { isKeyword } from '../../wire/grammar/token-reader.ts';
import { tree } from '../../wire/tree-codec.ts';
import { verbatim } from '../../wire/verbatim.ts';
import type { ServerOperations, ShutdownOptions } from './server-operations.ts';

const { command } = commandsOf<ServerOperations>();

const facts = { group: 'server', target: 'server' } as const satisfies Partial<CommandFacts>;

/** `+OK`, or no reply at all. */
const okOrNothing: Codec<'OK' | undefined> = {
  write: (value, sink) => {
    if (value !== undefined) sink.simple(value);
  },
  read: (reply) => reply,
};

/** The connection ends, and that is the answer. */
const nothing: Codec<undefined> = { write: () => {}, read: () => undefined };

const milliseconds = time('timeout', { error: errors.timeoutNotAnInteger, docType: 'integer' });

/** `[NOSAVE | SAVE] [NOW] [FORCE] [ABORT]`, in any order; ABORT only by itself. */
const shutdownOptions: Piece<ShutdownOptions> = (() => {
  const words = ['NOSAVE', 'SAVE', 'NOW', 'FORCE', 'ABORT'] as const;
  const token = (name: string, since?: string): ArgumentDoc => ({
    name: name.toLowerCase(),
    type: 'pure-token',
    token: name,
    ...(since === undefined ? {} : { since, flags: ['optional'] as const }),
  });
  return {
    read: (reader) => {
      const given = new Set<string>();
      while (reader.remaining > 0) {
        const next = reader.next();
        const word = words.find((candidate) => isKeyword(next, candidate));
        if (word === undefined) throw errors.syntax();
        given.add(word);
      }
      if (given.has('ABORT') && given.size > 1) throw errors.syntax();
      if (given.has('SAVE') && given.has('NOSAVE')) throw errors.syntax();
      return { abort: given.has('ABORT') };
    },
    write: ({ abort }, out) => {
      if (abort === true) out.push('ABORT');
    },
    sample: (_sampler, out) => out.push('ABORT'),
    docs: [
      {
        name: 'save-selector',
        type: 'oneof',
        flags: ['optional'],
        arguments: [token('NOSAVE'), token('SAVE')],
      },
      token('NOW', '7.0.0'),
      token('FORCE', '7.0.0'),
      token('ABORT', '7.0.0'),
    ],
    minTokens: 0,
    isVariable: true,
  };
})();

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
    name: 'LASTSAVE',
    summary: 'Tells when everything was last saved, in Unix seconds.',
    since: '1.0.0',
    complexity: 'O(1)',
    flags: 'loading stale fast',
    categories: 'admin dangerous',
    tips: ['nondeterministic_output'],
    args: [],
    method: 'lastsave',
    reply: integer,
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
    args: [integerPiece('numreplicas'), milliseconds],
    method: 'wait',
    reply: integer,
  }),
  command({
    ...facts,
    name: 'WAITAOF',
    summary: 'Blocks until the writes of this connection are in append-only files, here and at replicas.',
    since: '7.2.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'blocking',
    hasNoGroupCategory: true,
    tips: ['request_policy:all_shards', 'response_policy:agg_min'],
    args: [zeroOrOne('numlocal'), integerPiece('numreplicas'), milliseconds],
    method: 'waitaof',
    reply: tree,
  }),
  command({
    ...facts,
    name: 'SHUTDOWN',
    summary: 'Ends all connections of the store.',
    since: '1.0.0',
    complexity: 'O(N) where N is the number of connections.',
    flags: 'admin noscript loading stale no_multi sentinel allow_busy',
    history: [['7.0.0', 'NOW, FORCE and ABORT.']],
    args: [shutdownOptions],
    method: 'shutdown',
    reply: nothing,
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

/** Whether the local file counts. */
function zeroOrOne(name: string): Piece<number> {
  const any = integerPiece(name);
  return {
    ...any,
    read: (reader) => {
      const value = any.read(reader);
      if (value !== 0 && value !== 1) throw errors.outOfRangeBetween(0, 1);
      return value;
    },
  };
}
