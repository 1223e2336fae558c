import type { CallExpression, Expression, FunctionBody, MethodCallExpression } from '../syntax/ast.ts';
import { constructorSize } from '../values/constructor-size.ts';
import type { LuaValue } from '../values/value.ts';
import { CodeBuilder } from './code-builder.ts';
import { constantNumber, constantTruth } from './constant-folding.ts';
import { hasManyResults, isCapturedLocal, isTest, lineOf, NIL, simpleConstant } from './expression-kinds.ts';
import { HeldValue, leftOf, replaceLeft } from './left-spine.ts';
import { nameOf } from './names.ts';
import {
  arithmeticOpcode,
  arithmeticWithConstant,
  comparison,
  comparisonWithConstant,
  isComparison,
} from './opcode-choice.ts';
import { Op } from './opcodes.ts';
import type { VariableName } from './prototype.ts';

type Binary = Extract<Expression, { type: 'binary' }>;
type Logical = Extract<Expression, { type: 'and' | 'or' }>;
type TableConstructor = Extract<Expression, { type: 'table' }>;

/** How many items of a table constructor are kept in registers until they are put into the table. */
const ITEMS_PER_FLUSH = 50;

/** So deep expressions nest within others; beyond, what is at their left is computed by going round. */
const MOST_NESTED = 200;

/**
 * Compiles expressions.
 *
 * A *target* is the register a value is to be in. It is a local's, or a temporary that was reserved: only a temporary may be
 * written to before the whole expression is computed.
 */
export abstract class ExpressionCompiler extends CodeBuilder {
  /** Compiles a function within this one; returns its index. */
  protected abstract compileInner(body: FunctionBody): number;

  /** The value in the next free register, which is taken. */
  protected toNext(expression: Expression): number {
    const register = this.reserve(1, lineOf(expression));
    this.toRegister(expression, register);
    return register;
  }

  /** The value in some register: the local's own, or the next free one. */
  protected toAny(expression: Expression): number {
    if (expression.type === 'local' && !expression.local.isCaptured) return this.registerOf(expression.local);
    return this.toNext(expression);
  }

  /** The value in the target. */
  protected toRegister(expression: Expression, target: number): void {
    const saved = this.free;
    if (++this.depth > MOST_NESTED) this.shorten(expression, target);
    this.evaluate(expression, target);
    this.free = saved;
    this.depth--;
  }

  /**
   * Computes what is at the left of an expression, from the innermost on, so that compiling the rest does not nest deep.
   *
   * @param target where it may be, if it is a temporary, and the last in use
   */
  private shorten(expression: Expression, target: number): void {
    const spine: Expression[] = [];
    for (let left = leftOf(expression); left !== undefined; left = leftOf(left)) spine.push(left);
    // What is innermost (a local that is captured) is best read by what is around it.
    spine.pop();
    if (spine.length === 0) return;
    const isAtEnd = target === this.free - 1 && target >= this.localsEnd;
    const register = isAtEnd ? target : this.reserve(1, lineOf(expression));
    for (let inner = spine.pop(); inner !== undefined; inner = spine.pop()) {
      const outer = spine.at(-1) ?? expression;
      this.toRegister(inner, register);
      const line = lineOf(inner);
      replaceLeft(outer, { type: 'local', line, local: new HeldValue(register, nameOf(inner)) });
    }
  }

  private evaluate(expression: Expression, target: number): void {
    switch (expression.type) {
      case 'nil':
        this.emit(Op.LOADNIL, expression.line, target, target);
        break;
      case 'true':
        this.load(true, target, expression.line);
        break;
      case 'false':
        this.load(false, target, expression.line);
        break;
      case 'number':
      case 'string':
        this.load(expression.value, target, expression.line);
        break;
      case 'vararg':
        this.emit(Op.VARARG, expression.line, target, 2);
        break;
      case 'local': {
        const register = this.registerOf(expression.local);
        if (expression.local.isCaptured) this.emit(Op.GETCELL, expression.line, target, register);
        else if (register !== target) this.emit(Op.MOVE, expression.line, target, register);
        break;
      }
      case 'upvalue':
        this.emit(Op.GETUPVAL, expression.line, target, expression.index);
        break;
      case 'global':
        this.emit(Op.GETGLOBAL, expression.line, target, this.constant(expression.name));
        break;
      case 'index':
        this.indexTo(expression, target);
        break;
      case 'functionCall':
      case 'methodCall':
        this.callTo(expression, target);
        break;
      case 'function':
        this.emit(Op.CLOSURE, expression.line, target, this.compileInner(expression.body));
        break;
      case 'table':
        this.tableTo(expression, target);
        break;
      case 'parenthesised':
        this.toRegister(expression.inner, target);
        break;
      case 'binary':
        this.binaryTo(expression, target);
        break;
      case 'and':
      case 'or':
        this.logicalTo(expression, target);
        break;
      case 'unary': {
        const number = constantNumber(expression);
        const truth = number === undefined ? constantTruth(expression) : undefined;
        if (number !== undefined) this.load(number, target, expression.line);
        else if (truth !== undefined) this.load(truth, target, expression.line);
        else {
          const saved = this.free;
          const operand = this.operand(expression.operand, target);
          const { operator } = expression;
          const opcode = operator === '-' ? Op.UNM : operator === '#' ? Op.LEN : Op.NOT;
          this.emit(opcode, expression.line, target, operand);
          this.nameOperands(nameOf(expression.operand));
          this.free = saved;
        }
      }
    }
  }

