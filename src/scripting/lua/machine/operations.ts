import { allocation } from '../values/allocation.ts';
import { power, remainder } from '../values/arithmetic.ts';
import { READONLY_TABLE } from '../values/lua-error.ts';
import { LuaTable } from '../values/lua-table.ts';
import { LONG_TEXT, lookedAt } from '../values/metering.ts';
import { NativeFunction } from '../values/native-function.ts';
import { numberOfText, textOfNumber } from '../values/number-text.ts';
import { typeName } from '../values/type-name.ts';
import { Userdata } from '../values/userdata.ts';
import type { LuaFunction, LuaValue } from '../values/value.ts';
import { Closure } from './closure.ts';
import type { Machine } from './machine.ts';
import {
  ADD,
  CONCAT,
  DIV,
  EQ,
  type Event,
  INDEX,
  LE,
  LEN,
  LT,
  MOD,
  MUL,
  NEWINDEX,
  POW,
  SUB,
  UNM,
} from './metamethods.ts';

/*
 * What the instructions do when the values are not the ones they are quick for: metatables, coercions, errors.
 * Natives use them too. Whoever runs a Lua function must have noted the place in the code in its frame before.
 */

/** How long a chain of `__index` or `__newindex` may be. */
const LONGEST_CHAIN = 100;

/** The longest string there can be: a little less than what any engine has. */
export const LONGEST_STRING = 2 ** 29 - 64;

export function metatableOf(machine: Machine, value: LuaValue): LuaTable | undefined {
  if (typeof value === 'string') return machine.stringMetatable;
  if (value instanceof LuaTable || value instanceof Userdata) return value.metatable;
  return undefined;
}

export function metamethodOf(machine: Machine, value: LuaValue, event: Event): LuaValue {
  return event.in(metatableOf(machine, value));
}

export function isFunction(value: LuaValue): value is LuaFunction {
  return value instanceof Closure || value instanceof NativeFunction;
}

/** `object[key]` */
export function index(machine: Machine, object: LuaValue, key: LuaValue): LuaValue {
  let holder = object;
  for (let chain = 0; chain < LONGEST_CHAIN; chain++) {
    let metamethod: LuaValue;
    if (holder instanceof LuaTable) {
      const value = holder.get(key);
      if (value !== undefined) return value;
      metamethod = INDEX.in(holder.metatable);
      if (metamethod === undefined) return undefined;
    } else {
      metamethod = metamethodOf(machine, holder, INDEX);
      if (metamethod === undefined) throw machine.typeError(holder, 'index', chain === 0 ? 0 : -1);
    }
    if (!(metamethod instanceof LuaTable) && isFunction(metamethod)) {
      return machine.callFirst(metamethod, holder, key);
    }
    holder = metamethod;
  }
  throw machine.runtimeError('loop in gettable');
}

/** `object[key]` of a field whose name's hash is known. */
export function indexField(machine: Machine, object: LuaValue, key: string, hash: number): LuaValue {
  let holder = object;
  for (let chain = 0; chain < LONGEST_CHAIN; chain++) {
    let metamethod: LuaValue;
    if (holder instanceof LuaTable) {
      const value = holder.getHashed(key, hash);
      if (value !== undefined) return value;
      metamethod = INDEX.in(holder.metatable);
      if (metamethod === undefined) return undefined;
    } else {
      metamethod = metamethodOf(machine, holder, INDEX);
      if (metamethod === undefined) throw machine.typeError(holder, 'index', chain === 0 ? 0 : -1);
    }
    if (!(metamethod instanceof LuaTable) && isFunction(metamethod)) {
      return machine.callFirst(metamethod, holder, key);
    }
    holder = metamethod;
  }
  throw machine.runtimeError('loop in gettable');
}

/** `object[key] = value` */
export function setIndex(machine: Machine, object: LuaValue, key: LuaValue, value: LuaValue): void {
  let holder = object;
  for (let chain = 0; chain < LONGEST_CHAIN; chain++) {
    let metamethod: LuaValue;
    if (holder instanceof LuaTable) {
      metamethod = NEWINDEX.in(holder.metatable);
      if (metamethod === undefined || holder.get(key) !== undefined) {
        setRaw(machine, holder, key, value);
        return;
      }
    } else {
      metamethod = metamethodOf(machine, holder, NEWINDEX);
      if (metamethod === undefined) throw machine.typeError(holder, 'index', chain === 0 ? 0 : -1);
    }
    if (isFunction(metamethod)) {
      machine.callFirst(metamethod, holder, key, value, 3);
      return;
    }
    holder = metamethod;
  }
  throw machine.runtimeError('loop in settable');
}

function setRaw(machine: Machine, table: LuaTable, key: LuaValue, value: LuaValue): void {
  if (table.isReadonly) throw machine.runtimeError(READONLY_TABLE);
  if (key === undefined) throw machine.runtimeError('table index is nil');
  if (typeof key === 'number' && Number.isNaN(key)) throw machine.runtimeError('table index is NaN');
  table.set(key, value);
}

function toNumber(value: LuaValue): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? numberOfText(value) : undefined;
}

/** `a op b` */
export function arithmetic(machine: Machine, event: Event, a: LuaValue, b: LuaValue): LuaValue {
  const left = toNumber(a);
  const right = left === undefined ? undefined : toNumber(b);
  if (left !== undefined && right !== undefined) {
    switch (event) {
      case ADD:
        return left + right;
      case SUB:
        return left - right;
      case MUL:
        return left * right;
      case DIV:
        return left / right;
      case MOD:
        return remainder(left, right);
      case POW:
        return power(left, right);
      default:
        return -left;
    }
  }
  const metamethod = metamethodOf(machine, a, event) ?? metamethodOf(machine, b, event);
  if (metamethod !== undefined) return machine.callFirst(metamethod, a, b);
  throw left === undefined
    ? machine.typeError(a, 'perform arithmetic on', 0)
    : machine.typeError(b, 'perform arithmetic on', 1);
}

