import type { ByteString, Bytes } from '../bytes/byte-string.ts';
import { isRecord, type Many, type Pairs, pairsOf, requirePairs } from '../bytes/many.ts';
import { errors } from '../errors.ts';
import { requireInt64 } from '../keyspace/arguments.ts';
import type { Database } from '../keyspace/database.ts';
import { Entry } from '../keyspace/entry.ts';
import type { Output, Text } from '../keyspace/operations.ts';
import { toInteger } from '../numbers/integer.ts';
import { compareUnsigned, successor } from '../numbers/unsigned.ts';
import { contentIid } from './content-iid.ts';
import type { Idempotency } from './idempotency.ts';
import {
  NO_OPTIONS,
  requireKnown,
  XADD_NOMKSTREAM_OPTIONS,
  XADD_OPTIONS,
  XRANGE_OPTIONS,
  XSETID_OPTIONS,
} from './known-options.ts';
import type { LogEntry } from './log-entry.ts';
import type { Stream } from './stream.ts';
import {
  type AskedId,
  requireId,
  requireIdempotence,
  requireIds,
  requireNewId,
  requireRangeEnd,
  requireRangeStart,
  requireTrimming,
  requireTrimOptions,
} from './stream-arguments.ts';
import { noneAsked, type StreamEntry } from './stream-entry.ts';
import { streamEvents } from './stream-events.ts';
import { compareIds, equalIds, formatId, MAX_ID, MIN_ID, type StreamId } from './stream-id.ts';
import type { TrimPlan } from './stream-log.ts';
import type { TrimOptions, XaddOptions, XrangeOptions, XsetidOptions } from './stream-options.ts';
import { createStream, STREAM } from './stream-value.ts';
import { StreamView } from './stream-view.ts';

/** A message's name, in the inner form. */
interface MessageName {
  readonly producer: ByteString;
  readonly id: ByteString;
}

/** The entries of streams: adding, reading, removing. */
export abstract class StreamEntryOperations<O extends Output = Text> extends StreamView<O> {
  /**
   * Appends an entry to a stream, which begins empty, and returns its id. The fields may be an object, a `Map`, or an
   * array of pairs, in which a name may repeat.
   *
   * O(1); with trimming, O(entries removed). Redis 5.0.0.
   *
   * @throws ReplyError if the id is none or not greater than all before, an option is none or does not go with
   * another, or there are no fields; WRONGTYPE if the key holds something else
   * @example
   * store.xadd('events', { type: 'login', user: '7' }); // '1526919030474-0'
   * store.xadd('events', { type: 'logout' }, { maxlen: 1000, approximate: true });
   */
  xadd(key: Bytes, fields: Pairs, options: XaddOptions = NO_OPTIONS): string {
    return this.addStreamEntry(key, fields, options, true)!;
  }

  /**
   * {@link xadd}, but only to a stream that exists: `null`, and nothing is done, without one. Redis 6.2.0.
   *
   * @throws ReplyError as {@link xadd}
   */
  xaddNomkstream(key: Bytes, fields: Pairs, options: XaddOptions = NO_OPTIONS): string | null {
    return this.addStreamEntry(key, fields, options, false);
  }

