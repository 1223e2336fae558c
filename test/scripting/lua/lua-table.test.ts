import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { constructorSize } from '../../../src/scripting/lua/values/constructor-size.ts';
import { hashOfString } from '../../../src/scripting/lua/values/key-hash.ts';
import { Interruption, LuaError } from '../../../src/scripting/lua/values/lua-error.ts';
import { LuaTable } from '../../../src/scripting/lua/values/lua-table.ts';
import type { LuaValue } from '../../../src/scripting/lua/values/value.ts';

/** Expected orders and lengths are those Redis's Lua printed for the same history. */

function tableWith(keys: readonly LuaValue[], table = new LuaTable()): LuaTable {
  for (const key of keys) table.set(key, 1);
  table.checkInvariants();
  return table;
}

function keysOf(table: LuaTable): LuaValue[] {
  const keys: LuaValue[] = [];
  for (let at = table.nextPosition(0); at !== 0; at = table.nextPosition(at)) keys.push(table.keyAt(at));
  return keys;
}

describe('the order of traversal', () => {
  test('the array part first, then the nodes', () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 1, 2, 3, 5, 8, true, false, 1.5, -1];
    expect(keysOf(tableWith(keys)).join(' ')).toBe('1 2 3 a true c b e d g f h 1.5 -1 false 8 5');
  });

  test('depends on the history, not on what is there', () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'i', 'q', 'y'];
    expect(keysOf(tableWith(keys)).join(' ')).toBe('a y c b e d q i');
    expect(keysOf(tableWith(keys, new LuaTable(0, 8))).join(' ')).toBe('a y c b e d q i');
    expect(keysOf(tableWith([...keys].reverse())).join(' ')).toBe('y a c b e d q i');
  });

  test('every char of a long string counts', () => {
    expect(keysOf(tableWith(['long'.repeat(8), 2]))).toEqual([2, 'long'.repeat(8)]);
  });

  test('0 and -0 are one key, and the first one stays', () => {
    const table = tableWith([-0, 0]);
    expect(keysOf(table)).toEqual([-0]);
  });
});

describe('borders', () => {
  test('with holes in the array part', () => {
    const table = new LuaTable(8);
    for (const index of [1, 2, 3, 5, 6]) table.setNumber(index, true);
    expect(table.length()).toBe(3);
    table.setNumber(8, true);
    expect(table.length()).toBe(8);
  });

  test('beyond the array part', () => {
    const table = new LuaTable(0, 8);
    for (const index of [1, 2, 3, 4]) table.setNumber(index, true);
    expect(table.arraySize).toBe(0);
    expect(table.length()).toBe(4);
    table.setNumber(2, undefined);
    expect(table.length()).toBe(1);
    table.setNumber(1, undefined);
    expect(table.length()).toBe(0);
  });

  test('of a table made so that doubling never ends', () => {
    const table = new LuaTable(0, 64);
    for (let bits = 0; bits < 32; bits++) table.setNumber(2 ** bits, true);
    expect(table.length()).toBe(2);
  });
});

describe('removal', () => {
  test('a key keeps its place while its value is nil', () => {
    const table = tableWith(['a', 'b', 'c']);
    const position = table.positionOf('b');
    table.set('b', undefined);
    expect(table.positionOf('b')).toBe(position);
    expect(keysOf(table)).not.toContain('b');
    table.set('b', 2);
    expect(table.positionOf('b')).toBe(position);
    expect(table.valueAt(position)).toBe(2);
  });

  test('during a traversal', () => {
    const table = tableWith(Array.from({ length: 100 }, (_, at) => (at % 2 === 0 ? at : `k${at}`)));
    let visits = 0;
    for (
      let at = table.nextPosition(0);
      at !== 0;
      at = table.nextPosition(table.positionOf(table.keyAt(at)))
    ) {
      table.set(table.keyAt(at), undefined);
      visits++;
    }
    expect(visits).toBe(100);
    expect(table.nextPosition(0)).toBe(0);
    table.checkInvariants();
  });
});

