import type { Op } from '../compiler/opcodes.ts';
import { allocation } from '../values/allocation.ts';
import { power, remainder } from '../values/arithmetic.ts';
import { LuaTable } from '../values/lua-table.ts';
import { LONG_TEXT, lookedAt } from '../values/metering.ts';
import { NativeFunction } from '../values/native-function.ts';
import type { LuaValue } from '../values/value.ts';
import { Cell, Closure } from './closure.ts';
import type { Coroutine } from './coroutine.ts';
import { FrameKind } from './frame.ts';
import { argumentTable, copyVarargs, finishReturn, makeClosure, setList } from './instructions.ts';
import { callIterator } from './iteration.ts';
import type { Machine } from './machine.ts';
import { ADD, DIV, MOD, MUL, POW, SUB } from './metamethods.ts';
import { callNative, prepareCall, YIELDED } from './native-calls.ts';
import {
  arithmetic,
  concatenate,
  equals,
  index,
  indexField,
  lengthOf,
  lessEqual,
  lessThan,
  negate,
  prepareLoop,
  setIndex,
} from './operations.ts';
import { enter } from './stack.ts';

/** The bit of `__newindex` in `absentMetamethods`. */
const NEWINDEX_BIT = 2;

/** Strings longer than this are made out of line. */
const SHORT_STRING = 1000;

/**
 * The run loop: runs the function on top of a coroutine until it returns, or yields.
 *
 * One function for all instructions, for speed: each does here what is common, and leaves the rest to others. The numbers in
 * the cases are those of {@link Op}, literal because engines make a jump table of nothing else; the compiler checks them.
 * Before anything that may throw, call or look, the place in the code is noted in the frame.
 *
 * @returns how many results there are where the function was on the stack, or YIELDED
 */
