/** Matches text of which the host keeps two bytes for each unit. In text of which it keeps one, nothing is looked at. */
const WIDE = /[\u0100-\uffff]/;

/** A string's header: what it is, its length and its hash. */
const HEADER_BYTES = 16;

/**
 * How many bytes of memory a string of JavaScript takes: in V8 on 64 bits, flat and by itself. O(1) for text of
 * characters up to U+00FF, however long; O(length) at most for other text.
 */
export function textBytes(text: string): number {
  // There is one of each of these for the whole program.
  return text.length <= 1 ? 0 : textBytesOf(text.length, bytesPerUnit(text));
}

/** {@link textBytes} for a text of which it was asked before. Mostly O(1): many programs never have wide text. */
export function textBytesAgain(text: string): number {
  return text.length <= 1 ? 0 : textBytesOf(text.length, haveSeenWide ? bytesPerUnit(text) : 1);
}

/** {@link textBytes} of a string of so many units, of which the host keeps so many bytes each. O(1). */
export function textBytesOf(length: number, unitBytes: number): number {
  return length <= 1 ? 0 : HEADER_BYTES + ((unitBytes * length + 7) & ~7);
}

/** How many bytes the host keeps for each unit of the text: 1, or 2 if any is beyond U+00FF. As {@link textBytes}. */
export function bytesPerUnit(text: string): number {
  if (!WIDE.test(text)) return 1;
  haveSeenWide = true;
  return 2;
}

/** Whether any text that was ever looked at takes two bytes for each unit. */
let haveSeenWide = false;
