import { bitLength } from './float-syntax.ts';

/**
 * The decimal digits of a double, as the Grisu2 algorithm finds them (Florian Loitsch, "Printing Floating-Point
 * Numbers Quickly and Accurately with Integers", PLDI 2010), which is what Redis prints doubles with.
 *
 *     lower ── safe ──┬──────── value ────────┬── safe ── upper      every decimal between reads back as value
 *                  +1 unit                 −1 unit                   64-bit arithmetic is off by at most that much
 *
 * Digits are cut off the scaled upper bound until what is left is less than the width of the safe interval; then
 * the last one is lowered towards the value. A decimal hidden in the two margins is missed, and the answer is then
 * a digit longer than the host's own `String(value)`: the only reason not to use that.
 *
 * Invariants:
 *
 * 1. The answer reads back as the same double.
 * 2. If the shortest decimal has at most 15 digits and is not in the margins, it is the answer: decimals that
 *    short are further apart than the interval is wide, so there is no second one to choose.
 */
export interface DecimalDigits {
  /** The first is not `0`. */
  readonly digits: string;
  /** Of ten: the value is `digits · 10^exponent`. */
  readonly exponent: number;
}

/** The digits of a finite double above zero. */
export function shortestDigits(value: number): DecimalDigits {
  return easyDigits(value) ?? fastGrisu2(value) ?? grisu2(value);
}

/** 10^22 is the last power of ten that is a double. */
const EASY_POWERS = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));
const bitsOf = new Float64Array(1);
const words = new Uint32Array(bitsOf.buffer);
const HIGH_WORD = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;
/** Splits a double into halves of 26 bits, whose products are exact. */
const SPLITTER = 2 ** 27 + 1;
/** Of half the gap to the neighbouring double; Grisu2's margins take up 2^-9 of it at most. */
const EASY_SHARE = 0.98;

/** The host's digits where invariant 2 proves them the same, otherwise `undefined`. */
function easyDigits(value: number): DecimalDigits | undefined {
  const text = easyText(value);
  if (text === undefined) return undefined;
  const power = text.length - text.indexOf('.') - 1;
  return { digits: String(Math.round(value * EASY_POWERS[power]!)), exponent: -power };
}

/**
 * The host's text, plain with a point, for a finite double above zero, if invariant 2 proves that it has the same
 * digits as {@link shortestDigits}; otherwise `undefined`.
 */
export function easyText(value: number): string | undefined {
  if (value >= 1e15 || value < 1e-6) return undefined;
  const text = String(value);
  const point = text.indexOf('.');
  if (point < 0) return undefined;
  const scale = EASY_POWERS[text.length - point - 1];
  if (scale === undefined) return undefined;
  const product = value * scale;
  if (product >= 1e15) return undefined;
  const integer = Math.round(product);

  // How far is integer / scale from value? value · scale is computed exactly, as product + error.
  const valueBig = value * SPLITTER;
  const valueHigh = valueBig - (valueBig - value);
  const valueLow = value - valueHigh;
  const scaleBig = scale * SPLITTER;
  const scaleHigh = scaleBig - (scaleBig - scale);
  const scaleLow = scale - scaleHigh;
  const error =
    valueLow * scaleLow - (product - valueHigh * scaleHigh - valueLow * scaleHigh - valueHigh * scaleLow);
  const distance = Math.abs(integer - product - error);

  bitsOf[0] = value;
  const high = words[HIGH_WORD]!;
  // Below a power of two the gap is half as wide.
  const isPowerOfTwo = (high & 0xfffff) === 0 && words[1 - HIGH_WORD] === 0;
  words[HIGH_WORD] = (high & 0x7ff00000) - ((isPowerOfTwo ? 54 : 53) << 20);
  words[1 - HIGH_WORD] = 0;
  const halfGap = bitsOf[0]!;
  return distance > halfGap * scale * EASY_SHARE ? undefined : text;
}

/** A power of ten as `fraction · 2^exponent` with a fraction of 64 bits, rounded to nearest. */
interface ScaledPower {
  readonly fraction: bigint;
  readonly exponent: number;
  /** The fraction in limbs of 22 bits, the lowest first. */
  readonly limbs: readonly [number, number, number];
}

const FIRST_POWER = -348;
const POWER_STEP = 8;
const POWER_COUNT = 87;
const LOG10_OF_2 = 0.30102999566398114;
/** Where the scaled upper bound's exponent must lie, so that its integer part fits 32 bits. */
const LEAST_EXPONENT = -60;
const GREATEST_EXPONENT = -32;

const scaledPowers: (ScaledPower | undefined)[] = [];

function scaledPower(index: number): ScaledPower {
  const known = scaledPowers[index];
  if (known !== undefined) return known;
  const power = computePower(FIRST_POWER + index * POWER_STEP);
  scaledPowers[index] = power;
  return power;
}

