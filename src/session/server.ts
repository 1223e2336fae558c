import type { ByteString } from '../bytes/byte-string.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import type { Command } from '../wire/command.ts';
import { Pause } from './pause.ts';
import type { Session } from './session.ts';
import { Tracking } from './tracking.ts';

/** Counters that INFO shows and CONFIG RESETSTAT clears. */
export interface Statistics {
  connections: number;
  commands: number;
  errors: number;
  rejectedCalls: number;
}

/**
 * What all sessions on one store share. There is one per store, made when the first connects; a store that nobody
 * connects to never has one.
 */
export class Server {
  readonly keyspace: Keyspace;
  /** By id, in the order in which they came. */
  readonly sessions = new Map<number, Session>();
  readonly statistics: Statistics = { connections: 0, commands: 0, errors: 0, rejectedCalls: 0 };
  /** When the first session came, in Unix milliseconds. */
  readonly startedAtMs: number;
  /** The last reading of {@link tick}, in milliseconds since an arbitrary start. */
  clockMs = 0;
  /** CLIENT PAUSE. */
  readonly pause: Pause;
  /** Client-side caching. */
  readonly tracking: Tracking;
  /** Whose command is running. Typed calls are nobody's. */
  current: Session | undefined = undefined;
  private lastId = 0;
  private readonly pending: (() => void)[] = [];

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
    this.startedAtMs = keyspace.now();
    this.pause = new Pause(this);
    this.tracking = new Tracking(this);
  }

  /** Takes the session in, and gives it its id. */
  join(session: Session): number {
    const id = ++this.lastId;
    this.statistics.connections++;
    this.sessions.set(id, session);
    if (this.pause.isOn) session.addGate();
    return id;
  }

  leave(session: Session): void {
    this.sessions.delete(session.id);
  }

  /** Reads the clock by which durations are measured. */
  tick(): number {
    this.clockMs = performance.now();
    return this.clockMs;
  }

  /** After a command ran, whether it succeeded or not. */
  ran(_session: Session, _command: Command, _durationMs: number): void {
    this.statistics.commands++;
  }

  /** At the end of each command, transactions as a whole: whoever waited for what it did is served. */
  settle(): void {
    if (this.pending.length > 0 && this.current === undefined) this.runPending();
  }

  /**
   * Runs something once the present command is over and has its reply. Outside of commands (a typed call, expiry):
   * when that is over, in a microtask, or before whatever the store is asked next.
   */
  afterwards(work: () => void): void {
    if (this.current !== undefined) this.pending.push(work);
    else this.keyspace.hub.postpone(work);
  }

  private runPending(): void {
    for (let work = this.pending.shift(); work !== undefined; work = this.pending.shift()) work();
  }

  /** Whether there is a user of this name. */
  hasUser(name: ByteString): boolean {
    return name === 'default';
  }
}

const servers = new WeakMap<Keyspace, Server>();

/** What the sessions on this store share. */
export function serverOf(keyspace: Keyspace): Server {
  let server = servers.get(keyspace);
  if (server === undefined) {
    server = new Server(keyspace);
    servers.set(keyspace, server);
  }
  return server;
}
