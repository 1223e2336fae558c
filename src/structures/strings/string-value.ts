import { type ByteString, byteLength, toBytes } from '../../bytes/byte-string.ts';
import { textBytes } from '../../bytes/text-bytes.ts';
import { errors } from '../../errors.ts';
import type { Database } from '../../keyspace/database.ts';
import { Entry, NEVER, type Stored, type ValueKind } from '../../keyspace/entry.ts';
import { isIntegerText } from '../../numbers/integer.ts';
import { RawString } from './raw-string.ts';
import { digest } from './xxh3.ts';

/** What an entry of strings holds. Without a TTL, well-formed text is not in an entry at all. */
export type StringValue = ByteString | RawString;

/** Above this, bytes that are no text are kept as bytes: a string of escapes takes twice their size. */
const LONGEST_ESCAPED_LENGTH = 64;
const LONGEST_EMBEDDED_BYTES = 44;

/** The string type. */
export const STRING: ValueKind<StringValue> = {
  type: 'string',
  isEmpty: () => false,
  size: lengthOf,
  clone: (value) => (typeof value === 'string' ? value : value.clone()),
  heapBytes: (value) => (typeof value === 'string' ? textBytes(value) : value.heapBytes),
  encoding: (value) => {
    if (typeof value === 'string' ? isIntegerText(value) : false) return 'int';
    if (typeof value !== 'string' && !value.isUntouched) return 'raw';
    return lengthOf(value) <= LONGEST_EMBEDDED_BYTES ? 'embstr' : 'raw';
  },
};

/**
 * The string a key holds.
 *
 * @throws ReplyError WRONGTYPE if it holds something else
 */
export function stringOf(stored: Stored): StringValue {
  if (typeof stored === 'string') return stored;
  if (stored.kind !== (STRING as ValueKind<unknown>)) throw errors.wrongType();
  return stored.value as StringValue;
}

/** Whether an entry holds a string. */
export function isString(entry: Entry): boolean {
  return entry.kind === (STRING as ValueKind<unknown>);
}

/** The inner form of a string value. */
export function byteStringOf(value: StringValue): ByteString {
  return typeof value === 'string' ? value : value.toByteString();
}

/** Whether a string value is this string. O(n). */
export function isSameString(value: StringValue, other: ByteString): boolean {
  return typeof value === 'string' ? value === other : value.equals(other);
}

/** The digest of a string value. O(n). */
export function digestOf(value: StringValue): string {
  return digest(typeof value === 'string' ? value : value.bytes);
}

/** How many bytes it has. */
export function lengthOf(value: StringValue): number {
  return typeof value === 'string' ? byteLength(value) : value.length;
}

/** What stands beside a key that holds this string and has no TTL. */
export function storedString(value: StringValue): Stored {
  if (typeof value === 'string' && value.isWellFormed()) return value;
  return new Entry(STRING, compact(value)) as Entry;
}

/** Makes the key hold this string and nothing else: no TTL. */
export function putString(database: Database, key: ByteString, value: StringValue): void {
  if (typeof value === 'string' && value.isWellFormed()) database.putText(key, value);
  else database.put(key, new Entry(STRING, compact(value)) as Entry);
}

/**
 * The string under the key in the form that is edited in place, remembered by a transaction; an empty one where there is
 * nothing. `found` is what the key holds now. There is room for `length` bytes. O(1), O(n) for the first edit of a text.
 *
 * @throws ReplyError WRONGTYPE if it holds something else
 * @throws RangeError if the host has not so much memory; nothing is changed then
 */
export function editableString(
  database: Database,
  key: ByteString,
  found: Stored | undefined,
  length = 0,
): RawString {
  const value = found === undefined ? '' : stringOf(found);
  if (typeof value !== 'string') {
    database.beforeChangeInPlace(key);
    return value;
  }
  const raw = RawString.from(value);
  raw.reserve(length);
  putStringKeepingExpiry(database, key, found, raw);
  return raw;
}

/** Above this, text whose bytes are looked at one by one is not spelt out again for each of them. */
const LONGEST_SPELT_LENGTH = 1024;

/**
 * The bytes of the string under the key, for reading. `found` is what the key holds now; long text is kept as bytes from then on,
 * of which nothing can be told from outside. O(1), O(n) for text, once.
 *
 * @throws ReplyError WRONGTYPE if it holds something else
 */
export function bytesUnder(database: Database, key: ByteString, found: Stored): Uint8Array {
  const value = stringOf(found);
  if (typeof value !== 'string') return value.bytes;
  if (value.length <= LONGEST_SPELT_LENGTH) return toBytes(value);
  const raw = RawString.madeOf(value);
  database.beforeChange(key);
  const entry = database.entryOf(key, found, STRING as ValueKind<unknown>);
  entry.value = raw;
  database.reformed(entry);
  return raw.bytes;
}

/** Makes the key hold this string and expire at that time. `old` is what it holds now. */
export function putStringExpiring(
  database: Database,
  key: ByteString,
  old: Stored | undefined,
  value: StringValue,
  atMs: number,
): void {
  if (typeof old === 'object' && old.kind === (STRING as ValueKind<unknown>)) {
    // The entry and its timer are used again: a session that is refreshed on each visit makes no garbage.
    database.beforeChange(key);
    old.value = compact(value);
    database.setExpiry(key, old, atMs);
    return;
  }
  const entry = new Entry(STRING, compact(value)) as Entry;
  entry.expiresAtMs = atMs;
  database.put(key, entry);
}

/** Makes the key hold this string, and leaves the TTL it has. `old` is what it holds now. */
export function putStringKeepingExpiry(
  database: Database,
  key: ByteString,
  old: Stored | undefined,
  value: StringValue,
): void {
  if (typeof old === 'string' && typeof value === 'string' && value.isWellFormed()) {
    database.replaceText(key, old, value);
  } else if (typeof old !== 'object' || old.expiresAtMs === NEVER) {
    putString(database, key, value);
  } else if (old.kind === (STRING as ValueKind<unknown>)) {
    database.beforeChange(key);
    old.value = compact(value);
    // SETBIT may find that the bit is as it should be, and then says nothing of a change.
    database.reformed(old);
  } else {
    putStringExpiring(database, key, old, value, old.expiresAtMs);
  }
}

/**
 * Whether every string of JavaScript that was ever put into an entry was well-formed, in any store: then GET need not look
 * through it. Programs that keep bytes which are no text pay for the look from then on.
 */
export let entriesHoldText = true;

/** The form in which an entry keeps it: all that it holds comes by here, but for text that is known to be well-formed. */
function compact(value: StringValue): StringValue {
  if (typeof value !== 'string' || value.isWellFormed()) return value;
  if (value.length > LONGEST_ESCAPED_LENGTH) return RawString.madeOf(value);
  entriesHoldText = false;
  return value;
}
