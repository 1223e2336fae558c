import { describe, expect, test } from 'vitest';
import { LuaTable } from '../../../src/scripting/lua/values/lua-table.ts';
import { callField, LIBRARIES, outcome } from './support/calls.ts';

function keysOf(table: LuaTable): string {
  const keys: unknown[] = [];
  for (let at = table.nextPosition(0); at !== 0; at = table.nextPosition(at)) keys.push(table.keyAt(at));
  return keys.join(' ');
}

// As `pairs` gives them on a real server; for cjson, which has one function more in Redis 8, as it gives a table that got
// the same keys in the order in which Redis 8 registers them.
describe('what the libraries hold, in the order of pairs', () => {
  test.each([
    [
      'cjson',
      'decode_array_with_array_mt _NAME encode decode_max_depth _VERSION decode_invalid_numbers encode_keep_buffer null ' +
        'encode_number_precision new encode_max_depth encode_invalid_numbers decode encode_sparse_array',
    ],
    ['cmsgpack', '_DESCRIPTION pack _NAME unpack _COPYRIGHT _VERSION unpack_one unpack_limit'],
    ['struct', 'pack size unpack'],
    ['bit', 'band rshift bor bnot bswap bxor tobit ror lshift tohex rol arshift'],
  ])('%s', (name, keys) => {
    expect(keysOf(LIBRARIES[name]!())).toBe(keys);
  });

  test('names and versions', () => {
    const cjson = LIBRARIES['cjson']!();
    expect([cjson.getString('_NAME'), cjson.getString('_VERSION')]).toEqual(['cjson', '2.1.0']);
    const cmsgpack = LIBRARIES['cmsgpack']!();
    expect(['_NAME', '_VERSION', '_COPYRIGHT', '_DESCRIPTION'].map((key) => cmsgpack.getString(key))).toEqual(
      [
        'cmsgpack',
        'lua-cmsgpack 0.4.0',
        'Copyright (C) 2012, Salvatore Sanfilippo',
        'MessagePack C implementation for Lua',
      ],
    );
  });
});

describe('cjson: instances', () => {
  test('null is what null decodes to, in all of them', () => {
    const [cjson, other] = [LIBRARIES['cjson']!(), LIBRARIES['cjson']!()];
    expect(callField(cjson, 'decode', ['null'])[0]).toBe(other.getString('null'));
  });

  test('settings stay, and are not shared', () => {
    const cjson = LIBRARIES['cjson']!();
    callField(cjson, 'encode_number_precision', [3]);
    expect(callField(cjson, 'encode', [1 / 3])).toEqual(['0.333']);
    const [fresh] = callField(cjson, 'new', []);
    expect(callField(fresh as LuaTable, 'encode', [1 / 3])).toEqual(['0.33333333333333']);
    expect(callField(cjson, 'encode', [1 / 3])).toEqual(['0.333']);
  });
});

// New in Redis 8.4; from its pull request's description.
describe('cjson.decode_array_with_array_mt', () => {
  test('is off, and says what it is', () => {
    const cjson = LIBRARIES['cjson']!();
    const name = 'decode_array_with_array_mt';
    expect(callField(cjson, 'encode', callField(cjson, 'decode', ['[]']))).toEqual(['{}']);
    expect(outcome(cjson, name, [])).toBe('ok false');
    expect(outcome(cjson, name, [true])).toBe('ok true');
    expect(outcome(cjson, name, [])).toBe('ok true');
    expect(outcome(cjson, name, ['off'])).toBe('ok false');
    expect(outcome(cjson, name, [1])).toContain('error');
    expect(outcome(cjson, name, [true, true])).toContain('error');
  });

  test('makes arrays arrays again', () => {
    const cjson = LIBRARIES['cjson']!();
    callField(cjson, 'decode_array_with_array_mt', [true]);
    const texts = ['[]', '{}', '[[],{}]', '{"a":[]}', '[1,[],2]'];
    for (const text of texts)
      expect(callField(cjson, 'encode', callField(cjson, 'decode', [text]))).toEqual([text]);
    const [array] = callField(cjson, 'decode', ['[1]']) as [LuaTable];
    array.setNumber(1, undefined);
    expect(callField(cjson, 'encode', [array])).toEqual(['[]']);
  });

  test('marks with a metatable that is read-only', () => {
    const cjson = LIBRARIES['cjson']!();
    callField(cjson, 'decode_array_with_array_mt', [true]);
    const [array, object] = ['[]', '{}'].map((text) => callField(cjson, 'decode', [text])[0] as LuaTable);
    expect(array!.metatable!.isReadonly).toBe(true);
    expect(array!.metatable!.getString('__is_cjson_array')).toBe(true);
    expect(object!.metatable).toBeUndefined();
  });

  test('a mark made by a script counts too', () => {
    const table = new LuaTable();
    table.metatable = new LuaTable();
    const cjson = LIBRARIES['cjson']!();
    expect(callField(cjson, 'encode', [table])).toEqual(['{}']);
    table.metatable.setString('__is_cjson_array', true);
    expect(callField(cjson, 'encode', [table])).toEqual(['[]']);
    table.metatable.setString('__is_cjson_array', false);
    expect(callField(cjson, 'encode', [table])).toEqual(['{}']);
  });
});
