import type { NativeCall } from '../../lua/values/native-call.ts';
import type { NativeResult } from '../../lua/values/native-function.ts';
import { INVALID_AS_NULL, INVALID_REFUSED, INVALID_WRITTEN, type JsonSettings } from './settings.ts';

/*
 * The functions that read and change the settings. Each takes at most as many arguments as it has settings; one that is nil or
 * missing leaves its setting as it is. An error leaves the settings before it changed.
 */

const MOST = 2 ** 31 - 1;
const MOST_DIGITS = 14;
const SWITCH = ['off', 'on'];
const INVALID_NUMBERS = ['off', 'on', 'null'];

function checkCount(call: NativeCall, most: number): void {
  if (call.count > most) throw call.argumentError(most + 1, 'found too many arguments');
}

/** The new value of a setting that is an integer. Its error always names the first argument, as the reference's does. */
function integerOption(
  call: NativeCall,
  index: number,
  current: number,
  least: number,
  most: number,
): number {
  if (call.value(index) === undefined) return current;
  const value = call.integer(index) | 0;
  if (value < least || value > most) {
    throw call.argumentError(1, `expected integer between ${least} and ${most}`);
  }
  return value;
}

function choice(call: NativeCall, index: number, options: readonly string[]): number {
  const text = call.string(index);
  // What is compared ends at a zero byte, and so does what the error shows.
  const end = text.indexOf('\0');
  const name = end < 0 ? text : text.slice(0, end);
  const at = options.indexOf(name);
  if (at < 0) throw call.argumentError(index, `invalid option '${name}'`);
  return at;
}

function switchOption(call: NativeCall, index: number, current: boolean): boolean {
  const value = call.value(index);
  if (value === undefined) return current;
  return typeof value === 'boolean' ? value : choice(call, index, SWITCH) === 1;
}

/** `cjson.encode_sparse_array([convert [, ratio [, safe]]])` → convert, ratio, safe */
export function encodeSparseArray(settings: JsonSettings, call: NativeCall): NativeResult {
  checkCount(call, 3);
  settings.encodeSparseConvert = switchOption(call, 1, settings.encodeSparseConvert);
  settings.encodeSparseRatio = integerOption(call, 2, settings.encodeSparseRatio, 0, MOST);
  settings.encodeSparseSafe = integerOption(call, 3, settings.encodeSparseSafe, 0, MOST);
  return [settings.encodeSparseConvert, settings.encodeSparseRatio, settings.encodeSparseSafe];
}

/** `cjson.encode_max_depth([depth])` → depth */
export function encodeMaxDepth(settings: JsonSettings, call: NativeCall): NativeResult {
  checkCount(call, 1);
  settings.encodeMaxDepth = integerOption(call, 1, settings.encodeMaxDepth, 1, MOST);
  return settings.encodeMaxDepth;
}

/** `cjson.decode_max_depth([depth])` → depth */
export function decodeMaxDepth(settings: JsonSettings, call: NativeCall): NativeResult {
  checkCount(call, 1);
  settings.decodeMaxDepth = integerOption(call, 1, settings.decodeMaxDepth, 1, MOST);
  return settings.decodeMaxDepth;
}

/** `cjson.encode_number_precision([digits])` → digits */
export function encodeNumberPrecision(settings: JsonSettings, call: NativeCall): NativeResult {
  checkCount(call, 1);
  settings.encodeNumberPrecision = integerOption(call, 1, settings.encodeNumberPrecision, 1, MOST_DIGITS);
  return settings.encodeNumberPrecision;
}

/** `cjson.encode_keep_buffer([keep])` → keep */
export function encodeKeepBuffer(settings: JsonSettings, call: NativeCall): NativeResult {
  checkCount(call, 1);
  settings.encodeKeepBuffer = switchOption(call, 1, settings.encodeKeepBuffer);
  return settings.encodeKeepBuffer;
}

/** `cjson.encode_invalid_numbers([true | false | "on" | "off" | "null"])` → true, false or "null" */
export function encodeInvalidNumbers(settings: JsonSettings, call: NativeCall): NativeResult {
  checkCount(call, 1);
  const value = call.value(1);
  if (typeof value === 'boolean') settings.encodeInvalidNumbers = value ? INVALID_WRITTEN : INVALID_REFUSED;
  else if (value !== undefined) {
    const chosen = choice(call, 1, INVALID_NUMBERS);
    settings.encodeInvalidNumbers =
      chosen === 2 ? INVALID_AS_NULL : chosen === 1 ? INVALID_WRITTEN : INVALID_REFUSED;
  }
  if (settings.encodeInvalidNumbers === INVALID_AS_NULL) return 'null';
  return settings.encodeInvalidNumbers === INVALID_WRITTEN;
}

/** `cjson.decode_invalid_numbers([take])` → take */
export function decodeInvalidNumbers(settings: JsonSettings, call: NativeCall): NativeResult {
  checkCount(call, 1);
  settings.decodeInvalidNumbers = switchOption(call, 1, settings.decodeInvalidNumbers);
  return settings.decodeInvalidNumbers;
}

/** `cjson.decode_array_with_array_mt([mark])` → mark. New in Redis 8.4. */
export function decodeArrayWithArrayMt(settings: JsonSettings, call: NativeCall): NativeResult {
  checkCount(call, 1);
  settings.decodeArrayWithArrayMt = switchOption(call, 1, settings.decodeArrayWithArrayMt);
  return settings.decodeArrayWithArrayMt;
}
