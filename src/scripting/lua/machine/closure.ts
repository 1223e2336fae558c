import type { Prototype } from '../compiler/prototype.ts';
import type { LuaTable } from '../values/lua-table.ts';
import type { LuaValue } from '../values/value.ts';

/** Where a captured local lives: shared by the function it belongs to and the closures that use it. */
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
