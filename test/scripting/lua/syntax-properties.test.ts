import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../../src/scripting/lua/syntax/parser.ts';
import { LuaError } from '../../../src/scripting/lua/values/lua-error.ts';
import { listText, sourceText } from './tree-text.ts';

const SEED = 5_1_5;

const name = fc.constantFrom('a', 'b', 'c', 'd', 'self', 'arg');
const names = fc.array(name, { minLength: 1, maxLength: 3 }).map((list) => list.join(', '));
const binary = fc.constantFrom(
  ...['+', '-', '*', '/', '%', '^', '..', '==', '~=', '<', '<=', '>', '>=', 'and', 'or'],
);

/** Random programs: every statement and expression there is. */
const { program } = fc.letrec<
  Record<'expression' | 'prefix' | 'args' | 'target' | 'body' | 'statement' | 'program', string>
>((tie) => {
  const expression = tie('expression');
  const list = fc.array(expression, { minLength: 1, maxLength: 3 }).map((items) => items.join(', '));
  const block = tie('program');
  const item = fc.oneof(
    expression,
    fc.tuple(name, expression).map(([key, value]) => `${key} = ${value}`),
    fc.tuple(expression, expression).map(([key, value]) => `[${key}] = ${value}`),
  );
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(
        'nil',
        'true',
        'false',
        '0',
        '1.5',
        '0x1F',
        '1e300',
        '"s\\n"',
        "'\\255\\0'",
        '[[l]]',
        '[=[\n]]]=]',
      ),
      name,
      fc.tuple(expression, binary, expression).map((parts) => parts.join(' ')),
      fc.tuple(fc.constantFrom('- ', 'not ', '#'), expression).map((parts) => parts.join('')),
      fc.array(item, { maxLength: 3 }).map((items) => `{${items.join('; ')}}`),
      tie('body').map((body) => `function ${body}`),
      tie('prefix'),
    ),
    prefix: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      name,
      expression.map((inner) => `(${inner})`),
      fc.tuple(tie('prefix'), tie('args')).map(([callee, args]) => `${callee}${args}`),
      fc
        .tuple(tie('prefix'), name, tie('args'))
        .map(([object, method, args]) => `${object}:${method}${args}`),
      tie('target'),
    ),
    args: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('()', '"s"', '[[s]]', '{}'),
      list.map((args) => `(${args})`),
    ),
    target: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      name,
      fc.tuple(tie('prefix'), name).map(([object, key]) => `${object}.${key}`),
      fc.tuple(tie('prefix'), expression).map(([object, key]) => `${object}[${key}]`),
    ),
    body: fc.oneof(
      fc.tuple(names, block).map(([parameters, inner]) => `(${parameters})\n${inner}\nend`),
      fc.tuple(block, list).map(([inner, values]) => `(...)\n${inner}\nreturn ${values}, ...\nend`),
      block.map((inner) => `(...)\n${inner}\nend`),
    ),
    statement: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc
        .tuple(tie('target'), tie('target'), list)
        .map(([one, other, values]) => `${one}, ${other} = ${values}`),
      fc.tuple(names, list).map(([locals, values]) => `local ${locals} = ${values}`),
      fc.tuple(tie('prefix'), tie('args')).map(([callee, args]) => `${callee}${args}`),
      names.map((locals) => `local ${locals}`),
      block.map((inner) => `do ${inner} end`),
      fc.tuple(expression, block).map(([condition, inner]) => `while ${condition} do ${inner} end`),
      fc.tuple(block, expression).map(([inner, condition]) => `repeat ${inner} until ${condition}`),
      fc
        .tuple(expression, block, expression, block, block)
        .map(
          ([one, first, two, second, last]) =>
            `if ${one} then ${first} elseif ${two} then ${second} else ${last} end`,
        ),
      fc
        .tuple(name, list, block)
        .map(([local, values, inner]) => `for ${local} = 1, ${values} do ${inner} break end`),
      fc
        .tuple(names, list, block)
        .map(([locals, values, inner]) => `for ${locals} in ${values} do ${inner} end`),
      fc.tuple(name, tie('body')).map(([local, body]) => `local function ${local}${body}`),
      fc.tuple(name, name, tie('body')).map(([object, key, body]) => `function ${object}.${key}${body}`),
      fc.tuple(name, name, tie('body')).map(([object, key, body]) => `function ${object}:${key}${body}`),
    ),
    program: fc
      .array(tie('statement'), { maxLength: 3 })
      .map((statements) => statements.map((it) => `${it};`).join('\n')),
  };
});

describe('any program', () => {
  test('written out from its tree reads as the same tree', () => {
    let written = 0;
    fc.assert(
      fc.property(program, (source) => {
        const body = readable(source);
        // Three values for a `for`, and what nests too deep, are not of the language.
        fc.pre(body !== undefined);
        const tree = listText(body);
        written += tree.length;
        expect(listText(parse(sourceText(body), '@'))).toBe(tree);
      }),
      { seed: SEED, numRuns: 500 },
    );
    expect(written).toBeGreaterThan(10_000);
  });

  test('white space and comments around its tokens mean nothing', () => {
    fc.assert(
      fc.property(
        program,
        fc.constantFrom(' ', '\t\v\f ', ' --[[ c ]] ', ' --[==[ ]] ]==] '),
        (source, space) => {
          const body = readable(source);
          fc.pre(body !== undefined && !/["'[]/.test(source));
          expect(listText(parse(source.replaceAll(' ', space), '@'))).toBe(listText(body));
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });
});

const TOKENS = [
  ...[
    'and',
    'break',
    'do',
    'else',
    'elseif',
    'end',
    'false',
    'for',
    'function',
    'if',
    'in',
    'local',
    'nil',
    'not',
    'or',
  ],
  ...[
    'repeat',
    'return',
    'then',
    'true',
    'until',
    'while',
    '+',
    '-',
    '*',
    '/',
    '%',
    '^',
    '#',
    '==',
    '~=',
    '<=',
    '>=',
    '<',
  ],
  ...[
    '>',
    '=',
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    ';',
    ':',
    ',',
    '.',
    '..',
    '...',
    'a',
    'b',
    '1',
    '"s"',
    '[[s]]',
    '0x',
    '3e',
  ],
  ...['"', "'", '\\', '[=', '--[[', '--', '\n', '\r\n', '\0', '\xff', '~', '@'],
];

test('anything at all is read, or refused with a line and no error of the host', () => {
  let refused = 0;
  const token = fc.constantFrom(...TOKENS);
  fc.assert(
    fc.property(fc.array(token, { maxLength: 40 }), fc.constantFrom(' ', ''), (tokens, space) => {
      const source = tokens.join(space);
      try {
        parse(source, '@x');
      } catch (error) {
        refused++;
        if (!(error instanceof LuaError)) throw error;
        expect(error.value).toMatch(/^x:\d+: ./);
        const line = Number(String(error.value).split(':')[1]);
        expect(line).toBeLessThanOrEqual(1 + source.split(/\r\n|\n|\r/).length);
      }
    }),
    { seed: SEED, numRuns: 2000 },
  );
  expect(refused).toBeGreaterThan(1000);
});

function readable(source: string): ReturnType<typeof parse> | undefined {
  try {
    return parse(source, '@');
  } catch (error) {
    if (!(error instanceof LuaError)) throw error;
    return undefined;
  }
}
