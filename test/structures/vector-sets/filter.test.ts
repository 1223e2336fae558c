import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBytes } from '../../../src/bytes/byte-string.ts';
import { Filter } from '../../../src/structures/vector-sets/filter.ts';
import { FilterSyntaxError } from '../../../src/structures/vector-sets/filter-tokens.ts';

const SEED = { seed: 20, numRuns: 400 };

const matches = (expression: string, attributes = '{}') => new Filter(expression).matches(attributes);

/** Where an expression fails, as the error text quotes it. */
function failure(expression: string): number {
  try {
    new Filter(expression);
  } catch (error) {
    if (error instanceof FilterSyntaxError) return error.position;
    throw error;
  }
  throw new Error(`${expression} compiles`);
}

describe('the published examples', () => {
  const alice =
    '{"age": 25, "name": "Alice", "active": true, "scores": [85, 90, 95], "city": "New York", "title": null}';
  test.each([
    ['.age == 25', true],
    ['.age > 25', false],
    ['.age <= 30', true],
    ['.name == "Alice"', true],
    ['.name != "Alice"', false],
    ['.active', true],
    ['.age > 20 and .age < 30', true],
    ['.age < 20 or .age > 35', false],
    ['!(.age == 25)', false],
    ['.age in [25, 35]', true],
    ['.name in ["Alice", "David"]', true],
    ['"lic" in .name', true],
    ['"ork" in .city', true],
    ['"xyz" in .name', false],
    ['"" in .name && "" in ""', true],
    ['.name in ""', false],
    ['90 in .scores', true],
    ['.age + 10 > 40', false],
    ['.age / 5 == 5', true],
    ['.age % 2 == 1', true],
    ['.age ** 2 > 600', true],
    ['.missing_field == "value"', false],
    ['.missing_field != "value"', false],
    ['.scores', true],
    ['.title == null', true],
    ['null == .name', false],
    ['!.title', true],
    ['(.age > 20 and .age < 40) and (.city == "Boston" or .city == "New York")', true],
    ['(.age - 20) ** 2 < 100 and .age / 2 > 4', true],
    ['!!.active', true],
    ['not not .active', true],
    ['!!!.active', false],
    ['!!.age == 1', true],
    ['.age > 1 and not not .active', true],
  ])('%s is %s of Alice', (expression, expected) => {
    expect(matches(expression, alice)).toBe(expected);
  });

  test('strings with escapes', () => {
    const attributes = '{"dq": "a\\"b", "sq": "O\'Brien", "bs": "x\\\\y", "nl": "l1\\nl2"}';
    for (const expression of [
      '.dq == "a\\"b"',
      ".sq == 'O\\'Brien'",
      '.bs == "x\\\\y"',
      '.nl == "l1\\nl2"',
      '"\\"b" in .dq',
      '.dq in ["zzz", "a\\"b"]',
      "'a\"b' == .dq",
      '.sq == "O\'Brien"',
    ]) {
      expect(matches(expression, attributes), expression).toBe(true);
      expect(matches(expression, '{"dq":"ab","sq":"OBrien","bs":"xy","nl":"l1l2"}'), expression).toBe(false);
    }
  });
});

