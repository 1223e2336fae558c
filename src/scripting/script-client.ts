import { type ByteString, fromLatin1 } from '../bytes/byte-string.ts';
import { errors, ReplyError } from '../errors.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import { requireFirstDatabase } from '../session/cluster/cluster-gate.ts';
import type { Peer } from '../session/peer.ts';
import { registry } from '../session/registry.ts';
import { type Server, serverOf } from '../session/server.ts';
import { Session } from '../session/session.ts';
import type { Command } from '../wire/command.ts';
import type { LuaValue } from './lua/values/value.ts';
import { LuaSink } from './lua-sink.ts';
import type { ScriptCaller } from './scripting.ts';
import { SlotGuard } from './slot-guard.ts';

/** Of so many brief commands of a kind one is timed: the others count as if they had taken as long. */
const BRIEF_PER_TIMED = 16;
/** With more tokens than this none is brief. */
const FEW_TOKENS = 8;

/** A command, and what a script must know of it. */
class KnownCommand {
  readonly command: Command;
  /** What its methods are called on. */
  readonly target: object;
  /** Whether no script may run it. */
  readonly isForbidden: boolean;
  /** Whether no script may that only reads. */
  readonly isWriting: boolean;
  /** Whether the clock would take longer than the command: then only some are timed. */
  readonly isBrief: boolean;
  /** How often it ran, if it is brief. */
  calls = 0;
  /** How long it takes: the shorter one of the last two times, since either may have been interrupted. */
  typicalMs = 0;
  private lastMs = Infinity;

  constructor(command: Command, target: object) {
    this.command = command;
    this.target = target;
    this.isBrief = command.isBrief;
    this.isForbidden = command.flags.has('noscript');
    this.isWriting = command.flags.has('write') || command.flags.has('may_replicate');
  }

  /** It was timed. Returns the time. */
  timed(durationMs: number): number {
    this.typicalMs = Math.min(durationMs, this.lastMs);
    this.lastMs = durationMs;
    return durationMs;
  }
}

/** What a script may do. */
export interface ScriptRights {
  readonly isReadonly: boolean;
  /** Whether its commands may touch keys of one slot only, if it runs for a client of a cluster. */
  readonly isOfOneSlot: boolean;
  /** Whether it may add something from its beginning. */
  readonly mayAdd: boolean;
}

/**
 * The client as which scripts run their commands: a session of its own, that nobody is connected to. It works on the
 * caller's database, with the caller's permissions; what it selects ends with the script.
 */
export class ScriptClient {
  readonly sink = new LuaSink();
  /** Whether the script may not write. */
  isReadonly = false;
  /** Whether the next command that writes is asked whether the storage can be written: see {@link begin}. */
  private mustAskStorage = false;
  /** Whether it may run commands that add something. Having written, it may: it cannot be stopped half-way. */
  private mayAdd = true;
  private readonly server: Server;
  private readonly session: Session;
  /** Whose script runs; typed calls are nobody's. */
  private caller: Session | undefined = undefined;
  /** Of the script of a client of a cluster. */
  private slotGuard: SlotGuard | undefined = undefined;
  /** By their names as scripts write them, for those without subcommands. */
  private readonly known = new Map<ByteString, KnownCommand>();

  constructor(keyspace: Keyspace) {
    this.server = serverOf(keyspace);
    this.session = new Session(this.server, peerOf(this.sink), 'script');
  }

  /** Which replies commands give: `redis.setresp`. */
  get protocol(): 2 | 3 {
    return this.sink.protocol;
  }

  setProtocol(protocol: 2 | 3): void {
    this.sink.protocol = protocol;
    this.session.protocol = protocol;
  }

  /** A script begins. */
  begin(caller: ScriptCaller, { isReadonly, isOfOneSlot, mayAdd }: ScriptRights): void {
    this.caller = caller instanceof Session ? caller : undefined;
    this.slotGuard =
      this.caller?.isClusterNode === true ? new SlotGuard(this.caller, isOfOneSlot) : undefined;
    this.session.isClusterNode = this.slotGuard !== undefined;
    this.isReadonly = isReadonly;
    this.mayAdd = mayAdd;
    // Having written it may go on: it cannot be stopped half-way.
    this.mustAskStorage = this.server.keyspace.persistence !== undefined;
    this.session.selectDatabase(caller.databaseIndex);
    this.setProtocol(2);
  }

