import { NativeFunction } from '../values/native-function.ts';
import type { LuaValue } from '../values/value.ts';
import { Closure } from './closure.ts';
import type { Coroutine } from './coroutine.ts';
import { execute } from './execute.ts';
import { FrameKind } from './frame.ts';
import type { Machine } from './machine.ts';
import { callNative, prepareCall } from './native-calls.ts';
import { enter, growStack } from './stack.ts';

/**
 * Calls a value that is on the stack with its arguments behind it, and runs until it returns. The results come to be where
 * it was.
 *
 * @returns their number, or YIELDED
 */
export function callValue(machine: Machine, coroutine: Coroutine, at: number, argumentCount: number): number {
  let callee = coroutine.stack[at];
  let count = argumentCount;
  if (!(callee instanceof Closure || callee instanceof NativeFunction)) {
    callee = prepareCall(machine, coroutine, at, count);
    count++;
  }
  machine.spend(5 + count);
  if (callee instanceof NativeFunction) return callNative(machine, coroutine, callee, at, count);
  const frame = enter(coroutine, callee, at, count, -1);
  frame.kind = FrameKind.ENTRY;
  return execute(machine, coroutine);
}

/** Lets a coroutine go on after a yield, which returns the values given. As {@link callValue}. */
export function continueAfterYield(
  machine: Machine,
  coroutine: Coroutine,
  values: readonly LuaValue[],
): number {
  const { frame, stack } = coroutine;
  const { code } = (frame.closure as Closure).prototype;
  const at = frame.base + code[frame.pc + 1]!;
  const resultCount = code[frame.pc + 3]! - 1;
  const count = resultCount < 0 ? values.length : resultCount;
  if (at + count > stack.length) growStack(coroutine, at + count);
  for (let index = 0; index < count; index++) stack[at + index] = values[index];
  if (resultCount < 0) coroutine.top = at + count;
  frame.pc += 4;
  return execute(machine, coroutine);
}

/** The values on a stack from a place on. */
export function resultsAt(stack: readonly LuaValue[], at: number, count: number): readonly LuaValue[] {
  return stack.slice(at, at + count);
}
