import { allocation } from '../values/allocation.ts';
import { LuaTable } from '../values/lua-table.ts';
import type { NativeCall } from '../values/native-call.ts';
import { NativeFunction, type NativeResult, NO_RESULTS } from '../values/native-function.ts';
import { textOfNumber } from '../values/number-text.ts';
import { typeName } from '../values/type-name.ts';
import type { LuaValue } from '../values/value.ts';
import { indexValue } from './index-value.ts';
import { PatternMatcher } from './pattern-matcher.ts';
import {
  IS_POSITION,
  isPlain,
  type PatternProgram,
  programBytes,
  programOf,
  UNFINISHED,
} from './pattern-program.ts';
import { piece } from './pieces.ts';
import { StringBuilder } from './string-builder.ts';
import { findText } from './string-find.ts';

/** What a capture takes besides its bytes, which it shares. */
const CAPTURE_BYTES = 32;
/** Patterns so long are told to the machine before they are read. */
const LONG_PATTERN = 1024;

/** Matching never calls anything, and what was matched is read at once: all share one. */
const matcher = new PatternMatcher();

function read(call: NativeCall, pattern: string, mayBeAnchored: boolean): PatternProgram {
  if (pattern.length >= LONG_PATTERN) {
    call.machine.allocate(programBytes(pattern));
    call.machine.spend(pattern.length);
  }
  return programOf(pattern, mayBeAnchored);
}

/** `string.find`. */
export function find(call: NativeCall): NativeResult {
  const subject = call.string(1);
  const pattern = call.string(2);
  const from = startOf(call, subject);
  const plain = call.value(4);
  if ((plain !== undefined && plain !== false) || isPlain(pattern)) {
    const found = findText(call.machine, subject, pattern, from);
    return found < 0 ? undefined : [found + 1, found + pattern.length];
  }
  const program = read(call, pattern, true);
  const start = matcher.search(call, program, subject, from);
  if (start < 0) return undefined;
  const results: LuaValue[] = [start + 1, matcher.end];
  for (let index = 0; index < program.captures.length; index++) {
    results.push(capture(call, program, subject, index));
  }
  return results;
}

/** `string.match`. */
export function match(call: NativeCall): NativeResult {
  const subject = call.string(1);
  const pattern = call.string(2);
  const from = startOf(call, subject);
  const program = read(call, pattern, true);
  const start = matcher.search(call, program, subject, from);
  if (start < 0) return undefined;
  return captured(call, program, subject, start);
}

/** `string.gmatch`. */
export function gmatch(call: NativeCall): NativeResult {
  const subject = call.string(1);
  const pattern = call.string(2);
  const program = read(call, pattern, false);
  let from = 0;
  return new NativeFunction('gmatch', (step) => {
    const start = matcher.search(step, program, subject, from);
    if (start < 0) {
      // The rest need not be searched again, unless there is a pattern that fails only there.
      from = subject.length + 1;
      return NO_RESULTS;
    }
    const { end } = matcher;
    from = end === start ? end + 1 : end;
    return captured(step, program, subject, start);
  });
}

/** `string.gsub`. */
export function gsub(call: NativeCall): NativeResult {
  const subject = call.string(1);
  const pattern = call.string(2);
  // A C int.
  const most = call.optionalInteger(4, subject.length + 1) | 0;
  const replacement = call.value(3);
  if (
    typeof replacement !== 'string' &&
    typeof replacement !== 'number' &&
    !(replacement instanceof LuaTable) &&
    typeName(replacement) !== 'function'
  ) {
    throw call.argumentError(3, 'string/function/table expected');
  }
  const program = read(call, pattern, true);
  const text = typeof replacement === 'number' ? textOfNumber(replacement) : replacement;
  // Without a `%` it is the same each time.
  const isConstant = typeof text === 'string' && !text.includes('%');
  const builder = new StringBuilder(call.machine);
  let count = 0;
  // What comes before is in the builder already.
  let copied = 0;
  let from = 0;
  while (count < most && from <= subject.length) {
    const start = matcher.search(call, program, subject, from);
    if (start < 0) break;
    const { end } = matcher;
    count++;
    let value: LuaValue;
    if (isConstant) {
      value = text;
    } else {
      value = replaced(call, program, subject, start, end, text);
    }
    if (value !== undefined && value !== false) {
      if (typeof value === 'number') value = textOfNumber(value);
      else if (typeof value !== 'string')
        throw call.error(`invalid replacement value (a ${typeName(value)})`);
      if (start > copied) builder.add(subject.slice(copied, start));
      builder.add(value);
      copied = end;
    }
    from = end > start ? end : end + 1;
    if (program.isAnchored) break;
  }
  if (copied === 0 && builder.text === '') return [subject, count];
  builder.add(subject.slice(copied));
  return [builder.finish(), count];
}

