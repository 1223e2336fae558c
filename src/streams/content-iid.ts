import type { ByteString } from '../bytes/byte-string.ts';
import { toBytes } from '../bytes/byte-string.ts';
import { xxh3 } from '../structures/strings/xxh3.ts';

/** Up to so many units the text itself is the id. */
const LONGEST_TEXT = 128;

/**
 * The id of a message by what it says, for XADD with IDMPAUTO: the same for the same pairs of fields and values, in
 * whatever order they come, as in Redis.
 *
 * It is a text of the pairs, each field and value with its length before it, the pairs in order; that of a short message
 * stands for itself. It takes a fifth of the time of a hash, and no two messages share one. A long message would be kept
 * twice over; its text is hashed to 64 bits, which with its length beside it are shared by two of the ten thousand messages
 * at most that a producer is remembered by with a chance of less than 10^-11.
 *
 * What producers call their messages and what these are called lie in one place. The mark at the front keeps them apart,
 * unless a producer means to mix them up.
 *
 * @param fields the fields of the message, with repetitions
 * @param values as many values
 * @returns O(n log n + length) for n pairs
 */
export function contentIid(fields: readonly ByteString[], values: readonly ByteString[]): ByteString {
  const pairs = fields.map((field, at) => pairText(field, values[at]!));
  if (pairs.length > 1) pairs.sort();
  const text = pairs.join('');
  if (text.length <= LONGEST_TEXT) return `\0content\0${text}`;
  const bytes = toBytes(text);
  return `\0content\0#${bytes.length}:${xxh3(bytes).toString(16)}`;
}

function pairText(field: ByteString, value: ByteString): string {
  return `${field.length}:${field}${value.length}:${value}`;
}
