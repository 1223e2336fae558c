import type { LuaError } from '../../lua/values/lua-error.ts';
import { LuaTable } from '../../lua/values/lua-table.ts';
import type { NativeCall } from '../../lua/values/native-call.ts';
import { typeName } from '../../lua/values/type-name.ts';
import type { LuaValue } from '../../lua/values/value.ts';
import { C_STACK_SLOTS } from '../c-stack.ts';
import { TextBuilder } from '../text-builder.ts';
import { Work } from '../work.ts';
import { numberToJson } from './json-number.ts';
import { JSON_NULL } from './null.ts';
import { ARRAY_MARK, INVALID_AS_NULL, INVALID_REFUSED, type JsonSettings } from './settings.ts';

/*
 * Lua values as JSON.
 *
 * A table whose keys are all integers from 1 on is an array up to the highest of them, with null where there is none; any other
 * is an object, and so is an empty one. Objects come in the order of `pairs`. Metamethods are not asked.
 *
 * It does not recurse: how deep a script may nest is its own decision, and the host's stack is not to be left to it. The
 * open tables are on three stacks side by side:
 *
 *   tables    [ {…}, {…}, {…} ]
 *   cursors   [  7 ,  2 ,  1  ]    index of the last element written, or position of the last key
 *   lengths   [ -1 ,  5 , -1  ]    of an array; -1 for an object
 */

const OBJECT = -1;
/** The slots of the reference's stack that an open object and an open array take, and that writing one needs free. */
const OBJECT_SLOTS = 2;
const ARRAY_SLOTS = 1;
const SLOTS_NEEDED = 3;

/** Longer strings are not put between their quotes at once: the result might be too long. */
const LONGEST_QUOTED = 1024;

const QUOTE = 0x22;
const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const DELETE = 0x7f;

/** How each byte is written in a string; '' for those that are as they are. */
const ESCAPES: readonly string[] = Array.from({ length: 256 }, (_, code) => {
  switch (code) {
    case QUOTE:
      return '\\"';
    case SLASH:
      return '\\/';
    case BACKSLASH:
      return '\\\\';
    case 0x08:
      return '\\b';
    case 0x09:
      return '\\t';
    case 0x0a:
      return '\\n';
    case 0x0c:
      return '\\f';
    case 0x0d:
      return '\\r';
    default:
      return code < 0x20 || code === DELETE ? `\\u${code.toString(16).padStart(4, '0')}` : '';
  }
});
/** 1 for the bytes that have an escape. */
const IS_ESCAPED = Uint8Array.from(ESCAPES, (text) => (text === '' ? 0 : 1));

/** A double as C makes a 32-bit integer of it on the machines Redis runs on: what does not fit is the least. */
function toInt(value: number): number {
  return value >= -(2 ** 31) && value < 2 ** 31 ? Math.trunc(value) : -(2 ** 31);
}

/** One run of `cjson.encode`. */
export class JsonEncoder {
  private readonly call: NativeCall;
  private readonly settings: JsonSettings;
  private readonly work: Work;
  private readonly text: TextBuilder;
  private readonly tables: LuaTable[] = [];
  private readonly cursors: number[] = [];
  private readonly lengths: number[] = [];
  private depth = 0;
  private slots = 1;

  constructor(call: NativeCall, settings: JsonSettings) {
    this.call = call;
    this.settings = settings;
    this.work = new Work(call.machine);
    this.text = new TextBuilder(this.work);
  }

  /**
   * The value as JSON.
   *
   * @throws LuaError if something in it cannot be written
   */
  encode(value: LuaValue): string {
    this.write(value);
    while (this.depth > 0) this.writeNext();
    this.work.finish();
    return this.text.finish();
  }

  /** Writes a value, or opens it if it is a table. */
  private write(value: LuaValue): void {
    switch (typeof value) {
      case 'string':
        this.writeString(value);
        return;
      case 'number':
        this.writeNumber(value);
        return;
      case 'boolean':
        this.text.add(value ? 'true' : 'false');
        this.work.add(4);
        return;
      case 'undefined':
        this.text.add('null');
        this.work.add(4);
        return;
      default:
        if (value instanceof LuaTable) this.open(value);
        else if (value === JSON_NULL) {
          this.text.add('null');
          this.work.add(4);
        } else throw this.refusal(value, 'type not supported');
    }
  }