describe('the language', () => {
  test.each([
    ['2 ** 3 ** 2 == 512', 'powers from the right'],
    ['10 - 4 - 3 == 3', 'differences from the left'],
    ['2 + 3 * 4 == 14', 'products before sums'],
    ['!0 ** 2 == 1', 'not before powers'],
    ['0 and 0 or 1', 'and before or'],
    ['5 -3 == 2', 'a minus behind an operand'],
    ['5 * -3 == -15', 'a sign behind an operator'],
    ['(-3) == -3', 'a sign behind a parenthesis'],
    ['-1 < 0', 'a sign at the start'],
    ['(1)-1 == 0', 'a minus behind a parenthesis'],
    ['1 < 2 == 1', 'comparisons from the left'],
    ['1e3 == 1000', 'exponents'],
    ['1. == 1', 'a point at the end'],
    ['"12" == 12', 'a string that is a number'],
    ['"0x10" == 16', 'also a hexadecimal one'],
    ['" 7" == 7', 'also behind blanks'],
    ['"inf" > 1e300', 'also an infinite one'],
    ['"x" == 0', 'a string that is none'],
    ['"" == 0', 'an empty string'],
    ['!""', 'an empty string is false'],
    ['"0"', 'any other is true'],
    ['"nan"', 'and so is not a number'],
    ['0/0', 'also as a result'],
    ['[1]', 'an array is true'],
    ['[] == 0', 'but as a number it is zero'],
    ['1 in [1, "a",]', 'a comma may be the last'],
    ['"1" in [1]', 'members are compared as by =='],
    ['!(1 in "1")', 'only strings are in strings'],
    ['!(1 in 1)', 'nothing is in a number'],
    ['null == null', 'null is null'],
    ['!(null == 0)', 'and nothing else'],
    ['!(null in [0, ""])', 'and in no array'],
    ['null < 1', 'null as a number is zero'],
    ['-7 % 3 == -1', 'remainders have the sign of the first'],
    ['1 ** ("nan" + 0) == 1', "C's pow"],
    ['(1)and(1)', 'no blanks are needed'],
    ['1and 1', 'not even behind a number'],
    ['1||0&&0', 'words and signs are the same'],
    ['1 2 !=', 'operands may come first'],
    ['()1', 'parentheses may hold nothing'],
  ])('%s: %s', (expression) => {
    expect(matches(expression)).toBe(true);
  });

  test.each([
    ['', 0],
    ['   ', 0],
    ['1 2', 0],
    ['1 +', 0],
    ['(1', 0],
    ['1)', 0],
    ['not', 0],
    ['-.a', 0],
    ['foo == 1', 3],
    ['1 == foo', 8],
    ['1 AND 1', 5],
    ['1 inside 2', 8],
    ['(.a == null)', 12],
    ['1 = 2', 3],
    ['"open', 5],
    ['"open\\', 6],
    ['. a', 0],
    ['1 == 1..2 ', 9],
    ['1e', 2],
    ['[1, x]', 4],
    ['[1 2]', 3],
    ['[[1]]', 1],
    ['[1', 2],
    ['[-]', 2],
    ['nulls', 5],
    ['1 == #', 5],
    ['1 == é', 5],
  ])('%j fails at %i', (expression, position) => {
    expect(failure(expression)).toBe(position);
  });

  test('numbers have at most 255 digits', () => {
    expect(matches(`${'1'.repeat(255)} > 0`)).toBe(true);
    expect(failure('1'.repeat(256))).toBe(255);
    expect(matches(`"${'1'.repeat(256)}" == 0`)).toBe(true);
  });

  test('an expression ends at a zero byte', () => {
    expect(matches('1 == 1\0 and nonsense')).toBe(true);
  });

  test('strings are bytes', () => {
    const lone = fromBytes(Uint8Array.of(0xa9));
    expect(matches(`"${lone}" in "é"`)).toBe(true);
    expect(matches(`"${fromBytes(Uint8Array.of(0xc3))}\\${lone}" == "é"`)).toBe(true);
    expect(matches(`.a == "é"`, `{"a":"${fromBytes(Uint8Array.of(0xc3))}\\${lone}"}`)).toBe(true);
  });
});

describe('attributes', () => {
  test('of an element that has none, nothing is true', () => {
    expect(new Filter('1').matches(undefined)).toBe(false);
    expect(new Filter('1').matches('no json')).toBe(true);
  });

  test.each([
    ['.a == 1', '{"a":1}'],
    ['.a == 1', ' \n{ "a" : 1 '],
    ['.a == 1', '{"x":[}],"a":1,oops'],
    ['.a == 1', '{"a":1,"a":2}'],
    ['.a == 1', '{"o":{"a":2,"s":"}"},"a":1}'],
    ['.a == 1', '{"o":[{"a":2},"]",[[]]],"a":+1}'],
    ['.a == 1', '{"s":"\\"","a":1e0}'],
    ['.a == 1', '{"n":-+.eE,"t":true,"f":false,"z":null,"a":true}'],
    ['.a == 0', '{"a":false}'],
    ['.a == "x/y"', '{"a":"x\\/y"}'],
    ['.a == "u0041"', '{"a":"\\u0041"}'],
    ['.b-c_1 == 1', '{"b-c_1":1}'],
    ['.b == 2 and .a == 1 and .b == 2', '{"a":1,"b":2}'],
    ['"x" in .a', '{"a":[1, "x" , null, [], [[1],"y"], true ]}'],
    ['0 in .a', '{"a":[[7]]}'],
    ['!(7 in .a)', '{"a":[[7]]}'],
    ['null in .a', '{"a":[null]}'],
    ['.a', '{"a":[]}'],
  ])('%s of %s', (expression, attributes) => {
    expect(matches(expression, attributes)).toBe(true);
  });

  test.each([
    ['.a or 1', '{}'],
    ['.a or 1', ''],
    ['.a or 1', '[1]'],
    ['.a or 1', '{"a":{}}'],
    ['.a or 1', '{"a":'],
    ['.a or 1', '{"a"}'],
    ['.a or 1', '{a:1}'],
    ['.a or 1', '{"a":"open'],
    ['.a or 1', '{"a":"open\\'],
    ['.a or 1', '{"a":nul}'],
    ['.a or 1', '{"a":truest}'],
    ['.a or 1', '{"a":[1,]}'],
    ['.a or 1', '{"a":[1 2]}'],
    ['.a or 1', '{"a":[{}]}'],
    ['.a or 1', '{"a":[[}'],
    ['.a or 1', '{"a":--1}'],
    ['.a or 1', '{"x":,"a":1}'],
    ['.a or 1', '{"x":"open,"a":1}'],
    ['.a or 1', '{"x":tru,"a":1}'],
    ['.a or 1', '{"x":1 "a":1}'],
    ['.a or 1', '{"o":{"a":1}}'],
    ['.o.a or 1', '{"o.a":1,"o":1}'],
    ['1 or .', '{"":1}'],
    ['.a or 1', '{"\\u0061":1}'],
  ])('%s of %s fails', (expression, attributes) => {
    let isRefused = false;
    try {
      isRefused = !matches(expression, attributes);
    } catch (error) {
      isRefused = error instanceof FilterSyntaxError;
    }
    expect(isRefused).toBe(true);
  });
});

