import { type ByteString, fromLatin1, toLatin1 } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import { argumentTable } from './argument-table.ts';
import type { Closure } from './lua/machine/closure.ts';
import { LuaError } from './lua/values/lua-error.ts';
import type { LuaOptions } from './lua-options.ts';
import { redisLibrary } from './redis-library.ts';
import { fillSandbox, protect } from './sandbox.ts';
import type { ScriptClient } from './script-client.ts';
import type { ScriptFlag } from './script-flags.ts';
import { type RunOutcome, ScriptMachine } from './script-machine.ts';
import { sha1Text } from './sha1-text.ts';
import { readShebang } from './shebang.ts';

/** A script that is kept. */
export interface Script {
  /** The SHA-1 digest of its source, in lower case. */
  readonly digest: string;
  readonly flags: ReadonlySet<ScriptFlag> | undefined;
  readonly closure: Closure;
}

/** Of a SHA-1 digest, in hexadecimal digits. */
export const DIGEST_LENGTH = 40;
const NO_ARGUMENTS: readonly never[] = [];

/**
 * The scripts of EVAL, and the machine they run on.
 *
 * Invariants:
 *
 * 1. {@link bySource} and {@link byDigest} have the same scripts. A source that is known is neither hashed nor compiled.
 */
export class ScriptRoom {
  private readonly client: ScriptClient;
  private readonly options: LuaOptions;
  private readonly bySource = new Map<ByteString, Script>();
  private readonly byDigest = new Map<string, Script>();
  private made: ScriptMachine | undefined = undefined;

  constructor(client: ScriptClient, options: LuaOptions) {
    this.client = client;
    this.options = options;
  }

  get size(): number {
    return this.bySource.size;
  }

  /** @throws ReplyError if it does not compile */
  compile(source: ByteString): Script {
    const known = this.bySource.get(source);
    if (known !== undefined) return known;
    const text = toLatin1(source);
    const { flags, code } = readShebang(text);
    const script = { digest: sha1Text(text), flags, closure: this.closureOf(code) };
    this.bySource.set(source, script);
    this.byDigest.set(script.digest, script);
    return script;
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

  run({ closure }: Script, keys: readonly ByteString[], args: readonly ByteString[]): RunOutcome {
    const { machine } = this;
    const { globals } = machine.machine;
    globals.setString('KEYS', argumentTable(keys));
    globals.setString('ARGV', argumentTable(args));
    return machine.run(closure, NO_ARGUMENTS);
  }

  /** Forgets all scripts, and what they have left in the machine. */
  flush(): void {
    this.bySource.clear();
    this.byDigest.clear();
    this.made = undefined;
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
