import type { ByteString } from '../../bytes/byte-string.ts';
import type { Limits } from '../../keyspace/limits.ts';
import type { Integer } from '../../numbers/integer.ts';
import { toUnsigned } from '../../numbers/unsigned.ts';
import type { Consumer } from '../../streams/consumer.ts';
import { ConsumerGroup } from '../../streams/consumer-group.ts';
import { LogBlock } from '../../streams/log-block.ts';
import { SortedById } from '../../streams/sorted-by-id.ts';
import { Stream, UNKNOWN } from '../../streams/stream.ts';
import { compareIds, equalIds, MIN_ID, type StreamId } from '../../streams/stream-id.ts';
import { StreamLog } from '../../streams/stream-log.ts';
import { createStream } from '../../streams/stream-value.ts';
import { type ByteReader, joinUnsigned } from './byte-reader.ts';
import { CorruptValue, demand } from './corrupt-value.ts';
import { readLength, readLengthExact } from './lengths.ts';
import { ListpackReader } from './listpack.ts';
import {
  DELETED,
  GREATEST_COUNT,
  HAS_HEAD_FIELDS,
  STREAM_TYPES,
  type StreamType,
  UNKNOWN_READ,
} from './stream-layout.ts';
import { readRawString, readString } from './strings.ts';

/** The least that one of each takes, in bytes: more of them than that allows are not believed to follow. */
const LEAST_BYTES = {
  block: 2,
  group: 5,
  pending: 25,
  consumer: 10,
  id: 16,
  producer: 2,
  message: 3,
} as const;
const LONGEST_DURATION_SECONDS = 86_400;
const GREATEST_MAX_SIZE = 10_000;

/**
 * Reads a stream of this type, the type byte excluded. Nothing is believed: ids ascend, counts are right, what is pending has
 * one who has it. O(bytes).
 *
 * @throws CorruptValue if it is none
 */
export function readStream(reader: ByteReader, type: StreamType, limits: Limits): Stream {
  const log = readLog(reader);
  const length = readLength(reader);
  demand(length === log.length, 'a stream of another length');
  const lastId = readId(reader);
  const { last } = log;
  demand(last === undefined || compareIds(last, lastId) <= 0, 'an entry after the last');
  let maxDeletedId = MIN_ID;
  let entriesAdded: Integer = length;
  if (type >= STREAM_TYPES.counted) {
    // The first id, which the entries tell.
    readId(reader);
    maxDeletedId = readId(reader);
    entriesAdded = readLengthExact(reader);
    demand(entriesAdded >= length, 'fewer entries added than there are');
  }
  const { idempotencyLimits } = createStream(limits);
  const stream = new Stream(log, idempotencyLimits.durationMs, idempotencyLimits.maxSize);
  stream.lastId = lastId;
  stream.maxDeletedId = maxDeletedId;
  stream.entriesAdded = entriesAdded;
  const groupCount = readFew(reader, LEAST_BYTES.group);
  for (let left = groupCount; left > 0; left--) {
    const group = readGroup(reader, type, stream);
    demand(stream.group(group.name) === undefined, 'two groups of one name');
    stream.addGroup(group);
  }
  if (type >= STREAM_TYPES.named) readNames(reader, stream);
  return stream;
}

/** How many things follow, each of which takes at least so many bytes. */
function readFew(reader: ByteReader, leastBytes: number): number {
  const count = readLength(reader);
  reader.requireRemaining(count * leastBytes, 'more than there are bytes for');
  return count;
}

function readId(reader: ByteReader): StreamId {
  const ms = readLengthExact(reader);
  return { ms, seq: readLengthExact(reader) };
}

function readRawId(reader: ByteReader): StreamId {
  const ms = readUint64BigEndian(reader);
  return { ms, seq: readUint64BigEndian(reader) };
}

function readUint64BigEndian(reader: ByteReader): Integer {
  const high = reader.readUint32BigEndian();
  return joinUnsigned(high, reader.readUint32BigEndian());
}

/** A time in milliseconds, or -1. */
function readTime(reader: ByteReader): number {
  const time = reader.readInt64();
  demand(typeof time === 'number', 'a time that no clock tells');
  return time;
}

// ── entries ────────────────────────────────────────────────────────────────────────────────────────────────

