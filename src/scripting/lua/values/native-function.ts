import type { LuaTable } from './lua-table.ts';
import type { NativeCall } from './native-call.ts';
import type { LuaValue } from './value.ts';

/** What a function of the host gives back: one value, or an array of all its results. */
export type NativeResult = LuaValue | readonly LuaValue[];

/** No results at all, which is not the same as one nil. */
export const NO_RESULTS: readonly LuaValue[] = [];

/** Does the work of a function of the host. */
export type NativeBody = (call: NativeCall) => NativeResult;

/** A function written in JavaScript that Lua can call. */
export class NativeFunction {
  readonly name: string;
  readonly body: NativeBody;
  /** Where `getfenv` looks. */
  environment: LuaTable | undefined = undefined;

  /** @param name for people who debug; errors name the function as the caller's source does */
  constructor(name: string, body: NativeBody) {
    this.name = name;
    this.body = body;
  }
}
