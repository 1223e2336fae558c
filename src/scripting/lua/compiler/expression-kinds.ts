import type { Expression } from '../syntax/ast.ts';
import { constantNumber } from './constant-folding.ts';
import { isComparison } from './opcode-choice.ts';

/** Stands for nil where undefined means that there is no constant. */
export const NIL: unique symbol = Symbol('nil');

/** A constant that can be compared with at once. Nil is told from none. */
export function simpleConstant(expression: Expression): number | string | boolean | typeof NIL | undefined {
  switch (expression.type) {
    case 'nil':
      return NIL;
    case 'true':
      return true;
    case 'false':
      return false;
    case 'string':
      return expression.value;
    default:
      return constantNumber(expression);
  }
}

export function lineOf(expression: Expression): number {
  return expression.type === 'parenthesised' ? lineOf(expression.inner) : expression.line;
}

export function isCapturedLocal(expression: Expression): boolean {
  return expression.type === 'local' && expression.local.isCaptured;
}

export function hasManyResults(expression: Expression): boolean {
  const { type } = expression;
  return type === 'functionCall' || type === 'methodCall' || type === 'vararg';
}

/** Whether an expression is always true or false, and is best computed by jumping. */
export function isTest(expression: Expression): boolean {
  return (
    (expression.type === 'binary' && isComparison(expression.operator)) ||
    (expression.type === 'unary' && expression.operator === 'not')
  );
}
