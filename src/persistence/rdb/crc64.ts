/**
 * The checksum behind every dump: 64-bit CRC by Jones's polynomial, bits reflected, starting from 0. Of "123456789" it is
 * e9c6d914 c4b8d9ca.
 *
 * 64 bits are two numbers of 32 here. Eight bytes are taken at a time: the eighth table is the plain one, and each table
 * before it tells what a byte comes to when one more byte follows.
 */

/** A checksum in two halves, each unsigned. */
export type Checksum = readonly [high: number, low: number];

/** The checksum of `bytes[start, end)`, going on from another's. O(n). */
export function crc64(
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
  before: Checksum = NOTHING,
): Checksum {
  const { highs, lows } = tables();
  let high = before[0] | 0;
  let low = before[1] | 0;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    const first =
      low ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    const second =
      high ^ (bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24));
    const a = 0x700 | (first & 0xff);
    const b = 0x600 | ((first >>> 8) & 0xff);
    const c = 0x500 | ((first >>> 16) & 0xff);
    const d = 0x400 | (first >>> 24);
    const e = 0x300 | (second & 0xff);
    const f = 0x200 | ((second >>> 8) & 0xff);
    const g = 0x100 | ((second >>> 16) & 0xff);
    const h = second >>> 24;
    low = lows[a]! ^ lows[b]! ^ lows[c]! ^ lows[d]! ^ lows[e]! ^ lows[f]! ^ lows[g]! ^ lows[h]!;
    high = highs[a]! ^ highs[b]! ^ highs[c]! ^ highs[d]! ^ highs[e]! ^ highs[f]! ^ highs[g]! ^ highs[h]!;
  }
  for (; at < end; at++) {
    const entry = (low ^ bytes[at]!) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ lows[entry]!;
    high = (high >>> 8) ^ highs[entry]!;
  }
  return [high >>> 0, low >>> 0];
}

interface Tables {
  readonly highs: Int32Array;
  readonly lows: Int32Array;
}

/** Made when they are first needed: nobody who only imports this pays for them. */
let made: Tables | undefined;

function tables(): Tables {
  made ??= makeTables();
  return made;
}

function makeTables(): Tables {
  const highs = new Int32Array(8 * 256);
  const lows = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let high = 0;
    let low = byte;
    for (let bit = 0; bit < 8; bit++) {
      const carry = low & 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (carry === 1) {
        low ^= POLYNOMIAL_LOW;
        high ^= POLYNOMIAL_HIGH;
      }
    }
    highs[byte] = high;
    lows[byte] = low;
  }
  for (let entry = 256; entry < 8 * 256; entry++) {
    const high = highs[entry - 256]!;
    const low = lows[entry - 256]!;
    highs[entry] = (high >>> 8) ^ highs[low & 0xff]!;
    lows[entry] = ((low >>> 8) | (high << 24)) ^ lows[low & 0xff]!;
  }
  return { highs, lows };
}

const NOTHING: Checksum = [0, 0];
// ad93d235 94c935a9, its bits in the opposite order.
const POLYNOMIAL_HIGH = 0x95ac9329;
const POLYNOMIAL_LOW = 0xac4bc9b5;
