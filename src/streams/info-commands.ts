import type { ByteString } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import type { Raw } from '../keyspace/operations.ts';
import { array, type Codec } from '../wire/codec.ts';
import { commandsOf, commandTable, marked } from '../wire/command.ts';
import type { Piece } from '../wire/grammar/piece.ts';
import { key, integer as whole } from '../wire/grammar/pieces.ts';
import { pickOne } from '../wire/grammar/sampler.ts';
import type { Reply } from '../wire/resp/reply.ts';
import type { ReplySink } from '../wire/resp/reply-sink.ts';
import type { StreamInfoOperations } from './info-operations.ts';
import { entries, entryOrNil } from './stream-codecs.ts';
import { groupName, requireInfoStream } from './stream-grammar.ts';
import type { XinfoFullOptions } from './stream-options.ts';
import type {
  ConsumerInfo,
  FullConsumerInfo,
  FullGroupInfo,
  FullStreamInfo,
  GroupInfo,
  StreamInfo,
} from './stream-results.ts';

const { command, container, form, commandWithForms } = commandsOf<StreamInfoOperations<Raw>>();

// ── replies: maps, in an order of their own ────────────────────────────────────────────────────────────────

/** A name of the reply, the property that has its value, and how that is written and read. */
type Row<T> = { [P in keyof T & string]: readonly [name: string, property: P, codec: Codec<T[P]>] }[keyof T &
  string];

/** A map in RESP3 and a flat array in RESP2, of these names in this order. */
function mapOf<T>(...rows: readonly Row<T>[]): Codec<T> {
  const all = rows as readonly (readonly [string, keyof T, Codec<unknown>])[];
  return {
    write: (value, sink) => {
      sink.map(all.length);
      for (const [name, property, codec] of all) {
        sink.bulk(name);
        codec.write(value[property], sink);
      }
    },
    read: (reply) => {
      const values = reply instanceof Map ? [...reply].flat() : (reply as Reply[]);
      const result: Partial<Record<keyof T, unknown>> = {};
      for (const [at, [, property, codec]] of all.entries()) {
        result[property] = codec.read(values[at * 2 + 1] as Reply);
      }
      return result;
    },
  };
}

const same = (reply: Reply): unknown => reply;
const text: Codec<ByteString> = { write: (value, sink) => sink.bulk(value), read: same };
const number: Codec<number> = { write: (value, sink) => sink.integer(value), read: same };
const exact: Codec<number | bigint> = { write: (value, sink) => sink.integer(value), read: same };
const exactOrNil: Codec<number | bigint | null> = {
  write: (value, sink) => (value === null ? sink.nil() : sink.integer(value)),
  read: same,
};

type Pending = FullGroupInfo['pending'][number];

/** `[id, consumer, time, count]` */
const pending: Codec<Pending> = {
  write: (value, sink) => {
    sink.array(4);
    sink.bulk(value.id);
    sink.bulk(value.consumer);
    writeDelivery(value, sink);
  },
  read: (reply) => {
    const [id, consumer, deliveryTime, deliveryCount] = reply as Reply[];
    return { id, consumer, deliveryTime, deliveryCount };
  },
};

type OwnPending = FullConsumerInfo['pending'][number];

/** `[id, time, count]` */
const ownPending: Codec<OwnPending> = {
  write: (value, sink) => {
    sink.array(3);
    sink.bulk(value.id);
    writeDelivery(value, sink);
  },
  read: (reply) => {
    const [id, deliveryTime, deliveryCount] = reply as Reply[];
    return { id, deliveryTime, deliveryCount };
  },
};

function writeDelivery({ deliveryTime, deliveryCount }: OwnPending, sink: ReplySink): void {
  sink.integer(deliveryTime);
  sink.integer(deliveryCount);
}

/** What both forms of XINFO STREAM begin with. */
const facts = [
  ['length', 'length', number],
  ['radix-tree-keys', 'radixTreeKeys', number],
  ['radix-tree-nodes', 'radixTreeNodes', number],
  ['last-generated-id', 'lastGeneratedId', text],
  ['max-deleted-entry-id', 'maxDeletedEntryId', text],
  ['entries-added', 'entriesAdded', exact],
  ['recorded-first-entry-id', 'recordedFirstEntryId', text],
  ['idmp-duration', 'idmpDuration', number],
  ['idmp-maxsize', 'idmpMaxsize', number],
  ['pids-tracked', 'pidsTracked', number],
  ['iids-tracked', 'iidsTracked', number],
  ['iids-added', 'iidsAdded', number],
  ['iids-duplicates', 'iidsDuplicates', number],
] as const;

const streamInfo = mapOf<StreamInfo<Raw>>(
  ...facts,
  ['groups', 'groups', number],
  ['first-entry', 'firstEntry', entryOrNil],
  ['last-entry', 'lastEntry', entryOrNil],
);

