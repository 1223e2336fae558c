import type { ByteString } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import { parseInteger } from '../numbers/integer.ts';
import { integer, ok, status } from '../wire/codec.ts';
import { commandsOf, commandTable } from '../wire/command.ts';
import { flag, options, valued } from '../wire/grammar/options.ts';
import { int32, key, keys } from '../wire/grammar/pieces.ts';
import { isKeyword } from '../wire/grammar/token-reader.ts';
import type { KeyOperations } from './key-operations.ts';
import type { CopyOptions } from './key-options.ts';
import type { Raw } from './operations.ts';

const { command } = commandsOf<KeyOperations<Raw>>();

const SUM_OF_SHARDS = ['request_policy:multi_shard', 'response_policy:agg_sum'];

export const keyCommands = commandTable<KeyOperations<Raw>>()([
  command({
    name: 'DEL',
    summary: 'Deletes one or more keys.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(N) where N is the number of keys, plus O(M) for each container of M elements.',
    flags: 'write',
    tips: SUM_OF_SHARDS,
    args: [keys('RM delete')],
    method: 'del',
    reply: integer,
  }),
  command({
    name: 'UNLINK',
    summary: 'Asynchronously deletes one or more keys.',
    since: '4.0.0',
    group: 'generic',
    complexity: 'O(1) for each key, however large what it holds.',
    flags: 'write fast',
    tips: SUM_OF_SHARDS,
    args: [keys('RM delete')],
    method: 'unlink',
    reply: integer,
  }),
  command({
    name: 'EXISTS',
    summary: 'Determines whether one or more keys exist.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(N) where N is the number of keys.',
    flags: 'readonly fast',
    tips: SUM_OF_SHARDS,
    history: [['3.0.3', 'Accepts multiple `key` arguments.']],
    args: [keys('RO')],
    method: 'exists',
    reply: integer,
  }),
  command({
    name: 'TOUCH',
    summary:
      'Returns the number of existing keys out of those specified after updating the time they were last accessed.',
    since: '3.2.1',
    group: 'generic',
    complexity: 'O(N) where N is the number of keys.',
    flags: 'readonly fast',
    tips: SUM_OF_SHARDS,
    args: [keys('RO')],
    method: 'touch',
    reply: integer,
  }),
  command({
    name: 'TYPE',
    summary: 'Determines the type of value stored at a key.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO')],
    method: 'type',
    reply: status,
  }),
  command({
    name: 'RENAME',
    summary: 'Renames a key and overwrites the destination.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1), plus the deletion of what the destination held.',
    flags: 'write',
    args: [key('RW access delete'), key('OW update', 'newkey')],
    method: 'rename',
    reply: ok,
  }),
  command({
    name: 'RENAMENX',
    summary: "Renames a key only when the target key name doesn't exist.",
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'write fast',
    history: [['3.2.0', 'Giving a key the name it has is no error.']],
    args: [key('RW access delete'), key('OW insert', 'newkey')],
    method: 'renamenx',
    reply: integer,
  }),
  command({
    name: 'COPY',
    summary: 'Copies the value of a key to a new key.',
    since: '6.2.0',
    group: 'generic',
    complexity: 'O(N) where N is the number of elements of a container; O(1) for strings.',
    flags: 'write denyoom',
    before: (operations, tokens) => requireDatabases(operations.keyspace.databases.length, tokens),
    args: [
      key('RO access', 'source'),
      key('OW update', 'destination'),
      options<CopyOptions>({ db: valued('DB', int32('destination-db')), replace: flag('REPLACE') }),
    ],
    method: 'copy',
    reply: integer,
  }),
  command({
    name: 'MOVE',
    summary: 'Moves a key to another database.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: 'write fast',
    args: [key('RW access update'), int32('db')],
    method: 'move',
    reply: integer,
  }),
]);

/** COPY looks for a database as soon as it has read its number, before it looks at the options that follow. */
function requireDatabases(count: number, tokens: readonly ByteString[]): void {
  let at = 3;
  while (at < tokens.length) {
    const isDatabase = isKeyword(tokens[at]!, 'DB') && at + 1 < tokens.length;
    if (isDatabase) {
      const index = parseInteger(tokens[at + 1]!);
      // Whatever is no 32-bit number has an error of its own.
      if (index === undefined || BigInt.asIntN(32, BigInt(index)) !== BigInt(index)) return;
      if (index < 0 || index >= count) throw errors.databaseOutOfRange();
    } else if (!isKeyword(tokens[at]!, 'REPLACE')) {
      return;
    }
    at += isDatabase ? 2 : 1;
  }
}
