import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBytes, toBytes } from '../../src/bytes/byte-string.ts';
import { contentIid } from '../../src/streams/content-iid.ts';

const long = 'x'.repeat(500);

describe('the same message has the same id', () => {
  test('in any order of its pairs', () => {
    expect(contentIid(['f1', 'f2', 'f3'], ['a', 'b', 'c'])).toBe(
      contentIid(['f2', 'f3', 'f1'], ['b', 'c', 'a']),
    );
    expect(contentIid(['f1', 'f2'], [long, 'b'])).toBe(contentIid(['f2', 'f1'], ['b', long]));
  });

  test('with a pair twice', () => {
    expect(contentIid(['f', 'f'], ['v', 'v'])).toBe(contentIid(['f', 'f'], ['v', 'v']));
    expect(contentIid(['f', 'f'], ['v', 'v'])).not.toBe(contentIid(['f'], ['v']));
    expect(contentIid(['f', 'f'], ['v', 'v'])).not.toBe(contentIid(['g', 'g'], ['w', 'w']));
    expect(contentIid(['f', 'f'], ['v', 'w'])).toBe(contentIid(['f', 'f'], ['w', 'v']));
  });
});

describe('another message has another id', () => {
  test.each([
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
    [
      ['ab', ''],
      ['a', 'b'],
    ],
    [
      ['a1:b', 'c'],
      ['a', '1:bc'],
    ],
    [
      ['f', ''],
      ['f', 'v'],
    ],
    [
      ['f', long],
      ['f', `${long}x`],
    ],
    [
      ['f', `${long}a`],
      ['f', `${long}b`],
    ],
    [
      ['f', 'é'],
      ['f', 'e'],
    ],
    [
      ['f', fromBytes(Uint8Array.of(0xff))],
      ['f', '\u00ff'],
    ],
  ])('%j and %j', ([field = '', value = ''], [otherField = '', otherValue = '']) => {
    expect(contentIid([field], [value])).not.toBe(contentIid([otherField], [otherValue]));
  });

  test('values exchanged between fields', () => {
    expect(contentIid(['f', 'g'], ['1', '2'])).not.toBe(contentIid(['f', 'g'], ['2', '1']));
  });

  test('pairs and one pair that spells them', () => {
    expect(contentIid(['a', 'c'], ['b', 'd'])).not.toBe(contentIid(['a'], ['b1:c1:d']));
  });

  test('any two messages', () => {
    const text = fc.oneof(
      fc.constantFrom('', '1', '1:', ':', 'a', '#', long),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    const message = fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 4 });
    const idOf = (pairs: [string, string][]) =>
      contentIid(
        pairs.map(([field]) => field),
        pairs.map(([, value]) => value),
      );
    const plain = (pairs: [string, string][]) => pairs.map((pair) => JSON.stringify(pair)).sort();
    fc.assert(
      fc.property(message, message, (one, other) => {
        expect(idOf(one) === idOf(other)).toBe(JSON.stringify(plain(one)) === JSON.stringify(plain(other)));
        expect(idOf(one.toReversed())).toBe(idOf(one));
      }),
      { seed: 8, numRuns: 700 },
    );
  });
});

test('it is a byte string, and short', () => {
  for (const value of ['', 'é', '👍', fromBytes(Uint8Array.of(0xff, 0xc3)), long, '👍'.repeat(100)]) {
    const iid = contentIid(['f', value], [value, 'v']);
    expect(fromBytes(toBytes(iid))).toBe(iid);
    expect(iid.length).toBeLessThan(150);
  }
});