/** What takes the place of a match: false or nil if it stays. */
function replaced(
  call: NativeCall,
  program: PatternProgram,
  subject: string,
  start: number,
  end: number,
  replacement: LuaValue,
): LuaValue {
  if (typeof replacement === 'string') return expanded(call, program, subject, start, end, replacement);
  if (replacement instanceof LuaTable) {
    const key =
      program.captures.length === 0 ? subject.slice(start, end) : capture(call, program, subject, 0);
    return replacement.metatable === undefined ? replacement.get(key) : indexValue(call, replacement, key);
  }
  if (program.captures.length <= 1) {
    allocation.bytes += CAPTURE_BYTES;
    const text =
      program.captures.length === 0 ? subject.slice(start, end) : capture(call, program, subject, 0);
    return call.machine.callFirst(replacement, text, undefined, undefined, 1);
  }
  return call.machine.call(replacement, captured(call, program, subject, start))[0];
}

const PERCENT = 0x25;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;

/** A replacement with what its `%0` to `%9` stand for. */
function expanded(
  call: NativeCall,
  program: PatternProgram,
  subject: string,
  start: number,
  end: number,
  replacement: string,
): string {
  const builder = new StringBuilder(call.machine);
  let copied = 0;
  for (;;) {
    const at = replacement.indexOf('%', copied);
    if (at < 0) break;
    if (at > copied) builder.add(replacement.slice(copied, at));
    copied = at + 2;
    const code = at + 1 < replacement.length ? replacement.charCodeAt(at + 1) : 0;
    if (!(code >= DIGIT_0 && code <= DIGIT_9)) {
      // At the very end the reference adds the zero byte after it.
      builder.add(code === PERCENT ? '%' : String.fromCharCode(code));
    } else if (code === DIGIT_0 || (code === DIGIT_0 + 1 && program.captures.length === 0)) {
      builder.add(subject.slice(start, end));
    } else {
      const value = capture(call, program, subject, code - DIGIT_0 - 1);
      builder.add(typeof value === 'number' ? textOfNumber(value) : (value as string));
    }
  }
  if (copied < replacement.length) builder.add(replacement.slice(copied));
  return builder.text;
}

/** What a match captured; all of it if the pattern has no captures. */
function captured(
  call: NativeCall,
  program: PatternProgram,
  subject: string,
  start: number,
): readonly LuaValue[] {
  const { length } = program.captures;
  allocation.bytes += CAPTURE_BYTES;
  if (length === 0) return [piece(subject, start, matcher.end)];
  if (length === 1) return [capture(call, program, subject, 0)];
  const values: LuaValue[] = [];
  for (let index = 0; index < length; index++) values.push(capture(call, program, subject, index));
  return values;
}

function capture(call: NativeCall, program: PatternProgram, subject: string, index: number): LuaValue {
  const state = program.captures[index];
  if (state === undefined) throw call.error('invalid capture index');
  if (state === UNFINISHED) throw call.error('unfinished capture');
  const from = matcher.starts[index]!;
  if (state === IS_POSITION) return from + 1;
  allocation.bytes += CAPTURE_BYTES;
  return piece(subject, from, matcher.ends[index]!);
}

/** Where the third argument says to begin, counted from 0 and within the subject. */
function startOf(call: NativeCall, subject: string): number {
  const init = call.optionalInteger(3, 1);
  const { length } = subject;
  if (init > 0) return Math.min(init - 1, length);
  return init < 0 ? Math.max(init + length, 0) : 0;
}
