import type { ByteString } from '../../bytes/byte-string.ts';
import type { Database } from '../database.ts';
import type { Entry } from '../entry.ts';
import type { Home } from '../home.ts';
import { accessOf } from './uses.ts';

/** As many as Redis keeps. */
const SIZE = 16;

/** Says which of two keys goes first: the one with the lower rank. */
export interface Rank {
  ofEntry(entry: Entry): number;
  /** By what is noted of the uses of a text that does not expire; `undefined` if no such may go. */
  readonly ofText: ((access: number) => number) | undefined;
}

/** A key that is to go. */
export interface Victim {
  readonly database: Database;
  readonly key: ByteString;
}

/**
 * The best candidates for eviction that were met so far, of all databases. Each eviction adds a few samples and takes the
 * best: so it finds one of the best of many more keys than it looked at.
 *
 * It keeps names and not entries, lest it hold on to what was deleted. What was used since it was met does not go for
 * what it was then.
 *
 * Invariants:
 *
 * 1. `ranks` descend: the last goes first.
 * 2. There are at most {@link SIZE}; `keys`, `homes` and `ranks` are equally long.
 */
export class Pool {
  private readonly random: () => number;
  private readonly keys: ByteString[] = [];
  private readonly homes: Home[] = [];
  private readonly ranks: number[] = [];

  constructor(random: () => number) {
    this.random = random;
  }

  /**
   * Looks at so many candidates of a database, or at all if there are no more: at entries and, where they may go, at texts.
   * Expected O(samples). Whether there was any.
   */
  sample({ candidates, texts, home }: Database, samples: number, rank: Rank): boolean {
    const entryCount = candidates?.size ?? 0;
    const { ofText } = rank;
    const slots = ofText === undefined || texts === undefined || texts.size === 0 ? undefined : texts;
    if (entryCount === 0 && slots === undefined) return false;
    const total = entryCount + (slots?.slotCount ?? 0);
    const isWhole = total <= samples;
    for (let left = isWhole ? total : samples; left > 0; ) {
      const number = isWhole ? left - 1 : Math.floor(this.random() * total);
      if (number < entryCount) {
        this.offer(candidates!.keyAt(number), home, rank.ofEntry(candidates!.entryAt(number)));
      } else {
        const slot = number - entryCount;
        const key = slots!.keyAt(slot);
        if (key !== undefined) this.offer(key, home, ofText!(slots!.access[slot]!));
        else if (!isWhole) continue;
      }
      left--;
    }
    return true;
  }

  private offer(key: ByteString, home: Home, rank: number): void {
    const { keys, homes, ranks } = this;
    const { length } = ranks;
    let at = 0;
    if (length === SIZE) {
      if (rank >= ranks[0]!) return;
      for (; at + 1 < SIZE && ranks[at + 1]! > rank; at++) this.move(at + 1, at);
    } else {
      for (at = length; at > 0 && ranks[at - 1]! <= rank; at--) this.move(at - 1, at);
    }
    keys[at] = key;
    homes[at] = home;
    ranks[at] = rank;
  }

  private move(from: number, to: number): void {
    this.keys[to] = this.keys[from]!;
    this.homes[to] = this.homes[from]!;
    this.ranks[to] = this.ranks[from]!;
  }

  /** Takes out the one that goes first, if there is one that may still go. */
  take({ ofEntry, ofText }: Rank): Victim | undefined {
    const { keys, homes, ranks } = this;
    while (keys.length > 0) {
      const key = keys.pop()!;
      const { database } = homes.pop()!;
      const rank = ranks.pop()!;
      const held = database.map.get(key);
      const rankNow =
        typeof held === 'object'
          ? held.slot >= 0 && ofEntry(held)
          : typeof held === 'number' && ofText !== undefined && ofText(accessOf(database, held));
      if (rankNow !== false && rankNow <= rank) return { database, key };
    }
    return undefined;
  }

  clear(): void {
    this.keys.length = 0;
    this.homes.length = 0;
    this.ranks.length = 0;
  }
}
