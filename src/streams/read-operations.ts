import type { ByteString, Bytes } from '../bytes/byte-string.ts';
import { type Many, manyOf, type Pairs, pairsOf, requirePairs } from '../bytes/many.ts';
import { errors } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import { getToReadAndWrite } from '../keyspace/lookups.ts';
import type { Output, Text } from '../keyspace/operations.ts';
import type { Integer } from '../numbers/integer.ts';
import type { Consumer } from './consumer.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { recordDelivery, recordProgress } from './group-effects.ts';
import { NO_OPTIONS, requireKnown } from './known-options.ts';
import type { LogEntry } from './log-entry.ts';
import { oneMoreDelivery, type PendingEntry } from './pending-entry.ts';
import { requireLimits, requireMinIdle } from './read-arguments.ts';
import { ReadBudget } from './read-budget.ts';
import type {
  AnyReadEntry,
  ClaimedStreamEntries,
  PendingStreamEntries,
  ReadLimits,
  StreamEntries,
  StreamRead,
  XreadgroupOptions,
  XreadOptions,
} from './read-options.ts';
import type { Stream } from './stream.ts';
import { requireId } from './stream-arguments.ts';
import { ClaimedEntry } from './stream-entry.ts';
import { streamEvents } from './stream-events.ts';
import { equalIds, formatId, MAX_ID, MIN_ID, nextId, previousId, type StreamId } from './stream-id.ts';
import { STREAM } from './stream-value.ts';
import { StreamView } from './stream-view.ts';

/** For whom a group is read, and how. */
export interface GroupReader {
  readonly group: ByteString;
  readonly consumer: ByteString;
  readonly noack: boolean;
  /** Whether, and after how many milliseconds, what others have pending is taken over. */
  readonly claimMs: number | undefined;
  /** Whether it can only be what the consumer has pending. */
  readonly isHistory: boolean;
}

/** What is to be read: as it can be tried again. */
export interface Reading {
  readonly keys: readonly ByteString[];
  /** Beside each key, after which entry. What means the end of the stream is replaced by that, once it is known. */
  readonly ids: ByteString[];
  readonly limits: ReadLimits;
  readonly reader: GroupReader | undefined;
}

/** Where the reading of a stream begins: after this entry, or, for groups, with what nobody was given. */
type Place = StreamId | typeof NEW;

/** What `>` stands for. */
const NEW = 'new';
// Who says `block` here would not have waited.
const READ_OPTIONS = new Set(['count', 'maxcount', 'maxsize'] satisfies (keyof XreadOptions)[]);
const GROUP_READ_OPTIONS = new Set([...READ_OPTIONS, 'noack']);

/** Reading entries that were not read before: of streams, and for consumers of groups. */
export abstract class StreamReadOperations<O extends Output = Text> extends StreamView<O> {
  /**
   * The entries of one or more streams that come after the id given with each: an object, a `Map`, or pairs. `'$'` is the
   * end of the stream, after which there is nothing (see `blocking.xread`), and `'+'` asks for its last entry.
   *
   * O(streams · log n + entries returned). Redis 5.0.0.
   *
   * @returns what was read of each stream that has something, in the order given
   * @throws ReplyError if an id or a limit is none; WRONGTYPE if a key holds something else
   * @example
   * store.xread({ events: '0', audit: '1526919030474-0' }, { count: 100 });
   */
  xread(streams: Pairs, options: XreadOptions = NO_OPTIONS): StreamEntries<O>[] {
    requirePairs(streams);
    requireKnown(options, READ_OPTIONS);
    return (this.readStreams(this.readingOf(streams, options, undefined)) ?? []) as StreamEntries<O>[];
  }

  /**
   * Gives a consumer of a group entries of one or more streams that nobody in the group was given before. They are
   * pending with it until it acknowledges them (`xack`). The consumer is made if there is none.
   *
   * O(streams + entries returned). Redis 5.0.0.
   *
   * @returns what was read of each stream that has something, in the order given
   * @throws ReplyError NOGROUP if a stream or its group is not there; if a limit is none; WRONGTYPE if a key holds something
   * else
   * @example
   * for (const { entries } of store.xreadgroup('mailers', 'worker-1', 'events', { count: 10 })) {
   *   for (const { id, fields } of entries) {
   *     send(fields);
   *     store.xack('events', 'mailers', id);
   *   }
   * }
   */
  xreadgroup(
    group: Bytes,
    consumer: Bytes,
    keys: Many,
    options: XreadgroupOptions = NO_OPTIONS,
  ): StreamEntries<O>[] {
    requireKnown(options, GROUP_READ_OPTIONS);
    const reading = this.groupReadingOf(group, consumer, withId(keys, '>'), options);
    return (this.readStreams(reading) ?? []) as StreamEntries<O>[];
  }

