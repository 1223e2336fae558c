import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDouble, formatDouble17, parseDouble } from '../../src/numbers/double.ts';
import { grisu2, shortestDigits } from '../../src/numbers/grisu2.ts';
import { doubleText } from '../fixtures/double-text.ts';

const seed = 20;
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const positive = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, minExcluded: true }),
  fc.double({ noNaN: true, min: 1e-6, max: 1e9 }),
  fc
    .tuple(fc.integer({ min: 1, max: 10 ** 9 }), fc.integer({ min: 1, max: 12 }))
    .map(([a, k]) => a / 10 ** k),
);

describe('parseDouble', () => {
  test('reads and refuses what redis-server does', () => {
    for (const [token, score] of doubleText) {
      const value = parseDouble(token);
      expect(value === undefined ? null : formatDouble17(value), JSON.stringify(token)).toBe(score);
    }
  });

  test('refuses bytes that are no ASCII', () => {
    for (const token of ['é', '１', '\udcff', '1\udcff', '١', '\u00a01', '1\u2028']) {
      expect(parseDouble(token)).toBeUndefined();
    }
  });

  test('reads long tokens in one pass, good and bad', () => {
    const ones = '1'.repeat(200_000);
    // Quadratic backtracking would take minutes here.
    for (const junk of ['x', '.x', 'e', '.1.1', ' ', 'e+']) expect(parseDouble(ones + junk)).toBeUndefined();
    expect(parseDouble(`0x${ones}z`)).toBeUndefined();
    expect(parseDouble(ones)).toBeUndefined();
    expect(parseDouble(`${ones}e-199999`)).toBe(1.1111111111111112);
    expect(parseDouble(`0.${ones}`)).toBe(0.1111111111111111);
  });

  test('rounds hexadecimal floats to even, into the subnormals too', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 2n ** 80n }),
        fc.integer({ min: -1160, max: 900 }),
        (m, exponent) => {
          // Scaled in steps through exact integers: the host's own rounding of a bigint, once.
          const token = `0x${m.toString(16)}p${exponent}`;
          const expected = exponent >= 0 ? Number(m << BigInt(exponent)) : Number(decimalOf(m, -exponent));
          expect(parseDouble(token)).toBe(
            expected === 0 || expected === Number.POSITIVE_INFINITY ? undefined : expected,
          );
        },
      ),
      { seed, numRuns: 500 },
    );
  });
});

/** m / 2^places as an exact decimal, which the host rounds correctly. */
function decimalOf(m: bigint, places: number): string {
  return `${m * 5n ** BigInt(places)}e-${places}`;
}

describe('formatDouble', () => {
  test('prints as Redis 8 documents and its algorithm implies', () => {
    const cases: [number, string][] = [
      [0, '0'],
      [-0, '-0'],
      [3, '3'],
      [-17, '-17'],
      [0.1, '0.1'],
      [0.1 + 0.2, '0.30000000000000004'],
      [-2.5, '-2.5'],
      [1e15, '1000000000000000'],
      [2 ** 53, '9007199254740992'],
      [2 ** 62, '4611686018427387904'],
      [-(2 ** 62), '-4611686018427387904'],
      [1e18, '1000000000000000000'],
      [123456789012345680, '123456789012345680'],
      [5e18, '5e+18'],
      [1e19, '1e+19'],
      [2 ** 63, '9223372036854776000'],
      [1.5e300, '1.5e+300'],
      [1e-5, '0.00001'],
      [1e-6, '0.000001'],
      [1e-7, '1e-7'],
      [1.5e-9, '1.5e-9'],
      [0.000123456789, '1.23456789e-4'],
      [0.00123456789, '0.00123456789'],
      [0.0000123456789, '1.23456789e-5'],
      [1234.5678901234, '1234.5678901234'],
      [12345.678901, '12345.678901'],
      [12345.67890123, '1.234567890123e+4'],
      [5e-324, '5e-324'],
      [Number.MAX_VALUE, '1.7976931348623157e+308'],
      [Number.POSITIVE_INFINITY, 'inf'],
      [Number.NEGATIVE_INFINITY, '-inf'],
      [Number.NaN, 'nan'],
    ];
    for (const [value, text] of cases) expect(formatDouble(value), String(value)).toBe(text);
  });

  test('reads back as the same double', () => {
    fc.assert(
      fc.property(finite, (value) => {
        expect(parseDouble(formatDouble(value))).toBe(value);
      }),
      { seed, numRuns: 3000 },
    );
  });

  test('the shortcut for short decimals finds what Grisu2 finds', () => {
    fc.assert(
      fc.property(positive, (value) => {
        expect(shortestDigits(value)).toEqual(grisu2(value));
      }),
      { seed, numRuns: 5000 },
    );
  });

  test('arithmetic without bigints finds what Grisu2 finds, whatever the digits', () => {
    const bits = fc.tuple(fc.nat(0x7fefffff), fc.integer());
    const view = new DataView(new ArrayBuffer(8));
    fc.assert(
      fc.property(bits, fc.double({ min: 0.001, max: 1e6, noNaN: true }), ([high, low], plain) => {
        view.setUint32(0, high);
        view.setInt32(4, low);
        for (const value of [view.getFloat64(0) || 1, plain]) {
          expect(shortestDigits(value)).toEqual(grisu2(value));
        }
      }),
      { seed, numRuns: 5000 },
    );
  });

  test('Grisu2 is never shorter than the shortest, and misses it once in a while', () => {
    let longer = 0;
    for (let step = 1; step <= 5000; step++) {
      const value = Math.sqrt(step + 0.5);
      const shortest = String(value).replace('.', '').replace(/^0+/, '').length;
      const found = grisu2(value).digits.length;
      expect(found).toBeGreaterThanOrEqual(shortest);
      if (found > shortest) longer++;
    }
    expect(longer).toBeLessThan(50);
  });
});

test('formatDouble17 rounds ties to even as the C library does', () => {
  expect(formatDouble17(2 ** -25)).toBe('2.9802322387695312e-08');
  expect(formatDouble17(3 * 2 ** -25)).toBe('8.9406967163085938e-08');
  expect(formatDouble17(0.1)).toBe('0.10000000000000001');
  expect(formatDouble17(1e17)).toBe('1e+17');
  expect(formatDouble17(1e16)).toBe('10000000000000000');
  expect(formatDouble17(-0)).toBe('-0');
});
