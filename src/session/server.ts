import type { Keyspace } from '../keyspace/keyspace.ts';
import type { Command } from '../wire/command.ts';
import { AccessControl } from './acl/access-control.ts';
import type { Session } from './session.ts';

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
  /** The users, and what they may do. */
  readonly acl = new AccessControl(this.sessions);
  readonly statistics: Statistics = { connections: 0, commands: 0, errors: 0, rejectedCalls: 0 };
  /** When the first session came, in Unix milliseconds. */
  readonly startedAtMs: number;
  /** The last reading of {@link tick}, in milliseconds since an arbitrary start. */
  clockMs = 0;
  private lastId = 0;

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
    this.startedAtMs = keyspace.now();
  }

  /** Takes the session in, and gives it its id. */
  join(session: Session): number {
    const id = ++this.lastId;
    this.statistics.connections++;
    this.sessions.set(id, session);
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
  settle(): void {}
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
