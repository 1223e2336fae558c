import type { Closure } from '../machine/closure.ts';
import type { Coroutine } from '../machine/coroutine.ts';
import type { LuaTable } from './lua-table.ts';
import type { NativeFunction } from './native-function.ts';
import type { Userdata } from './userdata.ts';

/**
 * A value of Lua. Nil is `undefined`. A string is a JavaScript string with one char (0 to 255) per byte: never text of
 * a wider alphabet, which is turned into its UTF-8 bytes at the border.
 */
export type LuaValue = undefined | boolean | number | string | LuaTable | LuaFunction | Coroutine | Userdata;

/** What can be called without a metatable. */
export type LuaFunction = Closure | NativeFunction;
