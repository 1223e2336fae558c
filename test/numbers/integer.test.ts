import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addInt64,
  isIntegerText,
  MAX_INT64,
  MIN_INT64,
  negateInt64,
  parseInteger,
  parseIntegerWithin,
  parseSafeInteger,
  toInteger,
} from '../../src/numbers/integer.ts';

const seed = 20;

function model(value: bigint): number | bigint | undefined {
  if (value < MIN_INT64 || value > MAX_INT64) return undefined;
  return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

const EDGES = [0n, 1n, 2n ** 53n - 2n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, MAX_INT64 - 1n, MAX_INT64];
const int64 = fc.oneof(
  fc.bigInt({ min: MIN_INT64, max: MAX_INT64 }),
  fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }),
  fc.integer().map(BigInt),
  fc.constantFrom(...EDGES, ...EDGES.map((edge) => -edge), MIN_INT64),
);

describe('parseInteger', () => {
  test('reads every canonical signed 64-bit integer', () => {
    fc.assert(
      fc.property(int64, (value) => {
        expect(parseInteger(String(value))).toBe(model(value));
        expect(isIntegerText(String(value))).toBe(true);
      }),
      { seed, numRuns: 2000 },
    );
  });

  test('accepts no other spelling', () => {
    const spellings = ['', '-', '+', '+1', '-0', '00', '01', '-01', '--1', ' 1', '1 ', '1\n', '1.0', '1e3'];
    spellings.push('0x10', '1_000', '１', 'é', '\udcb1', '\u00001', 'Infinity', 'NaN', '1-', '12a45');
    for (const spelling of spellings) {
      expect(parseInteger(spelling), JSON.stringify(spelling)).toBeUndefined();
      expect(isIntegerText(spelling)).toBe(false);
    }
  });

  test('accepts of any short text exactly what is canonical', () => {
    const text = fc.string({ unit: fc.constantFrom('-', '+', '0', '1', '9', ' ', '.'), maxLength: 4 });
    fc.assert(
      fc.property(text, (token) => {
        const canonical = /^(0|-?[1-9][0-9]*)$/.test(token);
        expect(parseInteger(token)).toBe(canonical ? Number(token) : undefined);
      }),
      { seed, numRuns: 3000 },
    );
  });

  test('refuses what does not fit 64 bits', () => {
    expect(parseInteger('9223372036854775807')).toBe(MAX_INT64);
    expect(parseInteger('9223372036854775808')).toBeUndefined();
    expect(parseInteger('-9223372036854775808')).toBe(MIN_INT64);
    expect(parseInteger('-9223372036854775809')).toBeUndefined();
    expect(parseInteger('99999999999999999999')).toBeUndefined();
    expect(parseInteger('1'.repeat(21))).toBeUndefined();
    expect(parseInteger('1'.repeat(100_000))).toBeUndefined();
  });

  test('hands out a number up to 2^53 - 1 and a bigint from 2^53 on', () => {
    expect(parseInteger('9007199254740991')).toBe(9007199254740991);
    expect(parseInteger('9007199254740992')).toBe(9007199254740992n);
    expect(parseInteger('9007199254740993')).toBe(9007199254740993n);
    expect(parseInteger('-9007199254740991')).toBe(-9007199254740991);
    expect(parseInteger('-9007199254740992')).toBe(-9007199254740992n);
  });
});

test('parseSafeInteger and parseIntegerWithin refuse what is beyond their range', () => {
  expect(parseSafeInteger('9007199254740991')).toBe(9007199254740991);
  expect(parseSafeInteger('9007199254740992')).toBeUndefined();
  expect(parseSafeInteger('x')).toBeUndefined();
  expect(parseIntegerWithin('5', 5, 7)).toBe(5);
  expect(parseIntegerWithin('7', 5, 7)).toBe(7);
  expect(parseIntegerWithin('4', 5, 7)).toBeUndefined();
  expect(parseIntegerWithin('8', 5, 7)).toBeUndefined();
  expect(parseIntegerWithin('9223372036854775807', 5, 7)).toBeUndefined();
});

describe('arithmetic', () => {
  test('addInt64 is exact and refuses overflow', () => {
    fc.assert(
      fc.property(int64, int64, (a, b) => {
        expect(addInt64(model(a)!, model(b)!)).toBe(model(a + b));
      }),
      { seed, numRuns: 5000 },
    );
  });

  test('negateInt64 refuses only the least integer', () => {
    fc.assert(
      fc.property(int64, (a) => {
        expect(negateInt64(model(a)!)).toBe(model(-a));
      }),
      { seed, numRuns: 2000 },
    );
    expect(negateInt64(MIN_INT64)).toBeUndefined();
  });

  test('never answers -0', () => {
    expect(addInt64(-0, -0)).toBe(0);
    expect(negateInt64(0)).toBe(0);
    expect(toInteger(-0)).toBe(0);
  });

  test('toInteger takes exact integers only', () => {
    expect(toInteger(5n)).toBe(5);
    expect(toInteger(2n ** 53n)).toBe(2n ** 53n);
    expect(toInteger(2n ** 63n)).toBeUndefined();
    expect(toInteger(MIN_INT64)).toBe(MIN_INT64);
    for (const bad of [1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 60)]) {
      expect(toInteger(bad)).toBeUndefined();
    }
  });
});
