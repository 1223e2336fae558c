import { LuaError } from '../values/lua-error.ts';
import { LuaTable } from '../values/lua-table.ts';
import type { NativeCall } from '../values/native-call.ts';
import { typeName } from '../values/type-name.ts';
import { Userdata } from '../values/userdata.ts';
import type { LuaValue } from '../values/value.ts';

/** How many `__index` may refer to each other. */
const LONGEST_CHAIN = 100;

/** The metatable of any value. */
export function metatableOf(call: NativeCall, value: LuaValue): LuaTable | undefined {
  if (value instanceof LuaTable || value instanceof Userdata) return value.metatable;
  return typeof value === 'string' ? call.machine.stringMetatable : undefined;
}

/**
 * `object[key]` as a script would get it: with `__index`. Errors have no position: this happens within a native function.
 *
 * @throws LuaError if there is nothing to be indexed, or from the metamethod
 */
export function indexValue(call: NativeCall, object: LuaValue, key: LuaValue): LuaValue {
  let value = object;
  for (let link = 0; link < LONGEST_CHAIN; link++) {
    if (value instanceof LuaTable) {
      const found = value.get(key);
      if (found !== undefined || value.metatable === undefined) return found;
    }
    const handler: LuaValue = metatableOf(call, value)?.getString('__index');
    if (handler === undefined) {
      if (value instanceof LuaTable) return undefined;
      throw new LuaError(`attempt to index a ${typeName(value)} value`);
    }
    if (typeName(handler) === 'function') return call.machine.callFirst(handler, value, key);
    value = handler;
  }
  throw new LuaError('loop in gettable');
}
