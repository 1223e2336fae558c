import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringLibrary } from '../../../src/scripting/lua/library/string-library.ts';
import { Interruption, LuaError } from '../../../src/scripting/lua/values/lua-error.ts';
import type { LuaValue } from '../../../src/scripting/lua/values/value.ts';
import { naiveFind } from './support/naive-patterns.ts';
import { StandInMachine } from './support/stand-in-machine.ts';
import { resultsOf, stringMachine } from './support/string-machine.ts';

const SEED = 20_261_122;
const RUNS = 3000;

const library = stringLibrary();

function call(name: string, ...args: LuaValue[]): readonly LuaValue[] {
  return new StandInMachine().call(library.getString(name), args);
}

const subjects = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' ', '(', ')', '-'), maxLength: 14 });
const singles = fc.constantFrom(
  ...[
    'a',
    'b',
    'c',
    '1',
    '.',
    '%a',
    '%d',
    '%A',
    '%s',
    '%-',
    '%w',
    '[ab]',
    '[^a]',
    '[a-c]',
    '[%d%s]',
    '[^%w]',
  ],
  ...['%(', '[(-)]', '[a-]', '-', '[]a]', '[^]a]'],
);
const repeated = fc
  .tuple(singles, fc.constantFrom('', '', '*', '+', '-', '?'))
  .map(([one, suffix]) => (one === '-' && suffix === '' ? '%-' : one + suffix));
const pieces = fc.oneof(
  { weight: 12, arbitrary: repeated },
  { weight: 1, arbitrary: fc.constantFrom('%b()', '%bab', '%f[%a]', '%f[^%w]', '()') },
);
const sequences = fc.array(pieces, { maxLength: 4 }).map((parts) => parts.join(''));
/** Right patterns: captures are closed, and those found again are there. */
const patterns = fc
  .tuple(
    fc.constantFrom('', '', '^'),
    sequences,
    fc.option(fc.tuple(sequences, fc.option(sequences, { nil: undefined }), fc.boolean()), {
      nil: undefined,
    }),
    sequences,
    fc.constantFrom('', '', '$'),
  )
  .map(([begin, before, group, after, end]) => {
    if (group === undefined) return begin + before + after + end;
    const [outer, inner, isRepeated] = group;
    const body = inner === undefined ? outer : `${outer}(${inner})`;
    // Which number the group has depends on the positions before it.
    const number = before.split('()').length;
    return `${begin}${before}(${body})${isRepeated ? `%${number}` : ''}${after}${end}`;
  })
  // A piece may have swallowed the suffix of the one before: `%b()` followed by a `-` and so on are right too, a lone suffix is not.
  .filter((pattern) => !/[*+?]$/.test(pattern.slice(0, 1)));

