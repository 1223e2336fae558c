import { describe, expect, it } from 'vitest';
import { answerTo, machineWithLibraries } from './support/cases.ts';

const TIMES = 20_000;

/** What comes before a piece that is repeated, the piece, what comes after it, and the answer of the reference. */
const CHAINS: readonly (readonly [
  name: string,
  before: string,
  piece: string,
  after: string,
  answer: string,
])[] = [
  ['sums', 'local a, b = 0, 1 return a', ' + b', '', 'ok: 20000'],
  ['sums to a local', 'local a, b = 0, 1 local c = a', ' + b', ' return c', 'ok: 20000'],
  ['sums of a local and constants', 'local a = 0 return a', ' + 1', '', 'ok: 20000'],
  ['sums of constants', 'return 1', ' + 1', '', 'ok: 20001'],
  ['sums of products', 'local a, b = 1, 1 return a', ' + b * (b + b) - 2 / b', '', 'ok: 1'],
  [
    'sums whose first operand is changed by another',
    'local a = 1 local function f() a = a + 1 return 0 end return a',
    ' + f()',
    '',
    'ok: 2',
  ],
  [
    'sums with something that is no number',
    'local a, b = 1, 1 return a',
    ' + b',
    ' + nil',
    'error: case:1: attempt to perform arithmetic on a nil value',
  ],
  [
    'calls',
    'local n = 0 local function f() n = n + 1 return g end g = f local r = f',
    '()',
    ' return n',
    'ok: 20000',
  ],
  [
    'method calls',
    'local a = {n = 0} function a:m() self.n = self.n + 1 return self end return a',
    ':m()',
    '.n',
    'ok: 20000',
  ],
  ['fields', 'local a = {} a.b = a a.c = 7 return a', '.b', '.c', 'ok: 7'],
  ['items', 'local a = {} a[1] = a a.c = 7 return a', '[1]', '.c', 'ok: 7'],
  ['fields assigned to', 'local a = {} a.b = a a', '.b', '.c = 5 return a.c', 'ok: 5'],
  ['fields of two targets', 'local t = {} t.t = t t', '.t', '.x, t.y = 1, 2 return t.x + t.y', 'ok: 3'],
  [
    'fields up to one that is nil',
    'local a = {} a.b = a return a',
    '.b',
    '.d.c',
    "error: case:1: attempt to index field 'd' (a nil value)",
  ],
  [
    'fields up to one that is no function',
    'local a = {} a.b = a return a',
    '.b',
    '.d()',
    "error: case:1: attempt to call field 'd' (a nil value)",
  ],
  ['and', 'local a, b = 1, 2 return a', ' and b', '', 'ok: 2'],
  ['or', 'local a, b = nil, false return a', ' or b', '', 'ok: false'],
  ['and, or', 'local a, b = nil, 3 return a', ' and a or b', '', 'ok: 3'],
  ['and in a condition', 'local a, b = 1, 2 if a', ' and b', " then return 'yes' end", 'ok: yes'],
  ['or in a condition', 'local a, b if a', ' or b', " then return 'yes' else return 'no' end", 'ok: no'],
  ['not or', 'local a, b if not (a', ' or b', ") then return 'yes' else return 'no' end", 'ok: yes'],
  ['comparisons', 'local b = true return 1 == 1', ' == b', '', 'ok: true'],
  [
    'comparisons in a condition',
    'local b = true if 1 == 1',
    ' ~= b',
    " then return 'yes' else return 'no' end",
    'ok: yes',
  ],
];

describe('chains of 20,000 operators', () => {
  it.each(CHAINS)('%s', (_, before, piece, after, answer) => {
    const machine = machineWithLibraries();
    expect(answerTo(machine, before + piece.repeat(TIMES) + after)).toBe(answer);
  });

  it('name what they cannot use, deep as it is', () => {
    const source = `local a, b = 1, 1\nreturn a${' + b\n'.repeat(300)} + x`;
    expect(answerTo(machineWithLibraries(), source)).toBe(
      "error: case:302: attempt to perform arithmetic on global 'x' (a nil value)",
    );
  });
});
