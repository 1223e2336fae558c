import { bytesOfPrototype, type Prototype } from '../compiler/prototype.ts';
import { LuaTable } from '../values/lua-table.ts';
import { NativeFunction } from '../values/native-function.ts';
import type { LuaValue } from '../values/value.ts';
import { Cell, Closure } from './closure.ts';
import { Coroutine } from './coroutine.ts';
import { FRAME_BYTES } from './frame.ts';
import type { Machine } from './machine.ts';
import { ResumingFunction } from './resuming-function.ts';

const TABLE_BYTES = 112;
const SLOT_BYTES = 8;
const FIELD_BYTES = 32;
const STRING_BYTES = 32;
const CLOSURE_BYTES = 64;
const CELL_BYTES = 24;
const COROUTINE_BYTES = 512;
/** Strings from this length on are counted once, however often they are met. */
const LONG_STRING = 40;
/** Strings from this length on are compared with a few of the same length only, and not for ever. */
const HUGE_STRING = 8192;
const MOST_OF_A_LENGTH = 8;
const MOST_COMPARED_BYTES = 2 ** 27;

/**
 * Measures what a machine can reach, in bytes, by estimate. JavaScript does not tell whether two equal strings are one, so where a
 * long string is met again, the first of its kind is put in its place: then it is one, as all equal strings are in the
 * reference. O(what is reachable), without recursion.
 */
export function reachableBytes(machine: Machine): number {
  return new Measurement().measure(machine);
}

class Measurement {
  private readonly seen = new Set<object>();
  private readonly waiting: object[] = [];
  private readonly strings = new Map<string, string>();
  private readonly hugeStrings = new Map<number, string[]>();
  private comparedBytes = 0;
  private bytes = 0;

  measure(machine: Machine): number {
    this.meet(machine.globals);
    this.meet(machine.stringMetatable);
    this.meet(machine.current);
    for (let value = this.waiting.pop(); value !== undefined; value = this.waiting.pop()) this.enter(value);
    return this.bytes;
  }

  /** Counts a value; what it holds is to be looked at later. Returns what may take its place. */
  private meet(value: LuaValue): LuaValue {
    if (typeof value === 'string') {
      if (value.length >= LONG_STRING) {
        const first = this.firstOf(value);
        if (first !== undefined) return first;
      }
      this.bytes += STRING_BYTES + value.length;
    } else if (typeof value === 'object' && !this.seen.has(value)) {
      this.seen.add(value);
      this.waiting.push(value);
    }
    return value;
  }

  /** The equal string that was met before, if there is one; else this is the first. */
  private firstOf(text: string): string | undefined {
    if (text.length < HUGE_STRING) {
      const first = this.strings.get(text);
      if (first === undefined) this.strings.set(text, text);
      return first;
    }
    // Of those the engine's hash is their length: they are compared one by one. Two that are equal are one by the next time, so
    // that only what was in vain counts.
    const known = this.hugeStrings.get(text.length);
    if (known === undefined) {
      this.hugeStrings.set(text.length, [text]);
      return undefined;
    }
    for (const first of known) {
      if (this.comparedBytes > MOST_COMPARED_BYTES) return undefined;
      if (first === text) return first;
      this.comparedBytes += text.length;
    }
    if (known.length < MOST_OF_A_LENGTH) known.push(text);
    return undefined;
  }

  private meetAll(values: LuaValue[]): void {
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      if (typeof value === 'string') values[index] = this.meet(value);
      else if (typeof value === 'object') this.meet(value);
    }
  }

  private enter(value: object): void {
    if (value instanceof LuaTable) this.enterTable(value);
    else if (value instanceof Closure) {
      this.bytes += CLOSURE_BYTES;
      this.meetPrototype(value.prototype);
      this.meet(value.environment);
      for (const cell of value.upvalues) this.meet(cell as unknown as LuaValue);
    } else if (value instanceof Cell) {
      this.bytes += CELL_BYTES;
      value.value = this.meet(value.value);
    } else if (value instanceof NativeFunction) {
      this.meet(value.environment);
      if (value instanceof ResumingFunction) this.meet(value.coroutine);
    } else if (value instanceof Coroutine) {
      this.bytes += COROUTINE_BYTES + value.stack.length * SLOT_BYTES;
      this.meet(value.body);
      this.meet(value.resumedBy);
      this.meetAll(value.stack);
      for (const slot of value.transferred) this.meet(slot);
      for (let frame = value.frame; frame.previous !== undefined; frame = frame.previous) {
        this.bytes += FRAME_BYTES;
        this.meet(frame.closure);
      }
      for (let { next } = value.frame; next !== undefined; { next } = next) this.bytes += FRAME_BYTES;
    }
  }

  private meetPrototype(prototype: Prototype): void {
    if (this.seen.has(prototype)) return;
    this.seen.add(prototype);
    this.bytes += bytesOfPrototype(prototype);
    for (const constant of prototype.constants) this.meet(constant);
    // No deeper than sources may nest functions.
    for (const inner of prototype.prototypes) this.meetPrototype(inner);
  }

  private enterTable(table: LuaTable): void {
    const { arraySize } = table;
    this.bytes += TABLE_BYTES + arraySize * SLOT_BYTES;
    this.meet(table.metatable);
    this.meetAll(table.array);
    for (let at = table.nextPosition(arraySize); at !== 0; at = table.nextPosition(at)) {
      this.bytes += FIELD_BYTES;
      const key = table.keyAt(at);
      const value = table.valueAt(at);
      this.meet(key);
      const first = this.meet(value);
      if (typeof first === 'string' && first.length >= LONG_STRING) table.set(key, first);
    }
  }
}
