import { type ByteString, toLatin1 } from '../bytes/byte-string.ts';
import { LuaTable } from './lua/values/lua-table.ts';

/**
 * A table of byte strings, numbered from 1: `KEYS`, `ARGV`. It is as large as if they had been set one after the other,
 * which decides where `#` looks once a script has removed some. O(n).
 */
export function argumentTable(texts: readonly ByteString[]): LuaTable {
  const { length } = texts;
  const table = new LuaTable(length <= 2 ? length : 2 ** (32 - Math.clz32(length - 1)));
  const { array } = table;
  for (let at = 0; at < length; at++) array[at] = toLatin1(texts[at]!);
  return table;
}
