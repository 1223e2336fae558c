import { expect, it } from 'vitest';
import { LuaTable } from '../../../src/scripting/lua/values/lua-table.ts';
import { NativeFunction } from '../../../src/scripting/lua/values/native-function.ts';
import type { LuaValue } from '../../../src/scripting/lua/values/value.ts';
import { CASES } from './cases/string-and-base-cases.ts';
import { machineWithLibraries, resultsOf } from './support/cases.ts';

const LONGEST_SHOWN = 300;

function show(value: LuaValue): string {
  switch (typeof value) {
    case 'string': {
      if (value.length > LONGEST_SHOWN) return `${value.length} bytes`;
      // biome-ignore lint/suspicious/noControlCharactersInRegex: bytes that cannot be seen
      return `"${value.replace(/[\0-\x1f"\\\x7f-\xff]/g, (char) => `\\${char.charCodeAt(0)}`)}"`;
    }
    case 'number':
      // As `%.17g` writes it, if it is none of those with a long fraction.
      if (Object.is(value, -0)) return '-0';
      if (Number.isInteger(value) && Math.abs(value) < 1e17) return String(BigInt(value));
      return Math.abs(value) >= 1e17 ? value.toPrecision(17) : String(value);
    case 'undefined':
      return 'nil';
    case 'boolean':
      return String(value);
    default:
      return value instanceof LuaTable ? 'table' : 'function';
  }
}

it.each(CASES)('%s', (expression, shown) => {
  const machine = machineWithLibraries();
  const results = resultsOf(machine, 'return pcall(...)', machine.compile(`return ${expression}`, '=case'));
  expect(results.map(show).join(' ')).toBe(shown);
});

it('refuses changes to a readonly table, without a position', () => {
  const machine = machineWithLibraries();
  const library = machine.globals.getString('string') as LuaTable;
  library.isReadonly = true;
  expect(resultsOf(machine, 'return pcall(rawset, string, "x", 1)')).toEqual([
    false,
    'Attempt to modify a readonly table',
  ]);
  expect(resultsOf(machine, 'return pcall(setmetatable, string, {})')).toEqual([
    false,
    'Attempt to modify a readonly table',
  ]);
  expect(library.getString('x')).toBeUndefined();
  expect(library.metatable).toBeUndefined();
});

it('has functions from elsewhere in their places, and leaves out what is not wanted', () => {
  const names = (source: string) => resultsOf(machineWithLibraries(), source)[0];
  expect(names('return type(pcall) .. type(getfenv) .. type(print) .. type(newproxy)')).toBe(
    'functionfunctionnilnil',
  );
});

it('gives each object one address, and no two the same', () => {
  const machine = machineWithLibraries();
  const [first, again, other, native] = resultsOf(
    machine,
    'local a, b = {}, {} return tostring(a), tostring(a), tostring(b), tostring(string.rep)',
  );
  expect(first).toMatch(/^table: 0x[\da-f]{12}$/);
  expect(again).toBe(first);
  expect(other).not.toBe(first);
  expect(native).toMatch(/^function: 0x[\da-f]{12}$/);
});

it('counts memory in KB', () => {
  const source = `
    local before = collectgarbage('count')
    local held = ('x'):rep(102400)
    return collectgarbage('count') - before, gcinfo() - math.floor(before), #held`;
  const [grown, grownWhole] = resultsOf(machineWithLibraries(), source);
  expect(grown).toBeGreaterThanOrEqual(100);
  expect(grown).toBeLessThan(110);
  expect(Math.abs((grown as number) - (grownWhole as number))).toBeLessThan(2);
});

it('keeps what it is told about the collector', () => {
  expect(
    resultsOf(machineWithLibraries(), 'return collectgarbage("setpause", 7), collectgarbage("setpause", 8)'),
  ).toEqual([200, 7]);
});

it('calls functions of the host from gsub with the captures', () => {
  const machine = machineWithLibraries();
  const calls: LuaValue[][] = [];
  const spy = new NativeFunction('spy', (call) => {
    calls.push(call.rest());
    return call.count;
  });
  expect(resultsOf(machine, 'return ("a1 b2"):gsub("(%a)(%d)()", ...)', spy)).toEqual(['3 3', 2]);
  expect(calls).toEqual([
    ['a', '1', 3],
    ['b', '2', 6],
  ]);
});

it('can match within a replacement', () => {
  expect(
    resultsOf(
      machineWithLibraries(),
      'return ("a=1,b=2"):gsub("(%a)=(%d)", function(k, v) return v:gsub("%d", "<%0>") .. k:match("(.)") end)',
    ),
  ).toEqual(['<1>a,<2>b', 2]);
});

it('keeps gmatch where it was, whatever is matched meanwhile', () => {
  expect(
    resultsOf(
      machineWithLibraries(),
      'local r = {} for a in ("x y"):gmatch("%a") do for b in ("1 2"):gmatch("%d") do r[#r + 1] = a .. b end end return table.concat(r, " ")',
    ),
  ).toEqual(['x1 x2 y1 y2']);
});
