import type { ByteString } from '../../bytes/byte-string.ts';
import { AttributeReader } from './attribute-reader.ts';
import { FilterSyntaxError, type FilterToken, type Operator, tokenize } from './filter-tokens.ts';
import { areEqual, type FilterValue, isIn, isTrue, toNumber } from './filter-value.ts';

/**
 * An expression of VSIM's FILTER, ready to be asked of many elements.
 *
 *     .year >= 1980 and .year < 1990
 *
 *     program   [.year] [1980] >= [.year] [1990] < and          (operands first: no recursion, no precedence)
 *     fields    year                                            (read once for each element, however often they occur)
 *
 * Operators are ordered by the "shunting yard" method, which reads each token once, and the program runs on a stack as
 * deep as it needs; so an expression takes time in proportion to its length, and nesting never overflows anything.
 *
 * Invariants:
 *
 * 1. At each step of the program as many operands lie on the stack as the step takes, and at the end exactly one.
 * 2. A field that an element does not have makes the whole expression false, wherever it stands in it.
 */
export class Filter {
  private readonly program: readonly Step[];
  private readonly attributes: AttributeReader;
  private readonly stack: FilterValue[];

  /** O(length). @throws FilterSyntaxError if it is no expression */
  constructor(expression: ByteString) {
    const { program, fields, depth } = compile(tokenize(endingAtZero(expression)));
    this.program = program;
    this.attributes = new AttributeReader(fields);
    this.stack = new Array<FilterValue>(depth).fill(0);
  }

  /** Whether an element with these attributes passes. O(length of both). */
  matches(attributes: ByteString | undefined): boolean {
    if (attributes === undefined) return false;
    const { stack } = this;
    const values = this.attributes.read(attributes);
    if (values === undefined) return false;
    let top = -1;
    for (const step of this.program) {
      if (step.kind === 'value') stack[++top] = step.value;
      else if (step.kind === 'field') stack[++top] = values[step.index]!;
      else if (step.operator === 'not') stack[top] = isTrue(stack[top]!) ? 0 : 1;
      else {
        const right = stack[top--]!;
        stack[top] = operate(step.operator, stack[top]!, right);
      }
    }
    return isTrue(stack[0]!);
  }
}

type Step =
  | { readonly kind: 'value'; readonly value: FilterValue }
  | { readonly kind: 'field'; readonly index: number }
  | { readonly kind: 'operator'; readonly operator: Operator };

interface Compiled {
  readonly program: readonly Step[];
  readonly fields: readonly ByteString[];
  /** How many operands lie on the stack at most. */
  readonly depth: number;
}

/** How tightly operators bind. */
const BINDING: Readonly<Record<Operator, number>> = {
  or: 0,
  and: 1,
  '>': 2,
  '>=': 2,
  '<': 2,
  '<=': 2,
  '==': 2,
  '!=': 2,
  in: 2,
  '+': 3,
  '-': 3,
  '*': 4,
  '/': 4,
  '%': 4,
  '**': 5,
  not: 6,
  '(': 7,
  ')': 7,
};

/** Those of which the last is applied first. */
const FROM_THE_RIGHT: ReadonlySet<Operator> = new Set<Operator>(['**', 'not']);

/** As in C, where the text ends at a zero byte. */
function endingAtZero(expression: ByteString): ByteString {
  const end = expression.indexOf('\0');
  return end < 0 ? expression : expression.slice(0, end);
}

function compile(tokens: readonly FilterToken[]): Compiled {
  const program: Step[] = [];
  const indexes = new Map<ByteString, number>();
  const waiting: Operator[] = [];
  let operands = 0;
  let depth = 0;

  const push = (step: Step): void => {
    program.push(step);
    depth = Math.max(depth, ++operands);
  };
  const apply = (operator: Operator): void => {
    const taken = operator === 'not' ? 1 : 2;
    if (operands < taken) throw new FilterSyntaxError(0);
    operands -= taken;
    push({ kind: 'operator', operator });
  };

  for (const token of tokens) {
    if (token.kind === 'value') push(token);
    else if (token.kind === 'selector') {
      const index = indexes.get(token.field) ?? indexes.size;
      indexes.set(token.field, index);
      push({ kind: 'field', index });
    } else if (token.operator === '(') waiting.push('(');
    else if (token.operator === ')') {
      let last = waiting.pop();
      for (; last !== '('; last = waiting.pop()) {
        if (last === undefined) throw new FilterSyntaxError(0);
        apply(last);
      }
    } else {
      while (waiting.length > 0 && goesFirst(waiting.at(-1)!, token.operator)) apply(waiting.pop()!);
      waiting.push(token.operator);
    }
  }
  for (let last = waiting.pop(); last !== undefined; last = waiting.pop()) {
    if (last === '(') throw new FilterSyntaxError(0);
    apply(last);
  }
  if (operands !== 1) throw new FilterSyntaxError(0);
  return { program, fields: [...indexes.keys()], depth };
}

/** Whether an operator that waits for its second operand has all of it once this one comes. */
function goesFirst(waiting: Operator, comes: Operator): boolean {
  if (waiting === '(') return false;
  const difference = BINDING[waiting] - BINDING[comes];
  return difference > 0 || (difference === 0 && !FROM_THE_RIGHT.has(comes));
}

function operate(operator: Operator, a: FilterValue, b: FilterValue): number {
  switch (operator) {
    case 'or':
      return isTrue(a) || isTrue(b) ? 1 : 0;
    case 'and':
      return isTrue(a) && isTrue(b) ? 1 : 0;
    case '==':
      return areEqual(a, b) ? 1 : 0;
    case '!=':
      return areEqual(a, b) ? 0 : 1;
    case 'in':
      return isIn(a, b) ? 1 : 0;
    default:
      return calculate(operator, toNumber(a), toNumber(b));
  }
}

function calculate(operator: Operator, a: number, b: number): number {
  switch (operator) {
    case '>':
      return a > b ? 1 : 0;
    case '>=':
      return a >= b ? 1 : 0;
    case '<':
      return a < b ? 1 : 0;
    case '<=':
      return a <= b ? 1 : 0;
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    default:
      return power(a, b);
  }
}

/** C's `pow`: one to any power, and minus one to an infinite one, are 1. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent))) return 1;
  return base ** exponent;
}
