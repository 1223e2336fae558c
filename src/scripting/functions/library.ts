import type { ByteString } from '../../bytes/byte-string.ts';
import type { LuaFunction } from '../lua/values/value.ts';
import type { ScriptFlag } from '../script-flags.ts';

/** A function that a library has registered. */
export interface LibraryFunction {
  readonly name: ByteString;
  readonly callback: LuaFunction;
  readonly description: ByteString | null;
  readonly flags: ReadonlySet<ScriptFlag>;
}

/** A library: its source, and what it registered when it was loaded. */
export interface Library {
  readonly name: ByteString;
  readonly code: ByteString;
  /** What it takes, about. */
  readonly bytes: number;
  /** By name, in the order in which they were registered. */
  readonly functions: ReadonlyMap<ByteString, LibraryFunction>;
}
