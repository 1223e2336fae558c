import { LuaError, READONLY_TABLE } from '../values/lua-error.ts';
import type { LuaTable } from '../values/lua-table.ts';
import type { MachineServices, NativeCall } from '../values/native-call.ts';
import { type NativeResult, NO_RESULTS } from '../values/native-function.ts';
import { textOfNumber } from '../values/number-text.ts';
import { typeName } from '../values/type-name.ts';
import type { LuaValue } from '../values/value.ts';
import { type NativeList, nativeTable } from './native-table.ts';
import { sort } from './sort.ts';
import { StringBuilder } from './string-builder.ts';

/** How many steps of a loop are paid for at once. */
const STEPS_AT_ONCE = 1024;

/** The library `table` of 5.1. All of it is raw: it knows no metamethods but `__lt`. */
export function tableLibrary(): LuaTable {
  return nativeTable(FUNCTIONS);
}

const FUNCTIONS: NativeList = [
  ['concat', concat],
  ['foreach', foreach],
  ['foreachi', foreachi],
  ['getn', (call) => call.table(1).length()],
  ['maxn', largestNumber],
  ['insert', insert],
  ['remove', remove],
  ['setn', setn],
  [
    'sort',
    (call) => {
      const table = call.table(1);
      const size = table.length();
      const comparator = call.value(2);
      if (comparator !== undefined) needFunction(call, 2);
      sort(call, table, size, comparator);
      return NO_RESULTS;
    },
  ],
];

/** An argument as C's `int`: its lower 32 bits. */
function optionalInt32(call: NativeCall, index: number, otherwise: number): number {
  return call.optionalInteger(index, otherwise) | 0;
}

function needFunction(call: NativeCall, index: number): LuaValue {
  const value = call.value(index);
  if (typeName(value) !== 'function') throw call.typeError(index, 'function');
  return value;
}

/** Refuses where scripts may not write. The text has no position, since who writes is a native function. */
function needWritable(table: LuaTable): void {
  if (table.isReadonly) throw new LuaError(READONLY_TABLE);
}

/** Pays for steps as they are made, many at once. */
function pay(machine: MachineServices, step: number): void {
  if (step % STEPS_AT_ONCE === 0) machine.spend(STEPS_AT_ONCE);
}

function concat(call: NativeCall): NativeResult {
  const separator = call.optionalString(2, '');
  const table = call.table(1);
  const first = optionalInt32(call, 3, 1);
  const last = call.value(4) === undefined ? table.length() : call.integer(4) | 0;
  const { machine } = call;
  const text = new StringBuilder(machine);
  for (let index = first; index <= last; index++) {
    const value = table.getNumber(index);
    if (typeof value === 'string') text.add(value);
    else if (typeof value === 'number') text.add(textOfNumber(value));
    else throw call.error(`invalid value (${typeName(value)}) at index ${index} in table for 'concat'`);
    if (index < last) text.add(separator);
    pay(machine, index - first + 1);
  }
  return text.finish();
}

function foreach(call: NativeCall): NativeResult {
  const table = call.table(1);
  const visit = needFunction(call, 2);
  let position = table.nextPosition(0);
  while (position !== 0) {
    const key = table.keyAt(position);
    const result = call.machine.callFirst(visit, key, table.valueAt(position));
    if (result !== undefined) return result;
    // The function may have changed the table.
    position = table.positionOf(key);
    if (position < 0) throw new LuaError("invalid key to 'next'");
    position = table.nextPosition(position);
  }
  return NO_RESULTS;
}

function foreachi(call: NativeCall): NativeResult {
  const table = call.table(1);
  const size = table.length();
  const visit = needFunction(call, 2);
  for (let index = 1; index <= size; index++) {
    const result = call.machine.callFirst(visit, index, table.getNumber(index));
    if (result !== undefined) return result;
  }
  return NO_RESULTS;
}

function largestNumber(call: NativeCall): NativeResult {
  const table = call.table(1);
  let largest = 0;
  let steps = 0;
  for (let position = table.nextPosition(0); position !== 0; position = table.nextPosition(position)) {
    const key = table.keyAt(position);
    if (typeof key === 'number' && key > largest) largest = key;
    pay(call.machine, ++steps);
  }
  return largest;
}

function insert(call: NativeCall): NativeResult {
  const table = call.table(1);
  const end = table.length() + 1;
  if (call.count === 2) {
    needWritable(table);
    table.setNumber(end, call.value(2));
    return NO_RESULTS;
  }
  if (call.count !== 3) throw call.error("wrong number of arguments to 'insert'");
  const position = call.integer(2) | 0;
  needWritable(table);
  for (let index = end; index > position; index--) {
    table.setNumber(index, table.getNumber(index - 1));
    pay(call.machine, end - index + 1);
  }
  table.setNumber(position, call.value(3));
  return NO_RESULTS;
}

function remove(call: NativeCall): NativeResult {
  const table = call.table(1);
  const end = table.length();
  const position = optionalInt32(call, 2, end);
  if (position < 1 || position > end) return NO_RESULTS;
  const removed = table.getNumber(position);
  needWritable(table);
  for (let index = position; index < end; index++) {
    table.setNumber(index, table.getNumber(index + 1));
    pay(call.machine, index - position + 1);
  }
  table.setNumber(end, undefined);
  return removed;
}

function setn(call: NativeCall): NativeResult {
  call.table(1);
  throw call.error("'setn' is obsolete");
}
