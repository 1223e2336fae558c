import { type ByteString, fromLatin1, toLatin1 } from '../../bytes/byte-string.ts';
import { textBytes } from '../../bytes/text-bytes.ts';
import { errors } from '../../errors.ts';
import type { Keyspace } from '../../keyspace/keyspace.ts';
import { Overhead } from '../../keyspace/memory/overhead.ts';
import { argumentTable } from '../argument-table.ts';
import { codeBytes } from '../code-bytes.ts';
import { Closure } from '../lua/machine/closure.ts';
import { reachableBytes } from '../lua/machine/memory.ts';
import { Interruption, LuaError } from '../lua/values/lua-error.ts';
import { LuaTable } from '../lua/values/lua-table.ts';
import type { LuaValue } from '../lua/values/value.ts';
import type { LuaOptions } from '../lua-options.ts';
import { addLog, redisLibrary } from '../redis-library.ts';
import { fillSandbox, protect, protectTable, refuseUnknown } from '../sandbox.ts';
import type { ScriptClient } from '../script-client.ts';
import { ScriptFailure, ScriptMachine } from '../script-machine.ts';
import type { LibraryDescription, RestorePolicy } from '../scripting.ts';
import { readLibraries, writeLibraries } from './function-payload.ts';
import type { Library, LibraryFunction } from './library.ts';
import { readLibraryHeader } from './library-header.ts';
import { LibrarySet } from './library-set.ts';
import { registerFunction } from './register-function.ts';

/** So long may a library take to load. */
const LOAD_TIME_LIMIT_MS = 500;

/** A machine, with what lies behind its environment. */
interface MachineRoom {
  readonly machine: ScriptMachine;
  readonly metatable: LuaTable;
}

/** See {@link FunctionRoom.state}. */
export interface FunctionRoomState {
  readonly libraries: LibrarySet;
  readonly made: MachineRoom | undefined;
  readonly loading: LuaTable;
  readonly running: LuaTable;
}

/**
 * The libraries of functions, and the machine they run on.
 *
 * All libraries share one environment, which is empty: what is looked up in it is found behind it. While a library is
 * loaded that is only `redis` with what registers functions; when functions run, everything they may use.
 *
 *     environment {} ──__index──▶ loading: { redis = { register_function, log, … } }
 *                          └────▶ running: { redis = { call, … }, string, table, cjson, … }
 */
export class FunctionRoom {
  libraries = new LibrarySet();
  /** What all of them take. */
  readonly overhead = new Overhead();
  private readonly keyspace: Keyspace;
  private readonly client: ScriptClient;
  private readonly options: LuaOptions;
  private made: MachineRoom | undefined = undefined;
  private loading = new LuaTable();
  private running = new LuaTable();
  /** While a library is loaded: what it has registered. */
  private registered: Map<ByteString, LibraryFunction> | undefined = undefined;

  constructor(keyspace: Keyspace, client: ScriptClient, options: LuaOptions) {
    this.keyspace = keyspace;
    this.client = client;
    this.options = options;
  }

  // ── calling ──────────────────────────────────────────────────────────────────────────────────────────────

  /** @throws ReplyError if there is none of this name */
  find(name: ByteString): LibraryFunction {
    const found = this.libraries.find(name);
    if (found === undefined) throw errors.functionNotFound();
    return found;
  }

  call(
    { callback }: LibraryFunction,
    keys: readonly ByteString[],
    args: readonly ByteString[],
  ): LuaValue | ScriptFailure {
    return this.room.machine.run(callback, [argumentTable(keys), argumentTable(args)]);
  }

  // ── libraries ────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Loads a library, and answers its name.
   *
   * @throws ReplyError if it cannot be; nothing is changed then
   */
  load(code: ByteString, isReplacing: boolean): ByteString {
    const header = readLibraryHeader(toLatin1(code));
    const name = fromLatin1(header.name);
    if (!isReplacing && this.libraries.libraries.has(name)) throw errors.libraryExists(name);
    const library = this.libraryOf(name, code, header.code);
    this.change((libraries) => libraries.add(library, isReplacing));
    return name;
  }

  /** @throws ReplyError if there is none of this name */
  delete(name: ByteString): void {
    this.change((libraries) => libraries.delete(name));
  }

  /** In a copy: a snapshot may have to bring back what was. O(functions), and they change rarely. */
  private change(make: (libraries: LibrarySet) => void): void {
    const libraries = this.libraries.clone();
    make(libraries);
    this.libraries = libraries;
    this.recount();
  }

  private libraryOf(name: ByteString, code: ByteString, source: string): Library {
    const functions = this.register(source);
    let bytes = 0;
    for (const { callback } of functions.values()) {
      if (callback instanceof Closure) bytes += codeBytes('', callback.prototype);
    }
    return { name, code, functions, bytes: textBytes(code) + bytes };
  }

