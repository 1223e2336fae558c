import type { LuaError } from '../../lua/values/lua-error.ts';
import { LuaTable } from '../../lua/values/lua-table.ts';
import type { NativeCall } from '../../lua/values/native-call.ts';
import type { LuaValue } from '../../lua/values/value.ts';
import { C_STACK_SLOTS } from '../c-stack.ts';
import { bytesToDouble, bytesToFloat, bytesToUint32 } from '../float-bytes.ts';
import type { Work } from '../work.ts';

/*
 * MessagePack as Lua values. `bin` and `ext` are not read, as in the reference. Integers of 64 bits are all taken as signed.
 *
 * It does not recurse, since input may nest as deep as it is long. The open tables are on stacks side by side; the state says
 * what the next value is for:
 *
 *   tables    [ {…}, {…}, {…} ]
 *   left      [  3 ,  1 ,  2  ]     values of an array, or pairs of a map, that are still to come
 *   states    [  4 ,  0 , -1  ]     from 1: index in an array; 0: a key of a map; -1: the value of the key in `keys`
 */

const KEY = 0;
const VALUE = -1;

/** What {@link Unpacker.read} gives where a value has no end yet, because it is a table with something in it. */
const OPENED = Symbol('opened');

/** Reads values from a string, one after the other. */
export class Unpacker {
  /** Where the next value begins. */
  at: number;
  private readonly call: NativeCall;
  private readonly work: Work;
  private readonly text: string;
  private readonly tables: LuaTable[] = [];
  private readonly left: number[] = [];
  private readonly states: number[] = [];
  private readonly keys: LuaValue[] = [];
  private depth = 0;
  /** How many slots of the reference's stack are taken: by the arguments, results and open tables. */
  private slots: number;

  constructor(call: NativeCall, work: Work, text: string, at: number, slots: number) {
    this.call = call;
    this.work = work;
    this.text = text;
    this.at = at;
    this.slots = slots;
  }

  /**
   * The next value, which takes a slot.
   *
   * @throws LuaError if the input is too short, is not MessagePack, or has nil or NaN as a key
   */
  next(): LuaValue {
    for (;;) {
      let value = this.read();
      while (value !== OPENED && this.depth > 0) value = this.put(value);
      if (value !== OPENED) {
        this.slots++;
        return value;
      }
    }
  }

  /** Puts a value where the innermost open table wants it. Gives that table if this was its last. */
  private put(value: LuaValue): LuaValue | typeof OPENED {
    const top = this.depth - 1;
    const table = this.tables[top]!;
    const state = this.states[top]!;
    if (state === KEY) {
      this.keys[top] = value;
      this.states[top] = VALUE;
      this.slots++;
      return OPENED;
    }
    this.slots--;
    if (state === VALUE) {
      table.set(this.keys[top], value);
      this.states[top] = KEY;
    } else {
      table.setNumber(state, value);
      this.states[top] = state + 1;
    }
    if (--this.left[top]! > 0) {
      if (state !== VALUE) this.slots++;
      return OPENED;
    }
    this.depth--;
    this.keys[top] = undefined;
    this.tables.length = this.depth;
    this.slots--;
    return table;
  }

  private read(): LuaValue | typeof OPENED {
    const { text, at } = this;
    if (at >= text.length) throw this.missing();
    this.checkStack('too many return values at once; use unpack_one or unpack_limit instead.');
    this.work.add(8);
    const code = text.charCodeAt(at);
    if (code <= 0x7f) return this.take(1, code);
    if (code >= 0xe0) return this.take(1, code - 0x100);
    if (code <= 0x8f) return this.openMap(1, code & 0xf);
    if (code <= 0x9f) return this.openArray(1, code & 0xf);
    if (code <= 0xbf) return this.readString(1, code & 0x1f);
    return this.readLong(code);
  }

  private readLong(code: number): LuaValue | typeof OPENED {
    const { text } = this;
    const at = this.at + 1;
    switch (code) {
      case 0xc0:
        return this.take(1, undefined);
      case 0xc2:
        return this.take(1, false);
      case 0xc3:
        return this.take(1, true);
      case 0xca:
        return this.take(this.need(5), bytesToFloat(text, at));
      case 0xcb:
        return this.take(this.need(9), bytesToDouble(text, at));
      case 0xcc:
        return this.take(this.need(2), text.charCodeAt(at));
      case 0xcd:
        return this.take(this.need(3), this.uint16());
      case 0xce:
        return this.take(this.need(5), bytesToUint32(text, at));
      case 0xcf:
      case 0xd3:
        this.need(9);
        return this.take(9, (bytesToUint32(text, at) | 0) * 2 ** 32 + bytesToUint32(text, at + 4));
      case 0xd0:
        return this.take(this.need(2), (text.charCodeAt(at) << 24) >> 24);
      case 0xd1:
        return this.take(this.need(3), (this.uint16() << 16) >> 16);
      case 0xd2:
        return this.take(this.need(5), bytesToUint32(text, at) | 0);
      case 0xd9:
        return this.readString(this.need(2), text.charCodeAt(at));
      case 0xda:
        return this.readString(this.need(3), this.uint16());
      case 0xdb:
        return this.readString(this.need(5), bytesToUint32(text, at));
      case 0xdc:
        return this.openArray(this.need(3), this.uint16());
      case 0xdd:
        return this.openArray(this.need(5), bytesToUint32(text, at));
      case 0xde:
        return this.openMap(this.need(3), this.uint16());
      case 0xdf:
        return this.openMap(this.need(5), bytesToUint32(text, at));
      default:
        throw this.call.error('Bad data format in input.');
    }
  }

  /** The two bytes after the code. */
  private uint16(): number {
    return (this.text.charCodeAt(this.at + 1) << 8) | this.text.charCodeAt(this.at + 2);
  }

  private take(size: number, value: LuaValue): LuaValue {
    this.at += size;
    return value;
  }

  private readString(header: number, length: number): string {
    this.need(header + length);
    const start = this.at + header;
    this.at = start + length;
    this.work.add(length);
    return this.text.slice(start, this.at);
  }

  private openArray(header: number, count: number): LuaTable | typeof OPENED {
    this.at += header;
    this.slots++;
    this.checkStack('in function mp_decode_to_lua_array');
    this.slots--;
    return this.open(count, 1, 2);
  }

  private openMap(header: number, count: number): LuaTable | typeof OPENED {
    this.at += header;
    return this.open(count, KEY, 1);
  }

  private open(count: number, state: number, slots: number): LuaTable | typeof OPENED {
    const table = new LuaTable();
    if (count === 0) return table;
    this.tables[this.depth] = table;
    this.left[this.depth] = count;
    this.states[this.depth] = state;
    this.keys[this.depth] = undefined;
    this.depth++;
    this.slots += slots;
    return OPENED;
  }

  /** So many bytes must be there. Gives their number. */
  private need(size: number): number {
    if (this.text.length - this.at < size) throw this.missing();
    return size;
  }

  private missing(): LuaError {
    return this.call.error('Missing bytes in input.');
  }

  private checkStack(what: string): void {
    if (this.slots + 1 > C_STACK_SLOTS) throw this.call.error(`stack overflow (${what})`);
  }
}
