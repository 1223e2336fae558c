import { LuaError } from './lua-error.ts';
import { LuaTable } from './lua-table.ts';
import { numberOfText, textOfNumber } from './number-text.ts';
import { typeName } from './type-name.ts';
import type { LuaValue } from './value.ts';

/** What a function of the host may ask of the machine that calls it. */
export interface MachineServices {
  /** The metatable all strings share: `string` is its `__index`. */
  stringMetatable: LuaTable | undefined;
  /**
   * Calls a function (or a value with `__call`) and returns its results.
   *
   * @throws LuaError what it raises
   */
  call(callee: LuaValue, args: readonly LuaValue[]): readonly LuaValue[];
  /**
   * As {@link call}, with two arguments or as many as said, but returns the first result only, and makes no arrays: for what is called often.
   * The function of the host that calls must not catch what it throws.
   */
  callFirst(callee: LuaValue, a: LuaValue, b: LuaValue, c?: LuaValue, argumentCount?: number): LuaValue;
  /** How the source of the caller names the native function that is running; undefined where no Lua function called it. */
  calleeName():
    | { readonly kind: 'global' | 'local' | 'method' | 'field' | 'upvalue'; readonly name: string }
    | undefined;
  /** `chunk:line: ` of a function on the stack: 0 is the native function that runs, 1 its caller. Empty for native ones. */
  where(level: number): string;
  /**
   * To be called before work that takes long: about one step for each instruction's worth (a hundred bytes copied, one
   * try of a pattern at a place).
   *
   * @throws Interruption if the budget is spent or the run was killed
   */
  spend(steps: number): void;
  /**
   * To be called before something large is made.
   *
   * @throws Interruption if the run may not have that much
   */
  allocate(bytes: number): void;
}

/**
 * One call of a native function: its arguments, numbered from 1 as in error texts, and what it may ask of the machine.
 * It is valid while the function runs.
 */
export class NativeCall {
  readonly machine: MachineServices;
  /** How many arguments were given: a nil that was given counts. */
  readonly count: number;
  private readonly stack: readonly LuaValue[];
  private readonly base: number;

  /** The arguments are `stack[base]` to `stack[base + count - 1]`. */
  constructor(machine: MachineServices, stack: readonly LuaValue[], base: number, count: number) {
    this.machine = machine;
    this.stack = stack;
    this.base = base;
    this.count = count;
  }

  /** An argument as it is; nil where none was given. */
  value(index: number): LuaValue {
    return index > this.count ? undefined : this.stack[this.base + index - 1];
  }

  /** All arguments from this one on. */
  rest(from = 1): LuaValue[] {
    return this.stack.slice(this.base + from - 1, this.base + this.count);
  }

  /** An argument that must be there, though it may be nil. */
  any(index: number): LuaValue {
    if (index > this.count) throw this.argumentError(index, 'value expected');
    return this.stack[this.base + index - 1];
  }

  /** A number, or a string that reads as one. */
  number(index: number): number {
    const value = this.value(index);
    if (typeof value === 'number') return value;
    const number = typeof value === 'string' ? numberOfText(value) : undefined;
    if (number === undefined) throw this.typeError(index, 'number');
    return number;
  }

  optionalNumber(index: number, otherwise: number): number {
    return this.value(index) === undefined ? otherwise : this.number(index);
  }

  /** A number cut to an integer, as C casts a double: towards zero; what no 64 bits hold becomes the least integer. */
  integer(index: number): number {
    const number = this.number(index);
    if (!(Math.abs(number) < 2 ** 63)) return -(2 ** 63);
    return Math.trunc(number) + 0;
  }

  optionalInteger(index: number, otherwise: number): number {
    return this.value(index) === undefined ? otherwise : this.integer(index);
  }

  /** A string, or a number written as one. */
  string(index: number): string {
    const value = this.value(index);
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return textOfNumber(value);
    throw this.typeError(index, 'string');
  }

  optionalString(index: number, otherwise: string): string {
    return this.value(index) === undefined ? otherwise : this.string(index);
  }

  table(index: number): LuaTable {
    const value = this.value(index);
    if (value instanceof LuaTable) return value;
    throw this.typeError(index, 'table');
  }

  /** The error of an argument of the wrong type. To be thrown. */
  typeError(index: number, expected: string): LuaError {
    const got = index > this.count ? 'no value' : typeName(this.value(index));
    return this.argumentError(index, `${expected} expected, got ${got}`);
  }

  /** The error of an argument. To be thrown. */
  argumentError(index: number, message: string): LuaError {
    const callee = this.machine.calleeName();
    let number = index;
    if (callee?.kind === 'method') {
      number--;
      if (number === 0) return this.error(`calling '${callee.name}' on bad self (${message})`);
    }
    return this.error(`bad argument #${number} to '${callee?.name ?? '?'}' (${message})`);
  }

  /** An error whose message begins with where the caller is. To be thrown. */
  error(message: string): LuaError {
    return new LuaError(this.machine.where(1) + message);
  }
}
