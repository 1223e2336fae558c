import { describe, expect, test } from 'vitest';
import { Work } from '../../../src/scripting/libraries/work.ts';
import { LuaError } from '../../../src/scripting/lua/values/lua-error.ts';
import { LuaTable } from '../../../src/scripting/lua/values/lua-table.ts';
import type { LuaValue } from '../../../src/scripting/lua/values/value.ts';
import { CountingMachine, callField, LIBRARIES, outcome } from './support/calls.ts';
import { nested } from './support/lua-values.ts';

// How deep, how many and how long. Where the reference stops is from a real server (7.0.15): at its settings, or where its
// stack of 8000 slots is full.

const cjson = LIBRARIES['cjson']!();
const cmsgpack = LIBRARIES['cmsgpack']!();
const struct = LIBRARIES['struct']!();
const ANY_DEPTH = LIBRARIES['cjson']!();
callField(ANY_DEPTH, 'encode_max_depth', [100_000]);
callField(ANY_DEPTH, 'decode_max_depth', [100_000]);

function inArray(inner: LuaTable): LuaTable {
  const outer = new LuaTable();
  outer.setNumber(1, inner);
  return outer;
}

function inObject(inner: LuaTable): LuaTable {
  const outer = new LuaTable();
  outer.setString('a', inner);
  return outer;
}

/** The message of the error a call must raise. */
function errorOf(library: LuaTable, name: string, ...args: LuaValue[]): LuaValue {
  try {
    callField(library, name, args);
  } catch (error) {
    if (error instanceof LuaError) return error.value;
    throw error;
  }
  return 'no error';
}

