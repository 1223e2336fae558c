import { parseDouble } from '../../numbers/double.ts';

const DECIMAL = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const NAN = /^[+-]?nan(?:\([0-9A-Za-z_]*\))?$/i;
const LEADING_BLANKS = /^[ \t-\r]+/;

/**
 * The number that a text spells by the rules of C's `strtod`, `undefined` if it is none: unlike scores, it may overflow,
 * underflow, and be NaN. O(length).
 */
export function parseCNumber(text: string): number | undefined {
  if (DECIMAL.test(text)) return Number(text);
  return NAN.test(text) ? Number.NaN : parseDouble(text);
}

/** The same where blanks may come first. */
export function parseBlankedCNumber(text: string): number | undefined {
  return parseCNumber(text.replace(LEADING_BLANKS, ''));
}
