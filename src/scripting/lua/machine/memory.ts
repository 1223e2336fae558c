import { LuaTable } from '../values/lua-table.ts';
import { NativeFunction } from '../values/native-function.ts';
import type { LuaValue } from '../values/value.ts';
import { Cell, Closure } from './closure.ts';
import { Coroutine } from './coroutine.ts';
import type { Machine } from './machine.ts';

const TABLE_BYTES = 112;
const SLOT_BYTES = 8;
const FIELD_BYTES = 32;
const STRING_BYTES = 32;
const CLOSURE_BYTES = 64;
const CELL_BYTES = 24;
const COROUTINE_BYTES = 1024;

/**
 * About how many bytes what a machine can reach takes. A string counts wherever it is met. O(what is reachable).
 */
export function reachableBytes(machine: Machine): number {
  const seen = new Set<object>();
  const waiting: object[] = [];
  let bytes = 0;
  const meet = (value: LuaValue | Cell) => {
    if (typeof value === 'string') bytes += STRING_BYTES + value.length;
    else if (typeof value === 'object' && !seen.has(value)) {
      seen.add(value);
      waiting.push(value);
    }
  };
  meet(machine.globals);
  meet(machine.stringMetatable);
  meet(machine.current);
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (value instanceof LuaTable) {
      bytes += TABLE_BYTES + value.arraySize * SLOT_BYTES;
      meet(value.metatable);
      for (let at = value.nextPosition(0); at !== 0; at = value.nextPosition(at)) {
        if (at > value.arraySize) {
          bytes += FIELD_BYTES;
          meet(value.keyAt(at));
        }
        meet(value.valueAt(at));
      }
    } else if (value instanceof Closure) {
      bytes += CLOSURE_BYTES;
      meet(value.environment);
      for (const cell of value.upvalues) meet(cell);
    } else if (value instanceof Cell) {
      bytes += CELL_BYTES;
      meet(value.value);
    } else if (value instanceof NativeFunction) {
      meet(value.environment);
    } else if (value instanceof Coroutine) {
      bytes += COROUTINE_BYTES + value.stack.length * SLOT_BYTES;
      meet(value.body);
      for (const slot of value.stack) meet(slot);
      for (const slot of value.transferred) meet(slot);
      meet(value.resumedBy);
      for (let frame = value.frame; frame.previous !== undefined; frame = frame.previous) meet(frame.closure);
    }
  }
  return bytes;
}
