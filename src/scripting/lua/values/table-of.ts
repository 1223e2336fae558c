import { allocation } from './allocation.ts';
import { LuaTable } from './lua-table.ts';
import { tooBig } from './table-nodes.ts';
import type { LuaValue } from './value.ts';

const LONGEST_ARRAY = 2 ** 26;
const SLOT_BYTES = 8;

/** A table whose array part has these values: the very array, from now on the table's. O(1). */
export function tableOf(values: LuaValue[]): LuaTable {
  const table = new LuaTable();
  const { length } = values;
  if (length === 0) return table;
  if (length > LONGEST_ARRAY) throw tooBig();
  allocation.bytes += length * SLOT_BYTES;
  table.array = values;
  table.arraySize = length;
  return table;
}
