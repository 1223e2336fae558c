import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBytes, fromLatin1, toLatin1 } from '../../../src/bytes/byte-string.ts';
import { lcsLength, lcsRanges, lcsTableBytes, lcsText } from '../../../src/structures/strings/lcs.ts';
import { lcsReplies } from '../../fixtures/lcs-replies.ts';

const seed = 20;

/** The length by trying both ways at every difference. */
function model(a: string, b: string): number {
  if (a === '' || b === '') return 0;
  if (a[0] === b[0]) return 1 + model(a.slice(1), b.slice(1));
  return Math.max(model(a.slice(1), b), model(a, b.slice(1)));
}

function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const unit of whole) if (unit === part[at]) at++;
  return at === part.length;
}

test('makes the choices that redis-server makes', () => {
  for (const [a, b, minLength, text, matches] of lcsReplies) {
    const x = fromLatin1(a);
    const y = fromLatin1(b);
    const what = JSON.stringify([a, b, minLength]);
    expect(toLatin1(lcsText(x, y)), what).toBe(text);
    expect(lcsLength(x, y), what).toBe(text.length);
    expect(lcsRanges(x, y, minLength), what).toEqual({
      matches: matches.map(([inA, inB, length]) => ({ a: inA, b: inB, length })),
      length: text.length,
    });
  }
});

describe('on random bytes', () => {
  // 'a', 'b' and the two bytes of 'é' in any order.
  const bytes = fc
    .array(fc.constantFrom(0x61, 0x62, 0xc3, 0xa9), { maxLength: 8 })
    .map((list) => fromBytes(Uint8Array.from(list)));

  test('the length is right, and text and ranges agree with it', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const x = toLatin1(a);
        const y = toLatin1(b);
        const length = lcsLength(a, b);
        expect(length).toBe(model(x, y));
        const text = toLatin1(lcsText(a, b));
        expect(text.length).toBe(length);
        expect(isSubsequence(text, x) && isSubsequence(text, y)).toBe(true);
        const ranges = lcsRanges(a, b);
        expect(ranges.length).toBe(length);
        const parts = ranges.matches.map((match) => {
          const inA = x.slice(match.a[0], match.a[1] + 1);
          expect(y.slice(match.b[0], match.b[1] + 1)).toBe(inA);
          expect(inA.length).toBe(match.length);
          return inA;
        });
        expect(parts.reverse().join('')).toBe(text);
      }),
      { seed, numRuns: 2000 },
    );
  });
});

test('the documented example', () => {
  expect(lcsText('ohmytext', 'mynewtext')).toBe('mytext');
  expect(lcsRanges('ohmytext', 'mynewtext', 4)).toEqual({
    matches: [{ a: [4, 7], b: [5, 8], length: 4 }],
    length: 6,
  });
});

test('nothing in common, or nothing at all', () => {
  expect(lcsText('abc', 'xyz')).toBe('');
  expect(lcsText('', 'xyz')).toBe('');
  expect(lcsRanges('', '')).toEqual({ matches: [], length: 0 });
  expect(lcsLength('', 'abc')).toBe(0);
});

test('knows the size of the table that Redis would need', () => {
  // Redis 7.0.15 accepts the first of these under its default limit of 512 MiB, and refuses the second.
  expect(lcsTableBytes(12_000, 11_182)).toBeLessThanOrEqual(512 * 1024 * 1024);
  expect(lcsTableBytes(12_000, 11_183)).toBeGreaterThan(512 * 1024 * 1024);
});
