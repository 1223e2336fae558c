import type { Expression } from '../syntax/ast.ts';
import { constantTruth } from './constant-folding.ts';
import { HeldValue } from './left-spine.ts';
import type { VariableName } from './prototype.ts';

/**
 * How errors name the value of an expression: as the reference finds it out from its code. What was computed, or
 * chosen by `and` and `or`, has no name.
 */
export function nameOf(expression: Expression): VariableName | undefined {
  switch (expression.type) {
    case 'local':
      return expression.local instanceof HeldValue
        ? expression.local.valueName
        : { kind: 'local', name: expression.local.name };
    case 'upvalue':
      return { kind: 'upvalue', name: expression.name };
    case 'global':
      return { kind: 'global', name: expression.name };
    case 'index':
      return { kind: 'field', name: expression.key.type === 'string' ? upToZero(expression.key.value) : '?' };
    case 'and':
      return constantTruth(expression.left) === true ? nameOf(expression.right) : undefined;
    case 'or':
      return constantTruth(expression.left) === false ? nameOf(expression.right) : undefined;
    default:
      return undefined;
  }
}

/** As far as C reads a string. */
function upToZero(text: string): string {
  const zero = text.indexOf('\0');
  return zero === -1 ? text : text.slice(0, zero);
}
