import { bulk, type Codec, ok } from '../wire/codec.ts';
import { commandsOf, commandTable } from '../wire/command.ts';
import { int32, optional, string } from '../wire/grammar/pieces.ts';
import type { SessionOperations } from './session-operations.ts';

const { command } = commandsOf<SessionOperations>();

const pong: Codec<string | undefined> = {
  write: (value, sink) => (value === undefined ? sink.simple('PONG') : sink.bulk(value)),
  read: (reply) => (reply === 'PONG' ? undefined : reply),
};

export const sessionCommands = commandTable<SessionOperations>()([
  command({
    name: 'PING',
    summary: "Returns the server's liveliness response.",
    since: '1.0.0',
    group: 'connection',
    complexity: 'O(1)',
    flags: 'fast sentinel',
    tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
    target: 'session',
    args: [optional(string('message'))],
    method: 'ping',
    reply: pong,
    tooMany: 'arity',
  }),
  command({
    name: 'ECHO',
    summary: 'Returns the given string.',
    since: '1.0.0',
    group: 'connection',
    complexity: 'O(1)',
    flags: 'loading stale fast',
    target: 'session',
    args: [string('message')],
    method: 'echo',
    reply: bulk,
  }),
  command({
    name: 'SELECT',
    summary: 'Changes the selected database.',
    since: '1.0.0',
    group: 'connection',
    complexity: 'O(1)',
    flags: 'loading stale fast',
    target: 'session',
    args: [int32('index')],
    method: 'select',
    reply: ok,
  }),
]);
