import { type ByteString, byteLength } from '../bytes/byte-string.ts';
import type { Integer } from '../numbers/integer.ts';
import type { QuickList } from './lists/quick-list.ts';

/**
 * How many bytes Redis's listpack would take for the same elements: what decides between a list's encodings
 * `listpack` and `quicklist`, and where a block of a stream ends. An entry is a header that also says how long it is,
 * its bytes (or, for text that is an integer, the integer), and its length again for the way back.
 *
 *     listpack   total 4 │ count 2 │ entry … entry │ end 1
 *     entry      header 1, 2 or 5 │ bytes │ length 1 … 5
 */

/** What a listpack takes besides its entries. */
export const LISTPACK_OVERHEAD_BYTES = 7;

/** The bytes of a listpack of this list, or some number above `limitBytes` if it takes more. O(limitBytes) at most. */
export function listpackBytes(list: QuickList, limitBytes: number): number {
  let total = LISTPACK_OVERHEAD_BYTES;
  list.findIndex(0, 1, (value) => {
    total += listpackEntryBytes(value);
    return total > limitBytes;
  });
  return total;
}

/** The bytes of the listpack entry of `value`. O(length). */
export function listpackEntryBytes(value: ByteString): number {
  const integerBytes = value.length <= LONGEST_INTEGER ? integerEntryBytes(value) : 0;
  if (integerBytes > 0) return integerBytes + 1;
  const length = byteLength(value);
  const encoded = length + (length < 64 ? 1 : length < 4096 ? 2 : 5);
  return encoded + backLengthBytes(encoded);
}

/** The bytes of the listpack entry of an integer. O(1). */
export function listpackIntegerBytes(value: Integer): number {
  if (typeof value === 'bigint') return INTEGER_64_BYTES;
  return encodedIntegerBytes(value < 0, Math.abs(value)) + 1;
}

/** An entry's own length, seven bits to the byte; one less than what fits already takes the next byte. */
function backLengthBytes(encoded: number): number {
  if (encoded <= 127) return 1;
  if (encoded < 16383) return 2;
  if (encoded < 2097151) return 3;
  return encoded < 268435455 ? 4 : 5;
}

/** The header and integer of a canonical 64-bit integer, or 0 for other text. */
function integerEntryBytes(value: ByteString): number {
  const negative = value.charCodeAt(0) === MINUS;
  const from = negative ? 1 : 0;
  const digits = value.length - from;
  const first = value.charCodeAt(from);
  if (!(first >= ZERO && first <= NINE)) return 0;
  if (first === ZERO) return value.length === 1 ? 1 : 0;
  let magnitude = 0;
  for (let at = from; at < value.length; at++) {
    const digit = value.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return 0;
    magnitude = magnitude * 10 + digit;
  }
  if (digits > 19) return 0;
  // Digits of equal number compare as text; doubles could not tell these bounds apart.
  if (digits === 19 && value.slice(from) > (negative ? '9223372036854775808' : '9223372036854775807'))
    return 0;
  return encodedIntegerBytes(negative, magnitude);
}

/** The header and bytes of an integer. */
function encodedIntegerBytes(negative: boolean, magnitude: number): number {
  if (!negative && magnitude <= 127) return 1;
  const reach = negative ? magnitude - 1 : magnitude;
  if (reach < 2 ** 12) return 2;
  if (reach < 2 ** 15) return 3;
  if (reach < 2 ** 23) return 4;
  return reach < 2 ** 31 ? 5 : 9;
}

/** With its header and its length. */
const INTEGER_64_BYTES = 10;
const LONGEST_INTEGER = 20;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
