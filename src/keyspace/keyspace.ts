import type { Waiters } from '../blocking/waiters.ts';
import { type ByteString, type Bytes, describe } from '../bytes/byte-string.ts';
import { Hub } from '../pubsub/hub.ts';
import {
  NOTIFICATION_LETTERS,
  parseNotificationClasses,
  printNotificationClasses,
} from '../pubsub/notification-classes.ts';
import { Notifier } from '../pubsub/notifier.ts';
import type { ScriptEngine, Scripting } from '../scripting/scripting.ts';
import type { Timeline } from '../snapshots/timeline.ts';
import { AdjustableClock, type Clock, systemClock } from '../ttl/clock.ts';
import { TimerDriver } from '../ttl/driver.ts';
import { type Timer, TimerWheel } from '../ttl/timer-wheel.ts';
import { requireOptions } from './arguments.ts';
import { Database } from './database.ts';
import type { KeyEvent } from './events.ts';
import type { AccessTracker } from './eviction/access-tracker.ts';
import type { Eviction } from './eviction/eviction.ts';
import { MemoryLimit, type MemoryOptions, memoryOptionNames } from './eviction/memory-limit.ts';
import { noteAccesses } from './eviction/note-accesses.ts';
import type { Home } from './home.ts';
import type { Journal } from './journal.ts';
import { type Keeper, Keepers } from './keeper.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { Memory } from './memory/memory.ts';
import type { Overhead } from './memory/overhead.ts';
import type { Observer, Subkeys } from './observer.ts';
import type { Persistence } from './persistence.ts';

/** How a store is made. Everything has a default. */
export interface KeyspaceOptions extends MemoryOptions {
  /** How many databases there are. Default 16. */
  readonly databases?: number;
  /** Where the time comes from. Default: `Date.now()`, asked at each use, so a test runner's fake timers just work. */
  readonly clock?: Clock;
  /** A number in [0, 1) for RANDOMKEY, SPOP and their kin. Default `Math.random`. */
  readonly random?: () => number;
  /** Sizes at which encodings change; what is not given stays as in Redis 8. */
  readonly limits?: Partial<Limits>;
  /**
   * Which changes of keys are published, as Redis's `notify-keyspace-events`: `'KEA'` for most of them, `'Ex'` for the
   * keys that expire. Default `''`: none.
   */
  readonly notifyKeyspaceEvents?: string;
  /**
   * Is given what a subscriber's listener throws, when everybody has been served. Default: it becomes an unhandled
   * rejection, which the host reports.
   */
  readonly onSubscriberError?: (error: unknown) => void;
  /**
   * What runs scripts (EVAL, FUNCTION): `lua()` of `lodis/scripting`. Default: nothing does, and a program that runs no
   * scripts does not carry it.
   */
  readonly scripting?: Scripting;
}

/**
 * All databases of one store, with what they share: the clock, the timers, the limits, and those who want to know
 * of changes. Making one starts no timer, draws no random number and does no I/O.
 */
