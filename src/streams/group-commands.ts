import { errors } from '../errors.ts';
import type { Raw } from '../keyspace/operations.ts';
import { integer, ok } from '../wire/codec.ts';
import { commandsOf, commandTable } from '../wire/command.ts';
import { flag, type Option, type OptionRules, options, since, valued } from '../wire/grammar/options.ts';
import type { Piece } from '../wire/grammar/piece.ts';
import { int64, key } from '../wire/grammar/pieces.ts';
import { pickOne } from '../wire/grammar/sampler.ts';
import type { StreamGroupOperations } from './group-operations.ts';
import { consumerName, groupName, idText } from './stream-grammar.ts';
import type { XgroupCreateOptions, XgroupSetidOptions } from './stream-options.ts';

const { command, container } = commandsOf<StreamGroupOperations<Raw>>();

/** An id, or `$`. It is looked at after the key. */
function groupId(): Piece<string> {
  return {
    ...idText('id', (sampler) =>
      sampler.below(4) === 0 ? pickOne(sampler, ['$', '0', '0-0']) : sampler.streamId(),
    ),
    docs: [
      {
        name: 'id-selector',
        type: 'oneof',
        arguments: [
          { name: 'id', type: 'string' },
          { name: 'new-id', type: 'pure-token', token: '$' },
        ],
      },
    ],
  };
}

const readCount = int64('entries-read-id');

const entriesRead: Option<number | bigint> = since('7.0.0', {
  ...valued('ENTRIESREAD', readCount),
  read: (reader) => {
    if (reader.remaining === 0) throw badSyntax(reader.commandName);
    const read = readCount.read(reader);
    if (read < -1) throw errors.entriesReadInvalid();
    return read;
  },
  sample: (sampler, out) => {
    out.push('ENTRIESREAD', pickOne(sampler, ['-1', '0', '1', '2', '3', '5', '-2', 'x']));
  },
});

/** `xgroup|create` */
function badSyntax(commandName: string) {
  return errors.subcommandSyntax(commandName.slice(commandName.indexOf('|') + 1).toUpperCase(), 'XGROUP');
}

/** However they are repeated, the command has no more tokens than this. */
function rulesFor(mostTokens: number): OptionRules<XgroupCreateOptions> {
  return {
    unknown: (_token, reader) => badSyntax(reader.commandName),
    finish: (_given, reader) => {
      if (reader.tokenAt(mostTokens) !== undefined) throw badSyntax(reader.commandName);
    },
  };
}

/** The commands on the groups of streams. */
export const streamGroupCommands = commandTable<StreamGroupOperations<Raw>>()([
  container({
    name: 'XGROUP',
    summary: 'A container for consumer groups commands.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'Depends on subcommand.',
    flags: '',
  }),
  command({
    name: 'XGROUP CREATE',
    summary: 'Creates a consumer group.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1)',
    flags: 'write denyoom',
    history: [['7.0.0', 'Added the `entries_read` named argument.']],
    args: [
      key('RW insert'),
      groupName(),
      groupId(),
      options<XgroupCreateOptions>({ mkstream: flag('MKSTREAM'), entriesread: entriesRead }, rulesFor(8)),
    ],
    method: 'xgroupCreate',
    reply: ok,
  }),
  command({
    name: 'XGROUP SETID',
    summary: 'Sets the last-delivered ID of a consumer group.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1)',
    flags: 'write',
    history: [['7.0.0', 'Added the optional `entries_read` argument.']],
    args: [
      key('RW update'),
      groupName(),
      groupId(),
      options<XgroupSetidOptions>({ entriesread: entriesRead }, rulesFor(7)),
    ],
    method: 'xgroupSetid',
    reply: ok,
  }),
  command({
    name: 'XGROUP DESTROY',
    summary: 'Destroys a consumer group.',
    since: '5.0.0',
    group: 'stream',
    complexity: "O(N) where N is the number of entries in the group's pending entries list (PEL).",
    flags: 'write',
    args: [key('RW delete'), groupName()],
    method: 'xgroupDestroy',
    reply: integer,
  }),
  command({
    name: 'XGROUP CREATECONSUMER',
    summary: 'Creates a consumer in a consumer group.',
    since: '6.2.0',
    group: 'stream',
    complexity: 'O(1)',
    flags: 'write denyoom',
    args: [key('RW insert'), groupName(), consumerName()],
    method: 'xgroupCreateconsumer',
    reply: integer,
  }),
  command({
    name: 'XGROUP DELCONSUMER',
    summary: 'Deletes a consumer from a consumer group.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1)',
    flags: 'write',
    args: [key('RW delete'), groupName(), consumerName()],
    method: 'xgroupDelconsumer',
    reply: integer,
  }),
]);
