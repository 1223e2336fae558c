import type { Keyspace } from '../keyspace.ts';
import type { AccessTracker } from './access-tracker.ts';
import { TurnClock } from './turn-clock.ts';

/** Ticks are halved when they reach this: they must stay small integers, which take no memory of their own. */
const MOST_TICKS = 2 ** 30;
/** Where ticks begin. Below is room for what was used before the tracker was there: a tick for each second. */
const FIRST_TICK = 2 ** 24;
const MOST_CHECKPOINTS = 4096;

/**
 * Notes when each key was last used (LRU), or last written (LRM): as the number of the access, its *tick*, so that of any
 * two keys it is known which comes first. What time a tick was, OBJECT IDLETIME can tell by checkpoints: the first tick of
 * each second in which there was one.
 *
 *     second    …  97   98   99  100                   101  102  103  104
 *     tick      …   7    8    9   10  11  12  …  49     50   51   52   53  54  55 …
 *                                 ↑ checkpoint                         ↑ checkpoint
 *
 * Seconds without an access have ticks too, though nobody used them: RESTORE may have a key be of that time. So a tick is
 * of as many seconds before the next checkpoint as it is ticks before it, but not before the checkpoint that it follows.
 *
 * Invariants:
 *
 * 1. Checkpoints ascend in ticks; the first ever is never dropped, so that every tick has a time.
 * 2. No key has a tick after {@link lastTick}, which is below {@link MOST_TICKS} after every call.
 */
export class RecencyTracker implements AccessTracker {
  private readonly keyspace: Keyspace;
  private readonly clock: TurnClock;
  private lastTick = FIRST_TICK;
  /** Up to this tick the time need not be asked for. */
  private freeTick = FIRST_TICK;
  private lastSecond: number;
  /** Of the checkpoints, oldest first. */
  private readonly ticks: number[] = [FIRST_TICK];
  private readonly seconds: number[];
  /** Whether reading is using: LRU. */
  countsReads: boolean;

  constructor(keyspace: Keyspace, countsReads: boolean) {
    this.keyspace = keyspace;
    this.countsReads = countsReads;
    this.clock = new TurnClock(keyspace.clock, keyspace.hasHostsTime, () => this.clockMoved());
    this.clock.ask();
    this.lastSecond = this.clock.seconds;
    this.seconds = [this.lastSecond];
  }

  read(access: number): number {
    return this.countsReads ? this.nextTick() : access;
  }

  usedToWrite(access: number): number {
    return this.read(access);
  }

  written(): number {
    return this.nextTick();
  }

  placed(): number {
    return this.nextTick();
  }

  private nextTick(): number {
    if (this.lastTick >= this.freeTick) this.askTime();
    return ++this.lastTick;
  }

  private askTime(): void {
    const free = this.clock.ask();
    const { seconds } = this.clock;
    if (seconds !== this.lastSecond) this.beginSecond(seconds);
    if (this.lastTick >= MOST_TICKS - 2 * free - 2) this.halve();
    this.freeTick = this.lastTick + free;
  }

  start(): number {
    return this.lastTick;
  }

  rank(access: number): number {
    return access;
  }

  idleSeconds(access: number): number {
    this.askTime();
    return Math.max(0, this.lastSecond - this.secondOf(access));
  }

  idleFor(seconds: number): number {
    this.askTime();
    return this.tickOf(this.lastSecond - seconds);
  }

  frequency(): undefined {
    return undefined;
  }

  usedSoOften(): undefined {
    return undefined;
  }

  clockMoved(): void {
    this.freeTick = this.lastTick;
  }

  /** Makes a checkpoint. A clock that was set back makes one too. */
  private beginSecond(second: number): void {
    const passed = Math.max(1, second - this.lastSecond);
    this.lastTick += Math.min(passed, FIRST_TICK);
    if (this.lastTick >= MOST_TICKS - 2) this.halve();
    this.lastSecond = second;
    this.ticks.push(this.lastTick);
    this.seconds.push(second);
    if (this.ticks.length > MOST_CHECKPOINTS) this.thin();
  }

  private secondOf(tick: number): number {
    const { ticks, seconds } = this;
    const next = firstAbove(ticks, tick);
    if (next === ticks.length) return seconds[next - 1]!;
    const counted = seconds[next]! - (ticks[next]! - tick);
    return next === 0 ? counted : Math.max(seconds[next - 1]!, counted);
  }

  /** A tick of that second, or, of a time too long ago, the oldest there is. */
  private tickOf(second: number): number {
    const { ticks, seconds } = this;
    const next = firstAbove(seconds, second);
    if (next === seconds.length) return this.lastTick;
    const tick = ticks[next]! - (seconds[next]! - second);
    return Math.max(tick, next === 0 ? 1 : ticks[next - 1]!);
  }

  /** What was long ago need not be known to the second: to within 1% of how long it is. */
  private thin(): void {
    const { ticks, seconds } = this;
    let kept = 1;
    for (let at = 1; at < ticks.length; at++) {
      const isLast = at === ticks.length - 1;
      const gapSeconds = isLast ? 0 : seconds[at + 1]! - seconds[kept - 1]!;
      if (!isLast && gapSeconds * 128 <= this.lastSecond - seconds[at + 1]!) continue;
      ticks[kept] = ticks[at]!;
      seconds[kept] = seconds[at]!;
      kept++;
    }
    ticks.length = kept;
    seconds.length = kept;
  }

  /** Makes room above. Of two ticks one after the other the order is lost. O(keys). */
  private halve(): void {
    this.lastTick >>= 1;
    for (const database of this.keyspace.databases) {
      for (const held of database.map.values()) if (typeof held === 'object') held.access >>= 1;
      database.texts?.halveAccess();
    }
    for (let at = 0; at < this.ticks.length; at++) this.ticks[at]! >>= 1;
  }
}

/** The first position of what is greater; the array's length if nothing is. O(log n). */
function firstAbove(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
