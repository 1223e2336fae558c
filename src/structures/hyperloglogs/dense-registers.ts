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

/** Raises each of `registers`, a byte for each, to what it is here, if that is more. O(registers). */
export function mergeDense(bytes: Uint8Array, start: number, registers: Uint8Array): void {
  for (let at = start, register = 0; register < REGISTER_COUNT; at += 3, register += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
    if (word === 0) continue;
    const a = word & 63;
    const b = (word >> 6) & 63;
    const c = (word >> 12) & 63;
    const d = word >> 18;
    if (a > registers[register]!) registers[register] = a;
    if (b > registers[register + 1]!) registers[register + 1] = b;
    if (c > registers[register + 2]!) registers[register + 2] = c;
    if (d > registers[register + 3]!) registers[register + 3] = d;
  }
}

/** Makes the registers hold these values, a byte for each. O(registers). */
export function packDense(registers: Uint8Array, bytes: Uint8Array, start: number): void {
  for (let at = start, register = 0; register < REGISTER_COUNT; at += 3, register += 4) {
    const word =
      registers[register]! |
      (registers[register + 1]! << 6) |
      (registers[register + 2]! << 12) |
      (registers[register + 3]! << 18);
    bytes[at] = word;
    bytes[at + 1] = word >> 8;
    bytes[at + 2] = word >> 16;
  }
}

/** How many registers hold each pair of values: counting pairs takes half as many steps that wait for one another. */
const pairCounts = new Uint16Array((MAX_REGISTER + 1) ** 2);

/** Counts in `histogram` how many registers hold each value. O(registers). */
export function countDense(bytes: Uint8Array, start: number, histogram: Int32Array): void {
  pairCounts.fill(0);
  for (let at = start, end = start + DENSE_REGISTER_BYTES; at < end; at += 3) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
    pairCounts[word & 0xfff]!++;
    pairCounts[word >> 12]!++;
  }
  for (let pair = 0; pair < pairCounts.length; pair++) {
    const count = pairCounts[pair]!;
    if (count === 0) continue;
    histogram[pair & 63]! += count;
    histogram[pair >> 6]! += count;
  }
}
