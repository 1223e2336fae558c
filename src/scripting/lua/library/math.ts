import type { LuaTable } from '../values/lua-table.ts';
import type { NativeCall } from '../values/native-call.ts';
import { type NativeResult, NO_RESULTS } from '../values/native-function.ts';
import { power } from '../values/power.ts';
import { type NativeList, nativeTable } from './native-table.ts';
import type { RandomState } from './random.ts';

const RADIANS_PER_DEGREE = Math.PI / 180;

/** The library `math` of 5.1, with Redis's own random numbers. */
export function mathLibrary(random: RandomState): LuaTable {
  const library = nativeTable(functionsWith(random));
  library.setString('pi', Math.PI);
  library.setString('huge', Number.POSITIVE_INFINITY);
  library.setString('mod', library.getString('fmod'));
  return library;
}

const functionsWith = (random: RandomState): NativeList => [
  ['abs', (call) => Math.abs(call.number(1))],
  ['acos', (call) => Math.acos(call.number(1))],
  ['asin', (call) => Math.asin(call.number(1))],
  ['atan2', (call) => backwards(call, Math.atan2)],
  ['atan', (call) => Math.atan(call.number(1))],
  ['ceil', (call) => Math.ceil(call.number(1))],
  ['cosh', (call) => Math.cosh(call.number(1))],
  ['cos', (call) => Math.cos(call.number(1))],
  ['deg', (call) => call.number(1) / RADIANS_PER_DEGREE],
  ['exp', (call) => Math.exp(call.number(1))],
  ['floor', (call) => Math.floor(call.number(1))],
  ['fmod', (call) => backwards(call, (a, b) => a % b)],
  ['frexp', (call) => fractionAndExponent(call.number(1))],
  [
    'ldexp',
    (call) => {
      const exponent = int32(call, 2);
      return scaleByPowerOf2(call.number(1), exponent);
    },
  ],
  ['log10', (call) => Math.log10(call.number(1))],
  ['log', (call) => Math.log(call.number(1))],
  ['max', maximum],
  ['min', minimum],
  ['modf', (call) => integerAndFraction(call.number(1))],
  ['pow', (call) => backwards(call, power)],
  ['rad', (call) => call.number(1) * RADIANS_PER_DEGREE],
  ['random', (call) => drawn(call, random)],
  ['randomseed', (call) => seeded(call, random)],
  ['sinh', (call) => Math.sinh(call.number(1))],
  ['sin', (call) => Math.sin(call.number(1))],
  ['sqrt', (call) => Math.sqrt(call.number(1))],
  ['tanh', (call) => Math.tanh(call.number(1))],
  ['tan', (call) => Math.tan(call.number(1))],
];

/** An argument as C's `int`: its lower 32 bits. */
function int32(call: NativeCall, index: number): number {
  return call.integer(index) | 0;
}

/** NaN is passed over, but not where it comes first. */
function maximum(call: NativeCall): number {
  let largest = call.number(1);
  for (let index = 2; index <= call.count; index++) {
    const number = call.number(index);
    if (number > largest) largest = number;
  }
  return largest;
}

function minimum(call: NativeCall): number {
  let least = call.number(1);
  for (let index = 2; index <= call.count; index++) {
    const number = call.number(index);
    if (number < least) least = number;
  }
  return least;
}

function drawn(call: NativeCall, random: RandomState): number {
  const fraction = random.next();
  switch (call.count) {
    case 0:
      return fraction;
    case 1: {
      const most = int32(call, 1);
      if (most < 1) throw call.argumentError(1, 'interval is empty');
      return Math.floor(fraction * most) + 1;
    }
    case 2: {
      const least = int32(call, 1);
      const most = int32(call, 2);
      if (least > most) throw call.argumentError(2, 'interval is empty');
      // The width is an `int` too, and overflows.
      return Math.floor(fraction * ((most - least + 1) | 0)) + least;
    }
    default:
      throw call.error('wrong number of arguments');
  }
}

function seeded(call: NativeCall, random: RandomState): NativeResult {
  random.seed(int32(call, 1));
  return NO_RESULTS;
}

/** Towards zero, and what is left; both have the sign of the number. */
function integerAndFraction(value: number): [number, number] {
  const whole = Math.trunc(value);
  if (!Number.isFinite(value)) return [value, Number.isNaN(value) ? value : 0 * Math.sign(value)];
  const fraction = value - whole;
  return [whole, fraction === 0 && (value < 0 || Object.is(value, -0)) ? -0 : fraction];
}

/** value = fraction × 2^exponent, with the fraction in [0.5, 1). */
function fractionAndExponent(value: number): [number, number] {
  if (value === 0 || !Number.isFinite(value)) return [value, 0];
  bits.setFloat64(0, value);
  let exponent = (bits.getUint16(0) >>> 4) & 0x7ff;
  let shift = 0;
  if (exponent === 0) {
    // Too small to be normal: 54 bits larger it is.
    bits.setFloat64(0, value * 2 ** 54);
    exponent = (bits.getUint16(0) >>> 4) & 0x7ff;
    shift = 54;
  }
  bits.setUint16(0, (bits.getUint16(0) & 0x800f) | (1022 << 4));
  return [bits.getFloat64(0), exponent - 1022 - shift];
}

const bits = new DataView(new ArrayBuffer(8));

/** value × 2^exponent, rounded once. */
function scaleByPowerOf2(value: number, exponent: number): number {
  const [fraction, own] = fractionAndExponent(value);
  if (fraction === 0 || !Number.isFinite(fraction)) return value;
  const total = own + exponent;
  if (total > 1024) return fraction * Number.POSITIVE_INFINITY;
  if (total < -1080) return fraction * 0;
  // The first product is exact, so that only the second one rounds.
  const first = Math.max(total, -1000);
  return fraction * 2 ** (first - 1) * 2 * 2 ** (total - first);
}

/** A function of two numbers. The reference reads the second one first, and tells of it first where both are none. */
function backwards(call: NativeCall, body: (first: number, second: number) => number): number {
  const second = call.number(2);
  return body(call.number(1), second);
}
