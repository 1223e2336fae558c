import { nextOf, stepOfIpairs } from '../machine/iteration.ts';
import { addressOf } from '../values/address.ts';
import { LuaError, READONLY_TABLE } from '../values/lua-error.ts';
import { LuaTable } from '../values/lua-table.ts';
import type { NativeCall } from '../values/native-call.ts';
import { type NativeBody, NativeFunction, type NativeResult, NO_RESULTS } from '../values/native-function.ts';
import { textOfNumber } from '../values/number-text.ts';
import { typeName } from '../values/type-name.ts';
import { Userdata } from '../values/userdata.ts';
import type { LuaFunction, LuaValue } from '../values/value.ts';
import { type Collector, collectgarbage } from './collectgarbage.ts';
import { metatableOf } from './index-value.ts';
import { mostResults } from './limits.ts';
import { loadFrom, loadstringFrom } from './load.ts';
import { tonumber } from './tonumber.ts';

export interface BaseLibraryOptions {
  /**
   * Compiles a source for `load` and `loadstring`. The chunk's name is as they are given it: `=name`, `@file` or the source itself.
   *
   * @throws LuaError if it does not compile
   */
  readonly compile: (source: string, chunkName: string) => LuaFunction;
  /** About how many bytes the values that are alive take. */
  readonly liveBytes: () => number;
  /** Functions that are made elsewhere but belong to this library, such as `pcall`: each gets its place in the order. */
  readonly others?: Readonly<Record<string, NativeFunction>>;
  /** Functions that are to be left out. */
  readonly without?: ReadonlySet<string>;
}

/**
 * Puts the base library of 5.1 into the table of globals, in the reference's order: `_G`, `_VERSION` and all functions but those
 * that read files or print. `pcall` and what else needs the inside of the machine comes by `options.others`.
 */
export function fillBaseLibrary(globals: LuaTable, options: BaseLibraryOptions): void {
  const { others = {}, without = new Set<string>() } = options;
  const collector: Collector = { liveBytes: options.liveBytes, pause: 200, stepMultiplier: 200 };
  // Not the global `next`, as in the reference.
  const pairsStep = new NativeFunction('next', nextOf);
  const ipairsStep = new NativeFunction('ipairs', stepOfIpairs);
  const own: Readonly<Record<string, NativeBody>> = {
    assert,
    collectgarbage: (call) => collectgarbage(call, collector),
    gcinfo: () => Math.floor(collector.liveBytes() / 1024),
    getmetatable,
    load: loadFrom(options.compile),
    loadstring: loadstringFrom(options.compile),
    rawequal,
    rawget,
    rawset,
    select,
    setmetatable,
    tonumber,
    tostring,
    type: (call) => typeName(call.any(1)),
    unpack,
    ipairs: (call) => [ipairsStep, call.table(1), 0],
    next: nextOf,
    pairs: (call) => [pairsStep, call.table(1), undefined],
  };
  const register = (name: string) => {
    if (without.has(name)) return;
    const body = own[name];
    const made = others[name];
    if (made !== undefined) globals.setString(name, made);
    else if (body !== undefined) globals.setString(name, new NativeFunction(name, body));
  };
  globals.setString('_G', globals);
  for (const name of FIRST_FUNCTIONS) register(name);
  globals.setString('_VERSION', 'Lua 5.1');
  for (const name of LAST_FUNCTIONS) register(name);
}

/** In the order the reference registers them: `pairs(_G)` shows it. */
const FIRST_FUNCTIONS = [
  ...['assert', 'collectgarbage', 'dofile', 'error', 'gcinfo', 'getfenv', 'getmetatable', 'loadfile', 'load'],
  ...['loadstring', 'next', 'pcall', 'print', 'rawequal', 'rawget', 'rawset', 'select', 'setfenv'],
  ...['setmetatable', 'tonumber', 'tostring', 'type', 'unpack', 'xpcall'],
];
const LAST_FUNCTIONS = ['ipairs', 'pairs', 'newproxy'];

function assert(call: NativeCall): NativeResult {
  const value = call.any(1);
  if (value === undefined || value === false) throw call.error(call.optionalString(2, 'assertion failed!'));
  return call.count === 1 ? value : call.rest();
}

function getmetatable(call: NativeCall): NativeResult {
  const metatable = metatableOf(call, call.any(1));
  return metatable?.getString('__metatable') ?? metatable;
}

function setmetatable(call: NativeCall): NativeResult {
  const table = call.table(1);
  const metatable = call.value(2);
  if (call.count < 2 || !(metatable === undefined || metatable instanceof LuaTable)) {
    throw call.argumentError(2, 'nil or table expected');
  }
  if (table.metatable?.getString('__metatable') !== undefined) {
    throw call.error('cannot change a protected metatable');
  }
  refuseReadonly(table);
  table.metatable = metatable;
  return table;
}

/** Without a position: the reference raises this from within a C function. */
function refuseReadonly(table: LuaTable): void {
  if (table.isReadonly) throw new LuaError(READONLY_TABLE);
}

function rawequal(call: NativeCall): NativeResult {
  return call.any(1) === call.any(2);
}

function rawget(call: NativeCall): NativeResult {
  const table = call.table(1);
  return table.get(call.any(2));
}

function rawset(call: NativeCall): NativeResult {
  const table = call.table(1);
  const key = call.any(2);
  const value = call.any(3);
  refuseReadonly(table);
  table.set(key, value);
  return table;
}

function select(call: NativeCall): NativeResult {
  const selector = call.value(1);
  const { count } = call;
  if (typeof selector === 'string' && selector.startsWith('#')) return count - 1;
  let index = call.integer(1) | 0;
  if (index < 0) index += count;
  else if (index > count) index = count;
  if (index < 1) throw call.argumentError(1, 'index out of range');
  return call.rest(index + 1);
}

function unpack(call: NativeCall): NativeResult {
  const table = call.table(1);
  const from = call.optionalInteger(2, 1) | 0;
  const to = call.value(3) === undefined ? table.length() : call.integer(3) | 0;
  if (from > to) return NO_RESULTS;
  const count = to - from + 1;
  if (count > mostResults(call)) throw call.error('too many results to unpack');
  const { array, arraySize } = table;
  if (from >= 1 && to <= arraySize) return array.slice(from - 1, to);
  const values: LuaValue[] = [];
  for (let index = from; index <= to; index++) values.push(table.getNumber(index));
  return values;
}

/** `tostring`. What `__tostring` gives is given as it is, even if it is no string. */
function tostring(call: NativeCall): NativeResult {
  const value = call.any(1);
  switch (typeof value) {
    case 'number':
      return textOfNumber(value);
    case 'undefined':
      return 'nil';
    case 'boolean':
      return value ? 'true' : 'false';
    default: {
      const convert = metatableOf(call, value)?.getString('__tostring');
      if (convert !== undefined) return call.machine.callFirst(convert, value, undefined, undefined, 1);
      return textOf(value);
    }
  }
}

/** What a value is and where it lies, as `tostring` writes it without metamethods. */
function textOf(value: Exclude<LuaValue, undefined | boolean | number>): string {
  if (typeof value === 'string') return value;
  const address = value instanceof Userdata ? value.address : addressOf(value);
  return `${typeName(value)}: ${address}`;
}
