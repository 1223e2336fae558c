import type { ByteString } from '../bytes/byte-string.ts';
import { type BinaryFormat, bitLength, readFloat, roundToFormat } from './float-syntax.ts';

/**
 * The arithmetic of INCRBYFLOAT and HINCRBYFLOAT: C's `long double` as x86-64 has it, exactly.
 *
 *     token ──parse──▶ 64-bit mantissa · 2^e ──add──▶ rounded again ──print──▶ 17 decimals, zeros trimmed
 *
 * Each step rounds to nearest, ties to even. Printing 17 of the more than 19 digits that the format holds is what
 * makes "0.1" + "0.2" come out as "0.3", while "5000.1" + "0.2" shows its last bits: 5000.30000000000000027.
 */

/** A value of the 80-bit format: `mantissa · 2^exponent` with a sign, where zero has one too; or an infinity. */
export interface LongDouble {
  readonly negative: boolean;
  readonly infinite: boolean;
  readonly mantissa: bigint;
  readonly exponent: number;
}

const EXTENDED: BinaryFormat = { precision: 64, leastExponent: -16445 };
/** Values from 2^16384 up are infinite. */
const OVERFLOW_BITS = 16384;
/** No decimal with its first digit beyond 10^±5000 is finite and nonzero. */
const MAGNITUDE_LIMIT = 5000;
/** Redis copies the text to a buffer of 5 KiB, with a terminator. */
const MAX_TEXT_LENGTH = 5 * 1024 - 1;

function finite(negative: boolean, mantissa: bigint, exponent: number): LongDouble {
  return { negative, infinite: false, mantissa, exponent };
}

function infinity(negative: boolean): LongDouble {
  return { negative, infinite: true, mantissa: 0n, exponent: 0 };
}

/**
 * The long double that a token spells, or `undefined` where Redis answers "value is not a valid float": what
 * `strtold` does not consume wholly, blanks in front, NaN, overflow, underflow to zero, and 5120 bytes or more.
 * Infinities are read; adding them is what fails.
 */
export function parseLongDouble(token: ByteString): LongDouble | undefined {
  if (token.length > MAX_TEXT_LENGTH) return undefined;
  const read = readFloat(token);
  if (read === undefined) return undefined;
  if (read === 'inf') return infinity(false);
  if (read === '-inf') return infinity(true);
  const { negative, digits, hexadecimal, exponent } = read;
  if (digits === '') return finite(negative, 0n, 0);
  const magnitude = hexadecimal ? (digits.length * 4 + exponent) / 3.3 : digits.length + exponent;
  if (Math.abs(magnitude) > MAGNITUDE_LIMIT) return undefined;

  const integer = BigInt(hexadecimal ? `0x${digits}` : digits);
  const power = hexadecimal ? 1n : 10n ** BigInt(Math.abs(exponent));
  const rounded =
    hexadecimal || exponent >= 0
      ? roundToFormat(integer * power, 1n, hexadecimal ? exponent : 0, EXTENDED)
      : roundToFormat(integer, power, 0, EXTENDED);
  if (rounded.mantissa === 0n || overflows(rounded.mantissa, rounded.exponent)) return undefined;
  return finite(negative, rounded.mantissa, rounded.exponent);
}

function overflows(mantissa: bigint, exponent: number): boolean {
  return bitLength(mantissa) + exponent > OVERFLOW_BITS;
}

/** `a + b`, or `undefined` if that is infinite or NaN. */
export function addLongDoubles(a: LongDouble, b: LongDouble): LongDouble | undefined {
  if (a.infinite || b.infinite) return undefined;
  const exponent = Math.min(a.exponent, b.exponent);
  const sum = aligned(a, exponent) + aligned(b, exponent);
  // An exact zero is positive, but for −0 + −0.
  if (sum === 0n) return finite(a.negative && b.negative && a.mantissa === 0n, 0n, 0);
  const negative = sum < 0n;
  const rounded = roundToFormat(negative ? -sum : sum, 1n, exponent, EXTENDED);
  if (overflows(rounded.mantissa, rounded.exponent)) return undefined;
  return finite(negative, rounded.mantissa, rounded.exponent);
}

function aligned({ negative, mantissa, exponent }: LongDouble, to: number): bigint {
  const value = mantissa << BigInt(exponent - to);
  return negative ? -value : value;
}

const DECIMALS = 17;
const DECIMALS_SCALE = 10n ** BigInt(DECIMALS);

