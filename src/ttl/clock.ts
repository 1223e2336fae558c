/** Where the time comes from. */
export interface Clock {
  /** The time, in whole milliseconds since the Unix epoch. */
  now(): number;
}

/**
 * The host's wall clock. `Date.now` is looked up at every call, so whoever replaces it (the fake timers of
 * a test runner do) is believed from that moment on.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
};

/** A clock that runs with another one, ahead of it by as much as it was told to advance. */
export class AdjustableClock implements Clock {
  /** The clock that it runs with. */
  readonly inner: Clock;
  #offsetMs = 0;

  constructor(inner: Clock = systemClock) {
    this.inner = inner;
  }

  /** By how much it was advanced. */
  get aheadMs(): number {
    return this.#offsetMs;
  }

  /** The inner clock's time plus everything advanced so far. Ends at `Number.MAX_SAFE_INTEGER`. */
  now(): number {
    // An injected clock may well count in fractions, as performance.now() does.
    return Math.min(Math.floor(this.inner.now()) + this.#offsetMs, Number.MAX_SAFE_INTEGER);
  }

  /**
   * Moves the time forward by `ms` milliseconds. Fires nothing: that is the timers' driver's part.
   *
   * @throws RangeError if `ms` is not a whole number from 0 to `Number.MAX_SAFE_INTEGER`.
   */
  advance(ms: number): void {
    if (!Number.isSafeInteger(ms) || ms < 0) {
      throw new RangeError(`a clock advances by a whole number of milliseconds, 0 or more, not by ${ms}`);
    }
    this.#offsetMs = Math.min(this.#offsetMs + ms, Number.MAX_SAFE_INTEGER);
  }
}
