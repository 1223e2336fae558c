import { errors } from '../errors.ts';
import { Timer } from '../ttl/timer-wheel.ts';
import type { Blocked } from './blocked.ts';
import type { Place } from './queue.ts';
import type { Waiters } from './waiters.ts';

/** Who is told how a wait ended: exactly one of its last three methods is called, once, and none after a `cancel`. */
export interface WaitingClient<T> {
  /** Called before each attempt on a key that holds the kind of value it waits for: what it throws ends the wait. */
  beforeAttempt?(): void;
  served(result: T): void;
  timedOut(): void;
  /** An error came of the attempt, or from outside: `CLIENT UNBLOCK … ERROR`, or the store was closed. */
  failed(error: Error): void;
}

/** Somebody who waits. As a timer, it fires when its time is over, or when it is time for another attempt. */
export class Waiter<T = unknown> extends Timer {
  readonly blocked: Blocked<T>;
  /** @internal Where it stands while it waits, one place for each of its keys. */
  readonly places: Place[] = [];
  /** @internal When its time is over, in Unix milliseconds: `Infinity` if never. Set when it begins to wait. */
  deadlineMs = Number.POSITIVE_INFINITY;
  private readonly waiters: Waiters;
  private readonly client: WaitingClient<T>;

  /** @internal Use {@link Waiters.wait}. */
  constructor(waiters: Waiters, blocked: Blocked<T>, client: WaitingClient<T>) {
    super();
    this.waiters = waiters;
    this.blocked = blocked;
    this.client = client;
  }

  get isWaiting(): boolean {
    return this.waiters.has(this);
  }

  /** Ends the wait without a word. Nothing is ever served to it afterwards. */
  cancel(): void {
    this.waiters.remove(this);
  }

  /** Ends the wait as CLIENT UNBLOCK does. Whether it was still on. */
  unblock(how: 'timeout' | 'error' = 'timeout'): boolean {
    if (how === 'error') return this.fail(errors.unblocked());
    if (!this.waiters.remove(this)) return false;
    this.client.timedOut();
    return true;
  }

  /** @internal Ends the wait with an error. Whether it was still on. */
  fail(error: Error): boolean {
    if (!this.waiters.remove(this)) return false;
    this.client.failed(error);
    return true;
  }

  /** @internal Makes an attempt on a key that is ready. Whether the wait is over. */
  attempt(key: string): boolean {
    let result: T | null;
    const { client, blocked } = this;
    const { persistence } = blocked.database.keyspace;
    persistence?.begin();
    try {
      if (client.beforeAttempt !== undefined) {
        const stored = blocked.database.find(key);
        if (typeof stored === 'object' && stored.kind === blocked.kind) client.beforeAttempt();
      }
      result = blocked.attempt(key);
    } catch (error) {
      return this.fail(error as Error);
    } finally {
      persistence?.end();
    }
    if (result === null) {
      if (blocked.nextAttemptAtMs !== undefined) this.waiters.schedule(this);
      return false;
    }
    this.waiters.remove(this);
    client.served(result);
    return true;
  }

  /** @internal Called by the wheel. */
  override fire(): void {
    if (this.dueMs < this.deadlineMs) this.waiters.timeToAttempt(this);
    else this.waiters.timeIsOver(this);
  }
}
