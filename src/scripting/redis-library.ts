import { type ByteString, fromLatin1, toLatin1 } from '../bytes/byte-string.ts';
import { ReplyError } from '../errors.ts';
import { formatDouble } from '../numbers/double.ts';
import { REDIS_VERSION } from '../session/server/version.ts';
import { LuaError } from './lua/values/lua-error.ts';
import { LuaTable } from './lua/values/lua-table.ts';
import { LONG_TEXT } from './lua/values/metering.ts';
import type { NativeCall } from './lua/values/native-call.ts';
import { type NativeBody, NativeFunction, NO_RESULTS } from './lua/values/native-function.ts';
import { numberOfText, textOfNumber } from './lua/values/number-text.ts';
import type { LuaValue } from './lua/values/value.ts';
import { errorTable } from './lua-sink.ts';
import type { ScriptClient } from './script-client.ts';
import { sha1Text } from './sha1-text.ts';

/** How important a message of `redis.log` is. */
export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning';

const LOG_LEVELS: readonly LogLevel[] = ['debug', 'verbose', 'notice', 'warning'];

/** Is given what scripts log. */
export type OnLog = (level: LogLevel, message: string) => void;

/** Converting so many bytes of an argument is one step: as a shift. */
const BYTES_PER_STEP_BITS = 4;

const REPLICATE_ALL = 3;

/** Integers up to here are written without an exponent. */
const LARGEST_PLAIN_INTEGER = 2 ** 62;

/** An error as Redis's own functions raise them: a table, with a code before the message. */
export function luaError(message: string): LuaError {
  return new LuaError(plainErrorTable(message));
}

function plainErrorTable(message: string): LuaTable {
  const table = new LuaTable();
  table.setString('err', `ERR ${message}`);
  return table;
}

/** The functions and constants that scripts find in `redis`; those of EVAL have more than functions of libraries. */
export function redisLibrary(client: ScriptClient, onLog: OnLog | undefined, isForEval: boolean): LuaTable {
  const library = new LuaTable();
  const define = (name: string, body: NativeBody): void =>
    library.setString(name, new NativeFunction(name, body));
  define('call', (call) => callCommand(client, call));
  define('pcall', (call) => protectedCallCommand(client, call));
  addLog(library, onLog);
  define('setresp', (call) => {
    client.setProtocol(protocolOf(call));
    return NO_RESULTS;
  });
  define('error_reply', (call) => singleField(call, 'err'));
  define('status_reply', (call) => singleField(call, 'ok'));
  define('sha1hex', (call) => {
    if (call.count !== 1) throw luaError('wrong number of arguments');
    const text = textOf(call.value(1)) ?? '';
    call.machine.spend(text.length);
    return sha1Text(text);
  });
  define('set_repl', (call) => {
    if (call.count !== 1) throw luaError('redis.set_repl() requires two arguments.');
    const flags = Math.trunc(numberOf(call.value(1)));
    if ((flags & ~REPLICATE_ALL) !== 0) {
      throw luaError('Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.');
    }
    return NO_RESULTS;
  });
  for (const [name, flags] of Object.entries({
    REPL_NONE: 0,
    REPL_AOF: 1,
    REPL_SLAVE: 2,
    REPL_REPLICA: 2,
    REPL_ALL: REPLICATE_ALL,
  })) {
    library.setString(name, flags);
  }
  define('acl_check_cmd', (call) => {
    const tokens = tokensOf(call);
    if (typeof tokens === 'string') throw luaError(tokens);
    try {
      return client.isPermitted(tokens);
    } catch (error) {
      throw error instanceof ReplyError ? new LuaError(errorTableOf(error)) : error;
    }
  });
  if (isForEval) {
    define('replicate_commands', () => true);
    define('breakpoint', () => false);
    define('debug', () => NO_RESULTS);
  }
  return library;
}

