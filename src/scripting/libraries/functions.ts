import type { LuaTable } from '../lua/values/lua-table.ts';
import { type NativeBody, NativeFunction } from '../lua/values/native-function.ts';

/** Adds functions to the table of a library, in this order, which decides the order `pairs` gives. */
export function addFunctions(library: LuaTable, functions: Readonly<Record<string, NativeBody>>): LuaTable {
  for (const [name, body] of Object.entries(functions))
    library.setString(name, new NativeFunction(name, body));
  return library;
}
