import type { LuaValue } from './value.ts';

/**
 * An error of Lua on its way up: thrown as it is (it is not an `Error`: it needs no stack), caught by `pcall`. The value
 * may be anything, nil too.
 */
export class LuaError {
  readonly value: LuaValue;

  constructor(value: LuaValue) {
    this.value = value;
  }
}

/**
 * The end of a run that nothing in Lua may catch: it was killed, its budget is spent, or it asked for more memory than it
 * may have. `pcall`, `xpcall`, coroutines and libraries let it pass.
 */
export class Interruption {
  readonly reason: 'killed' | 'instructions' | 'time' | 'memory';
  readonly message: string;

  constructor(reason: Interruption['reason'], message: string) {
    this.reason = reason;
    this.message = message;
  }
}

/** What is said to who would write into a table that is `isReadonly`. */
export const READONLY_TABLE = 'Attempt to modify a readonly table';