/** `-a` */
export function negate(machine: Machine, a: LuaValue): LuaValue {
  return arithmetic(machine, UNM, a, a);
}

/** `#a` */
export function lengthOf(machine: Machine, value: LuaValue): LuaValue {
  if (value instanceof LuaTable) return value.length();
  if (typeof value === 'string') return value.length;
  const metamethod = metamethodOf(machine, value, LEN);
  if (metamethod === undefined) throw machine.typeError(value, 'get length of', 0);
  return machine.callFirst(metamethod, value, undefined);
}

function isText(value: LuaValue): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** `a .. b`, both strings or numbers. */
function join(machine: Machine, a: string | number, b: string | number): string {
  const left = typeof a === 'string' ? a : textOfNumber(a);
  const right = typeof b === 'string' ? b : textOfNumber(b);
  const length = left.length + right.length;
  if (length > LARGE_STRING) {
    if (length > LONGEST_STRING) throw machine.runtimeError('string length overflow');
    machine.allocate(length);
    // It is copied when somebody looks into it.
    machine.spend(length >>> 6);
  } else {
    allocation.bytes += length;
  }
  return left + right;
}

/** Strings from this length on are asked for before they are made. */
const LARGE_STRING = 100_000;

/** The concatenation of the values in registers, from the last to the first. */
export function concatenate(
  machine: Machine,
  stack: readonly LuaValue[],
  first: number,
  last: number,
): LuaValue {
  let result = stack[last];
  for (let at = last - 1; at >= first; at--) {
    const left = stack[at];
    if (isText(left) && isText(result)) {
      result = join(machine, left, result);
      continue;
    }
    const metamethod = metamethodOf(machine, left, CONCAT) ?? metamethodOf(machine, result, CONCAT);
    if (metamethod === undefined) {
      const isRight = isText(left);
      throw machine.typeError(isRight ? result : left, 'concatenate', (isRight ? at + 1 : at) - first);
    }
    result = machine.callFirst(metamethod, left, result);
  }
  return result;
}

/** `a == b`, where they are not the same. */
export function equals(machine: Machine, a: LuaValue, b: LuaValue): boolean {
  if (a === b) return true;
  let metamethod: LuaValue;
  if (a instanceof LuaTable) {
    if (!(b instanceof LuaTable)) return false;
    metamethod = sameMetamethod(a.metatable, b.metatable, EQ);
  } else if (a instanceof Userdata) {
    if (!(b instanceof Userdata)) return false;
    metamethod = sameMetamethod(a.metatable, b.metatable, EQ);
  }
  if (metamethod === undefined) return false;
  return isTrue(machine.callFirst(metamethod, a, b));
}

function sameMetamethod(a: LuaTable | undefined, b: LuaTable | undefined, event: Event): LuaValue {
  const metamethod = event.in(a);
  if (metamethod === undefined || a === b) return metamethod;
  return event.in(b) === metamethod ? metamethod : undefined;
}

function isTrue(value: LuaValue): boolean {
  return value !== undefined && value !== false;
}

/** Pays for comparing two texts, if both are long. */
function comparesTexts(a: string, b: string): void {
  if (a.length > LONG_TEXT && b.length > LONG_TEXT) lookedAt(Math.min(a.length, b.length));
}

/** `a < b` */
export function lessThan(machine: Machine, a: LuaValue, b: LuaValue): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (typeof a === 'string' && typeof b === 'string') {
    comparesTexts(a, b);
    return a < b;
  }
  if (typeName(a) === typeName(b)) {
    const metamethod = metamethodOf(machine, a, LT);
    if (metamethod !== undefined && metamethod === metamethodOf(machine, b, LT)) {
      return isTrue(machine.callFirst(metamethod, a, b));
    }
  }
  throw machine.compareError(a, b);
}

/** `a <= b` */
export function lessEqual(machine: Machine, a: LuaValue, b: LuaValue): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a <= b;
  if (typeof a === 'string' && typeof b === 'string') {
    comparesTexts(a, b);
    return a <= b;
  }
  if (typeName(a) === typeName(b)) {
    let metamethod = metamethodOf(machine, a, LE);
    if (metamethod !== undefined && metamethod === metamethodOf(machine, b, LE)) {
      return isTrue(machine.callFirst(metamethod, a, b));
    }
    metamethod = metamethodOf(machine, b, LT);
    if (metamethod !== undefined && metamethod === metamethodOf(machine, a, LT)) {
      return !isTrue(machine.callFirst(metamethod, b, a));
    }
  }
  throw machine.compareError(a, b);
}

/** Makes the three numbers of a loop numbers. @throws LuaError if one is none */
export function prepareLoop(machine: Machine, stack: LuaValue[], at: number): void {
  const start = toNumber(stack[at]);
  if (start === undefined) throw machine.runtimeError("'for' initial value must be a number");
  const limit = toNumber(stack[at + 1]);
  if (limit === undefined) throw machine.runtimeError("'for' limit must be a number");
  const step = toNumber(stack[at + 2]);
  if (step === undefined) throw machine.runtimeError("'for' step must be a number");
  stack[at] = start - step;
  stack[at + 1] = limit;
  stack[at + 2] = step;
}
