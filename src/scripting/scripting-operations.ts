import { type ByteString, type Bytes, describe } from '../bytes/byte-string.ts';
import type { Many } from '../bytes/many.ts';
import { ReplyError, traceFromHere } from '../errors.ts';
import { requireOptions } from '../keyspace/arguments.ts';
import { compileGlob } from '../keyspace/glob.ts';
import type { FlushMode } from '../keyspace/key-options.ts';
import { Operations, type Output, type Text } from '../keyspace/operations.ts';
import { AnswerBuilder, type ScriptReply } from './answer-builder.ts';
import { engineOf } from './engine-of.ts';

import type { RestorePolicy, ScriptName } from './scripting.ts';

/** How a library is loaded. */
export interface FunctionLoadOptions {
  /** Whether it takes the place of one of the same name. */
  readonly replace?: boolean;
}

/** Which libraries are told of. */
export interface FunctionListOptions {
  /** A glob pattern of their names. */
  readonly libraryname?: Bytes;
  /** Whether their source comes with them. */
  readonly withcode?: boolean;
}

/** A function, as `functionList` tells of it. */
export interface FunctionInfo<O extends Output = Text> {
  readonly name: O['string'];
  readonly description: O['string'] | null;
  /** What it said of itself: `no-writes`, … */
  readonly flags: readonly string[];
}

/** A library, as `functionList` tells of it. */
export interface LibraryInfo<O extends Output = Text> {
  readonly libraryName: O['string'];
  readonly engine: string;
  readonly functions: readonly FunctionInfo<O>[];
  /** Its source, if that was asked for. */
  readonly libraryCode?: O['string'];
}

const LOAD_OPTIONS: ReadonlySet<string> = new Set(['replace'] satisfies (keyof FunctionLoadOptions)[]);
const LIST_OPTIONS: ReadonlySet<string> = new Set([
  'libraryname',
  'withcode',
] satisfies (keyof FunctionListOptions)[]);
const NONE: readonly never[] = [];

/**
 * Scripts in Lua, and libraries of functions. All of it needs `new Store({ scripting: lua() })`, with `lua` from
 * `lodis/scripting`.
 */
