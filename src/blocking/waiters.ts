/**
 * Who waits on which key of which database, in strict first-come order.
 *
 *     database 0   jobs   ──▶  A, B, C            A came first. B also waits for `mail`:
 *                  mail   ──▶  B                  the same waiter stands in both queues.
 *
 *     ready        mail, jobs                     in the order in which the keys became ready
 *
 * A change that puts a value under a key somebody waits for marks the key as ready, and nothing else: nobody is
 * called while a change is being made. Those who wait are served later, by {@link Waiters.serve}: at the end of each
 * command, or of a whole transaction or script, so that they see only what it left behind. Ready keys are gone through
 * in the order in which they became ready, and those who wait for one in the order in which they came. Serving may
 * make further keys ready (BLMOVE fills its destination); it goes on until none is left.
 *
 * Code that calls typed methods has no end of a command. What runs synchronously is to those who wait what MULTI … EXEC
 * is: they are served in a microtask after it, or earlier if something else serves: the end of a wire command,
 * `store.advance`, the start of another blocking call.
 *
 * Invariants:
 *
 * 1. A waiter is in the queue of each of its keys exactly while it waits; no queue is empty.
 * 2. While nobody waits, nothing is observed.
 * 3. A queue that is ready is in `ready`, once.
 * 4. A waiter is out of all queues before anybody is told that its wait is over.
 * 5. Who has a timeout is scheduled, for then or for an earlier attempt, or due, or its key is ready.
 */

import type { ByteString } from '../bytes/byte-string.ts';
import type { Database } from '../keyspace/database.ts';
import type { ValueKind } from '../keyspace/entry.ts';
import { events, type KeyEvent } from '../keyspace/events.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import type { Observer } from '../keyspace/observer.ts';
import type { Blocked } from './blocked.ts';
import { Queue } from './queue.ts';
import { Waiter, type WaitingClient } from './waiter.ts';

/** All who wait on one keyspace: see the top of the file. */
export class Waiters implements Observer {
  private readonly keyspace: Keyspace;
  /** By database, then by key. */
  private readonly queues: Map<ByteString, Queue>[];
  private readonly all = new Set<Waiter>();
  /** How many wait for each kind of value. */
  private readonly kinds = new Map<ValueKind<unknown>, number>();
  private ready: Queue[] = [];
  /** Those whose waiters may have another time for their next attempt. */
  private ripened: Queue[] = [];
  /** Whose time is over while keys are ready that may serve them. */
  private due: Waiter[] = [];
  /** How many of those who wait have a timeout, or may have a time for another attempt. */
  private timed = 0;
  /** How many may have a time for another attempt. */
  private ripening = 0;
  private holds = 0;
  private isServing = false;
  private isServingSoon = false;

