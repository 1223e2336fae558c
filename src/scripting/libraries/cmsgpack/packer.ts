import { LuaTable } from '../../lua/values/lua-table.ts';
import type { LuaValue } from '../../lua/values/value.ts';
import { doubleToBytes, floatToBytes, int64ToBytes, uint32ToBytes } from '../float-bytes.ts';
import { TextBuilder } from '../text-builder.ts';
import type { Work } from '../work.ts';

/*
 * Lua values as MessagePack, in the shortest form each has:
 *
 *   nil, functions, what nests too deep     nil
 *   integers of 64 bits                     as integers, whether Lua counted or computed them
 *   other numbers                           as float if that is exact, else as double
 *   strings                                 as str (raw), never bin
 *   tables whose keys are 1 to n            as arrays; so an empty table is an empty array
 *   other tables                            as maps, in the order of `pairs`
 */

/** A table inside so many others is written as nil. */
const MOST_NESTED = 16;

function uint16ToBytes(value: number): string {
  return String.fromCharCode(value >> 8, value & 0xff);
}

function lengthHeader(length: number, short: number, shortest: number, code16: number): string {
  if (length <= shortest) return String.fromCharCode(short | length);
  if (length <= 0xffff) return String.fromCharCode(code16) + uint16ToBytes(length);
  return String.fromCharCode(code16 + 1) + uint32ToBytes(length);
}

function packInteger(value: number): string {
  if (value >= 0) {
    if (value <= 0x7f) return String.fromCharCode(value);
    if (value <= 0xff) return String.fromCharCode(0xcc, value);
    if (value <= 0xffff) return `\xcd${uint16ToBytes(value)}`;
    if (value <= 0xffff_ffff) return `\xce${uint32ToBytes(value)}`;
    return `\xcf${int64ToBytes(value)}`;
  }
  if (value >= -0x20) return String.fromCharCode(value & 0xff);
  if (value >= -0x80) return String.fromCharCode(0xd0, value & 0xff);
  if (value >= -0x8000) return `\xd1${uint16ToBytes(value & 0xffff)}`;
  if (value >= -0x8000_0000) return `\xd2${uint32ToBytes(value)}`;
  return `\xd3${int64ToBytes(value)}`;
}

function packNumber(value: number): string {
  // -0 is the integer 0. 2^63 is an integer, but none of 64 signed bits.
  if (Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63) return packInteger(value);
  return Math.fround(value) === value ? `\xca${floatToBytes(value)}` : `\xcb${doubleToBytes(value)}`;
}

/** Packs values into one string. */
export class Packer {
  private readonly text: TextBuilder;
  private readonly work: Work;

  constructor(work: Work) {
    this.work = work;
    this.text = new TextBuilder(work);
  }

  /** All that was packed. */
  finish(): string {
    return this.text.finish();
  }

  pack(value: LuaValue, level = 0): void {
    switch (typeof value) {
      case 'string':
        this.packString(value);
        break;
      case 'number':
        this.text.add(packNumber(value));
        this.work.add(8);
        break;
      case 'boolean':
        this.text.add(value ? '\xc3' : '\xc2');
        this.work.add(1);
        break;
      default:
        if (value instanceof LuaTable && level < MOST_NESTED) this.packTable(value, level + 1);
        else {
          this.text.add('\xc0');
          this.work.add(1);
        }
    }
  }

  private packString(value: string): void {
    const { length } = value;
    this.work.add(length + 5);
    if (length <= 0x1f) this.text.add(String.fromCharCode(0xa0 | length));
    else if (length <= 0xff) this.text.add(String.fromCharCode(0xd9, length));
    else this.text.add(lengthHeader(length, 0, -1, 0xda));
    this.text.add(value);
  }

  private packTable(table: LuaTable, level: number): void {
    let count = 0;
    let highest = 0;
    for (let at = table.nextPosition(0); at !== 0; at = table.nextPosition(at)) {
      const key = table.keyAt(at);
      if (typeof key !== 'number' || !(key > 0) || (key | 0) !== key) highest = Infinity;
      else if (key > highest) highest = key;
      count++;
      this.work.add(0);
    }
    if (highest === count) {
      this.text.add(lengthHeader(count, 0x90, 15, 0xdc));
      for (let index = 1; index <= count; index++) this.pack(table.getNumber(index), level);
      return;
    }
    this.text.add(lengthHeader(count, 0x80, 15, 0xde));
    for (let at = table.nextPosition(0); at !== 0; at = table.nextPosition(at)) {
      this.pack(table.keyAt(at), level);
      this.pack(table.valueAt(at), level);
    }
  }
}
