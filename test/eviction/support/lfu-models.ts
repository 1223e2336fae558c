import { Chance } from '../../../bench/data.ts';
import { KeyBag } from './key-bag.ts';
import { Model } from './model.ts';

/** Keys by a count each has, and which have the least. */
abstract class CountingModel extends Model {
  /** Per key. */
  protected readonly counts: Uint32Array;
  private readonly chance = new Chance(223);
  private readonly places: Int32Array;
  private readonly bags: (KeyBag | undefined)[] = [];
  /** No bag below this one holds anything. */
  private least = 0;

  constructor(capacity: number, keyCount: number) {
    super(capacity, keyCount);
    this.counts = new Uint32Array(keyCount);
    this.places = new Int32Array(keyCount);
  }

  /** One of those with the least count, at random: the counts say no more. */
  protected victim(): number {
    for (; ; this.least++) {
      const bag = this.bags[this.least];
      if (bag !== undefined && bag.size > 0) return bag.at(this.chance.below(bag.size));
    }
  }

  protected joined(key: number): void {
    this.file(key);
  }

  protected left(key: number): void {
    this.takeOut(key);
  }

  /** The key is there, and has this count from now on. */
  protected recount(key: number, count: number): void {
    this.takeOut(key);
    this.counts[key] = count;
    this.file(key);
  }

  private file(key: number): void {
    const count = this.counts[key]!;
    this.bags[count] ??= new KeyBag(this.places);
    this.bags[count].add(key);
    this.least = Math.min(this.least, count);
  }

  private takeOut(key: number): void {
    this.bags[this.counts[key]!]!.delete(key);
  }

  protected wasWritten(key: number): void {
    this.wasRead(key);
  }
}

/** Counts every request there ever was, of keys too that are not there now. */
export class PerfectLfu extends CountingModel {
  protected override joined(key: number): void {
    this.counts[key]!++;
    super.joined(key);
  }

  protected wasRead(key: number): void {
    this.recount(key, this.counts[key]! + 1);
  }
}

export interface RedisLfuOptions {
  /** How much harder each further count is to come by. */
  readonly logFactor: number;
  /** After so many minutes without use a key loses a count; 0: never. */
  readonly decayMinutes: number;
}

/** What a key begins with, so that it is not the first to go. */
const INITIAL_COUNT = 5;

/**
 * LFU as Redis documents it: a count up to 255 that grows with probability 1 / ((count − 5) · factor + 1) and
 * shrinks with the minutes for which the key is not used; begun anew with each life of a key. But here the key with the least count of
 * all goes, not of a sample.
 */
export class ExactRedisLfu extends CountingModel {
  private readonly increments = new Chance(227);
  private readonly options: RedisLfuOptions;
  /** Per key: the minute from which it decays. */
  private readonly usedMinute: Uint32Array;
  private readonly living: KeyBag;
  private minute = 0;

  constructor(capacity: number, keyCount: number, options: RedisLfuOptions) {
    super(capacity, keyCount);
    this.options = options;
    this.usedMinute = new Uint32Array(keyCount);
    this.living = new KeyBag(new Int32Array(keyCount));
  }

  count(key: number): number {
    return this.counts[key]!;
  }

  override advanceTo(nowMs: number): void {
    super.advanceTo(nowMs);
    const minute = Math.floor(nowMs / 60_000);
    if (minute !== this.minute) this.decayAll(minute);
    this.minute = minute;
  }

  /** All counts are kept as of this minute, so that the least of them is known. */
  private decayAll(minute: number): void {
    const { decayMinutes } = this.options;
    if (decayMinutes === 0) return;
    for (let place = 0; place < this.living.size; place++) {
      const key = this.living.at(place);
      const used = this.usedMinute[key]!;
      const lost = (at: number) => Math.floor((at - used) / decayMinutes);
      const since = lost(minute) - lost(this.minute);
      if (since > 0) this.recount(key, Math.max(0, this.counts[key]! - since));
    }
  }

  protected override joined(key: number): void {
    this.counts[key] = INITIAL_COUNT;
    this.usedMinute[key] = this.minute;
    this.living.add(key);
    super.joined(key);
  }

  protected override left(key: number): void {
    this.living.delete(key);
    super.left(key);
  }

  protected wasRead(key: number): void {
    this.usedMinute[key] = this.minute;
    const count = this.counts[key]!;
    if (count === 255) return;
    const above = Math.max(0, count - INITIAL_COUNT);
    const isCounted = this.increments.below(2 ** 24) / 2 ** 24 < 1 / (above * this.options.logFactor + 1);
    if (isCounted) this.recount(key, count + 1);
  }
}