  /**
   * What is pending with a consumer, of one or more streams, after the id given with each: all of it after `'0'`. Each
   * entry counts as delivered once more. One that was deleted from its stream has `null` for its fields.
   *
   * O(streams · log n + entries returned · log n). Redis 5.0.0.
   *
   * @returns what was read of each stream, in the order given
   * @throws ReplyError NOGROUP if a stream or its group is not there; if an id or a limit is none; WRONGTYPE if a key holds
   * something else
   */
  xreadgroupPending(
    group: Bytes,
    consumer: Bytes,
    streams: Pairs,
    options: ReadLimits = NO_OPTIONS,
  ): PendingStreamEntries<O>[] {
    requirePairs(streams);
    requireKnown(options, READ_OPTIONS);
    const reading = this.groupReadingOf(group, consumer, streams, options, undefined, true);
    return (this.readStreams(reading) ?? []) as PendingStreamEntries<O>[];
  }

  /**
   * {@link xreadgroup}, but first come the entries that anybody in the group has had pending for so many milliseconds,
   * and those that were released (`xnack`): the longest idle first. They are the consumer's now.
   *
   * O(streams + entries returned · log n). Redis 8.4.0.
   *
   * @returns what was read of each stream that has something, in the order given. Entries say for how long they lay, and
   * how often they were delivered before; for new ones both is 0
   * @throws ReplyError if `minIdleMs` is no integer or negative; otherwise as {@link xreadgroup}
   */
  xreadgroupClaim(
    group: Bytes,
    consumer: Bytes,
    keys: Many,
    minIdleMs: number,
    options: XreadgroupOptions = NO_OPTIONS,
  ): ClaimedStreamEntries<O>[] {
    requireKnown(options, GROUP_READ_OPTIONS);
    requireMinIdle(minIdleMs);
    const reading = this.groupReadingOf(group, consumer, withId(keys, '>'), options, minIdleMs);
    return (this.readStreams(reading) ?? []) as ClaimedStreamEntries<O>[];
  }

  // ── for those who wait ───────────────────────────────────────────────────────────────────────────────────

  /** @internal What is to be read, for whom: nobody knows it but by these. */
  static readingOf<O extends Output>(
    view: StreamReadOperations<O>,
    streams: Pairs,
    limits: ReadLimits,
  ): Reading {
    return view.readingOf(streams, limits, undefined);
  }

  /** @internal The same for a group. */
  static groupReadingOf<O extends Output>(
    view: StreamReadOperations<O>,
    group: Bytes,
    consumer: Bytes,
    streams: Pairs,
    options: XreadgroupOptions,
    claimMs?: number,
  ): Reading {
    return view.groupReadingOf(group, consumer, streams, options, claimMs);
  }

  /** @internal An attempt: `null` if nothing is there. */
  static attempt<O extends Output>(
    view: StreamReadOperations<O>,
    reading: Reading,
  ): StreamRead<O['string'], AnyReadEntry<O>>[] | null {
    return view.readStreams(reading);
  }

  /** @internal When the next entry that somebody has pending can be claimed; `undefined` if there is none. */
  static nextClaimMs<O extends Output>(view: StreamReadOperations<O>, reading: Reading): number | undefined {
    const { claimMs, group: name } = reading.reader!;
    let earliestMs: number | undefined;
    for (const [at, key] of reading.keys.entries()) {
      const stored = view.database.find(key);
      if (reading.ids[at] !== '>' || typeof stored !== 'object' || stored.kind !== STREAM) continue;
      const stream = stored.value as Stream;
      const group = stream.group(name);
      for (const pending of group?.idle(0, view.keyspace.now()) ?? []) {
        if (!stream.log.has(pending)) {
          group!.setAside(pending);
          continue;
        }
        const isAnyTime = pending.consumer === undefined || claimMs === 0;
        const claimableMs = isAnyTime ? 0 : pending.deliveredAtMs + claimMs!;
        if (earliestMs === undefined || claimableMs < earliestMs) earliestMs = claimableMs;
        break;
      }
    }
    return earliestMs;
  }

