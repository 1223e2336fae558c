import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBytes, fromLatin1, toLatin1 } from '../../src/bytes/byte-string.ts';
import { compileGlob, globLiteral, globPrefix, matchGlob } from '../../src/keyspace/glob.ts';
import { configMatches, configNames, globMatches, globSubjects } from '../fixtures/glob-matches.ts';

const seed = 20;

/** Tries every length for every star: exponential, and plainly right. Literals, `?` and `*` only. */
function model(pattern: string, subject: string): boolean {
  if (pattern === '') return subject === '';
  const rest = pattern.slice(1);
  if (pattern[0] === '*') {
    for (let skip = 0; skip <= subject.length; skip++) if (model(rest, subject.slice(skip))) return true;
    return false;
  }
  if (subject === '') return false;
  return (pattern[0] === '?' || pattern[0] === subject[0]) && model(rest, subject.slice(1));
}

describe('matching', () => {
  test('agrees with redis-server on every recorded pattern and key', () => {
    const subjects = globSubjects.map(fromLatin1);
    let matched = 0;
    for (const [pattern, matching] of globMatches) {
      const compiled = compileGlob(fromLatin1(pattern));
      const expected = new Set(matching);
      matched += expected.size;
      subjects.forEach((subject, index) => {
        const what = `${JSON.stringify(pattern)} on ${JSON.stringify(subject)}`;
        expect(matchGlob(fromLatin1(pattern), subject), what).toBe(expected.has(index));
        expect(compiled(subject), what).toBe(expected.has(index));
      });
    }
    expect(matched).toBeGreaterThan(1000);
  });

  test('agrees with redis-server where case is ignored', () => {
    for (const [pattern, matching] of configMatches) {
      const expected = configNames.filter((name) => matchGlob(pattern, name, true));
      expect(expected, pattern).toEqual(matching);
      expect(configNames.filter(compileGlob(pattern, true)), pattern).toEqual(matching);
    }
  });

  test('stars and question marks match what trying everything matches, by bytes', () => {
    const bytes = (alphabet: number[], maxLength: number) =>
      fc.array(fc.constantFrom(...alphabet), { maxLength }).map((list) => fromBytes(Uint8Array.from(list)));
    // '*', '?', 'a', 'b', and the two bytes of 'é', which need not come together.
    const pattern = bytes([0x2a, 0x2a, 0x3f, 0x61, 0x62, 0xc3, 0xa9], 7);
    const subject = bytes([0x61, 0x62, 0xc3, 0xa9], 8).filter((text) => text !== '');
    fc.assert(
      fc.property(pattern, subject, (glob, text) => {
        const expected = model(toLatin1(glob), toLatin1(text));
        expect(matchGlob(glob, text)).toBe(expected);
        expect(compileGlob(glob)(text)).toBe(expected);
      }),
      { seed, numRuns: 10_000 },
    );
  });

  test('a question mark is one byte, not one character', () => {
    expect(matchGlob('?', 'é')).toBe(false);
    expect(matchGlob('??', 'é')).toBe(true);
    expect(matchGlob('????', '😀')).toBe(true);
    expect(matchGlob('[^a]', 'é')).toBe(false);
  });

  test('the empty subject matches the empty pattern only', () => {
    for (const pattern of ['*', '**', '?', '[^a]', 'a*']) {
      expect(matchGlob(pattern, '')).toBe(false);
      expect(compileGlob(pattern)('')).toBe(false);
    }
    expect(matchGlob('', '')).toBe(true);
    expect(compileGlob('')('')).toBe(true);
    expect(matchGlob('', 'a')).toBe(false);
  });

  test('a pattern may use a thousand stars and no more', () => {
    const subject = `${'a'.repeat(1500)}b`;
    expect(matchGlob(`${'a*'.repeat(1000)}b`, subject)).toBe(true);
    expect(matchGlob(`${'a*'.repeat(1001)}b`, subject)).toBe(false);
    expect(matchGlob('*'.repeat(5000), subject)).toBe(true);
  });

  test('hostile patterns take steps in proportion to pattern times subject', () => {
    // Exponential matching would not come back from this one.
    expect(matchGlob(`${'a*'.repeat(200)}b`, 'a'.repeat(20_000))).toBe(false);
    expect(matchGlob(`${'*?a'.repeat(100)}b`, 'a'.repeat(20_000))).toBe(false);
  });
});

test('patterns of many megabytes are read in proportion to their length', () => {
  const many = 300_000;
  const subject = 'ab'.repeat(many / 2);
  // Each class of its own would be a hundred megabytes.
  expect(matchGlob('[a][b]'.repeat(many / 2), subject)).toBe(true);
  expect(matchGlob(`${'[a][b]'.repeat(many / 2 - 1)}[a][^b]`, subject)).toBe(false);
  for (const [pattern, matching, other] of [
    ['['.repeat(1_000_000), '[', '[['],
    [`${'\\\\'.repeat(500_000)}*`, `${'\\'.repeat(500_000)}x`, '\\'],
    ['?'.repeat(1_000_000), 'a'.repeat(1_000_000), 'a'.repeat(999_999)],
    [`[${'a-z'.repeat(300_000)}]`, 'q', 'Q'],
    [`[^${'a-z'.repeat(300_000)}`, 'Q', 'q'],
    [`a${'*'.repeat(1_000_000)}b`, 'a--b', 'a--'],
  ] as const) {
    expect(matchGlob(pattern, matching)).toBe(true);
    expect(compileGlob(pattern)(matching)).toBe(true);
    expect(matchGlob(pattern, other)).toBe(false);
  }
});

test('globLiteral resolves escapes and refuses wildcards', () => {
  expect(globLiteral('user:1')).toBe('user:1');
  expect(globLiteral('a\\*b\\\\')).toBe('a*b\\');
  expect(globLiteral('a\\')).toBe('a\\');
  expect(globLiteral('')).toBe('');
  expect(globLiteral('é]^-')).toBe('é]^-');
  // An escape between the two bytes of one character: without it they are the character.
  expect(globLiteral(fromLatin1('\xc3\\\xa9'))).toBe('é');
  for (const pattern of ['*', 'a?', '[a]', 'a*b', '[']) expect(globLiteral(pattern)).toBeUndefined();
});

test('globPrefix is text that every match starts with', () => {
  expect(globPrefix('user:*')).toBe('user:');
  expect(globPrefix('user\\*:?')).toBe('user*:');
  expect(globPrefix('*a')).toBe('');
  expect(globPrefix('[ab]c')).toBe('');
  expect(globPrefix('😀é*')).toBe('😀é');
  expect(globPrefix('literal')).toBe('literal');
  expect(globPrefix(fromLatin1('a\xc3*'))).toBe('a');
  for (const [pattern, matching] of globMatches) {
    const prefix = globPrefix(fromLatin1(pattern));
    for (const index of matching) {
      expect(fromLatin1(globSubjects[index]!).startsWith(prefix), JSON.stringify(pattern)).toBe(true);
    }
  }
});
