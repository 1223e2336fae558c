import { errors } from '../errors.ts';
import { type Codec, integer, ok } from '../wire/codec.ts';
import { commandsOf, commandTable } from '../wire/command.ts';
import { int32, oneOf, optional } from '../wire/grammar/pieces.ts';
import type { DatabaseOperations } from './database-operations.ts';
import type { Raw } from './operations.ts';

const { command } = commandsOf<DatabaseOperations<Raw>>();

const flushMode = optional(oneOf('flush-type', { async: 'ASYNC', sync: 'SYNC' }));
const FLUSH_HISTORY = [
  ['4.0.0', 'Option: `ASYNC`.'],
  ['6.2.0', 'Option: `SYNC`.'],
] as const;
const ON_ALL_SHARDS = ['request_policy:all_shards', 'response_policy:all_succeeded'];

/** Two numbers, each as a bulk string. */
const timeReply: Codec<readonly [seconds: number, microseconds: number]> = {
  write: ([seconds, microseconds], sink) => {
    sink.array(2);
    sink.bulk(String(seconds));
    sink.bulk(String(microseconds));
  },
  read: (reply) => (reply as string[]).map(Number),
};

export const databaseCommands = commandTable<DatabaseOperations<Raw>>()([
  command({
    name: 'DBSIZE',
    summary: 'Returns the number of keys in the database.',
    since: '1.0.0',
    group: 'server',
    complexity: 'O(1)',
    flags: 'readonly fast',
    categories: 'keyspace',
    tips: ['request_policy:all_shards', 'response_policy:agg_sum'],
    args: [],
    method: 'dbsize',
    reply: integer,
  }),
  command({
    name: 'FLUSHDB',
    summary: 'Removes all keys from the current database.',
    since: '1.0.0',
    group: 'server',
    complexity: 'O(N) where N is the number of keys in the database.',
    flags: 'write',
    categories: 'keyspace dangerous',
    tips: ON_ALL_SHARDS,
    history: FLUSH_HISTORY,
    args: [flushMode],
    method: 'flushdb',
    reply: ok,
  }),
  command({
    name: 'FLUSHALL',
    summary: 'Removes all keys from all databases.',
    since: '1.0.0',
    group: 'server',
    complexity: 'O(N) where N is the number of keys in all databases.',
    flags: 'write',
    categories: 'keyspace dangerous',
    tips: ON_ALL_SHARDS,
    history: FLUSH_HISTORY,
    args: [flushMode],
    method: 'flushall',
    reply: ok,
  }),
  command({
    name: 'SWAPDB',
    summary: 'Swaps two Redis databases.',
    since: '4.0.0',
    group: 'server',
    complexity: 'O(N) where N is the number of clients that watch or wait for keys of either database.',
    flags: 'write fast',
    categories: 'keyspace dangerous',
    args: [int32('index1', errors.invalidFirstDatabase), int32('index2', errors.invalidSecondDatabase)],
    method: 'swapdb',
    reply: ok,
  }),
  command({
    name: 'TIME',
    summary: 'Returns the server time.',
    since: '2.6.0',
    group: 'server',
    complexity: 'O(1)',
    flags: 'loading stale fast',
    tips: ['nondeterministic_output'],
    args: [],
    method: 'time',
    reply: timeReply,
  }),
]);
