import { Closure } from '../machine/closure.ts';
import { frameAt, type Machine } from '../machine/machine.ts';
import type { LuaTable } from '../values/lua-table.ts';
import type { NativeCall } from '../values/native-call.ts';
import { NativeFunction } from '../values/native-function.ts';
import type { LuaFunction } from '../values/value.ts';

/** Adds `getfenv` and `setfenv` to the globals of a machine. */
export function fillEnvironments(globals: LuaTable, machine: Machine): void {
  globals.setString(
    'getfenv',
    new NativeFunction('getfenv', (call) => {
      const found = functionArgument(call, machine, true);
      return found === undefined ? machine.globals : (found.environment ?? machine.globals);
    }),
  );
  globals.setString(
    'setfenv',
    new NativeFunction('setfenv', (call) => {
      const environment = call.table(2);
      if (call.value(1) === 0) {
        // The environment of the thread: what is compiled from now on has it in the reference. Nothing here asks for it.
        return [];
      }
      const found = functionArgument(call, machine, false);
      if (!(found instanceof Closure))
        throw call.error("'setfenv' cannot change environment of given object");
      found.environment = environment;
      return found;
    }),
  );
}

/** The function an argument means: itself, or that of a level of the stack. Undefined for level 0. */
function functionArgument(call: NativeCall, machine: Machine, isOptional: boolean): LuaFunction | undefined {
  const value = call.value(1);
  if (value instanceof Closure || value instanceof NativeFunction) return value;
  const level = isOptional ? call.optionalInteger(1, 1) : call.integer(1);
  if (level < 0) throw call.argumentError(1, 'level must be non-negative');
  if (level === 0) return undefined;
  const frame = frameAt(machine.current.frame, level - 1);
  if (frame === undefined) throw call.argumentError(1, 'invalid level');
  return frame.closure ?? frame.native;
}
