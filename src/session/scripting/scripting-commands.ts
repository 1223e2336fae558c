import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { WriteAnswer } from '../../scripting/scripting.ts';
import { array, bulk, type Codec, integer, ok } from '../../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../../wire/command.ts';
import type { Piece } from '../../wire/grammar/piece.ts';
import { some, string } from '../../wire/grammar/pieces.ts';
import { tree } from '../../wire/tree-codec.ts';
import {
  debugMode,
  flushMode,
  functionPayload,
  listOptions,
  replaceFlag,
  restorePolicy,
  scriptArguments,
} from './scripting-grammar.ts';
import type { ScriptingSessionOperations } from './scripting-session-operations.ts';

const { command, container } = commandsOf<ScriptingSessionOperations>();

const facts = { group: 'scripting', target: 'scripting' } as const satisfies Partial<CommandFacts>;

const RUNS = 'noscript skip_monitor may_replicate no_mandatory_keys stale';
const READS = 'noscript skip_monitor no_mandatory_keys stale readonly';
const WHAT_IT_RUNS = 'Depends on what it runs.';
const ON_ALL_SHARDS = ['request_policy:all_shards', 'response_policy:all_succeeded'];

/** Said of keys of which it is not known what becomes of them. */
const KEYS_NOTES = 'We cannot tell how the keys will be used so we assume the worst, RW and UPDATE';
const RO_KEYS_NOTES = 'We cannot tell how the keys will be used so we assume the worst, RO and ACCESS';

const answer: Codec<WriteAnswer> = { write: (write, sink) => write(sink), read: (reply) => reply };

const bytes: Codec<Uint8Array> = {
  write: (value, sink) => sink.bytes(value),
  read: (reply) => reply,
};

const text = (name: string): Piece<ByteString> => string(name) as Piece<ByteString>;

const writing = scriptArguments('RW access update', KEYS_NOTES);
const reading = scriptArguments('RO access', RO_KEYS_NOTES);

/** Those who monitor see the script before its commands. */
function showing(operations: ScriptingSessionOperations, tokens: readonly ByteString[]): void {
  operations.show(tokens);
}

function atMostOneArgument(_operations: unknown, tokens: readonly ByteString[]): void {
  if (tokens.length > 3) throw errors.subcommandSyntax(tokens[1]!, 'FUNCTION');
}

function atMostTwoArguments(_operations: unknown, tokens: readonly ByteString[]): void {
  if (tokens.length > 4) throw errors.subcommandSyntax(tokens[1]!, 'FUNCTION');
}

