import { fromLatin1 } from '../bytes/byte-string.ts';
import { ReplyError } from '../errors.ts';
import { LuaTable } from './lua/values/lua-table.ts';
import type { LuaValue } from './lua/values/value.ts';
import type { ReplyTarget } from './scripting.ts';

/** So deep may an answer be nested: Redis's stack ends there. */
export const DEEPEST = 7995;
const LEAST_INT64 = -(2n ** 63n);

/** A table whose values are being written. */
interface Level {
  readonly table: LuaTable;
  readonly kind: 'array' | 'map' | 'set';
  /** Of an array the last index written, else the last position. */
  at: number;
  /** How many values are still to come. */
  missing: number;
  /** Of a map: the key was written, and its value is next. */
  isValueNext: boolean;
}

/**
 * Writes what a script returned as Redis replies it: numbers cut to integers, tables as arrays up to their first nil,
 * tables with certain fields (`ok`, `err`, `double`, …) as what those mean. O(n), whatever the nesting.
 *
 * @param makeError makes the errors among the values
 * @param resp which replies the script's own commands get (`redis.setresp`): it decides what a boolean is
 */
export function writeAnswer(
  value: LuaValue,
  target: ReplyTarget,
  resp: 2 | 3,
  makeError: (table: LuaTable, message: string) => ReplyError,
): void {
  if (!(value instanceof LuaTable)) {
    writeScalar(value, target, resp);
    return;
  }
  const levels: Level[] = [];
  let next: LuaValue = value;
  for (;;) {
    const opened = writeValue(next, target, resp, makeError, levels.length);
    if (opened !== undefined) levels.push(opened);
    let level = levels.at(-1);
    while (level !== undefined && level.missing === 0) {
      levels.pop();
      level = levels.at(-1);
    }
    if (level === undefined) return;
    next = nextOf(level);
  }
}

function nextOf(level: Level): LuaValue {
  level.missing--;
  if (level.kind === 'array') return level.table.getNumber(++level.at);
  if (level.isValueNext) {
    level.isValueNext = false;
    return level.table.valueAt(level.at);
  }
  level.at = level.table.nextPosition(level.at);
  level.isValueNext = level.kind === 'map';
  return level.table.keyAt(level.at);
}

/** Writes a value, or of a table what announces it; then its level. */
function writeValue(
  value: LuaValue,
  target: ReplyTarget,
  resp: 2 | 3,
  makeError: (table: LuaTable, message: string) => ReplyError,
  depth: number,
): Level | undefined {
  if (value instanceof LuaTable) return writeTable(value, target, makeError, depth);
  writeScalar(value, target, resp);
  return undefined;
}

function writeScalar(value: LuaValue, target: ReplyTarget, resp: 2 | 3): void {
  switch (typeof value) {
    case 'string':
      target.bulk(fromLatin1(value));
      break;
    case 'number':
      target.integer(integerOf(value));
      break;
    case 'boolean':
      if (resp === 3) target.boolean(value);
      else if (value) target.integer(1);
      else target.nil();
      break;
    default:
      target.nil();
  }
}

function writeTable(
  table: LuaTable,
  target: ReplyTarget,
  makeError: (table: LuaTable, message: string) => ReplyError,
  depth: number,
): Level | undefined {
  if (depth >= DEEPEST) {
    target.error(new ReplyError('ERR reached lua stack limit'));
    return undefined;
  }
  if (table.nodeCount === 0) return writeArray(table, target);
  const err = table.getString('err');
  if (typeof err === 'string') {
    target.error(makeError(table, lineOf(err)));
    return undefined;
  }
  const ok = table.getString('ok');
  if (typeof ok === 'string') {
    target.simple(lineOf(ok));
    return undefined;
  }
  const double = table.getString('double');
  if (typeof double === 'number') {
    target.double(double);
    return undefined;
  }
  const bigNumber = table.getString('big_number');
  if (typeof bigNumber === 'string') {
    target.bigNumber(oneLine(bigNumber));
    return undefined;
  }
  if (writeVerbatim(table, target)) return undefined;
  const map = table.getString('map');
  if (map instanceof LuaTable) {
    const pairs = countPairs(map);
    target.map(pairs);
    return { table: map, kind: 'map', at: 0, missing: 2 * pairs, isValueNext: false };
  }
  const set = table.getString('set');
  if (set instanceof LuaTable) {
    const size = countPairs(set);
    target.set(size);
    return { table: set, kind: 'set', at: 0, missing: size, isValueNext: false };
  }
  return writeArray(table, target);
}

/** Whether it was one. */
function writeVerbatim(table: LuaTable, target: ReplyTarget): boolean {
  const verbatim = table.getString('verbatim_string');
  if (!(verbatim instanceof LuaTable)) return false;
  const format = verbatim.getString('format');
  const text = verbatim.getString('string');
  if (typeof format !== 'string' || typeof text !== 'string') return false;
  target.verbatim(format.slice(0, 3).padEnd(3), fromLatin1(text));
  return true;
}

function writeArray(table: LuaTable, target: ReplyTarget): Level {
  let length = 0;
  while (table.getNumber(length + 1) !== undefined) length++;
  target.array(length);
  return { table, kind: 'array', at: 0, missing: length, isValueNext: false };
}

function countPairs(table: LuaTable): number {
  let count = 0;
  for (let at = table.nextPosition(0); at !== 0; at = table.nextPosition(at)) count++;
  return count;
}

/** Cut to 64 bits as C casts it. */
function integerOf(value: number): number | bigint {
  if (Number.isSafeInteger(value)) return value + 0;
  if (!(Math.abs(value) < 2 ** 63)) return LEAST_INT64;
  const cut = Math.trunc(value) + 0;
  return Number.isSafeInteger(cut) ? cut : BigInt(cut);
}

/** The text of a status or an error that Lua holds, as C reads it: up to a zero byte. */
export function lineOf(text: string): string {
  const end = text.indexOf('\0');
  return oneLine(fromLatin1(end < 0 ? text : text.slice(0, end)));
}

/** A status line or an error has no line breaks: each becomes a space. */
function oneLine(text: string): string {
  return text.replaceAll('\n', ' ').replaceAll('\r', ' ');
}
