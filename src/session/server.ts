import type { Keyspace } from '../keyspace/keyspace.ts';
import type { Command } from '../wire/command.ts';
import { ConnectionLimits } from './connection-limits.ts';
import { EndpointTurns } from './endpoint-turns.ts';
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
  readonly statistics: Statistics = { connections: 0, commands: 0, errors: 0, rejectedCalls: 0 };
  /** What clients on byte streams may make the store hold. */
  readonly limits: ConnectionLimits;
  /** Which byte stream's commands run when. */
  readonly turns = new EndpointTurns(this);
  /** When the first session came, in Unix milliseconds. */
  readonly startedAtMs: number;
  /** The last reading of {@link tick}, in milliseconds since an arbitrary start. */
  clockMs = 0;
  private lastId = 0;
  private readonly resuming: Session[] = [];

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
    this.limits = new ConnectionLimits(keyspace);
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
  settle(): void {
    this.keyspace.waiters?.serve();
  }

  /**
   * Has a session that no longer waits take commands again: in their order, once all others who waited for the same are
   * served, and whoever is speaking has said all that it has sent so far.
   */
  resumeSoon(session: Session): void {
    this.resuming.push(session);
    if (this.resuming.length > 1) return;
    Promise.resolve().then(() => {
      for (const { peer } of this.resuming.splice(0)) peer.resume();
    });
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
