import type { NativeCall } from '../values/native-call.ts';
import type { NativeResult } from '../values/native-function.ts';
import { numberOfText } from '../values/number-text.ts';

const DECIMAL = 10;
const LARGEST = 2n ** 64n - 1n;
const SPACE = /[ \t\n\v\f\r]/;

/** `tonumber`. */
export function tonumber(call: NativeCall): NativeResult {
  const base = call.optionalInteger(2, DECIMAL) | 0;
  if (base === DECIMAL) {
    const value = call.any(1);
    if (typeof value === 'number') return value;
    return typeof value === 'string' ? numberOfText(value) : undefined;
  }
  const text = call.string(1);
  if (base < 2 || base > 36) throw call.argumentError(2, 'base out of range');
  call.machine.spend(1 + (text.length >>> 4));
  return unsignedOfText(text, base);
}

/**
 * What C's `strtoul` reads, if nothing but white space comes after it: a minus wraps around 2^64, and what is too large
 * becomes the largest.
 */
function unsignedOfText(text: string, base: number): number | undefined {
  let at = 0;
  while (at < text.length && SPACE.test(text[at]!)) at++;
  const isNegative = text[at] === '-';
  if (isNegative || text[at] === '+') at++;
  const afterPrefix = at + 2;
  if (base === 16 && /^0[xX]$/.test(text.slice(at, afterPrefix)) && digitAt(text, afterPrefix) < 16) at += 2;
  const begin = at;
  // Doubles are exact that far; few need more.
  let value = 0;
  for (; value < EXACT && digitAt(text, at) < base; at++) value = value * base + digitAt(text, at);
  let large = BigInt(value);
  for (; digitAt(text, at) < base; at++) {
    if (large <= LARGEST) large = large * BigInt(base) + BigInt(digitAt(text, at));
  }
  if (at === begin) return undefined;
  while (at < text.length && SPACE.test(text[at]!)) at++;
  if (at < text.length && text[at] !== '\0') return undefined;
  if (large > LARGEST) return Number(LARGEST);
  return Number(isNegative ? BigInt.asUintN(64, -large) : large);
}

/** Below this, one digit more of any base is still exact. */
const EXACT = 2 ** 47;

/** The digit at a place, 36 and more where there is none. */
function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x7a ? letter - 0x61 + 10 : 36;
}
