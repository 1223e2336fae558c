import { type ByteString, toLatin1 } from '../bytes/byte-string.ts';
import { LuaTable } from './lua/values/lua-table.ts';
import { tableOf } from './lua/values/table-of.ts';
import type { LuaValue } from './lua/values/value.ts';

/**
 * A table of byte strings, numbered from 1: `KEYS`, `ARGV`. It is as large as if they had been set one after the other,
 * which decides where `#` looks once a script has removed some. O(n).
 */
export function argumentTable(texts: readonly ByteString[]): LuaTable {
  const { length } = texts;
  if (length === 0) return new LuaTable();
  const values: LuaValue[] = [];
  for (let at = 0; at < length; at++) values.push(toLatin1(texts[at]!));
  const size = length <= 2 ? length : 2 ** (32 - Math.clz32(length - 1));
  for (let at = length; at < size; at++) values.push(undefined);
  return tableOf(values);
}