  private open(table: LuaTable): void {
    const depth = this.depth + 1;
    if (depth > this.settings.encodeMaxDepth || this.slots + SLOTS_NEEDED > C_STACK_SLOTS) {
      throw this.call.error(`Cannot serialise, excessive nesting (${depth})`);
    }
    const mark = table.metatable?.getString(ARRAY_MARK);
    const isMarked = mark !== undefined && mark !== false;
    const length = isMarked ? table.length() : this.arrayLength(table);
    const isArray = isMarked || length > 0;
    this.text.add(isArray ? '[' : '{');
    this.slots += isArray ? ARRAY_SLOTS : OBJECT_SLOTS;
    this.tables[this.depth] = table;
    this.cursors[this.depth] = 0;
    this.lengths[this.depth] = isArray ? length : OBJECT;
    this.depth = depth;
    this.work.add(2);
  }

  /** Writes the next element of the innermost open table, or closes it. */
  private writeNext(): void {
    const top = this.depth - 1;
    const table = this.tables[top]!;
    const cursor = this.cursors[top]!;
    const length = this.lengths[top]!;
    if (length !== OBJECT) {
      if (cursor === length) this.close(']', ARRAY_SLOTS);
      else {
        if (cursor > 0) this.text.add(',');
        this.cursors[top] = cursor + 1;
        this.write(table.getNumber(cursor + 1));
      }
      return;
    }
    const position = table.nextPosition(cursor);
    if (position === 0) {
      this.close('}', OBJECT_SLOTS);
      return;
    }
    if (cursor > 0) this.text.add(',');
    this.cursors[top] = position;
    const key = table.keyAt(position);
    if (typeof key === 'string') this.writeString(key);
    else if (typeof key === 'number') {
      this.text.add('"');
      this.writeNumber(key);
      this.text.add('"');
    } else throw this.refusal(key, 'table key must be a number or string');
    this.text.add(':');
    this.write(table.valueAt(position));
  }

  private close(bracket: string, slots: number): void {
    this.text.add(bracket);
    this.slots -= slots;
    this.depth--;
    // What has been written is let go.
    this.tables.length = this.depth;
  }

  /**
   * The highest index of an array, or something below 1 for an object. An index that no 32 bits hold counts as the least of
   * them, as it does in the reference.
   */
  private arrayLength(table: LuaTable): number {
    let highest = 0;
    let count = 0;
    for (let at = table.nextPosition(0); at !== 0; at = table.nextPosition(at)) {
      const key = table.keyAt(at);
      if (typeof key !== 'number' || !(key >= 1) || Math.floor(key) !== key) return OBJECT;
      if (key > highest) highest = toInt(key);
      count++;
      this.work.add(0);
    }
    const { encodeSparseRatio: ratio, encodeSparseSafe: safe } = this.settings;
    if (ratio > 0 && highest > Math.imul(count, ratio) && highest > safe) {
      if (!this.settings.encodeSparseConvert) throw this.refusal(table, 'excessively sparse array');
      return OBJECT;
    }
    return highest;
  }

  private writeString(value: string): void {
    const { length } = value;
    this.work.add(length + 2);
    let at = 0;
    while (at < length && IS_ESCAPED[value.charCodeAt(at)] === 0) at++;
    if (at < length) this.writeEscaped(value, at);
    else if (length > LONGEST_QUOTED) {
      this.text.add('"');
      this.text.add(value);
      this.text.add('"');
    } else this.text.add(`"${value}"`);
  }

  /** A string whose first byte to escape is at this index. */
  private writeEscaped(value: string, first: number): void {
    const { text } = this;
    let clean = 0;
    text.add('"');
    for (let at = first; at < value.length; at++) {
      const code = value.charCodeAt(at);
      if (IS_ESCAPED[code] === 0) continue;
      if (clean < at) text.add(value.slice(clean, at));
      text.add(ESCAPES[code]!);
      clean = at + 1;
      this.work.add(ESCAPES[code]!.length);
    }
    if (clean < value.length) text.add(value.slice(clean));
    text.add('"');
  }

  private writeNumber(value: number): void {
    this.work.add(8);
    if (!Number.isFinite(value)) {
      const how = this.settings.encodeInvalidNumbers;
      if (how === INVALID_REFUSED) throw this.refusal(value, 'must not be NaN or Inf');
      if (how === INVALID_AS_NULL) this.text.add('null');
      else this.text.add(Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf');
      return;
    }
    this.text.add(numberToJson(value, this.settings.encodeNumberPrecision));
  }

  private refusal(value: LuaValue, reason: string): LuaError {
    return this.call.error(`Cannot serialise ${typeName(value)}: ${reason}`);
  }
}
