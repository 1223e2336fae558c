import type { LuaError } from '../../lua/values/lua-error.ts';
import { LuaTable } from '../../lua/values/lua-table.ts';
import type { NativeCall } from '../../lua/values/native-call.ts';
import type { LuaValue } from '../../lua/values/value.ts';
import { C_STACK_SLOTS } from '../c-stack.ts';
import { Work } from '../work.ts';
import { isInvalidNumber, NumberReader } from './json-number.ts';
import { JSON_NULL } from './null.ts';
import type { JsonSettings } from './settings.ts';
import { StringReader } from './string-reader.ts';

/*
 * JSON as Lua values. Bytes in strings are taken as they are, valid UTF-8 or not. A zero byte ends the text wherever it is, as
 * the end of a C string. Tables are filled in the order of the text, which gives them the order the reference's have.
 *
 * It does not recurse, for the reason the encoder does not. The open tables are on three stacks side by side:
 *
 *   tables    [ {…}, {…}, {…} ]
 *   indexes   [  0 ,  2 ,  0  ]    of the element being read in an array, from 1; 0 for an object
 *   names     [ "a",  "", "b" ]    of the field being read in an object
 */

const OBJECT = 0;
/** The slots of the reference's stack that an open object and an open array take, and that opening one needs free. */
const OBJECT_SLOTS = 2;
const OBJECT_NEEDS = 3;
const ARRAY_SLOTS = 1;
const ARRAY_NEEDS = 2;

const OBJECT_BEGIN = 0;
const OBJECT_END = 1;
const ARRAY_BEGIN = 2;
const ARRAY_END = 3;
const STRING = 4;
const NUMBER = 5;
const BOOLEAN = 6;
const NULL = 7;
const COLON = 8;
const COMMA = 9;
const END = 10;
const WRONG = 11;

/** What errors call the tokens. */
const TOKEN_NAMES = [
  ...['T_OBJ_BEGIN', 'T_OBJ_END', 'T_ARR_BEGIN', 'T_ARR_END', 'T_STRING', 'T_NUMBER'],
  ...['T_BOOLEAN', 'T_NULL', 'T_COLON', 'T_COMMA', 'T_END'],
];

/** One run of `cjson.decode`. */
export class JsonDecoder {
  private readonly call: NativeCall;
  private readonly settings: JsonSettings;
  private readonly work: Work;
  private readonly text: string;
  private readonly strings: StringReader;
  private readonly numbers = new NumberReader();
  /** Where the next token is looked for. */
  private at = 0;
  private token = END;
  /** Where the token begins, or where it went wrong. */
  private tokenAt = 0;
  /** What the token stands for, if it is a value. */
  private value: LuaValue = undefined;
  /** What is wrong with the token, if something is. */
  private wrong = '';
  private readonly tables: LuaTable[] = [];
  private readonly indexes: number[] = [];
  private readonly names: string[] = [];
  private depth = 0;
  private slots = 1;

  constructor(call: NativeCall, settings: JsonSettings, text: string) {
    this.call = call;
    this.settings = settings;
    this.work = new Work(call.machine);
    this.text = text;
    this.strings = new StringReader(text);
  }

  /**
   * The value of the text.
   *
   * @throws LuaError if it is not JSON, or too deep
   */
  decode(): LuaValue {
    this.next();
    for (;;) {
      let value: LuaValue;
      switch (this.token) {
        case STRING:
        case NUMBER:
        case BOOLEAN:
        case NULL:
          value = this.value;
          break;
        case OBJECT_BEGIN:
          value = this.openObject();
          if (value === undefined) continue;
          break;
        case ARRAY_BEGIN:
          value = this.openArray();
          if (value === undefined) continue;
          break;
        default:
          throw this.expected('value');
      }
      // The value may close the tables it is the last of, one after the other.
      while (this.depth > 0) {
        const closed = this.put(value);
        if (closed === undefined) break;
        value = closed;
      }
      if (this.depth > 0) continue;
      if (this.next() !== END) throw this.expected('the end');
      this.work.finish();
      return value;
    }
  }

  /** Opens an object, and gives it back if that is all of it; else the token is then that of its first value. */
  private openObject(): LuaTable | undefined {
    this.descend(OBJECT_NEEDS);
    const table = new LuaTable();
    if (this.next() === OBJECT_END) return table;
    this.tables[this.depth] = table;
    this.indexes[this.depth] = OBJECT;
    this.names[this.depth] = this.readName();
    this.depth++;
    this.slots += OBJECT_SLOTS;
    this.next();
    return undefined;
  }

  /** Opens an array, and gives it back if that is all of it; else the token is then that of its first value. */
  private openArray(): LuaTable | undefined {
    this.descend(ARRAY_NEEDS);
    const table = new LuaTable();
    if (this.settings.decodeArrayWithArrayMt) table.metatable = this.settings.arrayMetatable();
    if (this.next() === ARRAY_END) return table;
    this.tables[this.depth] = table;
    this.indexes[this.depth] = 1;
    this.names[this.depth] = '';
    this.depth++;
    this.slots += ARRAY_SLOTS;
    return undefined;
  }

