import { LuaTable } from '../values/lua-table.ts';
import { type NativeBody, NativeFunction } from '../values/native-function.ts';

/** Functions by their names, in the order in which the reference registers them: `pairs` shows it. */
export type NativeList = readonly (readonly [name: string, body: NativeBody])[];

/** A library: a table of native functions, laid out as the reference's. */
export function nativeTable(functions: NativeList): LuaTable {
  const table = new LuaTable(0, functions.length);
  for (const [name, body] of functions) table.setString(name, new NativeFunction(name, body));
  return table;
}