function readLog(reader: ByteReader): StreamLog {
  const blockCount = readFew(reader, LEAST_BYTES.block);
  const blocks: LogBlock[] = [];
  let before: LogBlock | undefined;
  for (let left = blockCount; left > 0; left--) {
    const id = readRawString(reader);
    demand(id.length === LEAST_BYTES.id, 'a block without an id');
    const block = readBlock(rawIdOf(id), new ListpackReader(readRawString(reader)), before);
    demand(before === undefined || compareIds(before.lastId, block) < 0, 'blocks that overlap');
    blocks.push(block);
    before = block;
  }
  return StreamLog.of(blocks);
}

function rawIdOf(bytes: Uint8Array): StreamId {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const half = (at: number) => joinUnsigned(view.getUint32(at), view.getUint32(at + 4));
  return { ms: half(0), seq: half(8) };
}

function nextText(parts: ListpackReader): ByteString {
  demand(parts.next(), 'a listpack that ends too early');
  return parts.text();
}

function nextInteger(parts: ListpackReader): Integer {
  demand(parts.next(), 'a listpack that ends too early');
  const value = parts.integer();
  demand(value !== undefined, 'no integer where one has to be');
  return value;
}

/** A number of parts that are yet to come. */
function nextCount(parts: ListpackReader): number {
  const value = nextInteger(parts);
  demand(typeof value === 'number' && value >= 0, 'no count where one has to be');
  demand(value <= parts.remainingBytes, 'a listpack that ends too early');
  return value;
}

function readBlock(id: StreamId, parts: ListpackReader, before: LogBlock | undefined): LogBlock {
  const live = nextInteger(parts);
  const deleted = nextInteger(parts);
  const headFields: ByteString[] = [];
  for (let left = nextCount(parts); left > 0; left--) headFields.push(nextText(parts));
  demand(nextInteger(parts) === 0, 'a head without an end');
  const block = LogBlock.headed(id, headFields, before);
  const shared = block.headFields;
  let lastId: StreamId | undefined;
  let deletedHere = 0;
  while (parts.next()) {
    const from = parts.count;
    const flags = parts.integer();
    demand(typeof flags === 'number', 'no integer where one has to be');
    demand(flags >= 0 && flags <= (DELETED | HAS_HEAD_FIELDS), 'flags that mean nothing');
    const ms = sum(id.ms, nextInteger(parts));
    const entryId = { ms, seq: sum(id.seq, nextInteger(parts)) };
    demand(compareIds(lastId ?? id, entryId) <= 0, 'an id before the one before it');
    demand(lastId === undefined || !equalIds(lastId, entryId), 'an id that comes twice');
    demand(!equalIds(entryId, MIN_ID), 'the id 0-0');
    lastId = entryId;
    const hasHeadFields = (flags & HAS_HEAD_FIELDS) !== 0;
    const count = hasHeadFields ? shared.length : nextCount(parts);
    demand(count > 0, 'an entry without fields');
    const fields: ByteString[] = [];
    const values: ByteString[] = [];
    for (let left = count; left > 0; left--) {
      if (!hasHeadFields) fields.push(nextText(parts));
      values.push(nextText(parts));
    }
    demand(nextInteger(parts) === parts.count - from, 'an entry that cannot be read backwards');
    const isDeleted = (flags & DELETED) !== 0;
    if (isDeleted) {
      block.appendDeleted(entryId, hasHeadFields ? shared : fields, values);
      deletedHere++;
    } else block.append(entryId, hasHeadFields ? shared : fields, values);
  }
  demand(block.length === live && deletedHere === deleted, 'a block with another number of entries');
  demand(lastId !== undefined, 'a block without entries');
  return block;
}

/** The unsigned sum, which wraps around as C's does: differences were written that way. */
function sum(base: Integer, difference: Integer): Integer {
  if (typeof base === 'number' && typeof difference === 'number') {
    const plain = base + difference;
    if (plain >= 0 && plain <= Number.MAX_SAFE_INTEGER) return plain;
  }
  return toUnsigned(BigInt.asUintN(64, BigInt(base) + BigInt(difference)));
}

// ── groups ─────────────────────────────────────────────────────────────────────────────────────────────────

/** What is pending, until it is known who has it. */
interface Unassigned extends StreamId {
  readonly deliveredAtMs: number;
  readonly deliveryCount: Integer;
  consumer: Consumer | undefined;
  isReleased: boolean;
}

