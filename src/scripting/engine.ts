import { type ByteString, type Bytes, fromLatin1, toLatin1 } from '../bytes/byte-string.ts';
import { CountedError, errors, ReplyError, traceErrors } from '../errors.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import { registry } from '../session/registry.ts';
import { type Server, serverOf } from '../session/server.ts';
import { Session } from '../session/session.ts';
import type { Command } from '../wire/command.ts';
import { isAnswerLarger } from './answer-size.ts';
import { FunctionRoom, type FunctionRoomState } from './functions/function-room.ts';
import type { LibraryFunction } from './functions/library.ts';
import { Interruption, LuaError } from './lua/values/lua-error.ts';
import { LuaTable } from './lua/values/lua-table.ts';
import type { LuaValue } from './lua/values/value.ts';
import type { LuaOptions } from './lua-options.ts';
import { lineOf, writeAnswer } from './reply-writer.ts';
import { ScriptClient } from './script-client.ts';
import { needsNoRoom, type ScriptFlag } from './script-flags.ts';
import { ScriptFailure } from './script-machine.ts';
import { DIGEST_LENGTH, type Script, ScriptRoom } from './script-room.ts';
import type {
  LibraryDescription,
  LibraryState,
  RestorePolicy,
  ScriptCall,
  ScriptCaller,
  ScriptDeclaration,
  ScriptEngine,
  ScriptFigures,
  ScriptName,
  WriteAnswer,
} from './scripting.ts';
import { readShebang } from './shebang.ts';

/**
 * Runs the scripts of one store in Lua.
 *
 *     EVAL   ─▶ ScriptRoom    scripts by source and by digest, and a machine ─┐
 *                                                                             ├─▶ ScriptClient ─▶ the command tables
 *     FCALL  ─▶ FunctionRoom  libraries, and a machine of their own ──────────┘
 *
 * Invariants:
 *
 * 1. One script at a time: nothing that runs while one does comes back here.
 * 2. A machine is made with the first script that needs it.
 */
export class LuaEngine implements ScriptEngine {
  private readonly keyspace: Keyspace;
  private readonly server: Server;
  private readonly client: ScriptClient;
  private readonly scripts: ScriptRoom;
  private readonly functions: FunctionRoom;
  private readonly options: LuaOptions;
  private isRunning = false;
  /** What the last script returned, until it is written. */
  private answer: LuaValue = undefined;
  private readonly writeAnswer: WriteAnswer = (target) => {
    const { answer } = this;
    this.answer = undefined;
    writeAnswer(answer, target, this.client.protocol, makeError);
  };

  constructor(keyspace: Keyspace, options: LuaOptions) {
    this.keyspace = keyspace;
    this.options = options;
    this.server = serverOf(keyspace);
    this.client = new ScriptClient(keyspace);
    this.scripts = new ScriptRoom(this.client, options);
    this.functions = new FunctionRoom(keyspace, this.client, options);
    keyspace.addOverhead(this.scripts.overhead);
    keyspace.addOverhead(this.functions.overhead);
    this.addGauges(this.server.gauges);
  }

  run(caller: ScriptCaller, call: ScriptCall): WriteAnswer {
    this.requireIdle();
    const runnable = this.find(call);
    const { flags } = runnable;
    const isReadonly = this.mayOnlyRead(caller, flags, call.isReadonly);
    const isOfOneSlot = flags !== undefined && !flags.has('allow-cross-slot-keys');
    const { memoryLimit } = this.keyspace;
    const hasRoom = memoryLimit.hold();
    let outcome: LuaValue | ScriptFailure;
    try {
      if (!hasRoom && flags !== undefined && !needsNoRoom(flags)) throw errors.scriptOutOfMemory();
      // What says nothing of itself begins all the same, and may go on until it adds something.
      const mayAdd = hasRoom || flags?.has('allow-oom') === true;
      this.client.begin(caller, { isReadonly, isOfOneSlot, mayAdd });
      outcome = this.runAlone(runnable, call);
    } finally {
      memoryLimit.release();
    }
    if (outcome instanceof ScriptFailure) throw this.failed(nameOf(runnable), outcome);
    if (outcome instanceof LuaTable) {
      const error = errorIn(outcome);
      if (error !== undefined) throw error;
      if (isAnswerLarger(outcome, this.options.memoryLimitBytes)) {
        throw this.stopped(nameOf(runnable), new Interruption('memory', 'the answer is too large'));
      }
    }
    this.answer = outcome;
    if (outcome instanceof LuaTable && caller instanceof Session) return this.writeCounted(call);
    return this.writeAnswer;
  }

