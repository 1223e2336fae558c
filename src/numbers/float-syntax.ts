/**
 * The spellings of floating point numbers that C's `strtod` and `strtold` consume wholly, and their exact rounding
 * to a binary format. Shared by doubles (scores) and long doubles (INCRBYFLOAT).
 */

const DECIMAL = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?$/;
const HEXADECIMAL = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?(?:[pP]([+-]?[0-9]+))?$/;
const INFINITY = /^([+-]?)inf(?:inity)?$/i;

/** A finite number exactly as spelled: `±digits · base^exponent`, where `digits` is written in base 10 or 16. */
export interface FloatText {
  readonly negative: boolean;
  /** Without leading or trailing zeros; empty for zero. */
  readonly digits: string;
  readonly hexadecimal: boolean;
  /** Of 10 for decimal digits, of 2 for hexadecimal ones. Clamped to ±10^9, far outside of any format. */
  readonly exponent: number;
}

const EXPONENT_LIMIT = 1e9;

/**
 * Reads the whole token as a C floating point number; `undefined` if it is none. NaN is none: Redis refuses it
 * wherever it reads a float. O(length).
 */
export function readFloat(token: string): FloatText | 'inf' | '-inf' | undefined {
  const decimal = DECIMAL.exec(token);
  const match = decimal ?? HEXADECIMAL.exec(token);
  if (match === null) {
    const infinity = INFINITY.exec(token);
    return infinity === null ? undefined : infinity[1] === '-' ? '-inf' : 'inf';
  }
  const whole = match[2] ?? '';
  const fraction = match[3] ?? '';
  const all = whole + fraction;
  if (all === '') return undefined;
  let first = 0;
  while (first < all.length && all.charCodeAt(first) === 0x30) first++;
  let end = all.length;
  while (end > first && all.charCodeAt(end - 1) === 0x30) end--;
  const bitsOrDigits = (all.length - end - fraction.length) * (decimal ? 1 : 4);
  const exponent = Number(match[4] ?? 0) + bitsOrDigits;
  return {
    negative: match[1] === '-',
    digits: all.slice(first, end),
    hexadecimal: decimal === null,
    exponent: Math.max(-EXPONENT_LIMIT, Math.min(EXPONENT_LIMIT, exponent)),
  };
}

/** `mantissa · 2^exponent`; zero is `0n` with any exponent. */
export interface Binary {
  readonly mantissa: bigint;
  readonly exponent: number;
}

/** How a binary format is laid out: so many mantissa bits, and no bit below `2^leastExponent`. */
export interface BinaryFormat {
  readonly precision: number;
  readonly leastExponent: number;
}

/** How many bits a positive value has. */
export function bitLength(value: bigint): number {
  if (value < SHORT_BIGINT) {
    // Taking words off is much faster than printing, as long as there are few of them.
    let rest = value;
    let bits = 0;
    while (rest >= WORD) {
      rest >>= 32n;
      bits += 32;
    }
    return bits + 32 - Math.clz32(Number(rest));
  }
  const digits = value.toString(16);
  return digits.length * 4 - Math.clz32(Number.parseInt(digits[0]!, 16)) + 28;
}

const WORD = 1n << 32n;
const SHORT_BIGINT = 1n << 256n;

/**
 * The nearest value of the format to `numerator / denominator · 2^exponent`, ties to even, as IEEE arithmetic has
 * it; gradual underflow included, overflow left to the caller. Both must be ≥ 0 and > 0 respectively.
 */
export function roundToFormat(
  numerator: bigint,
  denominator: bigint,
  exponent: number,
  { precision, leastExponent }: BinaryFormat,
): Binary {
  if (numerator === 0n) return { mantissa: 0n, exponent: leastExponent };
  // First guess where the last bit goes; the quotient then has `precision` bits or one more.
  const quotientBits = bitLength(numerator) - bitLength(denominator);
  let last = Math.max(quotientBits + exponent - precision, leastExponent);
  for (;;) {
    const shift = exponent - last;
    const top = shift > 0 ? numerator << BigInt(shift) : numerator;
    const bottom = shift < 0 ? denominator << BigInt(-shift) : denominator;
    let mantissa = top / bottom;
    if (bitLength(mantissa) > precision) {
      last++;
      continue;
    }
    const twiceRest = (top - mantissa * bottom) * 2n;
    if (twiceRest > bottom || (twiceRest === bottom && (mantissa & 1n) === 1n)) mantissa++;
    // A carry out of the top leaves a power of two, which is as good one bit longer.
    return { mantissa, exponent: last };
  }
}
