import type { AdjustableClock } from '../../ttl/clock.ts';

/** After so many questions with the same answer the time is taken to stand still for a while: so many questions long. */
const PATIENCE = 64;

/** The host's own: fake timers put another one in its place. */
const HostDate = Date;

/**
 * The time in seconds, for what asks so often that the host's answer costs more than what it is for.
 *
 * Most programs do little in a turn of their event loop: then every question is passed on to the host. In a turn that asks
 * very often, only every 64th is, until the turn ends. So the time is wrong by what 64 commands take at most; and
 * never where somebody else says what time it is: an injected clock, fake timers, `advance`.
 */
export class TurnClock {
  private readonly clock: AdjustableClock;
  private readonly mayGuess: boolean;
  private lastSeconds = -1;
  private sameAnswers = 0;
  private guessesLeft = 0;

  /** @param isHosts whether the time is the host's, who moves it only between turns, or little */
  constructor(clock: AdjustableClock, isHosts: boolean) {
    this.clock = clock;
    this.mayGuess = isHosts;
  }

  /** Unix time in seconds, or what it was a moment ago. */
  get seconds(): number {
    if (this.guessesLeft === 0) return this.ask();
    this.guessesLeft--;
    return this.lastSeconds;
  }

  /** Unix time in seconds. */
  ask(): number {
    const seconds = Math.floor(this.clock.now() / 1000);
    if (seconds !== this.lastSeconds) {
      this.lastSeconds = seconds;
      this.sameAnswers = 0;
    } else if (++this.sameAnswers > PATIENCE && this.mayGuess && globalThis.Date === HostDate) {
      if (this.sameAnswers === PATIENCE + 1) Promise.resolve().then(() => this.moved());
      this.guessesLeft = PATIENCE - 1;
    }
    return seconds;
  }

  /** It may have become any time. */
  moved(): void {
    this.guessesLeft = 0;
    this.sameAnswers = 0;
  }
}
