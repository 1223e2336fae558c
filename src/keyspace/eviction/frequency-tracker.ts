import { STRING } from '../../structures/strings/string-value.ts';
import { Entry, type Stored } from '../entry.ts';
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
 *     Entry.access    [ minute of the last use, 16 bits | count, 8 bits ]
 */
export class FrequencyTracker implements AccessTracker {
  private readonly settings: MemoryLimit;
  private readonly clock: TurnClock;
  /** For how many more uses the time need not be asked for; and which minute it is. */
  private freeUses = 0;
  private minute = 0;
  /** Of a simple generator of chance: what grows by it is no secret, and is counted very often. */
  private chance = 0x9e3779b9;
  /** The entry that the running command has changed, if it is one, and what it said first. */
  private changing: Entry | undefined = undefined;
  private firstEvent: KeyEvent | undefined = undefined;

  constructor(keyspace: Keyspace, settings: MemoryLimit) {
    this.settings = settings;
    this.clock = new TurnClock(keyspace.clock, keyspace.hasHostsTime, () => this.clockMoved());
  }

  read(entry: Entry): void {
    this.changing = undefined;
    this.touch(entry);
  }

  usedToWrite(entry: Entry): void {
    this.touch(entry);
    this.changing = entry;
    this.firstEvent = undefined;
  }

  /**
   * A command uses its key once, but looks at it first, and may tell several events of it (`set` and `expire`). So the
   * first event is of the use that was noted already; and so is one that accompanies others, unless the same comes again.
   */
  written(entry: Entry, event: KeyEvent): void {
    if (event === events.silent) return;
    if (entry === this.changing) {
      if (this.firstEvent === undefined) {
        this.firstEvent = event;
        return;
      }
      if (event.wakesNobody === true && event !== this.firstEvent) return;
    }
    this.changing = entry;
    this.firstEvent = event;
    this.touch(entry);
  }

  placed(entry: Entry, old: Stored | undefined): void {
    // Who moves an entry from key to key uses it, and so does who puts another into its place.
    if (entry.access !== 0) return;
    if (typeof old === 'object') {
      entry.access = old.access;
      if (old === this.changing && this.firstEvent === undefined) this.changing = entry;
      return;
    }
    // What is new has not been used before: the event that is to follow is no use of it.
    this.start(entry);
    this.changing = entry;
    this.firstEvent = undefined;
  }

  private touch(entry: Entry): void {
    if (this.freeUses > 0) this.freeUses--;
    else this.askTime();
    const count = this.decayed(entry.access);
    entry.access = (this.minute << 8) | (this.isMore(count) ? count + 1 : count);
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

  textEntry(text: string): Entry {
    return new Entry(STRING, text) as Entry;
  }

  start(entry: Entry): void {
    this.setFrequency(entry, INITIAL_COUNT);
  }

  rank(entry: Entry): number {
    return this.decayed(entry.access);
  }

  idleSeconds(): undefined {
    return undefined;
  }

  setIdleSeconds(): void {}

  frequency(entry: Entry): number {
    this.askTime();
    return this.decayed(entry.access);
  }

  setFrequency(entry: Entry, frequency: number): void {
    if (this.freeUses === 0) this.askTime();
    entry.access = (this.minute << 8) | frequency;
  }

  clockMoved(): void {
    this.freeUses = 0;
  }
}
