import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { compileGlob } from '../../keyspace/glob.ts';
import { parseInteger } from '../../numbers/integer.ts';
import { engineOf, startedEngineOf } from '../../scripting/engine-of.ts';
import type {
  LibraryDescription,
  RestorePolicy,
  ScriptEngine,
  ScriptName,
  WriteAnswer,
} from '../../scripting/scripting.ts';
import { statuses, type Tree } from '../../wire/tree-codec.ts';
import type { Session } from '../session.ts';

/** What follows the name of a script: the number of its keys, the keys, and other arguments. */
export interface ScriptArguments {
  readonly keyCount: ByteString;
  readonly rest: readonly ByteString[];
}

/** Which libraries FUNCTION LIST tells of. */
export interface ListOptions {
  readonly pattern?: ByteString;
  readonly withCode?: true;
}

/** EVAL, SCRIPT, FUNCTION and FCALL, for one client. */
export class ScriptingSessionOperations {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  private get engine(): ScriptEngine {
    return engineOf(this.session.server.keyspace);
  }

  /** Those who monitor see a script before its commands. */
  show(tokens: readonly ByteString[]): void {
    this.session.server.monitors.showTokens(this.session, tokens);
  }

  eval(script: ByteString, given: ScriptArguments): WriteAnswer {
    return this.run('source', script, given, false);
  }

  evalRo(script: ByteString, given: ScriptArguments): WriteAnswer {
    return this.run('source', script, given, true);
  }

  evalsha(digest: ByteString, given: ScriptArguments): WriteAnswer {
    return this.run('digest', digest, given, false);
  }

  evalshaRo(digest: ByteString, given: ScriptArguments): WriteAnswer {
    return this.run('digest', digest, given, true);
  }

  fcall(name: ByteString, given: ScriptArguments): WriteAnswer {
    return this.run('function', name, given, false);
  }

  fcallRo(name: ByteString, given: ScriptArguments): WriteAnswer {
    return this.run('function', name, given, true);
  }

  private run(by: ScriptName, name: ByteString, given: ScriptArguments, isReadonly: boolean): WriteAnswer {
    const { engine } = this;
    // Redis looks for a function, and at the length of a digest, before it looks at the keys.
    if (by !== 'source') engine.requireName(by, name);
    const keyCount = countKeys(by, given);
    return engine.run(this.session, {
      by,
      name,
      keys: given.rest.slice(0, keyCount),
      args: given.rest.slice(keyCount),
      isReadonly,
    });
  }

  // ── SCRIPT ───────────────────────────────────────────────────────────────────────────────────────────────

  scriptLoad(script: ByteString): string {
    return this.engine.load(script);
  }

  scriptExists(digests: readonly ByteString[]): number[] {
    const { engine } = this;
    return digests.map((digest) => (engine.has(digest) ? 1 : 0));
  }

  scriptShow(digest: ByteString): ByteString {
    return this.engine.sourceOf(digest);
  }

  scriptFlush(_mode: 'async' | 'sync' | undefined): 'OK' {
    this.engine.flush();
    return 'OK';
  }

  /** A script that runs lets nobody else speak: there is never one to kill. */
  scriptKill(): 'OK' {
    throw errors.scriptNotRunning();
  }

  scriptDebug(mode: 'yes' | 'sync' | 'no'): 'OK' {
    if (mode !== 'no') throw errors.scriptDebugOff();
    return 'OK';
  }

  // ── FUNCTION ─────────────────────────────────────────────────────────────────────────────────────────────

  functionLoad(isReplacing: boolean, code: ByteString): ByteString {
    return this.engine.loadLibrary(code, isReplacing);
  }

  functionDelete(name: ByteString): 'OK' {
    this.engine.deleteLibrary(name);
    return 'OK';
  }

  functionFlush(_mode: 'async' | 'sync' | undefined): 'OK' {
    this.engine.deleteLibraries();
    return 'OK';
  }

  functionList({ pattern, withCode }: ListOptions): Tree {
    const isMeant = pattern === undefined ? undefined : compileGlob(pattern, true);
    return this.engine
      .libraries()
      .filter(({ name }) => isMeant?.(name) ?? true)
      .map((library) => describe(library, withCode === true));
  }

  functionStats(): Tree {
    const { keyspace } = this.session.server;
    const { libraries, functions } = (startedEngineOf(keyspace) ?? this.engine).figures;
    const counts = new Map<string, Tree>([
      ['libraries_count', libraries],
      ['functions_count', functions],
    ]);
    return new Map<string, Tree>([
      ['running_script', null],
      ['engines', new Map<string, Tree>([['LUA', counts]])],
    ]);
  }

  functionDump(): Uint8Array {
    return this.engine.dumpLibraries();
  }

  functionRestore(payload: Uint8Array, policy: RestorePolicy): 'OK' {
    this.engine.restoreLibraries(payload, policy);
    return 'OK';
  }

  functionKill(): 'OK' {
    throw errors.scriptNotRunning();
  }
}

/** @throws ReplyError if there are not so many keys, or it is no number */
function countKeys(by: ScriptName, { keyCount, rest }: ScriptArguments): number {
  const count = parseInteger(keyCount);
  if (count === undefined) throw by === 'function' ? errors.numkeysBad() : errors.notAnInteger();
  if (count > rest.length) throw errors.numkeysBeyondArguments();
  if (count < 0) throw errors.numkeysNegative();
  return Number(count);
}

function describe({ name, engine, functions, code }: LibraryDescription, withCode: boolean): Tree {
  const fields: [string, Tree][] = [
    ['library_name', name],
    ['engine', engine],
    [
      'functions',
      functions.map(
        (one) =>
          new Map<string, Tree>([
            ['name', one.name],
            ['description', one.description],
            ['flags', statuses(one.flags)],
          ]),
      ),
    ],
  ];
  if (withCode) fields.push(['library_code', code]);
  return new Map(fields);
}
