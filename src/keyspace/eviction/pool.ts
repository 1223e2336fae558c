import type { ByteString } from '../../bytes/byte-string.ts';
import type { Database, Home } from '../database.ts';
import type { Entry } from '../entry.ts';
import type { Candidates } from './candidates.ts';

/** As many as Redis keeps. */
const SIZE = 16;

/** Says which of two entries goes first: the one with the lower rank. */
export type Rank = (entry: Entry) => number;

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
 * 1. `ranks` ascend: the first goes first.
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

  /** Looks at so many candidates of a database, or at all if there are no more. O(samples). */
  sample(candidates: Candidates, home: Home, samples: number, rank: Rank): void {
    const { size } = candidates;
    if (size <= samples) {
      for (let slot = 0; slot < size; slot++) this.offer(candidates, slot, home, rank);
    } else {
      for (let left = samples; left > 0; left--)
        this.offer(candidates, Math.floor(this.random() * size), home, rank);
    }
  }

  private offer(candidates: Candidates, slot: number, home: Home, rankOf: Rank): void {
    const { keys, homes, ranks } = this;
    const rank = rankOf(candidates.entryAt(slot));
    let at = ranks.length;
    if (at === SIZE) {
      if (rank >= ranks[SIZE - 1]!) return;
      at--;
    }
    for (; at > 0 && ranks[at - 1]! > rank; at--) {
      keys[at] = keys[at - 1]!;
      homes[at] = homes[at - 1]!;
      ranks[at] = ranks[at - 1]!;
    }
    keys[at] = candidates.keyAt(slot);
    homes[at] = home;
    ranks[at] = rank;
  }

  /** Takes out the one that goes first, if there is one that may still go. */
  take(rankOf: Rank): Victim | undefined {
    const { keys, homes, ranks } = this;
    while (keys.length > 0) {
      const key = keys.shift()!;
      const { database } = homes.shift()!;
      const rank = ranks.shift()!;
      const entry = database.map.get(key);
      if (typeof entry === 'object' && entry.slot >= 0 && rankOf(entry) <= rank) return { database, key };
    }
    return undefined;
  }

  clear(): void {
    this.keys.length = 0;
    this.homes.length = 0;
    this.ranks.length = 0;
  }
}