// ── a naive interpreter ────────────────────────────────────────────────────────────────────────────────────

type Value = number | string | null | Value[];
type Tree =
  | { readonly is: 'value'; readonly value: Value; readonly text: string }
  | { readonly is: 'field'; readonly name: string }
  | { readonly is: 'not'; readonly of: Tree }
  | { readonly is: 'binary'; readonly operator: string; readonly left: Tree; readonly right: Tree };

const LEVELS = [
  ['or', '||'],
  ['and', '&&'],
  ['>', '>=', '<', '<=', '==', '!=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
  ['**'],
];
const levelOf = (tree: Tree): number =>
  tree.is === 'binary' ? LEVELS.findIndex((level) => level.includes(tree.operator)) : LEVELS.length;

/** Writes a tree with no more parentheses than it needs. */
function write(tree: Tree): string {
  const inside = (child: Tree, isEnough: boolean) => (isEnough ? write(child) : `(${write(child)})`);
  if (tree.is === 'value') return tree.text;
  if (tree.is === 'field') return `.${tree.name}`;
  if (tree.is === 'not') return `!${inside(tree.of, tree.of.is !== 'binary')}`;
  const level = levelOf(tree);
  const isPower = tree.operator === '**';
  const left = inside(tree.left, levelOf(tree.left) > level || (!isPower && levelOf(tree.left) === level));
  const right = inside(tree.right, levelOf(tree.right) > level || (isPower && levelOf(tree.right) === level));
  return `${left} ${tree.operator} ${right}`;
}

class Missing extends Error {}

const number = (value: Value): number => {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value === '') return 0;
  return Number.isNaN(Number(value)) ? 0 : Number(value);
};
const truth = (value: Value): boolean => value !== 0 && value !== '' && value !== null;
const equal = (a: Value, b: Value): boolean => {
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  if (a === null || b === null) return a === b;
  return number(a) === number(b);
};

function evaluate(tree: Tree, fields: Record<string, unknown>): Value {
  if (tree.is === 'value') return tree.value;
  if (tree.is === 'field') {
    const value = fields[tree.name];
    if (value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value)))
      throw new Missing();
    return typeof value === 'boolean' ? Number(value) : (value as Value);
  }
  if (tree.is === 'not') return Number(!truth(evaluate(tree.of, fields)));
  const a = evaluate(tree.left, fields);
  const b = evaluate(tree.right, fields);
  switch (tree.operator) {
    case 'or':
    case '||':
      return Number(truth(a) || truth(b));
    case 'and':
    case '&&':
      return Number(truth(a) && truth(b));
    case '==':
      return Number(equal(a, b));
    case '!=':
      return Number(!equal(a, b));
    case 'in':
      if (Array.isArray(b)) return Number(b.some((one) => equal(a, one)));
      return Number(typeof a === 'string' && typeof b === 'string' && b.includes(a));
    case '<':
      return Number(number(a) < number(b));
    case '<=':
      return Number(number(a) <= number(b));
    case '>':
      return Number(number(a) > number(b));
    case '>=':
      return Number(number(a) >= number(b));
    case '+':
      return number(a) + number(b);
    case '-':
      return number(a) - number(b);
    case '*':
      return number(a) * number(b);
    case '/':
      return number(a) / number(b);
    case '%':
      return number(a) % number(b);
    default:
      return number(a) === 1 ? 1 : number(a) ** number(b);
  }
}