  private addStreamEntry(key: Bytes, given: Pairs, options: XaddOptions, creates: boolean): string | null {
    this.makeRoom();
    const name = this.input(key);
    requirePairs(given);
    if (options !== NO_OPTIONS) {
      requireKnown(options, creates ? XADD_OPTIONS : XADD_NOMKSTREAM_OPTIONS);
      requireIdempotence(options);
      requireTrimOptions(options);
    }
    const asked = requireNewId(options.id);
    const [fields, values] = this.inputFields(given);
    if (fields.length === 0) throw errors.wrongArity('xadd');
    if (asked.ms === 0 && asked.seq === 0) throw errors.streamIdIsZero();
    const { database, keyspace } = this;
    if (keyspace.access !== undefined) database.findForWrite(name);
    let stream = database.get(name, STREAM);
    if (stream === undefined && !creates) return null;
    const message = options === NO_OPTIONS ? undefined : this.messageName(options, fields, values);
    if (message !== undefined && stream?.idempotency !== undefined) {
      const before = this.addedBefore(name, stream.idempotency, message);
      if (before !== undefined) return formatId(before);
    }
    if (stream === undefined) {
      stream = createStream(keyspace.limits);
      database.put(name, new Entry(STREAM, stream));
    } else database.beforeChangeInPlace(name);
    const id = newId(stream, asked, asked.ms === undefined ? keyspace.now() : 0);
    stream.append(id, fields, values, keyspace.limits);
    const isRecording = database.changed(name, streamEvents.xadd);
    const text = formatId(id);
    if (message !== undefined) {
      stream.startIdempotency().record(message.producer, message.id, id, keyspace.now());
    }
    if (isRecording) {
      const effect: Bytes[] = ['XADD', name, text];
      for (let at = 0; at < fields.length; at++) effect.push(fields[at]!, values[at]!);
      database.effectOf(effect);
      if (message !== undefined) database.effect('XIDMPRECORD', name, message.producer, message.id, text);
    }
    if (isTrimming(options)) this.trimStream(database, name, stream, options);
    return text;
  }

  /** Names and values, in the inner form. The arrays are kept: they are no longer than they need be. */
  private inputFields(given: Pairs): [fields: ByteString[], values: ByteString[]] {
    if (isRecord(given)) {
      const names = Object.keys(given);
      const values = new Array<ByteString>(names.length);
      for (let at = 0; at < names.length; at++) {
        const name = names[at]!;
        values[at] = this.input(given[name]!);
        const inner = this.input(name);
        if (inner !== name) names[at] = inner;
      }
      return [names, values];
    }
    const checked = pairsOf(given);
    const pairs = Array.isArray(checked) ? (checked as readonly (readonly [Bytes, Bytes])[]) : [...checked];
    const fields = new Array<ByteString>(pairs.length);
    const values = new Array<ByteString>(pairs.length);
    for (let at = 0; at < pairs.length; at++) {
      const [name, value] = pairs[at]!;
      fields[at] = this.input(name);
      values[at] = this.input(value);
    }
    return [fields, values];
  }

  /** The name of the message that is to be added, if it has one. */
  private messageName(
    { idmp, idmpauto }: XaddOptions,
    fields: readonly ByteString[],
    values: readonly ByteString[],
  ): MessageName | undefined {
    if (idmp !== undefined) return { producer: this.input(idmp.producer), id: this.input(idmp.id) };
    if (idmpauto === undefined) return undefined;
    return { producer: this.input(idmpauto), id: contentIid(fields, values) };
  }

  /** The id of this message if it was added before. That somebody tried again is counted. */
  private addedBefore(
    key: ByteString,
    idempotency: Idempotency,
    { producer, id }: MessageName,
  ): StreamId | undefined {
    const before = idempotency.find(producer, id, this.keyspace.now());
    if (before === undefined) return undefined;
    this.database.beforeChangeInPlace(key);
    idempotency.duplicateCount++;
    this.database.changedSilently(key);
    return before;
  }

  /** Removes what the options say, and tells it. Returns how many entries went. */
  private trimStream(database: Database, key: ByteString, stream: Stream, options: TrimOptions): number {
    const plan = trimPlan(stream, options, this.keyspace.limits.streamNodeMaxEntries);
    const removed = stream.trim(plan);
    if (removed === 0) return 0;
    if (database.changed(key, streamEvents.xtrim)) {
      const { maxlen, minid, approximate = false, references } = options;
      const policy = references === undefined ? [] : [references.toUpperCase()];
      // By id, a node may be left of which all entries are gone: that is repeated only by the same id. And what was passed
      // over, because a group needs it, is passed over again only by the same plan: the length that is left ends earlier.
      const isRepeated = references === 'acked' || (minid !== undefined && !approximate);
      const kept = isRepeated
        ? [minid === undefined ? 'MAXLEN' : 'MINID', approximate ? '~' : '=', minid ?? String(maxlen)]
        : ['MAXLEN', '=', String(stream.length)];
      const limit = isRepeated && approximate ? ['LIMIT', String(plan.limit)] : [];
      database.effectOf(['XTRIM', key, ...kept, ...limit, ...policy]);
    }
    return removed;
  }

