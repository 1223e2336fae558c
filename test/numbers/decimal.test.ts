import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDecimal,
  addLongDoubles,
  formatLongDouble,
  isLongDoubleText,
  parseLongDouble,
} from '../../src/numbers/decimal.ts';
import { decimalSums } from '../fixtures/decimal-sums.ts';

const seed = 20;

function reply(value: string, increment: string): string {
  const result = addDecimal(value, increment);
  if ('sum' in result) return result.sum;
  return result.failure === 'not-finite'
    ? '!ERR increment would produce NaN or Infinity'
    : '!ERR value is not a valid float';
}

/** Without the shortcut for short decimals. */
function emulated(a: string, b: string): string {
  return formatLongDouble(addLongDoubles(parseLongDouble(a)!, parseLongDouble(b)!)!);
}

test('adds as redis-server does', () => {
  let sums = 0;
  for (const [value, increment, expected] of decimalSums) {
    expect(reply(value, increment), `${value} + ${increment}`).toBe(expected);
    if (!expected.startsWith('!')) sums++;
  }
  expect(sums).toBeGreaterThan(400);
});

describe('addDecimal', () => {
  test('says which side is wrong, the first one first', () => {
    expect(addDecimal('x', 'y')).toEqual({ failure: 'first-invalid' });
    expect(addDecimal('1', 'y')).toEqual({ failure: 'second-invalid' });
    expect(addDecimal('1', '1\udcff')).toEqual({ failure: 'second-invalid' });
    expect(addDecimal('inf', '1')).toEqual({ failure: 'not-finite' });
    expect(addDecimal('inf', '-inf')).toEqual({ failure: 'not-finite' });
    expect(addDecimal('1.1e4932', '1.1e4932')).toEqual({ failure: 'not-finite' });
  });

  test('the shortcut for short decimals prints what the emulation prints', () => {
    const decimal = fc
      .tuple(
        fc.integer({ min: -25_000_000_000_000, max: 25_000_000_000_000 }),
        fc.integer({ min: 0, max: 15 }),
      )
      .map(([units, places]) => {
        const digits = String(Math.abs(units)).padStart(places + 1, '0');
        const point = digits.length - places;
        return `${units < 0 ? '-' : ''}${digits.slice(0, point)}${places > 0 ? '.' : ''}${digits.slice(point)}`;
      });
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        expect(addDecimal(a, b)).toEqual({ sum: emulated(a, b) });
      }),
      { seed, numRuns: 4000 },
    );
  });

  test('takes any JavaScript number as its own text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const result = addDecimal('0', String(value));
        expect('sum' in result).toBe(true);
        if (Math.abs(value) > 1e-3 && 'sum' in result) {
          // 17 decimals of anything above 0.001 have 14 significant digits and more.
          expect(Math.abs(Number(result.sum) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-14);
        }
      }),
      { seed, numRuns: 1000 },
    );
  });
});

test('isLongDoubleText agrees with parseLongDouble', () => {
  for (const text of ['1', '-1.5', '.5', '1e3', 'inf', '0x1p3', '-0'])
    expect(isLongDoubleText(text)).toBe(true);
  for (const text of ['', '-', '.', '-.', '1 ', 'nan', '1e5000', '1.2.3', '0'.repeat(5120)]) {
    expect(isLongDoubleText(text), text).toBe(false);
  }
  expect(isLongDoubleText('0'.repeat(5119))).toBe(true);
});
