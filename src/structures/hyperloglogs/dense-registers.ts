import { REGISTER_COUNT } from './element-place.ts';

/**
 * Registers of six bits, one after the other from the lowest bit of each byte on: four in three bytes.
 *
 *     byte      0          1          2
 *     bits   bbaaaaaa   ccccbbbb   ddddddcc
 *
 * They begin at `start` of an array of bytes that holds all of them.
 */

/** How many bytes all registers take. */
export const DENSE_REGISTER_BYTES = (REGISTER_COUNT / 4) * 3;
/** The largest value six bits hold, which no element brings about. */
export const MAX_REGISTER = 63;

/** What a register holds. */
export function denseRegister(bytes: Uint8Array, start: number, register: number): number {
  const at = start + (register >> 2) * 3;
  switch (register & 3) {
    case 0:
      return bytes[at]! & MAX_REGISTER;
    case 1:
      return (bytes[at]! >> 6) | ((bytes[at + 1]! & 0x0f) << 2);
    case 2:
      return (bytes[at + 1]! >> 4) | ((bytes[at + 2]! & 0x03) << 4);
    default:
      return bytes[at + 2]! >> 2;
  }
}

/** Makes a register hold this value, up to {@link MAX_REGISTER}. */
export function setDenseRegister(bytes: Uint8Array, start: number, register: number, value: number): void {
  const at = start + (register >> 2) * 3;
  switch (register & 3) {
    case 0:
      bytes[at] = (bytes[at]! & 0xc0) | value;
      break;
    case 1:
      bytes[at] = (bytes[at]! & 0x3f) | (value << 6);
      bytes[at + 1] = (bytes[at + 1]! & 0xf0) | (value >> 2);
      break;
    case 2:
      bytes[at + 1] = (bytes[at + 1]! & 0x0f) | (value << 4);
      bytes[at + 2] = (bytes[at + 2]! & 0xfc) | (value >> 4);
      break;
    default:
      bytes[at + 2] = (bytes[at + 2]! & 0x03) | (value << 2);
  }
}

/**
 * Registers that are merged take a byte each, four in a word of 32 bits, the first one lowest: so they can be compared four
 * at a time.
 */
export const WORD_COUNT = REGISTER_COUNT / 4;

/** What a register of these words holds. */
export function registerInWords(words: Int32Array, register: number): number {
  return (words[register >> 2]! >> (8 * (register & 3))) & MAX_REGISTER;
}

/** Raises a register of these words, if it holds less. */
export function raiseInWords(words: Int32Array, register: number, value: number): void {
  const at = register >> 2;
  const shift = 8 * (register & 3);
  const word = words[at]!;
  if (((word >> shift) & MAX_REGISTER) < value)
    words[at] = (word & ~(MAX_REGISTER << shift)) | (value << shift);
}

const HIGH_BITS = 0x80808080 | 0;

/** Raises each register of `words` to what it is here, if that is more. O(registers). */
export function mergeDense(bytes: Uint8Array, start: number, words: Int32Array): void {
  for (let at = start, index = 0; index < WORD_COUNT; at += 3, index++) {
    const packed = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
    const here =
      (packed & 0x3f) | ((packed << 2) & 0x3f00) | ((packed << 4) & 0x3f0000) | ((packed << 6) & 0x3f000000);
    const there = words[index]!;
    // In each byte whose high bit remains, what is here is not less. No byte borrows from the next.
    const isHigher = ((here | HIGH_BITS) - there) & HIGH_BITS;
    const mask = Math.imul(isHigher >>> 7, 0xff);
    words[index] = (here & mask) | (there & ~mask);
  }
}

/** Makes the registers hold what those of these words do. O(registers). */
export function packDense(words: Int32Array, bytes: Uint8Array, start: number): void {
  for (let at = start, index = 0; index < WORD_COUNT; at += 3, index++) {
    const word = words[index]!;
    bytes[at] = (word & 0x3f) | ((word >> 2) & 0xc0);
    bytes[at + 1] = ((word >> 10) & 0x0f) | ((word >> 12) & 0xf0);
    bytes[at + 2] = ((word >> 20) & 0x03) | ((word >> 22) & 0xfc);
  }
}

/** How many registers hold each pair of values: counting pairs takes half as many steps that wait for one another. */
const pairCounts = new Uint16Array((MAX_REGISTER + 1) ** 2);

/** Counts in `histogram` how many registers hold each value. O(registers). */
export function countDense(bytes: Uint8Array, start: number, histogram: Int32Array): void {
  pairCounts.fill(0);
  for (let at = start, end = start + DENSE_REGISTER_BYTES; at < end; at += 3) {
    const packed = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
    pairCounts[packed & 0xfff]!++;
    pairCounts[packed >> 12]!++;
  }
  countPairs(histogram);
}

/** The same for the registers of these words. */
export function countWords(words: Int32Array, histogram: Int32Array): void {
  pairCounts.fill(0);
  for (let index = 0; index < WORD_COUNT; index++) {
    const word = words[index]!;
    pairCounts[(word & 0x3f) | ((word >> 2) & 0xfc0)]!++;
    pairCounts[((word >> 16) & 0x3f) | ((word >> 18) & 0xfc0)]!++;
  }
  countPairs(histogram);
}

function countPairs(histogram: Int32Array): void {
  for (let pair = 0; pair < pairCounts.length; pair++) {
    const count = pairCounts[pair]!;
    if (count === 0) continue;
    histogram[pair & MAX_REGISTER]! += count;
    histogram[pair >> 6]! += count;
  }
}