  /**
   * Runs a command of the script, and answers its reply as a value of Lua.
   *
   * @param tokens the first one, the command's name, as Lua has it: one char per byte
   * @throws ReplyError if it fails, or the script may not run it
   */
  run(tokens: ByteString[]): LuaValue {
    const { caller, sink } = this;
    const known = this.known.get(tokens[0]!) ?? this.find(tokens);
    if (known === undefined) throw this.reject(undefined, errors.scriptUnknownCommand());
    const { command } = known;
    if (!command.accepts(tokens.length)) throw this.reject(command, errors.scriptWrongArity());
    if (known.isForbidden) throw this.reject(command, errors.scriptForbiddenCommand());
    const refusal = caller?.access.refusalInScript(command, tokens);
    if (refusal !== undefined) throw this.reject(command, refusal);
    if (known.isWriting && this.isReadonly) throw this.reject(command, errors.scriptIsReadonly());
    if (this.mustAskStorage) this.requireStorage(command);
    if (!this.mayAdd) this.requireRoom(known);
    if (this.slotGuard !== undefined) this.requireSlot(this.slotGuard, command, tokens);
    if (caller === undefined) {
      command.run(known.target, tokens, sink);
      return sink.value;
    }
    this.runCounted(caller, known, tokens);
    return sink.value;
  }

  /** @throws ReplyError MISCONF if it writes, and that could not be kept */
  private requireStorage(command: Command): void {
    if (!command.flags.has('write')) return;
    try {
      this.server.keyspace.persistence?.requireWritable();
    } catch (error) {
      throw error instanceof ReplyError ? this.reject(command, error) : error;
    }
    this.mustAskStorage = false;
  }

  /** There was no room when the script began. */
  private requireRoom({ command }: KnownCommand): void {
    if (command.flags.has('denyoom')) throw this.reject(command, errors.outOfMemory());
    if (command.flags.has('write')) this.mayAdd = true;
  }

  private requireSlot(guard: SlotGuard, command: Command, tokens: readonly ByteString[]): void {
    try {
      requireFirstDatabase(command);
      guard.requireSlot(command, tokens);
    } catch (error) {
      throw error instanceof ReplyError ? this.reject(command, error) : error;
    }
  }

  /** Clients' commands are counted, timed, and shown to those who monitor; and what they read is tracked. */
  private runCounted(caller: Session, known: KnownCommand, tokens: readonly ByteString[]): void {
    const { server, session, sink } = this;
    const { command, target } = known;
    const isTimed =
      !known.isBrief ||
      known.calls++ % BRIEF_PER_TIMED === 0 ||
      tokens.length > FEW_TOKENS ||
      server.timesBriefCommands;
    const startMs = isTimed ? server.tick() : 0;
    try {
      command.run(target, tokens, sink);
    } catch (error) {
      sink.reset();
      if (!(error instanceof ReplyError)) throw error;
      server.statistics.failed(command, error);
      server.took(session, command, tokens, isTimed ? known.timed(server.tick() - startMs) : known.typicalMs);
      throw error;
    }
    if (caller.tracking !== undefined) caller.tracking.ran(command, tokens);
    server.took(session, command, tokens, isTimed ? known.timed(server.tick() - startMs) : known.typicalMs);
  }

  /**
   * Whether the script may run such a command: `redis.acl_check_cmd`.
   *
   * @throws ReplyError if there is none
   */
  isPermitted(tokens: ByteString[]): boolean {
    const known = this.find(tokens);
    if (known === undefined) throw errors.scriptInvalidCommand();
    return this.caller?.access.user.check(known.command, tokens) === undefined;
  }

  private find(tokens: ByteString[]): KnownCommand | undefined {
    const name = fromLatin1(tokens[0]!);
    tokens[0] = name;
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const command = registry.lookup(tokens);
    if (command === undefined) return undefined;
    const found = new KnownCommand(command, this.session.targetOf(command));
    if (command.nameLength === 1 && registry.subcommandsOf(command).length === 0) this.known.set(name, found);
    return found;
  }

  /** The script may not run it. */
  private reject(command: Command | undefined, error: ReplyError): ReplyError {
    if (this.caller !== undefined) this.server.statistics.rejected(command, error);
    return error;
  }
}

/** Nobody is there. */
function peerOf(sink: LuaSink): Peer {
  const nothing = (): void => {};
  return {
    replies: sink,
    messages: sink,
    address: '?:0',
    setProtocol: nothing,
    flush: nothing,
    resume: nothing,
    cutOff: nothing,
    close: nothing,
  };
}