export abstract class ScriptingOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Runs a script, atomically: nothing else runs meanwhile, and time stands still. It finds the keys in `KEYS` and the
   * other arguments in `ARGV`, and is kept under its digest for `evalsha`. What it had done before an error stays done;
   * `store.transaction` around it undoes that. O(what it does). Redis 2.6.0.
   *
   * @throws ReplyError what it raised or returned as an error, with its line; that it does not compile; that it ran
   *   longer or took more memory than it may; that scripting is off
   * @example
   * store.eval("return redis.call('INCRBY', KEYS[1], ARGV[1])", 'visits', '5'); // 5
   */
  eval(script: Bytes, keys: Many = NONE, args: Many = NONE): ScriptReply<O> {
    return this.runScript('source', script, keys, args, false);
  }

  /**
   * {@link eval} for a script that only reads: its commands that write fail. Redis 7.0.0.
   *
   * @throws ReplyError as `eval`
   */
  evalRo(script: Bytes, keys: Many = NONE, args: Many = NONE): ScriptReply<O> {
    return this.runScript('source', script, keys, args, true);
  }

  /**
   * Runs a script that `scriptLoad` or `eval` has kept, by the SHA-1 digest of its source: 40 hexadecimal digits.
   * O(what it does). Redis 2.6.0.
   *
   * @throws ReplyError NOSCRIPT if there is none; otherwise as `eval`
   */
  evalsha(sha1: Bytes, keys: Many = NONE, args: Many = NONE): ScriptReply<O> {
    return this.runScript('digest', sha1, keys, args, false);
  }

  /**
   * {@link evalsha} for a script that only reads. Redis 7.0.0.
   *
   * @throws ReplyError as `evalsha`
   */
  evalshaRo(sha1: Bytes, keys: Many = NONE, args: Many = NONE): ScriptReply<O> {
    return this.runScript('digest', sha1, keys, args, true);
  }

  /**
   * Calls a function of a library. It is given two tables: the keys, and the other arguments. O(what it does).
   * Redis 7.0.0.
   *
   * @throws ReplyError if there is no such function; otherwise as `eval`
   */
  fcall(name: Bytes, keys: Many = NONE, args: Many = NONE): ScriptReply<O> {
    return this.runScript('function', name, keys, args, false);
  }

  /**
   * {@link fcall} of a function that says of itself that it only reads (the flag `no-writes`). Redis 7.0.0.
   *
   * @throws ReplyError if it does not say so; otherwise as `fcall`
   */
  fcallRo(name: Bytes, keys: Many = NONE, args: Many = NONE): ScriptReply<O> {
    return this.runScript('function', name, keys, args, true);
  }

  /**
   * Keeps a script without running it; answers the SHA-1 digest of its source, for `evalsha`. O(length). Redis 2.6.0.
   *
   * @throws ReplyError if it does not compile
   */
  scriptLoad(script: Bytes): string {
    const source = this.input(script);
    return tracedHere(() => engineOf(this.keyspace).load(source));
  }

  /** Whether scripts of these digests are kept: 1 or 0 for each. O(digests). Redis 2.6.0. */
  scriptExists(sha1s: Many): number[] {
    const engine = engineOf(this.keyspace);
    return this.inputMany(sha1s).map((digest) => (engine.has(digest) ? 1 : 0));
  }

  /**
   * The source of a script that is kept, by its digest. O(1). Valkey 8.0.0.
   *
   * @throws ReplyError NOSCRIPT if there is none
   */
  scriptShow(sha1: Bytes): O['string'] {
    return this.output(engineOf(this.keyspace).sourceOf(this.input(sha1)));
  }

  /** Forgets all scripts that are kept. O(scripts). Redis 2.6.0. */
  scriptFlush(_mode?: FlushMode): 'OK' {
    engineOf(this.keyspace).flush();
    return 'OK';
  }

  /**
   * Loads a library of functions, whose source begins with `#!lua name=mylib` and registers them with
   * `redis.register_function`; answers its name. O(length). Redis 7.0.0.
   *
   * @throws ReplyError if there is a library of that name and `replace` is not given, or a function of the same name in
   *   another; if it does not compile, fails, or registers nothing. Nothing is changed then
   */
  functionLoad(code: Bytes, options: FunctionLoadOptions = {}): O['string'] {
    this.makeRoom();
    requireOptions(options, LOAD_OPTIONS);
    const source = this.input(code);
    return this.output(
      tracedHere(() => engineOf(this.keyspace).loadLibrary(source, options.replace === true)),
    );
  }

  /**
   * Removes a library with its functions. O(functions). Redis 7.0.0.
   *
   * @throws ReplyError if there is none of this name
   */
  functionDelete(libraryName: Bytes): 'OK' {
    engineOf(this.keyspace).deleteLibrary(this.input(libraryName));
    return 'OK';
  }

  /** Removes all libraries. O(functions). Redis 7.0.0. */
  functionFlush(_mode?: FlushMode): 'OK' {
    engineOf(this.keyspace).deleteLibraries();
    return 'OK';
  }

  /** The libraries, in the order in which they were loaded. O(functions). Redis 7.0.0. */
  functionList(options: FunctionListOptions = {}): LibraryInfo<O>[] {
    requireOptions(options, LIST_OPTIONS);
    const { libraryname, withcode } = options;
    const isMeant = libraryname === undefined ? undefined : compileGlob(this.input(libraryname), true);
    return engineOf(this.keyspace)
      .libraries()
      .filter(({ name }) => isMeant?.(name) ?? true)
      .map(({ name, engine, functions, code }) => ({
        libraryName: this.output(name),
        engine,
        functions: functions.map((one) => ({
          name: this.output(one.name),
          description: one.description === null ? null : this.output(one.description),
          flags: one.flags,
        })),
        ...(withcode === true ? { libraryCode: this.output(code) } : {}),
      }));
  }

  /** How many libraries and functions there are. O(1). Redis 7.0.0. */
  functionStats(): { libraries: number; functions: number } {
    const { libraries, functions } = engineOf(this.keyspace).figures;
    return { libraries, functions };
  }

  /** All libraries in Redis's own serialisation, for `functionRestore`, here or in Redis 7. O(length). Redis 7.0.0. */
  functionDump(): Uint8Array {
    return engineOf(this.keyspace).dumpLibraries();
  }

  /**
   * Loads the libraries that `functionDump` made these bytes of, here or in Redis: beside those that are there
   * (`append`, the default), instead of those of the same names (`replace`), or instead of all (`flush`). O(length).
   * Redis 7.0.0.
   *
   * @throws ReplyError if the bytes are damaged, a library does not load, or names collide. Nothing is changed then
   */
  functionRestore(payload: Uint8Array, policy: RestorePolicy = 'append'): 'OK' {
    this.makeRoom();
    if (!(payload instanceof Uint8Array))
      throw new TypeError(`expected a Uint8Array that functionDump answered, got ${describe(payload)}`);
    if (policy !== 'append' && policy !== 'replace' && policy !== 'flush')
      throw new TypeError(`policy must be append, replace or flush, got ${describe(policy)}`);
    engineOf(this.keyspace).restoreLibraries(payload, policy);
    return 'OK';
  }

  private runScript(
    by: ScriptName,
    name: Bytes,
    keys: Many,
    args: Many,
    isReadonly: boolean,
  ): ScriptReply<O> {
    const call = {
      by,
      name: this.input(name),
      keys: this.inputMany(keys),
      args: this.inputMany(args),
      isReadonly,
    };
    const { keyspace } = this;
    const { hub, waiters } = keyspace;
    const engine = engineOf(keyspace);
    // Those who wait or listen hear of it when it is over.
    waiters?.hold();
    hub.hold();
    let thrown: unknown;
    try {
      const builder = new AnswerBuilder<O>(
        (value: ByteString) => this.output(value),
        (value) => this.scriptInteger(value),
      );
      engine.run({ databaseIndex: this.database.index }, call)(builder);
      if (!(builder.answer instanceof ReplyError)) return builder.answer;
      thrown = builder.answer;
    } catch (error) {
      thrown = error;
    } finally {
      hub.release();
      waiters?.release();
    }
    throw thrown instanceof ReplyError ? traceFromHere(thrown) : thrown;
  }

  /** Numbers of Lua are doubles: a `number` says each of them exactly. */
  private scriptInteger(value: number | bigint): O['integer'] {
    return this.outputInteger(Number(value));
  }
}

/** Errors that were made deep in the engine come from the call that asked for it. */
function tracedHere<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof ReplyError ? traceFromHere(error) : error;
  }
}
