import { errors } from '../../errors.ts';
import { type Codec, integer, ok, status } from '../../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../../wire/command.ts';
import type { ArgumentDoc, Piece } from '../../wire/grammar/piece.ts';
import { integer as integerPiece } from '../../wire/grammar/pieces.ts';
import { isKeyword } from '../../wire/grammar/token-reader.ts';
import { type Tree, tree } from '../../wire/tree-codec.ts';
import { waitTimeout } from '../server/server-commands.ts';
import { later } from '../waits/later.ts';
import type { PersistenceOperations, ShutdownOptions } from './persistence-operations.ts';

const { command } = commandsOf<PersistenceOperations>();

const facts = { group: 'server', target: 'persistence' } as const satisfies Partial<CommandFacts>;

/** The connection ends, and that is the answer. */
const nothing: Codec<undefined> = { write: () => {}, read: () => undefined };

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
      return {
        ...(given.has('SAVE') || given.has('NOSAVE') ? { save: given.has('SAVE') } : {}),
        ...(given.has('FORCE') ? { force: true } : {}),
        ...(given.has('ABORT') ? { abort: true } : {}),
      };
    },
    write: ({ save, force, abort }, out) => {
      if (save !== undefined) out.push(save ? 'SAVE' : 'NOSAVE');
      if (force === true) out.push('FORCE');
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

/** `[SCHEDULE]`, and nothing else. */
const schedule: Piece<boolean> = {
  read: (reader) => {
    if (reader.remaining === 0) return false;
    if (reader.remaining > 1 || !isKeyword(reader.next(), 'SCHEDULE')) throw errors.syntax();
    return true;
  },
  write: (isPutOff, out) => {
    if (isPutOff) out.push('SCHEDULE');
  },
  sample: (sampler, out) => {
    if (sampler.below(2) === 0) out.push('SCHEDULE');
  },
  docs: [{ name: 'schedule', type: 'pure-token', token: 'SCHEDULE', since: '3.2.2', flags: ['optional'] }],
  minTokens: 0,
  isVariable: true,
};

/** The files of a store: what writes them, and what ends it. */
export const persistenceCommands = commandTable<PersistenceOperations>()([
  command({
    ...facts,
    name: 'SAVE',
    summary: 'Writes everything to the RDB file, and answers when it is there.',
    since: '1.0.0',
    complexity: 'O(N) where N is the number of keys.',
    flags: 'admin noscript no_async_loading no_multi',
    waits: true,
    args: [],
    method: 'save',
    reply: later(ok),
  }),
  command({
    ...facts,
    name: 'BGSAVE',
    summary: 'Begins to write everything to the RDB file.',
    since: '1.0.0',
    complexity: 'O(1)',
    flags: 'admin noscript no_async_loading',
    history: [['3.2.2', 'SCHEDULE.']],
    args: [schedule],
    method: 'bgsave',
    reply: status,
  }),
  command({
    ...facts,
    name: 'BGREWRITEAOF',
    summary: 'Begins to write the append-only file anew.',
    since: '1.0.0',
    complexity: 'O(1)',
    flags: 'admin noscript no_async_loading',
    args: [],
    method: 'bgrewriteaof',
    reply: status,
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
    name: 'WAITAOF',
    summary: 'Blocks until the writes of this connection are in append-only files, here and at replicas.',
    since: '7.2.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'blocking',
    hasNoGroupCategory: true,
    tips: ['request_policy:all_shards', 'response_policy:agg_min'],
    args: [zeroOrOne('numlocal'), integerPiece('numreplicas'), waitTimeout],
    method: 'waitaof',
    reply: later<Tree>(tree),
  }),
  command({
    ...facts,
    name: 'SHUTDOWN',
    summary: 'Saves, and ends all connections of the store.',
    since: '1.0.0',
    complexity: 'O(N) where N is the number of keys, if it saves, and of connections.',
    flags: 'admin noscript loading stale no_multi sentinel allow_busy',
    history: [['7.0.0', 'NOW, FORCE and ABORT.']],
    waits: true,
    args: [shutdownOptions],
    method: 'shutdown',
    reply: later<undefined>(nothing),
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
