import { type ByteString, toBytes, writeBytes } from '../../bytes/byte-string.ts';

/**
 * Where an element goes in a HyperLogLog: which register, and the rank it asks for there.
 *
 * The hash is MurmurHash64A (Austin Appleby's) with the seed that Redis uses, so that counters continue one another:
 *
 *     hash   [ 50 bits: the rank is the place of the lowest 1, from 1 to 50, or 51 | 14 bits: the register ]
 *
 * Numbers of 64 bits are pairs of 32-bit halves: BigInts would cost a hundred times as much.
 */

export const REGISTER_BITS = 14;
/** How many registers there are. */
export const REGISTER_COUNT = 1 << REGISTER_BITS;
/** How many bits the rank is taken from. */
export const RANK_BITS = 64 - REGISTER_BITS;

const SEED = 0xadc83b19 | 0;
const MULTIPLIER_LOW = 0x5bd1e995;
const MULTIPLIER_HIGH = 0xc6a4a793 | 0;
const MULTIPLIER_LOW_LOW = MULTIPLIER_LOW & 0xffff;
const MULTIPLIER_LOW_HIGH = MULTIPLIER_LOW >>> 16;

const SCRATCH_BYTES = 1024;
/** No unit of a string takes more bytes. */
const MOST_BYTES_PER_UNIT = 3;
const scratch = new Uint8Array(SCRATCH_BYTES);

/** The bits of a place that hold the rank. */
const RANK_WIDTH = 6;

/** The register of an element and its rank, as one number: see {@link registerOf} and {@link rankOf}. O(n). */
export function placeOf(element: ByteString | Uint8Array): number {
  if (typeof element !== 'string') return placeOfBytes(element, element.length);
  if (element.length * MOST_BYTES_PER_UNIT <= SCRATCH_BYTES)
    return placeOfBytes(scratch, writeBytes(element, scratch, 0));
  const bytes = toBytes(element);
  return placeOfBytes(bytes, bytes.length);
}

/** The register of a place. */
export function registerOf(place: number): number {
  return place >>> RANK_WIDTH;
}

/** The rank of a place: 1 to 51. */
export function rankOf(place: number): number {
  return place & ((1 << RANK_WIDTH) - 1);
}

/** The upper half of the product with the multiplier. The lower one is `Math.imul(low, MULTIPLIER_LOW)`. */
function upperProduct(low: number, high: number): number {
  const lowLow = low & 0xffff;
  const lowHigh = low >>> 16;
  // No sum of these leaves 32 bits unsigned, because both halves of the multiplier's lower word are small enough.
  const middle = Math.imul(lowLow, MULTIPLIER_LOW_HIGH) + (Math.imul(lowLow, MULTIPLIER_LOW_LOW) >>> 16);
  const carried = (Math.imul(lowHigh, MULTIPLIER_LOW_LOW) + (middle & 0xffff)) >>> 16;
  const upper = Math.imul(lowHigh, MULTIPLIER_LOW_HIGH) + (middle >>> 16) + carried;
  return (upper + Math.imul(low, MULTIPLIER_HIGH) + Math.imul(high, MULTIPLIER_LOW)) | 0;
}

function placeOfBytes(bytes: Uint8Array, length: number): number {
  let low = SEED ^ Math.imul(length, MULTIPLIER_LOW);
  let high = upperProduct(length, 0);
  const tail = length & 7;
  const end = length - tail;
  let at = 0;
  while (at < end) {
    let wordLow = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    let wordHigh = bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24);
    at += 8;
    wordHigh = upperProduct(wordLow, wordHigh);
    wordLow = Math.imul(wordLow, MULTIPLIER_LOW) ^ (wordHigh >>> 15);
    high ^= upperProduct(wordLow, wordHigh);
    low ^= Math.imul(wordLow, MULTIPLIER_LOW);
    high = upperProduct(low, high);
    low = Math.imul(low, MULTIPLIER_LOW);
  }
  if (tail > 0) {
    for (let index = 0; index < tail; index++) {
      const byte = bytes[end + index]!;
      if (index < 4) low ^= byte << (8 * index);
      else high ^= byte << (8 * (index - 4));
    }
    high = upperProduct(low, high);
    low = Math.imul(low, MULTIPLIER_LOW);
  }
  low ^= high >>> 15;
  high = upperProduct(low, high);
  low = Math.imul(low, MULTIPLIER_LOW);
  low ^= high >>> 15;
  return ((low & (REGISTER_COUNT - 1)) << RANK_WIDTH) | rankIn(low >>> REGISTER_BITS, high);
}

/** One more than the zeros below the lowest 1 of these 18 + 32 bits. */
function rankIn(low18: number, high: number): number {
  if (low18 !== 0) return 1 + trailingZeros(low18);
  return high === 0 ? RANK_BITS + 1 : 1 + (32 - REGISTER_BITS) + trailingZeros(high);
}

function trailingZeros(value: number): number {
  return 31 - Math.clz32(value & -value);
}
