import { LuaError } from '../values/lua-error.ts';
import type { NativeCall } from '../values/native-call.ts';
import type { NativeBody, NativeResult } from '../values/native-function.ts';
import { textOfNumber } from '../values/number-text.ts';
import { typeName } from '../values/type-name.ts';
import type { LuaFunction } from '../values/value.ts';
import { StringBuilder } from './string-builder.ts';

type Compile = (source: string, chunkName: string) => LuaFunction;

/** `load`: the source comes in pieces, from a function that is called until it gives nil or an empty piece. */
export function loadFrom(compile: Compile): NativeBody {
  return (call) => {
    const reader = call.value(1);
    if (typeName(reader) !== 'function') throw call.typeError(1, 'function');
    const chunkName = call.optionalString(2, '=(load)');
    return loaded(() => compile(readAll(call, reader as LuaFunction), chunkName));
  };
}

/** `loadstring`. */
export function loadstringFrom(compile: Compile): NativeBody {
  return (call) => {
    const source = call.string(1);
    const chunkName = call.optionalString(2, source);
    return loaded(() => compile(source, chunkName));
  };
}

function readAll(call: NativeCall, reader: LuaFunction): string {
  const source = new StringBuilder(call.machine);
  for (;;) {
    const piece = call.machine.call(reader, [])[0];
    if (piece === undefined || piece === '') return source.finish();
    if (typeof piece === 'number') source.add(textOfNumber(piece));
    else if (typeof piece === 'string') source.add(piece);
    else throw call.error('reader function must return a string');
    // A reader of the host that always gives something would never come to an end.
    call.machine.spend(1);
  }
}

/** A function, or nil and what was wrong. */
function loaded(make: () => LuaFunction): NativeResult {
  try {
    return make();
  } catch (error) {
    if (error instanceof LuaError) return [undefined, error.value];
    throw error;
  }
}
