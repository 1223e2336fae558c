/**
 * Makes a timer wheel turn by itself, where the host has timers, without ever holding its event loop.
 *
 * At most one host timer is armed, and only while something is scheduled that can come. It wakes at the end of
 * the interval (a few ms) in which the next timer is due, so timers due close together share one wake. A wake
 * works for a slice of a millisecond or two and, when more is due, lets the event loop turn before the next.
 *
 * Where timers are missing or refused (edge isolates at module scope) nothing is armed and nothing is
 * thrown; {@link TimerDriver.runSlice}, called now and then by ordinary work, does their part.
 */
import type { Clock } from './clock.ts';
import type { Timer, TimerWheel } from './timer-wheel.ts';

/** What the driver uses of its host. Looked up at every use, so replaced functions are seen. */
export interface TimerHost {
  setTimeout?: (callback: () => void, delayMs: number) => unknown;
  clearTimeout?: (handle: never) => void;
  /** Measures slices; `Date.now` does where it is missing. */
  performance?: { now(): number };
  /** Deno's timers are numbers, let go of by name. */
  Deno?: { unrefTimer?: (handle: number) => void };
}

export interface TimerDriverOptions {
  /** Where host timers come from. Default: `globalThis`. */
  host?: TimerHost;
  /** Two wakes are at least so far apart, unless there is more to do at once. Default: 5 ms. */
  intervalMs?: number;
  /** How long one slice may work. Default: 1.5 ms. */
  sliceMs?: number;
  /** How many timers one slice may fire, for hosts whose clock stands still while code runs. Default: 4096. */
  sliceCount?: number;
}

/** The longest delay that hosts take; longer ones fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;
/** How many timers fire between two looks at the clock. */
const BATCH = 64;
/** Where a wake finds that no time has passed since it was armed, the next is put off up to so far. */
const MAX_STALL_MS = 1000;
/** After a refusal, so many chances to arm are passed over at most before the host is asked again. */
const MAX_SKIPS = 1024;

/** Fires a wheel's timers when they are due, in bounded slices. See the top of the file. */
export class TimerDriver {
  readonly #wheel: TimerWheel;
  readonly #clock: Clock;
  readonly #host: TimerHost;
  readonly #intervalMs: number;
  readonly #sliceMs: number;
  readonly #sliceCount: number;

  /** Only a timer due before this needs an earlier wake: Infinity when none is armed, -Infinity when none may be. */
  #earlierThanMs = Number.POSITIVE_INFINITY;
  #handle: unknown;
  #isArmed = false;
  /** The host's setTimeout that was asked. Another one in its place means that fake timers came or went. */
  #armedBy: TimerHost['setTimeout'];
  #armedAtMs = 0;
  #wakeMs = 0;
  #stallMs = 0;

  #refusals = 0;
  #skips = 0;
  #isRunning = false;
  #isStopped = false;

  /** Arms nothing and asks nothing of the host yet. */
  constructor(wheel: TimerWheel, clock: Clock, options: TimerDriverOptions = {}) {
    this.#wheel = wheel;
    this.#clock = clock;
    this.#host = options.host ?? (globalThis as TimerHost);
    this.#intervalMs = Math.max(1, options.intervalMs ?? 5);
    this.#sliceMs = options.sliceMs ?? 1.5;
    this.#sliceCount = Math.max(1, options.sliceCount ?? 4096);
  }

  /** Whether a timer of the host's is armed. Where none is, or others have replaced it, {@link runSlice} must be called. */
  get isArmed(): boolean {
    return this.#isArmed && this.#armedBy === this.#host.setTimeout;
  }