/** What can be asked while a library is loaded, too: `redis.log` and the version. */
export function addLog(library: LuaTable, onLog: OnLog | undefined): void {
  library.setString(
    'log',
    new NativeFunction('log', (call) => {
      if (call.count < 2) throw luaError('redis.log() requires two arguments or more.');
      if (Number.isNaN(numberOf(call.value(1), Number.NaN))) {
        throw luaError('First argument must be a number (log level).');
      }
      const level = LOG_LEVELS[Math.trunc(numberOf(call.value(1)))];
      if (level === undefined) throw luaError('Invalid debug level.');
      if (onLog === undefined) return NO_RESULTS;
      const texts = call.rest(2).map(textOf);
      onLog(level, fromLatin1(texts.filter((text) => text !== undefined).join(' ')));
      return NO_RESULTS;
    }),
  );
  for (const [number, name] of LOG_LEVELS.entries()) library.setString(`LOG_${name.toUpperCase()}`, number);
  library.setString('REDIS_VERSION', REDIS_VERSION);
  library.setString('REDIS_VERSION_NUM', versionNumber(REDIS_VERSION));
}

/** Two bytes of it are minor version and patch. */
function versionNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return major * 65_536 + minor * 256 + patch;
}

// ── commands ───────────────────────────────────────────────────────────────────────────────────────────────

function callCommand(client: ScriptClient, call: NativeCall): LuaValue {
  const tokens = tokensOf(call);
  if (typeof tokens === 'string') throw luaError(tokens);
  try {
    return client.run(tokens);
  } catch (error) {
    throw error instanceof ReplyError ? new LuaError(errorTableOf(error)) : error;
  }
}

function protectedCallCommand(client: ScriptClient, call: NativeCall): LuaValue {
  const tokens = tokensOf(call);
  if (typeof tokens === 'string') return plainErrorTable(tokens);
  try {
    return client.run(tokens);
  } catch (error) {
    if (error instanceof ReplyError) return errorTableOf(error);
    throw error;
  }
}

function errorTableOf(error: ReplyError): LuaTable {
  return errorTable(error.message);
}

/** The arguments as tokens of a command, or what is wrong with them. */
function tokensOf(call: NativeCall): ByteString[] | string {
  const { count } = call;
  if (count === 0) return 'Please specify at least one argument for this redis lib call';
  const tokens = call.rest() as ByteString[];
  for (let at = 0; at < count; at++) {
    const value: LuaValue = tokens[at];
    if (typeof value === 'string') {
      if (value.length > LONG_TEXT) call.machine.spend(value.length >>> BYTES_PER_STEP_BITS);
      // Of the first one the client knows without a look at it what bytes it has.
      if (at > 0) tokens[at] = fromLatin1(value);
    } else if (typeof value === 'number') tokens[at] = numberToken(value);
    else return 'Lua redis lib command arguments must be strings or integers';
  }
  return tokens;
}

/** A number as a command gets it: an integer with all its digits, since no command reads an exponent as one. */
function numberToken(value: number): string {
  if (Number.isSafeInteger(value)) return String(value + 0);
  if (Number.isInteger(value) && Math.abs(value) <= LARGEST_PLAIN_INTEGER) return String(BigInt(value));
  return formatDouble(value);
}

// ── replies ────────────────────────────────────────────────────────────────────────────────────────────────

/** A table with one string in it: a status or an error. Anything else makes an error of it, which is returned too. */
function singleField(call: NativeCall, field: 'ok' | 'err'): LuaValue {
  const text = call.value(1);
  if (call.count !== 1 || typeof text !== 'string')
    return plainErrorTable('wrong number or type of arguments');
  const table = new LuaTable();
  table.setString(field, field === 'ok' ? text : withCode(text));
  return table;
}

/** A dash before the code is not part of it; one word is no code. */
function withCode(text: string): string {
  const message = text.startsWith('-') ? text.slice(1) : text;
  return message.includes(' ') ? message : `ERR ${message}`;
}

function protocolOf(call: NativeCall): 2 | 3 {
  if (call.count !== 1) throw luaError('redis.setresp() requires one argument.');
  const protocol = numberOf(call.value(1));
  if (protocol !== 2 && protocol !== 3) throw luaError('RESP version must be 2 or 3.');
  return protocol;
}

// ── values ─────────────────────────────────────────────────────────────────────────────────────────────────

/** A number, or what a string reads as. */
function numberOf(value: LuaValue, otherwise = 0): number {
  if (typeof value === 'number') return value;
  return (typeof value === 'string' ? numberOfText(value) : undefined) ?? otherwise;
}

/** A string, or a number as text. */
function textOf(value: LuaValue): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? textOfNumber(value) : undefined;
}

/** For who keeps scripts by their digest: as `redis.sha1hex`. */
export function digestOf(source: ByteString): string {
  return sha1Text(toLatin1(source));
}
