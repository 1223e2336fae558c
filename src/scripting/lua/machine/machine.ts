import { compileFunction } from '../compiler/function-compiler.ts';
import { Op } from '../compiler/opcodes.ts';
import { operandName, type VariableName } from '../compiler/prototype.ts';
import { shortChunkName } from '../syntax/chunk-name.ts';
import { parse } from '../syntax/parser.ts';
import { allocation } from '../values/allocation.ts';
import { forgetHashes } from '../values/key-hash.ts';
import { Interruption, LuaError } from '../values/lua-error.ts';
import { LuaTable } from '../values/lua-table.ts';
import { type Meter, payFrom } from '../values/metering.ts';
import type { MachineServices } from '../values/native-call.ts';
import type { NativeFunction } from '../values/native-function.ts';
import { typeName } from '../values/type-name.ts';
import type { LuaValue } from '../values/value.ts';
import { callValue, continueAfterYield, resultsAt } from './calls.ts';
import { Closure } from './closure.ts';
import { Coroutine, MOST_FRAMES } from './coroutine.ts';
import type { Frame } from './frame.ts';
import { reachableBytes } from './memory.ts';
import { YIELDED } from './native-calls.ts';
import { growStack, nextFrame, positionOf } from './stack.ts';

export interface MachineOptions {
  /** How much what scripts make may take, by estimate. Default 256 MB. */
  readonly memoryLimitBytes?: number;
}

/** What one run may take. */
export interface RunLimits {
  /** About how many instructions. Default: as many as it likes. */
  readonly instructions?: number;
  /** How long it may take. Default: as long as it likes. */
  readonly timeMs?: number;
  /** The clock that tells. */
  readonly now?: () => number;
}

const DEFAULT_MEMORY_LIMIT_BYTES = 256 * 1024 * 1024;
/** After how many steps the machine looks at its limits. */
const SLICE_STEPS = 10_000;
/** The same, for the first time: the clock begins to run then. */
const FIRST_SLICE_STEPS = 1000;
/** How much may be made before what is reachable is measured. */
const MEASURE_EVERY_BYTES = 16 * 1024 * 1024;
/** How many calls from JavaScript may be open in one coroutine, as in the reference. */
const MOST_NESTED_CALLS = 200;
/** How many may be open in all coroutines: each takes some of the host's stack. */
const MOST_NESTED_RUNS = 220;
/** How many frames an error's handler may need: it runs above the function that failed. */
const HANDLER_FRAMES = 100;

/**
 * A machine that runs Lua: its globals, the coroutine that runs, and the limits of the run.
 */
export class Machine implements MachineServices {
  /** The environment of compiled chunks unless another is given. */
  readonly globals: LuaTable = new LuaTable();
  stringMetatable: LuaTable | undefined = undefined;
  /** The coroutine that runs. */
  current: Coroutine;
  /** How many steps are left until the limits are looked at. */
  stepsLeft = 0;
  private main: Coroutine;
  private isRunning = false;
  private nestedRuns = 0;
  private instructionsLeft = Infinity;
  /** When the time is over, once the clock was read. */
  private deadlineMs = Infinity;
  private timeMs = Infinity;
  private now: (() => number) | undefined = undefined;
  private interruption: string | undefined = undefined;
  private readonly memoryLimitBytes: number;
  /** What was reachable when it was last measured, and {@link allocation} then. */
  private measuredBytes = 0;
  private allocatedThen = 0;
  private madeUnmeasured = 0;
  private slackBytes = MEASURE_EVERY_BYTES;
  /** Who paid for long work before it ran. */
  private payer: Meter | undefined = undefined;

  constructor(options: MachineOptions = {}) {
    this.memoryLimitBytes = options.memoryLimitBytes ?? DEFAULT_MEMORY_LIMIT_BYTES;
    this.main = new Coroutine(undefined);
    this.current = this.main;
  }

