import type { ByteString } from '../../../src/bytes/byte-string.ts';
import { Entry, type Stored } from '../../../src/keyspace/entry.ts';
import { defaultLimits, type Limits } from '../../../src/keyspace/limits.ts';
import { ByteReader } from '../../../src/persistence/rdb/byte-reader.ts';
import { ByteWriter } from '../../../src/persistence/rdb/byte-writer.ts';
import { CorruptValue } from '../../../src/persistence/rdb/corrupt-value.ts';
import { crc64 } from '../../../src/persistence/rdb/crc64.ts';
import type { ReadContext } from '../../../src/persistence/rdb/value-form.ts';
import { readValue, writeValue } from '../../../src/persistence/rdb/values.ts';
import { HashTable } from '../../../src/structures/hashes/hash-table.ts';
import { ListValue } from '../../../src/structures/lists/list-value.ts';
import { MemberSet } from '../../../src/structures/sets/member-set.ts';
import { SortedSetValue } from '../../../src/structures/sorted-sets/sorted-set-value.ts';
import { RawString } from '../../../src/structures/strings/raw-string.ts';

/** A value's type byte and bytes, and the version that knows them. */
export function written(
  stored: Stored,
  { limits = defaultLimits(), compress = true }: { limits?: Limits; compress?: boolean } = {},
): { body: Uint8Array; version: number } {
  const writer = new ByteWriter();
  const version = writeValue(writer, stored, { limits, compress });
  return { body: writer.take(), version };
}

/** The value that these bytes are, all of them. */
export function readBack(body: Uint8Array, limits: Limits = defaultLimits()): Stored {
  const reader = new ByteReader(body);
  const stored = readValue(reader, contextOf(limits));
  if (reader.remaining > 0) throw new Error(`${reader.remaining} bytes are left`);
  checkStored(stored);
  return stored;
}

/** What came of reading: the value, or undefined if the bytes are none. Any other failure is thrown. */
export function readOrRefuse(body: Uint8Array, limits: Limits = defaultLimits()): Stored | undefined {
  try {
    const stored = readValue(new ByteReader(body), contextOf(limits));
    checkStored(stored);
    return stored;
  } catch (error) {
    if (error instanceof CorruptValue) return undefined;
    throw error;
  }
}

/** What DUMP answers for such bytes, and RESTORE takes. */
export function payload(body: Uint8Array, version = 10): Uint8Array {
  const writer = new ByteWriter();
  writer.writeBytes(body);
  writer.writeUint16(version);
  const [high, low] = crc64(writer.written);
  writer.writeUint32(low);
  writer.writeUint32(high);
  return writer.take();
}

/** The type byte and the value of what DUMP answered. */
export function bodyOf(dumped: Uint8Array): Uint8Array {
  return dumped.subarray(0, dumped.length - 10);
}

function contextOf(limits: Limits): ReadContext {
  return { limits, random: () => 0.5, vectorSets: { next: 0 } };
}

function checkStored(stored: Stored): void {
  if (typeof stored === 'string') {
    if (!stored.isWellFormed()) throw new Error('a bare string that is no text');
  } else if (typeof stored.value !== 'string') {
    (stored.value as { checkInvariants(): void }).checkInvariants();
  }
}

/** All that is to be seen of a value, in a form that can be compared. */
export function seen(stored: Stored): unknown {
  if (typeof stored === 'string') return { type: 'string', value: stored };
  const { kind, value } = stored;
  const encoding = kind.encoding(value, defaultLimits());
  if (value instanceof RawString) return { type: kind.type, value: value.toByteString() };
  if (value instanceof ListValue) return { type: kind.type, encoding, elements: value.elements.toArray() };
  if (value instanceof MemberSet) return { type: kind.type, encoding, members: [...value] };
  if (value instanceof SortedSetValue) {
    const members: [ByteString, number][] = [];
    value.forEach(0, value.size - 1, false, (member, score) => {
      members.push([member, score]);
    });
    return { type: kind.type, encoding, members };
  }
  if (value instanceof HashTable) {
    const fields: unknown[] = [];
    value.forEach((field, held) => {
      fields.push([field, held, value.expiresAt(field)]);
    });
    return { type: kind.type, encoding, fields };
  }
  return { type: kind.type, value };
}

/** A hash's fields in an order of their own: a listpack of fields with times has them in the order of these. */
export function seenSorted(stored: Stored): unknown {
  const all = seen(stored) as { fields?: unknown[]; members?: unknown[] };
  all.fields?.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return all;
}

export function entryOf(stored: Stored): Entry {
  if (!(stored instanceof Entry)) throw new Error('no entry');
  return stored;
}

/** Bytes from their hexadecimal digits; blanks do not count. */
export function hex(digits: string): Uint8Array {
  const plain = digits.replace(/\s/g, '');
  return Uint8Array.from({ length: plain.length / 2 }, (_, at) =>
    Number.parseInt(plain.slice(2 * at, 2 * at + 2), 16),
  );
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
