import { fillBaseLibrary } from '../../../../src/scripting/lua/library/base.ts';
import { coroutineLibrary } from '../../../../src/scripting/lua/library/coroutine.ts';
import { environmentFunctions } from '../../../../src/scripting/lua/library/environments.ts';
import { mathLibrary } from '../../../../src/scripting/lua/library/math.ts';
import { protectedCalls } from '../../../../src/scripting/lua/library/protected-calls.ts';
import type { RandomState } from '../../../../src/scripting/lua/library/random.ts';
import { stringLibrary } from '../../../../src/scripting/lua/library/string-library.ts';
import { tableLibrary } from '../../../../src/scripting/lua/library/table.ts';
import type { Machine } from '../../../../src/scripting/lua/machine/machine.ts';
import { LuaTable } from '../../../../src/scripting/lua/values/lua-table.ts';

/** Gives a machine the libraries of Lua that reach nothing outside it. */
export function openStandardLibraries(machine: Machine, random: RandomState): void {
  const { globals } = machine;
  fillBaseLibrary(globals, {
    compile: (source, chunkName) => machine.compile(source, chunkName),
    liveBytes: () => machine.liveBytes(),
    others: { ...protectedCalls(machine), ...environmentFunctions(machine) },
  });
  globals.setString('coroutine', coroutineLibrary(machine));
  globals.setString('table', tableLibrary());
  const strings = stringLibrary();
  globals.setString('string', strings);
  machine.stringMetatable = new LuaTable(0, 1);
  machine.stringMetatable.setString('__index', strings);
  globals.setString('math', mathLibrary(random));
}