  /** Whether {@link stop} was called: the host will not wake it any more. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /**
   * Schedules on the wheel and sees to it that the host wakes in time. Costs two comparisons more than
   * {@link TimerWheel.schedule} unless the timer is due before everything that the host is armed for.
   * Never throws for want of host timers. O(1).
   */
  schedule(timer: Timer, dueMs: number): void {
    if (dueMs < this.#earlierThanMs || this.#armedBy !== this.#host.setTimeout) this.#wakeFor(dueMs);
    this.#wheel.schedule(timer, dueMs);
  }

  /** Takes a timer out; false if it was not scheduled. An armed host timer stays and finds nothing to do. O(1). */
  cancel(timer: Timer): boolean {
    return this.#wheel.cancel(timer);
  }

  /**
   * Fires what is due by the clock, for one slice, and arms the host anew if its wake was lost or never came
   * about. For ordinary work to call now and then; costs little when nothing is due.
   *
   * @returns how many timers it fired.
   * @throws what a timer throws.
   */
  runSlice(): number {
    if (this.#isRunning) return 0;
    const nowMs = this.#clock.now();
    this.#isRunning = true;
    try {
      return this.#slice(nowMs);
    } finally {
      this.#isRunning = false;
      if (!this.#isArmed || this.#wakeMs <= nowMs || this.#armedBy !== this.#host.setTimeout) this.#armNext();
    }
  }

  /**
   * Fires everything due by the clock, however long that takes, and arms the host for what comes next. To be
   * called after the clock was moved.
   *
   * @returns how many timers it fired.
   * @throws what a timer throws; the others stay due.
   */
  runAll(): number {
    if (this.#isRunning) return this.#wheel.advance(this.#clock.now());
    this.#isRunning = true;
    try {
      return this.#wheel.advance(this.#clock.now());
    } finally {
      this.#isRunning = false;
      this.#armNext();
    }
  }

  /** Disarms the host, for good. The wheel keeps its timers, and {@link runSlice} and {@link runAll} still work. */
  stop(): void {
    this.#isStopped = true;
    this.#disarm();
    this.#earlierThanMs = Number.NEGATIVE_INFINITY;
  }

  /** Nothing fires by itself before {@link release}. Not from within a timer. */
  hold(): void {
    this.#isRunning = true;
    this.#disarm();
  }

  /** Ends {@link hold}. */
  release(): void {
    this.#isRunning = false;
    this.#armNext();
  }

  #slice(nowMs: number): number {
    const startMs = this.#elapsedMs();
    let fired = 0;
    // Counted in batches, whether they fire or only cascade.
    for (let left = this.#sliceCount; left > 0 && this.#wheel.hasDue(nowMs); left -= BATCH) {
      fired += this.#wheel.advance(nowMs, Math.min(BATCH, left));
      const workedMs = this.#elapsedMs() - startMs;
      // A clock set back must not prolong the slice.
      if (workedMs >= this.#sliceMs || workedMs < 0) break;
    }
    return fired;
  }

  #elapsedMs(): number {
    const { performance } = this.#host;
    return performance === undefined ? Date.now() : performance.now();
  }

  readonly #onWake = (): void => {
    // Not only a matter of form: this may be the late wake of timers since replaced, while another one is armed.
    this.#disarm();
    // Fake timers run from inside a firing: the slice under way arms anew when it ends.
    if (this.#isRunning || this.#isStopped) return;
    const nowMs = this.#clock.now();
    let fired = 0;
    this.#isRunning = true;
    try {
      fired = this.#slice(nowMs);
    } finally {
      this.#isRunning = false;
      const isStalled = fired === 0 && nowMs <= this.#armedAtMs && !this.#wheel.hasDue(nowMs);
      this.#stallMs = isStalled ? Math.min(Math.max(2 * this.#stallMs, this.#intervalMs), MAX_STALL_MS) : 0;
      this.#armNext();
    }
  };

  /** Before a timer is scheduled that no armed wake serves in time. */
  #wakeFor(dueMs: number): void {
    if (this.#isStopped || dueMs > Number.MAX_SAFE_INTEGER || Number.isNaN(dueMs)) return;
    // Once the slice is over, it arms for whatever comes next.
    if (this.#isRunning) return;
    if (this.#skips > 0) {
      this.#skips--;
      return;
    }
    const nowMs = this.#clock.now();
    // An empty wheel may stand far from now, and timers placed from there would have to be cascaded often.
    if (this.#wheel.size === 0) this.#wheel.advance(nowMs, 0);
    this.#stallMs = 0;
    const nextMs = this.#wheel.nextDueMs();
    this.#arm(nextMs === undefined ? dueMs : Math.min(nextMs, dueMs), nowMs);
  }

  #armNext(): void {
    const nextMs = this.#wheel.nextDueMs();
    if (nextMs === undefined) this.#disarm();
    else this.#arm(nextMs, this.#clock.now());
  }

  #arm(dueMs: number, nowMs: number): void {
    this.#disarm();
    if (this.#isStopped) return;
    // The end of the interval lies after the due time, so a host that wakes a little early still finds it due.
    const endMs = (Math.floor(Math.max(dueMs, nowMs) / this.#intervalMs) + 1) * this.#intervalMs;
    const wantedMs = this.#wheel.hasDue(nowMs) ? 0 : Math.max(endMs - nowMs, this.#stallMs);
    const delayMs = Math.min(wantedMs, MAX_DELAY_MS);
    const host = this.#host;
    this.#armedBy = host.setTimeout;
    try {
      this.#handle = host.setTimeout?.(this.#onWake, delayMs);
    } catch {
      this.#handle = undefined;
    }
    if (this.#handle === undefined) {
      // Not here or not now: what is due expires on access, and later calls ask again, ever more rarely.
      this.#refusals++;
      this.#skips = Math.min(2 ** this.#refusals, MAX_SKIPS);
      return;
    }
    this.#refusals = 0;
    this.#skips = 0;
    this.#isArmed = true;
    this.#armedAtMs = nowMs;
    this.#wakeMs = nowMs + delayMs;
    // Within one interval, sooner is soon enough, however far in the past the due time lies.
    this.#earlierThanMs =
      delayMs <= this.#intervalMs ? Number.NEGATIVE_INFINITY : this.#wakeMs - this.#intervalMs;
    letGo(this.#handle, host);
  }

  #disarm(): void {
    // Timers that were replaced are not asked to clear what they have armed, nor are others: a late wake does no harm.
    if (this.#isArmed && this.#armedBy === this.#host.setTimeout)
      this.#host.clearTimeout?.(this.#handle as never);
    this.#isArmed = false;
    this.#handle = undefined;
    this.#earlierThanMs = Number.POSITIVE_INFINITY;
  }
}

/** Lets the process end though the timer is armed, where the host knows of such a thing. */
function letGo(handle: unknown, host: TimerHost): void {
  if (typeof handle === 'number') host.Deno?.unrefTimer?.(handle);
  else if (typeof handle === 'object' && handle !== null && 'unref' in handle) {
    if (typeof handle.unref === 'function') handle.unref();
  }
}
