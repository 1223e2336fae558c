import { signedDifference } from '../../numbers/unsigned.ts';
import type { ConsumerGroup } from '../../streams/consumer-group.ts';
import type { LogBlock } from '../../streams/log-block.ts';
import type { PendingEntry } from '../../streams/pending-entry.ts';
import { type Stream, UNKNOWN } from '../../streams/stream.ts';
import type { StreamId } from '../../streams/stream-id.ts';
import { ByteWriter } from './byte-writer.ts';
import { writeLength } from './lengths.ts';
import { freshListpackWriter, type ListpackWriter } from './listpack.ts';
import { DELETED, HAS_HEAD_FIELDS, STREAM_TYPES, type StreamType, UNKNOWN_READ } from './stream-layout.ts';
import { type StringOptions, writeRawString, writeString } from './strings.ts';

/** What is written of an id where it is 16 bytes. */
const scratch = new ByteWriter(16);

/** Writes a stream as a type that says all of it (see `typeFor`), the type byte excluded. O(n). */
export function writeStream(
  writer: ByteWriter,
  stream: Stream,
  type: StreamType,
  options: StringOptions,
): void {
  const { log } = stream;
  writeLength(writer, log.blockCount);
  const listpack = freshListpackWriter();
  for (const block of log.blocks()) {
    scratch.clear();
    writeRawId(scratch, block);
    writeRawString(writer, scratch.written, options);
    writeRawString(writer, listpackOf(block, listpack), options);
  }
  writeLength(writer, stream.length);
  writeId(writer, stream.lastId);
  writeId(writer, stream.firstId);
  writeId(writer, stream.maxDeletedId);
  writeLength(writer, stream.entriesAdded);
  writeLength(writer, stream.groupCount);
  for (const group of stream.groups()) writeGroup(writer, group, type, options);
  if (type >= STREAM_TYPES.named) writeNames(writer, stream, options);
}

function writeId(writer: ByteWriter, { ms, seq }: StreamId): void {
  writeLength(writer, ms);
  writeLength(writer, seq);
}

function writeRawId(writer: ByteWriter, { ms, seq }: StreamId): void {
  writeUint64BigEndian(writer, ms);
  writeUint64BigEndian(writer, seq);
}

function writeUint64BigEndian(writer: ByteWriter, value: number | bigint): void {
  if (typeof value === 'number') {
    writer.writeUint32BigEndian(Math.floor(value / 2 ** 32));
    writer.writeUint32BigEndian(value % 2 ** 32);
  } else {
    writer.writeUint32BigEndian(Number(value >> 32n));
    writer.writeUint32BigEndian(Number(value & 0xffffffffn));
  }
}

/** The listpack that Redis keeps these entries in, until `listpack` is used again. */
function listpackOf(block: LogBlock, listpack: ListpackWriter): Uint8Array {
  const { headFields } = block;
  let deleted = 0;
  block.forEachEver((_entry, isDeleted) => {
    if (isDeleted) deleted++;
  });
  listpack.clear();
  listpack.addInteger(block.length);
  listpack.addInteger(deleted);
  listpack.addInteger(headFields.length);
  for (const field of headFields) listpack.add(field);
  listpack.addInteger(0);
  block.forEachEver(({ ms, seq, fields, values }, isDeleted) => {
    const hasHeadFields = areEqual(fields, headFields);
    listpack.addInteger((isDeleted ? DELETED : 0) | (hasHeadFields ? HAS_HEAD_FIELDS : 0));
    listpack.addInteger(signedDifference(ms, block.ms));
    listpack.addInteger(signedDifference(seq, block.seq));
    if (!hasHeadFields) listpack.addInteger(fields.length);
    for (let at = 0; at < values.length; at++) {
      if (!hasHeadFields) listpack.add(fields[at]!);
      listpack.add(values[at]!);
    }
    listpack.addInteger(hasHeadFields ? values.length + 3 : 2 * values.length + 4);
  });
  return listpack.end();
}

function areEqual(a: readonly string[], b: readonly string[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

function writeGroup(
  writer: ByteWriter,
  group: ConsumerGroup,
  type: StreamType,
  options: StringOptions,
): void {
  writeString(writer, group.name, options);
  writeId(writer, group.lastDelivered);
  writeLength(writer, group.entriesRead === UNKNOWN ? UNKNOWN_READ : group.entriesRead);
  writeLength(writer, group.pending.size);
  const released: PendingEntry[] = [];
  for (const entry of group.pending) {
    writeRawId(writer, entry);
    writer.writeUint64(entry.deliveredAtMs);
    writeLength(writer, entry.deliveryCount);
    if (entry.consumer === undefined) released.push(entry);
  }
  writeLength(writer, group.consumerCount);
  for (const { name, seenAtMs, activeAtMs, pending } of group.consumers()) {
    writeString(writer, name, options);
    writer.writeUint64(seenAtMs);
    if (type >= STREAM_TYPES.active) writer.writeUint64(activeAtMs);
    writeLength(writer, pending.size);
    for (const entry of pending) writeRawId(writer, entry);
  }
  if (type < STREAM_TYPES.released) return;
  writeLength(writer, released.length);
  for (const entry of released.sort((a, b) => a.turn - b.turn)) writeRawId(writer, entry);
}

function writeNames(writer: ByteWriter, stream: Stream, options: StringOptions): void {
  const { idempotency, idempotencyLimits } = stream;
  writeLength(writer, Math.floor(idempotencyLimits.durationMs / 1000));
  writeLength(writer, idempotencyLimits.maxSize);
  const producers = idempotency?.heldByProducer() ?? [];
  writeLength(writer, producers.length);
  for (const [producer, messages] of producers) {
    writeString(writer, producer, options);
    writeLength(writer, messages.length);
    for (const { iid, id } of messages) {
      writeString(writer, iid, options);
      writeId(writer, id);
    }
  }
  writeLength(writer, idempotency?.addedCount ?? 0);
  writeLength(writer, idempotency?.duplicateCount ?? 0);
}
