import { NativeCall } from '../values/native-call.ts';
import type { NativeFunction } from '../values/native-function.ts';
import type { LuaFunction, LuaValue } from '../values/value.ts';
import type { Coroutine } from './coroutine.ts';
import type { Machine } from './machine.ts';
import { CALL } from './metamethods.ts';
import { isFunction, metamethodOf } from './operations.ts';
import { growStack } from './stack.ts';

/** What stands for a number of results where the coroutine yielded. */
export const YIELDED = -2;

/** What `coroutine.yield` returns; what it hands out is in the coroutine. */
export const YIELD: readonly LuaValue[] = [];

/**
 * Calls a function of the host that is on the stack with its arguments behind it. Its results come to be where it was.
 *
 * @returns their number, or {@link YIELDED}
 */
export function callNative(
  machine: Machine,
  coroutine: Coroutine,
  native: NativeFunction,
  callee: number,
  argumentCount: number,
): number {
  const { stack } = coroutine;
  const first = callee + 1;
  coroutine.top = first + argumentCount;
  coroutine.native = native;
  const result = native.body(new NativeCall(machine, stack, first, argumentCount));
  coroutine.native = undefined;
  if (typeof result !== 'object' || !Array.isArray(result)) {
    stack[callee] = result as LuaValue;
    return 1;
  }
  const results: readonly LuaValue[] = result;
  if (results === YIELD) return YIELDED;
  const { length } = results;
  machine.stepsLeft -= length >> 2;
  if (callee + length > stack.length) growStack(coroutine, callee + length);
  for (let index = 0; index < length; index++) stack[callee + index] = results[index];
  return length;
}

/**
 * Puts the `__call` of a value that is no function in its place, and the value before the arguments.
 *
 * @throws LuaError if it has none
 */
export function prepareCall(
  machine: Machine,
  coroutine: Coroutine,
  callee: number,
  argumentCount: number,
): LuaFunction {
  const { stack } = coroutine;
  const value = stack[callee];
  const metamethod = metamethodOf(machine, value, CALL);
  if (!isFunction(metamethod)) {
    throw machine.typeError(value, 'call', 0);
  }
  const end = callee + 1 + argumentCount;
  if (end >= stack.length) growStack(coroutine, end + 1);
  for (let at = end; at > callee; at--) stack[at] = stack[at - 1];
  stack[callee] = metamethod;
  return metamethod;
}