  /**
   * Writes the answer to a client. A command whose answer has errors in it has failed: once for all that are its own, and once
   * for each that is one of its commands'.
   */
  private writeCounted(call: ScriptCall): WriteAnswer {
    const { answer } = this;
    const { statistics } = this.server;
    const { protocol } = this.client;
    this.answer = undefined;
    return (target) => {
      const command = commandOf(call);
      let hasFailed = false;
      writeAnswer(answer, target, protocol, (table, message) => {
        const nested = makeError(table, message);
        if (nested instanceof CountedError || !hasFailed) statistics.failed(command, nested);
        else statistics.countError(nested);
        hasFailed ||= !(nested instanceof CountedError);
        return nested;
      });
    };
  }

  private find({ by, name }: ScriptCall): Script | LibraryFunction {
    if (by === 'function') return this.functions.find(name);
    return by === 'source' ? this.scripts.compile(name) : this.scripts.find(name);
  }

  /** Whether it may only read. @throws ReplyError if it may not run at all */
  private mayOnlyRead(
    caller: ScriptCaller,
    flags: ReadonlySet<ScriptFlag> | undefined,
    isReadonly: boolean,
  ): boolean {
    if (flags === undefined) return isReadonly;
    if (flags.has('no-cluster') && caller instanceof Session && caller.isClusterNode) {
      throw errors.scriptNotInCluster();
    }
    const mayWrite = !flags.has('no-writes');
    if (mayWrite && isReadonly) throw errors.scriptMayWrite();
    return !mayWrite;
  }

  private runAlone(runnable: Script | LibraryFunction, { keys, args }: ScriptCall): LuaValue | ScriptFailure {
    this.isRunning = true;
    this.keyspace.isRunningScript = true;
    const wasTracing = traceErrors(false);
    this.keyspace.beginMoment();
    try {
      return 'closure' in runnable
        ? this.scripts.run(runnable, keys, args)
        : this.functions.call(runnable, keys, args);
    } catch (error) {
      if (error instanceof Interruption) throw this.stopped(nameOf(runnable), error);
      // Raised where no Lua function ran any more: the host's stack was full.
      if (error instanceof LuaError)
        throw new ReplyError(`ERR ${String(error.value)} script: ${nameOf(runnable)}.`);
      throw error;
    } finally {
      this.keyspace.endMoment();
      this.isRunning = false;
      this.keyspace.isRunningScript = false;
      traceErrors(wasTracing);
    }
  }

  /** Scripts call the host for their log and with their events: what is called may not run, or change, scripts again. */
  private requireIdle(): void {
    if (this.isRunning) throw new Error('a script of this store is running: it cannot run another one');
  }

  /** Changes libraries while nothing runs, nor is anything run meanwhile. */
  private alone<T>(change: () => T): T {
    this.requireIdle();
    this.isRunning = true;
    try {
      return change();
    } finally {
      this.isRunning = false;
    }
  }

  /** What is replied of a script that failed. */
  private failed(name: ByteString, { error, place }: ScriptFailure): ReplyError {
    const err = error.getString('err');
    // The reference writes it as C does: up to a zero byte.
    const message =
      typeof err === 'string'
        ? fromLatin1(err.split('\0', 1)[0]!)
        : typeof err === 'number'
          ? String(err)
          : 'ERR unknown error';
    const where = place === '' ? '' : ` script: ${name}, on ${fromLatin1(place)}.`;
    return makeError(error, message + where);
  }

  private stopped(name: ByteString, { reason }: Interruption): ReplyError {
    const { instructionLimit, timeLimitMs, memoryLimitBytes } = this.options;
    const why = {
      killed: '',
      instructions: ` after ${instructionLimit} instructions (instructionLimit)`,
      time: ` after ${timeLimitMs} ms (timeLimitMs)`,
      memory: ` at ${memoryLimitBytes} bytes of memory (memoryLimitBytes)`,
    }[reason];
    return errors.scriptKilled(why, name);
  }

  requireName(by: ScriptName, name: ByteString): void {
    if (by === 'function') this.functions.find(name);
    else if (by === 'digest' && name.length !== DIGEST_LENGTH) throw errors.noScript();
  }

