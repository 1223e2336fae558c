import { fromBytes } from '../bytes/byte-string.ts';
import type { Integer } from '../numbers/integer.ts';
import { toUnsigned } from '../numbers/unsigned.ts';

/**
 * Numbers as units of a string, with the least digit first: six bits to the unit, which is below U+0080, so that the
 * string takes a byte for each. A unit from {@link DIGIT_BASE} on is a digit after which another comes.
 *
 *     5  →  05        100  →  64 01        4096  →  40 40 01   (hexadecimal)
 */
const DIGIT_BITS = 6;
export const DIGIT_BASE = 1 << DIGIT_BITS;
/** Of a 64-bit number. */
const MOST_DIGITS = 11;
/** So many digits are exact in a double. */
const SAFE_DIGITS = 8;

/** A number, and where in the header it ends. */
export interface Numeral<T> {
  readonly value: T;
  readonly end: number;
}

/** The number of more than one digit that begins at `at` and is known to be small. O(digits). */
export function readLong(header: string, at: number): Numeral<number> {
  let value = 0;
  let end = at;
  for (let scale = 1; ; scale *= DIGIT_BASE) {
    const unit = header.charCodeAt(end++);
    if (unit < DIGIT_BASE) return { value: value + unit * scale, end };
    value += (unit - DIGIT_BASE) * scale;
  }
}

/** The number of more than one digit that begins at `at`. O(digits). */
export function readInteger(header: string, at: number): Numeral<Integer> {
  const plain = readLong(header, at);
  if (plain.end - at <= SAFE_DIGITS) return plain;
  let exact = 0n;
  for (let digit = plain.end - 1; digit >= at; digit--) {
    exact = (exact << BigInt(DIGIT_BITS)) | BigInt(header.charCodeAt(digit) & (DIGIT_BASE - 1));
  }
  return { value: toUnsigned(exact), end: plain.end };
}

const SCRATCH_SIZE = 4096;
/** Used by one writer at a time: packing a block is done in one go. */
let scratch = new Uint8Array(SCRATCH_SIZE);

/** Writes the numbers of a header. Only one can be at work. */
export class HeaderWriter {
  /** Units so far. */
  length = 0;

  write(value: Integer): void {
    if (typeof value === 'number' && value < DIGIT_BASE && this.length < scratch.length)
      scratch[this.length++] = value;
    else this.writeLong(value);
  }

  private writeLong(value: Integer): void {
    if (this.length + MOST_DIGITS > scratch.length) {
      const longer = new Uint8Array(2 * scratch.length);
      longer.set(scratch);
      scratch = longer;
    }
    let rest = value;
    if (typeof rest === 'bigint') {
      while (rest > Number.MAX_SAFE_INTEGER) {
        scratch[this.length++] = Number(rest & BigInt(DIGIT_BASE - 1)) | DIGIT_BASE;
        rest >>= BigInt(DIGIT_BITS);
      }
      rest = Number(rest);
    }
    while (rest >= DIGIT_BASE) {
      scratch[this.length++] = (rest % DIGIT_BASE) | DIGIT_BASE;
      rest = Math.floor(rest / DIGIT_BASE);
    }
    scratch[this.length++] = rest;
  }

  /** All that was written. */
  finish(): string {
    const text = fromBytes(scratch, 0, this.length);
    // A block without limits is rare, and must not be paid for ever after.
    if (scratch.length > SCRATCH_SIZE) scratch = new Uint8Array(SCRATCH_SIZE);
    return text;
  }
}
