import type { Machine } from '../machine/machine.ts';
import { LuaError } from '../values/lua-error.ts';
import type { NativeCall } from '../values/native-call.ts';
import { NativeFunction, type NativeResult } from '../values/native-function.ts';

/** `error`, `pcall` and `xpcall` of a machine. */
export function protectedCalls(machine: Machine): Readonly<Record<string, NativeFunction>> {
  return {
    error: new NativeFunction('error', raise),
    pcall: new NativeFunction('pcall', (call) => {
      const callee = call.any(1);
      return outcome(machine.protectedCall(callee, call.rest(2), undefined));
    }),
    xpcall: new NativeFunction('xpcall', (call) => {
      call.any(2);
      const handler = call.value(2);
      const results = machine.protectedCall(call.value(1), [], handler);
      // To call nil is an error, too.
      const isHandled = handler !== undefined || !(results instanceof LuaError);
      return outcome(isHandled ? results : new LuaError('error in error handling'));
    }),
  };
}

function raise(call: NativeCall): NativeResult {
  const level = call.optionalInteger(2, 1);
  const value = call.value(1);
  // A number has its place put before it too, as in the reference.
  const isText = typeof value === 'string' || typeof value === 'number';
  if (!isText || level <= 0) throw new LuaError(value);
  throw new LuaError(call.machine.where(level) + call.string(1));
}

function outcome(results: ReturnType<Machine['protectedCall']>): NativeResult {
  return results instanceof LuaError ? [false, results.value] : [true, ...results];
}
