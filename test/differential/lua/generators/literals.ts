import fc from 'fast-check';

/** Values as Lua writes them, those at the edges first. */

/** A literal of a string of bytes: one char (0 to 255) per byte. */
export function stringLiteral(bytes: string): string {
  const text = bytes.replace(
    /[^ !#-&(-[\]-~]/g,
    (char) => `\\${String(char.charCodeAt(0)).padStart(3, '0')}`,
  );
  return `'${text}'`;
}

/** Numbers. None is minus zero: the reference keeps but one of 0 and -0 among a function's constants. */
export const NUMBERS: readonly string[] = [
  ...[
    '0',
    '1',
    '2',
    '3',
    '7',
    '10',
    '0.5',
    '1.5',
    '2.5',
    '0.1',
    '255',
    '256',
    '-1',
    '-2',
    '-0.5',
    '1e3',
    '0x10',
  ],
  ...['2147483647', '2147483648', '4294967295', '-2147483648', '4294967296', '1700000000000', '1e14', '1e15'],
  ...[
    '99999999999999',
    '999999999999999',
    '9007199254740991',
    '9007199254740992',
    '9223372036854775807',
    '-1e18',
  ],
  ...[
    '1e100',
    '-1e100',
    '1e308',
    '5e-324',
    '1e-7',
    '1.7976931348623157e308',
    '123456789.125',
    '0.3',
    '1e21',
    '1e22',
  ],
];

/** What is no literal, but a constant all the same. */
export const ODD_NUMBERS: readonly string[] = [
  '(1/0)',
  '(-1/0)',
  '(0/0)',
  '(2^31)',
  '(2^53)',
  '(-2^63)',
  '(1/3)',
  '(2/3)',
];

const STRINGS: readonly string[] = [
  ...['', 'a', 'b', 'abc', 'ABC', '10', '-7', '0x10', ' 5 ', '1e3', '0.5', '1e400', '1e', '0x', '5x', '--1'],
  ...[
    '\0',
    'a\0b',
    '10\0',
    '\x80',
    '\xff\xfe',
    '\xc3\xa9',
    'a b',
    'a\nb',
    '%d',
    'x'.repeat(40),
    '\t1\t',
    '.5',
    '5.',
  ],
];

export const stringText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...STRINGS) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 6 }),
  },
);

export const numberLiteral: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 2, arbitrary: fc.constantFrom(...ODD_NUMBERS) },
  { weight: 1, arbitrary: fc.integer({ min: -1000, max: 1000 }).map(String) },
  {
    weight: 1,
    arbitrary: fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((value) => (value === 0 ? '0' : String(value))),
  },
);

export const literal: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: numberLiteral },
  { weight: 4, arbitrary: stringText.map(stringLiteral) },
  { weight: 1, arbitrary: fc.constantFrom('nil', 'true', 'false') },
);
