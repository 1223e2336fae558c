/*
 * Integers of up to 32 bytes. The reference computes in 64 bits whatever the size, and so do these: beyond 8 bytes what is written
 * is zeros, even after a negative number, and what is read is the low 8 bytes.
 */

const WORD = 2 ** 32;
const EMPTY_BYTES = 8;

/** A number as the reference makes an integer of 64 bits of it: cut towards zero; what does not fit is 2^63 or 0. */
function toInteger(value: number): number {
  if (value < 0) return value >= -(2 ** 63) ? Math.trunc(value) : -(2 ** 63);
  if (value < 2 ** 64) return Math.trunc(value);
  return Number.isNaN(value) ? -(2 ** 63) : 0;
}

/** A number as so many bytes. */
export function integerToBytes(value: number, size: number, isLittle: boolean): string {
  const integer = toInteger(value);
  const low = integer >>> 0;
  const high = Math.floor(integer / WORD) >>> 0;
  let bytes = '';
  for (let index = 0; index < size; index++) {
    const code =
      index < 4 ? (low >>> (index * 8)) & 0xff : index < EMPTY_BYTES ? (high >>> (index * 8 - 32)) & 0xff : 0;
    const byte = String.fromCharCode(code);
    bytes = isLittle ? bytes + byte : byte + bytes;
  }
  return bytes;
}

/** The number that so many bytes here are. */
export function bytesToInteger(
  bytes: string,
  at: number,
  size: number,
  isLittle: boolean,
  isSigned: boolean,
): number {
  let low = 0;
  let high = 0;
  const counted = Math.min(size, EMPTY_BYTES);
  for (let index = 0; index < counted; index++) {
    const code = bytes.charCodeAt(isLittle ? at + index : at + size - 1 - index);
    if (index < 4) low |= code << (index * 8);
    else high |= code << (index * 8 - 32);
  }
  if (isSigned) {
    // The sign bit and all above it. Beyond 64 bits the reference's shift begins again at 0, and so must this.
    const shift = (size * 8 - 1) & 63;
    const lowMask = shift < 32 ? -1 << shift : 0;
    const highMask = shift < 32 ? -1 : -1 << (shift - 32);
    if ((low & lowMask) !== 0 || (high & highMask) !== 0) {
      low |= lowMask;
      high |= highMask;
    }
  }
  return (isSigned ? high : high >>> 0) * WORD + (low >>> 0);
}
