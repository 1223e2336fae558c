import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBytes } from '../../../src/bytes/byte-string.ts';
import { ByteRegex } from '../../../src/structures/arrays/byte-regex.ts';

function matches(pattern: string, subject: string, ignoreCase = false): boolean {
  return new ByteRegex(pattern, ignoreCase).test(subject);
}

const yes: readonly (readonly [pattern: string, subject: string])[] = [
  ['abc', 'xabcx'],
  ['^abc$', 'abc'],
  ['a|b', 'zb'],
  ['^(foo|bar)$', 'bar'],
  ['a{2,3}', 'caab'],
  ['^a{0}b$', 'b'],
  ['^a{,2}$', 'aa'],
  ['^[0-9]{3}$', '123'],
  ['[]a]', ']'],
  ['[^]a]', 'b'],
  ['[a-]', '-'],
  ['[[:digit:]x]+$', '1x2'],
  ['a.c', 'a\nc'],
  ['\\bfoo\\b', 'a foo b'],
  ['\\<foo\\>', 'foo'],
  ['o\\Bo', 'foo'],
  ['\\w\\s\\d\\W\\S\\D', 'a 1-b-'],
  ['\\x41\\x{42}', 'AB'],
  ['\\Qa.b*\\E', 'a.b*'],
  ['(?i)ABC', 'xabc'],
  ['a(?i)b|x', 'aX'],
  ['(?:ab)+c', 'ababc'],
  ['(?#note)a', 'a'],
  ['*a', 'a'],
  ['a)', 'a)'],
  ['()', ''],
  ['a|', ''],
  ['(a*)*b', 'b'],
  ['(a|b*)+c', 'abbac'],
  ['a*?b', 'aab'],
  ['\\.', '.'],
  ['[\\]', '\\'],
  ['é', 'café'],
  ['^..$', 'é'],
  ['$', 'abc'],
  ['(^|,)b(,|$)', 'a,b'],
];

const no: readonly (readonly [pattern: string, subject: string])[] = [
  ['^abc$', 'abcd'],
  ['a{2,3}', 'aba'],
  ['[^a]', 'a'],
  ['\\bfoo', 'afoo'],
  ['\\Bb', 'a b'],
  ['ABC', 'abc'],
  ['\\Qa.b\\E', 'axb'],
  ['^$', 'a'],
  ['a+', ''],
  ['(?n).', '\n'],
  ['^.$', 'é'],
];

test.each(yes)('%s matches %j', (pattern, subject) => {
  expect(matches(pattern, subject)).toBe(true);
});

test.each(no)('%s does not match %j', (pattern, subject) => {
  expect(matches(pattern, subject)).toBe(false);
});

test('case of ASCII letters alone can be ignored', () => {
  expect(matches('[a-c]X', 'Bx', true)).toBe(true);
  expect(matches('[[:lower:]]', 'A', true)).toBe(true);
  expect(matches('[^a]', 'A', true)).toBe(false);
  expect(matches('é', 'É', true)).toBe(false);
});

test('bytes that are no text are bytes', () => {
  expect(matches('^.\\x80$', fromBytes(Uint8Array.of(0xff, 0x80)))).toBe(true);
});

test.each([
  ['(', "Missing ')'"],
  ['[a', "Missing ']'"],
  ['a{1', "Missing '}'"],
  ['a{2,1}', 'Invalid contents of {}'],
  ['a{}', 'Invalid contents of {}'],
  ['a{+1}', 'Invalid contents of {}'],
  ['a{256}', 'Maximum repetition in {} larger than 255'],
  ['a**', 'Invalid use of repetition operators'],
  ['[z-a]', 'Invalid character range'],
  ['[a-c-e]', 'Invalid character range'],
  ['[[:nope:]]', 'Unknown character class name'],
  ['[[.a.]]', 'Unknown collating element'],
  ['a\\', 'Trailing backslash'],
  ['\\x{1', "Missing '}'"],
  ['(?z)', 'Invalid regexp'],
  ['(a)\\2', 'Invalid back reference'],
  ['((((a{255}){255}){255}){255}){255}', 'Out of memory'],
  ['((((){255}){255}){255}){255}', 'Out of memory'],
  ['('.repeat(2000), 'Out of memory'],
])('%s is refused: %s', (pattern, message) => {
  expect(() => new ByteRegex(pattern, false)).toThrow(message);
});

test('references are seen', () => {
  expect(new ByteRegex('(a)\\1', false).hasReferences).toBe(true);
  expect(new ByteRegex('(a)', false).hasReferences).toBe(false);
});

describe('no pattern takes long', () => {
  // An engine that goes back would need 2^length steps: these tests end, or do not.
  test.each(['(a+)+$', '(a|aa)+$', '(a|a)*b', '(.*)*x', `${'a?'.repeat(60)}${'a'.repeat(60)}`])('%s', (pattern) => {
    expect(new ByteRegex(pattern, false).test(`${'a'.repeat(50_000)}!`)).toBe(pattern.startsWith('a?'));
  });

  test('states that are too many are forgotten', () => {
    const bits = Array.from({ length: 20_000 }, (_, at) => ((at * 2_654_435_761) & 64 ? 'a' : 'b')).join('');
    expect(matches('a[ab]{18}$', `${bits}a${'b'.repeat(18)}`)).toBe(true);
    expect(matches('a[ab]{18}$', `${bits}b${'b'.repeat(18)}`)).toBe(false);
  });
});

test('it agrees with the host on what both know', () => {
  const atom = fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '\\d', '\\w', '^', '$');
  const pattern: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      atom,
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a}|${b})`),
      fc.tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}')).map(([a, r]) => `(${a})${r}`),
    ),
  })).node;
  fc.assert(
    fc.property(pattern, fc.stringMatching(/^[abc1 ]{0,10}$/), (text, subject) => {
      expect(matches(text, subject)).toBe(new RegExp(text, 's').test(subject));
    }),
    { seed: 7, numRuns: 1500 },
  );
});
