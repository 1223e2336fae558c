import type { ByteString } from '../../bytes/byte-string.ts';

/** Whether it is a signed 64-bit integer in the one decimal spelling that prints back the same. O(1). */
export function isIntegerMember(member: ByteString): boolean {
  const length = member.length;
  if (length === 0 || length > 20) return false;
  const negative = member.charCodeAt(0) === MINUS;
  const start = negative ? 1 : 0;
  const digits = length - start;
  if (digits === 0 || digits > 19) return false;
  const first = member.charCodeAt(start);
  if (first === ZERO) return length === 1;
  for (let at = start; at < length; at++) {
    const unit = member.charCodeAt(at);
    if (unit < ZERO || unit > NINE) return false;
  }
  // Of 19 digits the host's order of strings is the order of the numbers.
  return digits < 19 || member.slice(start) <= (negative ? LARGEST_NEGATIVE : LARGEST_POSITIVE);
}

/** The order of the numbers, of two that satisfy {@link isIntegerMember}. O(1). */
export function compareIntegerMembers(a: ByteString, b: ByteString): number {
  const isNegative = a.charCodeAt(0) === MINUS;
  if (isNegative !== (b.charCodeAt(0) === MINUS)) return isNegative ? -1 : 1;
  // Of one sign the longer is further from 0, and of one length the host's order of strings is that of the digits.
  const further = a.length !== b.length ? a.length - b.length : a < b ? -1 : a > b ? 1 : 0;
  return isNegative ? -further : further;
}

const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const LARGEST_POSITIVE = '9223372036854775807';
const LARGEST_NEGATIVE = '9223372036854775808';