const fullConsumer = mapOf<FullConsumerInfo>(
  ['name', 'name', text],
  ['seen-time', 'seenTime', number],
  ['active-time', 'activeTime', number],
  ['pel-count', 'pelCount', number],
  ['pending', 'pending', array(ownPending) as Codec<OwnPending[]>],
);

const fullGroup = mapOf<FullGroupInfo>(
  ['name', 'name', text],
  ['last-delivered-id', 'lastDeliveredId', text],
  ['entries-read', 'entriesRead', exactOrNil],
  ['lag', 'lag', exactOrNil],
  ['pel-count', 'pelCount', number],
  ['nacked-count', 'nackedCount', number],
  ['pending', 'pending', array(pending) as Codec<Pending[]>],
  ['consumers', 'consumers', array(fullConsumer) as Codec<FullConsumerInfo[]>],
);

const fullStreamInfo = mapOf<FullStreamInfo<Raw>>(
  ...facts,
  ['entries', 'entries', entries as Codec<FullStreamInfo<Raw>['entries']>],
  ['groups', 'groups', array(fullGroup) as Codec<FullGroupInfo[]>],
);

const groupInfo = mapOf<GroupInfo>(
  ['name', 'name', text],
  ['consumers', 'consumers', number],
  ['pending', 'pending', number],
  ['last-delivered-id', 'lastDeliveredId', text],
  ['entries-read', 'entriesRead', exactOrNil],
  ['lag', 'lag', exactOrNil],
);

const consumerInfo = mapOf<ConsumerInfo>(
  ['name', 'name', text],
  ['pending', 'pending', number],
  ['idle', 'idle', number],
  ['inactive', 'inactive', number],
);

// ── XINFO STREAM's `[FULL [COUNT count]]` ──────────────────────────────────────────────────────────────────

type FullWireOptions = XinfoFullOptions & { full?: boolean };

const count = whole('count');
const badSyntax = () => errors.subcommandSyntax('STREAM', 'XINFO');

const full: Piece<FullWireOptions | undefined> = {
  read: (reader) => {
    if (reader.remaining === 0) return undefined;
    if (!reader.accept('FULL')) throw badSyntax();
    if (reader.remaining === 0) return { full: true };
    if (reader.remaining !== 2 || !reader.accept('COUNT')) throw badSyntax();
    return { full: true, count: count.read(reader) };
  },
  write: (options, out) => {
    if (options?.full !== true) return;
    out.push('FULL');
    if (options.count !== undefined) out.push('COUNT', String(options.count));
  },
  sample: (sampler, out) => {
    if (sampler.below(3) === 0) return;
    out.push('FULL');
    if (sampler.below(2) === 0) out.push('COUNT', pickOne(sampler, ['0', '0', '1', '2', '-1', 'x']));
  },
  docs: [
    {
      name: 'full-block',
      type: 'block',
      flags: ['optional'],
      arguments: [
        { name: 'full', type: 'pure-token', token: 'FULL' },
        { name: 'count', type: 'integer', token: 'COUNT', flags: ['optional'] },
      ],
    },
  ],
  minTokens: 0,
  isVariable: true,
};

/** Looking at streams, their groups and consumers. */
export const streamInfoCommands = commandTable<StreamInfoOperations<Raw>>()([
  container({
    name: 'XINFO',
    summary: 'A container for stream introspection commands.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'Depends on subcommand.',
    flags: '',
  }),
  commandWithForms({
    name: 'XINFO STREAM',
    summary: 'Returns information about a stream.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1)',
    flags: 'readonly',
    history: [
      ['6.0.0', 'Added the `FULL` modifier.'],
      [
        '7.0.0',
        'Added the `max-deleted-entry-id`, `entries-added`, `recorded-first-entry-id`, `entries-read` and `lag` fields',
      ],
      ['7.2.0', 'Added the `active-time` field, and changed the meaning of `seen-time`.'],
    ],
    before: requireInfoStream,
    args: [key('RO access'), full],
    forms: [form('xinfoStreamFull', fullStreamInfo, marked('full', 1)), form('xinfoStream', streamInfo)],
  }),
  command({
    name: 'XINFO GROUPS',
    summary: 'Returns a list of the consumer groups of a stream.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1)',
    flags: 'readonly',
    history: [['7.0.0', 'Added the `entries-read` and `lag` fields']],
    args: [key('RO access')],
    method: 'xinfoGroups',
    reply: array(groupInfo),
  }),
  command({
    name: 'XINFO CONSUMERS',
    summary: 'Returns a list of the consumers in a consumer group.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1)',
    flags: 'readonly',
    tips: ['nondeterministic_output'],
    history: [['7.2.0', 'Added the `inactive` field, and changed the meaning of `idle`.']],
    args: [key('RO access'), groupName()],
    method: 'xinfoConsumers',
    reply: array(consumerInfo),
  }),
]);
