import fc from 'fast-check';
import type { ByteString } from '../../../src/bytes/byte-string.ts';

export const SEED = 20_261_121;

/** Texts at the edges of the forms. */
export const text: fc.Arbitrary<ByteString> = fc.oneof(
  { weight: 6, arbitrary: fc.nat({ max: 99 }).map((n) => `element ${n}`) },
  { weight: 3, arbitrary: fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map((n) => String(n >> 1n)) },
  { weight: 3, arbitrary: fc.integer({ min: -70_000, max: 70_000 }).map(String) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[
        '',
        '0',
        '-0',
        '007',
        '-1',
        '127',
        '128',
        '4095',
        '4096',
        '-4096',
        '-4097',
        '\0',
        '\udcff\udc80',
        'é',
      ],
      ...[
        'a'.repeat(20),
        'a'.repeat(63),
        'a'.repeat(64),
        'é'.repeat(33),
        'ab'.repeat(2048),
        '\u{1f600}'.repeat(30),
      ],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.string({ maxLength: 200, unit: 'binary' }).map((value) => value.toWellFormed()),
  },
);
