import { Closure } from '../machine/closure.ts';
import { Coroutine } from '../machine/coroutine.ts';
import type { Machine } from '../machine/machine.ts';
import { YIELD } from '../machine/native-calls.ts';
import { ResumingFunction } from '../machine/resuming-function.ts';
import { allocation } from '../values/allocation.ts';
import { LuaError } from '../values/lua-error.ts';
import { LuaTable } from '../values/lua-table.ts';
import type { NativeCall } from '../values/native-call.ts';
import { type NativeBody, NativeFunction } from '../values/native-function.ts';
import type { LuaValue } from '../values/value.ts';

/** What a coroutine takes before it has done anything, by estimate. */
const COROUTINE_BYTES = 1024;

/** The library `coroutine` of a machine. */
export function coroutineLibrary(machine: Machine): LuaTable {
  const library = new LuaTable(0, 6);
  const define = (name: string, body: NativeBody) => library.setString(name, new NativeFunction(name, body));

  define('create', (call) => create(call));
  define('resume', (call) => {
    const coroutine = coroutineArgument(call);
    const refusal = whyNot(coroutine);
    if (refusal !== undefined) return [false, refusal];
    try {
      return [true, ...machine.resume(coroutine, call.rest(2))];
    } catch (error) {
      if (error instanceof LuaError) return [false, error.value];
      throw error;
    }
  });
  define('running', () => (machine.current.body === undefined ? undefined : machine.current));
  define('status', (call) => coroutineArgument(call).status);
  define('wrap', (call) => {
    const coroutine = create(call);
    return new ResumingFunction(coroutine, (inner) => {
      const refusal = whyNot(coroutine);
      try {
        if (refusal !== undefined) throw new LuaError(refusal);
        return machine.resume(coroutine, inner.rest());
      } catch (error) {
        if (!(error instanceof LuaError)) throw error;
        const { value } = error;
        if (typeof value === 'string' || typeof value === 'number') throw inner.error(`${value}`);
        throw error;
      }
    });
  });
  define('yield', (call) => {
    const { current } = machine;
    if (current.body === undefined || current.nestedCalls > 0) {
      throw machine.runtimeError('attempt to yield across metamethod/C-call boundary');
    }
    current.transferred = call.rest();
    return YIELD;
  });
  return library;
}

function create(call: NativeCall): Coroutine {
  const body = call.value(1);
  if (!(body instanceof Closure)) throw call.argumentError(1, 'Lua function expected');
  allocation.bytes += COROUTINE_BYTES;
  return new Coroutine(body);
}

function coroutineArgument(call: NativeCall): Coroutine {
  const value: LuaValue = call.value(1);
  if (value instanceof Coroutine) return value;
  throw call.argumentError(1, 'coroutine expected');
}

/** Why a coroutine cannot be resumed; undefined if it can. */
function whyNot({ status }: Coroutine): string | undefined {
  return status === 'suspended' ? undefined : `cannot resume ${status} coroutine`;
}
