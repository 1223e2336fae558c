import type { Machine } from '../machine/machine.ts';
import { LuaError } from '../values/lua-error.ts';
import type { LuaTable } from '../values/lua-table.ts';
import type { NativeCall } from '../values/native-call.ts';
import { type NativeBody, NativeFunction, type NativeResult } from '../values/native-function.ts';

/** Adds `error`, `pcall` and `xpcall` to the globals of a machine. */
export function fillProtectedCalls(globals: LuaTable, machine: Machine): void {
  const define = (name: string, body: NativeBody) => globals.setString(name, new NativeFunction(name, body));
  define('error', raise);
  define('pcall', (call) => {
    const callee = call.any(1);
    return outcome(machine.protectedCall(callee, call.rest(2), undefined));
  });
  define('xpcall', (call) => {
    call.any(2);
    return outcome(machine.protectedCall(call.value(1), [], call.value(2)));
  });
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