  /**
   * Removes the oldest entries of a stream; returns how many. O(entries removed). Redis 5.0.0.
   *
   * @throws ReplyError if an option is none or does not go with another, or nothing says what to remove; WRONGTYPE if
   * the key holds something else
   * @example
   * store.xtrim('events', { maxlen: 1000 });
   */
  xtrim(key: Bytes, options: TrimOptions): number {
    const name = this.input(key);
    requireTrimming(options);
    const { database } = this;
    const stream = database.getForWrite(name, STREAM);
    return stream === undefined ? 0 : this.trimStream(database, name, stream, options);
  }

  /** How many entries a stream has. O(1). Redis 5.0.0. @throws ReplyError WRONGTYPE if the key holds something else */
  xlen(key: Bytes): number {
    return this.database.getToRead(this.input(key), STREAM)?.length ?? 0;
  }

  /**
   * The entries from one id to another, both included. `'-'` is the first and `'+'` the last; `'(5-0'` leaves 5-0 out;
   * an id may lack its second number. O(log n + entries returned). Redis 5.0.0.
   *
   * @throws ReplyError if an id is none, or `count` is no integer; WRONGTYPE if the key holds something else
   * @example
   * store.xrange('events', '-', '+', { count: 10 }); // [{ id: '1526919030474-0', fields: { type: 'login', user: '7' } }]
   */
  xrange(key: Bytes, start: string, end: string, options: XrangeOptions = NO_OPTIONS): StreamEntry<O>[] {
    const from = requireRangeStart(start);
    return this.streamRange(key, from, requireRangeEnd(end), options, false);
  }

  /**
   * {@link xrange} from the end: the greater id is given first. O(log n + entries returned). Redis 5.0.0.
   *
   * @throws ReplyError if an id is none, or `count` is no integer; WRONGTYPE if the key holds something else
   */
  xrevrange(key: Bytes, end: string, start: string, options: XrangeOptions = NO_OPTIONS): StreamEntry<O>[] {
    const from = requireRangeStart(start);
    return this.streamRange(key, from, requireRangeEnd(end), options, true);
  }

  private streamRange(
    key: Bytes,
    from: StreamId,
    to: StreamId,
    options: XrangeOptions,
    isReversed: boolean,
  ): StreamEntry<O>[] {
    requireKnown(options, XRANGE_OPTIONS);
    const { count } = options;
    if (count !== undefined && !Number.isInteger(count)) throw errors.notAnInteger();
    const stream = this.database.getToRead(this.input(key), STREAM);
    if (stream === undefined) return [];
    if (count !== undefined && count <= 0) return noneAsked();
    const entries: StreamEntry<O>[] = [];
    const output = this.outputOfView;
    const visit = (entry: LogEntry): boolean => entries.push(this.outputEntry(entry, output)) !== count;
    if (isReversed) stream.log.forEachReversed(to, from, visit);
    else stream.log.forEach(from, to, visit);
    return entries;
  }

  /**
   * Deletes entries of a stream; returns how many were there. What is pending of them stays so, without its fields.
   * O(log n) for each. Redis 5.0.0.
   *
   * @throws ReplyError if an id is none; WRONGTYPE if the key holds something else
   */
  xdel(key: Bytes, ids: Many): number {
    const name = this.input(key);
    const given = this.inputMany(ids);
    if (given.length === 0) throw errors.wrongArity('xdel');
    const { database } = this;
    const stream = database.getForWrite(name, STREAM);
    if (stream === undefined) return 0;
    const deleted = requireIds(given).filter((id) => stream.delete(id));
    if (deleted.length > 0 && database.changed(name, streamEvents.xdel)) {
      database.effectOf(['XDEL', name, ...deleted.map(formatId)]);
    }
    return deleted.length;
  }

