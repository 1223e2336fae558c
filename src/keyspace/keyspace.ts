import type { Waiters } from '../blocking/waiters.ts';
import type { ByteString, Bytes } from '../bytes/byte-string.ts';
import { AdjustableClock, type Clock, systemClock } from '../ttl/clock.ts';
import { TimerDriver } from '../ttl/driver.ts';
import { type Timer, TimerWheel } from '../ttl/timer-wheel.ts';
import { Database } from './database.ts';
import type { KeyEvent } from './events.ts';
import { defaultLimits, type Limits } from './limits.ts';
import type { Observer } from './observer.ts';

/** How a store is made. Everything has a default. */
export interface KeyspaceOptions {
  /** How many databases there are. Default 16. */
  readonly databases?: number;
  /** Where the time comes from. Default: `Date.now()`, asked at each use, so a test runner's fake timers just work. */
  readonly clock?: Clock;
  /** A number in [0, 1) for RANDOMKEY, SPOP and their kin. Default `Math.random`. */
  readonly random?: () => number;
  /** Sizes at which encodings change; what is not given stays as in Redis 8. */
  readonly limits?: Partial<Limits>;
}

/**
 * All databases of one store, with what they share: the clock, the timers, the limits, and those who want to know
 * of changes. Making one starts no timer, draws no random number and does no I/O.
 */
export class Keyspace {
  readonly databases: Database[];
  readonly clock: AdjustableClock;
  readonly wheel = new TimerWheel();
  readonly driver: TimerDriver;
  readonly limits: Limits;
  readonly random: () => number;
  /** Changes since the start (INFO's `rdb_changes_since_last_save` will be reckoned from it). */
  dirty = 0;
  /** Keys that were removed because their time was over. */
  expiredCount = 0;
  /** Fields of hashes that were removed because their time was over. */
  expiredFieldCount = 0;
  /** Whether anybody wants to know of changes. While false, a write pays one comparison for all of that. */
  observed = false;
  /** Those who wait for keys, once somebody has: see `waitersOf`. */
  waiters: Waiters | undefined = undefined;
  private recording = false;
  private expiringCommands = 0;
  private observers: readonly Observer[] = [];

  constructor(options: KeyspaceOptions = {}) {
    const count = options.databases ?? 16;
    if (!Number.isInteger(count) || count < 1)
      throw new RangeError(`databases must be a whole number from 1, got ${count}`);
    this.clock = new AdjustableClock(options.clock ?? systemClock);
    this.driver = new TimerDriver(this.wheel, this.clock);
    this.limits = { ...defaultLimits(), ...options.limits };
    this.random = options.random ?? Math.random;
    this.databases = Array.from({ length: count }, (_, index) => new Database(this, index));
  }

  /** The time, in Unix milliseconds. Asked only where a TTL is involved. */
  now(): number {
    return this.clock.now();
  }

  /** Has the timer fire at that time: on a timer of the host's where it has one, else with the commands that run. */
  schedule(timer: Timer, dueMs: number): void {
    this.driver.schedule(timer, dueMs);
  }

  /**
   * Called by the commands that set a TTL, before they look at anything: now and then it removes, for a millisecond or
   * two, what is due. So expired keys are freed also where the host has no timers, or is not let come to them.
   */
  expireSome(): void {
    this.expiringCommands++;
    if (this.expiringCommands % COMMANDS_PER_SLICE === 0) this.driver.runSlice();
  }

  /** Moves the clock forward and fires everything that falls due, in order; serves those who wait, before and after. */
  advance(durationMs: number): void {
    this.waiters?.serve();
    this.clock.advance(durationMs);
    this.driver.runAll();
    this.waiters?.serve();
  }

  /** Everything said from now on is also said to this observer. */
  observe(observer: Observer): void {
    this.setObservers([...this.observers, observer]);
  }

  /** Ends {@link observe}. */
  unobserve(observer: Observer): void {
    this.setObservers(this.observers.filter((other) => other !== observer));
  }

  private setObservers(observers: readonly Observer[]): void {
    this.observers = observers;
    this.observed = observers.length > 0;
    this.recording = observers.some((observer) => observer.effect !== undefined);
  }

  /** Tells a change to everybody; the answer is whether an effect is wanted. Only `Database` calls this. */
  announce(database: Database, key: ByteString, event: KeyEvent): boolean {
    for (const observer of this.observers) observer.changed?.(database, key, event);
    return this.recording;
  }

  /** Hands an effect to those who record. Only `Database` and the operations on whole databases call this. */
  record(database: Database, command: readonly Bytes[]): void {
    for (const observer of this.observers) observer.effect?.(database, command);
  }

  /** Removes everything from these databases and tells it. Returns whether an effect is wanted. */
  flush(databases: readonly Database[]): boolean {
    for (const database of databases) {
      this.dirty += database.size;
      database.clear();
    }
    return this.announceFlush(databases);
  }

  /** Exchanges what two databases hold, so that everybody who has selected one is at once on the other's keys. O(1). */
  swap(first: number, second: number): boolean {
    const a = this.databases[first]!;
    const b = this.databases[second]!;
    a.exchange(b);
    this.dirty++;
    return this.announceFlush([a, b]);
  }

  private announceFlush(databases: readonly Database[]): boolean {
    for (const observer of this.observers) observer.flushed?.(databases);
    return this.recording;
  }

  /** For tests: throws if an invariant of any part does not hold. O(n). */
  checkInvariants(): void {
    for (const database of this.databases) database.checkInvariants();
    this.wheel.checkInvariants();
  }
}

/** A slice removes thousands of keys, so that it keeps ahead of what this many commands add. */
const COMMANDS_PER_SLICE = 128;
