import { LuaTable } from '../../lua/values/lua-table.ts';
import type { NativeCall } from '../../lua/values/native-call.ts';
import type { NativeBody, NativeResult } from '../../lua/values/native-function.ts';
import type { LuaValue } from '../../lua/values/value.ts';
import { addFunctions } from '../functions.ts';
import { JsonDecoder } from './decoder.ts';
import { JsonEncoder } from './encoder.ts';
import { JSON_NULL } from './null.ts';
import * as options from './options.ts';
import { JsonSettings } from './settings.ts';

/** `cjson.encode(value)` */
function encode(settings: JsonSettings, call: NativeCall): string {
  if (call.count !== 1) throw call.argumentError(1, 'expected 1 argument');
  return new JsonEncoder(call, settings).encode(call.value(1));
}

/** `cjson.decode(text)` */
function decode(settings: JsonSettings, call: NativeCall): LuaValue {
  if (call.count !== 1) throw call.argumentError(1, 'expected 1 argument');
  const text = call.string(1);
  if (text.length >= 2 && (text.charCodeAt(0) === 0 || text.charCodeAt(1) === 0)) {
    throw call.error('JSON parser does not support UTF-16 or UTF-32');
  }
  return new JsonDecoder(call, settings, text).decode();
}

/**
 * The `cjson` library, as it is in Redis 8: Lua CJSON 2.1.0, and `decode_array_with_array_mt`. Each has settings of its
 * own, which scripts change; its table may be made read-only.
 */
export function cjsonLibrary(): LuaTable {
  const settings = new JsonSettings();
  const by =
    (body: (settings: JsonSettings, call: NativeCall) => NativeResult): NativeBody =>
    (call) =>
      body(settings, call);
  const library = addFunctions(new LuaTable(), {
    encode: by(encode),
    decode: by(decode),
    decode_array_with_array_mt: by(options.decodeArrayWithArrayMt),
    encode_sparse_array: by(options.encodeSparseArray),
    encode_max_depth: by(options.encodeMaxDepth),
    decode_max_depth: by(options.decodeMaxDepth),
    encode_number_precision: by(options.encodeNumberPrecision),
    encode_keep_buffer: by(options.encodeKeepBuffer),
    encode_invalid_numbers: by(options.encodeInvalidNumbers),
    decode_invalid_numbers: by(options.decodeInvalidNumbers),
    new: () => cjsonLibrary(),
  });
  library.setString('null', JSON_NULL);
  library.setString('_NAME', 'cjson');
  library.setString('_VERSION', '2.1.0');
  return library;
}
