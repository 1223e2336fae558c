import type { Prototype } from '../compiler/prototype.ts';
import type { LuaTable } from '../values/lua-table.ts';
import type { LuaValue } from '../values/value.ts';

/**
 * Where a captured local lives: shared by the function it belongs to and the closures that use it.
 *
 * It stands in that local's register, though it is no value of Lua and no script ever holds one: the compiler has such registers
 * read and written by GETCELL and SETCELL only. Registers are typed as values all the same, for the sake of all others;
 * the few places that meet a cell there say so by a cast.
 */
export class Cell {
  value: LuaValue;

  constructor(value: LuaValue) {
    this.value = value;
  }
}

/** A function written in Lua, with the variables of the functions around it. */
export class Closure {
  readonly prototype: Prototype;
  readonly upvalues: readonly Cell[];
  /** Where its globals are. */
  environment: LuaTable;

  constructor(prototype: Prototype, upvalues: readonly Cell[], environment: LuaTable) {
    this.prototype = prototype;
    this.upvalues = upvalues;
    this.environment = environment;
  }
}
