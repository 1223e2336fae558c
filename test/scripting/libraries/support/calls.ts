import { bitLibrary } from '../../../../src/scripting/libraries/bit.ts';
import { cjsonLibrary } from '../../../../src/scripting/libraries/cjson/cjson.ts';
import { cmsgpackLibrary } from '../../../../src/scripting/libraries/cmsgpack/cmsgpack.ts';
import { structLibrary } from '../../../../src/scripting/libraries/struct/struct.ts';
import { LuaError } from '../../../../src/scripting/lua/values/lua-error.ts';
import type { LuaTable } from '../../../../src/scripting/lua/values/lua-table.ts';
import { type MachineServices, NativeCall } from '../../../../src/scripting/lua/values/native-call.ts';
import { NativeFunction } from '../../../../src/scripting/lua/values/native-function.ts';
import type { LuaValue } from '../../../../src/scripting/lua/values/value.ts';
import { dump, type Sourced } from './lua-values.ts';

/** What libraries ask of a machine; it counts. Functions seem to be called by `pcall`, which gives them no names. */
export class CountingMachine implements MachineServices {
  stringMetatable: LuaTable | undefined = undefined;
  steps = 0;
  bytes = 0;
  /** More than this is too much. */
  mostSteps = Infinity;

  call(): readonly LuaValue[] {
    throw new Error('no library calls back');
  }
  callFirst(): LuaValue {
    throw new Error('no library calls back');
  }
  calleeName(): undefined {
    return undefined;
  }
  where(): string {
    return '';
  }
  spend(steps: number): void {
    this.steps += steps;
    if (this.steps > this.mostSteps) throw new Error('budget spent');
  }
  allocate(bytes: number): void {
    this.bytes += bytes;
  }
}

export const LIBRARIES: Readonly<Record<string, () => LuaTable>> = {
  cjson: cjsonLibrary,
  cmsgpack: cmsgpackLibrary,
  struct: structLibrary,
  bit: bitLibrary,
};

/** Calls a function of a library. */
export function callField(
  library: LuaTable,
  name: string,
  args: readonly LuaValue[],
  machine = new CountingMachine(),
): readonly LuaValue[] {
  const callee = library.getString(name);
  if (!(callee instanceof NativeFunction)) throw new Error(`no function ${name}`);
  const result = callee.body(new NativeCall(machine, args, 0, args.length));
  return Array.isArray(result) ? (result as readonly LuaValue[]) : [result as LuaValue];
}

/** What `pcall` of a function gives, dumped. */
export function outcome(library: LuaTable, name: string, args: readonly LuaValue[]): string {
  try {
    return ['ok', ...callField(library, name, args).map(dump)].join(' ');
  } catch (error) {
    if (!(error instanceof LuaError)) throw error;
    return `error ${dump(error.value)}`;
  }
}

/** A call to compare: of a library of its own, whose settings were set before. */
export interface LibraryCall {
  readonly library: 'cjson' | 'cmsgpack' | 'struct' | 'bit';
  readonly name: string;
  readonly args: readonly Sourced[];
  readonly settings?: readonly (readonly [name: string, ...args: Sourced[]])[];
}

/** What it gives here. */
export function outcomeOf({ library, name, args, settings = [] }: LibraryCall): string {
  const fresh = LIBRARIES[library]!();
  for (const [setting, ...values] of settings)
    callField(
      fresh,
      setting,
      values.map(({ value }) => value),
    );
  return outcome(
    fresh,
    name,
    args.map(({ value }) => value),
  );
}

/** The Lua statement that puts the same into `r`. */
export function sourceOf({ library, name, args, settings = [] }: LibraryCall): string {
  const given = args.map(({ source }) => `,${source}`).join('');
  if (library !== 'cjson') return `r[#r+1]=out(pcall(${library}.${name}${given}))`;
  const sets = settings.map(
    ([set, ...values]) => `c.${set}(${values.map(({ source }) => source).join(',')})`,
  );
  return `do local c=cjson.new() ${sets.join(' ')} r[#r+1]=out(pcall(c.${name}${given})) end`;
}

/** The bytes written as `0a ff`. */
export function fromHex(hex: string): string {
  return hex.replace(/ ?(..)/g, (_, byte: string) => String.fromCharCode(Number.parseInt(byte, 16)));
}

function toHex(bytes: string): string {
  return Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join(' ');
}

/** What a call gives, for people: its results dumped, or its one string as text or bytes; or `! ` and the error's text. */
export function plain(call: LibraryCall, how: 'dump' | 'text' | 'bytes' = 'dump'): string {
  const given = outcomeOf(call);
  const message = given.startsWith('error ') ? given.slice('error '.length) : undefined;
  if (message === undefined && how === 'dump') return given.slice('ok '.length);
  const string = (message ?? given.slice('ok '.length))
    .slice(1, -1)
    .replace(/\\(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  if (message !== undefined) return `! ${string}`;
  return how === 'text' ? string : toHex(string);
}

/** The call as it would be written, for messages. */
export function show({ library, name, args, settings = [] }: LibraryCall): string {
  const sets = settings.map(([set, ...values]) => `${set}(${values.map(({ source }) => source).join(',')}) `);
  return `${sets.join('')}${library}.${name}(${args.map(({ source }) => source).join(', ')})`;
}
