import type { ByteString } from '../../bytes/byte-string.ts';
import { events, type KeyEvent } from '../events.ts';
import type { Keyspace } from '../keyspace.ts';
import type { AccessTracker } from './access-tracker.ts';
import type { MemoryLimit } from './memory-limit.ts';
import { TurnClock } from './turn-clock.ts';

/** What a new key begins with, lest it go before it had a chance to be used. */
const INITIAL_COUNT = 5;
const MOST_COUNT = 255;
const MINUTES_MASK = 0xffff;

/**
 * Notes how often each key is used (LFU), as Redis does: a count from 0 to 255 that grows the more slowly the higher it
 * is, by chance, and that falls by one for every so many minutes in which the key was not used.
 *
 *     access    [ minute of the last use, 16 bits | count, 8 bits ]
 */
export class FrequencyTracker implements AccessTracker {
  private readonly settings: MemoryLimit;
  private readonly clock: TurnClock;
  /** For how many more uses the time need not be asked for; and which minute it is. */
  private freeUses = 0;
  private minute = 0;
  /** Of a simple generator of chance: what grows by it is no secret, and is counted very often. */
  private chance = 0x9e3779b9;
  /** The key that the running command has changed, if it has one, and what it said first. */
  private changing: ByteString | undefined = undefined;
  private firstEvent: KeyEvent | undefined = undefined;
  /** The key that it looked up before that one, if it has told nothing of it yet: the source of LMOVE. */
  private changingToo: ByteString | undefined = undefined;

  constructor(keyspace: Keyspace, settings: MemoryLimit) {
    this.settings = settings;
    this.clock = new TurnClock(keyspace.clock, keyspace.hasHostsTime, () => this.clockMoved());
  }

  read(access: number): number {
    this.changing = undefined;
    this.changingToo = undefined;
    return this.usedOnce(access);
  }

  usedToWrite(access: number, key: ByteString): number {
    this.noteFirst(key);
    return this.usedOnce(access);
  }

  /**
   * A command uses its key once, but looks at it first, and may tell several events of it (`set` and `expire`). So the
   * first event is of the use that was noted already; and so is one that accompanies others, unless the same comes again.
   * A command that looks two keys up first, or one twice, has noted two uses.
   */
  written(access: number, key: ByteString, event: KeyEvent): number {
    if (event === events.silent) return access;
    if (key === this.changingToo) {
      this.changingToo = undefined;
      return access;
    }
    if (key === this.changing) {
      if (this.firstEvent === undefined) {
        this.firstEvent = event;
        return access;
      }
      if (event.wakesNobody === true && event !== this.firstEvent) return access;
    }
    this.changing = key;
    this.firstEvent = event;
    return this.usedOnce(access);
  }

  placed(access: number, key: ByteString, oldAccess: number): number {
    // Who puts another value into the place of one uses it.
    if (access === 0 && oldAccess !== 0) return oldAccess;
    // What is new has not been used before, and who moves a value has used it where it was: the event that is to follow is
    // no use of it.
    this.noteFirst(key);
    return access === 0 ? this.start() : access;
  }

  /** What is to be noted of the key for this command has been: before the event that tells of the change. */
  private noteFirst(key: ByteString): void {
    this.changingToo = this.firstEvent === undefined ? this.changing : undefined;
    this.changing = key;
    this.firstEvent = undefined;
  }

  private usedOnce(access: number): number {
    if (this.freeUses > 0) this.freeUses--;
    else this.askTime();
    const count = this.decayed(access);
    return (this.minute << 8) | (this.isMore(count) ? count + 1 : count);
  }

  private askTime(): void {
    this.freeUses = this.clock.ask();
    this.minute = Math.floor(this.clock.seconds / 60) & MINUTES_MASK;
  }

  /** Whether one more use makes the count higher. */
  private isMore(count: number): boolean {
    if (count >= MOST_COUNT) return false;
    const odds = (count - INITIAL_COUNT) * this.settings.lfuLogFactor + 1;
    if (odds <= 1) return true;
    let { chance } = this;
    chance ^= chance << 13;
    chance ^= chance >>> 17;
    chance ^= chance << 5;
    this.chance = chance;
    return (chance >>> 0) * odds < 2 ** 32;
  }

  private decayed(access: number): number {
    const count = access & MOST_COUNT;
    const passed = (this.minute - (access >>> 8)) & MINUTES_MASK;
    if (passed === 0) return count;
    const { lfuDecayMinutes } = this.settings;
    return lfuDecayMinutes === 0 ? count : Math.max(0, count - Math.floor(passed / lfuDecayMinutes));
  }

  start(): number {
    return this.usedSoOften(INITIAL_COUNT);
  }

  rank(access: number): number {
    return this.decayed(access);
  }

  idleSeconds(): undefined {
    return undefined;
  }

  idleFor(): undefined {
    return undefined;
  }

  frequency(access: number): number {
    this.askTime();
    return this.decayed(access);
  }

  usedSoOften(frequency: number): number {
    if (this.freeUses === 0) this.askTime();
    return (this.minute << 8) | frequency;
  }

  clockMoved(): void {
    this.freeUses = 0;
  }
}