test('positions: 0 before the first, -1 for what has none', () => {
  const table = tableWith([1, 2, 'x']);
  expect(table.positionOf(undefined)).toBe(0);
  expect(table.positionOf(1)).toBe(1);
  expect(table.positionOf('y')).toBe(-1);
  expect(table.positionOf(3)).toBe(-1);
  expect(table.keyAt(0)).toBeUndefined();
  expect(table.keyAt(99)).toBeUndefined();
  expect(table.valueAt(99)).toBeUndefined();
  expect(new LuaTable().positionOf('y')).toBe(-1);
  expect(new LuaTable().nextPosition(0)).toBe(0);
});

test('nil and NaN are no keys', () => {
  const table = tableWith(['a', 1]);
  expect(() => table.set(undefined, 1)).toThrow(new LuaError('table index is nil') as unknown as Error);
  expect(() => table.set(Number.NaN, 1)).toThrow(LuaError as unknown as new () => Error);
  expect(table.get(undefined)).toBeUndefined();
  expect(table.get(Number.NaN)).toBeUndefined();
  table.checkInvariants();
});

test('tables are keys by identity', () => {
  const [a, b] = [new LuaTable(), new LuaTable()];
  const table = new LuaTable();
  table.set(a, 1);
  expect(table.get(a)).toBe(1);
  expect(table.get(b)).toBeUndefined();
  table.set(b, 2);
  expect([table.get(a), table.get(b)]).toEqual([1, 2]);
});

test('a hash known before gives the same', () => {
  const table = tableWith(['a', 'b', 'key']);
  table.setHashed('key', hashOfString('key'), 7);
  expect(table.getString('key')).toBe(7);
  expect(table.getHashed('key', hashOfString('key'))).toBe(7);
  expect(table.getHashed('kez', hashOfString('kez'))).toBeUndefined();
});

test('setting a string key makes absent metamethods unknown again', () => {
  const table = tableWith(['__index']);
  table.absentMetamethods = 5;
  table.setNumber(1, 1);
  expect(table.absentMetamethods).toBe(5);
  table.set('__index', undefined);
  expect(table.absentMetamethods).toBe(0);
});

test('a table too big for the host is an interruption', () => {
  expect(() => new LuaTable(2 ** 27)).toThrow(Interruption as unknown as new () => Error);
  expect(() => new LuaTable(0, 2 ** 24)).toThrow(Interruption as unknown as new () => Error);
});

test('the size a constructor asks for', () => {
  expect([0, 1, 7, 15, 16, 17, 31, 33, 100, 1000].map(constructorSize)).toEqual([
    0, 1, 7, 15, 16, 18, 32, 36, 104, 1024,
  ]);
});

test('content, as in a Map', () => {
  const key = fc.oneof(
    fc.integer({ min: -3, max: 40 }),
    fc.constantFrom<LuaValue>(
      'a',
      'b',
      'c',
      'dd',
      'a much longer key than others',
      '',
      true,
      false,
      0.5,
      1e300,
      Infinity,
    ),
  );
  const operation = fc.tuple(key, fc.option(fc.integer(), { nil: undefined }));
  fc.assert(
    fc.property(
      fc.nat(9),
      fc.nat(9),
      fc.array(operation, { maxLength: 200, size: 'max' }),
      (slots, nodes, operations) => {
        const table = new LuaTable(slots, nodes);
        const model = new Map<LuaValue, LuaValue>();
        for (const [key, value] of operations) {
          table.set(key, value);
          if (value === undefined) model.delete(key);
          else model.set(key, value);
          expect(table.get(key)).toBe(value);
        }
        table.checkInvariants();
        const keys = keysOf(table);
        expect(new Set(keys)).toEqual(new Set(model.keys()));
        expect(keys.length).toBe(model.size);
        for (const key of keys) expect(table.get(key)).toBe(model.get(key));
        const length = table.length();
        expect(length === 0 || table.get(length) !== undefined).toBe(true);
        expect(table.get(length + 1)).toBeUndefined();
      },
    ),
    { seed: 1, numRuns: 500 },
  );
});
