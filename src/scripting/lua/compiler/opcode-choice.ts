import type { BinaryOperator } from '../syntax/ast.ts';
import { Op } from './opcodes.ts';

/** The instruction of an arithmetic operator; undefined for the other operators. */
export function arithmeticOpcode(operator: BinaryOperator) {
  switch (operator) {
    case '+':
      return Op.ADD;
    case '-':
      return Op.SUB;
    case '*':
      return Op.MUL;
    case '/':
      return Op.DIV;
    case '%':
      return Op.MOD;
    case '^':
      return Op.POW;
    default:
      return undefined;
  }
}

/** The same with a constant at its right. */
export function arithmeticWithConstant(opcode: NonNullable<ReturnType<typeof arithmeticOpcode>>) {
  switch (opcode) {
    case Op.ADD:
      return Op.ADDK;
    case Op.SUB:
      return Op.SUBK;
    case Op.MUL:
      return Op.MULK;
    case Op.DIV:
      return Op.DIVK;
    case Op.MOD:
      return Op.MODK;
    case Op.POW:
      return Op.POWK;
  }
}

export function isComparison(operator: BinaryOperator): boolean {
  return operator !== '..' && arithmeticOpcode(operator) === undefined;
}

/** The jump taken if a comparison is true (or if it is not). For > and >= the operands have to change places. */
export function comparison(operator: BinaryOperator, truth: boolean) {
  switch (operator) {
    case '==':
      return truth ? Op.EQ : Op.NEQ;
    case '~=':
      return truth ? Op.NEQ : Op.EQ;
    case '<':
    case '>':
      return truth ? Op.LT : Op.NLT;
    default:
      return truth ? Op.LE : Op.NLE;
  }
}

/** The same with a constant at its right. */
export function comparisonWithConstant(operator: BinaryOperator, truth: boolean) {
  switch (operator) {
    case '==':
      return truth ? Op.EQK : Op.NEQK;
    case '~=':
      return truth ? Op.NEQK : Op.EQK;
    case '<':
      return truth ? Op.LTK : Op.NLTK;
    case '<=':
      return truth ? Op.LEK : Op.NLEK;
    case '>':
      return truth ? Op.GTK : Op.NGTK;
    default:
      return truth ? Op.GEK : Op.NGEK;
  }
}
