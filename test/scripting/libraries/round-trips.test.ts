import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LuaTable } from '../../../src/scripting/lua/values/lua-table.ts';
import type { LuaValue } from '../../../src/scripting/lua/values/value.ts';
import { callField, LIBRARIES } from './support/calls.ts';
import { dump } from './support/lua-values.ts';

const SEED = { seed: 20_261_122, numRuns: 500 };
const cjson = LIBRARIES['cjson']!();
const cmsgpack = LIBRARIES['cmsgpack']!();
const struct = LIBRARIES['struct']!();
const bit = LIBRARIES['bit']!();

const bytes = fc
  .array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 })
  .map((codes) => String.fromCharCode(...codes));

function toLua(value: unknown): LuaValue {
  if (typeof value !== 'object' || value === null) return value as LuaValue;
  const table = new LuaTable();
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) table.setNumber(index + 1, toLua(item));
  } else {
    for (const [key, item] of Object.entries(value)) table.setString(key, toLua(item));
  }
  return table;
}

const { value: plainValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    bytes,
    fc.boolean(),
    fc.integer(),
    fc.integer({ min: -(10 ** 13), max: 10 ** 13 }),
    fc.array(tie('value'), { minLength: 1, maxLength: 6 }),
    fc.dictionary(
      bytes.map((name) => `k${name}`),
      tie('value'),
      { minKeys: 1, maxKeys: 6 },
    ),
  ),
}));

test('what cjson encodes, it decodes to the same', () => {
  fc.assert(
    fc.property(plainValue, (plain) => {
      const value = toLua(plain);
      const [text] = callField(cjson, 'encode', [value]);
      const [decoded] = callField(cjson, 'decode', [text]);
      if (decoded instanceof LuaTable) decoded.checkInvariants();
      expect(callField(cjson, 'encode', [decoded])[0]).toHaveLength((text as string).length);
      expect(sorted(dump(decoded))).toBe(sorted(dump(value)));
    }),
    SEED,
  );
});

test('what cjson encodes is JSON', () => {
  fc.assert(
    fc.property(plainValue, (plain) => {
      const [text] = callField(cjson, 'encode', [toLua(plain)]);
      expect(JSON.parse(text as string)).toEqual(plain);
    }),
    SEED,
  );
});

test('what JSON.stringify writes, cjson decodes', () => {
  fc.assert(
    fc.property(plainValue, (plain) => {
      const text = String.fromCharCode(...new TextEncoder().encode(JSON.stringify(plain)));
      const [decoded] = callField(cjson, 'decode', [text]);
      // Of bytes as chars, JSON.parse makes strings of bytes as chars.
      expect(dump(decoded)).toBe(dump(toLua(JSON.parse(text))));
    }),
    SEED,
  );
});

/** The order of objects can change when they are made anew. */
function sorted(text: string): string {
  return text.split(/[{},]/).sort().join();
}

test('what cmsgpack packs, it unpacks to the same', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(plainValue, fc.double()), { minLength: 1, maxLength: 3 }), (plain) => {
      const values = plain.map(toLua);
      const [packed] = callField(cmsgpack, 'pack', values);
      const unpacked = callField(cmsgpack, 'unpack', [packed]);
      const expected = values.map((value) => (Object.is(value, -0) ? 0 : value));
      expect(unpacked.map((value) => sorted(dump(value)))).toEqual(
        expected.map((value) => sorted(dump(value))),
      );
      // One by one gives the same.
      let offset = 0;
      for (const value of unpacked) {
        const [next, one] = callField(cmsgpack, 'unpack_one', [packed, offset]);
        expect(dump(one)).toBe(dump(value));
        offset = next as number;
      }
      expect(offset).toBe(-1);
    }),
    SEED,
  );
});

test('what struct packs, it unpacks to the same', () => {
  const field = fc.oneof(
    fc.integer({ min: -128, max: 127 }).map((value) => ['b', value] as const),
    fc.integer({ min: 0, max: 65_535 }).map((value) => ['H', value] as const),
    fc.integer().map((value) => ['i', value] as const),
    fc.integer({ min: -(2 ** 47), max: 2 ** 47 - 1 }).map((value) => ['i6', value] as const),
    fc.maxSafeInteger().map((value) => ['l', value] as const),
    fc.double({ noNaN: true }).map((value) => ['d', value] as const),
    fc.float({ noNaN: true }).map((value) => ['f', value] as const),
    bytes.map((value) => ['s', value.replaceAll('\0', '')] as const),
  );
  fc.assert(
    fc.property(
      fc.array(field, { maxLength: 6 }),
      fc.constantFrom('', '>', '<', '!', '>!4'),
      (fields, order) => {
        const format = order + fields.map(([option]) => option).join('');
        const values = fields.map(([, value]) => value);
        const [packed] = callField(struct, 'pack', [format, ...values]);
        const expected = [...values, (packed as string).length + 1];
        expect(callField(struct, 'unpack', [format, packed])).toEqual(expected);
        if (!format.includes('s'))
          expect(callField(struct, 'size', [format])).toEqual([(packed as string).length]);
      },
    ),
    SEED,
  );
});

test('bit agrees with the operators of JavaScript on 32 bits', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), fc.integer({ min: -40, max: 40 }), (one, other, distance) => {
      expect(callField(bit, 'band', [one, other])).toEqual([one & other]);
      expect(callField(bit, 'bxor', [one, other])).toEqual([one ^ other]);
      expect(callField(bit, 'lshift', [one, distance])).toEqual([one << distance]);
      expect(callField(bit, 'arshift', [one, distance])).toEqual([one >> distance]);
      expect(callField(bit, 'ror', callField(bit, 'rol', [one, distance]).concat(distance))).toEqual([one]);
      expect(callField(bit, 'bswap', callField(bit, 'bswap', [one]))).toEqual([one]);
      // However many turns of 2^32 away.
      expect(callField(bit, 'tobit', [one + 2 ** 32 * distance])).toEqual([one]);
    }),
    SEED,
  );
});
