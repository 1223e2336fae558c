import { hashOfString } from '../values/key-hash.ts';
import type { LuaTable } from '../values/lua-table.ts';
import type { LuaValue } from '../values/value.ts';

/** The name of a metamethod, with what makes looking it up quick. */
export class Event {
  readonly name: string;
  readonly hash: number;
  /** Its bit in `absentMetamethods`; 0 for those that are looked up each time. */
  readonly bit: number;

  constructor(name: string, bit = 0) {
    this.name = name;
    this.hash = hashOfString(name);
    this.bit = bit;
  }

  /** The metamethod of this name, or nil. */
  in(metatable: LuaTable | undefined): LuaValue {
    if (metatable === undefined || (metatable.absentMetamethods & this.bit) !== 0) return undefined;
    const found = metatable.getHashed(this.name, this.hash);
    if (found === undefined) metatable.absentMetamethods |= this.bit;
    return found;
  }
}

export const INDEX = new Event('__index', 1);
export const NEWINDEX = new Event('__newindex', 2);
export const EQ = new Event('__eq', 4);
export const CALL = new Event('__call', 8);
export const LEN = new Event('__len', 16);
export const LT = new Event('__lt');
export const LE = new Event('__le');
export const CONCAT = new Event('__concat');
export const UNM = new Event('__unm');
export const ADD = new Event('__add');
export const SUB = new Event('__sub');
export const MUL = new Event('__mul');
export const DIV = new Event('__div');
export const MOD = new Event('__mod');
export const POW = new Event('__pow');
