import type { Waiters } from '../blocking/waiters.ts';
import type { ByteString } from '../bytes/byte-string.ts';
import type { Keyspace } from '../keyspace/keyspace.ts';
import type { Command } from '../wire/command.ts';
import { AccessControl } from './acl/access-control.ts';
import { bindAccess, denialGauges } from './acl/acl-wiring.ts';
import { ClientMemory } from './client/client-memory.ts';
import { Pause } from './client/pause.ts';
import { Config } from './config/config.ts';
import { bindPersistence } from './config/persistence-wiring.ts';
import { bindKeyspace, bindServer } from './config/wiring.ts';
import { ConnectionLimits } from './endpoint/connection-limits.ts';
import { EndpointTurns } from './endpoint/endpoint-turns.ts';
import type { HotKeys } from './hotkeys/hot-keys.ts';
import { LatencyMonitor } from './latency/latency-monitor.ts';
import { Monitors, shownTokens } from './server/monitors.ts';
import type { Session } from './session.ts';
import { SlowLog } from './slowlog/slow-log.ts';
import { Statistics } from './statistics/statistics.ts';
import { Tracking } from './tracking/tracking.ts';

/** So many brief commands are timed together at most. */
const TIMED_TOGETHER = 16;
/** With more tokens than this no command is brief. */
const FEW_TOKENS = 8;
/** Who wants to know of commands that took less than this wants to know it of each. */
const LONG_MS = 1;

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
  /** What clients on byte streams may make the store hold. */
  readonly limits: ConnectionLimits;
  /** Which byte stream's commands run when. */
  readonly turns = new EndpointTurns(this);
  /** What they all take. */
  readonly clients = new ClientMemory(this);
  readonly statistics = new Statistics();
  /** Those who see what all clients ask for. */
  readonly monitors = new Monitors();
  readonly slowLog = new SlowLog();
  readonly latency = new LatencyMonitor();
  /** HOTKEYS: what it finds out, or has found out. */
  hotKeys: HotKeys | undefined = undefined;
  /** The same while it is under way: whoever runs a command tells it. */
  activeHotKeys: HotKeys | undefined = undefined;
  /** What the last command that was timed by itself took. */
  lastDurationMs = 0;
  /** Figures for INFO that are kept elsewhere, by the names of its fields: whoever keeps one says so here. */
  readonly gauges = new Map<string, () => number>(denialGauges(this.acl));
  /** When the first session came, in Unix milliseconds. */
  readonly startedAtMs: number;
  /** The last reading of {@link tick}, in milliseconds since an arbitrary start. */
  clockMs = 0;
  private readonly resuming: Session[] = [];
  private madeRunId: string | undefined = undefined;
  private madeReplicationId: string | undefined = undefined;
  private noteworthyMs: number;
  private madeConfig: Config | undefined = undefined;
  /** CLIENT PAUSE. */
  readonly pause: Pause;
  /** Client-side caching. */
  readonly tracking: Tracking;
  /** Whether all data is being loaded anew (DEBUG RELOAD): clients are told to come again. */
  isReloading = false;
  /** Whose command is running. Typed calls are nobody's. */
  current: Session | undefined = undefined;
  /** Those that have ended since the clock was last read, and who asked for the last of them. */
  private readonly briefCommands: Command[] = [];
  private lastSession: Session | undefined = undefined;
  private lastTokens: readonly ByteString[] = [];
  /** In some hosts the global is a getter, which takes as long as the reading. */
  private readonly performance = performance;
  /** Whether {@link clockMs} is when the command before has ended: see {@link inSuccession}. */
  isInSuccession = false;
  private lastId = 0;
  private isServing = false;
  private readonly afterReplyWork: (() => void)[] = [];
  private readonly afterServingWork: (() => void)[] = [];

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
    this.limits = new ConnectionLimits(keyspace);
    this.startedAtMs = keyspace.now();
    this.pause = new Pause(this);
    this.tracking = new Tracking(this);
    for (const overhead of [this.clients, this.tracking.overhead, this.acl.log.overhead]) {
      keyspace.addOverhead(overhead);
    }
    this.tracking.addGauges(this.gauges);
    this.gauges.set('blocked_clients', () => this.blockedCount);
    this.gauges.set('evicted_keys', () => keyspace.evictedCount);
    this.gauges.set('total_blocking_keys', () => keyspace.waiters?.keyCount ?? 0);
    this.noteworthyMs = this.slowLog.thresholdMs;
  }

  /** How many clients wait for the answer to their last command. */
  get blockedCount(): number {
    let count = 0;
    for (const { isWaiting } of this.sessions.values()) if (isWaiting) count++;
    return count;
  }

  /** What CONFIG gets and sets. Made when it is first asked for. */
  get config(): Config {
    if (this.madeConfig === undefined) {
      this.madeConfig = new Config();
      bindKeyspace(this.madeConfig, this.keyspace);
      bindPersistence(this.madeConfig, this.keyspace);
      bindServer(this.madeConfig, this);
      bindAccess(this.madeConfig, this.acl);
    }
    return this.madeConfig;
  }

  /** What tells this server from all others. Drawn when it is first asked for. */
  get runId(): string {
    this.madeRunId ??= randomId();
    return this.madeRunId;
  }

  /** What tells the history of its data from all others. */
  get replicationId(): string {
    this.madeReplicationId ??= randomId();
    return this.madeReplicationId;
  }

  /** Begins another history. */
  changeReplicationId(): void {
    this.madeReplicationId = randomId();
  }

  /** When all was last saved, in Unix seconds; before the first time, when the server came to be. */
  get lastSaveSeconds(): number {
    const seconds = this.keyspace.persistence?.status.lastSaveSeconds ?? -1;
    return seconds < 0 ? Math.floor(this.startedAtMs / 1000) : seconds;
  }

  /**
   * Ends all connections, as if the server went away. What the store holds stays in memory; of one that is kept somewhere
   * timers, waits and subscriptions end as well, as its `close` has it.
   */
  shutDown(): void {
    if (this.keyspace.persistence !== undefined) {
      this.keyspace.driver.stop();
      this.keyspace.waiters?.failAll(new Error('the store was closed'));
      this.keyspace.hub.close();
    }
    for (const session of [...this.sessions.values()]) session.closeAfterReply();
  }

  /** CONFIG RESETSTAT. */
  resetStatistics(): void {
    this.statistics.reset();
    this.keyspace.expiredCount = 0;
    this.keyspace.expiredFieldCount = 0;
    this.keyspace.evictedCount = 0;
    this.keyspace.hitCount = 0;
    this.keyspace.missCount = 0;
    this.clients.evictedCount = 0;
  }

  /** Takes the session in, and gives it its id. */
  join(session: Session): number {
    const id = ++this.lastId;
    this.statistics.connections++;
    this.sessions.set(id, session);
    if (this.clients.isCounting) this.clients.joined(session);
    if (this.pause.isOn) session.addGate();
    return id;
  }

  leave(session: Session): void {
    this.sessions.delete(session.id);
    this.clients.left(session);
  }

  /** Reads the clock by which durations are measured. */
  tick(): number {
    this.clockMs = this.performance.now();
    return this.clockMs;
  }

  /**
   * Runs commands one right after the other: each begins when the one before it has ended, so that the clock is read once
   * for each, and once for several brief ones. It is read anew before the first. Whoever does something else in between
   * that takes time must {@link tick}.
   */
  inSuccession(run: () => void): void {
    const wasSo = this.isInSuccession;
    this.timeBriefCommands();
    this.tick();
    this.isInSuccession = true;
    try {
      run();
    } finally {
      this.timeBriefCommands();
      this.isInSuccession = wasSo;
    }
  }

  /** A command begins: now, which is what this answers. */
  begin(command: Command): number {
    if (!this.isInSuccession) return this.tick();
    if (this.briefCommands.length > 0 && !command.isBrief) this.timeBriefCommands();
    return this.clockMs;
  }

  /** A command that began at that time has ended, whether it succeeded or not. */
  ended(session: Session, command: Command, tokens: readonly ByteString[], startMs: number): void {
    if (this.monitors.size > 0) this.monitors.show(session, command, tokens);
    const { briefCommands } = this;
    if (
      this.isInSuccession &&
      command.isBrief &&
      tokens.length <= FEW_TOKENS &&
      this.noteworthyMs >= LONG_MS &&
      this.activeHotKeys === undefined
    ) {
      briefCommands.push(command);
      this.lastSession = session;
      this.lastTokens = tokens;
      if (briefCommands.length === TIMED_TOGETHER) this.timeBriefCommands();
      return;
    }
    if (briefCommands.length > 0) this.timeBriefCommands();
    this.lastDurationMs = this.tick() - startMs;
    this.count(session, command, tokens, this.lastDurationMs);
  }

  /** Runs something between commands that is none, so that its time is no command's. LATENCY hears of it if it takes long. */
  aside<T>(event: string, run: () => T): T {
    this.timeBriefCommands();
    const startMs = this.tick();
    const result = run();
    const durationMs = this.tick() - startMs;
    if (durationMs >= this.latency.thresholdMs) this.latency.add(event, this.keyspace.now(), durationMs);
    return result;
  }

  /** What the brief commands since the last reading took is shared between them; were it long, the last one is to blame. */
  private timeBriefCommands(): void {
    const { briefCommands, lastSession, lastTokens } = this;
    if (lastSession === undefined) return;
    this.lastSession = undefined;
    this.lastTokens = [];
    const startMs = this.clockMs;
    const durationMs = this.tick() - startMs;
    const shareMs = durationMs / briefCommands.length;
    for (const command of briefCommands) this.statistics.ran(command, shareMs);
    const last = briefCommands.at(-1)!;
    briefCommands.length = 0;
    if (durationMs >= this.noteworthyMs) this.note(lastSession, last, lastTokens, durationMs);
  }

  /** A command of a script has ended, whether it succeeded or not. */
  took(session: Session, command: Command, tokens: readonly ByteString[], durationMs: number): void {
    if (this.monitors.size > 0) this.monitors.show(session, command, tokens);
    this.count(session, command, tokens, durationMs);
  }

  /** Whether somebody wants to know of commands that took almost no time. */
  get timesBriefCommands(): boolean {
    return this.noteworthyMs < LONG_MS;
  }

  private count(session: Session, command: Command, tokens: readonly ByteString[], durationMs: number): void {
    this.statistics.ran(command, durationMs);
    if (durationMs >= this.noteworthyMs) this.note(session, command, tokens, durationMs);
  }

  /** A command took long. */
  private note(session: Session, command: Command, tokens: readonly ByteString[], durationMs: number): void {
    const nowMs = this.keyspace.now();
    if (durationMs >= this.slowLog.thresholdMs && !command.flags.has('skip_slowlog')) {
      this.slowLog.add(session, shownTokens(command, tokens, this.config), nowMs, durationMs);
    }
    if (durationMs >= this.latency.thresholdMs) {
      this.latency.add(command.flags.has('fast') ? 'fast-command' : 'command', nowMs, durationMs);
    }
  }

  /** From how long on a command is looked at. To be called when one of the thresholds has changed. */
  setNoteworthy(): void {
    this.noteworthyMs = Math.min(this.slowLog.thresholdMs, this.latency.thresholdMs);
  }

  /** HOTKEYS begins (then commands are told from each other by the time they take), has ended, or is forgotten. */
  setHotKeys(hotKeys: HotKeys | undefined): void {
    this.timeBriefCommands();
    this.hotKeys = hotKeys;
    this.activeHotKeys = hotKeys?.isActive === true ? hotKeys : undefined;
  }

  /** At the end of each command, transactions as a whole: whoever waited for what it did is served. */
  settle(): void {
    if (this.current !== undefined) return;
    this.replied();
    if (this.keyspace.waiters !== undefined) this.serve(this.keyspace.waiters);
    if (this.afterServingWork.length > 0) runAll(this.afterServingWork);
  }

  private serve(waiters: Waiters): void {
    this.isServing = true;
    try {
      waiters.serve();
    } finally {
      this.isServing = false;
    }
    this.replied();
  }

  /** A command, or one that waited, has its reply: what was to come after it comes. */
  replied(): void {
    if (this.afterReplyWork.length > 0) runAll(this.afterReplyWork);
  }

  /**
   * Runs something once the present command has its reply, before those who waited for what it did are served. Outside
   * of commands (a typed call, expiry): when that is over, in a microtask, or before whatever the store is asked next.
   */
  afterReply(work: () => void): void {
    this.postpone(work, this.afterReplyWork);
  }

  /** The same, but once those who waited are served too. */
  afterServing(work: () => void): void {
    this.postpone(work, this.afterServingWork);
  }

  private postpone(work: () => void, list: (() => void)[]): void {
    if (this.current !== undefined || this.isServing) list.push(work);
    else this.keyspace.hub.postpone(work);
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

  /** Whether there is a user of this name. */
  hasUser(name: ByteString): boolean {
    return this.acl.user(name) !== undefined;
  }
}

/** Runs all there is, and what joins it meanwhile. */
function runAll(list: (() => void)[]): void {
  for (let work = list.shift(); work !== undefined; work = list.shift()) work();
}

/** Forty hexadecimal digits. */
function randomId(): string {
  return Array.from({ length: 40 }, () => Math.floor(Math.random() * 16).toString(16)).join('');
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