function readGroup(reader: ByteReader, type: StreamType, stream: Stream): ConsumerGroup {
  const name = readString(reader);
  const lastDelivered = readId(reader);
  const entriesRead =
    type >= STREAM_TYPES.counted ? readEntriesRead(reader) : stream.estimateRead(lastDelivered);
  const group = new ConsumerGroup(name, lastDelivered, stream.atMostAdded(entriesRead));
  const pending = readPending(reader);
  for (let left = readFew(reader, LEAST_BYTES.consumer); left > 0; left--) {
    readConsumer(reader, type, group, pending);
  }
  const released: Unassigned[] = [];
  if (type >= STREAM_TYPES.released) {
    for (let left = readFew(reader, LEAST_BYTES.id); left > 0; left--) {
      const entry = takeUnassigned(pending, readRawId(reader));
      entry.isReleased = true;
      released.push(entry);
    }
  }
  for (const entry of pending) {
    const { consumer, deliveredAtMs, deliveryCount } = entry;
    if (consumer !== undefined) group.deliver(entry, consumer, deliveredAtMs, deliveryCount);
    else demand(entry.isReleased, 'something pending that nobody has');
  }
  // In the order of their release, which is not that of their ids.
  for (const entry of released) group.addReleased(entry, entry.deliveryCount);
  return group;
}

function readEntriesRead(reader: ByteReader): Integer {
  const count = readLengthExact(reader);
  if (count === UNKNOWN_READ) return UNKNOWN;
  demand(count <= GREATEST_COUNT, 'a negative number of entries read');
  return count;
}

function readPending(reader: ByteReader): SortedById<Unassigned> {
  const pending = new SortedById<Unassigned>();
  for (let left = readFew(reader, LEAST_BYTES.pending); left > 0; left--) {
    const { ms, seq } = readRawId(reader);
    const deliveredAtMs = readTime(reader);
    const deliveryCount = readLengthExact(reader);
    demand(deliveryCount <= GREATEST_COUNT, 'too many deliveries');
    const entry = { ms, seq, deliveredAtMs, deliveryCount, consumer: undefined, isReleased: false };
    demand(pending.set(entry) === undefined, 'something pending twice');
  }
  return pending;
}

function readConsumer(
  reader: ByteReader,
  type: StreamType,
  group: ConsumerGroup,
  pending: SortedById<Unassigned>,
): void {
  const name = readString(reader);
  demand(group.consumer(name) === undefined, 'two consumers of one name');
  const seenAtMs = readTime(reader);
  const consumer = group.addConsumer(name, seenAtMs);
  consumer.activeAtMs = type >= STREAM_TYPES.active ? readTime(reader) : seenAtMs;
  for (let left = readFew(reader, LEAST_BYTES.id); left > 0; left--) {
    takeUnassigned(pending, readRawId(reader)).consumer = consumer;
  }
}

/** What is pending under this id, and nobody's yet. */
function takeUnassigned(pending: SortedById<Unassigned>, id: StreamId): Unassigned {
  const entry = pending.get(id);
  if (entry === undefined) throw new CorruptValue('a consumer has what is not pending');
  demand(entry.consumer === undefined && !entry.isReleased, 'two have the same');
  return entry;
}

// ── names of messages ──────────────────────────────────────────────────────────────────────────────────────

/** The names of messages that the stream remembers. */
function readNames(reader: ByteReader, stream: Stream): void {
  const seconds = readLength(reader);
  const maxSize = readLength(reader);
  demand(seconds >= 1 && seconds <= LONGEST_DURATION_SECONDS, 'a time that cannot be set');
  demand(maxSize >= 1 && maxSize <= GREATEST_MAX_SIZE, 'a number that cannot be set');
  const idempotency = stream.startIdempotency();
  idempotency.configure({ durationMs: seconds * 1000, maxSize });
  const producers = new Set<ByteString>();
  for (let left = readFew(reader, LEAST_BYTES.producer); left > 0; left--) {
    const producer = readString(reader);
    demand(!producers.has(producer), 'two producers of one name');
    producers.add(producer);
    const iids = new Set<ByteString>();
    const count = readFew(reader, LEAST_BYTES.message);
    demand(count <= maxSize, 'more messages than are remembered');
    for (let message = count; message > 0; message--) {
      const iid = readString(reader);
      demand(!iids.has(iid), 'two messages of one name');
      iids.add(iid);
      const id = readId(reader);
      idempotency.recordAgain(producer, iid, id);
    }
  }
  idempotency.addedCount = readLength(reader);
  idempotency.duplicateCount = readLength(reader);
}
