import { errors } from '../errors.ts';
import type { Raw } from '../keyspace/operations.ts';
import { array, type Codec, integer } from '../wire/codec.ts';
import { commandsOf, commandTable, given } from '../wire/command.ts';
import { key, integer as whole } from '../wire/grammar/pieces.ts';
import { pickOne } from '../wire/grammar/sampler.ts';
import { together } from '../wire/grammar/together.ts';
import type { Reply } from '../wire/resp/reply.ts';
import type { PendingOperations } from './pending-operations.ts';
import { requireRangeEnd, requireRangeStart } from './stream-arguments.ts';
import { groupName, idTexts, rangeEnd, rangeStart } from './stream-grammar.ts';
import type { XpendingOptions } from './stream-options.ts';
import type { PendingDetails, PendingSummary } from './stream-results.ts';

const { command, form, commandWithForms } = commandsOf<PendingOperations<Raw>>();

/** `[count, least id, greatest id, [[name, count], …]]`, the counts of consumers as text. */
const summary: Codec<PendingSummary> = {
  write: ({ count, minId, maxId, consumers }, sink) => {
    sink.array(4);
    sink.integer(count);
    if (minId === null || maxId === null) {
      sink.nil();
      sink.nil();
      sink.nilArray();
      return;
    }
    sink.bulk(minId);
    sink.bulk(maxId);
    sink.array(consumers.length);
    for (const consumer of consumers) {
      sink.array(2);
      sink.bulk(consumer.name);
      sink.bulk(String(consumer.count));
    }
  },
  read: (reply) => {
    const [count, minId, maxId, consumers] = reply as [Reply, Reply, Reply, [Reply, string][] | null];
    const all = consumers ?? [];
    return { count, minId, maxId, consumers: all.map(([name, each]) => ({ name, count: Number(each) })) };
  },
};

/** `[id, consumer, idle, count]` */
const details: Codec<PendingDetails> = {
  write: ({ id, consumer, idleMs, deliveryCount }, sink) => {
    sink.array(4);
    sink.bulk(id);
    sink.bulk(consumer);
    sink.integer(idleMs);
    sink.integer(deliveryCount);
  },
  read: (reply) => {
    const [id, consumer, idleMs, deliveryCount] = reply as [Reply, Reply, Reply, Reply];
    return { id, consumer, idleMs, deliveryCount };
  },
};

// ── XPENDING's `[[IDLE min-idle-time] start end count [consumer]]` ─────────────────────────────────────────

const MOST_FILTER_TOKENS = 6;
const MOST_TOKENS_AFTER_IDLE = 4;
const idle = whole('min-idle-time');
const count = whole('count');
const start = rangeStart();
const end = rangeEnd();

type Filters = [start: string, end: string, count: number, options: XpendingOptions | undefined];

const filters = together<Filters>(4, {
  read: (reader) => {
    // The summary, whose method takes none of them.
    if (reader.remaining === 0) return [] as unknown as Filters;
    if (reader.remaining < 3 || reader.remaining > MOST_FILTER_TOKENS) throw errors.syntax();
    const options: XpendingOptions = {};
    if (reader.accept('IDLE')) {
      options.idle = idle.read(reader);
      if (reader.remaining < 3 || reader.remaining > MOST_TOKENS_AFTER_IDLE) throw errors.syntax();
    }
    const [from, to] = [reader.next(), reader.next()];
    // The count is looked at before the ids.
    const most = count.read(reader);
    requireRangeStart(from);
    requireRangeEnd(to);
    if (reader.remaining > 0) options.consumer = reader.next();
    // As Redis, which does not look at what follows the consumer.
    while (reader.remaining > 0) reader.next();
    return [from, to, most, options];
  },
  write: ([from, to, most, options], out) => {
    // The short form has none of them.
    if ((from as string | undefined) === undefined) return;
    if (options?.idle !== undefined) out.push('IDLE', String(options.idle));
    out.push(from, to, String(most));
    if (options?.consumer !== undefined) out.push(options.consumer);
  },
  sample: (sampler, out) => {
    if (sampler.below(3) === 0) return;
    if (sampler.below(4) === 0) out.push('IDLE', pickOne(sampler, ['0', '0', '-1', '100000000', 'x']));
    start.sample(sampler, out);
    end.sample(sampler, out);
    out.push(pickOne(sampler, ['10', '10', '2', '1', '0', '-1', 'x']));
    if (sampler.below(2) === 0) out.push(sampler.consumer());
  },
  docs: [
    {
      name: 'filters',
      type: 'block',
      flags: ['optional'],
      arguments: [
        { name: 'min-idle-time', type: 'integer', token: 'IDLE', since: '6.2.0', flags: ['optional'] },
        ...start.docs,
        ...end.docs,
        { name: 'count', type: 'integer' },
        { name: 'consumer', type: 'string', flags: ['optional'] },
      ],
    },
  ],
  minTokens: 0,
  isVariable: true,
});

/** The commands on what is pending in a group. */
export const pendingCommands = commandTable<PendingOperations<Raw>>()([
  command({
    name: 'XACK',
    summary:
      'Returns the number of messages that were successfully acknowledged by the consumer group member of a stream.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1) for each message ID processed.',
    flags: 'write fast',
    args: [key('RW update'), groupName(), idTexts()],
    method: 'xack',
    reply: integer,
  }),
  commandWithForms({
    name: 'XPENDING',
    summary: "Returns the information and entries from a stream consumer group's pending entries list.",
    since: '5.0.0',
    group: 'stream',
    complexity:
      'O(N) with N being the number of elements returned, so asking for a small fixed number of entries per call is O(1). O(M), where M is the total number of entries scanned when used with the IDLE filter. When the command returns just the summary and the list of consumers is small, it runs in O(1) time; otherwise, an additional O(N) time for iterating every consumer.',
    flags: 'readonly',
    tips: ['nondeterministic_output'],
    history: [['6.2.0', 'Added the `IDLE` option and exclusive range intervals.']],
    args: [key('RO access'), groupName(), ...filters],
    forms: [form('xpendingRange', array(details), given(2)), form('xpending', summary)],
  }),
]);
