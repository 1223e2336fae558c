import type { ByteString } from '../bytes/byte-string.ts';
import { bulk, type Codec, ok } from '../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../wire/command.ts';
import { int32, optional, string } from '../wire/grammar/pieces.ts';
import type { ReplySink } from '../wire/resp/reply-sink.ts';
import { tree } from '../wire/tree-codec.ts';
import { greeting } from './hello-grammar.ts';
import type { Pong, SessionOperations } from './session-operations.ts';

const { command } = commandsOf<SessionOperations>();

const facts = {
  group: 'connection',
  complexity: 'O(1)',
  target: 'session',
} as const satisfies Partial<CommandFacts>;

const pong: Codec<Pong> = {
  write: writePong,
  read: (reply) => (reply === 'PONG' ? reply : { message: reply }),
};

function writePong(value: Pong, sink: ReplySink): void {
  if (value === 'PONG') sink.simple(value);
  else if ('message' in value) sink.bulk(value.message);
  else {
    sink.array(2);
    sink.bulk('pong');
    sink.bulk(value.subscribed);
  }
}

function noteSpelling(operations: SessionOperations, tokens: readonly ByteString[]): void {
  operations.spelling = tokens[0]!;
}

const wasReset: Codec<ReplySink> = {
  write: (replies) => replies.simple('RESET'),
  read: (reply) => reply,
};

/** The connection itself. */
export const sessionCommands = commandTable<SessionOperations>()([
  command({
    ...facts,
    name: 'PING',
    summary: "Returns the server's liveliness response.",
    since: '1.0.0',
    flags: 'fast sentinel',
    tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
    args: [optional(string('message'))],
    method: 'ping',
    reply: pong,
    tooMany: 'arity',
  }),
  command({
    ...facts,
    name: 'ECHO',
    summary: 'Returns the given string.',
    since: '1.0.0',
    flags: 'loading stale fast',
    args: [string('message')],
    method: 'echo',
    reply: bulk,
  }),
  command({
    ...facts,
    name: 'SELECT',
    summary: 'Changes the selected database.',
    since: '1.0.0',
    flags: 'loading stale fast',
    args: [int32('index')],
    method: 'select',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'HELLO',
    summary: 'Handshakes with the server.',
    since: '6.0.0',
    flags: 'noscript loading stale fast no_auth sentinel allow_busy',
    history: [['6.2.0', 'The protocol version is optional: without it the command only tells who answers.']],
    args: [greeting],
    before: noteSpelling,
    method: 'hello',
    reply: tree,
  }),
  command({
    ...facts,
    name: 'RESET',
    summary: 'Resets the connection.',
    since: '6.2.0',
    flags: 'noscript loading stale fast no_auth allow_busy',
    args: [],
    method: 'reset',
    reply: wasReset,
  }),
  command({
    ...facts,
    name: 'QUIT',
    summary: 'Closes the connection.',
    since: '1.0.0',
    flags: 'allow_busy noscript loading stale fast no_auth',
    deprecatedSince: '7.2.0',
    replacedBy: 'just closing the connection',
    args: [],
    arity: -1,
    method: 'quit',
    reply: ok,
    tooMany: 'arity',
  }),
]);
