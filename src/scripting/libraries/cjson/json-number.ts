import { formatDouble } from '../../lua/values/c-format.ts';
import { numberOfText, textOfNumber } from '../../lua/values/number-text.ts';

/*
 * Numbers in JSON text. The reference reads them by C's `strtod`, which takes more than JSON has: leading zeros and pluses,
 * `1.`, hexadecimal, `inf` and `nan`. Where it stops, the next token begins.
 */

const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** So many decimal digits are read exactly one by one. */
const EXACT_DIGITS = 15;
/** The precision of {@link textOfNumber}. */
const USUAL_PRECISION = 14;
/** Integers up to here have at most so many digits, whatever the precision from 10 on. */
const SMALL_PRECISION = 10;

const DECIMAL = /(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const HEXADECIMAL = /0[xX](?:[\da-fA-F]+\.?[\da-fA-F]*|\.[\da-fA-F]+)(?:[pP][-+]?\d+)?/y;
const NAMED = /inf(?:inity)?|nan(?:\(\w*\))?/iy;

/** A finite number, written by `%.<precision>g`. */
export function numberToJson(value: number, precision: number): string {
  if ((value | 0) === value && precision >= SMALL_PRECISION && (value !== 0 || 1 / value > 0))
    return `${value}`;
  if (precision === USUAL_PRECISION) return textOfNumber(value);
  return formatDouble(value, { flags: '', width: 0, precision, conversion: 'g' });
}

/** Whether what begins here may be a number for `strtod` but is none of JSON. */
export function isInvalidNumber(text: string, from: number): boolean {
  let at = from;
  if (text.charCodeAt(at) === PLUS) return true;
  if (text.charCodeAt(at) === MINUS) at++;
  const code = text.charCodeAt(at);
  if (code === ZERO) {
    const next = text.charCodeAt(at + 1);
    return (next | 0x20) === 0x78 || (next >= ZERO && next <= NINE);
  }
  if (code <= NINE) return false;
  const name = text.slice(at, at + 3).toLowerCase();
  return name === 'inf' || name === 'nan';
}

/** Reads numbers as `strtod` does. */
export class NumberReader {
  /** The number that was read. */
  value = 0;
  /** Where it ends. */
  end = 0;

  /** Reads the longest number that begins here. Whether there is one. */
  read(text: string, start: number): boolean {
    const isNegative = text.charCodeAt(start) === MINUS;
    const first = isNegative || text.charCodeAt(start) === PLUS ? start + 1 : start;
    let at = first;
    let value = 0;
    let code = text.charCodeAt(at);
    while (code >= ZERO && code <= NINE) {
      value = value * 10 + (code - ZERO);
      code = text.charCodeAt(++at);
    }
    const lower = code | 0x20;
    if (at > first && at - first <= EXACT_DIGITS && code !== POINT && lower !== 0x65 && lower !== 0x78) {
      this.value = isNegative ? -value : value;
      this.end = at;
      return true;
    }
    return this.readOther(text, start, first);
  }

  private readOther(text: string, start: number, first: number): boolean {
    const sign = text.charCodeAt(start) === MINUS ? -1 : 1;
    HEXADECIMAL.lastIndex = first;
    if (HEXADECIMAL.test(text)) {
      this.end = HEXADECIMAL.lastIndex;
      this.value = sign * (numberOfText(text.slice(first, this.end)) ?? 0);
      return true;
    }
    DECIMAL.lastIndex = first;
    if (DECIMAL.test(text)) {
      this.end = DECIMAL.lastIndex;
      this.value = sign * Number(text.slice(first, this.end));
      return true;
    }
    NAMED.lastIndex = first;
    if (!NAMED.test(text)) return false;
    this.end = NAMED.lastIndex;
    this.value = (text.charCodeAt(first) | 0x20) === 0x69 ? sign * Infinity : NaN;
    return true;
  }
}
