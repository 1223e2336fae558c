import { describe, expect, test } from 'vitest';
import type { Expression, Statement, TableItem } from '../../../src/scripting/lua/syntax/ast.ts';
import { parse } from '../../../src/scripting/lua/syntax/parser.ts';

/**
 * The lines of the instructions of sources that spread over many lines, as `luac5.1 -l` lists them: those that can fail, in
 * alphabetical order.
 */
const CASES: readonly (readonly [source: string, instructions: string])[] = [
  [
    `local x = a
  .b
  .c
  +
  d
  .e`,
    'ADD 6; GETGLOBAL 1 5; GETTABLE 2 4 6',
  ],
  [
    `f(a.b,
  c.d
)`,
    'CALL 1; GETGLOBAL 1 1 2; GETTABLE 1 3',
  ],
  [
    `a.b
  .c = d
  .e
g =
  h`,
    'GETGLOBAL 1 2 5; GETTABLE 1 3; SETGLOBAL 5; SETTABLE 3',
  ],
  [
    `o
:m
"text"
o:m{
  a.b,
  c.d
  ,
  [e] = h
   , k
    =
     i.j,
}`,
    'CALL 3 4; GETGLOBAL 2 4 5 6 8 8 11; GETTABLE 5 7 11; SELF 2 4; SETTABLE 8 11',
  ],
  [
    `for i = a,
  b,
  c
do
  f()
end
for k, v in
  pairs(t),
  u
do
  g(k)
end`,
    'CALL 5 8 11; FORPREP 4; GETGLOBAL 1 2 3 5 8 8 9 11; TFORLOOP 8',
  ],
  [
    `local s = a ..
  b ..
  c
local t = a <
  b
local u = - -- negated
  a
local v = #
  (a
  .b
  )`,
    'CONCAT 3; GETGLOBAL 1 2 3 4 5 7 9; GETTABLE 11; LEN 11; LT 5; UNM 7',
  ],
  [
    `function
  a.b
  .c:d
  (x)
  return x.y,
    x.z
    , e
end`,
    'GETGLOBAL 2 7; GETTABLE 2 3 5 7; SETTABLE 1',
  ],
  [
    `if a
  .b then
  f [[long
string]]
elseif c
  == d then
  f
  {
    1
  }
end`,
    'CALL 4 8; EQ 6; GETGLOBAL 1 3 6 6 7; GETTABLE 2',
  ],
  [
    `a.b, c
  [d], e = f,
  g.h`,
    'GETGLOBAL 1 1 2 2 3; GETTABLE 3; SETGLOBAL 3; SETTABLE 3 3',
  ],
  [
    `while a.b
  and c.d
  or
  e.f
do
  g.h()
end
repeat
  i()
until j
  .k`,
    'CALL 6 9; GETGLOBAL 1 2 4 6 9 10; GETTABLE 2 2 4 6 11',
  ],
  [
    `local x = { a
(b), c
  (d)}`,
    'CALL 2 3; GETGLOBAL 2 2 3 3',
  ],
  [
    `return a
  [b
  .c
  ]
  , f(1
  ), g.h`,
    'CALL 5; GETGLOBAL 1 2 5 6; GETTABLE 3 5 6',
  ],
];

type Node = Expression | Statement | TableItem;

const OPERATIONS: Readonly<Record<string, string>> = {
  '+': 'ADD',
  '..': 'CONCAT',
  '==': 'EQ',
  '<': 'LT',
  '-': 'UNM',
  '#': 'LEN',
};

/** The instructions a chunk becomes that can fail, with their lines. */
function instructions(source: string): string {
  const lines = new Map<string, number[]>();
  const made = (name: string, line: number) => {
    const list = lines.get(name);
    if (list === undefined) lines.set(name, [line]);
    else list.push(line);
  };

  function visit(node: Node): void {
    switch (node.type) {
      case 'global':
        made('GETGLOBAL', node.line);
        return;
      case 'index':
        made('GETTABLE', node.line);
        visitAll([node.object, node.key]);
        return;
      case 'functionCall':
        made('CALL', node.line);
        visitAll([node.callee, ...node.args]);
        return;
      case 'methodCall':
        made('SELF', node.methodLine);
        made('CALL', node.line);
        visitAll([node.object, ...node.args]);
        return;
      case 'binary':
        // One instruction does a chain of `..`.
        if (node.operator !== '..' || node.right.type !== 'binary')
          made(OPERATIONS[node.operator]!, node.line);
        visitAll([node.left, node.right]);
        return;
      case 'and':
      case 'or':
        visitAll([node.left, node.right]);
        return;
      case 'unary':
        made(OPERATIONS[node.operator]!, node.line);
        visit(node.operand);
        return;
      case 'table':
        visitAll(node.items);
        return;
      case 'item':
        visit(node.value);
        return;
      case 'field':
        made('SETTABLE', node.line);
        visitAll([node.key, node.value]);
        return;
      case 'function':
        visitAll(node.body.block.statements);
        return;
      case 'parenthesised':
        visit(node.inner);
        return;
      case 'local':
        if ('values' in node) visitAll(node.values);
        return;
      case 'assign':
        for (const target of node.targets) {
          if (target.type === 'global') made('SETGLOBAL', target.line);
          if (target.type !== 'index') continue;
          made('SETTABLE', target.line);
          visitAll([target.object, target.key]);
        }
        visitAll(node.values);
        return;
      case 'call':
        visit(node.call);
        return;
      case 'while':
      case 'repeat':
        visitAll([node.condition, ...node.block.statements]);
        return;
      case 'if':
        for (const branch of node.branches) visitAll([branch.condition, ...branch.block.statements]);
        return;
      case 'numericFor':
        made('FORPREP', node.line);
        visitAll([node.start, node.limit, ...(node.step ? [node.step] : []), ...node.block.statements]);
        return;
      case 'genericFor':
        made('TFORLOOP', node.line);
        visitAll([...node.values, ...node.block.statements]);
        return;
      case 'return':
        visitAll(node.values);
        return;
      default:
    }
  }

  function visitAll(nodes: readonly Node[]): void {
    for (const node of nodes) visit(node);
  }

  visitAll(parse(source, '@').block.statements);
  const names = [...lines.keys()].sort();
  return names
    .map(
      (name) =>
        `${name} ${lines
          .get(name)!
          .sort((a, b) => a - b)
          .join(' ')}`,
    )
    .join('; ');
}

describe('lines', () => {
  test.each(CASES)('%s', (source, expected) => {
    expect(instructions(source)).toBe(expected);
  });

  test('a function knows where it begins and ends', () => {
    const { statements } = parse('local f =\nfunction\n(a)\n\nend\nfunction\n g()\nend', '@').block;
    const [local, assign] = statements;
    expect(local).toMatchObject({ line: 1, values: [{ body: { line: 3, endLine: 5 } }] });
    expect(assign).toMatchObject({ line: 6, values: [{ body: { line: 6, endLine: 8 } }] });
  });

  test('every kind of line end is one, and two of a kind are two', () => {
    const sources = [
      '\n\n\n=',
      '\r\r\r=',
      '\r\n\r\n\r\n=',
      '\n\r\n\r\n\r=',
      '"\\\r\n\\\n\\\r"',
      '[[\r\n\n\r\r]]',
    ];
    for (const source of sources) {
      expect(() => parse(source, '@')).toThrow(
        expect.objectContaining({ value: expect.stringMatching(/^:4: unexpected symbol/) }),
      );
    }
  });
});
