import type { ByteString } from '../bytes/byte-string.ts';
import type { Integer } from './integer.ts';

/**
 * Unsigned 64-bit integers, exact, in the form of an `Integer`: a number up to 2^53 − 1, a bigint only beyond, so that
 * `===` compares and the ordinary case never allocates.
 */

/** The greatest unsigned 64-bit integer, 2^64 − 1. */
export const MAX_UINT64 = 2n ** 64n - 1n;

const MODULUS = 2n ** 64n;
const PLAIN_DIGITS = /^\d{1,15}$/;
/** What C's strtoull accepts in base ten: blanks, a sign, digits, and nothing after them. */
const LOOSE = /^[\t\n\v\f\r ]*([+-]?)(\d+)$/;
/** What Redis reads by its own strict rule, before it asks C. */
const STRICT_NEGATIVE = /^-[1-9]\d*$/;

/**
 * The number that a token spells, by the rule Redis has for unsigned ones, or `undefined`: blanks, a plus sign and zeros
 * may come first; a negative number is none if spelt canonically, and otherwise wraps around. O(length).
 */
export function parseUnsigned(token: ByteString): Integer | undefined {
  if (PLAIN_DIGITS.test(token)) return Number(token);
  if (STRICT_NEGATIVE.test(token) && BigInt(token) >= -(2n ** 63n)) return undefined;
  const match = LOOSE.exec(token);
  if (match === null) return undefined;
  const magnitude = BigInt(match[2]!);
  if (magnitude > MAX_UINT64) return undefined;
  return toUnsigned(match[1] === '-' ? (MODULUS - magnitude) % MODULUS : magnitude);
}

/** The one form of a bigint in range. */
export function toUnsigned(value: bigint): Integer {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** Negative, zero or positive. */
export function compareUnsigned(a: Integer, b: Integer): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The next one, `undefined` after 2^64 − 1. */
export function successor(value: Integer): Integer | undefined {
  if (typeof value === 'number' && value < Number.MAX_SAFE_INTEGER) return value + 1;
  const next = BigInt(value) + 1n;
  return next > MAX_UINT64 ? undefined : toUnsigned(next);
}

/** The one before, `undefined` before 0. */
export function predecessor(value: Integer): Integer | undefined {
  if (typeof value === 'number') return value === 0 ? undefined : value - 1;
  return toUnsigned(value - 1n);
}

/** `a + b`, which is in range. Exact. */
export function addUnsigned(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (sum <= Number.MAX_SAFE_INTEGER) return sum;
  }
  return toUnsigned(BigInt(a) + BigInt(b));
}

/** `a - b`, which is not negative. Exact. */
export function subtractUnsigned(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return toUnsigned(BigInt(a) - BigInt(b));
}

/** What C makes of `a - b` when it puts that in a signed 64-bit integer. Exact. */
export function signedDifference(a: Integer, b: Integer): Integer {
  const difference = exactDifference(a, b);
  if (typeof difference === 'number') return difference;
  const wrapped = BigInt.asIntN(64, difference);
  const plain = Number(wrapped);
  return Number.isSafeInteger(plain) ? plain : wrapped;
}

/** `a - b`, negative or not. Exact. */
export function exactDifference(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const difference = BigInt(a) - BigInt(b);
  const plain = Number(difference);
  return Number.isSafeInteger(plain) ? plain : difference;
}
