import { LuaTable } from '../lua/values/lua-table.ts';
import type { NativeCall } from '../lua/values/native-call.ts';
import { numberOfText } from '../lua/values/number-text.ts';
import { addFunctions } from './functions.ts';

/*
 * Lua BitOp: operations on 32 bits. A number is first rounded to an integer (half to even) and cut to its low 32 bits;
 * the reference does both by adding 2^52 + 2^51 and taking the low half of the double. Beyond 2^51 the sum has no room for the
 * low bits, so what is left then is not the number's: scripts see that, and it is done the same way here.
 */

const ROUNDING = 2 ** 52 + 2 ** 51;
const scratch = new DataView(new ArrayBuffer(8));

/** A number as 32 bits, signed. */
function toBits(value: number): number {
  const small = value | 0;
  if (small === value) return small;
  scratch.setFloat64(0, value + ROUNDING);
  return scratch.getInt32(4);
}

/** An argument as 32 bits: a number, or a string that reads as one. */
function bits(call: NativeCall, index: number): number {
  const value = call.value(index);
  if (typeof value === 'number') return toBits(value);
  const number = typeof value === 'string' ? numberOfText(value) : undefined;
  if (number === undefined) throw call.typeError(index, 'number');
  return toBits(number);
}

function swapBytes(value: number): number {
  return (value >>> 24) | ((value >>> 8) & 0xff00) | ((value & 0xff00) << 8) | (value << 24);
}

/** `bit.tohex(x [, n])`: the low n hexadecimal digits, 8 if omitted; in capitals if n is negative. */
function toHex(call: NativeCall): string {
  const value = bits(call, 1);
  const wanted = call.count < 2 ? 8 : bits(call, 2);
  const digits = Math.min(Math.abs(wanted), 8);
  if (digits === 0) return '';
  const text = (value >>> 0).toString(16).padStart(8, '0').slice(-digits);
  return wanted < 0 ? text.toUpperCase() : text;
}

/** The `bit` library, as it is in Redis: Lua BitOp 1.0.2. */
export function bitLibrary(): LuaTable {
  return addFunctions(new LuaTable(0, 12), {
    tobit: (call) => bits(call, 1),
    bnot: (call) => ~bits(call, 1),
    // The first argument is read first and then the others from the last on: it shows in which one an error names.
    band: (call) => {
      let result = bits(call, 1);
      for (let index = call.count; index > 1; index--) result &= bits(call, index);
      return result;
    },
    bor: (call) => {
      let result = bits(call, 1);
      for (let index = call.count; index > 1; index--) result |= bits(call, index);
      return result;
    },
    bxor: (call) => {
      let result = bits(call, 1);
      for (let index = call.count; index > 1; index--) result ^= bits(call, index);
      return result;
    },
    // JavaScript's shifts take the low five bits of the distance, as these do.
    lshift: (call) => bits(call, 1) << bits(call, 2),
    rshift: (call) => (bits(call, 1) >>> bits(call, 2)) | 0,
    arshift: (call) => bits(call, 1) >> bits(call, 2),
    rol: (call) => {
      const value = bits(call, 1);
      const distance = bits(call, 2);
      return (value << distance) | (value >>> -distance);
    },
    ror: (call) => {
      const value = bits(call, 1);
      const distance = bits(call, 2);
      return (value << -distance) | (value >>> distance);
    },
    bswap: (call) => swapBytes(bits(call, 1)),
    tohex: toHex,
  });
}