export class Keyspace {
  readonly databases: Database[];
  readonly clock: AdjustableClock;
  /** Whether the time is that of the host, and not of a clock that was given. */
  readonly hasHostsTime: boolean;
  readonly wheel = new TimerWheel();
  readonly driver: TimerDriver;
  readonly limits: Limits;
  readonly random: () => number;
  /** How dumps of values are made (`rdbcompression`), and whether their checksums are looked at. */
  readonly dumps = { compress: true, checksChecksums: true };
  /** Where messages are published. */
  readonly hub: Hub;
  /** What runs scripts, if anything does. */
  readonly scripting: Scripting | undefined;
  /** What it made to run them, once there was one: see `engineOf`. */
  scriptEngine: ScriptEngine | undefined = undefined;
  /** Changes since the start (INFO's `rdb_changes_since_last_save` will be reckoned from it). */
  dirty = 0;
  /** Keys that were removed because their time was over. */
  expiredCount = 0;
  /** Fields of hashes that were removed because their time was over. */
  expiredFieldCount = 0;
  /** Keys that were removed because there was no room for them. */
  evictedCount = 0;
  /** How often a command that reads has found its key, and how often not. */
  hitCount = 0;
  missCount = 0;
  /** What the keys take, from when somebody first asked: see {@link countMemory}. */
  memory: Memory | undefined = undefined;
  /** What is held beside the keys, by whom. */
  private readonly overheads: Overhead[] = [];
  /** Notes which keys are used, while the policy of eviction asks for it. */
  access: AccessTracker | undefined = undefined;
  /** How much memory may be used, and what goes when there is no more. */
  readonly memoryLimit: MemoryLimit;
  /** Makes room, while there is a limit of memory. */
  eviction: Eviction | undefined = undefined;
  /** Whether there is a memory or an access: while false, a write need not look what was there before it. */
  isMetered = false;
  /** Whether that is all anybody wants to know of changes. */
  isOnlyMetered = false;
  /** Whether what expires goes by itself, or only when somebody comes by it (DEBUG SET-ACTIVE-EXPIRE). */
  expiresActively = true;
  /** While what was kept is read back: nothing expires, as there may be more to come that was done while it lived. */
  isLoading = false;
  /** Whether anybody wants to know of changes. While false, a write pays one comparison for all of that. */
  observed = false;
  /** Whether anybody wants to know which keys were looked for and not found. */
  missesObserved = false;
  /** While a transaction runs: what undoes it, and what will be told of it. */
  journal: Journal | undefined = undefined;
  /** Who keeps what keys held before they are changed: the journal, and whoever else does. */
  keeper: Keeper | undefined = undefined;
  private keepers: readonly Keeper[] = [];
  /** What leads back to snapshots, while there are any. */
  timeline: Timeline | undefined = undefined;
  /** What keeps the data beyond the process, if anything does. */
  persistence: Persistence | undefined = undefined;
  /** How deep we are in {@link atOneMoment}, and which moment it is, once somebody has asked. */
  private momentDepth = 0;
  private momentMs: number | undefined = undefined;
  /** Those who wait for keys, once somebody has: see `waitersOf`. */
  waiters: Waiters | undefined = undefined;
  recording = false;
  /** While a script runs. */
  isRunningScript = false;
  private expiringCommands = 0;
  private observers: readonly Observer[] = [];
  private notifier: Notifier | undefined = undefined;
  private notificationClasses = '';

  constructor(options: KeyspaceOptions = {}) {
    requireKeyspaceOptions(options);
    const count = options.databases ?? 16;
    if (!Number.isInteger(count) || count < 1)
      throw new RangeError(`databases must be a whole number from 1, got ${count}`);
    this.clock = new AdjustableClock(options.clock ?? systemClock);
    this.hasHostsTime = options.clock === undefined;
    this.driver = new TimerDriver(this.wheel, this.clock);
    this.limits = { ...defaultLimits(), ...options.limits };
    this.random = options.random ?? Math.random;
    this.hub = new Hub(options.onSubscriberError);
    this.addOverhead(this.hub.overhead);
    this.scripting = options.scripting;
    this.databases = Array.from({ length: count }, (_, index) => new Database(this, index));
    this.memoryLimit = new MemoryLimit(this, options);
    const classes = options.notifyKeyspaceEvents;
    if (classes !== undefined && !this.setNotifyKeyspaceEvents(classes))
      throw new RangeError(`notifyKeyspaceEvents must be letters of ${NOTIFICATION_LETTERS}, got ${classes}`);
  }

  /** The time, in Unix milliseconds. Asked only where a TTL is involved. */
  now(): number {
    if (this.momentDepth === 0) return this.clock.now();
    this.momentMs ??= this.clock.now();
    return this.momentMs;
  }

