import type { LuaError } from '../../lua/values/lua-error.ts';
import { LuaTable } from '../../lua/values/lua-table.ts';
import type { NativeCall } from '../../lua/values/native-call.ts';
import { numberOfText } from '../../lua/values/number-text.ts';
import type { LuaValue } from '../../lua/values/value.ts';
import { C_STACK_SLOTS } from '../c-stack.ts';
import { bytesToDouble, bytesToFloat, doubleToBytes, floatToBytes } from '../float-bytes.ts';
import { addFunctions } from '../functions.ts';
import { Work } from '../work.ts';
import { FormatReader } from './format.ts';
import { bytesToInteger, integerToBytes } from './integers.ts';

const LOWER_CASE = 0x20;

function reversed(bytes: string): string {
  let result = '';
  for (let at = bytes.length - 1; at >= 0; at--) result += bytes.charAt(at);
  return result;
}

/** What is missing after the last argument is nil rather than nothing, to the reference's errors. */
function numberArgument(call: NativeCall, index: number): number {
  if (index > call.count) throw call.argumentError(index, 'number expected, got nil');
  return call.number(index);
}

function stringArgument(call: NativeCall, index: number): string {
  if (index > call.count) throw call.argumentError(index, 'string expected, got nil');
  return call.string(index);
}

/** `struct.pack(format, value, …)` */
function pack(call: NativeCall): string {
  const format = new FormatReader(call, call.string(1));
  const work = new Work(call.machine);
  let packed = '';
  let argument = 2;
  while (format.next()) {
    packed += '\0'.repeat(format.padding(packed.length));
    switch (format.option) {
      case 0x62: // b
      case 0x42: // B
      case 0x68: // h
      case 0x48: // H
      case 0x6c: // l
      case 0x4c: // L
      case 0x54: // T
      case 0x69: // i
      case 0x49: // I
        packed += integerToBytes(numberArgument(call, argument++), format.size, format.isLittle);
        break;
      case 0x78: // x
        packed += '\0';
        break;
      case 0x66: {
        // f
        const bytes = floatToBytes(numberArgument(call, argument++));
        packed += format.isLittle ? reversed(bytes) : bytes;
        break;
      }
      case 0x64: {
        // d
        const bytes = doubleToBytes(numberArgument(call, argument++));
        packed += format.isLittle ? reversed(bytes) : bytes;
        break;
      }
      case 0x63: // c
      case 0x73: {
        // s
        const text = stringArgument(call, argument++);
        const size = format.size === 0 ? text.length : format.size;
        // The error names the argument after it.
        if (text.length < size) throw call.argumentError(argument, 'string too short');
        work.add(size);
        work.makeString(packed.length + size + 1);
        packed += text.slice(0, size);
        if (format.option === 0x73) packed += '\0';
        break;
      }
      default:
        format.control();
    }
    work.add(format.size);
    work.makeString(packed.length);
  }
  work.finish();
  return packed;
}

/** One run of `struct.unpack`. */
class StructReader {
  readonly values: LuaValue[] = [];
  /** From 0. Below 0 it is beyond any end. */
  position: number;
  private readonly call: NativeCall;
  private readonly data: string;
  private readonly format: FormatReader;

  constructor(call: NativeCall, format: FormatReader, data: string, position: number) {
    this.call = call;
    this.format = format;
    this.data = data;
    this.position = position;
  }

  /** Reads the option the format is at. */
  read(): void {
    const { format, data } = this;
    this.position += format.padding(this.position);
    this.check(format.size);
    if (this.values.length + 4 > C_STACK_SLOTS) throw this.call.error('stack overflow (too many results)');
    const at = this.position;
    let { size } = format;
    switch (format.option) {
      case 0x62: // b
      case 0x68: // h
      case 0x6c: // l
      case 0x69: // i
      case 0x42: // B
      case 0x48: // H
      case 0x4c: // L
      case 0x54: // T
      case 0x49: {
        // I
        const isSigned = (format.option & LOWER_CASE) !== 0;
        this.values.push(bytesToInteger(data, at, size, format.isLittle, isSigned));
        break;
      }
      case 0x78: // x
        break;
      case 0x66: // f
        this.values.push(
          bytesToFloat(format.isLittle ? reversed(data.slice(at, at + 4)) : data, format.isLittle ? 0 : at),
        );
        break;
      case 0x64: // d
        this.values.push(
          bytesToDouble(format.isLittle ? reversed(data.slice(at, at + 8)) : data, format.isLittle ? 0 : at),
        );
        break;
      case 0x63: // c
        if (size === 0) {
          size = this.sizeBefore();
          this.check(size);
        }
        this.values.push(data.slice(at, at + size));
        break;
      case 0x73: {
        // s
        const end = data.indexOf('\0', at);
        if (end < 0) throw this.call.error('unfinished string in data');
        this.values.push(data.slice(at, end));
        size = end - at + 1;
        break;
      }
      default:
        format.control();
    }
    this.position += size;
  }

  /** Takes back the value read before, as a size. What is no size is larger than any data. */
  private sizeBefore(): number {
    const value = this.values.pop();
    const number = typeof value === 'string' ? numberOfText(value) : value;
    if (typeof number !== 'number') throw this.call.error("format 'c0' needs a previous size");
    return number > -1 ? Math.trunc(number) + 0 : Infinity;
  }

  private check(size: number): void {
    if (this.position < 0 || this.position + size > this.data.length) throw this.tooShort();
  }

  private tooShort(): LuaError {
    return this.call.argumentError(2, 'data string too short');
  }
}

/** `struct.unpack(format, data [, position])`: the values, and the position after them. */
function unpack(call: NativeCall): readonly LuaValue[] {
  const format = new FormatReader(call, call.string(1));
  const data = call.string(2);
  const start = call.optionalInteger(3, 1);
  if (start === 0) throw call.argumentError(3, 'offset must be 1 or greater');
  const work = new Work(call.machine);
  // A position below 0 is a large one to the reference; it comes back as it was if nothing is read.
  const reader = new StructReader(call, format, data, start - 1);
  while (format.next()) {
    const before = reader.position;
    reader.read();
    work.add(reader.position - before);
  }
  work.finish();
  reader.values.push(reader.position + 1);
  return reader.values;
}

function isAlphanumeric(code: number): boolean {
  const lower = code | LOWER_CASE;
  return (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x7a);
}

/** `struct.size(format)`: how long what it packs is. Letters that are no options count as nothing. */
function size(call: NativeCall): number {
  const format = new FormatReader(call, call.string(1));
  const work = new Work(call.machine);
  let position = 0;
  while (format.next()) {
    position += format.padding(position);
    if (format.option === 0x73) throw call.argumentError(1, "option 's' has no fixed size");
    if (format.option === 0x63 && format.size === 0) {
      throw call.argumentError(1, "option 'c0' has no fixed size");
    }
    if (!isAlphanumeric(format.option)) format.control();
    position += format.size;
    work.add(0);
  }
  work.finish();
  return position;
}

/** The `struct` library, as it is in Redis. */
export function structLibrary(): LuaTable {
  return addFunctions(new LuaTable(0, 3), { pack, unpack, size });
}
