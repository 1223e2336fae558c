import { fillBaseLibrary } from '../../../../src/scripting/lua/library/base.ts';
import { coroutineLibrary } from '../../../../src/scripting/lua/library/coroutine.ts';
import { environmentFunctions } from '../../../../src/scripting/lua/library/environments.ts';
import { protectedCalls } from '../../../../src/scripting/lua/library/protected-calls.ts';
import { stringLibrary } from '../../../../src/scripting/lua/library/string-library.ts';
import { tableLibrary } from '../../../../src/scripting/lua/library/table.ts';
import { Machine } from '../../../../src/scripting/lua/machine/machine.ts';
import { LuaTable } from '../../../../src/scripting/lua/values/lua-table.ts';
import type { LuaValue } from '../../../../src/scripting/lua/values/value.ts';

/** A machine with the base, string, table and coroutine libraries. */
export function stringMachine(): Machine {
  const machine = new Machine();
  const { globals } = machine;
  fillBaseLibrary(globals, {
    compile: (source, chunkName) => machine.compile(source, chunkName),
    liveBytes: () => 51_200,
    others: { ...protectedCalls(machine), ...environmentFunctions(machine) },
  });
  const strings = stringLibrary();
  globals.setString('string', strings);
  globals.setString('table', tableLibrary());
  globals.setString('coroutine', coroutineLibrary(machine));
  machine.stringMetatable = new LuaTable(0, 1);
  machine.stringMetatable.setString('__index', strings);
  return machine;
}

/** What a chunk gives back. */
export function resultsOf(machine: Machine, source: string, ...args: LuaValue[]): readonly LuaValue[] {
  return machine.run(machine.compile(source, '=case'), args);
}