  /** Whether a time has come at which something expires. */
  isOver(atMs: number, nowMs = this.now()): boolean {
    return atMs <= nowMs && !this.isLoading;
  }

  /** Runs a group of commands at one moment: the time stands still for them, as in Redis's EXEC and in its scripts. */
  atOneMoment<T>(run: () => T): T {
    this.beginMoment();
    try {
      return run();
    } finally {
      this.endMoment();
    }
  }

  /** As {@link atOneMoment}, until {@link endMoment}. */
  beginMoment(): void {
    this.momentDepth++;
  }

  endMoment(): void {
    this.momentDepth--;
    if (this.momentDepth === 0) this.momentMs = undefined;
  }

  /** Has the timer fire at that time: on a timer of the host's where it has one, else with the commands that run. */
  schedule(timer: Timer, dueMs: number): void {
    this.driver.schedule(timer, dueMs);
  }

  /**
   * Asked by a timer of something that expires, when it fires: whether that may go now. Otherwise the timer is put off.
   *
   * @param home of the database that it is in, which may be aside
   */
  mayExpire(timer: Timer, home: Home): boolean {
    if (home.database !== this.databases[home.database.index]) {
      home.firedAside ??= [];
      home.firedAside.push(timer);
      return false;
    }
    const mayExpire = this.expiresActively && !this.isLoading;
    if (!mayExpire) this.schedule(timer, this.now() + EXPIRY_PUT_OFF_MS);
    return mayExpire;
  }

  /**
   * Called by the commands that set a TTL, before they look at anything: now and then it removes, for a millisecond or
   * two, what is due. So expired keys are freed also where the host has no timers, or is not let come to them.
   */
  expireSome(): void {
    this.expiringCommands++;
    if (this.momentDepth > 0) return;
    if (this.expiringCommands % COMMANDS_PER_SLICE === 0) this.driver.runSlice();
  }

  /**
   * Moves the clock forward and fires everything that falls due, in order; serves those who wait, before and after.
   *
   * @throws Error inside {@link atOneMoment}
   */
  advance(durationMs: number): void {
    if (this.momentDepth > 0) throw new Error('the clock stands still inside a transaction');
    this.waiters?.serve();
    this.clock.advance(durationMs);
    this.access?.clockMoved();
    this.driver.runAll();
    this.waiters?.serve();
    this.hub.flush();
  }

  /** Which changes are published, as CONFIG GET prints `notify-keyspace-events`. */
  get notifyKeyspaceEvents(): string {
    return this.notificationClasses;
  }

  /**
   * Has these classes of changes be published, and no others: `notify-keyspace-events`, as CONFIG SET takes it.
   *
   * @returns false if a letter means nothing; nothing is changed then
   */
  setNotifyKeyspaceEvents(classes: string): boolean {
    const letters = parseNotificationClasses(classes);
    if (letters === undefined) return false;
    this.notificationClasses = printNotificationClasses(letters);
    if (this.notifier !== undefined) this.unobserve(this.notifier);
    const notifier = new Notifier(this.hub, letters);
    this.notifier = notifier.isOn ? notifier : undefined;
    if (this.notifier !== undefined) this.observe(this.notifier);
    return true;
  }

  /** Whether there is any observer. */
  get isHeard(): boolean {
    return this.observers.length > 0;
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
    this.setObserved();
    this.missesObserved = observers.some((observer) => observer.missed !== undefined);
    this.recording = observers.some((observer) => observer.effect !== undefined);
  }

  /** Begins or (with `undefined`) ends to keep a journal. Whoever ends it undoes or tells what it holds. */
  keepJournal(journal: Journal | undefined): void {
    const { journal: before } = this;
    this.journal = journal;
    if (before !== undefined) this.removeKeeper(before);
    if (journal !== undefined) this.addKeeper(journal);
  }

  /** From now on this one is told before anything is changed. */
  addKeeper(keeper: Keeper): void {
    this.setKeepers([...this.keepers, keeper]);
  }

