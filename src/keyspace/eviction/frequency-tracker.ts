import { STRING } from '../../structures/strings/string-value.ts';
import { Entry, type Stored } from '../entry.ts';
import type { KeyEvent } from '../events.ts';
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
  private readonly keyspace: Keyspace;
  private readonly settings: MemoryLimit;
  private readonly clock: TurnClock;
  /** The entry that the running command has changed, if it is one, and what it said first. */
  private changing: Entry | undefined = undefined;
  private firstEvent: KeyEvent | undefined = undefined;

  constructor(keyspace: Keyspace, settings: MemoryLimit) {
    this.keyspace = keyspace;
    this.settings = settings;
    this.clock = new TurnClock(keyspace.clock, keyspace.hasHostsTime);
  }

  read(entry: Entry): void {
    this.changing = undefined;
    this.touch(entry);
  }

  looked(entry: Entry): void {
    this.touch(entry);
    this.changing = entry;
    this.firstEvent = undefined;
  }

  /**
   * A command uses its key once, but may tell several events of it (`set` and `expire`). So what is told of the same entry
   * again belongs to the same use, until the event comes again with which that began.
   */
  written(entry: Entry, event: KeyEvent): void {
    if (entry === this.changing && event !== this.firstEvent) {
      this.firstEvent ??= event;
      return;
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
    const minute = this.minute();
    const count = this.decayed(entry.access, minute);
    entry.access = (minute << 8) | (this.isMore(count) ? count + 1 : count);
  }

  /** Whether one more use makes the count higher. */
  private isMore(count: number): boolean {
    if (count >= MOST_COUNT) return false;
    const odds = (count - INITIAL_COUNT) * this.settings.lfuLogFactor + 1;
    return odds <= 1 || this.keyspace.random() * odds < 1;
  }

  private decayed(access: number, minute: number): number {
    const count = access & MOST_COUNT;
    const { lfuDecayMinutes } = this.settings;
    const passed = (minute - (access >>> 8)) & MINUTES_MASK;
    if (passed === 0 || lfuDecayMinutes === 0) return count;
    return Math.max(0, count - Math.floor(passed / lfuDecayMinutes));
  }

  private minute(): number {
    return Math.floor(this.clock.seconds / 60) & MINUTES_MASK;
  }

  textEntry(text: string): Entry {
    return new Entry(STRING, text) as Entry;
  }

  start(entry: Entry): void {
    this.setFrequency(entry, INITIAL_COUNT);
  }

  rank(entry: Entry): number {
    return this.decayed(entry.access, this.minute());
  }

  idleSeconds(): undefined {
    return undefined;
  }

  setIdleSeconds(): void {}

  frequency(entry: Entry): number {
    this.clock.moved();
    return this.rank(entry);
  }

  setFrequency(entry: Entry, frequency: number): void {
    entry.access = (this.minute() << 8) | frequency;
  }

  clockMoved(): void {
    this.clock.moved();
  }
}
