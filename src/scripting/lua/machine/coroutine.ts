import type { NativeFunction } from '../values/native-function.ts';
import type { LuaValue } from '../values/value.ts';
import type { Closure } from './closure.ts';
import { Frame } from './frame.ts';

/** The frames a stack may have: the reference says `stack overflow` beyond. */
export const MOST_FRAMES = 16_384;

/**
 * A thread of Lua: a stack of registers and a list of frames of its own. The main program runs in one too.
 */
export class Coroutine {
  /** What it runs; undefined for the main one. */
  readonly body: Closure | undefined;
  status: 'suspended' | 'running' | 'normal' | 'dead' = 'suspended';
  isStarted = false;
  /** The one that waits for it to yield or end. */
  resumedBy: Coroutine | undefined = undefined;
  readonly stack: LuaValue[] = [];
  /** The frame below all others. */
  readonly bottom: Frame;
  /** The frame of the function that runs. */
  frame: Frame;
  /** The function of the host that runs, called by the function of the frame; undefined if none does. */
  native: NativeFunction | undefined = undefined;
  /** Behind the last of the results or arguments whose number is not known from the code, and of a native's arguments. */
  top = 0;
  /** How many calls from JavaScript are under way: it can yield only if there are none. */
  nestedCalls = 0;
  /** What it yields. */
  transferred: readonly LuaValue[] = [];

  constructor(body: Closure | undefined) {
    this.body = body;
    this.bottom = new Frame(undefined);
    this.frame = this.bottom;
  }
}
