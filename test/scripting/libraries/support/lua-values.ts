import { JSON_NULL } from '../../../../src/scripting/libraries/cjson/null.ts';
import { formatDouble } from '../../../../src/scripting/lua/values/c-format.ts';
import { LuaTable } from '../../../../src/scripting/lua/values/lua-table.ts';
import type { LuaValue } from '../../../../src/scripting/lua/values/value.ts';

/** A value of Lua, and the expression that makes the same value, with the same history, in Lua source. */
export interface Sourced {
  readonly value: LuaValue;
  readonly source: string;
}

export const NIL: Sourced = { value: undefined, source: 'nil' };
export const NULL: Sourced = { value: JSON_NULL, source: 'cjson.null' };

export function text(value: string): Sourced {
  const escaped = value.replace(
    /[^ !#-[\]-~]/g,
    (char) => `\\${String(char.charCodeAt(0)).padStart(3, '0')}`,
  );
  return { value, source: `"${escaped}"` };
}

const WITH_17_DIGITS = { flags: '', width: 0, precision: 17, conversion: 'g' } as const;

export function number(value: number): Sourced {
  if (Number.isNaN(value)) return { value, source: '(0/0)' };
  if (!Number.isFinite(value)) return { value, source: value > 0 ? '(1/0)' : '(-1/0)' };
  const digits = formatDouble(value, WITH_17_DIGITS);
  // The reference's compiler takes -0 for the constant 0.
  return { value, source: Object.is(value, -0) ? 'tonumber("-0")' : digits };
}

export function boolean(value: boolean): Sourced {
  return { value, source: String(value) };
}

/** A table that got these pairs, one after the other. */
export function table(pairs: readonly (readonly [key: Sourced, value: Sourced])[]): Sourced {
  const value = new LuaTable();
  for (const [key, item] of pairs) value.set(key.value, item.value);
  const sets = pairs.map(([key, item]) => `t[${key.source}]=${item.source}`).join(' ');
  return { value, source: pairs.length === 0 ? '{}' : `(function() local t={} ${sets} return t end)()` };
}

/** A table with the values 1 to n. */
export function list(...values: readonly Sourced[]): Sourced {
  return table(values.map((value, index) => [number(index + 1), value]));
}

/** A table with string keys. */
export function record(fields: Readonly<Record<string, Sourced>>): Sourced {
  return table(Object.entries(fields).map(([key, value]) => [text(key), value]));
}

/** Tables in tables: so many. */
export function nested(depth: number, wrap: (inner: LuaTable) => LuaTable): LuaTable {
  let value = new LuaTable();
  for (let level = 1; level < depth; level++) value = wrap(value);
  return value;
}

/**
 * Everything there is to see of a value, in the order of `pairs`.
 */
export function dump(value: LuaValue): string {
  switch (typeof value) {
    case 'undefined':
      return 'nil';
    case 'boolean':
      return String(value);
    case 'number':
      return Number.isNaN(value) ? 'nan' : formatDouble(value, WITH_17_DIGITS);
    case 'string':
      return `"${value.replace(/[^0-9A-Za-z]/g, (char) => `\\${char.charCodeAt(0)};`)}"`;
    default: {
      if (!(value instanceof LuaTable)) return 'userdata';
      const parts: string[] = [];
      for (let at = value.nextPosition(0); at !== 0; at = value.nextPosition(at)) {
        parts.push(`${dump(value.keyAt(at))}=${dump(value.valueAt(at))}`);
      }
      return `{${parts.join(',')}}`;
    }
  }
}

/** Lua source that defines `dump` to give the same text, and `out` to give what `pcall` gives, dumped. */
export const DUMP_SOURCE = `
local function dump(v)
  local t = type(v)
  if t == 'number' then
    if v ~= v then return 'nan' end
    return ('%.17g'):format(v)
  elseif t == 'string' then
    return '"' .. v:gsub('[^%w]', function(c) return ('\\\\%d;'):format(c:byte()) end) .. '"'
  elseif t == 'table' then
    local parts = {}
    for k, w in pairs(v) do parts[#parts + 1] = dump(k) .. '=' .. dump(w) end
    return '{' .. table.concat(parts, ',') .. '}'
  elseif t == 'userdata' then
    return t
  end
  return tostring(v)
end
local function out(ok, ...)
  local parts = {ok and 'ok' or 'error'}
  local results = {...}
  for i = 1, select('#', ...) do parts[#parts + 1] = dump(results[i]) end
  return table.concat(parts, ' ')
end
`;