  /** @internal Use {@link waitersOf}. */
  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
    this.queues = keyspace.databases.map(() => new Map());
  }

  /** How many wait. */
  get size(): number {
    return this.all.size;
  }

  /** How many keys are waited for. */
  get keyCount(): number {
    return this.queues.reduce((sum, queues) => sum + queues.size, 0);
  }

  has(waiter: Waiter): boolean {
    return this.all.has(waiter);
  }

  /**
   * Has a client wait. The command has just made its own first attempt, and nothing was there for it. Nobody is called
   * before this returns. O(keys).
   */
  wait<T>(blocked: Blocked<T>, client: WaitingClient<T>): Waiter<T> {
    const waiter = new Waiter(this, blocked, client);
    const one = waiter as unknown as Waiter;
    if (this.all.size === 0) this.keyspace.observe(this);
    this.all.add(one);
    this.kinds.set(blocked.kind, (this.kinds.get(blocked.kind) ?? 0) + 1);
    const { database } = blocked;
    const queues = this.queues[database.index]!;
    for (const key of blocked.keys) {
      let queue = queues.get(key);
      if (queue === undefined) {
        queue = new Queue(database, key);
        queues.set(key, queue);
      }
      waiter.places.push(queue.join(one));
    }
    if (isTimed(one)) {
      this.timed++;
      if (blocked.nextAttemptAtMs !== undefined) this.ripening++;
      if (blocked.timeoutMs > 0) one.deadlineMs = this.keyspace.now() + blocked.timeoutMs;
      this.schedule(one);
    }
    return waiter;
  }

  /** @internal Has a waiter's timer fire when its time is over, or before that for another attempt. */
  schedule(waiter: Waiter): void {
    const { deadlineMs, blocked } = waiter;
    let dueMs = deadlineMs;
    if (blocked.nextAttemptAtMs !== undefined) {
      const nowMs = this.keyspace.now();
      // An attempt has just been made: there is none before the clock has moved.
      const attemptMs = Math.max(blocked.nextAttemptAtMs() ?? Number.POSITIVE_INFINITY, nowMs + 1);
      // It was the last one: the clock has passed the end of the wait before the attempt was made.
      if (nowMs >= deadlineMs) {
        this.keyspace.wheel.cancel(waiter);
        if (!this.due.includes(waiter)) this.due.push(waiter);
        return;
      }
      dueMs = Math.min(deadlineMs, attemptMs);
    }
    if (dueMs === Number.POSITIVE_INFINITY) this.keyspace.wheel.cancel(waiter);
    else this.keyspace.schedule(waiter, dueMs);
  }

  /** @internal Takes a waiter out of all queues. Whether it was there. O(keys). */
  remove(waiter: Waiter): boolean {
    if (!this.all.delete(waiter)) return false;
    const { blocked } = waiter;
    for (const place of waiter.places) {
      const { queue } = place;
      queue.leave(place);
      if (queue.size === 0) this.queues[queue.database.index]!.delete(queue.key);
    }
    // A place knows the next one: whoever keeps this waiter must not keep all that ever stood behind it.
    waiter.places.length = 0;
    const others = this.kinds.get(blocked.kind)! - 1;
    if (others === 0) this.kinds.delete(blocked.kind);
    else this.kinds.set(blocked.kind, others);
    if (isTimed(waiter)) {
      this.timed--;
      if (blocked.nextAttemptAtMs !== undefined) this.ripening--;
      this.keyspace.wheel.cancel(waiter);
    }
    if (this.all.size === 0) this.keyspace.unobserve(this);
    return true;
  }

  // ── becoming ready ───────────────────────────────────────────────────────────────────────────────────────

  /** @internal */
  changed(database: Database, key: ByteString, event: KeyEvent): void {
    // Where no timer of the host's comes to look, the commands that run have to.
    if (this.timed > 0 && !this.keyspace.driver.isArmed) this.serveSoon();
    const queue = this.queues[database.index]!.get(key);
    if (queue === undefined || queue.isReady) return;
    const isWatched = queue.watching > 0 && event.wakesNobody === undefined;
    if (isWatched || (event === events.new && this.isWanted(queue))) this.markReady(queue);
  }

  /** Whether anybody waits who has times for further attempts: then {@link ripen} is to be called. */
  get mayRipen(): boolean {
    return this.ripening > 0;
  }

  /**
   * Something happened to the key of which nobody is told, but which may bring forward the times at which attempts are
   * worth making: they are looked at when it is time to serve, once for all that happened until then. O(1).
   */
  ripen(database: Database, key: ByteString): void {
    const queue = this.queues[database.index]!.get(key);
    if (queue === undefined || queue.isRipening) return;
    queue.isRipening = true;
    this.ripened.push(queue);
    this.serveSoon();
  }

  /** Looks at what has ripened. O(those who wait for these keys). */
  private scheduleRipened(): void {
    const { ripened } = this;
    this.ripened = [];
    for (const queue of ripened) {
      queue.isRipening = false;
      for (const waiter of queue) {
        if (queue.isReady) break;
        if (waiter.blocked.nextAttemptAtMs !== undefined) this.scheduleAttempt(waiter);
      }
    }
  }

  private scheduleAttempt(waiter: Waiter): void {
    const attemptMs = waiter.blocked.nextAttemptAtMs!();
    if (attemptMs === undefined) return;
    if (attemptMs <= this.keyspace.now()) this.timeToAttempt(waiter);
    else if (attemptMs < waiter.deadlineMs && !(waiter.isScheduled && waiter.dueMs === attemptMs))
      this.keyspace.schedule(waiter, attemptMs);
  }

  /** @internal SWAPDB may have brought what is waited for; either takes away what was watched. */
  flushed(databases: readonly Database[]): void {
    for (const database of databases) {
      for (const queue of this.queues[database.index]!.values()) {
        if (!queue.isReady && (queue.watching > 0 || this.isWanted(queue))) this.markReady(queue);
      }
    }
  }

  /** Whether the key holds what somebody waits for: as in Redis, on this key or on any other. */
  private isWanted({ database, key }: Queue): boolean {
    const stored = database.map.get(key);
    return typeof stored === 'object' && this.kinds.has(stored.kind);
  }

  private markReady(queue: Queue): void {
    queue.isReady = true;
    this.ready.push(queue);
    this.serveSoon();
  }

  // ── serving ──────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Serves all that can be served. To be called at the end of each command that may have changed something, or of
   * a whole transaction or script; costs a few comparisons where nothing is ready. While something is being served,
   * or held, it does nothing: that is done in the end.
   *
   * @throws what a client throws that is told of the end of its wait; all others have been told before
   */
  serve(): void {
    if (this.isServing || this.holds > 0) return;
    if (this.timed > 0 && !this.keyspace.driver.isArmed) this.keyspace.driver.runSlice();
    if (this.ready.length === 0 && this.due.length === 0 && this.ripened.length === 0) return;
    const failures: unknown[] = [];
    this.isServing = true;
    do {
      guarded(() => this.scheduleRipened(), failures);
      // It grows while it is gone through.
      for (const queue of this.ready) guarded(() => this.serveQueue(queue, failures), failures);
      this.ready = [];
    } while (this.ripened.length > 0);
    this.isServing = false;
    const { due } = this;
    this.due = [];
    for (const waiter of due) guarded(() => waiter.unblock('timeout'), failures);
    if (failures.length > 0) throw failures[0];
  }

  private serveQueue(queue: Queue, failures: unknown[]): void {
    queue.isReady = false;
    const { database, key } = queue;
    for (const waiter of queue) {
      if (queue.watching === 0 && database.find(key) === undefined) return;
      guarded(() => waiter.attempt(key), failures);
    }
  }

  private serveSoon(): void {
    if (this.isServingSoon) return;
    this.isServingSoon = true;
    // Not queueMicrotask: fake timers take its place, and then somebody would have to run it.
    Promise.resolve().then(() => {
      this.isServingSoon = false;
      this.serve();
    });
  }

  /** @internal A waiter's timer has fired: it is time for another attempt, of all that stand in its queues, in their order. */
  timeToAttempt(waiter: Waiter): void {
    for (const { queue } of waiter.places) if (!queue.isReady) this.markReady(queue);
  }

  /** @internal A waiter's timer has fired. */
  timeIsOver(waiter: Waiter): void {
    // What it waits for may have come before its time was over.
    if (this.ready.length > 0 || this.holds > 0) this.due.push(waiter);
    else waiter.unblock('timeout');
  }

  /**
   * Until as many {@link release}s nobody is served: what happens meanwhile is one change to those who wait. For
   * transactions and scripts; ask {@link waitersOf}, lest the first wait begins in between and only the end is told.
   */
  hold(): void {
    this.holds++;
  }

  /** Ends {@link hold}, and serves. */
  release(): void {
    this.holds--;
    this.serve();
  }

  /** Ends all waits with this error, in the order in which they began; not those that begin meanwhile. */
  failAll(error: Error): void {
    const failures: unknown[] = [];
    for (const waiter of [...this.all]) guarded(() => waiter.fail(error), failures);
    if (failures.length > 0) throw failures[0];
  }

  /** For tests: throws if an invariant does not hold. O(waiters · keys). */
  checkInvariants(): void {
    let timed = 0;
    let ripening = 0;
    let places = 0;
    const kinds = new Map<ValueKind<unknown>, number>();
    for (const waiter of this.all) {
      const { blocked } = waiter;
      kinds.set(blocked.kind, (kinds.get(blocked.kind) ?? 0) + 1);
      if (isTimed(waiter)) timed++;
      if (blocked.nextAttemptAtMs !== undefined) ripening++;
      const isScheduled =
        waiter.isScheduled || this.due.includes(waiter) || waiter.places.some(({ queue }) => queue.isReady);
      if (blocked.timeoutMs > 0 && !isScheduled) throw new Error('a waiter with a timeout is not scheduled');
      if (waiter.isScheduled && !isTimed(waiter)) throw new Error('a waiter without a timeout is scheduled');
      for (const key of blocked.keys) {
        places++;
        const queue = this.queues[blocked.database.index]!.get(key);
        const isThere = waiter.places.some((place) => place.queue === queue && place.isTaken);
        if (!isThere) throw new Error(`a waiter is missing in the queue of ${JSON.stringify(key)}`);
      }
    }
    if (ripening !== this.ripening) throw new Error(`ripening ${this.ripening}, but ${ripening}`);
    if (timed !== this.timed) throw new Error(`timed ${this.timed}, but ${timed}`);
    if (kinds.size !== this.kinds.size) throw new Error('kinds');
    for (const [kind, count] of kinds) if (this.kinds.get(kind) !== count) throw new Error(kind.type);
    for (const [index, queues] of this.queues.entries()) {
      for (const [key, queue] of queues) {
        queue.checkInvariants();
        places -= queue.size;
        if (queue.size === 0 || queue.key !== key || queue.database.index !== index)
          throw new Error(`the queue of ${JSON.stringify(key)} is empty or misplaced`);
        const marks = this.ready.filter((other) => other === queue).length;
        if (marks !== (queue.isReady ? 1 : 0))
          throw new Error(`${JSON.stringify(key)} is ready ${marks} times`);
      }
    }
    if (places !== 0) throw new Error('a queue holds who does not wait');
  }
}

/** Whether it ever has a timer. */
function isTimed({ blocked }: Waiter): boolean {
  return blocked.timeoutMs > 0 || blocked.nextAttemptAtMs !== undefined;
}

/** Runs it and keeps what it throws, so that one who fails does not stop the others. */
function guarded(run: () => unknown, failures: unknown[]): void {
  try {
    run();
  } catch (error) {
    failures.push(error);
  }
}

/** Those who wait on this keyspace. Made when it is first asked for; `keyspace.waiters` has them from then on. */
export function waitersOf(keyspace: Keyspace): Waiters {
  keyspace.waiters ??= new Waiters(keyspace);
  return keyspace.waiters;
}
