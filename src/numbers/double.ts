import type { ByteString } from '../bytes/byte-string.ts';
import { type BinaryFormat, readFloat, roundToFormat } from './float-syntax.ts';
import { easyText, shortestDigits } from './grisu2.ts';

/**
 * Doubles: sorted set scores and every other float that Redis keeps in 64 bits; how they are read and printed.
 */

const DOUBLE: BinaryFormat = { precision: 53, leastExponent: -1074 };
/** Longer integer texts may need rounding. */
const EXACT_DIGITS = 15;
const PLAIN_DECIMAL = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const NON_ZERO_DIGIT_BEFORE_EXPONENT = /^[^eE]*[1-9]/;

/**
 * The double that a token spells, or `undefined` where Redis answers "not a valid float".
 *
 * Accepted is what C's `strtod` consumes to the last byte: decimals with or without point and exponent, hexadecimal
 * floats (`0x1.8p3`), `inf` and `infinity` in any case, each with an optional sign. Refused are the empty string,
 * blanks, NaN, and numbers that overflow to infinity or underflow to zero (subnormal results are fine).
 */
export function parseDouble(token: ByteString): number | undefined {
  const length = token.length;
  if (length > 0 && length <= EXACT_DIGITS) {
    let value = 0;
    let at = 0;
    for (; at < length; at++) {
      const digit = token.charCodeAt(at) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === length) return value;
  }
  if (PLAIN_DECIMAL.test(token)) {
    const value = Number(token);
    if (value === 0) return NON_ZERO_DIGIT_BEFORE_EXPONENT.test(token) ? undefined : value;
    return Number.isFinite(value) ? value : undefined;
  }
  return parseUncommon(token);
}

function parseUncommon(token: ByteString): number | undefined {
  const read = readFloat(token);
  if (read === undefined) return undefined;
  if (read === 'inf') return Number.POSITIVE_INFINITY;
  if (read === '-inf') return Number.NEGATIVE_INFINITY;
  const sign = read.negative ? -1 : 1;
  if (read.digits === '') return sign * 0;
  const magnitude = read.digits.length * 4 + read.exponent;
  if (magnitude > 1030 || magnitude < -1080) return undefined;
  const { mantissa, exponent } = roundToFormat(BigInt(`0x${read.digits}`), 1n, read.exponent, DOUBLE);
  // Two factors, because 2^-1074 · 2^53 is in range where one power alone would be too.
  const value = Number(mantissa) * 2 ** exponent;
  return value === 0 || value === Number.POSITIVE_INFINITY ? undefined : sign * value;
}

const INTEGER_LIMIT = 2 ** 62;

/**
 * The text by which Redis 8 (since 7.2) shows a double, in RESP2 and RESP3 alike:
 *
 * - `inf`, `-inf`, `nan`, `-0`;
 * - an integer up to ±2^62: all its digits, exactly;
 * - anything else: the fewest digits that read back as the same double (as the Grisu2 algorithm finds them: one in
 *   a thousand comes out a digit longer than need be). With `d` digits, standing for `digits · 10^k`:
 *   - `k ≥ 0` and fewer than 8 zeros to append: plain (`5000000000000000500`);
 *   - `-7 < k < 0`, or `0.001 ≤ |value| < 10000` whatever `k`: plain with a point (`3.25`, `0.000012`);
 *   - otherwise with an exponent, at least one digit and always signed: `1.5e-9`, `1e+21`.
 */
export function formatDouble(value: number): string {
  if (Number.isInteger(value)) {
    if (Number.isSafeInteger(value)) return value === 0 && 1 / value < 0 ? '-0' : String(value);
    if (value >= -INTEGER_LIMIT && value <= INTEGER_LIMIT) return String(BigInt(value));
  } else if (!Number.isFinite(value)) {
    return value > 0 ? 'inf' : value < 0 ? '-inf' : 'nan';
  }
  const absolute = Math.abs(value);
  const sign = value < 0 ? '-' : '';
  if (absolute < 10_000 && absolute >= 0.001) {
    const text = easyText(absolute);
    if (text !== undefined) return sign + text;
  }
  const { digits, exponent } = shortestDigits(absolute);
  const scientific = exponent + digits.length - 1;
  const magnitude = Math.abs(scientific);
  if (exponent >= 0 && magnitude < digits.length + 7) return sign + digits + '0'.repeat(exponent);
  if (exponent < 0 && (exponent > -7 || magnitude < 4)) {
    const point = digits.length + exponent;
    if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
    return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  }
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${sign}${digits[0]}${fraction}e${scientific < 0 ? '-' : '+'}${magnitude}`;
}

/**
 * The text of C's `%.17g`, by which Redis up to 7.0 shows a double. Kept to compare answers with such a server.
 * Infinities are `inf` and `-inf`, NaN is `nan`.
 */
export function formatDouble17(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : value < 0 ? '-inf' : 'nan';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [digits, scientific] = seventeenDigits(Math.abs(value));
  const kept = digits.replace(/0+$/, '') || '0';
  if (scientific < -4 || scientific >= 17) {
    const fraction = kept.length > 1 ? `.${kept.slice(1)}` : '';
    const magnitude = String(Math.abs(scientific)).padStart(2, '0');
    return `${sign}${kept[0]}${fraction}e${scientific < 0 ? '-' : '+'}${magnitude}`;
  }
  if (scientific < 0) return `${sign}0.${'0'.repeat(-scientific - 1)}${kept}`;
  const point = scientific + 1;
  const fraction = kept.length > point ? `.${kept.slice(point)}` : '';
  return sign + kept.slice(0, point).padEnd(point, '0') + fraction;
}

/** The 17 leading digits, ties rounded to even as the C library does, and the exponent of the first one. */
function seventeenDigits(value: number): [digits: string, scientific: number] {
  const [long = '', longExponent] = split(value.toExponential(60));
  if (/^50*$/.test(long.slice(17))) {
    const even = long.charCodeAt(16) % 2 === 0;
    if (even) return [long.slice(0, 17), longExponent];
    return [String(BigInt(long.slice(0, 17)) + 1n), longExponent];
  }
  return split(value.toExponential(16));
}

function split(text: string): [digits: string, scientific: number] {
  const at = text.indexOf('e');
  return [text.slice(0, at).replace('.', ''), Number(text.slice(at + 1))];
}
