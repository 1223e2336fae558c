import { Closure } from '../machine/closure.ts';
import type { Machine } from '../machine/machine.ts';
import { frameAt } from '../machine/stack.ts';
import type { NativeCall } from '../values/native-call.ts';
import { NativeFunction, NO_RESULTS } from '../values/native-function.ts';
import type { LuaFunction } from '../values/value.ts';

/** `getfenv` and `setfenv` of a machine: part of the language, though the sandbox of scripts leaves them out as Redis does. */
export function environmentFunctions(machine: Machine): Readonly<Record<string, NativeFunction>> {
  return {
    getfenv: new NativeFunction('getfenv', (call) => {
      return functionArgument(call, machine, true)?.environment ?? machine.globals;
    }),
    setfenv: new NativeFunction('setfenv', (call) => {
      const environment = call.table(2);
      // The environment of the thread, which is that of what is compiled from now on: not for scripts to change.
      if (call.value(1) === 0) return NO_RESULTS;
      const found = functionArgument(call, machine, false);
      if (!(found instanceof Closure))
        throw call.error("'setfenv' cannot change environment of given object");
      found.environment = environment;
      return found;
    }),
  };
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
  if (frame === null) throw call.error(`no function environment for tail call at level ${level}`);
  return frame.closure ?? frame.native;
}