/** The text of a finite value: all digits before the point, at most 17 after it, without trailing zeros. */
export function formatLongDouble({ negative, mantissa, exponent }: LongDouble): ByteString {
  const sign = negative ? '-' : '';
  if (exponent >= 0) return withoutNegativeZero(sign + (mantissa << BigInt(exponent)));
  const shift = BigInt(-exponent);
  const scaled = mantissa * DECIMALS_SCALE;
  let units = scaled >> shift;
  const twiceRest = (scaled - (units << shift)) * 2n;
  const one = 1n << shift;
  if (twiceRest > one || (twiceRest === one && (units & 1n) === 1n)) units++;
  return withoutNegativeZero(sign + placePoint(String(units), DECIMALS));
}

function withoutNegativeZero(text: string): string {
  return text === '-0' ? '0' : text;
}

/** `digits / 10^decimals`, without trailing zeros. */
function placePoint(digits: string, decimals: number): string {
  const padded = digits.padStart(decimals + 1, '0');
  const point = padded.length - decimals;
  let end = padded.length;
  while (end > point && padded.charCodeAt(end - 1) === 0x30) end--;
  return end === point ? padded.slice(0, point) : `${padded.slice(0, point)}.${padded.slice(point, end)}`;
}

/** What came of an addition. `not-finite` is Redis's "increment would produce NaN or Infinity". */
export type DecimalSum =
  | { readonly sum: ByteString }
  | { readonly failure: 'first-invalid' | 'second-invalid' | 'not-finite' };

/**
 * The sum of two floats given and returned as text, as INCRBYFLOAT computes it. The first is looked at first.
 *
 * Typed callers pass a JavaScript number as `String(number)`, which is how a client would send it: the decimal
 * that was meant, not the double's binary expansion.
 */
export function addDecimal(a: ByteString, b: ByteString): DecimalSum {
  const easy = addEasy(a, b);
  if (easy !== undefined) return { sum: easy };
  const first = parseLongDouble(a);
  if (first === undefined) return { failure: 'first-invalid' };
  const second = parseLongDouble(b);
  if (second === undefined) return { failure: 'second-invalid' };
  const sum = addLongDoubles(first, second);
  return sum === undefined ? { failure: 'not-finite' } : { sum: formatLongDouble(sum) };
}

/** Whether INCRBYFLOAT would take it as a number (infinities included). */
export function isLongDoubleText(token: ByteString): boolean {
  return readEasy(token) || parseLongDouble(token) !== undefined;
}

const MAX_EASY_DIGITS = 15;
const MAX_EASY_DECIMALS = 13;
const EASY_SCALES = Array.from({ length: MAX_EASY_DECIMALS + 1 }, (_, power) => 10 ** power);
/** Three roundings, each by at most 2^-64 of up to 22.99, 22.99 and 45.98, miss the sum by less than 0.5e-17. */
const MAX_EASY_FRACTIONAL = 22;

// Where readEasy leaves what it read: easyInteger / 10^easyDecimals.
let easyInteger = 0;
let easyDecimals = 0;

/** Reads a plain decimal of at most 15 digits, other than -0; whether it was one. */
function readEasy(token: ByteString): boolean {
  const length = token.length;
  const negative = token.charCodeAt(0) === 0x2d;
  let integer = 0;
  let digits = 0;
  let point = -1;
  for (let at = negative ? 1 : 0; at < length; at++) {
    const digit = token.charCodeAt(at) - 0x30;
    if (digit >= 0 && digit <= 9) {
      integer = integer * 10 + digit;
      if (++digits > MAX_EASY_DIGITS) return false;
    } else if (digit === -2 && point < 0) {
      point = digits;
    } else {
      return false;
    }
  }
  if (digits === 0 || (negative && integer === 0)) return false;
  easyInteger = negative ? -integer : integer;
  easyDecimals = point < 0 ? 0 : digits - point;
  return true;
}

/** The sum in exact decimal arithmetic where that provably prints the same, otherwise `undefined`. */
function addEasy(a: ByteString, b: ByteString): ByteString | undefined {
  if (!readEasy(a)) return undefined;
  const first = easyInteger;
  const firstDecimals = easyDecimals;
  if (!readEasy(b)) return undefined;
  const second = easyInteger;
  const secondDecimals = easyDecimals;
  if (firstDecimals === 0 && secondDecimals === 0) return String(first + second);
  const decimals = Math.max(firstDecimals, secondDecimals);
  if (decimals > MAX_EASY_DECIMALS) return undefined;
  const scale = EASY_SCALES[decimals]!;
  const x = first * EASY_SCALES[decimals - firstDecimals]!;
  const y = second * EASY_SCALES[decimals - secondDecimals]!;
  const limit = MAX_EASY_FRACTIONAL * scale;
  if (x > limit || x < -limit || y > limit || y < -limit) return undefined;
  const sum = x + y;
  return sum < 0 ? `-${placePoint(String(-sum), decimals)}` : placePoint(String(sum), decimals);
}
