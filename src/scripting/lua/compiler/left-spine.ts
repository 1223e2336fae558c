import { type Expression, Local } from '../syntax/ast.ts';
import type { VariableName } from './prototype.ts';

/*
 * Left operands, objects that are indexed and what is called nest as deep as a source is long. Where that is deep, what is at the
 * left is computed first, and what is around it is given a local in its place.
 */

/** A value that was computed and waits in a register for the expression around it. */
export class HeldValue extends Local {
  /** How errors name it. */
  readonly valueName: VariableName | undefined;

  constructor(register: number, valueName: VariableName | undefined) {
    super('(held)');
    this.register = register;
    this.valueName = valueName;
  }
}

/** The expression that is computed first of all in another one, and that may nest deep; undefined if there is none. */
export function leftOf(expression: Expression): Expression | undefined {
  switch (expression.type) {
    case 'binary':
    case 'and':
    case 'or':
      return expression.left;
    case 'index':
    case 'methodCall':
      return expression.object;
    case 'functionCall':
      return expression.callee;
    case 'parenthesised':
      return expression.inner;
    default:
      return undefined;
  }
}

/** Puts another expression where {@link leftOf} finds one. */
export function replaceLeft(expression: Expression, left: Expression): void {
  // To everybody else a tree is readonly; here the part that was computed is taken out of it.
  type Changeable = { left: Expression; object: Expression; callee: Expression; inner: Expression };
  const node = expression as unknown as Changeable;
  switch (expression.type) {
    case 'index':
    case 'methodCall':
      node.object = left;
      break;
    case 'functionCall':
      node.callee = left;
      break;
    case 'parenthesised':
      node.inner = left;
      break;
    default:
      node.left = left;
  }
}
