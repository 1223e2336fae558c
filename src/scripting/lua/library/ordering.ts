import { LuaError } from '../values/lua-error.ts';
import { LuaTable } from '../values/lua-table.ts';
import { LONG_TEXT } from '../values/metering.ts';
import type { MachineServices } from '../values/native-call.ts';
import { typeName } from '../values/type-name.ts';
import { Userdata } from '../values/userdata.ts';
import type { LuaValue } from '../values/value.ts';

/**
 * `left < right` as the operator has it, for native functions: metamethods included, errors without a position.
 *
 * @throws LuaError where the two cannot be compared
 */
export function isLess(machine: MachineServices, left: LuaValue, right: LuaValue): boolean {
  // A string has one char per byte, so that the order of chars is the order of bytes.
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length > LONG_TEXT && right.length > LONG_TEXT) machine.spend(left.length >>> 6);
    return left < right;
  }
  const type = typeName(left);
  if (type === typeName(right)) {
    const metamethod = lessMetamethod(left);
    if (metamethod !== undefined && metamethod === lessMetamethod(right)) {
      const result = machine.callFirst(metamethod, left, right);
      return result !== undefined && result !== false;
    }
    throw new LuaError(`attempt to compare two ${type} values`);
  }
  const other = typeName(right);
  // The reference tells types apart by their third letter: a thread and a string are two thread values.
  throw new LuaError(
    type[2] === other[2]
      ? `attempt to compare two ${type} values`
      : `attempt to compare ${type} with ${other}`,
  );
}

function lessMetamethod(value: LuaValue): LuaValue {
  return value instanceof LuaTable || value instanceof Userdata
    ? value.metatable?.getString('__lt')
    : undefined;
}