function computePower(power: number): ScaledPower {
  const ten = 10n ** BigInt(Math.abs(power));
  const bits = bitLength(ten);
  // One bit more than needed, then rounded.
  const exponent = power >= 0 ? bits - 64 : -bits - 63;
  const shift = BigInt(Math.abs(exponent - 1));
  const doubled = power < 0 ? (1n << shift) / ten : exponent - 1 > 0 ? ten >> shift : ten << shift;
  const fraction = (doubled + 1n) >> 1n;
  const limb = (at: bigint) => Number((fraction >> (at * 22n)) & 0x3fffffn);
  return { fraction, exponent, limbs: [limb(0n), limb(1n), limb(2n)] };
}

/** The power that brings a number of this binary exponent into the wanted range. */
function powerIndexFor(exponent: number): number {
  let index = Math.trunc((Math.trunc(-(exponent + POWER_COUNT) * LOG10_OF_2) - FIRST_POWER) / POWER_STEP);
  for (;;) {
    const scaled = exponent + scaledPower(index).exponent + 64;
    if (scaled < LEAST_EXPONENT) index++;
    else if (scaled > GREATEST_EXPONENT) index--;
    else return index;
  }
}

function timesPower(fraction: bigint, power: ScaledPower): bigint {
  return (fraction * power.fraction + (1n << 63n)) >> 64n;
}

const LIMB = 2 ** 22;
const TWO_TO_32 = 2 ** 32;
/** Behind the point; of them the first eight and the others are a number each, which is then exact. */
const MOST_DIGITS = 16;
const FIRST_DIGITS = 8;

/**
 * What {@link grisu2} says, in numbers that are exact, at a tenth of the time; `undefined` for what is not worth its own way:
 * powers of two, subnormal numbers, and those of few digits.
 *
 * The three bounds are 64-bit numbers which differ in their lowest 22 bits alone, so their products with the power differ in
 * little. What they differ by has 13 bits at most: times 10^16 that is a double still, because 2^16 of it is exponent.
 */
function fastGrisu2(value: number): DecimalDigits | undefined {
  bitsOf[0] = value;
  const high = words[HIGH_WORD]!;
  const low = words[1 - HIGH_WORD]!;
  const biased = high >>> 20;
  if (biased === 0 || ((high & 0xfffff) === 0 && low === 0)) return undefined;
  // The value, its top bit bit 63, in limbs of 22 bits.
  const a0 = (low & 0x7ff) << 11;
  const a1 = (low >>> 11) | ((high & 1) << 21);
  const a2 = ((high & 0xfffff) | 0x100000) >>> 1;
  const commonExponent = biased - 1086;
  const index = powerIndexFor(commonExponent);
  const { exponent, limbs } = scaledPower(index);
  const [b0, b1, b2] = limbs;

  // Bits 64 and up of each product, rounded: `scaled`, and in common `common · 4 + highest · 2^24`.
  const first = a1 * b0;
  const second = a1 * b1 + a2 * b0 + 2 ** 19;
  const scaled = scaledLimb(a0, b0, b1, b2, first, second);
  const upper = scaledLimb(a0 + 1024, b0, b1, b2, first, second) - 1;
  const lower = scaledLimb(a0 - 1024, b0, b1, b2, first, second) + 1;
  const common = a1 * b2 + a2 * b1;
  const highest = a2 * b2;
  const highestLow = highest % 256;
  const sum = upper + common * 4 + highestLow * 2 ** 24;
  const sumHigh = Math.floor(sum / TWO_TO_32);

  const pointAt = -(commonExponent + exponent + 64);
  const one = 2 ** (pointAt - 32);
  const upperHigh = (highest - highestLow) / 256 + sumHigh;
  const whole = Math.floor(upperHigh / one);
  let restHigh = upperHigh - whole * one;
  let restLow = sum - sumHigh * TWO_TO_32;
  let width = upper - lower;
  let toValue = upper - scaled;
  if (restHigh === 0 && restLow <= width) return undefined;

  let leading = 0;
  let trailing = 0;
  for (let count = 1; count <= MOST_DIGITS; count++) {
    restLow *= 10;
    const carry = Math.floor(restLow / TWO_TO_32);
    restLow -= carry * TWO_TO_32;
    restHigh = restHigh * 10 + carry;
    const digit = Math.floor(restHigh / one);
    restHigh -= digit * one;
    width *= 10;
    toValue *= 10;
    if (count <= FIRST_DIGITS) leading = leading * 10 + digit;
    else trailing = trailing * 10 + digit;
    const widthHigh = Math.floor(width / TWO_TO_32);
    if (restHigh > widthHigh || (restHigh === widthHigh && restLow >= width - widthHigh * TWO_TO_32))
      continue;
    // Each number here is a multiple of 2^count, and below 2^(pointAt + 4).
    if (count <= FIRST_DIGITS || count < pointAt - 49) return undefined;
    const unit = one * TWO_TO_32;
    trailing -= stepsDown(restHigh * TWO_TO_32 + restLow, width, unit, toValue);
    const digits =
      String(whole) +
      String(leading).padStart(FIRST_DIGITS, '0') +
      String(trailing).padStart(count - FIRST_DIGITS, '0');
    return { digits, exponent: -(FIRST_POWER + index * POWER_STEP) - count };
  }
  return undefined;
}

