import { describe, expect, test } from 'vitest';
import { mathLibrary } from '../../../src/scripting/lua/library/math.ts';
import { RandomState } from '../../../src/scripting/lua/library/random.ts';
import { tableLibrary } from '../../../src/scripting/lua/library/table.ts';
import { LuaError } from '../../../src/scripting/lua/values/lua-error.ts';
import { LuaTable } from '../../../src/scripting/lua/values/lua-table.ts';
import { NativeFunction } from '../../../src/scripting/lua/values/native-function.ts';
import type { LuaValue } from '../../../src/scripting/lua/values/value.ts';
import { StandInMachine } from './support/stand-in-machine.ts';

/** What the comparison with the server (`test/differential/lua-*.test.ts`) does not reach, or should be seen without one. */

const machine = new StandInMachine();
const table = tableLibrary();

function call(library: LuaTable, name: string, ...args: LuaValue[]): readonly LuaValue[] {
  return machine.call(library.getString(name), args);
}

function errorOf(run: () => unknown): LuaValue {
  try {
    run();
  } catch (error) {
    if (error instanceof LuaError) return error.value;
    throw error;
  }
  throw new Error('no error');
}

function listOf(...values: LuaValue[]): LuaTable {
  const list = new LuaTable();
  for (const [at, value] of values.entries()) list.setNumber(at + 1, value);
  return list;
}

function valuesOf(list: LuaTable): LuaValue[] {
  return Array.from({ length: list.length() }, (_, at) => list.getNumber(at + 1));
}

describe('table', () => {
  test('concat asks for the memory of what it makes, piece by piece', () => {
    const before = machine.allocatedBytes;
    const [text] = call(
      table,
      'concat',
      listOf(...Array.from({ length: 100 }, () => 'x'.repeat(10_000))),
      '--',
    );
    expect((text as string).length).toBe(100 * 10_000 + 99 * 2);
    expect(machine.allocatedBytes - before).toBeGreaterThan(900_000);
    expect(machine.allocatedBytes - before).toBeLessThan(1_100_000);
  });

  test('what takes long is paid for', () => {
    const steps = (run: () => void) => {
      const before = machine.spentSteps;
      run();
      return machine.spentSteps - before;
    };
    const list = listOf(...Array.from({ length: 5000 }, (_, at) => at));
    expect(steps(() => call(table, 'insert', list, 1, 'x'))).toBeGreaterThan(4000);
    expect(steps(() => call(table, 'remove', list, 1))).toBeGreaterThan(3000);
    expect(steps(() => call(table, 'concat', list))).toBeGreaterThan(4000);
    expect(steps(() => call(table, 'sort', list))).toBeGreaterThan(4999);
    expect(steps(() => call(table, 'maxn', list))).toBeGreaterThan(4000);
  });

  test('insert and remove', () => {
    const list = listOf('a', 'b', 'c');
    call(table, 'insert', list, 'd');
    call(table, 'insert', list, 2, 'x');
    expect(valuesOf(list)).toEqual(['a', 'x', 'b', 'c', 'd']);
    expect(call(table, 'remove', list, 1)).toEqual(['a']);
    expect(call(table, 'remove', list)).toEqual(['d']);
    expect(valuesOf(list)).toEqual(['x', 'b', 'c']);
    expect(call(table, 'remove', list, 9)).toEqual([]);
    call(table, 'insert', list, 10, 'far');
    expect(list.getNumber(10)).toBe('far');
  });

  test('foreach and foreachi end at the first result that is not nil', () => {
    const seen: LuaValue[] = [];
    const visit = new NativeFunction('', (call) => {
      seen.push(call.value(1), call.value(2));
      return call.value(2) === 'b' ? 'found' : undefined;
    });
    const list = listOf('a', 'b', 'c');
    expect(call(table, 'foreachi', list, visit)).toEqual(['found']);
    expect(call(table, 'foreach', list, visit)).toEqual(['found']);
    expect(call(table, 'foreach', listOf('a'), visit)).toEqual([]);
    expect(seen).toEqual([1, 'a', 2, 'b', 1, 'a', 2, 'b', 1, 'a']);
  });

  test('sort asks __lt, if both have the same one', () => {
    const metatable = new LuaTable();
    metatable.setString(
      '__lt',
      new NativeFunction(
        '',
        (call) => (call.table(1).get('rank') as number) < (call.table(2).get('rank') as number),
      ),
    );
    const ranked = (rank: number) => {
      const item = new LuaTable();
      item.set('rank', rank);
      item.metatable = metatable;
      return item;
    };
    const list = listOf(ranked(3), ranked(1), ranked(2));
    call(table, 'sort', list);
    expect(valuesOf(list).map((item) => (item as LuaTable).get('rank'))).toEqual([1, 2, 3]);
    list.setNumber(2, new LuaTable());
    expect(errorOf(() => call(table, 'sort', list))).toBe('attempt to compare two table values');
  });

  test('sort by bytes', () => {
    const list = listOf('b', 'B', 'a\0b', 'a', '\xff', '');
    call(table, 'sort', list);
    expect(valuesOf(list)).toEqual(['', 'B', 'a', 'a\0b', 'b', '\xff']);
  });

  test('a table that scripts may not change', () => {
    const list = listOf(2, 1);
    list.isReadonly = true;
    const message = 'Attempt to modify a readonly table';
    for (const run of [
      () => call(table, 'insert', list, 1),
      () => call(table, 'insert', list, 1, 1),
      () => call(table, 'remove', list),
      () => call(table, 'sort', list),
    ]) {
      expect(errorOf(run)).toBe(message);
    }
    expect(valuesOf(list)).toEqual([2, 1]);
  });
});

describe('math', () => {
  test('random numbers are those of a server that was just started, and of a seed', () => {
    const library = mathLibrary(new RandomState());
    expect(call(library, 'random')).toEqual([0.3964647736383904]);
    expect(call(library, 'random')).toEqual([0.8404853697123403]);
    call(library, 'randomseed', 0);
    const seeded = Array.from({ length: 3 }, () => call(library, 'random')[0]);
    expect(seeded).toEqual([0.1708280361121651, 0.7499019805108672, 0.0963716553972902]);
  });

  test('two parts', () => {
    const library = mathLibrary(new RandomState());
    expect(call(library, 'frexp', 10)).toEqual([0.625, 4]);
    expect(call(library, 'frexp', 5e-324)).toEqual([0.5, -1073]);
    expect(call(library, 'modf', -3.25)).toEqual([-3, -0.25]);
    expect(call(library, 'modf', -Infinity)).toEqual([-Infinity, -0]);
    expect(call(library, 'ldexp', 0.5, -1073)).toEqual([5e-324]);
    expect(call(library, 'ldexp', 1, 1024)).toEqual([Infinity]);
  });
});