  /**
   * Compiles a chunk to a function.
   *
   * @param chunkName as Lua takes it: `@file`, `=name`, or the source itself
   * @throws LuaError with the syntax error
   */
  compile(source: string, chunkName: string, environment: LuaTable = this.globals): Closure {
    const body = parse(source, chunkName);
    const shortName = shortChunkName(chunkName);
    try {
      return new Closure(compileFunction(body, shortName), [], environment);
    } catch (error) {
      // Thousands of operators in a row make a tree deeper than the host's stack.
      if (isStackOverflow(error)) throw new LuaError(`${shortName}: function or expression too complex`);
      throw error;
    }
  }

  /**
   * Runs a function from outside and returns its results. Machines do not run twice at a time: what Lua calls goes through {@link call}.
   *
   * @throws LuaError what it raises
   * @throws Interruption if it was stopped; the machine is ready for the next run
   */
  run(callee: LuaValue, args: readonly LuaValue[], limits: RunLimits = {}): readonly LuaValue[] {
    if (this.isRunning) throw new Error('this machine is running: use call');
    this.begin(limits);
    try {
      return this.call(callee, args);
    } catch (error) {
      // The limits keep Lua from using up a stack that is all its own; here the caller had used most of it already.
      if (isStackOverflow(error)) throw new LuaError('C stack overflow');
      throw error;
    } finally {
      this.end();
    }
  }

  /**
   * As {@link run}, but returns only the first result, or what is raised, after a handler has seen it: see
   * {@link protectedCall}.
   *
   * @throws Interruption if it was stopped; the machine is ready for the next run
   */
  runProtected(
    callee: LuaValue,
    args: readonly LuaValue[],
    handler: NativeFunction,
    limits: RunLimits,
  ): LuaValue | LuaError {
    if (this.isRunning) throw new Error('this machine is running: use call');
    this.begin(limits);
    const { current } = this;
    // It may nest as deep as what a function of the host calls.
    const entry = nextFrame(current);
    entry.closure = undefined;
    entry.native = handler;
    current.frame = entry;
    current.nestedCalls = 1;
    try {
      this.pushCall(current, callee, args);
      const count = callValue(this, current, 0, args.length);
      const value = count === 0 ? undefined : current.stack[0];
      this.rewind();
      return value;
    } catch (error) {
      // The limits keep Lua from using up a stack that is all its own; here the caller had used most of it already.
      if (isStackOverflow(error)) throw new LuaError('C stack overflow');
      if (!(error instanceof LuaError)) throw error;
      if (current.frame.depth > MOST_FRAMES - HANDLER_FRAMES) this.rewind();
      const raised = this.handle(handler, error);
      this.rewind();
      return raised;
    } finally {
      this.end();
    }
  }

  private begin(limits: RunLimits): void {
    this.isRunning = true;
    this.interruption = undefined;
    this.now = limits.timeMs === undefined ? undefined : limits.now;
    this.timeMs = limits.timeMs ?? Infinity;
    // The clock is first read where the first slice ends: most runs are over by then.
    this.deadlineMs = Infinity;
    this.instructionsLeft = limits.instructions ?? Infinity;
    this.stepsLeft = Math.min(FIRST_SLICE_STEPS, this.instructionsLeft) | 0;
    this.instructionsLeft -= this.stepsLeft;
    // What others made since the last run is none of this machine's, but what that run made is.
    this.allocatedThen = allocation.bytes - this.madeUnmeasured;
    this.main.status = 'running';
    this.payer = payFrom(this);
  }

  private end(): void {
    payFrom(this.payer);
    forgetHashes();
    this.madeUnmeasured = allocation.bytes - this.allocatedThen;
    this.reset();
    this.isRunning = false;
  }

  /** Leaves all that runs in the main coroutine. */
  private rewind(): void {
    const { main } = this;
    main.frame = main.bottom;
    main.native = undefined;
    main.top = 0;
    main.nestedCalls = 0;
    this.nestedRuns = 0;
  }

