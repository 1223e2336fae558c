import type { NativeFunction } from '../values/native-function.ts';
import type { Closure } from './closure.ts';

/** About how many bytes a frame takes. */
export const FRAME_BYTES = 128;

/** How a frame was entered. */
export const FrameKind = {
  /** By an instruction: its return goes on with the caller. */
  CALL: 0,
  /** From JavaScript: its return leaves the run loop. */
  ENTRY: 1,
  /** As the iterator of a loop, which must not yield. */
  ITERATOR: 2,
} as const;

/**
 * A call on the stack of a coroutine. Frames make a list that is kept when they are left, so that calling makes no
 * garbage: what is beyond the coroutine's current frame is free to be used.
 */
export class Frame {
  readonly depth: number;
  readonly previous: Frame | undefined;
  next: Frame | undefined = undefined;
  /** The function that runs; undefined for one of the host (and for the frame below all others). */
  closure: Closure | undefined = undefined;
  native: NativeFunction | undefined = undefined;
  /** Where its registers begin on the stack. */
  base = 0;
  /** The instruction that runs, or that called the next frame. */
  pc = 0;
  /** Where its results go: where the function was on the stack. */
  returnBase = 0;
  /** How many results the caller wants; -1 for all. */
  resultCount = 0;
  /** How many arguments are in `...`: they lie below the base. */
  varargCount = 0;
  /** How many functions were here before and left by a tail call. */
  tailCalls = 0;
  kind: number = FrameKind.CALL;

  /** Whether a function has run in it since it was cleared. */
  get isUsed(): boolean {
    return this.closure !== undefined || this.native !== undefined;
  }

  /** Lets go of the function that has run in it. */
  clear(): void {
    this.closure = undefined;
    this.native = undefined;
  }

  constructor(previous: Frame | undefined) {
    this.depth = previous === undefined ? 0 : previous.depth + 1;
    this.previous = previous;
  }
}