  /** Ends {@link addKeeper}. */
  removeKeeper(keeper: Keeper): void {
    this.setKeepers(this.keepers.filter((other) => other !== keeper));
  }

  private setKeepers(keepers: readonly Keeper[]): void {
    this.keepers = keepers;
    this.keeper = keepers.length > 1 ? new Keepers(keepers) : keepers[0];
    this.setObserved();
  }

  private setObserved(): void {
    const isHeard = this.isHeard || this.keeper !== undefined;
    this.observed = isHeard || this.isMetered;
    this.isOnlyMetered = this.isMetered && !isHeard;
  }

  /** What the keys take. Counts them if nobody has asked before, O(keys); from then on each write keeps the count. */
  countMemory(): Memory {
    if (this.memory === undefined) {
      this.memory = new Memory(() => this.clock.now());
      this.memory.countAll(this.databases);
      this.overheads.push(this.memory.tables);
      for (const overhead of this.overheads) overhead.countIn(this.memory);
      this.setMetered();
    }
    return this.memory;
  }

  /** What is held beside the keys by all who say so. */
  get overheadBytes(): number {
    return this.overheads.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Has what this somebody holds for the store count as used, too. */
  addOverhead(overhead: Overhead): void {
    this.overheads.push(overhead);
    if (this.memory !== undefined) overhead.countIn(this.memory);
  }

  /** Begins or (with `undefined`) ends to note which keys are used. O(keys). */
  trackAccess(tracker: AccessTracker | undefined): void {
    this.access = tracker;
    this.setMetered();
    for (const database of this.databases) noteAccesses(database, tracker);
  }

  private setMetered(): void {
    this.isMetered = this.memory !== undefined || this.access !== undefined;
    this.setObserved();
  }

  /**
   * Runs what can be heard outside of the store: now, or once the transaction is committed that we are in, in its order
   * with what else is told then. Never, if it is undone.
   */
  whenCommitted(run: () => void): void {
    if (this.journal === undefined) run();
    else this.journal.tellLater(run);
  }

  /** Tells a change to everybody; the answer is whether an effect is wanted. Only `Database` calls this. */
  announce(database: Database, key: ByteString, event: KeyEvent, subkeys?: Subkeys): boolean {
    if (this.journal !== undefined) {
      this.journal.requireSaved(database, key);
      if (this.observers.length > 0) {
        this.journal.tellLater(() => this.announce(database, key, event, subkeys));
      }
    } else {
      for (const observer of this.observers) observer.changed?.(database, key, event, subkeys);
    }
    return this.recording;
  }

  /** Whether an effect is wanted of a change that is not told otherwise. Only `Database` calls this. */
  recordsSilently(database: Database, key: ByteString): boolean {
    this.journal?.requireSaved(database, key);
    const { waiters } = this;
    if (waiters?.mayRipen === true) this.whenCommitted(() => waiters.ripen(database, key));
    return this.recording;
  }

  /** Tells of a key that was not found. Only `Database` calls this. */
  announceMiss(database: Database, key: ByteString): void {
    this.whenCommitted(() => {
      for (const observer of this.observers) observer.missed?.(database, key);
    });
  }

  /** Hands an effect to those who record. Only `Database` and the operations on whole databases call this. */
  record(database: Database, command: readonly Bytes[]): void {
    if (this.journal !== undefined) this.journal.tellLater(() => this.record(database, command));
    else for (const observer of this.observers) observer.effect?.(database, command);
  }

  /** Removes everything from these databases and tells it. Returns whether an effect is wanted. */
  flush(databases: readonly Database[]): boolean {
    for (const observer of this.observers) observer.flushing?.(databases);
    for (const database of databases) {
      this.dirty += database.size;
      if (this.journal !== undefined) this.journal.setAside(database);
      else if (this.timeline !== undefined) this.timeline.setAside(database);
      else database.clear();
    }
    return this.announceFlush(databases);
  }

  /** Exchanges what two databases hold, so that everybody who has selected one is at once on the other's keys. O(1). */
  swap(first: number, second: number): boolean {
    const a = this.databases[first]!;
    const b = this.databases[second]!;
    for (const observer of this.observers) observer.exchanging?.(a, b);
    this.exchange(a, b);
    this.journal?.exchanged(a, b);
    this.dirty++;
    return this.announceFlush([a, b]);
  }

  /** All that these two hold is about to change, or to be exchanged. Only what brings a snapshot back calls this. */
  announceExchange(first: Database, second: Database): void {
    for (const observer of this.observers) {
      observer.flushing?.([first, second]);
      observer.exchanging?.(first, second);
    }
  }

  /** Two databases exchange what they hold, without a word to observers. One of them may be aside. O(1). */
  exchange(first: Database, second: Database): void {
    first.exchange(second);
    this.timeline?.exchanged(first, second);
  }

  private announceFlush(databases: readonly Database[]): boolean {
    if (this.journal !== undefined) this.journal.tellLater(() => this.announceFlush(databases));
    else for (const observer of this.observers) observer.flushed?.(databases);
    return this.recording;
  }

  /** For tests: throws if an invariant of any part does not hold. O(n). */
  checkInvariants(): void {
    for (const database of this.databases) database.checkInvariants();
    const tableBytes = this.databases.reduce((sum, { tableRoom }) => sum + (tableRoom?.bytes ?? 0), 0);
    if (this.journal === undefined && this.memory !== undefined && this.memory.tables.bytes !== tableBytes)
      throw new Error(`tables count for ${this.memory.tables.bytes} bytes, but take ${tableBytes}`);
    this.wheel.checkInvariants();
  }
}

/** So long after it was to go, something is looked at again while nothing expires by itself. */
const EXPIRY_PUT_OFF_MS = 100;
/** A slice removes thousands of keys, so that it keeps ahead of what this many commands add. */
const COMMANDS_PER_SLICE = 128;

/** The options that every store has, opened or made. */
export const keyspaceOptionNames: ReadonlySet<string> = new Set<string>([
  'databases',
  'clock',
  'random',
  'limits',
  'notifyKeyspaceEvents',
  'onSubscriberError',
  'scripting',
  ...memoryOptionNames,
] satisfies (keyof KeyspaceOptions)[]);
/** What a slice of an array can have as its size. */
const SLICE_SIZES = Array.from({ length: 9 }, (_, power) => 256 * 2 ** power);
const limitNames = new Set(Object.keys(defaultLimits()));

/** For callers without types too: an option that is misspelt or of no use is said at once, and not missed later. */
function requireKeyspaceOptions(options: KeyspaceOptions): void {
  if (['storage', 'attach', 'appendonly'].some((name) => name in Object(options)))
    throw new TypeError(
      'a store with a storage is opened, which takes a moment: await Store.open({ storage, … })',
    );
  requireOptions(options, keyspaceOptionNames);
  const { clock, random, limits, onSubscriberError, scripting } = options;
  if (limits !== undefined) {
    requireOptions(limits, limitNames);
    const size = limits.arraySliceSize;
    if (size !== undefined && !SLICE_SIZES.includes(size))
      throw new RangeError(`arraySliceSize must be a power of two from 256 to 65536, got ${size}`);
  }
  if (clock !== undefined && typeof clock?.now !== 'function')
    throw new TypeError(`expected a clock, which has a method now(), got ${describe(clock)}`);
  if (scripting !== undefined && typeof scripting?.createEngine !== 'function')
    throw new TypeError(`scripting must be lua() of 'lodis/scripting', got ${describe(scripting)}`);
  for (const [name, value] of Object.entries({ random, onSubscriberError })) {
    if (value !== undefined && typeof value !== 'function')
      throw new TypeError(`${name} must be a function, got ${describe(value)}`);
  }
}