  private readingOf(streams: Pairs, limits: ReadLimits, reader: GroupReader | undefined): Reading {
    const keys: ByteString[] = [];
    const ids: ByteString[] = [];
    for (const [key, id] of pairsOf(streams)) {
      keys.push(this.input(key));
      ids.push(this.input(id));
    }
    if (keys.length === 0) throw errors.wrongArity(reader === undefined ? 'xread' : 'xreadgroup');
    if (limits !== NO_OPTIONS) requireLimits(limits);
    return { keys, ids, limits, reader };
  }

  private groupReadingOf(
    group: Bytes,
    consumer: Bytes,
    streams: Pairs,
    options: XreadgroupOptions,
    claimMs?: number,
    isHistory = false,
  ): Reading {
    if (claimMs !== undefined) requireMinIdle(claimMs);
    const { noack = false } = options;
    const reader = { group: this.input(group), consumer: this.input(consumer), noack, claimMs, isHistory };
    return this.readingOf(streams, options, reader);
  }

  // ── reading ──────────────────────────────────────────────────────────────────────────────────────────────

  /** Reads what is there, once it is known that nothing is wrong with any of the streams; `null` if that is nothing. */
  private readStreams(reading: Reading): StreamRead<O['string'], AnyReadEntry<O>>[] | null {
    const { keys, reader } = reading;
    const places: Place[] = [];
    for (let at = 0; at < keys.length; at++) places.push(this.readPlace(reading, at));
    const { database } = this;
    const budget = new ReadBudget(reading.limits);
    const found: StreamRead<O['string'], AnyReadEntry<O>>[] = [];
    for (let at = 0; at < keys.length && !budget.isSpent; at++) {
      const key = keys[at]!;
      const stream =
        reader === undefined ? database.getToRead(key, STREAM) : getToReadAndWrite(database, key, STREAM);
      if (stream === undefined) continue;
      budget.beginStream(key);
      const entries =
        reader === undefined
          ? this.readAfter(stream, places[at] as StreamId, budget)
          : this.readForGroup(key, stream, reader, places[at]!, budget);
      if (entries !== undefined) found.push({ key: this.output(key), entries });
    }
    return found.length === 0 ? null : found;
  }

  /** From where on a stream is to be read. Which error comes first is the server's order. */
  private readPlace({ keys, ids, reader }: Reading, at: number): Place {
    const key = keys[at]!;
    const id = ids[at]!;
    const stream = this.database.getToRead(key, STREAM);
    if (reader === undefined) {
      if (id === '>') throw errors.newIdWithoutGroup();
      if (id !== '$' && id !== '+') return requireId(id);
      const last = id === '+' ? stream?.log.last : undefined;
      if (last !== undefined) return previousId(last)!;
      const end = stream?.lastId ?? MIN_ID;
      ids[at] = formatId(end);
      return end;
    }
    if (stream?.group(reader.group) === undefined) throw errors.noGroupToRead(key, reader.group);
    const { isHistory } = reader;
    if (id === '>' && !isHistory) return NEW;
    if (id === '$') throw errors.meaninglessInGroup('$');
    if (id === '+') throw errors.meaninglessInGroup('+');
    const place = requireId(id);
    // To Redis the greatest id and `>` are the same.
    return equalIds(place, MAX_ID) && !isHistory ? NEW : place;
  }

  /** The entries after this one, `undefined` if there is none. */
  private readAfter(stream: Stream, place: StreamId, budget: ReadBudget): AnyReadEntry<O>[] | undefined {
    const from = nextId(place);
    if (from === undefined) return undefined;
    const entries: AnyReadEntry<O>[] = [];
    const output = this.outputOfView;
    stream.log.forEach(from, MAX_ID, (entry) => {
      entries.push(this.outputEntry(entry, output));
      return budget.spend(entry, entry);
    });
    return entries.length === 0 ? undefined : entries;
  }