  protected load(value: LuaValue, target: number, line: number): void {
    this.emit(Op.LOADK, line, target, this.constant(value));
  }

  /** As {@link toAny}, but the target serves if it is a temporary. */
  private operand(expression: Expression, target: number): number {
    if (expression.type === 'local' && !expression.local.isCaptured) return this.registerOf(expression.local);
    if (target < this.localsEnd) return this.toNext(expression);
    this.toRegister(expression, target);
    return target;
  }

  private indexTo(expression: Extract<Expression, { type: 'index' }>, target: number): void {
    const saved = this.free;
    const { object, key, line } = expression;
    // A local that is captured is read as late as the reference reads it: after the key, which may be a call that sets it.
    const isLate = isCapturedLocal(object);
    let objectRegister = isLate ? -1 : this.operand(object, target);
    if (key.type === 'string') {
      if (isLate) objectRegister = this.operand(object, target);
      this.emit(Op.GETFIELD, line, target, objectRegister, this.constant(key.value));
    } else {
      const keyRegister = this.toAny(key);
      if (isLate) objectRegister = this.toNext(object);
      this.emit(Op.GETINDEX, line, target, objectRegister, keyRegister);
    }
    this.nameOperands(nameOf(object));
    this.free = saved;
  }

  private binaryTo(expression: Binary, target: number): void {
    const number = constantNumber(expression);
    if (number !== undefined) {
      this.load(number, target, expression.line);
      return;
    }
    if (expression.operator === '..') {
      this.concatTo(expression, target);
      return;
    }
    const opcode = arithmeticOpcode(expression.operator);
    if (opcode === undefined) {
      this.truthTo(expression, target);
      return;
    }
    const saved = this.free;
    const { left, right, line } = expression;
    const isLate = isCapturedLocal(left);
    let leftRegister = isLate ? -1 : this.operand(left, target);
    const constant = constantNumber(right);
    if (constant !== undefined) {
      if (isLate) leftRegister = this.operand(left, target);
      this.emit(arithmeticWithConstant(opcode), line, target, leftRegister, this.constant(constant));
    } else {
      const rightRegister = this.toAny(right);
      if (isLate) leftRegister = this.toNext(left);
      this.emit(opcode, line, target, leftRegister, rightRegister);
    }
    this.nameOperands(nameOf(left), constant === undefined ? nameOf(right) : undefined);
    this.free = saved;
  }

  private concatTo(expression: Binary, target: number): void {
    const saved = this.free;
    if (target === this.free - 1 && target >= this.localsEnd) this.free = target;
    const names: (VariableName | undefined)[] = [];
    let last: Expression = expression;
    const first = this.free;
    while (last.type === 'binary' && last.operator === '..') {
      names.push(nameOf(last.left));
      this.toNext(last.left);
      last = last.right;
    }
    names.push(nameOf(last));
    const end = this.toNext(last);
    this.emit(Op.CONCAT, expression.line, target, first, end);
    this.nameManyOperands(names);
    this.free = saved;
  }

