/** Matches text of which the host keeps two bytes for each unit. In text of which it keeps one, nothing is looked at. */
const WIDE = /[\u0100-\uffff]/;

/** A string's header: what it is, its length and its hash. */
const HEADER_BYTES = 16;

/**
 * How many bytes of memory a string of JavaScript takes: in V8 on 64 bits, flat and by itself. O(1) for text of
 * characters up to U+00FF, however long; O(length) at most for other text.
 */
export function textBytes(text: string): number {
  const { length } = text;
  // There is one of each of these for the whole program.
  if (length <= 1) return 0;
  const unitsBytes = WIDE.test(text) ? 2 * length : length;
  return HEADER_BYTES + Math.ceil(unitsBytes / 8) * 8;
}
