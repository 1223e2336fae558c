import { LuaError, READONLY_TABLE } from '../values/lua-error.ts';
import type { LuaTable } from '../values/lua-table.ts';
import type { MachineServices, NativeCall } from '../values/native-call.ts';
import type { LuaValue } from '../values/value.ts';
import { isLess } from './ordering.ts';

/**
 * Sorts the values of the keys 1 to size: the quicksort of the reference, compare for compare, because comparators that
 * contradict themselves, or count, show how it went.
 *
 * The median of the first, middle and last value is the pivot; it waits at the last place but one while the two indexes run towards
 * each other; then the smaller side is sorted by recursion and the larger one by going round.
 *
 * @throws LuaError if the comparator is so contradictory that an index leaves the range
 */
export function sort(call: NativeCall, table: LuaTable, size: number, comparator: LuaValue): void {
  new Sorting(call, table, comparator).sort(1, size);
}

class Sorting {
  private readonly call: NativeCall;
  private readonly machine: MachineServices;
  private readonly table: LuaTable;
  private readonly comparator: LuaValue;

  constructor(call: NativeCall, table: LuaTable, comparator: LuaValue) {
    this.call = call;
    this.machine = call.machine;
    this.table = table;
    this.comparator = comparator;
  }

  /** Sorts the keys from the first to the last. */
  sort(from: number, to: number): void {
    const { table } = this;
    let first = from;
    let last = to;
    while (first < last) {
      this.machine.spend(last - first);
      this.order(first, last);
      if (last - first === 1) return;
      const middle = Math.floor((first + last) / 2);
      if (!this.order(first, middle)) this.order(middle, last);
      if (last - first === 2) return;
      const pivot = table.getNumber(middle);
      this.put(middle, table.getNumber(last - 1), last - 1, pivot);
      const boundary = this.partition(first, last, pivot);
      this.put(last - 1, table.getNumber(boundary), boundary, table.getNumber(last - 1));
      if (boundary - first < last - boundary) {
        this.sort(first, boundary - 1);
        first = boundary + 1;
      } else {
        this.sort(boundary + 1, last);
        last = boundary - 1;
      }
    }
  }

  /** Brings what is less than the pivot to the left. Returns the index of the first value that is not. */
  private partition(first: number, last: number, pivot: LuaValue): number {
    const { table } = this;
    let left = first;
    let right = last - 1;
    for (;;) {
      let small = table.getNumber(++left);
      while (this.isLess(small, pivot)) {
        if (left > last) throw this.contradiction();
        small = table.getNumber(++left);
      }
      let large = table.getNumber(--right);
      while (this.isLess(pivot, large)) {
        if (right < first) throw this.contradiction();
        large = table.getNumber(--right);
      }
      if (right < left) return left;
      this.put(left, large, right, small);
    }
  }

  /** Swaps two values if the second one is less. Returns whether it did. */
  private order(first: number, second: number): boolean {
    const low = this.table.getNumber(first);
    const high = this.table.getNumber(second);
    if (!this.isLess(high, low)) return false;
    this.put(first, high, second, low);
    return true;
  }

  private put(first: number, value: LuaValue, second: number, other: LuaValue): void {
    if (this.table.isReadonly) throw new LuaError(READONLY_TABLE);
    this.table.setNumber(first, value);
    this.table.setNumber(second, other);
  }

  private isLess(left: LuaValue, right: LuaValue): boolean {
    if (this.comparator === undefined) return isLess(this.machine, left, right);
    const result = this.machine.callFirst(this.comparator, left, right);
    return result !== undefined && result !== false;
  }

  private contradiction(): LuaError {
    return this.call.error('invalid order function for sorting');
  }
}
