import { formatDouble } from './c-format.ts';
import { LONG_TEXT, lookedAt } from './metering.ts';

/**
 * How numbers are written and read where Lua does so by itself: `tostring`, `..`, `tonumber`, arithmetic on strings.
 */

const CONVERSION = { flags: '', width: 0, precision: 14, conversion: 'g' } as const;
/** From here on 14 digits are not enough for an integer. */
const LEAST_OF_15_DIGITS = 1e14;

/**
 * A number as `%.14g` writes it. JavaScript does not show the sign of a NaN: it is written `-nan`, which is what the reference
 * makes of `0/0` on the processors it mostly runs on.
 */
export function textOfNumber(value: number): string {
  if ((value | 0) === value && value !== 0) return `${value}`;
  const magnitude = Math.abs(value);
  // The shortest text that reads back as the number is the rounded one, if it has no more than 14 digits.
  if (magnitude < LEAST_OF_15_DIGITS && magnitude >= 1e-4) {
    const text = `${value}`;
    // 14 digits and a point.
    if (text.length <= 15 || (Number.isInteger(value) && text.length <= 16)) return text;
  } else if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  return formatDouble(value, CONVERSION);
}

const DECIMAL = /^[ \t\n\v\f\r]*([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)[ \t\n\v\f\r]*$/;
const HEXADECIMAL =
  /^[ \t\n\v\f\r]*([-+]?)0[xX]([\da-fA-F]*)(?:\.([\da-fA-F]*))?(?:[pP]([-+]?\d+))?[ \t\n\v\f\r]*$/;
const NAMED = /^[ \t\n\v\f\r]*([-+]?)(?:(inf(?:inity)?)|nan(?:\([\da-z_]*\))?)[ \t\n\v\f\r]*$/i;

const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;

/**
 * The number a string reads as, or `undefined`: what `strtod` of the C library reads (decimal, hexadecimal with binary exponents,
 * `inf` and `nan`), with white space around it. A zero byte ends the text.
 */
export function numberOfText(text: string): number | undefined {
  const { length } = text;
  // Plain integers, which most are.
  if (length > 0 && length <= 15) {
    let value = 0;
    let at = 0;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code < DIGIT_0 || code > DIGIT_9) break;
      value = value * 10 + (code - DIGIT_0);
    }
    if (at === length) return value;
  }
  // Three expressions may be tried on it.
  if (length > LONG_TEXT) lookedAt(4 * length);
  const end = text.indexOf('\0');
  return numberOfWord(end < 0 ? text : text.slice(0, end));
}

function numberOfWord(text: string): number | undefined {
  const decimal = DECIMAL.exec(text);
  if (decimal !== null) return Number(decimal[1]);
  const hexadecimal = HEXADECIMAL.exec(text);
  if (hexadecimal !== null) {
    const [, sign, whole = '', fraction = '', exponent = '0'] = hexadecimal;
    if (whole === '' && fraction === '') return undefined;
    const magnitude = scaled(whole + fraction, Number(exponent) - 4 * fraction.length);
    return sign === '-' ? -magnitude : magnitude;
  }
  const named = NAMED.exec(text);
  if (named === null) return undefined;
  if (named[2] === undefined) return Number.NaN;
  return named[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** digits × 2^exponent, rounded once, to even. */
function scaled(digits: string, exponent: number): number {
  const significant = digits.replace(/^0+/, '');
  if (significant === '') return 0;
  // Beyond these there is nothing but infinity and 0, however the digits are.
  const magnitude = exponent + 4 * significant.length;
  if (magnitude > 1100) return Number.POSITIVE_INFINITY;
  if (magnitude < -1100) return 0;
  let mantissa = BigInt(`0x${significant}`);
  let power = exponent;
  const length = mantissa.toString(2).length;
  // The last bit a double of this size has.
  const last = Math.max(length + power - 53, -1074);
  if (power < last) {
    const dropped = BigInt(last - power);
    const half = 1n << (dropped - 1n);
    const rest = mantissa & ((1n << dropped) - 1n);
    mantissa >>= dropped;
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa++;
    power = last;
  }
  // Neither product rounds: the mantissa has 53 bits at most, unless it is already infinite or was short.
  return Number(mantissa) * 2 ** Math.min(power, 0) * 2 ** Math.max(power, 0);
}