  private readForGroup(
    key: ByteString,
    stream: Stream,
    reader: GroupReader,
    place: Place,
    budget: ReadBudget,
  ): AnyReadEntry<O>[] | undefined {
    const { database } = this;
    database.beforeChangeInPlace(key);
    const group = stream.group(reader.group)!;
    const nowMs = this.keyspace.now();
    let consumer = group.consumer(reader.consumer);
    if (consumer === undefined) {
      consumer = group.addConsumer(reader.consumer, nowMs);
      if (database.changed(key, streamEvents.createConsumer)) {
        database.effect('XGROUP', 'CREATECONSUMER', key, group.name, consumer.name);
      }
    }
    consumer.seenAtMs = nowMs;
    const entries: AnyReadEntry<O>[] = [];
    const source = { database, key, stream, group, consumer, nowMs, budget, entries };
    if (place !== NEW) this.readHistory(source, place);
    else {
      if (reader.claimMs !== undefined) this.readIdle(source, reader.claimMs);
      if (budget.isOpen) this.readNew(source, reader);
      if (entries.length === 0) return undefined;
    }
    if (entries.length > 0) consumer.activeAtMs = nowMs;
    return entries;
  }

  /** What the consumer has pending. */
  private readHistory(
    { stream, group, consumer, nowMs, budget, entries }: GroupSource<O>,
    after: StreamId,
  ): void {
    const output = this.outputOfView;
    const from = nextId(after);
    if (from === undefined) return;
    for (const pending of consumer.pending.from(from)) {
      const entry = stream.log.get(pending);
      if (entry === undefined) entries.push({ id: formatId(pending), fields: null });
      else {
        entries.push(this.outputEntry(entry, output));
        group.assign(pending, consumer, nowMs, oneMoreDelivery(pending.deliveryCount));
      }
      if (!budget.spend(pending, entry)) return;
    }
  }

  /** What anybody has had pending for so long: it is this consumer's now. */
  private readIdle(source: GroupSource<O>, claimMs: number): void {
    const { database, key, stream, group, consumer, nowMs, budget, entries } = source;
    const claimed: PendingEntry[] = [];
    for (const pending of group.idle(claimMs, nowMs)) {
      const entry = stream.log.get(pending);
      if (entry === undefined) {
        group.setAside(pending);
        continue;
      }
      const count = pending.deliveryCount;
      const idleMs = Math.max(nowMs - pending.deliveredAtMs, 0);
      entries.push(this.outputClaimed(entry, idleMs, count));
      group.assign(pending, consumer, nowMs, oneMoreDelivery(count));
      claimed.push(pending);
      if (!budget.spend(pending, entry)) break;
    }
    if (claimed.length === 0 || !database.changedSilently(key)) return;
    for (const pending of claimed) recordDelivery(database, key, group, pending);
  }

  /** What nobody in the group was given. */
  private readNew(source: GroupSource<O>, { noack, claimMs }: GroupReader): void {
    const { database, key, stream, group, consumer, nowMs, budget, entries } = source;
    const from = nextId(group.lastDelivered);
    if (from === undefined) return;
    const output = this.outputOfView;
    const delivered: PendingEntry[] = [];
    let isChanged = false;
    stream.log.forEach(from, MAX_ID, (entry) => {
      entries.push(claimMs === undefined ? this.outputEntry(entry, output) : this.outputClaimed(entry, 0, 0));
      stream.advance(group, entry);
      const pending = noack ? undefined : group.deliver(entry, consumer, nowMs);
      isChanged = true;
      if (pending !== undefined) delivered.push(pending);
      return budget.spend(entry, entry);
    });
    // Once all is done: what the stream takes is counted then.
    if (!isChanged || !database.changedSilently(key)) return;
    for (const pending of delivered) recordDelivery(database, key, group, pending);
    recordProgress(database, key, group);
  }

  private outputClaimed(entry: LogEntry, idleMs: number, deliveryCount: Integer): ClaimedEntry<O> {
    const output = this.outputOfView;
    return new ClaimedEntry<O>(
      formatId(entry),
      this.outputFields(entry),
      entry,
      output,
      idleMs,
      deliveryCount,
    );
  }
}

/** A group that is being read, and for whom. */
interface GroupSource<O extends Output> {
  readonly database: Database;
  readonly key: ByteString;
  readonly stream: Stream;
  readonly group: ConsumerGroup;
  readonly consumer: Consumer;
  readonly nowMs: number;
  readonly budget: ReadBudget;
  /** What was read so far. */
  readonly entries: AnyReadEntry<O>[];
}

/** The same id beside each key. */
function withId(keys: Many, id: string): (readonly [Bytes, Bytes])[] {
  return manyOf(keys).map((key) => [key, id] as const);
}