/** EVAL, SCRIPT, FUNCTION, FCALL and their kin, except HELP. */
export const scriptingCommands = commandTable<Omit<ScriptingSessionOperations, 'show'>>()([
  command({
    ...facts,
    name: 'EVAL',
    summary: 'Runs a script.',
    since: '2.6.0',
    complexity: WHAT_IT_RUNS,
    flags: RUNS,
    args: [text('script'), writing],
    before: showing,
    method: 'eval',
    reply: answer,
  }),
  command({
    ...facts,
    name: 'EVAL_RO',
    summary: 'Runs a script that only reads.',
    since: '7.0.0',
    complexity: WHAT_IT_RUNS,
    flags: READS,
    args: [text('script'), reading],
    before: showing,
    method: 'evalRo',
    reply: answer,
  }),
  command({
    ...facts,
    name: 'EVALSHA',
    summary: 'Runs a script that is kept, by the SHA1 digest of its source.',
    since: '2.6.0',
    complexity: WHAT_IT_RUNS,
    flags: RUNS,
    args: [text('sha1'), writing],
    before: showing,
    method: 'evalsha',
    reply: answer,
  }),
  command({
    ...facts,
    name: 'EVALSHA_RO',
    summary: 'Runs a script that is kept and only reads, by the SHA1 digest of its source.',
    since: '7.0.0',
    complexity: WHAT_IT_RUNS,
    flags: READS,
    args: [text('sha1'), reading],
    before: showing,
    method: 'evalshaRo',
    reply: answer,
  }),
  container({
    ...facts,
    name: 'SCRIPT',
    summary: 'Holds the commands on the scripts that are kept.',
    since: '2.6.0',
    complexity: 'Depends on subcommand.',
    flags: '',
  }),
  command({
    ...facts,
    name: 'SCRIPT DEBUG',
    summary: 'Sets how scripts are debugged: here they are not.',
    since: '3.2.0',
    complexity: 'O(1)',
    flags: 'noscript',
    args: [debugMode],
    method: 'scriptDebug',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'SCRIPT EXISTS',
    summary: 'Tells which scripts are kept.',
    since: '2.6.0',
    complexity: 'O(N) where N is the number of digests.',
    flags: 'noscript',
    tips: ['request_policy:all_shards', 'response_policy:agg_logical_and'],
    args: [some(text('sha1'))],
    method: 'scriptExists',
    reply: array(integer),
  }),
  command({
    ...facts,
    name: 'SCRIPT FLUSH',
    summary: 'Forgets all scripts.',
    since: '2.6.0',
    complexity: 'O(N) where N is the number of scripts that are kept.',
    flags: 'noscript',
    history: [['6.2.0', 'Added the `ASYNC` and `SYNC` modifiers.']],
    tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    args: [flushMode(errors.scriptFlushMode)],
    method: 'scriptFlush',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'SCRIPT KILL',
    summary: 'Ends the script that runs.',
    since: '2.6.0',
    complexity: 'O(1)',
    flags: 'noscript allow_busy',
    tips: ['request_policy:all_shards', 'response_policy:one_succeeded'],
    args: [],
    method: 'scriptKill',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'SCRIPT LOAD',
    summary: 'Keeps a script, and answers the SHA1 digest of its source.',
    since: '2.6.0',
    complexity: 'O(N) where N is the length of the script.',
    flags: 'noscript stale',
    tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    args: [text('script')],
    method: 'scriptLoad',
    reply: bulk,
  }),
  // Valkey's: Redis has none.
  command({
    ...facts,
    name: 'SCRIPT SHOW',
    summary: 'Answers the source of a script that is kept.',
    since: '8.0.0',
    complexity: 'O(1)',
    flags: 'noscript',
    args: [text('sha1')],
    method: 'scriptShow',
    reply: bulk,
  }),
  command({
    ...facts,
    name: 'FCALL',
    summary: 'Calls a function of a library.',
    since: '7.0.0',
    complexity: WHAT_IT_RUNS,
    flags: RUNS,
    args: [text('function'), writing],
    before: showing,
    method: 'fcall',
    reply: answer,
  }),
  command({
    ...facts,
    name: 'FCALL_RO',
    summary: 'Calls a function of a library that only reads.',
    since: '7.0.0',
    complexity: WHAT_IT_RUNS,
    flags: READS,
    args: [text('function'), reading],
    before: showing,
    method: 'fcallRo',
    reply: answer,
  }),
  container({
    ...facts,
    name: 'FUNCTION',
    summary: 'Holds the commands on libraries of functions.',
    since: '7.0.0',
    complexity: 'Depends on subcommand.',
    flags: '',
  }),
  command({
    ...facts,
    name: 'FUNCTION DELETE',
    summary: 'Removes a library with its functions.',
    since: '7.0.0',
    complexity: 'O(N) where N is the number of its functions.',
    flags: 'noscript write',
    tips: ON_ALL_SHARDS,
    args: [text('library-name')],
    method: 'functionDelete',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'FUNCTION DUMP',
    summary: 'Answers all libraries in serialised form.',
    since: '7.0.0',
    complexity: 'O(N) where N is the length of all libraries.',
    flags: 'noscript',
    args: [],
    method: 'functionDump',
    reply: bytes,
  }),
  command({
    ...facts,
    name: 'FUNCTION FLUSH',
    summary: 'Removes all libraries.',
    since: '7.0.0',
    complexity: 'O(N) where N is the number of functions.',
    flags: 'noscript write',
    tips: ON_ALL_SHARDS,
    args: [flushMode(errors.functionFlushMode)],
    before: atMostOneArgument,
    method: 'functionFlush',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'FUNCTION KILL',
    summary: 'Ends the function that runs.',
    since: '7.0.0',
    complexity: 'O(1)',
    flags: 'noscript allow_busy',
    tips: ['request_policy:all_shards', 'response_policy:one_succeeded'],
    args: [],
    method: 'functionKill',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'FUNCTION LIST',
    summary: 'Tells of the libraries and their functions.',
    since: '7.0.0',
    complexity: 'O(N) where N is the number of functions.',
    flags: 'noscript',
    tips: ['nondeterministic_output_order'],
    args: [listOptions],
    method: 'functionList',
    reply: tree,
  }),
  command({
    ...facts,
    name: 'FUNCTION LOAD',
    summary: 'Loads a library.',
    since: '7.0.0',
    complexity: 'O(N) where N is the length of the library.',
    flags: 'noscript write denyoom',
    tips: ON_ALL_SHARDS,
    args: [replaceFlag, text('function-code')],
    method: 'functionLoad',
    reply: bulk,
  }),
  command({
    ...facts,
    name: 'FUNCTION RESTORE',
    summary: 'Loads libraries from their serialised form.',
    since: '7.0.0',
    complexity: 'O(N) where N is the length of the payload.',
    flags: 'noscript write denyoom',
    tips: ON_ALL_SHARDS,
    args: [functionPayload, restorePolicy],
    before: atMostTwoArguments,
    method: 'functionRestore',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'FUNCTION STATS',
    summary: 'Tells how many libraries and functions there are.',
    since: '7.0.0',
    complexity: 'O(1)',
    flags: 'noscript allow_busy',
    tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
    args: [],
    method: 'functionStats',
    reply: tree,
  }),
]);
