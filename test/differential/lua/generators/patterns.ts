import fc from 'fast-check';
import { stringLiteral } from './literals.ts';

/** Programs that match a random pattern, sometimes a malformed one, against a random subject. */

const single = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('a', 'b', '1', '(', '-', '.', ' ', '\xe9', '\0', 'x') },
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      '%a',
      '%d',
      '%s',
      '%w',
      '%l',
      '%u',
      '%p',
      '%c',
      '%x',
      '%z',
      '%A',
      '%D',
      '%W',
      '%S',
    ),
  },
  { weight: 3, arbitrary: fc.constantFrom('%.', '%%', '%(', '%)', '%[', '%-', '%$', '%^', '%\xe9') },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom('', '^'),
        fc.array(
          fc.constantFrom(
            'a',
            'b',
            'a-c',
            '0-9',
            '%a',
            '%d',
            '%s',
            '-',
            ']',
            '^',
            '%]',
            '%-',
            '.',
            '\x80-\xff',
            '\0',
            'z-a',
          ),
          { minLength: 1, maxLength: 3 },
        ),
      )
      .map(([caret, members]) => `[${caret}${members.join('')}]`),
  },
);
const item = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(single, fc.constantFrom('', '', '', '*', '+', '-', '?'))
      .map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.constantFrom('%b()', '%bab', '%baa', '%f[%a]', '%f[^a]', '%f[%z]', '()') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '%1',
      '%2',
      '%0',
      '%',
      '[',
      ']',
      '(',
      ')',
      '%b',
      '%f',
      '^',
      '$',
      '*',
      '[^',
      '[%',
    ),
  },
);
const sequence = fc.array(item, { maxLength: 5 }).map((items) => items.join(''));
const pattern = fc
  .tuple(
    fc.constantFrom('', '', '', '^'),
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: sequence },
        { weight: 2, arbitrary: sequence.map((inner) => `(${inner})`) },
        { weight: 1, arbitrary: fc.tuple(sequence, sequence).map(([a, b]) => `(${a}(${b}))`) },
      ),
      { minLength: 1, maxLength: 3 },
    ),
    fc.constantFrom('', '', '', '$'),
  )
  .map(([start, parts, end]) => start + parts.join('') + end);

const subject = fc.string({
  unit: fc.constantFrom(
    'a',
    'a',
    'a',
    'b',
    'b',
    'c',
    'x',
    '1',
    '2',
    '(',
    ')',
    ' ',
    '-',
    '.',
    'A',
    '\xe9',
    '\0',
    '\n',
    '%',
    '[',
  ),
  maxLength: 14,
});
const place = fc.constantFrom('', '', ', 1', ', 2', ', -1', ', -3', ', 0', ', 20', ', 3');
const replacement = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('<%0>', '%1', '%2', '%1%1', '', 'x', '%%', '%a', '%', '[%1|%2]', '\0', '%9')
      .map(stringLiteral),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'function(...) return (...) end',
      'function(...) return select("#", ...) end',
      'function(a) if a == "a" then return nil end return false end',
      'function(a, b) return tostring(a) .. tostring(b) end',
      'function(a) return {} end',
      'function(a) error("in " .. tostring(a)) end',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '{a = "A", b = false, ["1"] = 9}',
      '{}',
      '{[""] = "e", a = {}}',
      '5',
      'true',
      'nil',
    ),
  },
);
const limit = fc.constantFrom('', '', '', ', 1', ', 2', ', 0', ', -1');

export const patternProgram: fc.Arbitrary<string> = fc
  .tuple(subject, pattern, place, replacement, limit, fc.nat(9))
  .map(([text, matched, from, replaced, most, kind]) => {
    const [s, p] = [stringLiteral(text), stringLiteral(matched)];
    if (kind < 3) return `return string.match(${s}, ${p}${from})`;
    if (kind < 5) return `return string.find(${s}, ${p}${from})`;
    if (kind < 7) {
      return `local r = {} for a, b, c in string.gmatch(${s}, ${p}) do r[#r+1] = {a, b, c} if #r > 30 then break end end return r`;
    }
    return `return string.gsub(${s}, ${p}, ${replaced}${most})`;
  });
