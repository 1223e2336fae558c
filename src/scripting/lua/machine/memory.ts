import { LuaTable } from '../values/lua-table.ts';
import { NativeFunction } from '../values/native-function.ts';
import type { LuaValue } from '../values/value.ts';
import { Cell, Closure } from './closure.ts';
import { Coroutine } from './coroutine.ts';
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
        const first = this.strings.get(value);
        if (first !== undefined) return first;
        this.strings.set(value, value);
      }
      this.bytes += STRING_BYTES + value.length;
    } else if (typeof value === 'object' && !this.seen.has(value)) {
      this.seen.add(value);
      this.waiting.push(value);
    }
    return value;
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
      for (let frame = value.frame; frame.previous !== undefined; frame = frame.previous)
        this.meet(frame.closure);
    }
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
