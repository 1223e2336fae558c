import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addUnsigned,
  compareUnsigned,
  exactDifference,
  MAX_UINT64,
  parseUnsigned,
  predecessor,
  signedDifference,
  subtractUnsigned,
  successor,
  toUnsigned,
} from '../../src/numbers/unsigned.ts';

const VALUE = fc.oneof(
  fc.bigInt({ min: 0n, max: MAX_UINT64 }),
  fc.bigInt({ min: 0n, max: 300n }),
  fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
  fc.bigInt({ min: MAX_UINT64 - 2n, max: MAX_UINT64 }),
);

describe('unsigned integers beside bigints', () => {
  test('have one form', () => {
    fc.assert(
      fc.property(VALUE, (value) => {
        const form = toUnsigned(value);
        expect(typeof form).toBe(value <= 9007199254740991n ? 'number' : 'bigint');
        expect(BigInt(form)).toBe(value);
        expect(parseUnsigned(String(value))).toBe(form);
        expect(parseUnsigned(`  +000${value}`)).toBe(form);
      }),
      { seed: 8 },
    );
  });

  test('arithmetic is exact', () => {
    fc.assert(
      fc.property(VALUE, VALUE, (a, b) => {
        const x = toUnsigned(a);
        const y = toUnsigned(b);
        expect(Math.sign(compareUnsigned(x, y))).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(successor(x)).toBe(a === MAX_UINT64 ? undefined : toUnsigned(a + 1n));
        expect(predecessor(x)).toBe(a === 0n ? undefined : toUnsigned(a - 1n));
        if (a + b <= MAX_UINT64) expect(addUnsigned(x, y)).toBe(toUnsigned(a + b));
        if (a >= b) expect(subtractUnsigned(x, y)).toBe(toUnsigned(a - b));
        const plain = (value: bigint): number | bigint =>
          BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value;
        expect(exactDifference(x, y)).toBe(plain(a - b));
        expect(signedDifference(x, y)).toBe(plain(BigInt.asIntN(64, a - b)));
      }),
      { seed: 8, numRuns: 1000 },
    );
  });

  test.each([
    '',
    ' ',
    '+',
    '-',
    '-1',
    '-9223372036854775808',
    '1 ',
    '1a',
    '0x1',
    '1.0',
    '1e3',
    '18446744073709551616',
  ])('%j is none', (token) => {
    expect(parseUnsigned(token)).toBeUndefined();
  });

  test('what is negative wraps around, unless it is spelt as Redis itself would', () => {
    expect(parseUnsigned(' -1')).toBe(MAX_UINT64);
    expect(parseUnsigned('-0')).toBe(0);
    expect(parseUnsigned('-01')).toBe(MAX_UINT64);
    expect(parseUnsigned('-9223372036854775809')).toBe(2n ** 63n - 1n);
    expect(parseUnsigned('-18446744073709551615')).toBe(1);
  });
});
