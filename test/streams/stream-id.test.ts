import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_UINT64, toUnsigned } from '../../src/numbers/unsigned.ts';
import {
  compareIds,
  equalIds,
  formatId,
  MAX_ID,
  MIN_ID,
  nextId,
  parseId,
  previousId,
  type StreamId,
} from '../../src/streams/stream-id.ts';

const BITS = 64n;
const PART = fc.oneof(
  fc.bigInt({ min: 0n, max: MAX_UINT64 }),
  fc.bigInt({ min: 0n, max: 5n }),
  fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
  fc.bigInt({ min: MAX_UINT64 - 2n, max: MAX_UINT64 }),
);
/** An id is a number of 128 bits. */
const WHOLE = fc.tuple(PART, PART).map(([ms, seq]) => (ms << BITS) | seq);

function idOf(whole: bigint): StreamId {
  return { ms: toUnsigned(whole >> BITS), seq: toUnsigned(whole & MAX_UINT64) };
}

describe('ids beside numbers of 128 bits', () => {
  test('order, equality, the next one, the one before, text', () => {
    fc.assert(
      fc.property(WHOLE, WHOLE, (a, b) => {
        const id = idOf(a);
        expect(Math.sign(compareIds(id, idOf(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(equalIds(id, idOf(b))).toBe(a === b);
        expect(equalIds(id, { ...idOf(a) })).toBe(true);
        expect(nextId(id)).toEqual(a === 2n ** 128n - 1n ? undefined : idOf(a + 1n));
        expect(previousId(id)).toEqual(a === 0n ? undefined : idOf(a - 1n));
        expect(formatId(id)).toBe(`${a >> BITS}-${a & MAX_UINT64}`);
        expect(parseId(formatId(id))).toEqual(id);
        expect(parseId(String(id.ms), id.seq)).toEqual(id);
      }),
      { seed: 8, numRuns: 1000 },
    );
  });

  test('the ends', () => {
    expect(nextId(MAX_ID)).toBeUndefined();
    expect(previousId(MIN_ID)).toBeUndefined();
    expect(nextId({ ms: 5, seq: MAX_UINT64 })).toEqual({ ms: 6, seq: 0 });
    expect(previousId({ ms: 6, seq: 0 })).toEqual({ ms: 5, seq: MAX_UINT64 });
    expect(formatId(MAX_ID)).toBe('18446744073709551615-18446744073709551615');
  });
});

// Observed on redis-server 7.0.15; test/differential/stream-ids.test.ts asks it about many more.
describe('spellings', () => {
  test.each([
    ['5', '5-0'],
    ['05-007', '5-7'],
    [' 5-\t1', '5-1'],
    ['+5-+1', '5-1'],
    [' -5', undefined],
    ['-05', undefined],
    ['5--01', '5-18446744073709551615'],
    ['5-1\0-7', '5-1'],
    ['5\0-7', '5-0'],
    [`${'0'.repeat(126)}5`, '5-0'],
    ['18446744073709551615-18446744073709551615', '18446744073709551615-18446744073709551615'],
    [`${'0'.repeat(127)}5`, undefined],
    ['18446744073709551616', undefined],
    ['5--1', undefined],
    ['-5', undefined],
    ['', undefined],
    ['-', undefined],
    ['+', undefined],
    ['5-', undefined],
    ['5-1-2', undefined],
    ['5-1 ', undefined],
    ['5.0', undefined],
    ['0x5', undefined],
    ['٥', undefined],
  ])('%j', (spelling, expected) => {
    const id = parseId(spelling);
    expect(id === undefined ? undefined : formatId(id)).toBe(expected);
  });

  test('a number that is missing is the one that is asked for', () => {
    expect(parseId('5', MAX_UINT64)).toEqual({ ms: 5, seq: MAX_UINT64 });
    expect(parseId('5-1', MAX_UINT64)).toEqual({ ms: 5, seq: 1 });
  });
});
