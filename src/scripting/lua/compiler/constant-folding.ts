import type { BinaryOperator, Expression } from '../syntax/ast.ts';
import { power, remainder } from '../values/arithmetic.ts';

/** The number an expression is known to be when it is compiled, where the reference knows it too. */
export function constantNumber(expression: Expression): number | undefined {
  switch (expression.type) {
    case 'number':
      return expression.value;
    case 'unary': {
      if (expression.operator !== '-') return undefined;
      const operand = constantNumber(expression.operand);
      return operand === undefined || Number.isNaN(operand) ? undefined : -operand;
    }
    case 'binary': {
      if (!expression.isNumeric) return undefined;
      // A chain leans to the left, as long as it likes.
      const chain = [];
      let first: Expression = expression;
      for (; first.type === 'binary'; first = first.left) chain.push(first);
      let number = constantNumber(first);
      for (let next = chain.pop(); next !== undefined && number !== undefined; next = chain.pop()) {
        const right = constantNumber(next.right);
        number = right === undefined ? undefined : fold(next.operator, number, right);
      }
      return number;
    }
    default:
      return undefined;
  }
}

function fold(operator: BinaryOperator, left: number, right: number): number | undefined {
  let result: number;
  switch (operator) {
    case '+':
      result = left + right;
      break;
    case '-':
      result = left - right;
      break;
    case '*':
      result = left * right;
      break;
    case '/':
      if (right === 0) return undefined;
      result = left / right;
      break;
    case '%':
      if (right === 0) return undefined;
      result = remainder(left, right);
      break;
    case '^':
      result = power(left, right);
      break;
    default:
      return undefined;
  }
  return Number.isNaN(result) ? undefined : result;
}

/** Whether an expression is known to be true (or false) when it is compiled; undefined where it is not known. */
export function constantTruth(expression: Expression): boolean | undefined {
  switch (expression.type) {
    case 'nil':
    case 'false':
      return false;
    case 'true':
    case 'number':
    case 'string':
      return true;
    case 'unary': {
      if (expression.operator === '-') return constantNumber(expression) === undefined ? undefined : true;
      if (expression.operator !== 'not') return undefined;
      const operand = constantTruth(expression.operand);
      return operand === undefined ? undefined : !operand;
    }
    default:
      return undefined;
  }
}
