/**
 * The checksum behind every dump: 64-bit CRC by Jones's polynomial, bits reflected, starting from 0. Of "123456789" it is
 * e9c6d914 c4b8d9ca.
 *
 * 64 bits are two numbers of 32 here. Eight bytes are taken at a time: the first table is the plain one, and each table
 * behind it tells what a byte comes to when one more byte follows.
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
  const table = takeTable();
  let high = before[0] | 0;
  let low = before[1] | 0;
  let at = start;
  if (end - start >= WORTH_A_VIEW_BYTES) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (; at + 8 <= end; at += 8) {
      const first = low ^ view.getInt32(at, true);
      const second = high ^ view.getInt32(at + 4, true);
      const a = 0xe00 | ((first << 1) & 0x1fe);
      const b = 0xc00 | ((first >>> 7) & 0x1fe);
      const c = 0xa00 | ((first >>> 15) & 0x1fe);
      const d = 0x800 | ((first >>> 23) & 0x1fe);
      const e = 0x600 | ((second << 1) & 0x1fe);
      const f = 0x400 | ((second >>> 7) & 0x1fe);
      const g = 0x200 | ((second >>> 15) & 0x1fe);
      const h = (second >>> 23) & 0x1fe;
      low = table[a]! ^ table[b]! ^ table[c]! ^ table[d]! ^ table[e]! ^ table[f]! ^ table[g]! ^ table[h]!;
      high = table[a | 1]! ^ table[b | 1]! ^ table[c | 1]! ^ table[d | 1]!;
      high ^= table[e | 1]! ^ table[f | 1]! ^ table[g | 1]! ^ table[h | 1]!;
    }
  }
  for (; at < end; at++) {
    const entry = ((low ^ bytes[at]!) & 0xff) << 1;
    low = ((low >>> 8) | (high << 24)) ^ table[entry]!;
    high = (high >>> 8) ^ table[entry | 1]!;
  }
  return [high >>> 0, low >>> 0];
}

/**
 * The checksum of a message with so many zero bytes behind it, from the checksum of the message.
 *
 * A checksum is a polynomial of degree 63 at most, over bits, and a zero byte multiplies it by x^8, modulo the polynomial of
 * the checksum. So does this, squaring its way up to the power. O(log count).
 */
export function extendByZeros([high, low]: Checksum, count: number): Checksum {
  let product = (BigInt(high) << 32n) | BigInt(low);
  let power = BYTE;
  for (let left = count; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) product = multiply(product, power);
    power = multiply(power, power);
  }
  return [Number(product >> 32n), Number(product & 0xffff_ffffn)];
}

/** The product of two polynomials. Bits are reflected: the highest bit is the constant term. */
function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = 63n; bit >= 0n; bit--) {
    if (((a >> bit) & 1n) === 1n) product ^= shifted;
    shifted = (shifted >> 1n) ^ ((shifted & 1n) === 1n ? POLYNOMIAL : 0n);
  }
  return product;
}

/** Made when it is first needed: nobody who only imports this pays for it. */
let made: Int32Array | undefined;

function takeTable(): Int32Array {
  made ??= makeTable();
  return made;
}

/** The eight tables one after the other, of each entry the low half and the high one. */
function makeTable(): Int32Array {
  const table = new Int32Array(2 * 8 * 256);
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
    table[2 * byte] = low;
    table[2 * byte + 1] = high;
  }
  for (let at = 2 * 256; at < table.length; at += 2) {
    const low = table[at - 512]!;
    const high = table[at - 511]!;
    const entry = (low & 0xff) << 1;
    table[at] = ((low >>> 8) | (high << 24)) ^ table[entry]!;
    table[at + 1] = (high >>> 8) ^ table[entry | 1]!;
  }
  return table;
}

const WORTH_A_VIEW_BYTES = 64;
const NOTHING: Checksum = [0, 0];
// ad93d235 94c935a9, its bits in the opposite order.
const POLYNOMIAL_HIGH = 0x95ac9329;
const POLYNOMIAL_LOW = 0xac4bc9b5;
const POLYNOMIAL = 0x95ac9329_ac4bc9b5n;
/** x^8 */
const BYTE = 1n << 55n;