  /** Stops what runs: the next look at the limits throws. */
  interrupt(reason: string): void {
    this.interruption = reason;
    this.instructionsLeft += this.stepsLeft;
    this.stepsLeft = 0;
  }

  private reset(): void {
    const { main } = this;
    if (main.stack.length > 1024 || this.nestedRuns > 0) {
      this.main = new Coroutine(undefined);
    } else {
      main.stack.fill(undefined);
      // What the functions that ran have captured may be large.
      for (let { next } = main.frame; next?.isUsed; { next } = next) next.clear();
      main.native = undefined;
      main.top = 0;
    }
    this.current = this.main;
    this.nestedRuns = 0;
  }

  call(callee: LuaValue, args: readonly LuaValue[]): readonly LuaValue[] {
    const { current, nestedRuns } = this;
    const { frame, native, top, nestedCalls } = current;
    try {
      const base = this.pushCall(current, callee, args);
      return resultsAt(current.stack, base, callValue(this, current, base, args.length));
    } finally {
      current.frame = frame;
      current.native = native;
      current.top = top;
      current.nestedCalls = nestedCalls;
      this.nestedRuns = nestedRuns;
    }
  }

  /**
   * As {@link call}, but what is raised is given back, not thrown.
   *
   * @param handler if it is not nil, is called with what was raised, above the function that raised it; what it returns is given back
   */
  protectedCall(
    callee: LuaValue,
    args: readonly LuaValue[],
    handler: LuaValue,
  ): readonly LuaValue[] | LuaError {
    const { current, nestedRuns } = this;
    const { frame, native, top, nestedCalls } = current;
    try {
      const base = this.pushCall(current, callee, args);
      return resultsAt(current.stack, base, callValue(this, current, base, args.length));
    } catch (error) {
      if (!(error instanceof LuaError)) throw error;
      if (handler === undefined) return error;
      if (current.frame.depth > MOST_FRAMES - HANDLER_FRAMES) {
        current.frame = frame;
        current.native = native;
        current.top = top;
      }
      return this.handle(handler, error);
    } finally {
      current.frame = frame;
      current.native = native;
      current.top = top;
      current.nestedCalls = nestedCalls;
      this.nestedRuns = nestedRuns;
    }
  }

  /** Lets a handler see an error. What it raises itself it is given to see again, as often as the reference could nest the calls. */
  private handle(handler: LuaValue, error: LuaError): LuaError {
    let raised = error;
    for (let attempt = this.current.nestedCalls; attempt < MOST_NESTED_CALLS; attempt++) {
      const { frame, native, top, nestedCalls } = this.current;
      const { nestedRuns } = this;
      try {
        return new LuaError(this.callFirst(handler, raised.value, undefined, undefined, 1));
      } catch (again) {
        if (!(again instanceof LuaError)) throw again;
        raised = again;
        this.current.frame = frame;
        this.current.native = native;
        this.current.top = top;
        this.current.nestedCalls = nestedCalls;
        this.nestedRuns = nestedRuns;
      }
    }
    return new LuaError('error in error handling');
  }

  /**
   * Calls a function with two arguments, or as many as said, and returns its first result. If it throws, whoever catches it puts
   * the frames right: {@link call} or {@link protectedCall} further down.
   */
  callFirst(callee: LuaValue, a: LuaValue, b: LuaValue, c?: LuaValue, argumentCount = 2): LuaValue {
    const { current } = this;
    const { frame, native, top } = current;
    const base = this.openCall(current);
    const { stack } = current;
    if (base + 4 > stack.length) growStack(current, base + 4);
    stack[base] = callee;
    stack[base + 1] = a;
    stack[base + 2] = b;
    stack[base + 3] = c;
    const resultCount = callValue(this, current, base, argumentCount);
    current.frame = frame;
    current.native = native;
    current.top = top;
    current.nestedCalls--;
    this.nestedRuns--;
    return resultCount === 0 ? undefined : stack[base];
  }