function brackets(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

function braces(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}

describe('cjson', () => {
  test('encodes 1000 levels', () => {
    expect(callField(cjson, 'encode', [nested(1000, inArray)])).toEqual([
      `${'['.repeat(999)}{}${']'.repeat(999)}`,
    ]);
    expect(errorOf(cjson, 'encode', nested(1001, inArray))).toBe(
      'Cannot serialise, excessive nesting (1001)',
    );
  });

  test('a table in itself is too deep', () => {
    const table = new LuaTable();
    table.setString('self', table);
    expect(errorOf(cjson, 'encode', table)).toBe('Cannot serialise, excessive nesting (1001)');
  });

  test('encodes as many levels as the stack of the reference has room for', () => {
    expect(callField(ANY_DEPTH, 'encode', [nested(7997, inArray)])[0]).toHaveLength(2 * 7997);
    expect(errorOf(ANY_DEPTH, 'encode', nested(7998, inArray))).toBe(
      'Cannot serialise, excessive nesting (7998)',
    );
    expect(callField(ANY_DEPTH, 'encode', [nested(3999, inObject)])[0]).toHaveLength(23_990);
    expect(errorOf(ANY_DEPTH, 'encode', nested(4000, inObject))).toBe(
      'Cannot serialise, excessive nesting (4000)',
    );
  });

  test('decodes 1000 levels', () => {
    expect(callField(cjson, 'encode', callField(cjson, 'decode', [brackets(1000)]))[0]).toHaveLength(2000);
    expect(errorOf(cjson, 'decode', brackets(1001))).toBe(
      'Found too many nested data structures (1001) at character 1001',
    );
  });

  test('decodes as many levels as the stack of the reference has room for', () => {
    expect(outcome(ANY_DEPTH, 'decode', [braces(3999)])).toContain('"a"={"a"=1}');
    expect(errorOf(ANY_DEPTH, 'decode', braces(4000))).toBe(
      'Found too many nested data structures (4000) at character 19996',
    );
    expect(callField(ANY_DEPTH, 'decode', [brackets(7998)])[0]).toBeInstanceOf(LuaTable);
    expect(errorOf(ANY_DEPTH, 'decode', brackets(8000))).toBe(
      'Found too many nested data structures (7999) at character 7999',
    );
  });

  test('what is written many times over uses up the budget', () => {
    let table = new LuaTable();
    for (let level = 0; level < 40; level++) {
      const twice = new LuaTable();
      twice.setNumber(1, table);
      twice.setNumber(2, table);
      table = twice;
    }
    const machine = new CountingMachine();
    machine.mostSteps = 100_000;
    expect(() => callField(cjson, 'encode', [table], machine)).toThrow('budget spent');
    expect(machine.bytes).toBeGreaterThan(65_535);
  });

  test('long texts cost steps', () => {
    const machine = new CountingMachine();
    const text = `"${'x'.repeat(640_000)}"`;
    const [value] = callField(cjson, 'decode', [text], machine);
    expect(machine.steps).toBeGreaterThan(9_000);
    expect(machine.bytes).toBeGreaterThan(600_000);
    const decoded = machine.steps;
    expect(callField(cjson, 'encode', [value], machine)).toEqual([text]);
    expect(machine.steps - decoded).toBeGreaterThan(9_000);
  });
});

describe('cmsgpack', () => {
  const STACK = 'stack overflow (too many return values at once; use unpack_one or unpack_limit instead.)';
  const ARRAY_STACK = 'stack overflow (in function mp_decode_to_lua_array)';

  test('packs 16 levels, and nil below them', () => {
    expect(callField(cmsgpack, 'pack', [nested(18, inArray)])).toEqual([`${'\x91'.repeat(16)}\xc0`]);
    expect(callField(cmsgpack, 'pack', [nested(16, inArray)])).toEqual([`${'\x91'.repeat(15)}\x90`]);
  });

  test('unpacks as many values as the stack of the reference has room for', () => {
    expect(callField(cmsgpack, 'unpack', ['\x01'.repeat(7999)])).toHaveLength(7999);
    expect(errorOf(cmsgpack, 'unpack', '\x01'.repeat(8000))).toBe(STACK);
    expect(errorOf(cmsgpack, 'unpack', '\x01'.repeat(7999), 5)).toBe(STACK);
    const bytes = '\x01'.repeat(8000);
    expect(callField(cmsgpack, 'unpack_limit', [bytes, 7998])).toHaveLength(7999);
    expect(errorOf(cmsgpack, 'unpack_limit', bytes, 7999)).toBe(
      'stack overflow (in function mp_unpack_full)',
    );
    expect(errorOf(cmsgpack, 'unpack_limit', bytes, 8000)).toBe(STACK);
  });

  test('unpacks as deep as the stack of the reference has room for', () => {
    expect(callField(cmsgpack, 'unpack', [`${'\x91'.repeat(3999)}\x01`])[0]).toBeInstanceOf(LuaTable);
    expect(errorOf(cmsgpack, 'unpack', `${'\x91'.repeat(4000)}\x01`)).toBe(ARRAY_STACK);
    expect(errorOf(cmsgpack, 'unpack', `${'\x91'.repeat(3999)}\x90`)).toBe(ARRAY_STACK);
    expect(callField(cmsgpack, 'unpack', [`${'\x81\x01'.repeat(3999)}\x01`])[0]).toBeInstanceOf(LuaTable);
    expect(errorOf(cmsgpack, 'unpack', `${'\x81\x01'.repeat(4000)}\x01`)).toBe(STACK);
    expect(errorOf(cmsgpack, 'unpack', `${'\x81'.repeat(7998)}\x01`)).toBe('Missing bytes in input.');
    expect(errorOf(cmsgpack, 'unpack', `${'\x81'.repeat(7999)}\x01`)).toBe(STACK);
  });

  test('headers of strings and tables grow with them', () => {
    const header = (value: LuaValue): string =>
      (callField(cmsgpack, 'pack', [value])[0] as string).slice(0, 5);
    expect(header('x'.repeat(255)).slice(0, 3)).toBe('\xd9\xffx');
    expect(header('x'.repeat(256)).slice(0, 4)).toBe('\xda\x01\0x');
    expect(header('x'.repeat(65_536))).toBe('\xdb\0\x01\0\0');
    const list = new LuaTable();
    for (let index = 1; index <= 65_536; index++) list.setNumber(index, true);
    expect(header(list)).toBe('\xdd\0\x01\0\0');
    list.setNumber(65_536, undefined);
    expect(header(list).slice(0, 3)).toBe('\xdc\xff\xff');
    list.setString('a', 1);
    expect(header(list)).toBe('\xdf\0\x01\0\0');
  });

  test('what is written many times over uses up the budget', () => {
    let table = new LuaTable();
    for (let level = 0; level < 15; level++) {
      const many = new LuaTable();
      for (let index = 1; index <= 16; index++) many.setNumber(index, table);
      table = many;
    }
    const machine = new CountingMachine();
    machine.mostSteps = 100_000;
    expect(() => callField(cmsgpack, 'pack', [table], machine)).toThrow('budget spent');
  });
});

describe('struct', () => {
  test('unpacks as many values as the stack of the reference has room for', () => {
    const bytes = 'a'.repeat(8000);
    expect(callField(struct, 'unpack', ['b'.repeat(7997), bytes])).toHaveLength(7998);
    expect(errorOf(struct, 'unpack', 'b'.repeat(7998), bytes)).toBe('stack overflow (too many results)');
  });
});

test('no string gets longer than an engine can hold', () => {
  const work = new Work(new CountingMachine());
  expect(() => work.makeString(2 ** 29)).toThrow(expect.objectContaining({ value: 'not enough memory' }));
  expect(() => work.makeString(2 ** 28)).not.toThrow();
});
