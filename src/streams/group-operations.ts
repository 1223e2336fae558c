import type { ByteString, Bytes } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import { requireInt64 } from '../keyspace/arguments.ts';
import { Entry } from '../keyspace/entry.ts';
import { Operations, type Output, type Text } from '../keyspace/operations.ts';
import { type Integer, toInteger } from '../numbers/integer.ts';
import { ConsumerGroup } from './consumer-group.ts';
import { recordProgress } from './group-effects.ts';
import { NO_OPTIONS, requireKnown, XGROUP_CREATE_OPTIONS, XGROUP_SETID_OPTIONS } from './known-options.ts';
import { type Stream, UNKNOWN } from './stream.ts';
import { requireId } from './stream-arguments.ts';
import { streamEvents } from './stream-events.ts';
import { formatId, MAX_ID, MIN_ID, type StreamId } from './stream-id.ts';
import type { XgroupCreateOptions, XgroupSetidOptions } from './stream-options.ts';
import { createStream, STREAM } from './stream-value.ts';

/** The groups of streams, and their consumers. */
export abstract class StreamGroupOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Makes a consumer group, which will be given the entries after this id: `'0'` for all of the stream, `'$'` for those
   * that are yet to come. O(1). Redis 5.0.0.
   *
   * @throws ReplyError BUSYGROUP if there is one of that name; if there is no such stream (unless `mkstream`), or the id or
   * `entriesread` is none; WRONGTYPE if the key holds something else
   * @example
   * store.xgroupCreate('events', 'mailers', '0', { mkstream: true });
   */
  xgroupCreate(key: Bytes, group: Bytes, id: string, options: XgroupCreateOptions = NO_OPTIONS): 'OK' {
    this.makeRoom();
    requireKnown(options, XGROUP_CREATE_OPTIONS);
    const name = this.input(key);
    const groupName = this.input(group);
    const read = entriesRead(options.entriesread);
    const { database } = this;
    let stream = database.getForWrite(name, STREAM);
    const event = stream === undefined ? streamEvents.groupCreateWithStream : streamEvents.groupCreate;
    if (stream === undefined && options.mkstream !== true) throw errors.groupNeedsKey();
    const lastDelivered = idOf(id, stream);
    if (stream === undefined) {
      stream = createStream(this.keyspace.limits);
      database.put(name, new Entry(STREAM, stream));
    } else if (stream.group(groupName) !== undefined) throw errors.groupExists();
    stream.addGroup(new ConsumerGroup(groupName, lastDelivered, stream.atMostAdded(read)));
    if (database.changed(name, event)) {
      database.effect(
        ...['XGROUP', 'CREATE', name, groupName, formatId(lastDelivered), 'MKSTREAM'],
        ...['ENTRIESREAD', String(read)],
      );
    }
    return 'OK';
  }

  /**
   * Sets the last id that a group was given: it goes on after it. O(1). Redis 5.0.0.
   *
   * @throws ReplyError NOGROUP if there is no such group; if there is no such stream, or the id or `entriesread` is none;
   * WRONGTYPE if the key holds something else
   */
  xgroupSetid(key: Bytes, group: Bytes, id: string, options: XgroupSetidOptions = NO_OPTIONS): 'OK' {
    requireKnown(options, XGROUP_SETID_OPTIONS);
    const name = this.input(key);
    const read = entriesRead(options.entriesread);
    const { stream, found } = this.streamGroup(name, this.input(group));
    // Here, and not where a group is made, Redis lets the ends of ranges be said, too.
    found.lastDelivered = id === '-' ? MIN_ID : id === '+' ? MAX_ID : idOf(id, stream);
    found.entriesRead = stream.atMostAdded(read);
    if (this.database.changed(name, streamEvents.groupSetid)) recordProgress(this.database, name, found);
    return 'OK';
  }

  /**
   * Removes a group, with all that is pending in it. Returns 1 if there was one, else 0. O(pending). Redis 5.0.0.
   *
   * @throws ReplyError if there is no such stream; WRONGTYPE if the key holds something else
   */
  xgroupDestroy(key: Bytes, group: Bytes): number {
    const name = this.input(key);
    const groupName = this.input(group);
    const { database } = this;
    const stream = database.getForWrite(name, STREAM);
    if (stream === undefined) throw errors.groupNeedsKey();
    if (stream.removeGroup(groupName) === undefined) return 0;
    if (database.changed(name, streamEvents.groupDestroy)) {
      database.effect('XGROUP', 'DESTROY', name, groupName);
    }
    return 1;
  }

  /**
   * Makes a consumer of a group; those who read are made when they first do. Returns 1 if it is new, else 0. O(1).
   * Redis 6.2.0.
   *
   * @throws ReplyError NOGROUP if there is no such group; if there is no such stream; WRONGTYPE if the key holds
   * something else
   */
  xgroupCreateconsumer(key: Bytes, group: Bytes, consumer: Bytes): number {
    this.makeRoom();
    const name = this.input(key);
    const { found } = this.streamGroup(name, this.input(group));
    const consumerName = this.input(consumer);
    if (found.consumer(consumerName) !== undefined) return 0;
    found.addConsumer(consumerName, this.keyspace.now());
    if (this.database.changed(name, streamEvents.createConsumer)) {
      this.database.effect('XGROUP', 'CREATECONSUMER', name, found.name, consumerName);
    }
    return 1;
  }

  /**
   * Removes a consumer of a group, with all that it has pending: claim that first, or nobody gets it. Returns how many
   * entries that was. O(pending · log n). Redis 5.0.0.
   *
   * @throws ReplyError NOGROUP if there is no such group; if there is no such stream; WRONGTYPE if the key holds
   * something else
   */
  xgroupDelconsumer(key: Bytes, group: Bytes, consumer: Bytes): number {
    const name = this.input(key);
    const { found } = this.streamGroup(name, this.input(group));
    const removed = found.removeConsumer(this.input(consumer));
    if (removed === undefined) return 0;
    if (this.database.changed(name, streamEvents.deleteConsumer)) {
      this.database.effect('XGROUP', 'DELCONSUMER', name, found.name, removed.name);
    }
    return removed.pending.size;
  }

  /** The stream and its group, about to be changed. */
  private streamGroup(key: ByteString, group: ByteString): { stream: Stream; found: ConsumerGroup } {
    const stream = this.database.getForWrite(key, STREAM);
    if (stream === undefined) throw errors.groupNeedsKey();
    const found = stream.group(group);
    if (found === undefined) throw errors.noGroup(group, key);
    return { stream, found };
  }
}

/** `$` is the last id of the stream. */
function idOf(id: string, stream: Stream | undefined): StreamId {
  return id === '$' ? (stream?.lastId ?? { ms: 0, seq: 0 }) : requireId(id);
}

function entriesRead(given: number | bigint | undefined): Integer {
  if (given === undefined) return UNKNOWN;
  const read = toInteger(requireInt64(given))!;
  if (read < -1) throw errors.entriesReadInvalid();
  return read;
}
