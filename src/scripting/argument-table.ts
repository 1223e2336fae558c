import { type ByteString, toLatin1 } from '../bytes/byte-string.ts';
import { LuaTable } from './lua/values/lua-table.ts';

/** A table of byte strings, numbered from 1: `KEYS`, `ARGV`. O(n). */
export function argumentTable(texts: readonly ByteString[]): LuaTable {
  const { length } = texts;
  const table = new LuaTable(length === 0 ? 0 : 1);
  for (let at = 0; at < length; at++) table.setNumber(at + 1, toLatin1(texts[at]!));
  return table;
}
