import { allocation } from '../values/allocation.ts';
import type { LuaTable } from '../values/lua-table.ts';
import type { NativeCall } from '../values/native-call.ts';
import { NativeFunction, type NativeResult, NO_RESULTS } from '../values/native-function.ts';
import { typeName } from '../values/type-name.ts';
import { mostResults } from './limits.ts';
import { type NativeList, nativeTable } from './native-table.ts';
import { piece } from './pieces.ts';
import { willMakeString } from './string-builder.ts';
import { format } from './string-format.ts';
import { find, gmatch, gsub, match } from './string-search.ts';

/** The library `string` of 5.1. It is also what the metatable of strings should have as its `__index`. */
export function stringLibrary(): LuaTable {
  const library = nativeTable(FUNCTIONS);
  // The same function by its old name.
  library.setString('gfind', library.getString('gmatch'));
  return library;
}

const FUNCTIONS: NativeList = [
  ['byte', byte],
  ['char', char],
  ['dump', dump],
  ['find', find],
  ['format', format],
  ['gfind', gmatch],
  ['gmatch', gmatch],
  ['gsub', gsub],
  ['len', (call) => call.string(1).length],
  ['lower', lower],
  ['match', match],
  ['rep', rep],
  ['reverse', reverse],
  ['sub', sub],
  ['upper', upper],
];

function byte(call: NativeCall): NativeResult {
  const text = call.string(1);
  const from = placeFrom(call.optionalInteger(2, 1), text.length);
  // Without an end it is one byte; where it would begin counts, not where it does after all.
  const to = call.value(3) === undefined ? from : placeFrom(call.integer(3), text.length);
  const first = Math.max(from, 1);
  const last = Math.min(to, text.length);
  if (first > last) return NO_RESULTS;
  if (first === last) return text.charCodeAt(first - 1);
  if (last - first + 1 > mostResults(call)) throw call.error('stack overflow (string slice too long)');
  const codes: number[] = [];
  for (let at = first - 1; at < last; at++) codes.push(text.charCodeAt(at));
  return codes;
}

function char(call: NativeCall): NativeResult {
  let text = '';
  for (let index = 1; index <= call.count; index++) {
    // A C int.
    const code = call.integer(index) | 0;
    if (code < 0 || code > 255) throw call.argumentError(index, 'invalid value');
    text += String.fromCharCode(code);
  }
  return text;
}

/** How Lua's byte code begins. Here there is none that could follow; and no script can load any, so nothing does. */
const BYTE_CODE_HEADER = '\x1bLuaQ\0\x01\x04\x08\x04\x08\0';

function dump(call: NativeCall): NativeResult {
  const value = call.value(1);
  if (typeName(value) !== 'function') throw call.typeError(1, 'function');
  if (value instanceof NativeFunction) throw call.error('unable to dump given function');
  return BYTE_CODE_HEADER;
}

const UPPER = /[A-Z]+/g;
const LOWER = /[a-z]+/g;
const IS_ASCII = /^[\0-\x7f]*$/;

function lower(call: NativeCall): NativeResult {
  const text = call.string(1);
  willMakeString(call.machine, text.length);
  // JavaScript would change letters beyond ASCII too.
  return IS_ASCII.test(text) ? text.toLowerCase() : text.replace(UPPER, (letters) => letters.toLowerCase());
}

function upper(call: NativeCall): NativeResult {
  const text = call.string(1);
  willMakeString(call.machine, text.length);
  return IS_ASCII.test(text) ? text.toUpperCase() : text.replace(LOWER, (letters) => letters.toUpperCase());
}

function rep(call: NativeCall): NativeResult {
  const text = call.string(1);
  // A C int.
  const count = call.integer(2) | 0;
  if (count <= 0 || text.length === 0) return '';
  willMakeString(call.machine, text.length * count);
  return text.repeat(count);
}

/** Up to here a text is reversed char by char. */
const SHORT_TEXT = 64;
const PIECE_CHARS = 4096;

function reverse(call: NativeCall): NativeResult {
  const text = call.string(1);
  const { length } = text;
  willMakeString(call.machine, length * 2);
  let reversed = '';
  if (length <= SHORT_TEXT) {
    for (let at = length - 1; at >= 0; at--) reversed += text[at];
    return reversed;
  }
  // In pieces, so that what is joined is not a rope of single chars.
  const codes = new Uint8Array(PIECE_CHARS);
  for (let end = length; end > 0; end -= PIECE_CHARS) {
    const size = Math.min(end, PIECE_CHARS);
    for (let at = 0; at < size; at++) codes[at] = text.charCodeAt(end - 1 - at);
    const pieceCodes = size === PIECE_CHARS ? codes : codes.subarray(0, size);
    // Spreading goes through an iterator, several times as slow. `apply` takes any list; its type knows arrays only.
    reversed += String.fromCharCode.apply(null, pieceCodes as unknown as number[]);
  }
  return reversed;
}

const SLICE_BYTES = 32;

function sub(call: NativeCall): NativeResult {
  const text = call.string(1);
  const { length } = text;
  const from = Math.max(placeFrom(call.integer(2), length), 1);
  const to = Math.min(placeFrom(call.optionalInteger(3, -1), length), length);
  if (from > to) return '';
  allocation.bytes += SLICE_BYTES;
  return piece(text, from - 1, to);
}

/** A place counted from 1, or from the end if it is negative: 0 where that is before the beginning. */
function placeFrom(place: number, length: number): number {
  return place >= 0 ? place : Math.max(place + length + 1, 0);
}
