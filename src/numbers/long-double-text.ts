import { addLongDoubles, type LongDouble, parseLongDouble } from './decimal.ts';
import { formatDouble } from './double.ts';
import { bitLength } from './float-syntax.ts';
import type { Integer } from './integer.ts';

/**
 * C's `long double` where it is summed up, compared, and printed as `%.17Lg` has it: AROP. The arithmetic itself is that
 * of INCRBYFLOAT, in `decimal.ts`; other than there, infinities and what is no number may come out.
 */
export type ExtendedNumber = LongDouble | 'nan';

const DIGITS = 17;
/** From this exponent down, and from {@link DIGITS} up, a number is printed with its exponent. */
const LEAST_PLAIN_EXPONENT = -4;
const LOG10_OF_2 = Math.log10(2);

/** An integer of 64 bits, exactly. */
export function extendedOfInteger(value: Integer): LongDouble {
  const exact = BigInt(value);
  const negative = exact < 0n;
  return { negative, infinite: false, mantissa: negative ? -exact : exact, exponent: 0 };
}

const doubles = new Float64Array(1);
const words = new BigUint64Array(doubles.buffer);
const MANTISSA_BITS = 52n;
const MANTISSA_MASK = 2n ** MANTISSA_BITS - 1n;
const EXPONENT_MASK = 0x7ffn;
/** What a finite double's exponent field is more than the exponent of its mantissa, taken as an integer. */
const EXPONENT_BIAS = 1075;

/** A finite double, exactly. */
export function extendedOfDouble(value: number): LongDouble {
  doubles[0] = value;
  const bits = words[0]!;
  const field = (bits >> MANTISSA_BITS) & EXPONENT_MASK;
  const fraction = bits & MANTISSA_MASK;
  return {
    negative: bits >> 63n === 1n,
    infinite: false,
    mantissa: field === 0n ? fraction : fraction + MANTISSA_MASK + 1n,
    exponent: Number(field === 0n ? 1n : field) - EXPONENT_BIAS,
  };
}

const PLAIN_DECIMAL = /^-?\d*\.\d*$/;

/**
 * The number that an array's element is to AROP, if it is no integer: a double where Redis's array keeps one in the
 * element's place, which it does if the double has two bits to spare and prints as the element; else what `strtold` makes
 * of it. `undefined` if it is no number.
 */
export function extendedOfElement(text: string): LongDouble | undefined {
  if (PLAIN_DECIMAL.test(text)) {
    const value = Number(text);
    doubles[0] = value;
    if ((words[0]! & 3n) === 0n && Number.isFinite(value)) {
      const printed = formatDouble(value);
      if (printed === text || `${printed}.0` === text) return extendedOfDouble(value);
    }
  }
  return parseLongDouble(text);
}

/** `a + b`. */
export function addExtended(a: ExtendedNumber, b: LongDouble): ExtendedNumber {
  if (a === 'nan') return a;
  if (a.infinite) return b.infinite && a.negative !== b.negative ? 'nan' : a;
  if (b.infinite) return b;
  return addLongDoubles(a, b) ?? { negative: a.negative, infinite: true, mantissa: 0n, exponent: 0 };
}

/** Negative, zero or positive. */
export function compareExtended(a: LongDouble, b: LongDouble): number {
  const isZero = a.mantissa === 0n && b.mantissa === 0n && !a.infinite && !b.infinite;
  if (isZero) return 0;
  if (signOf(a) !== signOf(b)) return signOf(a) - signOf(b);
  const magnitude = compareMagnitudes(a, b);
  return a.negative ? -magnitude : magnitude;
}

function signOf({ negative, infinite, mantissa }: LongDouble): number {
  if (mantissa === 0n && !infinite) return 0;
  return negative ? -1 : 1;
}

function compareMagnitudes(a: LongDouble, b: LongDouble): number {
  if (a.infinite || b.infinite) return Number(a.infinite) - Number(b.infinite);
  const exponent = Math.min(a.exponent, b.exponent);
  const difference =
    (a.mantissa << BigInt(a.exponent - exponent)) - (b.mantissa << BigInt(b.exponent - exponent));
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The integer part, toward zero, of a finite number. */
export function truncateExtended({ negative, mantissa, exponent }: LongDouble): bigint {
  const magnitude = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa >> BigInt(-exponent);
  return negative ? -magnitude : magnitude;
}

/** Seventeen significant digits, or fewer where the rest are zeros: what `%.17Lg` prints. */
export function formatExtended(value: ExtendedNumber): string {
  // The sign that x86 gives it.
  if (value === 'nan') return '-nan';
  const sign = value.negative ? '-' : '';
  if (value.infinite) return `${sign}inf`;
  if (value.mantissa === 0n) return `${sign}0`;
  const { digits, exponent } = significantDigits(value);
  const trimmed = digits.replace(/0+$/, '');
  if (exponent < LEAST_PLAIN_EXPONENT || exponent >= DIGITS) {
    const fraction = trimmed.length > 1 ? `.${trimmed.slice(1)}` : '';
    const power = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${trimmed[0]}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${trimmed}`;
  if (trimmed.length <= exponent + 1) return sign + trimmed.padEnd(exponent + 1, '0');
  return `${sign}${trimmed.slice(0, exponent + 1)}.${trimmed.slice(exponent + 1)}`;
}

/** The digits of a positive number, rounded to nearest, ties to even, and the power of ten of the first one. */
function significantDigits({ mantissa, exponent }: LongDouble): { digits: string; exponent: number } {
  let power = Math.floor((bitLength(mantissa) - 1 + exponent) * LOG10_OF_2);
  for (;;) {
    const shift = DIGITS - 1 - power;
    let top = mantissa;
    let bottom = 1n;
    if (exponent >= 0) top <<= BigInt(exponent);
    else bottom <<= BigInt(-exponent);
    if (shift >= 0) top *= 10n ** BigInt(shift);
    else bottom *= 10n ** BigInt(-shift);
    let rounded = top / bottom;
    const twiceRest = (top - rounded * bottom) * 2n;
    if (twiceRest > bottom || (twiceRest === bottom && (rounded & 1n) === 1n)) rounded++;
    const digits = String(rounded);
    if (digits.length === DIGITS) return { digits, exponent: power };
    // Guessed one too low; or rounded up to a power of ten, which another round gives as one digit and zeros.
    power += digits.length - DIGITS;
  }
}
