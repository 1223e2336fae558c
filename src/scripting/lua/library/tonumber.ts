import type { NativeCall } from '../values/native-call.ts';
import type { NativeResult } from '../values/native-function.ts';
import { numberOfText } from '../values/number-text.ts';

const DECIMAL = 10;
const LARGEST = 2n ** 64n - 1n;

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
  let at = endOfSpace(text, 0);
  const isNegative = text[at] === '-';
  if (isNegative || text[at] === '+') at++;
  if (base === 16 && hasPrefix(text, at)) at += 2;
  const begin = at;
  // Doubles are exact that far; few need more.
  let value = 0;
  for (; value < EXACT; at++) {
    const digit = digitAt(text, at);
    if (digit >= base) break;
    value = value * base + digit;
  }
  if (value >= EXACT || isNegative) return largeOfText(text, at, base, value, isNegative);
  return at > begin && isAtEnd(text, at) ? value : undefined;
}

/** The rest of it, in 64 bits. Without a digit before its end there is none. */
function largeOfText(text: string, from: number, base: number, begun: number, isNegative: boolean) {
  let at = from;
  let value = BigInt(begun);
  for (; digitAt(text, at) < base; at++) {
    if (value <= LARGEST) value = value * BigInt(base) + BigInt(digitAt(text, at));
  }
  if (digitAt(text, at - 1) >= base || !isAtEnd(text, at)) return undefined;
  if (value > LARGEST) return Number(LARGEST);
  return Number(isNegative ? BigInt.asUintN(64, -value) : value);
}

function hasPrefix(text: string, at: number): boolean {
  if (text[at] !== '0' || (text[at + 1] !== 'x' && text[at + 1] !== 'X')) return false;
  return digitAt(text, at + 2) < 16;
}

function isAtEnd(text: string, from: number): boolean {
  const at = endOfSpace(text, from);
  return at >= text.length || text[at] === '\0';
}

function endOfSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && !(code >= 9 && code <= 13)) return at;
    at++;
  }
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
