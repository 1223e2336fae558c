import type { AdjustableClock } from '../../ttl/clock.ts';

/** After so many questions with the same answer the time is taken to stand still for a while: for so many uses. */
const PATIENCE = 64;

/** The host's own: fake timers put another one in its place, or in that of its method. */
const HostDate = Date;
const hostNow = Date.now;

/**
 * The time in seconds, for what is done so often that the host's answer costs more than the rest of it.
 *
 * Most programs do little in a turn of their event loop: then the host is asked for every use. In a turn that does very
 * much, only for every 64th, until the turn ends. So the time is wrong by what 64 commands take at most; and never where
 * somebody else says what time it is: an injected clock, fake timers, `advance`.
 */
export class TurnClock {
  private readonly clock: AdjustableClock;
  private readonly isHosts: boolean;
  private readonly onTurnOver: () => void;
  private sameAnswers = 0;
  private isTurnWatched = false;
  /** Unix time in seconds, when it was last asked for. */
  seconds = 0;

  /**
   * @param isHosts whether the time is the host's, who moves it little within a turn
   * @param onTurnOver called when the time has to be asked for again, whatever {@link ask} has granted
   */
  constructor(clock: AdjustableClock, isHosts: boolean, onTurnOver: () => void) {
    this.clock = clock;
    this.isHosts = isHosts;
    this.onTurnOver = onTurnOver;
  }

  /** Asks for the time. The answer is for how many more uses that will do. */
  ask(): number {
    const seconds = Math.floor(this.clock.now() / 1000);
    if (seconds !== this.seconds) {
      this.seconds = seconds;
      this.sameAnswers = 0;
      return 0;
    }
    this.sameAnswers++;
    if (this.sameAnswers < PATIENCE || !this.isHosts || !isTimeOfHost()) return 0;
    this.watchTurn();
    return PATIENCE - 1;
  }

  private watchTurn(): void {
    if (this.isTurnWatched) return;
    this.isTurnWatched = true;
    Promise.resolve().then(() => {
      this.isTurnWatched = false;
      this.sameAnswers = 0;
      this.onTurnOver();
    });
  }
}

function isTimeOfHost(): boolean {
  return globalThis.Date === HostDate && HostDate.now === hostNow;
}
