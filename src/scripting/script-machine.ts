import type { Closure } from './lua/machine/closure.ts';
import { Machine, type RunLimits } from './lua/machine/machine.ts';
import { addressOf } from './lua/values/address.ts';
import { LuaError } from './lua/values/lua-error.ts';
import { LuaTable } from './lua/values/lua-table.ts';
import type { NativeCall } from './lua/values/native-call.ts';
import { NativeFunction } from './lua/values/native-function.ts';
import { textOfNumber } from './lua/values/number-text.ts';
import { typeName } from './lua/values/type-name.ts';
import type { LuaFunction, LuaValue } from './lua/values/value.ts';

/** What a script may take before it is stopped. */
export interface ScriptLimits {
  /** About how many instructions of the machine. */
  readonly instructionLimit: number;
  readonly timeLimitMs: number;
  readonly memoryLimitBytes: number;
}

/** A script has failed. */
export class ScriptFailure {
  /** What it raised: always a table. */
  readonly error: LuaTable;
  /** Where: `@user_script:7`; empty where that is not known. */
  readonly place: string;

  constructor(error: LuaTable, place: string) {
    this.error = error;
    this.place = place;
  }
}

/** A machine for scripts: tells where they fail, and stops those that go too far. */
export class ScriptMachine {
  readonly machine: Machine;
  private readonly limits: ScriptLimits;
  private readonly chunkName: string;
  private readonly runLimits: RunLimits;
  private readonly handler: NativeFunction;
  /** What the handler has seen last. */
  private place = '';

  /** @param name of all its chunks: `user_script` */
  constructor(name: string, limits: ScriptLimits) {
    this.chunkName = `@${name}`;
    this.limits = limits;
    this.machine = new Machine({ memoryLimitBytes: limits.memoryLimitBytes });
    const clock = performance;
    const { instructionLimit, timeLimitMs } = limits;
    this.runLimits = { instructions: instructionLimit, timeMs: timeLimitMs, now: () => clock.now() };
    this.handler = new NativeFunction('__redis__err__handler', (call) => this.handled(call));
  }

  /** The function that makes a table of whatever is raised: scripts can call it, too. */
  get errorHandler(): NativeFunction {
    return this.handler;
  }

  /** @throws LuaError with the syntax error as text */
  compile(code: string): Closure {
    return this.machine.compile(code, this.chunkName);
  }

  /**
   * Runs a function, and answers its first result, or how it failed.
   *
   * @throws Interruption if it was stopped
   */
  run(
    callee: LuaFunction,
    args: readonly LuaValue[],
    timeLimitMs = this.limits.timeLimitMs,
  ): LuaValue | ScriptFailure {
    const { machine, runLimits } = this;
    const limits = timeLimitMs === runLimits.timeMs ? runLimits : { ...runLimits, timeMs: timeLimitMs };
    const outcome = machine.runProtected(callee, args, this.handler, limits);
    if (!(outcome instanceof LuaError)) return outcome;
    const error = outcome.value instanceof LuaTable ? outcome.value : errorOf(outcome.value);
    const failure = new ScriptFailure(error, this.place);
    this.place = '';
    return failure;
  }

  /** Called above the function that failed, while its place can still be seen. */
  private handled(call: NativeCall): LuaValue {
    const { machine } = call;
    const value = call.value(1);
    // Where the stack is full the handler runs below the function that failed: then the message tells where that is.
    const where = machine.where(1) || machine.where(2) || (typeof value === 'string' ? value : '');
    const position = POSITION.exec(where);
    const source = position === null ? '' : sourceOf(position[1]!);
    this.place = position === null ? '' : `${source}:${position[2]}`;
    const error = value instanceof LuaTable ? value : errorOf(value);
    if (position !== null && !error.isReadonly) {
      error.setString('source', source);
      error.setString('line', Number(position[2]));
    }
    return error;
  }
}

const POSITION = /^([^\n]*?):(\d+): /;

/** The name that a chunk was given, from how it is shown: a source that was loaded is shown in brackets. */
function sourceOf(shown: string): string {
  const text = /^\[string "(.*)"\]$/s.exec(shown);
  return text === null ? `@${shown}` : text[1]!;
}

/** Anything else that was raised: its text. */
function errorOf(value: LuaValue): LuaTable {
  const table = new LuaTable();
  table.setString('err', `ERR ${textOf(value)}`);
  return table;
}

function textOf(value: LuaValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return textOfNumber(value);
  if (typeof value === 'object') return `${typeName(value)}: ${addressOf(value)}`;
  return value === undefined ? 'nil' : String(value);
}
