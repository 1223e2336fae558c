import { type Integer, MIN_INT64, toInteger } from '../../numbers/integer.ts';

/** Of what kind the integer in a field is, and how many bits it takes: up to 64, of unsigned ones up to 63. */
export interface FieldKind {
  readonly isSigned: boolean;
  readonly width: number;
}

/** What becomes of a result that the field cannot hold. */
export type FieldOverflow =
  /** Only its lowest bits stay. */
  | 'wrap'
  /** It becomes the least or the greatest that the field can hold. */
  | 'sat'
  /** The field stays as it is. */
  | 'fail';

/** Up to here, fields and their sums with other such integers are exact as numbers; wider ones take bigints. */
const WIDEST_NARROW = 52;
const LARGEST_NARROW = 2 ** WIDEST_NARROW;

/** The integer that stands in the field at this bit; what lies beyond the bytes is zero. O(width). */
export function readField(bytes: Uint8Array, { isSigned, width }: FieldKind, offset: number): Integer {
  if (width <= WIDEST_NARROW) {
    const value = readBits(bytes, offset, width);
    return isSigned && value >= 2 ** (width - 1) ? value - 2 ** width : value;
  }
  const high = BigInt(readBits(bytes, offset, width - 32));
  const bits = (high << 32n) | BigInt(readBits(bytes, offset + width - 32, 32));
  return toInteger(isSigned ? BigInt.asIntN(width, bits) : bits)!;
}

/** Has this integer stand in the field at this bit; it must fit, and the bytes must reach to the field's end. O(width). */
export function writeField(bytes: Uint8Array, kind: FieldKind, offset: number, value: Integer): void {
  const { width } = kind;
  if (width <= WIDEST_NARROW) {
    const narrow = value as number;
    writeBits(bytes, offset, width, narrow < 0 ? narrow + 2 ** width : narrow);
    return;
  }
  const bits = BigInt.asUintN(width, BigInt(value));
  writeBits(bytes, offset, width - 32, Number(bits >> 32n));
  writeBits(bytes, offset + width - 32, 32, Number(bits & 0xffff_ffffn));
}

/**
 * What a field of this kind holds once it was set to a 64-bit integer; `undefined` if that does not fit and this is
 * a failure.
 */
export function fitted(kind: FieldKind, value: Integer, overflow: FieldOverflow): Integer | undefined {
  // By Redis's arithmetic these lie above all that fits: negative ones for an unsigned field, and, for a signed one, those that are
  // further than 2^63 - 1 from the greatest.
  const isTooLarge = kind.isSigned
    ? typeof value === 'bigint' && kind.width < 64 && value < MIN_INT64 + 2n ** BigInt(kind.width - 1)
    : value < 0;
  return bounded(kind, value, overflow, isTooLarge);
}

/**
 * The sum of what a field of this kind holds and a 64-bit integer, as the field holds it; `undefined` if it does not fit and
 * this is a failure.
 */
export function incremented(
  kind: FieldKind,
  value: Integer,
  increment: Integer,
  overflow: FieldOverflow,
): Integer | undefined {
  const isNarrow =
    kind.width <= WIDEST_NARROW &&
    typeof increment === 'number' &&
    increment <= LARGEST_NARROW &&
    increment >= -LARGEST_NARROW;
  const sum = isNarrow ? (value as number) + increment : BigInt(value) + BigInt(increment);
  return bounded(kind, sum, overflow, false);
}

/** @param isTooLarge whether it counts as too large although it is below all that fits */
function bounded(
  { isSigned, width }: FieldKind,
  value: number | bigint,
  overflow: FieldOverflow,
  isTooLarge: boolean,
): Integer | undefined {
  if (width <= WIDEST_NARROW) {
    const least = isSigned ? -(2 ** (width - 1)) : 0;
    const greatest = 2 ** (isSigned ? width - 1 : width) - 1;
    if (value >= least && value <= greatest) return Number(value);
    if (overflow === 'fail') return undefined;
    if (overflow === 'sat') return value > greatest || isTooLarge ? greatest : least;
    if (typeof value === 'bigint')
      return Number(isSigned ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value));
    // Exact: dividing by a power of two only moves the point.
    const low = value - Math.floor(value / 2 ** width) * 2 ** width;
    return low > greatest ? low - 2 ** width : low;
  }
  const exact = BigInt(value);
  const wrapped = isSigned ? BigInt.asIntN(width, exact) : BigInt.asUintN(width, exact);
  if (wrapped === exact || overflow === 'wrap') return toInteger(wrapped);
  if (overflow === 'fail') return undefined;
  const greatest = 2n ** BigInt(isSigned ? width - 1 : width) - 1n;
  if (exact > greatest || isTooLarge) return toInteger(greatest);
  return toInteger(isSigned ? -greatest - 1n : 0n);
}

/** So many bits from this one on, the first the highest of the result: at most 52. */
function readBits(bytes: Uint8Array, offset: number, width: number): number {
  let at = Math.floor(offset / 8);
  const skipped = offset % 8;
  let missing = width + skipped - 8;
  let value = (bytes[at] ?? 0) & (0xff >> skipped);
  for (; missing >= 8; missing -= 8) value = value * 256 + (bytes[++at] ?? 0);
  if (missing < 0) return value >> -missing;
  return missing === 0 ? value : value * 2 ** missing + ((bytes[at + 1] ?? 0) >> (8 - missing));
}

/** Writes the lowest so many bits of the value from this bit on. */
function writeBits(bytes: Uint8Array, offset: number, width: number, value: number): void {
  let rest = value;
  let left = width;
  // From the last byte to the first, each time the lowest bits of what is left.
  for (let end = offset + width; left > 0; ) {
    const at = Math.floor((end - 1) / 8);
    const behind = at * 8 + 8 - end;
    const count = Math.min(8 - behind, left);
    const mask = ((1 << count) - 1) << behind;
    const part = rest % 2 ** count;
    bytes[at] = (bytes[at]! & ~mask) | (part << behind);
    rest = Math.floor(rest / 2 ** count);
    left -= count;
    end -= count;
  }
}
