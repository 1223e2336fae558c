import { allocation } from '../values/allocation.ts';
import { LuaTable } from '../values/lua-table.ts';
import type { LuaValue } from '../values/value.ts';
import { type Cell, Closure } from './closure.ts';
import type { Coroutine } from './coroutine.ts';
import { type Frame, FrameKind } from './frame.ts';
import type { Machine } from './machine.ts';
import { growStack } from './stack.ts';

/*
 * The instructions that are more than a few steps.
 */

/** Puts the items of a constructor, which are on the stack behind the table, into it: the last one first, as the reference does. */
export function setList(coroutine: Coroutine, at: number, operand: number, offset: number): void {
  const { stack } = coroutine;
  const table = stack[at] as LuaTable;
  const count = operand === 0 ? coroutine.top - at - 1 : operand - 1;
  table.growArray(offset + count);
  for (let index = count; index > 0; index--) table.setNumber(offset + index, stack[at + index]);
}

/**
 * Puts results where the caller wants them, as many as it wants. The frame is left by the caller.
 *
 * @returns whether the run loop is to be left
 */
export function finishReturn(coroutine: Coroutine, frame: Frame, first: number, count: number): boolean {
  const { stack } = coroutine;
  const { returnBase, resultCount, kind } = frame;
  for (let index = 0; index < count; index++) stack[returnBase + index] = stack[first + index];
  if (kind === FrameKind.ENTRY) {
    coroutine.frame = frame.previous!;
    return true;
  }
  if (kind === FrameKind.ITERATOR) coroutine.nestedCalls--;
  if (resultCount < 0) coroutine.top = returnBase + count;
  else for (let index = count; index < resultCount; index++) stack[returnBase + index] = undefined;
  return false;
}

/** Copies the arguments in `...` to registers: so many of them, or (-1) all, with the top behind them. */
export function copyVarargs(
  machine: Machine,
  coroutine: Coroutine,
  frame: Frame,
  at: number,
  wanted: number,
): void {
  const { stack } = coroutine;
  const { varargCount } = frame;
  const first = frame.base - varargCount;
  const count = wanted < 0 ? varargCount : wanted;
  machine.spend(count);
  if (at + count > stack.length) growStack(coroutine, at + count);
  for (let index = 0; index < count; index++) {
    stack[at + index] = index < varargCount ? stack[first + index] : undefined;
  }
  if (wanted < 0) coroutine.top = at + count;
}

/** A closure of an inner function, with the variables it captures. */
export function makeClosure(
  outer: Closure,
  index: number,
  stack: readonly LuaValue[],
  base: number,
): Closure {
  const prototype = outer.prototype.prototypes[index]!;
  const { upvalueSources } = prototype;
  const upvalues: Cell[] = [];
  for (let at = 0; at < upvalueSources.length; at++) {
    const source = upvalueSources[at]!;
    upvalues.push(source >= 0 ? (stack[base + source] as unknown as Cell) : outer.upvalues[-1 - source]!);
  }
  allocation.bytes += 64 + 8 * upvalues.length;
  return new Closure(prototype, upvalues, outer.environment);
}

/** The table `arg` of 5.0, which a vararg function without `...` still has. */
export function argumentTable(stack: readonly LuaValue[], frame: Frame): LuaTable {
  const { base, varargCount } = frame;
  const table = new LuaTable(varargCount, 1);
  for (let index = 1; index <= varargCount; index++) {
    table.setNumber(index, stack[base - varargCount + index - 1]);
  }
  table.setString('n', varargCount);
  return table;
}