  /**
   * Sets the last id of a stream, and what it remembers of entries that are gone: for those who rebuild one.
   * O(1). Redis 5.0.0.
   *
   * @throws ReplyError if an id is none, is less than that of an entry, or a count is too small, or there is no such
   * stream; WRONGTYPE if the key holds something else
   */
  xsetid(key: Bytes, lastId: string, options: XsetidOptions = NO_OPTIONS): 'OK' {
    this.makeRoom();
    requireKnown(options, XSETID_OPTIONS);
    const name = this.input(key);
    const id = requireId(lastId);
    const { entriesadded } = options;
    const added = entriesadded === undefined ? undefined : toInteger(requireInt64(entriesadded))!;
    if (added !== undefined && added < 0) throw errors.entriesAddedNegative();
    const maxDeleted = options.maxdeletedid === undefined ? undefined : requireId(options.maxdeletedid);
    if (maxDeleted !== undefined && compareIds(id, maxDeleted) < 0) throw errors.setidBelowMaxDeleted();
    const { database } = this;
    const stream = database.getForWrite(name, STREAM);
    if (stream === undefined) throw errors.noSuchKey();
    if (stream.length > 0) {
      if (compareIds(id, stream.log.last!) < 0) throw errors.setidTooSmall();
      if (added !== undefined && compareUnsigned(stream.length, added) > 0)
        throw errors.entriesAddedTooSmall();
    }
    // Ids that are gone may come again.
    if (compareIds(id, stream.lastId) < 0) for (const group of stream.groups()) group.takeBackAll();
    stream.lastId = id;
    if (added !== undefined) {
      stream.entriesAdded = added;
      for (const group of stream.groups()) group.entriesRead = stream.atMostAdded(group.entriesRead);
    }
    if (maxDeleted !== undefined && !equalIds(maxDeleted, MIN_ID)) stream.maxDeletedId = maxDeleted;
    if (database.changed(name, streamEvents.xsetid)) {
      // Only what was said: what the stream remembers besides may be refused beside a lesser id.
      database.effectOf([
        ...['XSETID', name, formatId(id)],
        ...(added === undefined ? [] : ['ENTRIESADDED', String(added)]),
        ...(maxDeleted === undefined ? [] : ['MAXDELETEDID', formatId(maxDeleted)]),
      ]);
    }
    return 'OK';
  }
}

function isTrimming(options: TrimOptions): boolean {
  return options.maxlen !== undefined || options.minid !== undefined;
}

/** @throws ReplyError if no id is left, or what is asked for is not greater than all before */
function newId(stream: Stream, asked: AskedId, nowMs: number): StreamId {
  const { lastId } = stream;
  if (equalIds(lastId, MAX_ID)) throw errors.streamExhausted();
  if (asked.ms === undefined) return stream.nextIdAt(nowMs)!;
  const { ms } = asked;
  let { seq } = asked;
  if (seq === undefined) {
    if (ms === lastId.ms) seq = successor(lastId.seq);
    else seq = 0;
    if (seq === undefined) throw errors.streamIdTooSmall();
  }
  const id = { ms, seq };
  if (compareIds(id, lastId) <= 0) throw errors.streamIdTooSmall();
  return id;
}

/** Where nodes have no greatest number of entries, an approximate trimming without a limit removes so many at most. */
const LIMIT_WITHOUT_NODES = 10_000;
const GREATEST_DEFAULT_LIMIT = 1_000_000;

function trimPlan(stream: Stream, options: TrimOptions, nodeMaxEntries: number): TrimPlan {
  const { maxlen, minid, references, approximate: isApproximate = false } = options;
  let { limit } = options;
  if (isApproximate && limit === undefined) {
    limit = Math.min(100 * nodeMaxEntries, GREATEST_DEFAULT_LIMIT);
    if (limit <= 0) limit = LIMIT_WITHOUT_NODES;
  }
  // All plans have the same shape.
  return {
    maxLength: maxlen,
    minId: minid === undefined ? undefined : requireId(minid),
    // Where each entry is looked at anyway, it is exact, as in Redis since 8.6: but for the limit.
    isApproximate: isApproximate && (references ?? 'keepref') === 'keepref',
    limit: limit ?? 0,
    mayRemove: references === 'acked' ? (id) => !stream.isReferenced(id) : undefined,
    onRemoved: references === 'delref' ? (id) => void stream.dropReferences(id) : undefined,
  };
}
