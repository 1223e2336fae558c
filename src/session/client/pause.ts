import type { ByteString } from '../../bytes/byte-string.ts';
import { Timer } from '../../ttl/timer-wheel.ts';
import type { Command } from '../../wire/command.ts';
import { declarationOf } from '../scripting/declaration.ts';
import type { Server } from '../server.ts';
import type { Session } from '../session.ts';

/** What is held up: every command, or those that may write. */
export type PauseMode = 'all' | 'write';

/**
 * CLIENT PAUSE: for some time the commands of all clients are held up, and then run in the order in which they came.
 *
 * Meanwhile nothing is evicted, nor refused because memory is full. The time is the store's: `store.advance` moves it. While nothing is paused no command is asked; while something is,
 * every session has a gate more.
 */
export class Pause {
  private readonly server: Server;
  private mode: PauseMode | undefined = undefined;
  private readonly timer: PauseTimer;
  private endsAtMs = 0;
  private readonly held = new Set<Session>();

  constructor(server: Server) {
    this.server = server;
    this.timer = new PauseTimer(this);
  }

  get isOn(): boolean {
    return this.mode !== undefined;
  }

  /** Begins to pause, or goes on: with the stricter of the two modes, to the later of the two ends. */
  begin(durationMs: number, mode: PauseMode): void {
    const { keyspace, sessions } = this.server;
    const endsAtMs = keyspace.now() + durationMs;
    if (this.mode === undefined) {
      if (durationMs === 0) return;
      this.mode = mode;
      this.endsAtMs = endsAtMs;
      keyspace.memoryLimit.isSuspended = true;
      for (const session of sessions.values()) session.addGate();
    } else {
      if (mode === 'all') this.mode = mode;
      if (endsAtMs <= this.endsAtMs) return;
      this.endsAtMs = endsAtMs;
    }
    keyspace.schedule(this.timer, this.endsAtMs);
  }

  /** Ends it: what was held up runs once the present command is over. */
  end(): void {
    if (this.mode === undefined) return;
    const { keyspace, sessions } = this.server;
    this.mode = undefined;
    keyspace.memoryLimit.isSuspended = false;
    keyspace.wheel.cancel(this.timer);
    for (const session of sessions.values()) session.removeGate();
    const held = [...this.held];
    this.held.clear();
    if (held.length > 0) this.server.afterServing(() => resumeAll(held));
  }

  /** Whether this command of the session may not run now. */
  holds(session: Session, command: Command, tokens: readonly ByteString[]): boolean {
    if (this.mode === undefined || (this.mode === 'write' && !mayWrite(session, command, tokens)))
      return false;
    // Where the host has no timers, or they are late.
    if (this.server.keyspace.now() >= this.endsAtMs) this.end();
    return this.isOn;
  }

  /** The session waits for the end. */
  hold(session: Session): void {
    this.held.add(session);
  }

  /** It waits no more. */
  letGo(session: Session): void {
    this.held.delete(session);
  }
}

class PauseTimer extends Timer {
  private readonly pause: Pause;

  constructor(pause: Pause) {
    super();
    this.pause = pause;
  }

  override fire(): void {
    this.pause.end();
  }
}

function resumeAll(held: readonly Session[]): void {
  for (const session of held) session.resumeHeld();
}

/** Whether the command writes, or does what replicas would have to repeat; of EXEC, whether something queued does. */
function mayWrite(session: Session, command: Command, tokens: readonly ByteString[]): boolean {
  if (command.fullName !== 'exec') return isWrite(session, command, tokens);
  return (
    session.transaction?.queue.some((queued) => isWrite(session, queued.command, queued.tokens)) ?? false
  );
}

function isWrite(session: Session, command: Command, tokens: readonly ByteString[]): boolean {
  const { flags } = command;
  if (flags.has('write')) return true;
  if (!flags.has('may_replicate')) return false;
  return declarationOf(session.server.keyspace, command, tokens)?.onlyReads !== true;
}
