import fc from 'fast-check';
import { literal, stringLiteral, stringText } from './literals.ts';

/** Programs that return one expression, of values of all types, most operators and the simple functions of the library. */

/** Locals of all types. They are named in error texts. */
const LOCALS = `local n, i, z, s, d, e, t, b, f, nothing = 12.5, 3, 0, 'abc', '0x10', '\\200\\0z', {10, 'two', k = 'v', n = 4, {5}}, true, function(...) return ... end`;
const names = fc.constantFrom('n', 'i', 'z', 's', 'd', 'e', 't', 'b', 'f', 'nothing');

const BINARY = ['+', '-', '*', '/', '%', '..', '==', '~=', '<', '<=', '>', '>=', 'and', 'or'];
const EXPONENTS = ['0', '1', '2', '3', '-1', '0.5', '10', 'i', 's', '(1/0)', 'nothing'];
const ONE = [
  ...[
    'tostring',
    'tonumber',
    'type',
    'not',
    '#',
    'math.floor',
    'math.ceil',
    'math.abs',
    'string.len',
    'string.upper',
  ],
  ...[
    'string.lower',
    'string.reverse',
    'string.byte',
    'math.frexp',
    'math.modf',
    '#t ..',
    'unpack',
    'select',
    'f',
  ],
  ...[
    'table.concat',
    'next',
    'cjson.encode',
    'assert',
    'error',
    'string.char',
    'bit.tobit',
    'bit.bnot',
    '-',
    'table.getn',
  ],
];
const TWO = [
  ...[
    'math.max',
    'math.min',
    'math.fmod',
    'string.sub',
    'rawequal',
    'select',
    'string.byte',
    'tonumber',
    'f',
    'pcall',
  ],
  ...[
    'string.find',
    'table.concat',
    'rawget',
    'bit.band',
    'bit.bxor',
    'string.rep',
    'math.ldexp',
    'string.format',
    'next',
  ],
];

export const expression: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => {
  const value = tie('value');
  return {
    value: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      { weight: 4, arbitrary: literal },
      { weight: 3, arbitrary: names },
      {
        weight: 8,
        arbitrary: fc.tuple(value, fc.constantFrom(...BINARY), value).map((parts) => `(${parts.join(' ')})`),
      },
      { weight: 3, arbitrary: fc.tuple(value, fc.constantFrom(...BINARY), value).map(unparenthesised) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(value, fc.constantFrom(...EXPONENTS))
          .map(([base, exponent]) => power(base, exponent)),
      },
      {
        weight: 3,
        arbitrary: fc.tuple(fc.constantFrom(...ONE), value).map(([name, argument]) => `${name}(${argument})`),
      },
      {
        weight: 3,
        arbitrary: fc
          .tuple(fc.constantFrom(...TWO), value, fc.oneof(value, fc.integer({ min: -4, max: 9 }).map(String)))
          .map(([name, first, second]) =>
            // What is as long as a number says must stay short.
            name === 'string.rep'
              ? `string.rep(${first}, (${second}) == 3 and 3 or 2)`
              : `${name}(${first}, ${second})`,
          ),
      },
      { weight: 1, arbitrary: fc.tuple(value, value).map(([table, key]) => `(${table})[${key}]`) },
      { weight: 1, arbitrary: value.map((key) => `t[${key}]`) },
      {
        weight: 1,
        arbitrary: fc.tuple(names, fc.constantFrom('k', 'n', 'x', 'len')).map((path) => path.join('.')),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(names, fc.constantFrom('k', 'len', 'upper', 'nope'))
          .map(([o, m]) => `${o}:${m}()`),
      },
      { weight: 1, arbitrary: fc.array(value, { maxLength: 3 }).map((items) => `{${items.join(', ')}}`) },
      { weight: 1, arbitrary: fc.tuple(value, value).map(([a, c]) => `{k = ${a}, [${c}] = 1}`) },
      { weight: 1, arbitrary: value.map((inner) => `(function() return ${inner} end)()`) },
      { weight: 1, arbitrary: value.map((inner) => `pcall(function() return ${inner} end)`) },
      { weight: 1, arbitrary: stringText.map((text) => `cjson.decode(${stringLiteral(`"${text}"`)})`) },
    ),
  };
}).value;

function unparenthesised([left, operator, right]: [string, string, string]): string {
  return `${left} ${operator} ${right}`;
}

export const expressionProgram: fc.Arbitrary<string> = expression.map((text) => `${LOCALS}\nreturn ${text}`);

/** To twelve digits: the two sides' power functions differ in the last bit. */
function power(base: string, exponent: string): string {
  return `tonumber(('%.12g'):format((${base}) ^ ${exponent}))`;
}