  private logicalTo(expression: Logical, target: number): void {
    const isAnd = expression.type === 'and';
    const { left, right, line } = expression;
    const truth = constantTruth(left);
    if (truth !== undefined) {
      this.toRegister(truth === isAnd ? right : left, target);
      return;
    }
    if (target < this.localsEnd) {
      // Its old value may be wanted by what comes after the left operand.
      const temporary = this.toNext(expression);
      this.emit(Op.MOVE, line, target, temporary);
      this.free = temporary;
      return;
    }
    if (isAnd && isTest(left)) {
      const isFalse: number[] = [];
      this.jumpIf(left, false, isFalse);
      this.toRegister(right, target);
      const end = this.emit(Op.JUMP, line, 0);
      this.landAll(isFalse);
      this.load(false, target, line);
      this.land(end);
      return;
    }
    if (!isAnd && left.type === 'and' && constantTruth(left.left) === undefined) {
      // `condition and a or b`
      const isFalse: number[] = [];
      this.jumpIf(left.left, false, isFalse);
      this.toRegister(left.right, target);
      const end = this.emit(Op.IF, line, target);
      this.landAll(isFalse);
      this.toRegister(right, target);
      this.land(end);
      return;
    }
    let end: number;
    if (left.type === 'local' && !left.local.isCaptured) {
      end = this.emit(isAnd ? Op.IFNOTSET : Op.IFSET, line, target, this.registerOf(left.local));
    } else {
      this.toRegister(left, target);
      end = this.emit(isAnd ? Op.IFNOT : Op.IF, line, target);
    }
    this.toRegister(right, target);
    this.land(end);
  }

  /** The truth of a comparison as a value. */
  private truthTo(expression: Expression, target: number): void {
    const { line } = expression as Binary;
    const isTrue: number[] = [];
    this.jumpIf(expression, true, isTrue);
    this.load(false, target, line);
    const end = this.emit(Op.JUMP, line, 0);
    this.landAll(isTrue);
    this.load(true, target, line);
    this.land(end);
  }

  /** Adds to the list the jumps that are taken if the truth of the expression is as said; else it goes on. */
  protected jumpIf(expression: Expression, truth: boolean, jumps: number[]): void {
    const saved = this.free;
    if (++this.depth > MOST_NESTED) this.shorten(expression, -1);
    this.testTo(expression, truth, jumps);
    this.free = saved;
    this.depth--;
  }

  private testTo(expression: Expression, truth: boolean, jumps: number[]): void {
    const constant = constantTruth(expression);
    if (constant !== undefined) {
      if (constant === truth) jumps.push(this.emit(Op.JUMP, lineOf(expression), 0));
      return;
    }
    if (expression.type === 'and' || expression.type === 'or') {
      const decides = expression.type === 'or';
      if (truth === decides) {
        this.jumpIf(expression.left, truth, jumps);
        this.jumpIf(expression.right, truth, jumps);
      } else {
        const skip: number[] = [];
        this.jumpIf(expression.left, decides, skip);
        this.jumpIf(expression.right, truth, jumps);
        this.landAll(skip);
      }
    } else if (expression.type === 'unary' && expression.operator === 'not') {
      this.jumpIf(expression.operand, !truth, jumps);
    } else if (expression.type === 'binary' && isComparison(expression.operator)) {
      jumps.push(this.compare(expression, truth));
    } else {
      const saved = this.free;
      const register = this.toAny(expression);
      jumps.push(this.emit(truth ? Op.IF : Op.IFNOT, lineOf(expression), register));
      this.free = saved;
    }
  }

  private compare(expression: Binary, truth: boolean): number {
    const saved = this.free;
    const { left, right, line, operator } = expression;
    const isEquality = operator === '==' || operator === '~=';
    const isLate = isCapturedLocal(left);
    let leftRegister = isLate ? -1 : this.toAny(left);
    const constant = isEquality ? simpleConstant(right) : constantNumber(right);
    let jump: number;
    if (constant !== undefined) {
      if (isLate) leftRegister = this.toNext(left);
      const value = constant === NIL ? undefined : constant;
      jump = this.emit(comparisonWithConstant(operator, truth), line, leftRegister, this.constant(value));
    } else {
      const rightRegister = this.toAny(right);
      if (isLate) leftRegister = this.toNext(left);
      const isSwapped = operator === '>' || operator === '>=';
      jump = this.emit(
        comparison(operator, truth),
        line,
        isSwapped ? rightRegister : leftRegister,
        isSwapped ? leftRegister : rightRegister,
      );
    }
    this.free = saved;
    return jump;
  }

