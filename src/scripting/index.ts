import { describe } from '../bytes/byte-string.ts';
import { requireOptions } from '../keyspace/arguments.ts';
import { requireOwnKeyspace } from '../keyspace/own-keyspace.ts';
import { LuaEngine } from './engine.ts';
import { RandomState } from './lua/library/random.ts';
import type { OnLog } from './redis-library.ts';
import type { Scripting } from './scripting.ts';

export type { ScriptReply } from './answer-builder.ts';
export type { LogLevel, OnLog } from './redis-library.ts';
export type { Scripting } from './scripting.ts';

/** How scripts run. Everything has a default. */
export interface ScriptingOptions {
  /** After about how many instructions a script is stopped. Default: it has no such limit. */
  readonly instructionLimit?: number;
  /**
   * After how long a script is stopped, in milliseconds. Default 5000, after which Redis begins to let others kill it:
   * here there is one thread, and nobody else comes to run.
   */
  readonly timeLimitMs?: number;
  /** How much memory what a script makes may take, by estimate. Default 256 MB. */
  readonly memoryLimitBytes?: number;
  /** Is given what scripts log with `redis.log`. Default: nobody is. */
  readonly onLog?: OnLog;
}

const OPTIONS: ReadonlySet<string> = new Set([
  'instructionLimit',
  'timeLimitMs',
  'memoryLimitBytes',
  'onLog',
] satisfies (keyof ScriptingOptions)[]);

const FIRST_SEED = 0x1234_abcd;
const DEFAULT_TIME_LIMIT_MS = 5000;
const DEFAULT_MEMORY_LIMIT_BYTES = 256 * 1024 * 1024;

/**
 * Lets a store run scripts in Lua 5.1, as Redis does: EVAL, FUNCTION, and what belongs to them.
 *
 * @throws TypeError if an option is not known, or `onLog` no function; RangeError if one is out of its range
 * @example
 * const store = new Store({ scripting: lua() });
 * store.eval("return redis.call('INCR', KEYS[1])", 'visits'); // 1
 */
export function lua(options: ScriptingOptions = {}): Scripting {
  requireOptions(options, OPTIONS);
  const settled = {
    instructionLimit: limit('instructionLimit', options.instructionLimit, Number.POSITIVE_INFINITY),
    timeLimitMs: limit('timeLimitMs', options.timeLimitMs, DEFAULT_TIME_LIMIT_MS),
    memoryLimitBytes: limit('memoryLimitBytes', options.memoryLimitBytes, DEFAULT_MEMORY_LIMIT_BYTES),
    onLog: listener(options.onLog),
  };
  return {
    createEngine(keyspace) {
      requireOwnKeyspace(keyspace);
      return new LuaEngine(keyspace, { ...settled, random: firstRandom() });
    },
  };
}

/** As C's generator begins, and so Redis's scripts. */
function firstRandom(): RandomState {
  const random = new RandomState();
  random.seed(FIRST_SEED);
  return random;
}

function limit(name: string, value: number | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (typeof value !== 'number' || !(value > 0)) {
    throw new RangeError(`${name} must be a number above 0, got ${describe(value)}`);
  }
  return value;
}

function listener(onLog: OnLog | undefined): OnLog | undefined {
  if (onLog !== undefined && typeof onLog !== 'function') {
    throw new TypeError(`onLog must be a function, got ${describe(onLog)}`);
  }
  return onLog;
}
