import { describe, expect, test } from 'vitest';
import { formatDouble, formatInteger } from '../../../src/scripting/lua/values/c-format.ts';
import { numberOfText, textOfNumber } from '../../../src/scripting/lua/values/number-text.ts';
import { power } from '../../../src/scripting/lua/values/power.ts';

/** Expected texts are those Redis's Lua printed. */

test('numbers as text', () => {
  const texts: readonly (readonly [number, string])[] = [
    [0, '0'],
    [-0, '-0'],
    [42, '42'],
    [-42, '-42'],
    [2 ** 31, '2147483648'],
    [1_700_000_000_000, '1700000000000'],
    [99_999_999_999_999, '99999999999999'],
    [-99_999_999_999_999, '-99999999999999'],
    [1e14, '1e+14'],
    [2 ** 53, '9.007199254741e+15'],
    [123_456_789_012_345, '1.2345678901234e+14'],
    [12_345_678_901_234.5, '12345678901234'],
    [12_345_678_901_235.5, '12345678901236'],
    [0.1, '0.1'],
    [-0.1, '-0.1'],
    [1 / 3, '0.33333333333333'],
    [-1 / 3, '-0.33333333333333'],
    [Math.PI, '3.1415926535898'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1e100, '1e+100'],
    [5e-324, '4.9406564584125e-324'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
    [Number.NaN, '-nan'],
  ];
  for (const [number, text] of texts) expect(textOfNumber(number)).toBe(text);
});

test('text as numbers', () => {
  const numbers: readonly (readonly [string, number | undefined])[] = [
    ['10', 10],
    ['-10', -10],
    ['+5', 5],
    [' \t\n\v\f\r5 \t\n\v\f\r', 5],
    ['5.', 5],
    ['.5', 0.5],
    ['1e5', 1e5],
    ['1E-2', 0.01],
    ['1e400', Infinity],
    ['-0', -0],
    ['123456789012345678', 123456789012345680],
    ['0x10', 16],
    ['0XfF', 255],
    ['-0x10', -16],
    ['0x.8', 0.5],
    ['0x1p4', 16],
    ['0x1.8p-1074', 9.881312916824931e-324],
    ['0x1p-1075', 0],
    ['0x1.8p-1075', 5e-324],
    ['0x10000000000000800p0', 2 ** 64],
    ['0x10000000000000801p0', 2 ** 64 + 4096],
    ['0xffffffffffffffffff', 4.722366482869645e21],
    ['inf', Infinity],
    ['-Infinity', -Infinity],
    ['nan', Number.NaN],
    ['NaN(1a)', Number.NaN],
    ['10\0abc', 10],
    ['\u{a0}5', undefined],
    ['', undefined],
    [' ', undefined],
    ['.', undefined],
    ['0x', undefined],
    ['0x.', undefined],
    ['0x1p', undefined],
    ['1e', undefined],
    ['1e+', undefined],
    ['- 5', undefined],
    ['1_0', undefined],
    ['0b1', undefined],
    ['1 2', undefined],
    ['infinit', undefined],
    ['nan(', undefined],
    ['\0', undefined],
  ];
  for (const [text, number] of numbers) expect([text, numberOfText(text)]).toEqual([text, number]);
});

test('text that is long is read in one go', () => {
  expect(numberOfText(`${'1'.repeat(200_000)}x`)).toBeUndefined();
  expect(numberOfText(`${' '.repeat(200_000)}x`)).toBeUndefined();
  expect(numberOfText(`0x${'0'.repeat(200_000)}1`)).toBe(1);
  expect(numberOfText(`0x0.${'0'.repeat(1000)}1p4004`)).toBe(1);
});

describe('printf', () => {
  test('doubles', () => {
    const write = (specification: string, value: number) => {
      const [, flags = '', width, precision, conversion = ''] = /^([-+ #0]*)(\d*)(?:\.(\d*))?(\w)$/.exec(
        specification,
      )!;
      return formatDouble(value, {
        flags,
        width: Number(width),
        precision: precision === undefined ? undefined : Number(precision),
        conversion,
      });
    };
    // Exact halves go to the even digit.
    expect(['.0f', '.0f', '.0f', '.0f'].map((f, at) => write(f, at + 0.5))).toEqual(['0', '2', '2', '4']);
    expect([0.125, 0.375, 1.005].map((value) => write('.2f', value))).toEqual(['0.12', '0.38', '1.00']);
    expect([2.5, 9.5, 95, 85].map((value) => write('.0e', value))).toEqual([
      '2e+00',
      '1e+01',
      '1e+02',
      '8e+01',
    ]);
    expect(write('f', 1e22)).toBe('10000000000000000000000.000000');
    expect(write('.3f', 2 ** 100)).toBe('1267650600228229401496703205376.000');
    expect(write('.20f', 0.1)).toBe('0.10000000000000000555');
    expect(write('g', 100_000)).toBe('100000');
    expect(write('g', 1_000_000)).toBe('1e+06');
    expect(write('#g', 1)).toBe('1.00000');
    expect(write('#.0f', 1)).toBe('1.');
    expect(write('#.0e', 1)).toBe('1.e+00');
    expect(write('+08.2f', 5.25159)).toBe('+0005.25');
    expect(write('-8.2f', 5.25159)).toBe('5.25    ');
    expect(write(' .1f', 1)).toBe(' 1.0');
    expect(write('05f', -Infinity)).toBe(' -inf');
    expect(write('E', 1e-10)).toBe('1.000000E-10');
    expect(write('G', Infinity)).toBe('INF');
    expect(write('.99f', 5e-324)).toBe(`0.${'0'.repeat(99)}`);
  });

  test('integers', () => {
    const spec = (flags: string, width: number, precision: number | undefined, conversion: string) => ({
      flags,
      width,
      precision,
      conversion,
    });
    expect(formatInteger(-5n, spec('0', 5, undefined, 'd'))).toBe('-0005');
    expect(formatInteger(-5n, spec('0', 5, 2, 'd'))).toBe('  -05');
    expect(formatInteger(0n, spec('', 0, 0, 'd'))).toBe('');
    expect(formatInteger(255n, spec('#', 8, undefined, 'x'))).toBe('    0xff');
    expect(formatInteger(255n, spec('#0', 8, undefined, 'X'))).toBe('0X0000FF');
    expect(formatInteger(8n, spec('#', 0, undefined, 'o'))).toBe('010');
    expect(formatInteger(-1n, spec('', 0, undefined, 'x'))).toBe('ffffffffffffffff');
    expect(formatInteger(-1n, spec('', 0, undefined, 'u'))).toBe('18446744073709551615');
    expect(formatInteger(7n, spec('+', 0, undefined, 'i'))).toBe('+7');
  });
});

test('powers', () => {
  expect(power(10, -278)).toBe(1e-278);
  for (let exponent = -290; exponent <= 290; exponent++)
    expect(power(10, exponent)).toBe(Number(`1e${exponent}`));
  expect(power(3, 33)).toBe(5559060566555523);
  expect(power(-3, 3)).toBe(-27);
  expect(power(-3, -3)).toBe(-1 / 27);
  expect(power(2, 0.5)).toBe(Math.SQRT2);
  expect(power(-8, 1 / 3)).toBeNaN();
  expect(power(1, Number.NaN)).toBe(1);
  expect(power(Number.NaN, 0)).toBe(1);
  expect(power(-1, -Infinity)).toBe(1);
  expect(power(0, -1)).toBe(Infinity);
  expect(power(-0, -3)).toBe(-Infinity);
  expect(power(2, 1024)).toBe(Infinity);
  expect(power(2, -1074)).toBe(5e-324);
  expect(power(2, -1075)).toBe(0);
});
