import { bitLibrary } from './libraries/bit.ts';
import { cjsonLibrary } from './libraries/cjson/cjson.ts';
import { cmsgpackLibrary } from './libraries/cmsgpack/cmsgpack.ts';
import { structLibrary } from './libraries/struct/struct.ts';
import { fillBaseLibrary } from './lua/library/base.ts';
import { coroutineLibrary } from './lua/library/coroutine.ts';
import { indexValue } from './lua/library/index-value.ts';
import { mathLibrary } from './lua/library/math.ts';
import { protectedCalls } from './lua/library/protected-calls.ts';
import type { RandomState } from './lua/library/random.ts';
import { stringLibrary } from './lua/library/string-library.ts';
import { tableLibrary } from './lua/library/table.ts';
import type { Machine } from './lua/machine/machine.ts';
import { LuaTable } from './lua/values/lua-table.ts';
import { NativeFunction } from './lua/values/native-function.ts';
import { textOfNumber } from './lua/values/number-text.ts';
import type { LuaValue } from './lua/values/value.ts';

// What scripts find as globals: Lua's own libraries, without what reaches files, other functions' environments, or the
// host; and Redis's.

/**
 * Fills a table of globals with all libraries but `redis`.
 *
 * @param random shared by all scripts of a store: each goes on where the one before it has stopped
 */
export function fillSandbox(machine: Machine, globals: LuaTable, random: RandomState): void {
  const { error, xpcall } = protectedCalls(machine);
  fillBaseLibrary(globals, {
    compile: (source, chunkName) => machine.compile(source, chunkName),
    liveBytes: () => machine.liveBytes(),
    others: { error: error!, xpcall: xpcall!, pcall: protectedCall(machine) },
  });
  const string = stringLibrary();
  const strings = new LuaTable();
  strings.setString('__index', string);
  machine.stringMetatable = strings;
  const libraries: Readonly<Record<string, LuaTable>> = {
    string,
    table: tableLibrary(),
    math: mathLibrary(random),
    coroutine: coroutineLibrary(machine),
    cjson: cjsonLibrary(),
    cmsgpack: cmsgpackLibrary(),
    struct: structLibrary(),
    bit: bitLibrary(),
    os: clockLibrary(),
  };
  for (const [name, library] of Object.entries(libraries)) globals.setString(name, library);
  protectTable(strings);
}

/** `os`, of which scripts may only ask the clock: how long the host has run, in seconds. */
function clockLibrary(): LuaTable {
  const library = new LuaTable();
  const clock = performance;
  library.setString('clock', new NativeFunction('clock', () => clock.now() / 1000));
  return library;
}

/** As Lua's `pcall`, but of an error that is a table with a message, as commands raise them, it answers the message. */
function protectedCall(machine: Machine): NativeFunction {
  return new NativeFunction('pcall', (call) => {
    const { count } = call;
    if (count === 0) return [false, undefined];
    const outcome = machine.protectedCall(call.value(1), call.rest(2), undefined);
    if (Array.isArray(outcome)) return [true, ...(outcome as readonly LuaValue[])];
    const { value } = outcome as { readonly value: LuaValue };
    if (!(value instanceof LuaTable)) return [false, value];
    const message = indexValue(call, value, 'err');
    // The reference leaves what it has looked for behind the table.
    return typeof message === 'string' || typeof message === 'number'
      ? [false, message]
      : [false, value, message];
  });
}

/** Makes globals, and all libraries among them, such that no script can change them; unknown ones cannot be asked for. */
export function protect(globals: LuaTable): void {
  refuseUnknown(globals);
  for (let at = globals.nextPosition(0); at !== 0; at = globals.nextPosition(at)) {
    const value = globals.valueAt(at);
    if (value instanceof LuaTable) protectTable(value);
  }
  protectTable(globals);
}

/** Makes it an error to ask a table for what it does not have. */
export function refuseUnknown(table: LuaTable): void {
  const metatable = new LuaTable();
  metatable.setString(
    '__index',
    new NativeFunction('__index', (call) => {
      throw call.error(`Script attempted to access nonexistent global variable '${nameOf(call.value(2))}'`);
    }),
  );
  table.metatable = metatable;
  protectTable(metatable);
}

export function protectTable(table: LuaTable): void {
  table.isReadonly = true;
}

function nameOf(key: LuaValue): string {
  if (typeof key === 'string') return key;
  return typeof key === 'number' ? textOfNumber(key) : '(null)';
}
