import { type ByteString, byteLength, toLatin1 } from '../../bytes/byte-string.ts';
import { parseBlankedCNumber } from './c-number.ts';

/**
 * What the expressions of VSIM's FILTER compute with. There are no booleans: true is 1 and false is 0. An array inside of
 * an array is only known to be one, so it is kept as {@link INNER_ARRAY}.
 */
export type FilterValue = number | ByteString | null | readonly FilterValue[];

/** What stands for an array that is itself an element: nothing in the language can look into it. */
export const INNER_ARRAY: readonly FilterValue[] = Object.freeze([]);

/** Longer strings are never taken for numbers. */
const LONGEST_NUMBER_BYTES = 255;

/** A value where a number is asked for: a string that spells one is that number; whatever else is none is 0. */
export function toNumber(value: FilterValue): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || byteLength(value) > LONGEST_NUMBER_BYTES) return 0;
  const end = value.indexOf('\0');
  return parseBlankedCNumber(end < 0 ? value : value.slice(0, end)) ?? 0;
}

/** Whether a value counts as true: all do but 0, the empty string and null. */
export function isTrue(value: FilterValue): boolean {
  if (typeof value === 'number') return value !== 0;
  return value !== '' && value !== null;
}

/** `==`: strings by their bytes, null like nothing but itself, and all else as numbers. */
export function areEqual(a: FilterValue, b: FilterValue): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  if (a === null || b === null) return a === b;
  return toNumber(a) === toNumber(b);
}

/** `in`: an element of an array, or a part of a string. */
export function isIn(a: FilterValue, b: FilterValue): boolean {
  if (typeof b === 'string') return typeof a === 'string' && isPart(a, b);
  if (typeof b !== 'object' || b === null) return false;
  for (const element of b) if (areEqual(a, element)) return true;
  return false;
}

function isPart(part: ByteString, whole: ByteString): boolean {
  // Well-formed texts hold one another as their bytes do; a byte of its own may also be a part of a character.
  if (part.isWellFormed() && whole.isWellFormed()) return whole.includes(part);
  return toLatin1(whole).includes(toLatin1(part));
}