  private descend(needed: number): void {
    this.work.add(0);
    const depth = this.depth + 1;
    if (depth <= this.settings.decodeMaxDepth && this.slots + needed <= C_STACK_SLOTS) return;
    throw this.call.error(`Found too many nested data structures (${depth}) at character ${this.at}`);
  }

  /** Puts a value into the innermost open table; gives that table back if this closed it, else the token is the next value's. */
  private put(value: LuaValue): LuaTable | undefined {
    const top = this.depth - 1;
    const table = this.tables[top]!;
    const index = this.indexes[top]!;
    if (index === OBJECT) {
      table.setString(this.names[top]!, value);
      this.next();
      if (this.token === OBJECT_END) return this.close(table, OBJECT_SLOTS);
      if (this.token !== COMMA) throw this.expected('comma or object end');
      this.next();
      this.names[top] = this.readName();
    } else {
      table.setNumber(index, value);
      this.next();
      if (this.token === ARRAY_END) return this.close(table, ARRAY_SLOTS);
      if (this.token !== COMMA) throw this.expected('comma or array end');
      this.indexes[top] = index + 1;
    }
    this.next();
    return undefined;
  }

  private close(table: LuaTable, slots: number): LuaTable {
    this.depth--;
    this.slots -= slots;
    return table;
  }

  /** The token is to be the name of a field, and a colon to come after it. */
  private readName(): string {
    if (this.token !== STRING) throw this.expected('object key string');
    const name = this.value as string;
    if (this.next() !== COLON) throw this.expected('colon');
    return name;
  }

  /** Reads the next token, and says which it is. */
  private next(): number {
    this.scan();
    return this.token;
  }

  private scan(): void {
    const { text } = this;
    let { at } = this;
    let code = text.charCodeAt(at);
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) code = text.charCodeAt(++at);
    this.tokenAt = at;
    this.at = at + 1;
    switch (code) {
      case 0x22: // "
        this.readString(at);
        return;
      case 0x2c: // ,
        this.token = COMMA;
        return;
      case 0x3a: // :
        this.token = COLON;
        return;
      case 0x7b: // {
        this.token = OBJECT_BEGIN;
        return;
      case 0x7d: // }
        this.token = OBJECT_END;
        return;
      case 0x5b: // [
        this.token = ARRAY_BEGIN;
        return;
      case 0x5d: // ]
        this.token = ARRAY_END;
        return;
      case 0x66: // f
      case 0x69: // i
      case 0x49: // I
      case 0x6e: // n
      case 0x4e: // N
      case 0x74: // t
      case 0x2b: // +
        this.readWord(at);
        return;
      default:
        if ((code >= 0x30 && code <= 0x39) || code === 0x2d) this.readNumber(at, true);
        else if (code === 0 || at >= text.length) this.token = END;
        else this.setWrong('invalid token', at);
    }
  }

  private readString(at: number): void {
    const { strings } = this;
    if (strings.read(at + 1)) {
      this.token = STRING;
      this.value = strings.value;
      this.at = strings.end;
      this.work.add(strings.value.length + 8);
    } else this.setWrong(strings.wrong, strings.end);
  }

  /** `true`, `false`, `null`, or, if they are allowed, one of the numbers that begin with a letter or a plus. */
  private readWord(at: number): void {
    const { text } = this;
    if (text.startsWith('true', at)) this.setWord(BOOLEAN, true, at + 4);
    else if (text.startsWith('false', at)) this.setWord(BOOLEAN, false, at + 5);
    else if (text.startsWith('null', at)) this.setWord(NULL, JSON_NULL, at + 4);
    else if (this.settings.decodeInvalidNumbers && isInvalidNumber(text, at)) this.readNumber(at, false);
    else this.setWrong('invalid token', at);
  }

  private setWord(token: number, value: LuaValue, end: number): void {
    this.token = token;
    this.value = value;
    this.at = end;
    this.work.add(0);
  }

  private readNumber(at: number, mayBeInvalid: boolean): void {
    const { text, numbers } = this;
    if (mayBeInvalid && !this.settings.decodeInvalidNumbers && isInvalidNumber(text, at)) {
      this.setWrong('invalid number', at);
    } else if (numbers.read(text, at)) {
      this.token = NUMBER;
      this.value = numbers.value;
      this.work.add(numbers.end - at);
      this.at = numbers.end;
    } else this.setWrong('invalid number', at);
  }

  private setWrong(wrong: string, at: number): void {
    this.token = WRONG;
    this.wrong = wrong;
    this.tokenAt = at;
  }

  private expected(what: string): LuaError {
    const found = this.token === WRONG ? this.wrong : TOKEN_NAMES[this.token];
    return this.call.error(`Expected ${what} but found ${found} at character ${this.tokenAt + 1}`);
  }
}
