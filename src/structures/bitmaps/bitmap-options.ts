/** Part of a bitmap, for `bitcount`. */
export interface BitRange {
  /** The first byte (or bit); negative ones count from the end. */
  start: number;
  /** The last one, included. */
  end: number;
  /** Whether `start` and `end` are bits instead of bytes. Redis 7.0.0. */
  bit?: boolean;
}

/** Part of a bitmap from some byte on, for `bitpos`: behind its end, zeros follow. */
export interface BitsFrom {
  /** The first byte; negative ones count from the end. */
  start: number;
  end?: undefined;
  bit?: undefined;
}

type Digit = '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
/** 1 to 63. */
type Width = Digit | `${'1' | '2' | '3' | '4' | '5'}${'0' | Digit}` | `6${'0' | '1' | '2' | '3'}`;

/** The kind of integer in a field of a bitmap: `u8` is unsigned and has 8 bits, `i5` is signed and has 5. */
export type BitfieldType = `u${Width}` | `i${Width | '64'}`;

/** The first bit of a field; with `#`, the number of the field in a row of such fields: `'#2'` of `u8` is bit 16. */
export type BitfieldOffset = number | `#${number}`;

/**
 * What becomes of a value that a field cannot hold: `wrap` keeps its lowest bits, `sat` makes it the least or the greatest
 * that fits, `fail` leaves the field as it is, and the result is `null`.
 */
export type BitfieldOverflow = 'wrap' | 'sat' | 'fail';

/** Reads a field; the result is what it holds. */
export interface BitfieldGet {
  get: BitfieldType;
  offset: BitfieldOffset;
  set?: never;
  incrby?: never;
}

/** Sets a field; the result is what it held before. */
export interface BitfieldSet {
  set: BitfieldType;
  offset: BitfieldOffset;
  /** A 64-bit integer. */
  value: number | bigint;
  /** Of this operation alone. Default `wrap`. */
  overflow?: BitfieldOverflow;
  get?: never;
  incrby?: never;
}

/** Adds to a field; the result is what it holds then. */
export interface BitfieldIncrby {
  incrby: BitfieldType;
  offset: BitfieldOffset;
  /** A 64-bit integer. */
  increment: number | bigint;
  /** Of this operation alone. Default `wrap`. */
  overflow?: BitfieldOverflow;
  get?: never;
  set?: never;
}

/** One step of `bitfield`. */
export type BitfieldOperation = BitfieldGet | BitfieldSet | BitfieldIncrby;
