import type { LuaTable } from '../../../../src/scripting/lua/values/lua-table.ts';
import { type MachineServices, NativeCall } from '../../../../src/scripting/lua/values/native-call.ts';
import { NativeFunction } from '../../../../src/scripting/lua/values/native-function.ts';
import type { LuaValue } from '../../../../src/scripting/lua/values/value.ts';

/**
 * What native functions need of a machine, without one: it calls native functions only, and counts what is asked for.
 * The functions it calls believe they are called from the server's `EVAL`, by the name they have there.
 */
export class StandInMachine implements MachineServices {
  stringMetatable: LuaTable | undefined = undefined;
  spentSteps = 0;
  allocatedBytes = 0;
  private name = '?';

  call(callee: LuaValue, args: readonly LuaValue[]): readonly LuaValue[] {
    if (!(callee instanceof NativeFunction)) throw new Error('not a native function');
    const outer = this.name;
    this.name = callee.name;
    try {
      const result = callee.body(new NativeCall(this, args, 0, args.length));
      return Array.isArray(result) ? result : [result as LuaValue];
    } finally {
      this.name = outer;
    }
  }

  callFirst(callee: LuaValue, a: LuaValue, b: LuaValue, c?: LuaValue, argumentCount = 2): LuaValue {
    return this.call(callee, [a, b, c].slice(0, argumentCount))[0];
  }

  calleeName() {
    return { kind: 'field', name: this.name } as const;
  }

  where(level: number): string {
    return level === 1 ? 'user_script:1: ' : '';
  }

  spend(steps: number): void {
    if (!Number.isInteger(steps)) throw new Error(`${steps} steps`);
    this.spentSteps += steps;
  }

  allocate(bytes: number): void {
    if (!Number.isInteger(bytes)) throw new Error(`${bytes} bytes`);
    this.allocatedBytes += bytes;
  }
}
