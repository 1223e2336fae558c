import type { ByteString } from '../bytes/byte-string.ts';

/**
 * Signed 64-bit integers, exact.
 *
 * An `Integer` is a JavaScript number while it is safe (|value| ≤ 2^53 − 1) and a bigint only beyond, so that
 * the ordinary case never allocates. The form is unique: two equal Integers are `===`, which also means that a
 * bigint in the safe range, and −0, are not Integers.
 */
export type Integer = number | bigint;

/** The least signed 64-bit integer, −2^63. */
export const MIN_INT64 = -(2n ** 63n);
/** The greatest signed 64-bit integer, 2^63 − 1. */
export const MAX_INT64 = 2n ** 63n - 1n;

const MAX_SAFE = Number.MAX_SAFE_INTEGER;
const MAX_SAFE_BIG = BigInt(MAX_SAFE);
/** "-9223372036854775808" */
const MAX_TEXT_LENGTH = 20;

const MINUS = 0x2d;
const ZERO = 0x30;

/**
 * The integer that a token spells, by Redis's strict rule, or `undefined`.
 *
 * Accepted is only the one canonical spelling of each signed 64-bit integer: an optional `-`, no `+`, no leading
 * zeros, no `-0`, no blanks. O(length), and no more than the first 21 units are ever looked at.
 */
export function parseInteger(token: ByteString): Integer | undefined {
  const length = token.length;
  if (length === 0 || length > MAX_TEXT_LENGTH) return undefined;
  const negative = token.charCodeAt(0) === MINUS;
  let at = negative ? 1 : 0;
  if (at === length) return undefined;
  let magnitude = token.charCodeAt(at++) - ZERO;
  if (magnitude < 1 || magnitude > 9) return magnitude === 0 && length === 1 ? 0 : undefined;
  for (; at < length; at++) {
    const digit = token.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    // Inexact from 2^53 on, but never rounded down below it again.
    magnitude = magnitude * 10 + digit;
  }
  if (magnitude <= MAX_SAFE) return negative ? -magnitude : magnitude;
  const exact = BigInt(token);
  return exact >= MIN_INT64 && exact <= MAX_INT64 ? exact : undefined;
}

/** Like {@link parseInteger}, and `undefined` also for integers beyond ±(2^53 − 1). For counts, indexes, times. */
export function parseSafeInteger(token: ByteString): number | undefined {
  const value = parseInteger(token);
  return typeof value === 'number' ? value : undefined;
}

/** Like {@link parseInteger}, and `undefined` also outside `[min, max]`, both of which must be safe integers. */
export function parseIntegerWithin(token: ByteString, min: number, max: number): number | undefined {
  const value = parseInteger(token);
  return typeof value === 'number' && value >= min && value <= max ? value : undefined;
}

/** Whether Redis would store this value as an integer (OBJECT ENCODING `int`). */
export function isIntegerText(token: ByteString): boolean {
  return parseInteger(token) !== undefined;
}

/** The Integer of a number or bigint, or `undefined` if it is no signed 64-bit integer or an unsafe number. */
export function toInteger(value: number | bigint): Integer | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : undefined;
  return typeof value === 'bigint' ? normalize(value) : undefined;
}

/** `a + b`, or `undefined` where that overflows 64 bits. Exact. */
export function addInt64(a: Integer, b: Integer): Integer | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    // A sum of safe integers that came out safe was not rounded. (Adding 0 turns −0 into 0.)
    if (sum <= MAX_SAFE && sum >= -MAX_SAFE) return sum + 0;
  }
  return normalize(BigInt(a) + BigInt(b));
}

/** `-value`, or `undefined` for −2^63, whose negation overflows. */
export function negateInt64(value: Integer): Integer | undefined {
  return typeof value === 'number' ? 0 - value : normalize(-value);
}

function normalize(value: bigint): Integer | undefined {
  if (value >= -MAX_SAFE_BIG && value <= MAX_SAFE_BIG) return Number(value);
  return value >= MIN_INT64 && value <= MAX_INT64 ? value : undefined;
}