export function execute(machine: Machine, coroutine: Coroutine): number {
  const stack = coroutine.stack;
  let frame = coroutine.frame;
  let closure = frame.closure as Closure;
  let prototype = closure.prototype;
  let code = prototype.code;
  let constants = prototype.constants;
  let base = frame.base;
  let pc = frame.pc;
  for (;;) {
    const registerA = base + code[pc + 1]!;
    const operandB = code[pc + 2]!;
    const operandC = code[pc + 3]!;
    switch (code[pc]!) {
      case 0 satisfies typeof Op.MOVE:
        stack[registerA] = stack[base + operandB];
        break;
      case 1 satisfies typeof Op.LOADK:
        stack[registerA] = constants[operandB];
        break;
      case 2 satisfies typeof Op.LOADNIL: {
        const last = base + operandB;
        for (let at = registerA; at <= last; at++) stack[at] = undefined;
        break;
      }
      case 3 satisfies typeof Op.GETUPVAL:
        stack[registerA] = closure.upvalues[operandB]!.value;
        break;
      case 4 satisfies typeof Op.SETUPVAL:
        closure.upvalues[operandB]!.value = stack[registerA];
        break;
      case 5 satisfies typeof Op.NEWCELL: {
        const at = registerA;
        stack[at] = new Cell(stack[at]) as unknown as LuaValue;
        allocation.bytes += 24;
        break;
      }
      case 6 satisfies typeof Op.GETCELL:
        stack[registerA] = (stack[base + operandB] as unknown as Cell).value;
        break;
      case 7 satisfies typeof Op.SETCELL:
        (stack[registerA] as unknown as Cell).value = stack[base + operandB];
        break;
      case 8 satisfies typeof Op.GETGLOBAL: {
        const { environment } = closure;
        const constant = operandB;
        const key = constants[constant] as string;
        let value = environment.getHashed(key, prototype.hashes[constant]!);
        if (value === undefined && environment.metatable !== undefined) {
          frame.pc = pc;
          value = indexField(machine, environment, key, prototype.hashes[constant]!);
        }
        stack[registerA] = value;
        break;
      }
      case 9 satisfies typeof Op.SETGLOBAL: {
        const { environment } = closure;
        const constant = operandB;
        const value = stack[registerA];
        if (environment.metatable === undefined && !environment.isReadonly) {
          environment.setHashed(constants[constant] as string, prototype.hashes[constant]!, value);
        } else {
          frame.pc = pc;
          setIndex(machine, environment, constants[constant], value);
        }
        break;
      }
      case 10 satisfies typeof Op.GETFIELD: {
        const object = stack[base + operandB];
        const constant = operandC;
        if (object instanceof LuaTable) {
          const value = object.getHashed(constants[constant] as string, prototype.hashes[constant]!);
          if (value !== undefined || object.metatable === undefined) {
            stack[registerA] = value;
            break;
          }
        }
        frame.pc = pc;
        stack[registerA] = indexField(
          machine,
          object,
          constants[constant] as string,
          prototype.hashes[constant]!,
        );
        break;
      }
      case 11 satisfies typeof Op.GETINDEX: {
        const object = stack[base + operandB];
        const key = stack[base + operandC];
        if (object instanceof LuaTable) {
          let value: LuaValue;
          if (typeof key === 'number') {
            const at = key - 1;
            if (at >= 0 && at < object.arraySize && (at | 0) === at) value = object.array[at];
            else value = object.getNumber(key);
          } else {
            value = object.get(key);
          }
          if (value !== undefined || object.metatable === undefined) {
            stack[registerA] = value;
            break;
          }
        }
        frame.pc = pc;
        stack[registerA] = index(machine, object, key);
        break;
      }
      case 12 satisfies typeof Op.SETFIELD: {
        const object = stack[registerA];
        const constant = operandB;
        const value = stack[base + operandC];
        if (object instanceof LuaTable && !object.isReadonly) {
          const { metatable } = object;
          if (metatable === undefined || (metatable.absentMetamethods & NEWINDEX_BIT) !== 0) {
            object.setHashed(constants[constant] as string, prototype.hashes[constant]!, value);
            break;
          }
        }
        frame.pc = pc;
        setIndex(machine, object, constants[constant], value);
        break;
      }
      case 13 satisfies typeof Op.SETINDEX: {
        const object = stack[registerA];
        const key = stack[base + operandB];
        const value = stack[base + operandC];
        if (object instanceof LuaTable && !object.isReadonly) {
          const { metatable } = object;
          if (metatable === undefined || (metatable.absentMetamethods & NEWINDEX_BIT) !== 0) {
            if (typeof key === 'number') {
              const at = key - 1;
              if (at >= 0 && at < object.arraySize && (at | 0) === at) {
                object.array[at] = value;
                break;
              }
              // NaN is the one number that is not itself.
              if (key === at + 1) {
                object.setNumber(key, value);
                break;
              }
            } else if (typeof key === 'string') {
              object.setString(key, value);
              break;
            }
          }
        }
        frame.pc = pc;
        setIndex(machine, object, key, value);
        break;
      }
      case 14 satisfies typeof Op.SELF: {
        const object = stack[base + operandB];
        const constant = operandC;
        const at = registerA;
        frame.pc = pc;
        const method = indexField(
          machine,
          object,
          constants[constant] as string,
          prototype.hashes[constant]!,
        );
        stack[at] = method;
        stack[at + 1] = object;
        break;
      }
      case 15 satisfies typeof Op.NEWTABLE:
        stack[registerA] = new LuaTable(operandB, operandC);
        break;
      case 16 satisfies typeof Op.SETLIST:
        setList(coroutine, registerA, operandB, operandC);
        break;
      case 17 satisfies typeof Op.ADD: {
        const b = stack[base + operandB];
        const c = stack[base + operandC];
        if (typeof b === 'number' && typeof c === 'number') {
          stack[registerA] = b + c;
        } else {
          frame.pc = pc;
          stack[registerA] = arithmetic(machine, ADD, b, c);
        }
        break;
      }
      case 18 satisfies typeof Op.SUB: {
        const b = stack[base + operandB];
        const c = stack[base + operandC];
        if (typeof b === 'number' && typeof c === 'number') {
          stack[registerA] = b - c;
        } else {
          frame.pc = pc;
          stack[registerA] = arithmetic(machine, SUB, b, c);
        }
        break;
      }
      case 19 satisfies typeof Op.MUL: {
        const b = stack[base + operandB];
        const c = stack[base + operandC];
        if (typeof b === 'number' && typeof c === 'number') {
          stack[registerA] = b * c;
        } else {
          frame.pc = pc;
          stack[registerA] = arithmetic(machine, MUL, b, c);
        }
        break;
      }
      case 20 satisfies typeof Op.DIV: {
        const b = stack[base + operandB];
        const c = stack[base + operandC];
        if (typeof b === 'number' && typeof c === 'number') {
          stack[registerA] = b / c;
        } else {
          frame.pc = pc;
          stack[registerA] = arithmetic(machine, DIV, b, c);
        }
        break;
      }
      case 21 satisfies typeof Op.MOD: {
        const b = stack[base + operandB];
        const c = stack[base + operandC];
        if (typeof b === 'number' && typeof c === 'number') {
          stack[registerA] = remainder(b, c);
        } else {
          frame.pc = pc;
          stack[registerA] = arithmetic(machine, MOD, b, c);
        }
        break;
      }
      case 22 satisfies typeof Op.POW: {
        const b = stack[base + operandB];
        const c = stack[base + operandC];
        if (typeof b === 'number' && typeof c === 'number') {
          stack[registerA] = power(b, c);
        } else {
          frame.pc = pc;
          stack[registerA] = arithmetic(machine, POW, b, c);
        }
        break;
      }
      case 23 satisfies typeof Op.ADDK: {
        const b = stack[base + operandB];
        const c = constants[operandC] as number;
        if (typeof b === 'number') {
          stack[registerA] = b + c;
        } else {
          frame.pc = pc;
          stack[registerA] = arithmetic(machine, ADD, b, c);
        }
        break;
      }
      case 24 satisfies typeof Op.SUBK: {
        const b = stack[base + operandB];
        const c = constants[operandC] as number;
        if (typeof b === 'number') {
          stack[registerA] = b - c;
        } else {
          frame.pc = pc;
          stack[registerA] = arithmetic(machine, SUB, b, c);
        }
        break;
      }
      case 25 satisfies typeof Op.MULK: {
        const b = stack[base + operandB];
        const c = constants[operandC] as number;
        if (typeof b === 'number') {
          stack[registerA] = b * c;
        } else {
          frame.pc = pc;
          stack[registerA] = arithmetic(machine, MUL, b, c);
        }
        break;
      }
      case 26 satisfies typeof Op.DIVK: {
        const b = stack[base + operandB];
        const c = constants[operandC] as number;
        if (typeof b === 'number') {
          stack[registerA] = b / c;
        } else {
          frame.pc = pc;
          stack[registerA] = arithmetic(machine, DIV, b, c);
        }
        break;
      }
      case 27 satisfies typeof Op.MODK: {
        const b = stack[base + operandB];
        const c = constants[operandC] as number;
        if (typeof b === 'number') {
          stack[registerA] = remainder(b, c);
        } else {
          frame.pc = pc;
          stack[registerA] = arithmetic(machine, MOD, b, c);
        }
        break;
      }
      case 28 satisfies typeof Op.POWK: {
        const b = stack[base + operandB];
        const c = constants[operandC] as number;
        if (typeof b === 'number') {
          stack[registerA] = power(b, c);
        } else {
          frame.pc = pc;
          stack[registerA] = arithmetic(machine, POW, b, c);
        }
        break;
      }
      case 29 satisfies typeof Op.UNM: {
        const b = stack[base + operandB];
        if (typeof b === 'number') {
          stack[registerA] = -b;
        } else {
          frame.pc = pc;
          stack[registerA] = negate(machine, b);
        }
        break;
      }
      case 30 satisfies typeof Op.NOT: {
        const b = stack[base + operandB];
        stack[registerA] = b === undefined || b === false;
        break;
      }
      case 31 satisfies typeof Op.LEN: {
        const b = stack[base + operandB];
        if (b instanceof LuaTable) {
          stack[registerA] = b.length();
        } else {
          frame.pc = pc;
          stack[registerA] = lengthOf(machine, b);
        }
        break;
      }
      case 32 satisfies typeof Op.CONCAT: {
        const first = base + operandB;
        const last = base + operandC;
        const b = stack[first];
        const c = stack[first + 1];
        if (
          last === first + 1 &&
          typeof b === 'string' &&
          typeof c === 'string' &&
          b.length + c.length < SHORT_STRING
        ) {
          allocation.bytes += b.length + c.length;
          stack[registerA] = b + c;
        } else {
          frame.pc = pc;
          stack[registerA] = concatenate(machine, stack, first, last);
        }
        break;
      }
      case 33 satisfies typeof Op.JUMP:
        pc = operandC;
        continue;
      case 34 satisfies typeof Op.LOOP:
        machine.stepsLeft -= operandB;
        if (machine.stepsLeft < 0) {
          frame.pc = pc;
          machine.look();
        }
        pc = operandC;
        continue;
      case 35 satisfies typeof Op.IF: {
        const a = stack[registerA];
        if (a !== undefined && a !== false) {
          pc = operandC;
          continue;
        }
        break;
      }
      case 36 satisfies typeof Op.IFNOT: {
        const a = stack[registerA];
        if (a === undefined || a === false) {
          pc = operandC;
          continue;
        }
        break;
      }
      case 37 satisfies typeof Op.IFSET: {
        const b = stack[base + operandB];
        if (b !== undefined && b !== false) {
          stack[registerA] = b;
          pc = operandC;
          continue;
        }
        break;
      }
      case 38 satisfies typeof Op.IFNOTSET: {
        const b = stack[base + operandB];
        if (b === undefined || b === false) {
          stack[registerA] = b;
          pc = operandC;
          continue;
        }
        break;
      }
      case 39 satisfies typeof Op.EQ: {
        const a = stack[registerA];
        const b = stack[base + operandB];
        let isTrue = a === b;
        if (typeof a === 'string') {
          if (a.length > LONG_TEXT) lookedAt(a.length);
        } else if (!isTrue && a instanceof LuaTable) {
          frame.pc = pc;
          isTrue = equals(machine, a, b);
        }
        if (isTrue) {
          pc = operandC;
          continue;
        }
        break;
      }
      case 40 satisfies typeof Op.NEQ: {
        const a = stack[registerA];
        const b = stack[base + operandB];
        let isTrue = a === b;
        if (typeof a === 'string') {
          if (a.length > LONG_TEXT) lookedAt(a.length);
        } else if (!isTrue && a instanceof LuaTable) {
          frame.pc = pc;
          isTrue = equals(machine, a, b);
        }
        if (!isTrue) {
          pc = operandC;
          continue;
        }
        break;
      }
      case 41 satisfies typeof Op.LT: {
        const a = stack[registerA];
        const b = stack[base + operandB];
        let isTrue: boolean;
        if (typeof a === 'number' && typeof b === 'number') {
          isTrue = a < b;
        } else {
          frame.pc = pc;
          isTrue = lessThan(machine, a, b);
        }
        if (isTrue) {
          pc = operandC;
          continue;
        }
        break;
      }
      case 42 satisfies typeof Op.NLT: {
        const a = stack[registerA];
        const b = stack[base + operandB];
        let isTrue: boolean;
        if (typeof a === 'number' && typeof b === 'number') {
          isTrue = a < b;
        } else {
          frame.pc = pc;
          isTrue = lessThan(machine, a, b);
        }
        if (!isTrue) {
          pc = operandC;
          continue;
        }
        break;
      }
      case 43 satisfies typeof Op.LE: {
        const a = stack[registerA];
        const b = stack[base + operandB];
        let isTrue: boolean;
        if (typeof a === 'number' && typeof b === 'number') {
          isTrue = a <= b;
        } else {
          frame.pc = pc;
          isTrue = lessEqual(machine, a, b);
        }
        if (isTrue) {
          pc = operandC;
          continue;
        }
        break;
      }
      case 44 satisfies typeof Op.NLE: {
        const a = stack[registerA];
        const b = stack[base + operandB];
        let isTrue: boolean;
        if (typeof a === 'number' && typeof b === 'number') {
          isTrue = a <= b;
        } else {
          frame.pc = pc;
          isTrue = lessEqual(machine, a, b);
        }
        if (!isTrue) {
          pc = operandC;
          continue;
        }
        break;
      }
      case 45 satisfies typeof Op.EQK:
        if (stack[registerA] === constants[operandB]) {
          pc = operandC;
          continue;
        }
        break;
      case 46 satisfies typeof Op.NEQK:
        if (stack[registerA] !== constants[operandB]) {
          pc = operandC;
          continue;
        }
        break;
      case 47 satisfies typeof Op.LTK: {
        const a = stack[registerA];
        const b = constants[operandB] as number;
        let isTrue: boolean;
        if (typeof a === 'number') {
          isTrue = a < b;
        } else {
          frame.pc = pc;
          isTrue = lessThan(machine, a, b);
        }
        if (isTrue) {
          pc = operandC;
          continue;
        }
        break;
      }
      case 48 satisfies typeof Op.NLTK: {
        const a = stack[registerA];
        const b = constants[operandB] as number;
        let isTrue: boolean;
        if (typeof a === 'number') {
          isTrue = a < b;
        } else {
          frame.pc = pc;
          isTrue = lessThan(machine, a, b);
        }
        if (!isTrue) {
          pc = operandC;
          continue;
        }
        break;
      }
      case 49 satisfies typeof Op.LEK: {
        const a = stack[registerA];
        const b = constants[operandB] as number;
        let isTrue: boolean;
        if (typeof a === 'number') {
          isTrue = a <= b;
        } else {
          frame.pc = pc;
          isTrue = lessEqual(machine, a, b);
        }
        if (isTrue) {
          pc = operandC;
          continue;
        }
        break;
      }
      case 50 satisfies typeof Op.NLEK: {
        const a = stack[registerA];
        const b = constants[operandB] as number;
        let isTrue: boolean;
        if (typeof a === 'number') {
          isTrue = a <= b;
        } else {
          frame.pc = pc;
          isTrue = lessEqual(machine, a, b);
        }
        if (!isTrue) {
          pc = operandC;
          continue;
        }
        break;
      }
      case 51 satisfies typeof Op.GTK: {
        const a = stack[registerA];
        const b = constants[operandB] as number;
        let isTrue: boolean;
        if (typeof a === 'number') {
          isTrue = a > b;
        } else {
          frame.pc = pc;
          isTrue = lessThan(machine, b, a);
        }
        if (isTrue) {
          pc = operandC;
          continue;
        }
        break;
      }
      case 52 satisfies typeof Op.NGTK: {
        const a = stack[registerA];
        const b = constants[operandB] as number;
        let isTrue: boolean;
        if (typeof a === 'number') {
          isTrue = a > b;
        } else {
          frame.pc = pc;
          isTrue = lessThan(machine, b, a);
        }
        if (!isTrue) {
          pc = operandC;
          continue;
        }
        break;
      }
      case 53 satisfies typeof Op.GEK: {
        const a = stack[registerA];
        const b = constants[operandB] as number;
        let isTrue: boolean;
        if (typeof a === 'number') {
          isTrue = a >= b;
        } else {
          frame.pc = pc;
          isTrue = lessEqual(machine, b, a);
        }
        if (isTrue) {
          pc = operandC;
          continue;
        }
        break;
      }
      case 54 satisfies typeof Op.NGEK: {
        const a = stack[registerA];
        const b = constants[operandB] as number;
        let isTrue: boolean;
        if (typeof a === 'number') {
          isTrue = a >= b;
        } else {
          frame.pc = pc;
          isTrue = lessEqual(machine, b, a);
        }
        if (!isTrue) {
          pc = operandC;
          continue;
        }
        break;
      }
      case 55 satisfies typeof Op.CALL: {
        const at = registerA;
        const given = operandB;
        let argumentCount = given === 0 ? coroutine.top - at - 1 : given - 1;
        frame.pc = pc;
        machine.stepsLeft -= 5 + argumentCount;
        if (machine.stepsLeft < 0) machine.look();
        let callee = stack[at];
        if (!(callee instanceof Closure) && !(callee instanceof NativeFunction)) {
          callee = prepareCall(machine, coroutine, at, argumentCount);
          argumentCount++;
        }
        if (callee instanceof Closure) {
          frame = enter(coroutine, callee, at, argumentCount, operandC - 1);
          closure = callee;
          prototype = closure.prototype;
          code = prototype.code;
          constants = prototype.constants;
          base = frame.base;
          pc = 0;
          continue;
        }
        const count = callNative(machine, coroutine, callee, at, argumentCount);
        const wanted = operandC - 1;
        if (count !== wanted) {
          if (count === YIELDED) return YIELDED;
          if (wanted < 0) coroutine.top = at + count;
          else for (let index = count; index < wanted; index++) stack[at + index] = undefined;
        }
        break;
      }
      case 56 satisfies typeof Op.TAILCALL: {
        const at = registerA;
        const given = operandB;
        let argumentCount = given === 0 ? coroutine.top - at - 1 : given - 1;
        frame.pc = pc;
        machine.stepsLeft -= 5 + argumentCount;
        if (machine.stepsLeft < 0) machine.look();
        let callee = stack[at];
        if (!(callee instanceof Closure || callee instanceof NativeFunction)) {
          callee = prepareCall(machine, coroutine, at, argumentCount);
          argumentCount++;
        }
        if (callee instanceof Closure) {
          // The new function takes the frame, and the place on the stack, of this one.
          const { returnBase, resultCount, kind, tailCalls } = frame;
          stack[returnBase] = callee;
          for (let index = 1; index <= argumentCount; index++) stack[returnBase + index] = stack[at + index];
          coroutine.frame = frame.previous!;
          frame = enter(coroutine, callee, returnBase, argumentCount, resultCount);
          frame.kind = kind;
          frame.tailCalls = tailCalls + 1;
          closure = callee;
          prototype = closure.prototype;
          code = prototype.code;
          constants = prototype.constants;
          base = frame.base;
          pc = 0;
          continue;
        }
        const count = callNative(machine, coroutine, callee, at, argumentCount);
        if (count === YIELDED) return YIELDED;
        coroutine.top = at + count;
        break;
      }
      case 57 satisfies typeof Op.RETURN: {
        const first = registerA;
        const given = operandB;
        const count = given === 0 ? coroutine.top - first : given - 1;
        if (finishReturn(coroutine, frame, first, count)) return count;
        coroutine.frame = frame = frame.previous!;
        closure = frame.closure as Closure;
        prototype = closure.prototype;
        code = prototype.code;
        constants = prototype.constants;
        base = frame.base;
        pc = frame.pc + 4;
        continue;
      }
      case 58 satisfies typeof Op.RETURN0: {
        if (frame.kind !== 0 || frame.resultCount !== 0) {
          if (finishReturn(coroutine, frame, base, 0)) return 0;
        }
        coroutine.frame = frame = frame.previous!;
        closure = frame.closure as Closure;
        prototype = closure.prototype;
        code = prototype.code;
        constants = prototype.constants;
        base = frame.base;
        pc = frame.pc + 4;
        continue;
      }
      case 59 satisfies typeof Op.RETURN1: {
        if (frame.kind !== 0 || frame.resultCount !== 1) {
          if (finishReturn(coroutine, frame, registerA, 1)) return 1;
        } else {
          stack[frame.returnBase] = stack[registerA];
        }
        coroutine.frame = frame = frame.previous!;
        closure = frame.closure as Closure;
        prototype = closure.prototype;
        code = prototype.code;
        constants = prototype.constants;
        base = frame.base;
        pc = frame.pc + 4;
        continue;
      }
      case 60 satisfies typeof Op.VARARG:
        frame.pc = pc;
        copyVarargs(machine, coroutine, frame, registerA, operandB - 1);
        break;
      case 61 satisfies typeof Op.CLOSURE:
        stack[registerA] = makeClosure(closure, operandB, stack, base);
        break;
      case 62 satisfies typeof Op.FORPREP:
        frame.pc = pc;
        prepareLoop(machine, stack, registerA);
        pc = operandC;
        continue;
      case 63 satisfies typeof Op.FORLOOP: {
        const at = registerA;
        const step = stack[at + 2] as number;
        const next = (stack[at] as number) + step;
        const limit = stack[at + 1] as number;
        if (step > 0 ? next <= limit : limit <= next) {
          stack[at] = next;
          stack[at + 3] = next;
          machine.stepsLeft -= operandB;
          if (machine.stepsLeft < 0) {
            frame.pc = pc;
            machine.look();
          }
          pc = operandC;
          continue;
        }
        break;
      }
      case 64 satisfies typeof Op.ITERATE: {
        const at = registerA;
        let callee = stack[at];
        frame.pc = pc;
        stack[at + 3] = callee;
        stack[at + 4] = stack[at + 1];
        stack[at + 5] = stack[at + 2];
        let argumentCount = 2;
        if (!(callee instanceof Closure || callee instanceof NativeFunction)) {
          callee = prepareCall(machine, coroutine, at + 3, argumentCount);
          argumentCount++;
        }
        coroutine.nestedCalls++;
        if (callee instanceof Closure) {
          frame = enter(coroutine, callee, at + 3, argumentCount, operandB);
          frame.kind = FrameKind.ITERATOR;
          closure = callee;
          prototype = closure.prototype;
          code = prototype.code;
          constants = prototype.constants;
          base = frame.base;
          pc = 0;
          continue;
        }
        callIterator(machine, coroutine, callee, at + 3, argumentCount, operandB);
        coroutine.nestedCalls--;
        break;
      }
      case 65 satisfies typeof Op.ITERATED: {
        const at = registerA;
        const control = stack[at + 3];
        if (control !== undefined) {
          stack[at + 2] = control;
          machine.stepsLeft -= operandB;
          if (machine.stepsLeft < 0) {
            frame.pc = pc;
            machine.look();
          }
          pc = operandC;
          continue;
        }
        break;
      }
      case 66 satisfies typeof Op.ARGTABLE:
        stack[registerA] = argumentTable(stack, frame);
        break;
      default:
        throw new Error('no such instruction');
    }
    pc += 4;
  }
}
