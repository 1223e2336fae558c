import { LuaError } from '../values/lua-error.ts';
import { LuaTable } from '../values/lua-table.ts';
import type { NativeCall } from '../values/native-call.ts';
import { type NativeFunction, type NativeResult, NO_RESULTS } from '../values/native-function.ts';
import type { Coroutine } from './coroutine.ts';
import type { Machine } from './machine.ts';
import { callNative } from './native-calls.ts';

/*
 * The functions nearly all generic loops call: the machine knows them, and makes the step itself.
 */

/** `next` */
export function nextOf(call: NativeCall): NativeResult {
  const table = call.table(1);
  const position = table.positionOf(call.value(2));
  if (position < 0) throw new LuaError("invalid key to 'next'");
  const following = table.nextPosition(position);
  return following === 0 ? undefined : [table.keyAt(following), table.valueAt(following)];
}

/** What `ipairs` gives. */
export function stepOfIpairs(call: NativeCall): NativeResult {
  const index = (call.integer(2) | 0) + 1;
  const value = call.table(1).getNumber(index);
  return value === undefined ? NO_RESULTS : [index, value];
}

/** Calls a native that is the iterator of a loop: it is on the stack with its arguments, which its results replace. */
export function callIterator(
  machine: Machine,
  coroutine: Coroutine,
  native: NativeFunction,
  at: number,
  argumentCount: number,
  wanted: number,
): void {
  const { stack } = coroutine;
  const table = stack[at + 1];
  const control = stack[at + 2];
  let count = -1;
  if (table instanceof LuaTable && argumentCount === 2) {
    if (native.body === nextOf) {
      const position = table.positionOf(control);
      if (position >= 0) {
        const following = table.nextPosition(position);
        stack[at] = table.keyAt(following);
        stack[at + 1] = table.valueAt(following);
        count = 2;
      }
    } else if (native.body === stepOfIpairs && typeof control === 'number') {
      const index = (control | 0) + 1;
      const value = table.getNumber(index);
      stack[at] = value === undefined ? undefined : index;
      stack[at + 1] = value;
      count = 2;
    }
  }
  if (count < 0) count = callNative(machine, coroutine, native, at, argumentCount);
  for (let index = count; index < wanted; index++) stack[at + index] = undefined;
}
