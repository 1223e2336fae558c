import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { array, bulk, type Codec, integer, ok } from '../../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../../wire/command.ts';
import { integer as integerArgument, many, optional, string } from '../../wire/grammar/pieces.ts';
import { tree } from '../../wire/tree-codec.ts';
import { credentials, logRequest } from './acl-grammar.ts';
import type { LogEntry } from './acl-log.ts';
import type { AclOperations, LogView, Verdict } from './acl-operations.ts';

const { command, container } = commandsOf<AclOperations>();

const OF_USERS = 'O(N) where N is the number of users.';
const MS_PER_SECOND = 1000;

/** What the subcommands of ACL have in common. */
const facts = { group: 'server', target: 'acl' } as const satisfies Partial<CommandFacts>;
/** Those that tell of users, or change them. */
const ADMIN = 'admin noscript loading stale sentinel';
const HARMLESS = 'noscript loading stale sentinel';

const verdict: Codec<Verdict> = {
  write: (value, sink) => (value === 'OK' ? sink.simple(value) : sink.bulk(value.denial)),
  read: (reply) => reply,
};

const log: Codec<LogView | 'OK'> = {
  write: (view, sink) => {
    if (view === 'OK') {
      sink.simple(view);
      return;
    }
    sink.array(view.entries.length);
    for (const entry of view.entries) {
      sink.map(10);
      sink.bulk('count');
      sink.integer(entry.count);
      for (const field of ['reason', 'context', 'object', 'username'] as const) {
        sink.bulk(field);
        sink.bulk(entry[field]);
      }
      sink.bulk('age-seconds');
      sink.double(ageMs(entry, view) / MS_PER_SECOND);
      sink.bulk('client-info');
      sink.bulk(entry.clientInfo);
      sink.bulk('entry-id');
      sink.integer(entry.id);
      sink.bulk('timestamp-created');
      sink.integer(entry.createdAtMs);
      sink.bulk('timestamp-last-updated');
      sink.integer(entry.updatedAtMs);
    }
  },
  read: (reply) => reply,
};

function ageMs({ updatedAtMs }: LogEntry, { nowMs }: LogView): number {
  return nowMs - updatedAtMs;
}

/** For a subcommand that is found, but has more arguments than it takes, Redis has words of its own. */
function atMostOneArgument(_operations: unknown, tokens: readonly ByteString[]): void {
  if (tokens.length > 3) throw errors.subcommandSyntax(tokens[1]!, 'ACL');
}

function noteSpelling(operations: AclOperations, tokens: readonly ByteString[]): void {
  operations.spelling = tokens[0]!;
}

/** Users, and what they may do. */
export const aclCommands = commandTable<AclOperations>()([
  command({
    name: 'AUTH',
    summary: 'Signs the connection in.',
    since: '1.0.0',
    group: 'connection',
    target: 'acl',
    complexity: 'O(1)',
    flags: 'noscript loading stale fast no_auth sentinel allow_busy',
    history: [['6.0.0', 'Takes the name of a user, too.']],
    args: [credentials],
    before: noteSpelling,
    method: 'auth',
    reply: ok,
  }),
  container({
    ...facts,
    name: 'ACL',
    summary: 'A container for Access List Control commands.',
    since: '6.0.0',
    complexity: 'Depends on subcommand.',
    flags: 'sentinel',
  }),
  command({
    ...facts,
    name: 'ACL CAT',
    summary: 'Lists the categories of commands, or the commands inside a category.',
    since: '6.0.0',
    complexity: 'O(N) where N is the number of commands.',
    flags: HARMLESS,
    args: [optional(string('category'))],
    before: atMostOneArgument,
    method: 'aclCat',
    reply: array(bulk),
  }),
  command({
    ...facts,
    name: 'ACL DELUSER',
    summary: 'Removes users, and ends their connections.',
    since: '6.0.0',
    complexity: 'O(N) where N is the number of connections.',
    flags: ADMIN,
    tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    args: [many(string('username'))],
    method: 'aclDeluser',
    reply: integer,
  }),
  command({
    ...facts,
    name: 'ACL DRYRUN',
    summary: 'Tells whether a user may run a command, without running it.',
    since: '7.0.0',
    complexity: 'O(N) where N is the number of arguments of the command.',
    flags: ADMIN,
    args: [string('username'), string('command'), optional(many(string('arg')))],
    method: 'aclDryrun',
    reply: verdict,
  }),
  command({
    ...facts,
    name: 'ACL GENPASS',
    summary: 'Makes up a password that is hard to guess.',
    since: '6.0.0',
    complexity: 'O(1)',
    flags: HARMLESS,
    args: [optional(integerArgument('bits'))],
    before: atMostOneArgument,
    method: 'aclGenpass',
    reply: bulk,
  }),
  command({
    ...facts,
    name: 'ACL GETUSER',
    summary: 'Returns the rules of a user, by kind.',
    since: '6.0.0',
    complexity: 'O(N) where N is the number of rules of the user.',
    flags: ADMIN,
    history: [
      ['6.2.0', 'Tells of channels, too.'],
      ['7.0.0', 'Tells of selectors, too; keys and channels are given as rules.'],
    ],
    args: [string('username')],
    method: 'aclGetuser',
    reply: tree,
  }),
  command({
    ...facts,
    name: 'ACL LIST',
    summary: 'Returns the users, each in the rules that make it.',
    since: '6.0.0',
    complexity: OF_USERS,
    flags: ADMIN,
    args: [],
    method: 'aclList',
    reply: array(bulk),
  }),
  command({
    ...facts,
    name: 'ACL LOAD',
    summary: 'Reads the users again from the file they are kept in.',
    since: '6.0.0',
    complexity: OF_USERS,
    flags: ADMIN,
    args: [],
    method: 'aclLoad',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'ACL LOG',
    summary: 'Lists what was denied lately, or forgets it.',
    since: '6.0.0',
    complexity: 'O(N) where N is the number of entries shown.',
    flags: ADMIN,
    history: [['7.2.0', 'Entries have an id, and the times when they began and were last added to.']],
    args: [logRequest],
    before: atMostOneArgument,
    method: 'aclLog',
    reply: log,
  }),
  command({
    ...facts,
    name: 'ACL SAVE',
    summary: 'Writes the users to the file they are kept in.',
    since: '6.0.0',
    complexity: OF_USERS,
    flags: ADMIN,
    tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    args: [],
    method: 'aclSave',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'ACL SETUSER',
    summary: 'Makes a user, or changes one, by rules.',
    since: '6.0.0',
    complexity: 'O(N) where N is the number of rules given.',
    flags: ADMIN,
    tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    history: [
      ['6.2.0', 'Rules for channels.'],
      ['7.0.0', 'Selectors, and separate permissions for reading and writing keys.'],
    ],
    args: [string('username'), optional(many(string('rule')))],
    method: 'aclSetuser',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'ACL USERS',
    summary: 'Returns the names of all users.',
    since: '6.0.0',
    complexity: OF_USERS,
    flags: ADMIN,
    args: [],
    method: 'aclUsers',
    reply: array(bulk),
  }),
  command({
    ...facts,
    name: 'ACL WHOAMI',
    summary: 'Returns the name of the user the connection is signed in as.',
    since: '6.0.0',
    complexity: 'O(1)',
    flags: HARMLESS,
    args: [],
    method: 'aclWhoami',
    reply: bulk,
  }),
]);