  /** O(libraries), which change rarely. */
  private recount(): void {
    let bytes = 0;
    for (const library of this.libraries.libraries.values()) bytes += library.bytes;
    this.overhead.add(bytes - this.overhead.bytes);
  }

  /** What the machine can reach, in bytes; 0 if there is none yet. O(what is reachable). */
  get machineBytes(): number {
    return this.made === undefined ? 0 : reachableBytes(this.made.machine.machine);
  }

  /** Runs the source of a library, for what it registers. */
  private register(source: string): ReadonlyMap<ByteString, LibraryFunction> {
    const { machine, metatable } = this.room;
    const closure = this.compile(machine, source);
    const functions = new Map<ByteString, LibraryFunction>();
    this.registered = functions;
    metatable.setString('__index', this.loading);
    let outcome: LuaValue | ScriptFailure;
    try {
      outcome = machine.run(closure, [], LOAD_TIME_LIMIT_MS);
    } catch (error) {
      if (error instanceof LuaError) throw errors.functionRegister(`ERR ${String(error.value)}`);
      if (error instanceof Interruption) throw errors.functionRegister('ERR FUNCTION LOAD timeout');
      throw error;
    } finally {
      metatable.setString('__index', this.running);
      this.registered = undefined;
    }
    if (outcome instanceof ScriptFailure) {
      const err = outcome.error.getString('err');
      throw errors.functionRegister(typeof err === 'string' ? fromLatin1(err) : 'ERR unknown error');
    }
    if (functions.size === 0) throw errors.functionNoneRegistered();
    return functions;
  }

  private compile(machine: ScriptMachine, source: string): Closure {
    try {
      return machine.compile(source);
    } catch (error) {
      if (error instanceof LuaError) throw errors.functionCompile(fromLatin1(String(error.value)));
      throw error;
    }
  }

  flush(): void {
    this.libraries = new LibrarySet();
    this.made = undefined;
    this.recount();
  }

  /** In the order in which they were loaded. */
  describe(): LibraryDescription[] {
    return Array.from(this.libraries.libraries.values(), ({ name, code, functions }) => ({
      name,
      code,
      engine: 'LUA',
      functions: Array.from(functions.values(), (one) => ({
        name: one.name,
        description: one.description,
        flags: [...one.flags],
      })),
    }));
  }

  dump(): Uint8Array {
    const codes = Array.from(this.libraries.libraries.values(), ({ code }) => code);
    return writeLibraries(codes, this.keyspace.dumps.compress);
  }

  /** @throws ReplyError if one of them cannot be loaded; nothing is changed then */
  restore(payload: Uint8Array, policy: RestorePolicy): void {
    const restored = new LibrarySet();
    for (const code of readLibraries(payload, this.keyspace.dumps.checksChecksums)) {
      const header = readLibraryHeader(toLatin1(code));
      const name = fromLatin1(header.name);
      if (restored.libraries.has(name)) throw errors.libraryExists(name);
      restored.add(this.libraryOf(name, code, header.code), false);
    }
    this.change((libraries) => {
      if (policy === 'flush') libraries.clear();
      libraries.join(restored, policy === 'replace');
    });
  }

  // ── coming back ──────────────────────────────────────────────────────────────────────────────────────────

  /** The libraries with the machine on which their functions run. What they have noted in variables is not part of it. O(1). */
  get state(): FunctionRoomState {
    const { libraries, made, loading, running } = this;
    return { libraries, made, loading, running };
  }

  returnTo({ libraries, made, loading, running }: FunctionRoomState): void {
    this.libraries = libraries;
    this.made = made;
    this.loading = loading;
    this.running = running;
    this.recount();
  }

  // ── the machine ──────────────────────────────────────────────────────────────────────────────────────────

  private get room(): MachineRoom {
    this.made ??= this.makeRoom();
    return this.made;
  }

  private makeRoom(): MachineRoom {
    const { onLog, random } = this.options;
    const machine = new ScriptMachine('user_function', this.options);
    const running = new LuaTable();
    fillSandbox(machine.machine, running, random);
    running.setString('redis', redisLibrary(this.client, onLog, false));
    protect(running);
    const redis = new LuaTable();
    redis.setString(
      'register_function',
      registerFunction(() => this.registered),
    );
    addLog(redis, onLog);
    const loading = new LuaTable();
    loading.setString('redis', redis);
    refuseUnknown(redis);
    refuseUnknown(loading);
    this.running = running;
    this.loading = loading;
    const metatable = new LuaTable();
    metatable.setString('__index', running);
    const { globals } = machine.machine;
    globals.metatable = metatable;
    for (const table of [redis, loading, metatable, globals]) protectTable(table);
    return { machine, metatable };
  }
}