const text = fc.constantFrom('', 'a', 'ab', 'b c', '1', '2.5', 'é"', "it's", '\\');
const small = fc.constantFrom(0, 1, 2, 3, -1, 2.5);
const quoted = (value: string) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
const literalOf = (value: number | string) => (typeof value === 'string' ? quoted(value) : String(value));
const literal: fc.Arbitrary<Tree> = fc.oneof(
  fc.oneof(small, text).map((value): Tree => ({ is: 'value', value, text: literalOf(value) })),
  fc.constant<Tree>({ is: 'value', value: null, text: 'null ' }),
  fc
    .array(fc.oneof(small, text), { maxLength: 3 })
    .map((value): Tree => ({ is: 'value', value, text: `[${value.map(literalOf).join(', ')}]` })),
);
const field = fc.constantFrom('a', 'b', 'c').map((name): Tree => ({ is: 'field', name }));
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    literal,
    field,
    tie('tree').map((of): Tree => ({ is: 'not', of })),
    fc
      .tuple(fc.constantFrom(...LEVELS.flat()), tie('tree'), tie('tree'))
      .map(([operator, left, right]): Tree => ({ is: 'binary', operator, left, right })),
  ),
}));
const scalar = fc.oneof(small, text, fc.boolean(), fc.constant(null));
const attributes = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'd'),
  fc.oneof(scalar, scalar, fc.array(scalar, { maxLength: 3 }), fc.constant({ a: 1 })),
);

/** Booleans in arrays are numbers to the language. */
const inNumbers = (value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : value);

test('expressions mean what a naive interpreter makes of them', () => {
  let met = 0;
  fc.assert(
    fc.property(tree, attributes, (expression, given) => {
      const fields = Object.fromEntries(
        Object.entries(given).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.map(inNumbers) : value,
        ]),
      );
      let expected = false;
      try {
        expected = truth(evaluate(expression, fields));
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
      }
      if (expected) met++;
      expect(matches(write(expression), JSON.stringify(given)), write(expression)).toBe(expected);
    }),
    SEED,
  );
  expect(met).toBeGreaterThan(SEED.numRuns / 10);
});

test('garbage is an expression or a syntax error within it', () => {
  const piece = fc.constantFrom(
    ...' .()[]!<>=+-*/%&|,"\'\\0123e',
    'and',
    'or',
    'not',
    'in',
    'null',
    '.a',
    '"x"',
    'é',
    '\udc80',
    '\0',
  );
  let compiled = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(piece, { maxLength: 12 }), (words, more) => {
      const expression = words.join('');
      let filter: Filter;
      try {
        filter = new Filter(expression);
      } catch (error) {
        expect(error).toBeInstanceOf(FilterSyntaxError);
        expect((error as FilterSyntaxError).position).toBeGreaterThanOrEqual(0);
        expect((error as FilterSyntaxError).position).toBeLessThanOrEqual(expression.length);
        return;
      }
      compiled++;
      // The same answer the second time: nothing of the first is left.
      const attributesText = `{"a":${more.join('')}`;
      expect(filter.matches(attributesText)).toBe(filter.matches(attributesText));
    }),
    { seed: 21, numRuns: 3000 },
  );
  expect(compiled).toBeGreaterThan(100);
});

test('neither long nor deep expressions and attributes are a problem', () => {
  const depth = 100_000;
  expect(matches(`${'('.repeat(depth)}1${')'.repeat(depth)}`)).toBe(true);
  expect(matches(`${'!'.repeat(depth)}1`)).toBe(true);
  expect(matches(`${'1 + '.repeat(depth)}1 == ${depth + 1}`)).toBe(true);
  expect(matches(`${'2 ** '.repeat(depth)}0 == 1`.replace('2 ** 0', '0 ** 1'))).toBe(false);
  expect(failure(`1${'a'.repeat(depth)}`)).toBe(depth + 1);
  expect(matches('.a', `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`)).toBe(true);
  expect(matches('.a', `{"b":${'['.repeat(depth)}${']'.repeat(depth)},"a":1}`)).toBe(true);
});
