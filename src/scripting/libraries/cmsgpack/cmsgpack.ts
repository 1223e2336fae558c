import { LuaTable } from '../../lua/values/lua-table.ts';
import type { NativeCall } from '../../lua/values/native-call.ts';
import type { LuaValue } from '../../lua/values/value.ts';
import { C_STACK_SLOTS } from '../c-stack.ts';
import { addFunctions } from '../functions.ts';
import { Work } from '../work.ts';
import { Packer } from './packer.ts';
import { Unpacker } from './unpacker.ts';

/** `cmsgpack.pack(value, …)`: all values, one after the other. */
function pack(call: NativeCall): string {
  const { count } = call;
  if (count === 0) throw call.argumentError(0, 'MessagePack pack needs input.');
  if (count * 2 > C_STACK_SLOTS) throw call.argumentError(0, 'Too many arguments for MessagePack pack.');
  const work = new Work(call.machine);
  const packer = new Packer(work);
  for (let index = 1; index <= count; index++) packer.pack(call.value(index));
  work.finish();
  return packer.finish();
}

/** `cmsgpack.unpack(text)`: all values in it. */
function unpack(call: NativeCall): readonly LuaValue[] {
  return unpackSome(call, 0, 0, call.count);
}

/** `cmsgpack.unpack_one(text [, offset])`: the offset after it, or -1 if it was the last, and the value. */
function unpackOne(call: NativeCall): readonly LuaValue[] {
  return unpackSome(call, 1, call.optionalInteger(2, 0), 1);
}

/** `cmsgpack.unpack_limit(text, limit [, offset])`: the offset after them, or -1 if they were the last, and the values. */
function unpackLimit(call: NativeCall): readonly LuaValue[] {
  const limit = call.integer(2);
  return unpackSome(call, limit, call.optionalInteger(3, 0), 1);
}

/** At most `limit` values, from an offset; all, and no offset before them, if both are 0. */
function unpackSome(call: NativeCall, limit: number, offset: number, slots: number): readonly LuaValue[] {
  const text = call.string(1);
  const { length } = text;
  // Errors show 32 bits of the offset, and the length where they say limit.
  if (offset < 0 || limit < 0) {
    throw call.error(`Invalid request to unpack with offset of ${offset | 0} and limit of ${length | 0}.`);
  }
  if (offset > length) {
    throw call.error(`Start offset ${offset | 0} greater than input length ${length | 0}.`);
  }
  const isWhole = limit === 0 && offset === 0;
  const most = isWhole ? Infinity : limit;
  const work = new Work(call.machine);
  const unpacker = new Unpacker(call, work, text, offset, slots);
  const values: LuaValue[] = isWhole ? [] : [-1];
  const first = values.length;
  while (unpacker.at < length && values.length - first < most) values.push(unpacker.next());
  if (!isWhole) {
    // The offset is put before the values at the end, and needs a slot as well.
    if (slots + values.length > C_STACK_SLOTS)
      throw call.error('stack overflow (in function mp_unpack_full)');
    if (unpacker.at < length) values[0] = unpacker.at;
  }
  work.finish();
  return values;
}

/** The `cmsgpack` library, as it is in Redis: lua-cmsgpack 0.4.0. */
export function cmsgpackLibrary(): LuaTable {
  const library = addFunctions(new LuaTable(), {
    pack,
    unpack,
    unpack_one: unpackOne,
    unpack_limit: unpackLimit,
  });
  library.setString('_NAME', 'cmsgpack');
  library.setString('_VERSION', 'lua-cmsgpack 0.4.0');
  library.setString('_COPYRIGHT', 'Copyright (C) 2012, Salvatore Sanfilippo');
  library.setString('_DESCRIPTION', 'MessagePack C implementation for Lua');
  return library;
}
