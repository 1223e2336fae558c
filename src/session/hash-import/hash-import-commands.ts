import { integer, ok } from '../../wire/codec.ts';
import { type CommandFacts, commandsOf, commandTable } from '../../wire/command.ts';
import { key, many, string } from '../../wire/grammar/pieces.ts';
import type { HashImportOperations } from './hash-import-operations.ts';

const { command, container } = commandsOf<HashImportOperations>();

const facts = {
  since: '8.10.0',
  group: 'hash',
  target: 'hashImport',
} as const satisfies Partial<CommandFacts>;

const name = string('fieldset-name');
const ON_ALL_SHARDS = ['request_policy:all_shards'];

/** HIMPORT. */
export const hashImportCommands = commandTable<HashImportOperations>()([
  container({
    name: 'HIMPORT',
    summary: 'A container for commands that import hashes with the same fields.',
    since: facts.since,
    group: facts.group,
    complexity: 'Depends on subcommand.',
    flags: '',
  }),
  command({
    ...facts,
    name: 'HIMPORT PREPARE',
    summary: 'Names the fields of hashes that this client is about to import.',
    complexity: 'O(N*log(N)) where N is the number of fields.',
    flags: 'denyoom',
    tips: ON_ALL_SHARDS,
    args: [name, many(string('field'))],
    method: 'himportPrepare',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'HIMPORT SET',
    summary: 'Makes a hash of prepared fields and these values, whatever hash was there before.',
    complexity: 'O(N) where N is the number of fields.',
    flags: 'write denyoom',
    args: [key('OW update'), name, many(string('value'))],
    method: 'himportSet',
    reply: ok,
  }),
  command({
    ...facts,
    name: 'HIMPORT DISCARD',
    summary: 'Forgets prepared fields of this client.',
    complexity: 'O(1)',
    flags: '',
    tips: ON_ALL_SHARDS,
    args: [name],
    method: 'himportDiscard',
    reply: integer,
  }),
  command({
    ...facts,
    name: 'HIMPORT DISCARDALL',
    summary: 'Forgets all prepared fields of this client.',
    complexity: 'O(N) where N is the number of prepared sets of fields.',
    flags: '',
    tips: ON_ALL_SHARDS,
    args: [],
    method: 'himportDiscardall',
    reply: integer,
  }),
]);