describe('patterns beside a naive matcher', () => {
  it('find finds the same, with the same captures', () => {
    fc.assert(
      fc.property(subjects, patterns, fc.integer({ min: 1, max: 15 }), (subject, pattern, init) => {
        const from = Math.min(init - 1, subject.length);
        const expected = naiveFind(subject, pattern, from);
        const isMatch = expected !== undefined;
        // find takes patterns without specials for plain text, where nothing has captures either.
        const results = isMatch ? [expected.start + 1, expected.end, ...expected.captures] : [undefined];
        expect(call('find', subject, pattern, init)).toEqual(results);
        const whole = isMatch ? [subject.slice(expected.start, expected.end)] : [undefined];
        const captures = isMatch && expected.captures.length > 0 ? expected.captures : whole;
        expect(call('match', subject, pattern, init)).toEqual(captures);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('gsub replaces the same', () => {
    fc.assert(
      fc.property(subjects, patterns, (subject, pattern) => {
        let expected = '';
        let count = 0;
        let at = 0;
        while (at <= subject.length) {
          const found = naiveFind(subject, pattern.replace(/^\^/, ''), at);
          if (found === undefined || found.start !== at) {
            expected += subject[at] ?? '';
            at++;
          } else {
            count++;
            expected += `<${subject.slice(at, found.end)}>`;
            if (found.end === at) expected += subject[at++] ?? '';
            else at = found.end;
          }
          if (pattern[0] === '^') break;
        }
        expected += subject.slice(at);
        expect(call('gsub', subject, pattern, '<%0>')).toEqual([expected, count]);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('finds long texts in long subjects', () => {
    const subject = `${'ab'.repeat(40_000)}c${'a'.repeat(30_000)}`;
    for (const text of [
      'b'.repeat(5000),
      `${'ab'.repeat(3000)}c`,
      `c${'a'.repeat(30_000)}`,
      'abc'.repeat(2000),
    ]) {
      for (const init of [1, 70_000, 80_002]) {
        const found = subject.indexOf(text, init - 1);
        const expected = found < 0 ? [undefined] : [found + 1, found + text.length];
        expect(call('find', subject, text, init, true)).toEqual(expected);
      }
    }
    const medium = `${'a'.repeat(300)}b`;
    const long = `${'a'.repeat(200_000)}b`;
    expect(call('find', long, medium, 1, true)).toEqual([long.length - 300, long.length]);
    expect(call('find', long, `${medium}b`, 1, true)).toEqual([undefined]);
  });
});

describe('patterns that take too long', () => {
  const HOSTILE = [
    "('a'):rep(30):find(('a?'):rep(30) .. ('a'):rep(30))",
    "('a'):rep(200000):find('.-.-.-b')",
    "('a'):rep(100000):find(('(.-)'):rep(8) .. 'b%1')",
    "('a'):rep(100000):match(('a*'):rep(20) .. 'b')",
    "('('):rep(200000):find('%b()')",
    "('a'):rep(200000):find('.-[b]')",
    "('a'):rep(200000):gsub('a-b', 'x')",
    "('x '):rep(100000):match('^(.-)%s*(.-)%1z$')",
    'for _ = 1, 1e9 do string.find("abc", "%d") end',
    'for _ in string.gmatch(string.rep("a", 1e6), "a-b") do end',
    'load(function() return 5 end)',
    'string.rep("a", 2000000):rep(100):reverse():find("b") while true do string.rep("ab", 1000000):upper() end',
  ];

  it.each(HOSTILE)('%s is stopped, and no pcall holds it', (source) => {
    const machine = stringMachine();
    const statement = source.startsWith('for') ? source : `local _ = ${source}`;
    const chunk = machine.compile(`pcall(function() ${statement} end) return "went on"`, '=case');
    let caught: unknown;
    try {
      machine.run(chunk, [], { instructions: 300_000 });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(Interruption);
    // And it runs again.
    expect(resultsOf(machine, 'return ("ab"):find("b")')).toEqual([2, 2]);
  });

  it('refuses more memory than there may be', () => {
    const sources = [
      "return ('x'):rep(2^28):rep(7)",
      "return ('a'):rep(2^28):upper():reverse()",
      "return ('a'):rep(1000):gsub('', ('x'):rep(1000000))",
      "return load(function() return ('x'):rep(10000000) end)",
    ];
    for (const source of sources) {
      const machine = stringMachine();
      expect(() => resultsOf(machine, source)).toThrow(expect.objectContaining({ reason: 'memory' }));
    }
  });

  it('never says a string is too long in the words of the host', () => {
    expect(() => call('rep', 'abc', 2 ** 29)).toThrow(new LuaError('not enough memory') as unknown as Error);
  });
});

describe('patterns without end of their own', () => {
  it('takes as many items as there are', () => {
    const subject = 'x'.repeat(100_000);
    expect(call('find', subject, 'x?'.repeat(100_000))).toEqual([1, 100_000]);
    expect(call('match', subject, `^${'x'.repeat(50_000)}()`)).toEqual([50_001]);
  });

  it('remembers patterns without mixing up those of gmatch', () => {
    const machine = stringMachine();
    for (let round = 0; round < 3; round++) {
      expect(resultsOf(machine, 'return ("^a^a"):gmatch("^a")()')).toEqual(['^a']);
      expect(resultsOf(machine, 'return ("^a^a"):match("^a")')).toEqual([undefined]);
      expect(resultsOf(machine, 'return ("^a^a"):gsub("^a", "x")')).toEqual(['^a^a', 0]);
    }
    for (let index = 0; index < 300; index++) {
      expect(call('match', `a${index}b`, `a(${index})b`)).toEqual([String(index)]);
    }
  });
});
