import type { ByteString } from '../../bytes/byte-string.ts';
import { textBytes } from '../../bytes/text-bytes.ts';

/**
 * What stands at one place of an array: nothing, a byte string, or, for text that spells a small integer, the integer.
 *
 * Arrays are full of numbers, and a small integer fits into the word that would otherwise point to its text: a slot of
 * it takes eight bytes in all, where the text takes sixteen or more besides.
 */
export type Slot = ByteString | number | undefined;

/** More digits than this may not fit: engines keep integers of 31 bits within the word. */
const MOST_DIGITS = 9;
const MINUS = 0x2d;
const ZERO = 0x30;

/** The slot that holds this value. O(1). */
export function slotOf(value: ByteString): ByteString | number {
  const length = value.length;
  if (length === 0 || length > MOST_DIGITS + 1) return value;
  const isNegative = value.charCodeAt(0) === MINUS;
  let at = isNegative ? 1 : 0;
  const digits = length - at;
  if (digits === 0 || digits > MOST_DIGITS) return value;
  let magnitude = value.charCodeAt(at++) - ZERO;
  // Only the one canonical spelling of an integer comes back from it.
  if (magnitude < 1 || magnitude > 9) return magnitude === 0 && length === 1 ? 0 : value;
  for (; at < length; at++) {
    const digit = value.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return value;
    magnitude = magnitude * 10 + digit;
  }
  return isNegative ? -magnitude : magnitude;
}

/** What a slot takes of the host's memory besides its place. */
export function slotTextBytes(slot: Slot): number {
  return typeof slot === 'string' ? textBytes(slot) : 0;
}

/** The value that a slot holds. */
export function valueIn(slot: ByteString | number): ByteString {
  return typeof slot === 'string' ? slot : String(slot);
}
