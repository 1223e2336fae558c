import type { ByteString } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import type { Raw } from '../keyspace/operations.ts';
import { bulk, bulkOrNil, integer, ok } from '../wire/codec.ts';
import { commandsOf, commandTable, marked } from '../wire/command.ts';
import { type Option, options, valued } from '../wire/grammar/options.ts';
import { int64, key, pairs, string, integer as whole } from '../wire/grammar/pieces.ts';
import type { TokenReader } from '../wire/grammar/token-reader.ts';
import type { StreamEntryOperations } from './entry-operations.ts';
import { requireId } from './stream-arguments.ts';
import { entries } from './stream-codecs.ts';
import { id, idTexts, rangeEnd, rangeEndFirst, rangeStart, trimming, xaddOptions } from './stream-grammar.ts';
import { compareIds } from './stream-id.ts';
import type { XrangeOptions, XsetidOptions } from './stream-options.ts';

const { command, form, commandWithForms } = commandsOf<StreamEntryOperations<Raw>>();

const count = options<XrangeOptions>({ count: valued('COUNT', whole('count')) });

/** `ENTRIESADDED` must have a value that is no less than 0. */
const entriesAdded: Option<number | bigint> = valued('ENTRIESADDED', int64('entries-added'));

const setidOptions = options<XsetidOptions>(
  {
    entriesadded: {
      ...entriesAdded,
      read: (reader, keyword) => {
        const added = entriesAdded.read(reader, keyword);
        if (added < 0) throw errors.entriesAddedNegative();
        return added;
      },
      docs: { ...entriesAdded.docs, since: '7.0.0' },
    },
    maxdeletedid: { ...valued('MAXDELETEDID', id('max-deleted-id')) },
  },
  { check: (soFar, read, reader) => read === 'maxdeletedid' && requireNotBelow(reader, soFar.maxdeletedid!) },
);

/** The id that is set comes right after the key. */
const SETID_AT = 2;

function requireNotBelow(reader: TokenReader, maxDeletedId: ByteString): void {
  if (compareIds(requireId(reader.tokenAt(SETID_AT)), requireId(maxDeletedId)) < 0) {
    throw errors.setidBelowMaxDeleted();
  }
}

/** The commands on the entries of streams. */
export const streamEntryCommands = commandTable<StreamEntryOperations<Raw>>()([
  commandWithForms({
    name: 'XADD',
    summary: "Appends a new message to a stream. Creates the key if it doesn't exist.",
    since: '5.0.0',
    group: 'stream',
    complexity:
      'O(1) when adding a new entry, O(N) when trimming where N being the number of entries evicted.',
    flags: 'write denyoom fast',
    tips: ['nondeterministic_output'],
    history: [
      ['6.2.0', 'Added the `NOMKSTREAM` option, `MINID` trimming strategy and the `LIMIT` option.'],
      ['7.0.0', 'Added support for the `<ms>-*` explicit ID form.'],
      ['8.2.0', 'Added the `KEEPREF`, `DELREF` and `ACKED` options.'],
      ['8.6.0', 'Added the `IDMPAUTO` and `IDMP` options.'],
    ],
    args: [
      key('RW update', 'key', {
        notes: 'UPDATE instead of INSERT because of the optional trimming feature',
      }),
      pairs(string('field'), string('value')),
      xaddOptions(),
    ],
    wireOrder: [0, 2, 1],
    forms: [form('xaddNomkstream', bulkOrNil, marked('nomkstream', 2)), form('xadd', bulk)],
  }),
  command({
    name: 'XTRIM',
    summary: 'Deletes messages from the beginning of a stream.',
    since: '5.0.0',
    group: 'stream',
    complexity:
      'O(N), with N being the number of evicted entries. Constant times are very small however, since entries are organized in macro nodes containing multiple entries that can be released with a single deallocation.',
    flags: 'write',
    tips: ['nondeterministic_output'],
    history: [
      ['6.2.0', 'Added the `MINID` trimming strategy and the `LIMIT` option.'],
      ['8.2.0', 'Added the `KEEPREF`, `DELREF` and `ACKED` options.'],
    ],
    args: [key('RW delete'), trimming()],
    method: 'xtrim',
    reply: integer,
  }),
  command({
    name: 'XLEN',
    summary: 'Return the number of messages in a stream.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1)',
    flags: 'readonly fast',
    args: [key('RO')],
    method: 'xlen',
    reply: integer,
  }),
  command({
    name: 'XRANGE',
    summary: 'Returns the messages from a stream within a range of IDs.',
    since: '5.0.0',
    group: 'stream',
    complexity:
      'O(N) with N being the number of elements being returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).',
    flags: 'readonly',
    history: [['6.2.0', 'Added exclusive ranges.']],
    args: [key('RO access'), rangeStart(), rangeEnd(), count],
    method: 'xrange',
    reply: entries,
  }),
  command({
    name: 'XREVRANGE',
    summary: 'Returns the messages from a stream within a range of IDs in reverse order.',
    since: '5.0.0',
    group: 'stream',
    complexity:
      'O(N) with N being the number of elements returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).',
    flags: 'readonly',
    history: [['6.2.0', 'Added exclusive ranges.']],
    args: [key('RO access'), rangeEndFirst(), rangeStart(), count],
    method: 'xrevrange',
    reply: entries,
  }),
  command({
    name: 'XDEL',
    summary: 'Returns the number of messages after removing them from a stream.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1) for each single item to delete in the stream, regardless of the stream size.',
    flags: 'write fast',
    args: [key('RW delete'), idTexts()],
    method: 'xdel',
    reply: integer,
  }),
  command({
    name: 'XSETID',
    summary: 'An internal command for replicating stream values.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1)',
    flags: 'write denyoom fast',
    history: [['7.0.0', 'Added the `entries_added` and `max_deleted_entry_id` arguments.']],
    args: [key('RW update'), id('last-id'), setidOptions],
    method: 'xsetid',
    reply: ok,
  }),
]);
