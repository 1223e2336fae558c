import type { Bytes } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import { requireInteger } from '../keyspace/arguments.ts';
import type { Output, Text } from '../keyspace/operations.ts';
import type { Consumer } from './consumer.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { NO_OPTIONS, requireKnown, XINFO_FULL_WIRE_OPTIONS } from './known-options.ts';
import { type Stream, UNKNOWN } from './stream.ts';
import type { StreamEntry } from './stream-entry.ts';
import { formatId, MAX_ID, MIN_ID } from './stream-id.ts';
import type { XinfoFullOptions } from './stream-options.ts';
import type {
  ConsumerInfo,
  FullConsumerInfo,
  FullGroupInfo,
  FullStreamInfo,
  GroupInfo,
  StreamInfo,
} from './stream-results.ts';
import { STREAM } from './stream-value.ts';
import { StreamView } from './stream-view.ts';

const DEFAULT_COUNT = 10;

/** Looking at streams, their groups and consumers. */
export abstract class StreamInfoOperations<O extends Output = Text> extends StreamView<O> {
  /**
   * What there is to know of a stream. O(nodes), which hold 100 entries by default. Redis 5.0.0.
   *
   * @throws ReplyError if there is no such key; WRONGTYPE if it holds something else
   */
  xinfoStream(key: Bytes): StreamInfo<O> {
    const stream = this.streamToRead(key);
    const { first, last } = stream.log;
    return Object.assign(streamFacts(stream, this.keyspace.now()), {
      groups: stream.groupCount,
      firstEntry: first === undefined ? null : this.outputEntry(first, this.outputOfView),
      lastEntry: last === undefined ? null : this.outputEntry(last, this.outputOfView),
    });
  }

  /**
   * The same with entries, groups, consumers and what is pending. O(n) of what it returns. Redis 6.0.0.
   *
   * @throws ReplyError if there is no such key; WRONGTYPE if it holds something else
   */
  xinfoStreamFull(key: Bytes, options: XinfoFullOptions = NO_OPTIONS): FullStreamInfo<O> {
    requireKnown(options, XINFO_FULL_WIRE_OPTIONS);
    const { count = DEFAULT_COUNT } = options;
    requireInteger(count);
    const most = count < 0 ? DEFAULT_COUNT : count === 0 ? Number.POSITIVE_INFINITY : count;
    const stream = this.streamToRead(key);
    const entries: StreamEntry<O>[] = [];
    const output = this.outputOfView;
    stream.log.forEach(MIN_ID, MAX_ID, (entry) => entries.push(this.outputEntry(entry, output)) < most);
    return Object.assign(streamFacts(stream, this.keyspace.now()), {
      entries,
      groups: stream.groups().map((group) => this.fullGroup(stream, group, most)),
    });
  }

  private fullGroup(stream: Stream, group: ConsumerGroup, most: number): FullGroupInfo<O['string']> {
    return {
      name: this.output(group.name),
      lastDeliveredId: formatId(group.lastDelivered),
      entriesRead: group.entriesRead === UNKNOWN ? null : group.entriesRead,
      lag: stream.lag(group) ?? null,
      pelCount: group.pending.size,
      nackedCount: group.nackedCount,
      pending: taken(group.pending, most).map((entry) => ({
        id: formatId(entry),
        consumer: this.output(entry.consumer?.name ?? ''),
        deliveryTime: entry.deliveredAtMs,
        deliveryCount: entry.deliveryCount,
      })),
      consumers: group.consumers().map((consumer) => this.fullConsumer(consumer, most)),
    };
  }

  private fullConsumer(consumer: Consumer, most: number): FullConsumerInfo<O['string']> {
    return {
      name: this.output(consumer.name),
      seenTime: consumer.seenAtMs,
      activeTime: consumer.activeAtMs,
      pelCount: consumer.pending.size,
      pending: taken(consumer.pending, most).map((entry) => ({
        id: formatId(entry),
        deliveryTime: entry.deliveredAtMs,
        deliveryCount: entry.deliveryCount,
      })),
    };
  }

  /**
   * The groups of a stream, in the byte order of their names. O(groups). Redis 5.0.0.
   *
   * @throws ReplyError if there is no such key; WRONGTYPE if it holds something else
   */
  xinfoGroups(key: Bytes): GroupInfo<O['string']>[] {
    const stream = this.streamToRead(key);
    return stream.groups().map((group) => ({
      name: this.output(group.name),
      consumers: group.consumerCount,
      pending: group.pending.size,
      lastDeliveredId: formatId(group.lastDelivered),
      entriesRead: group.entriesRead === UNKNOWN ? null : group.entriesRead,
      lag: stream.lag(group) ?? null,
    }));
  }

  /**
   * The consumers of a group, in the byte order of their names. O(consumers). Redis 5.0.0.
   *
   * @throws ReplyError if there is no such key, or NOGROUP if there is no such group; WRONGTYPE if the key holds something
   * else
   */
  xinfoConsumers(key: Bytes, group: Bytes): ConsumerInfo<O['string']>[] {
    const stream = this.streamToRead(key);
    const name = this.input(group);
    const found = stream.group(name);
    if (found === undefined) throw errors.noGroup(name, this.input(key));
    const nowMs = this.keyspace.now();
    return found.consumers().map((consumer) => ({
      name: this.output(consumer.name),
      pending: consumer.pending.size,
      idle: Math.max(0, nowMs - consumer.seenAtMs),
      inactive: consumer.activeAtMs < 0 ? -1 : Math.max(0, nowMs - consumer.activeAtMs),
    }));
  }

  private streamToRead(key: Bytes): Stream {
    const stream = this.database.getToRead(this.input(key), STREAM);
    if (stream === undefined) throw errors.noSuchKey();
    return stream;
  }
}

/** What both tell. It is added to: an object with so many properties is slow to spread. */
function streamFacts(stream: Stream, nowMs: number) {
  const { log, idempotency } = stream;
  const { durationMs, maxSize } = stream.idempotencyLimits;
  return {
    length: log.length,
    radixTreeKeys: log.blockCount,
    radixTreeNodes: log.radixNodeCount(),
    lastGeneratedId: formatId(stream.lastId),
    maxDeletedEntryId: formatId(stream.maxDeletedId),
    entriesAdded: stream.entriesAdded,
    recordedFirstEntryId: formatId(stream.firstId),
    idmpDuration: durationMs / 1000,
    idmpMaxsize: maxSize,
    pidsTracked: idempotency?.producerCount(nowMs) ?? 0,
    iidsTracked: idempotency?.idCount(nowMs) ?? 0,
    iidsAdded: idempotency?.addedCount ?? 0,
    iidsDuplicates: idempotency?.duplicateCount ?? 0,
  };
}

/** The first items, so many at most. */
function taken<T>(items: Iterable<T>, most: number): T[] {
  const some: T[] = [];
  for (const item of items) {
    if (some.length >= most) break;
    some.push(item);
  }
  return some;
}