  private pushCall(current: Coroutine, callee: LuaValue, args: readonly LuaValue[]): number {
    const base = this.openCall(current);
    const { stack } = current;
    const end = base + 1 + args.length;
    if (end > stack.length) growStack(current, end);
    stack[base] = callee;
    for (let index = 0; index < args.length; index++) stack[base + 1 + index] = args[index];
    return base;
  }

  /** Makes ready for a call from JavaScript; returns where on the stack its callee goes. */
  private openCall(current: Coroutine): number {
    const { frame, native } = current;
    if (current.nestedCalls >= MOST_NESTED_CALLS || this.nestedRuns >= MOST_NESTED_RUNS) {
      throw this.runtimeError('C stack overflow');
    }
    current.nestedCalls++;
    this.nestedRuns++;
    if (native === undefined) {
      return frame.closure === undefined ? 0 : frame.base + frame.closure.prototype.registerCount;
    }
    // The native that calls gets a frame, so that levels can be counted.
    const made = nextFrame(current);
    made.closure = undefined;
    made.native = native;
    current.frame = made;
    current.native = undefined;
    return current.top;
  }

  /**
   * Runs a coroutine until it yields, ends or fails, and returns what it hands out.
   *
   * @throws LuaError what it raises
   */
  resume(coroutine: Coroutine, args: readonly LuaValue[]): readonly LuaValue[] {
    const { current, nestedRuns } = this;
    if (nestedRuns >= MOST_NESTED_RUNS) throw this.runtimeError('C stack overflow');
    this.nestedRuns++;
    current.status = 'normal';
    coroutine.resumedBy = current;
    coroutine.status = 'running';
    this.current = coroutine;
    let isOver = true;
    try {
      let resultCount: number;
      if (coroutine.isStarted) {
        resultCount = continueAfterYield(this, coroutine, args);
      } else {
        coroutine.isStarted = true;
        const { stack } = coroutine;
        growStack(coroutine, args.length + 1);
        stack[0] = coroutine.body;
        for (let index = 0; index < args.length; index++) stack[1 + index] = args[index];
        resultCount = callValue(this, coroutine, 0, args.length);
      }
      if (resultCount !== YIELDED) return resultsAt(coroutine.stack, 0, resultCount);
      isOver = false;
      return coroutine.transferred;
    } finally {
      coroutine.status = isOver ? 'dead' : 'suspended';
      coroutine.resumedBy = undefined;
      this.current = current;
      current.status = 'running';
      this.nestedRuns = nestedRuns;
    }
  }

  spend(steps: number): void {
    this.stepsLeft -= steps;
    if (this.stepsLeft < 0) this.look();
  }

  /** Looks at the limits, once the steps of a slice are used up. @throws Interruption */
  look(): void {
    if (this.interruption !== undefined) throw new Interruption('killed', this.interruption);
    const spent = this.stepsLeft;
    this.stepsLeft = Math.min(SLICE_STEPS, this.instructionsLeft + spent) | 0;
    if (this.stepsLeft < 0) throw new Interruption('instructions', 'the budget of instructions is spent');
    this.instructionsLeft -= this.stepsLeft - spent;
    if (this.now !== undefined) {
      const nowMs = this.now();
      if (this.deadlineMs === Infinity) this.deadlineMs = nowMs + this.timeMs;
      else if (nowMs > this.deadlineMs) throw new Interruption('time', 'the time limit is over');
    }
    if (allocation.bytes - this.allocatedThen > this.slackBytes) this.measure(0);
  }

  allocate(bytes: number): void {
    allocation.bytes += bytes;
    if (bytes > this.memoryLimitBytes) throw outOfMemory();
    if (allocation.bytes - this.allocatedThen > this.slackBytes) this.measure(bytes);
  }

