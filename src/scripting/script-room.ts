import { type ByteString, fromLatin1, toLatin1 } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import { Overhead } from '../keyspace/memory/overhead.ts';
import { argumentTable } from './argument-table.ts';
import { codeBytes } from './code-bytes.ts';
import type { Closure } from './lua/machine/closure.ts';
import { reachableBytes } from './lua/machine/memory.ts';
import { hashOfString } from './lua/values/key-hash.ts';
import { LuaError } from './lua/values/lua-error.ts';
import type { LuaValue } from './lua/values/value.ts';
import type { LuaOptions } from './lua-options.ts';
import { redisLibrary } from './redis-library.ts';
import { fillSandbox, protect } from './sandbox.ts';
import type { ScriptClient } from './script-client.ts';
import type { ScriptFlag } from './script-flags.ts';
import { type ScriptFailure, ScriptMachine } from './script-machine.ts';
import { sha1Text } from './sha1-text.ts';
import { readShebang } from './shebang.ts';

/** A script that is kept. */
export interface Script {
  /** The SHA-1 digest of its source, in lower case. */
  readonly digest: string;
  readonly source: ByteString;
  readonly flags: ReadonlySet<ScriptFlag> | undefined;
  readonly closure: Closure;
  /** What it takes, about. */
  readonly bytes: number;
  /** Its source, if it may be forgotten: it came with EVAL, and not with SCRIPT LOAD. */
  transientSource: ByteString | undefined;
  /** When it was used last, in runs of scripts. */
  lastRun: number;
}

/** Of a SHA-1 digest, in hexadecimal digits. */
export const DIGEST_LENGTH = 40;
/** So many scripts that came with EVAL are kept, as in Redis since 7.4: those that were used last. */
const MOST_TRANSIENT = 500;
const KEYS_HASH = hashOfString('KEYS');
const ARGV_HASH = hashOfString('ARGV');
const NO_ARGUMENTS: readonly never[] = [];

/**
 * The scripts of EVAL, and the machine they run on.
 *
 * Invariants:
 *
 * 1. {@link bySource} and {@link byDigest} have the same scripts. A source that is known is neither hashed nor compiled.
 * 2. {@link transientCount} of them may be forgotten: no more than {@link MOST_TRANSIENT}.
 */
export class ScriptRoom {
  /** What all of them take. */
  readonly overhead = new Overhead();
  private readonly client: ScriptClient;
  private readonly options: LuaOptions;
  private readonly bySource = new Map<ByteString, Script>();
  private readonly byDigest = new Map<string, Script>();
  private made: ScriptMachine | undefined = undefined;
  private runCount = 0;
  private transientCount = 0;
  /** How many were forgotten, to make room for others. */
  evictedCount = 0;

  constructor(client: ScriptClient, options: LuaOptions) {
    this.client = client;
    this.options = options;
  }

  get size(): number {
    return this.bySource.size;
  }

  /** A script for EVAL: it is kept while there is room. @throws ReplyError if it does not compile */
  compile(source: ByteString): Script {
    const known = this.bySource.get(source);
    if (known !== undefined) return known;
    const script = this.make(source);
    if (this.transientCount === MOST_TRANSIENT) this.evict();
    script.transientSource = source;
    script.lastRun = this.runCount;
    this.transientCount++;
    return script;
  }

  /** A script for SCRIPT LOAD: it is kept until all are forgotten. @throws ReplyError if it does not compile */
  keep(source: ByteString): Script {
    const known = this.bySource.get(source);
    if (known === undefined) return this.make(source);
    if (known.transientSource !== undefined) {
      known.transientSource = undefined;
      this.transientCount--;
    }
    return known;
  }

  private make(source: ByteString): Script {
    const text = toLatin1(source);
    const { flags, code } = readShebang(text);
    const closure = this.closureOf(code);
    const digest = sha1Text(text);
    const bytes = codeBytes(source, closure.prototype);
    const script = { digest, source, flags, closure, bytes, transientSource: undefined, lastRun: 0 };
    this.overhead.add(bytes);
    this.bySource.set(source, script);
    this.byDigest.set(script.digest, script);
    return script;
  }

  /** Forgets the script that was not used for longest, of those that may be forgotten. O(scripts). */
  private evict(): void {
    let oldest: Script | undefined;
    for (const script of this.bySource.values()) {
      if (script.transientSource === undefined) continue;
      if (oldest === undefined || script.lastRun < oldest.lastRun) oldest = script;
    }
    if (oldest?.transientSource === undefined) return;
    this.bySource.delete(oldest.transientSource);
    this.byDigest.delete(oldest.digest);
    this.overhead.add(-oldest.bytes);
    this.transientCount--;
    this.evictedCount++;
  }

  private closureOf(code: string): Closure {
    try {
      return this.machine.compile(code);
    } catch (error) {
      if (error instanceof LuaError) throw errors.scriptCompile(fromLatin1(String(error.value)));
      throw error;
    }
  }

  /** @throws ReplyError NOSCRIPT */
  find(digest: ByteString): Script {
    const script = this.lookUp(digest);
    if (script === undefined) throw errors.noScript();
    return script;
  }

  has(digest: ByteString): boolean {
    return this.lookUp(digest) !== undefined;
  }

  private lookUp(digest: ByteString): Script | undefined {
    if (digest.length !== DIGEST_LENGTH) return undefined;
    return this.byDigest.get(digest) ?? this.byDigest.get(digest.toLowerCase());
  }

  run(script: Script, keys: readonly ByteString[], args: readonly ByteString[]): LuaValue | ScriptFailure {
    const { machine } = this;
    const { globals } = machine.machine;
    script.lastRun = ++this.runCount;
    globals.setHashed('KEYS', KEYS_HASH, argumentTable(keys));
    globals.setHashed('ARGV', ARGV_HASH, argumentTable(args));
    return machine.run(script.closure, NO_ARGUMENTS);
  }

  /** Forgets all scripts, and what they have left in the machine. */
  flush(): void {
    this.bySource.clear();
    this.byDigest.clear();
    this.overhead.add(-this.overhead.bytes);
    this.transientCount = 0;
    this.made = undefined;
  }

  /** What the machine can reach, in bytes; 0 if there is none yet. O(what is reachable). */
  get machineBytes(): number {
    return this.made === undefined ? 0 : reachableBytes(this.made.machine);
  }

  private get machine(): ScriptMachine {
    if (this.made === undefined) {
      const machine = new ScriptMachine('user_script', this.options);
      const { globals } = machine.machine;
      fillSandbox(machine.machine, globals, this.options.random);
      globals.setString('redis', redisLibrary(this.client, this.options.onLog, true));
      globals.setString('__redis__err__handler', machine.errorHandler);
      protect(globals);
      this.made = machine;
    }
    return this.made;
  }
}
