/**
 * How many bits are set among the bits `[from, to)`, which must lie within the bytes; bit 0 is the highest of the first byte.
 *
 *     byte      0          1          2 … 9        10
 *     bits   |····xxxx| |xxxxxxxx| |wwww|wwww| |xx······|
 *              from                                to
 *
 * What is between the two bytes at the ends is counted in words of 32 bits, eight at a time. O(to - from).
 */
export function countBits(bytes: Uint8Array, from = 0, to = bytes.length * 8): number {
  if (from >= to) return 0;
  const first = Math.floor(from / 8);
  const last = Math.floor((to - 1) / 8);
  const firstMask = 0xff >> (from % 8);
  const lastMask = (0xff << (7 - ((to - 1) % 8))) & 0xff;
  if (first === last) return ones(bytes[first]! & firstMask & lastMask);
  return ones(bytes[first]! & firstMask) + countBytes(bytes, first + 1, last) + ones(bytes[last]! & lastMask);
}

/** The same of whole bytes `[start, end)`. */
function countBytes(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  let at = start;
  while (at < end && (bytes.byteOffset + at) % 4 !== 0) count += ones(bytes[at++]!);
  const wordCount = (end - at) >> 2;
  if (wordCount > 0) count += countWords(new Int32Array(bytes.buffer, bytes.byteOffset + at, wordCount));
  for (at += wordCount * 4; at < end; at++) count += ones(bytes[at]!);
  return count;
}

/**
 * Adders that each take three words and give the sums and the carries of all 32 columns are joined to a counter of columns:
 * only what passes eight has to be counted out, once in eight words (Harley and Seal).
 */
function countWords(words: Int32Array): number {
  let one = 0;
  let two = 0;
  let four = 0;
  let eights = 0;
  let at = 0;
  for (const end = words.length - 7; at < end; at += 8) {
    const a = words[at]!;
    const b = words[at + 1]!;
    const c = words[at + 2]!;
    const d = words[at + 3]!;
    const e = words[at + 4]!;
    const f = words[at + 5]!;
    const g = words[at + 6]!;
    const h = words[at + 7]!;
    let half = one ^ a;
    const twoA = (one & a) | (half & b);
    one = half ^ b;
    half = one ^ c;
    const twoB = (one & c) | (half & d);
    one = half ^ d;
    half = two ^ twoA;
    const fourA = (two & twoA) | (half & twoB);
    two = half ^ twoB;
    half = one ^ e;
    const twoC = (one & e) | (half & f);
    one = half ^ f;
    half = one ^ g;
    const twoD = (one & g) | (half & h);
    one = half ^ h;
    half = two ^ twoC;
    const fourB = (two & twoC) | (half & twoD);
    two = half ^ twoD;
    half = four ^ fourA;
    eights += ones((four & fourA) | (half & fourB));
    four = half ^ fourB;
  }
  let count = 8 * eights + 4 * ones(four) + 2 * ones(two) + ones(one);
  for (; at < words.length; at++) count += ones(words[at]!);
  return count;
}

/** How many of 32 bits are set: in pairs, then in groups of four, then in bytes, which are added by one multiplication. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
