import { textBytes } from './text-bytes.ts';

// What common things of JavaScript take in V8 on 64 bits.

/** A place of an array: a pointer, or a small integer. */
export const SLOT_BYTES = 8;
/** An array with elements, without their slots. */
export const ARRAY_BYTES = 48;
/** A typed array with a buffer of its own, without the elements. */
export const TYPED_ARRAY_BYTES = 200;
/** A place of a Map, on an average: a map doubles when it is full. */
export const MAP_SLOT_BYTES = 42;

const FIRST_SLOTS = 17;
const MORE_SLOTS = 16;

/** How many slots an array has that has grown to this length by pushing. O(log length). */
export function grownSlots(length: number): number {
  if (length === 0) return 0;
  let slots = FIRST_SLOTS;
  while (slots < length) slots += 1 + ((slots + 1) >> 1) + MORE_SLOTS;
  return slots;
}

/** What all these strings take. O(strings). */
export function textsBytes(texts: readonly string[]): number {
  let bytes = 0;
  for (let at = 0; at < texts.length; at++) bytes += textBytes(texts[at]!);
  return bytes;
}