  declarationOf(by: ScriptName, name: ByteString): ScriptDeclaration | undefined {
    try {
      const flags = this.flagsOf(by, name);
      return flags && { onlyReads: flags.has('no-writes'), needsRoom: !needsNoRoom(flags) };
    } catch (error) {
      if (error instanceof ReplyError) return undefined;
      throw error;
    }
  }

  /** @throws ReplyError if there is no such script */
  private flagsOf(by: ScriptName, name: ByteString): ReadonlySet<ScriptFlag> | undefined {
    if (by === 'function') return this.functions.find(name).flags;
    return by === 'digest' ? this.scripts.find(name).flags : readShebang(toLatin1(name)).flags;
  }

  load(source: ByteString): string {
    return this.scripts.keep(source).digest;
  }

  has(digest: ByteString): boolean {
    return this.scripts.has(digest);
  }

  sourceOf(digest: ByteString): ByteString {
    return this.scripts.find(digest).source;
  }

  flush(): void {
    this.scripts.flush();
  }

  loadLibrary(code: ByteString, isReplacing: boolean): ByteString {
    const name = this.alone(() => this.functions.load(code, isReplacing));
    this.librariesChanged('LOAD', ...(isReplacing ? ['REPLACE'] : []), code);
    return name;
  }

  deleteLibrary(name: ByteString): void {
    this.functions.delete(name);
    this.librariesChanged('DELETE', name);
  }

  deleteLibraries(): void {
    this.alone(() => this.functions.flush());
    this.librariesChanged('FLUSH');
  }

  /** Libraries are part of what is kept: this counts as a change, and is told to those who record. */
  private librariesChanged(...effect: Bytes[]): void {
    const { keyspace } = this;
    if (keyspace.isLoading) return;
    keyspace.dirty++;
    if (keyspace.recording) keyspace.record(keyspace.databases[0]!, ['FUNCTION', ...effect]);
  }

  libraries(): readonly LibraryDescription[] {
    return this.functions.describe();
  }

  dumpLibraries(): Uint8Array {
    return this.functions.dump();
  }

  restoreLibraries(payload: Uint8Array, policy: RestorePolicy): void {
    this.alone(() => this.functions.restore(payload, policy));
    this.librariesChanged('RESTORE', payload, policy.toUpperCase());
  }

  get libraryState(): LibraryState {
    return this.functions.state;
  }

  returnTo(state: LibraryState | undefined): boolean {
    const { libraries } = this.functions;
    if (state === undefined ? libraries.libraries.size === 0 : state.libraries === libraries) return false;
    if (state === undefined) this.alone(() => this.functions.flush());
    else this.alone(() => this.functions.returnTo(state as FunctionRoomState));
    return true;
  }

  get figures(): ScriptFigures {
    const { libraries } = this.functions;
    return {
      scripts: this.scripts.size,
      libraries: libraries.libraries.size,
      functions: libraries.functionCount,
    };
  }

  private addGauges(gauges: Map<string, () => number>): void {
    gauges.set('number_of_cached_scripts', () => this.figures.scripts);
    gauges.set('evicted_scripts', () => this.scripts.evictedCount);
    gauges.set('number_of_functions', () => this.figures.functions);
    gauges.set('number_of_libraries', () => this.figures.libraries);
    gauges.set('used_memory_scripts_eval', () => this.scripts.overhead.bytes);
    gauges.set('used_memory_functions', () => this.functions.overhead.bytes);
    gauges.set('used_memory_vm_eval', () => this.scripts.machineBytes);
    gauges.set('used_memory_vm_functions', () => this.functions.machineBytes);
  }
}

/** A script's digest, a function's name. */
function nameOf(runnable: Script | LibraryFunction): ByteString {
  return 'closure' in runnable ? runnable.digest : runnable.name;
}

/** The error that a script returned, if the table is one. */
function errorIn(table: LuaTable): ReplyError | undefined {
  const err = table.nodeCount > 0 ? table.getString('err') : undefined;
  return typeof err === 'string' ? makeError(table, lineOf(err)) : undefined;
}

/** The command that has such a script run. */
function commandOf({ by, isReadonly }: ScriptCall): Command {
  const name = { source: 'eval', digest: 'evalsha', function: 'fcall' }[by];
  return registry.byFullName(isReadonly ? `${name}_ro` : name)!;
}

/** An error of which a table tells: one that came from a command was counted then. */
function makeError(table: LuaTable, message: string): ReplyError {
  const isCounted = table.getString('ignore_error_stats_update') === true;
  return isCounted ? new CountedError(message) : new ReplyError(message);
}