  /** About how many bytes what was made takes: what was reachable when it was last measured, and all that was made since. */
  liveBytes(): number {
    return Math.max(
      0,
      this.measuredBytes + (this.isRunning ? allocation.bytes - this.allocatedThen : this.madeUnmeasured),
    );
  }

  private measure(more: number): void {
    const made = allocation.bytes - this.allocatedThen;
    // Both are too high: the walk counts a string as often as it is met, and what was made may be garbage by now.
    const reachable = Math.min(reachableBytes(this) + more, this.measuredBytes + made);
    if (reachable > this.memoryLimitBytes) throw outOfMemory();
    this.measuredBytes = reachable;
    this.allocatedThen = allocation.bytes;
    this.slackBytes = Math.max(MEASURE_EVERY_BYTES, reachable / 2);
  }

  where(level: number): string {
    const { current } = this;
    let left = level;
    if (current.native !== undefined && left-- === 0) return '';
    const frame = frameAt(current.frame, left);
    return frame === undefined || frame === null ? '' : positionOf(frame);
  }

  calleeName(): VariableName | undefined {
    const { frame, native } = this.current;
    const { closure, pc } = frame;
    if (native === undefined || closure === undefined) return undefined;
    switch (closure.prototype.code[pc]) {
      case Op.CALL:
      case Op.TAILCALL:
        return operandName(closure.prototype, pc, 0);
      case Op.ITERATE:
        return operandName(closure.prototype, pc, 1);
      default:
        return undefined;
    }
  }

  /** An error of what an instruction does, with where it is. To be thrown. */
  runtimeError(message: string): LuaError {
    const { frame, native } = this.current;
    return new LuaError(native === undefined ? positionOf(frame) + message : message);
  }

  /**
   * The error of a value that an operation cannot use. To be thrown.
   *
   * @param operand which of the operands that have names it is; -1 if none
   */
  typeError(value: LuaValue, operation: string, operand: number): LuaError {
    const { frame, native } = this.current;
    let named = '';
    if (operand >= 0 && native === undefined && frame.closure !== undefined) {
      const name = operandName(frame.closure.prototype, frame.pc, operand);
      if (name !== undefined) named = `${name.kind} '${name.name}' `;
    }
    const type = typeName(value);
    return this.runtimeError(
      named === ''
        ? `attempt to ${operation} a ${type} value`
        : `attempt to ${operation} ${named}(a ${type} value)`,
    );
  }

  /** As {@link typeError} for a concatenation, whose operands have their names one after the other. */
  concatError(value: LuaValue, operand: number): LuaError {
    const { frame, native } = this.current;
    const type = typeName(value);
    if (native === undefined && frame.closure !== undefined) {
      const name = operandName(frame.closure.prototype, frame.pc, operand);
      if (name !== undefined) {
        return this.runtimeError(`attempt to concatenate ${name.kind} '${name.name}' (a ${type} value)`);
      }
    }
    return this.runtimeError(`attempt to concatenate a ${type} value`);
  }

  compareError(a: LuaValue, b: LuaValue): LuaError {
    const left = typeName(a);
    const right = typeName(b);
    return this.runtimeError(
      // The reference tells types apart by their third letter: a thread and a string are two thread values.
      left[2] === right[2]
        ? `attempt to compare two ${left} values`
        : `attempt to compare ${left} with ${right}`,
    );
  }
}

/** Whether the host's own stack was used up: engines throw different errors then. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof Error && error.name === 'InternalError');
}

function outOfMemory(): Interruption {
  return new Interruption('memory', 'the memory limit is reached');
}

/** The frame so many levels below; undefined if there is none, null if it was left by a tail call. */
export function frameAt(top: Frame, level: number): Frame | null | undefined {
  let left = level;
  let frame: Frame | undefined = top;
  while (frame?.previous !== undefined) {
    if (left === 0) return frame;
    left--;
    if (frame.closure !== undefined) left -= frame.tailCalls;
    if (left < 0) return null;
    frame = frame.previous;
  }
  return undefined;
}
