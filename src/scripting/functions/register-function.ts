import { type ByteString, fromLatin1 } from '../../bytes/byte-string.ts';
import { Closure } from '../lua/machine/closure.ts';
import { LuaTable } from '../lua/values/lua-table.ts';
import type { NativeCall } from '../lua/values/native-call.ts';
import { NativeFunction, NO_RESULTS } from '../lua/values/native-function.ts';
import { textOfNumber } from '../lua/values/number-text.ts';
import type { LuaFunction, LuaValue } from '../lua/values/value.ts';
import { luaError } from '../redis-library.ts';
import { isScriptFlag, SCRIPT_FLAGS, type ScriptFlag } from '../script-flags.ts';
import type { LibraryFunction } from './library.ts';
import { isName } from './library-header.ts';

const NAME_INVALID =
  'Library names can only contain letters, numbers, or underscores(_) and must be at least one character long';

/**
 * `redis.register_function(name, callback)`, or with named arguments in a table.
 *
 * @param registered where it adds the function: nowhere while no library is loaded
 */
export function registerFunction(
  registered: () => Map<ByteString, LibraryFunction> | undefined,
): NativeFunction {
  return new NativeFunction('register_function', (call) => {
    const made = read(call);
    const functions = registered();
    if (functions === undefined) {
      throw luaError('redis.register_function can only be called on FUNCTION LOAD command');
    }
    if (!isName(made.name)) throw luaError(NAME_INVALID);
    if (functions.has(made.name)) throw luaError('Function already exists in the library');
    functions.set(made.name, made);
    return NO_RESULTS;
  });
}

function read(call: NativeCall): LibraryFunction {
  if (call.count < 1 || call.count > 2) {
    throw luaError('wrong number of arguments to redis.register_function');
  }
  return call.count === 1 ? readNamed(call.value(1)) : readPositional(call.value(1), call.value(2));
}

function readPositional(name: LuaValue, callback: LuaValue): LibraryFunction {
  const text = textOf(name);
  if (text === undefined) throw luaError('first argument to redis.register_function must be a string');
  if (!isFunction(callback)) {
    throw luaError('second argument to redis.register_function must be a function');
  }
  return { name: fromLatin1(text), callback, description: null, flags: new Set() };
}

function readNamed(named: LuaValue): LibraryFunction {
  if (!(named instanceof LuaTable)) {
    throw luaError(
      'calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments).',
    );
  }
  let name: string | undefined;
  let description: ByteString | null = null;
  let callback: LuaFunction | undefined;
  let flags: ReadonlySet<ScriptFlag> = new Set();
  for (let at = named.nextPosition(0); at !== 0; at = named.nextPosition(at)) {
    const value = named.valueAt(at);
    switch (keyOf(named.keyAt(at))) {
      case 'function_name':
        name = textOf(value);
        if (name === undefined) {
          throw luaError('function_name argument given to redis.register_function must be a string');
        }
        break;
      case 'description': {
        const text = textOf(value);
        if (text === undefined) {
          throw luaError('description argument given to redis.register_function must be a string');
        }
        description = fromLatin1(text);
        break;
      }
      case 'callback':
        if (!isFunction(value)) {
          throw luaError('callback argument given to redis.register_function must be a function');
        }
        callback = value;
        break;
      case 'flags':
        flags = readFlags(value);
        break;
      default:
        throw luaError('unknown argument given to redis.register_function');
    }
  }
  if (name === undefined) throw luaError('redis.register_function must get a function name argument');
  if (callback === undefined) throw luaError('redis.register_function must get a callback argument');
  return { name: fromLatin1(name), callback, description, flags };
}

function keyOf(key: LuaValue): string {
  const text = textOf(key);
  if (text === undefined) {
    throw luaError('named argument key given to redis.register_function is not a string');
  }
  return text.toLowerCase();
}

function readFlags(value: LuaValue): ReadonlySet<ScriptFlag> {
  if (!(value instanceof LuaTable)) {
    throw luaError('flags argument to redis.register_function must be a table representing function flags');
  }
  const given = new Set<ScriptFlag>();
  for (let at = 1; ; at++) {
    const flag = value.getNumber(at);
    if (flag === undefined) break;
    if (typeof flag !== 'string' || !isScriptFlag(flag)) throw luaError('unknown flag given');
    given.add(flag);
  }
  // Told in Redis's order, whatever theirs.
  return new Set(SCRIPT_FLAGS.filter((flag) => given.has(flag)));
}

/** A string, or a number as text. */
function textOf(value: LuaValue): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? textOfNumber(value) : undefined;
}

function isFunction(value: LuaValue): value is LuaFunction {
  return value instanceof Closure || value instanceof NativeFunction;
}
