import { Coroutine } from '../machine/coroutine.ts';
import { LuaTable } from './lua-table.ts';
import { Userdata } from './userdata.ts';
import type { LuaValue } from './value.ts';

/** What `type` says of a value. */
export function typeName(value: LuaValue): string {
  switch (typeof value) {
    case 'undefined':
      return 'nil';
    case 'boolean':
    case 'number':
    case 'string':
      return typeof value;
    default:
      if (value instanceof LuaTable) return 'table';
      if (value instanceof Coroutine) return 'thread';
      return value instanceof Userdata ? 'userdata' : 'function';
  }
}
