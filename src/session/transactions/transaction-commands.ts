import { type Codec, ok } from '../../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../../wire/command.ts';
import { keys } from '../../wire/grammar/pieces.ts';
import type { RunQueue, TransactionOperations } from './transaction-operations.ts';

const { command } = commandsOf<TransactionOperations>();

const facts = {
  group: 'transactions',
  target: 'transaction',
} as const satisfies Partial<CommandFacts>;

const replies: Codec<RunQueue | null> = {
  write: (run, sink) => (run === null ? sink.nilArray() : run(sink)),
  read: (reply) => reply,
};

/** Transactions. */
export const transactionCommands = commandTable<TransactionOperations>()([
  command({
    ...facts,
    name: 'MULTI',
    summary: 'Starts a transaction.',
    since: '1.2.0',
    complexity: 'O(1)',
    flags: 'noscript loading stale fast allow_busy',
    args: [],
    method: 'multi',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'EXEC',
    summary: 'Executes all commands in a transaction.',
    since: '1.2.0',
    complexity: 'Depends on commands in the transaction',
    flags: 'noscript loading stale skip_slowlog',
    args: [],
    method: 'exec',
    reply: replies,
  }),
  command({
    ...facts,
    name: 'DISCARD',
    summary: 'Discards a transaction.',
    since: '2.0.0',
    complexity: 'O(N), when N is the number of queued commands',
    flags: 'noscript loading stale fast allow_busy',
    args: [],
    method: 'discard',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'WATCH',
    summary: 'Monitors changes to keys to determine the execution of a transaction.',
    since: '2.2.0',
    complexity: 'O(1) for every key.',
    flags: 'noscript loading stale fast allow_busy',
    args: [keys('RO')],
    method: 'watch',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'UNWATCH',
    summary: 'Forgets about watched keys of a transaction.',
    since: '2.2.0',
    complexity: 'O(1)',
    flags: 'noscript loading stale fast allow_busy',
    args: [],
    method: 'unwatch',
    reply: ok,
  }),
]);
