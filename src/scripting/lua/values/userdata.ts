import type { LuaTable } from './lua-table.ts';

/** A value Lua can only pass on and compare: `cjson.null` is one. */
export class Userdata {
  metatable: LuaTable | undefined = undefined;
  /** How `tostring` writes it after `userdata: `. */
  readonly address: string;

  constructor(address: string) {
    this.address = address;
  }
}