/** What is left of a product from bit 64 on, without the two columns of limbs that are all from there on. */
function scaledLimb(a0: number, b0: number, b1: number, b2: number, first: number, second: number): number {
  const carry = Math.floor((a0 * b1 + first + Math.floor((a0 * b0) / LIMB)) / LIMB);
  return Math.floor((a0 * b2 + second + carry) / 2 ** 20);
}

/** By how much {@link lowerLastDigit} lowers it, where all of these are exact. */
function stepsDown(left: number, width: number, unit: number, toValue: number): number {
  let distance = left;
  let steps = 0;
  while (
    distance < toValue &&
    width - distance >= unit &&
    (distance + unit < toValue || toValue - distance > distance + unit - toValue)
  ) {
    distance += unit;
    steps++;
  }
  return steps;
}

/** Grisu2 proper. */
export function grisu2(value: number): DecimalDigits {
  bitsOf[0] = value;
  const high = words[HIGH_WORD]!;
  const biased = high >>> 20;
  const stored = (BigInt(high & 0xfffff) << 32n) | BigInt(words[1 - HIGH_WORD]!);
  const fraction = biased === 0 ? stored : stored | (1n << 52n);
  const valueExponent = (biased === 0 ? 1 : biased) - 1075;

  // All three in units of the normalised upper bound, whose top bit is bit 63.
  const upperShift = 64 - bitLength(2n * fraction + 1n);
  const commonExponent = valueExponent - 1 - upperShift;
  const isPowerOfTwo = stored === 0n;
  const upperBound = (2n * fraction + 1n) << BigInt(upperShift);
  const lowerBound = isPowerOfTwo
    ? (4n * fraction - 1n) << BigInt(upperShift - 1)
    : (2n * fraction - 1n) << BigInt(upperShift);
  const normalised = fraction << BigInt(upperShift + 1);

  const index = powerIndexFor(commonExponent);
  const power = scaledPower(index);
  const scaledValue = timesPower(normalised, power);
  const upper = timesPower(upperBound, power) - 1n;
  const lower = timesPower(lowerBound, power) + 1n;
  const pointAt = BigInt(-(commonExponent + power.exponent + 64));
  return generateDigits(scaledValue, lower, upper, pointAt, -(FIRST_POWER + index * POWER_STEP));
}

/** Cuts digits off `upper`, a fixed-point number with `pointAt` bits behind the point. */
function generateDigits(
  value: bigint,
  lower: bigint,
  upper: bigint,
  pointAt: bigint,
  exponent: number,
): DecimalDigits {
  const one = 1n << pointAt;
  let width = upper - lower;
  let toValue = upper - value;
  let whole = Number(upper >> pointAt);
  let rest = upper & (one - 1n);
  let digits = '';

  for (let power = 9; power >= 0; power--) {
    const unit = EASY_POWERS[power]!;
    const digit = Math.floor(whole / unit);
    if (digit > 0 || digits !== '') digits += digit;
    whole -= digit * unit;
    const left = (BigInt(whole) << pointAt) + rest;
    if (left <= width) {
      const lowered = lowerLastDigit(digits, width, left, BigInt(unit) << pointAt, toValue);
      return { digits: lowered, exponent: exponent + power };
    }
  }
  for (let power = -1; ; power--) {
    rest *= 10n;
    width *= 10n;
    toValue *= 10n;
    const digit = Number(rest >> pointAt);
    if (digit > 0 || digits !== '') digits += digit;
    rest &= one - 1n;
    if (rest < width) {
      return { digits: lowerLastDigit(digits, width, rest, one, toValue), exponent: exponent + power };
    }
  }
}

/** Steps the last digit down while that stays within the interval and comes closer to the value. */
function lowerLastDigit(digits: string, width: bigint, left: bigint, unit: bigint, toValue: bigint): string {
  let distance = left;
  let steps = 0;
  while (
    distance < toValue &&
    width - distance >= unit &&
    (distance + unit < toValue || toValue - distance > distance + unit - toValue)
  ) {
    distance += unit;
    steps++;
  }
  if (steps === 0) return digits;
  return digits.slice(0, -1) + String.fromCharCode(digits.charCodeAt(digits.length - 1) - steps);
}