  private tableTo(expression: TableConstructor, target: number): void {
    const saved = this.free;
    const isAtEnd = target === this.free - 1 && target >= this.localsEnd;
    const table = isAtEnd ? target : this.reserve(1, expression.line);
    const newTable = this.emit(Op.NEWTABLE, expression.line, table);
    let itemCount = 0;
    let fieldCount = 0;
    let pending = 0;
    let flushed = 0;
    const { items } = expression;
    for (let index = 0; index < items.length; index++) {
      const item = items[index]!;
      // As in the reference, items are flushed when the next piece begins, not at once.
      if (pending === ITEMS_PER_FLUSH) {
        this.emit(Op.SETLIST, expression.line, table, pending + 1, flushed);
        flushed += pending;
        pending = 0;
        this.free = table + 1;
      }
      if (item.type === 'field') {
        fieldCount++;
        const before = this.free;
        const key = item.key.type === 'string' ? undefined : this.toAny(item.key);
        const value = this.toAny(item.value);
        if (item.key.type === 'string') {
          this.emit(Op.SETFIELD, item.line, table, this.constant(item.key.value), value);
        } else {
          this.emit(Op.SETINDEX, item.line, table, key ?? 0, value);
        }
        this.free = before;
      } else if (index === items.length - 1 && hasManyResults(item.value)) {
        this.toMany(item.value);
        this.emit(Op.SETLIST, expression.line, table, 0, flushed);
        pending = 0;
      } else {
        itemCount++;
        pending++;
        this.toNext(item.value);
      }
    }
    if (pending > 0) this.emit(Op.SETLIST, expression.line, table, pending + 1, flushed);
    this.setOperands(newTable, constructorSize(itemCount), constructorSize(fieldCount));
    this.free = saved;
    if (table !== target) this.emit(Op.MOVE, expression.line, target, table);
  }

  private callTo(expression: CallExpression | MethodCallExpression, target: number): void {
    const saved = this.free;
    const isAtEnd = target === this.free - 1 && target >= this.localsEnd;
    if (isAtEnd) this.free = target;
    const register = this.call(expression, 1);
    this.free = saved;
    if (register !== target) this.emit(Op.MOVE, expression.line, target, register);
  }

  /**
   * A call with so many results (-1: all of them, up to the top), in the registers from the one returned on, which are free again.
   */
  protected call(expression: CallExpression | MethodCallExpression, resultCount: number): number {
    return this.emitCall(expression, Op.CALL, resultCount + 1);
  }

  protected tailCall(expression: CallExpression | MethodCallExpression): number {
    return this.emitCall(expression, Op.TAILCALL, 0);
  }

  private emitCall(
    expression: CallExpression | MethodCallExpression,
    opcode: typeof Op.CALL | typeof Op.TAILCALL,
    c: number,
  ): number {
    const { line } = expression;
    let callee: number;
    let name: VariableName | undefined;
    if (expression.type === 'functionCall') {
      callee = this.toNext(expression.callee);
      name = nameOf(expression.callee);
    } else {
      callee = this.reserve(1, line);
      const object = this.operand(expression.object, callee);
      this.reserve(1, line);
      this.emit(Op.SELF, line, callee, object, this.constant(expression.name));
      this.nameOperands(nameOf(expression.object));
      name = { kind: 'method', name: expression.name };
    }
    const isOpen = this.toList(expression.args);
    this.emit(opcode, line, callee, isOpen ? 0 : this.free - callee, c);
    this.nameOperands(name);
    this.free = callee;
    return callee;
  }

  /** The values of a list in the next registers. Returns whether the last one gives all its results, up to the top. */
  protected toList(values: readonly Expression[]): boolean {
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!;
      if (index === values.length - 1 && hasManyResults(value)) {
        this.toMany(value);
        return true;
      }
      this.toNext(value);
    }
    return false;
  }

  /** All results of a call or of `...`, in the registers from the next one on, which are not taken. */
  private toMany(expression: Expression): void {
    if (expression.type === 'functionCall' || expression.type === 'methodCall') this.call(expression, -1);
    else this.emit(Op.VARARG, lineOf(expression), this.reserveOne(expression), 0);
  }

  private reserveOne(expression: Expression): number {
    const register = this.reserve(1, lineOf(expression));
    this.free = register;
    return register;
  }

  /** The values of a list in the next registers, of which exactly so many are taken. */
  protected toExactly(values: readonly Expression[], count: number, line: number): number {
    const first = this.free;
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!;
      const missing = count - index;
      if (index === values.length - 1 && missing !== 1 && hasManyResults(value)) {
        const wanted = Math.max(missing, 0);
        if (value.type === 'functionCall' || value.type === 'methodCall') this.call(value, wanted);
        else this.emit(Op.VARARG, lineOf(value), this.reserveOne(value), wanted + 1);
        this.reserve(wanted, line);
      } else {
        this.toNext(value);
      }
    }
    const given = this.free - first;
    if (given < count) {
      const from = this.reserve(count - given, line);
      this.emit(Op.LOADNIL, line, from, this.free - 1);
    }
    this.free = first + count;
    return first;
  }
}
