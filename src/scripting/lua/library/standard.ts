import type { Machine } from '../machine/machine.ts';
import { LuaTable } from '../values/lua-table.ts';
import { fillBaseLibrary } from './base.ts';
import { coroutineLibrary } from './coroutine.ts';
import { environmentFunctions } from './environments.ts';
import { mathLibrary } from './math.ts';
import { protectedCalls } from './protected-calls.ts';
import type { RandomState } from './random.ts';
import { stringLibrary } from './string-library.ts';
import { tableLibrary } from './table.ts';

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
