import { lineAt } from '../compiler/prototype.ts';
import { allocation } from '../values/allocation.ts';
import { LuaError } from '../values/lua-error.ts';
import type { Closure } from './closure.ts';
import { type Coroutine, MOST_FRAMES } from './coroutine.ts';
import { FRAME_BYTES, Frame, FrameKind } from './frame.ts';

/** The most values a stack may hold. */
const MOST_SLOTS = 1_000_000;

/** Makes room on the stack up to an end. */
export function growStack(coroutine: Coroutine, end: number): void {
  const { stack } = coroutine;
  if (end > MOST_SLOTS) throw new LuaError(`${positionOf(coroutine.frame)}stack overflow`);
  const size = Math.max(end + 32, Math.min(stack.length * 2, MOST_SLOTS));
  allocation.bytes += 8 * (size - stack.length);
  while (stack.length < size) stack.push(undefined);
}

/** The frame after the current one: the one that was there before, or a new one. */
export function nextFrame(coroutine: Coroutine): Frame {
  const { frame } = coroutine;
  const { next } = frame;
  if (next !== undefined) return next;
  if (frame.depth >= MOST_FRAMES) throw new LuaError(`${positionOf(frame)}stack overflow`);
  allocation.bytes += FRAME_BYTES;
  const made = new Frame(frame);
  frame.next = made;
  return made;
}

/** `chunk:line: ` of what a frame runs; empty for a function of the host. */
export function positionOf(frame: Frame): string {
  const { closure } = frame;
  if (closure === undefined) return '';
  const { prototype } = closure;
  return `${prototype.chunkName}:${lineAt(prototype, frame.pc)}: `;
}

/** Begins a call of a closure that is on the stack with its arguments behind it. */
export function enter(
  coroutine: Coroutine,
  closure: Closure,
  callee: number,
  argumentCount: number,
  resultCount: number,
): Frame {
  const { stack } = coroutine;
  const { parameterCount, registerCount, isVararg } = closure.prototype;
  const frame = nextFrame(coroutine);
  let base = callee + 1;
  let varargCount = 0;
  if (isVararg) {
    base += argumentCount;
    if (base + registerCount > stack.length) growStack(coroutine, base + registerCount);
    const given = argumentCount < parameterCount ? argumentCount : parameterCount;
    for (let index = 0; index < given; index++) stack[base + index] = stack[callee + 1 + index];
    for (let index = given; index < parameterCount; index++) stack[base + index] = undefined;
    varargCount = argumentCount - given;
  } else {
    if (base + registerCount > stack.length) growStack(coroutine, base + registerCount);
    for (let index = argumentCount; index < parameterCount; index++) stack[base + index] = undefined;
  }
  frame.closure = closure;
  frame.base = base;
  frame.pc = 0;
  frame.returnBase = callee;
  frame.resultCount = resultCount;
  frame.varargCount = varargCount;
  frame.tailCalls = 0;
  frame.kind = FrameKind.CALL;
  coroutine.frame = frame;
  return frame;
}
