import { describe } from '../../bytes/byte-string.ts';
import { parseMemory } from '../../numbers/memory-size.ts';
import type { Keyspace } from '../keyspace.ts';
import type { AccessTracker } from './access-tracker.ts';
import { Candidates, keepCandidates } from './candidates.ts';
import { Eviction } from './eviction.ts';
import { FrequencyTracker } from './frequency-tracker.ts';
import { isVolatile, type MaxMemoryPolicy, policies, type Ranking, rankingOf } from './policy.ts';
import { RecencyTracker } from './recency-tracker.ts';

/** How much memory a store may use, and what it does when that is not enough. */
export interface MemoryOptions {
  /**
   * How much memory the keys may take, as Redis's `maxmemory`: a number of bytes, or a text such as `'256mb'` (`kb`, `mb`
   * and `gb` are powers of 1024; `k`, `m` and `g` of 1000). What is counted is an estimate of what they take of the
   * host's heap. Before a command that may add to it, keys are removed as {@link maxMemoryPolicy} says, until no more is
   * used than this. Default 0: there is no limit, and nothing is counted.
   */
  readonly maxMemory?: number | string;
  /**
   * What is removed when there is no room, as Redis's `maxmemory-policy`. Of all keys (`allkeys-`), or only of those that
   * expire (`volatile-`), the one that was not used (`lru`), or not written (`lrm`), for longest; that is used the least
   * often (`lfu`); that expires the soonest (`volatile-ttl`); or any (`random`). Default `'noeviction'`: nothing, and
   * commands that may add something are refused.
   */
  readonly maxMemoryPolicy?: MaxMemoryPolicy;
  /** Of how many keys the one to remove is chosen, as Redis's `maxmemory-samples`: more is more exact, and slower. Default 5. */
  readonly maxMemorySamples?: number;
  /** The more, the more accesses it takes to count as used more often, as Redis's `lfu-log-factor`. Default 10. */
  readonly lfuLogFactor?: number;
  /** After so many minutes without access a key counts as used less often, as Redis's `lfu-decay-time`; 0: never. Default 1. */
  readonly lfuDecayTime?: number;
}

/** The names of {@link MemoryOptions}. */
export const memoryOptionNames = [
  'maxMemory',
  'maxMemoryPolicy',
  'maxMemorySamples',
  'lfuLogFactor',
  'lfuDecayTime',
] as const satisfies readonly (keyof MemoryOptions)[];

/**
 * The settings of a bounded memory. Changing one takes effect at once: a limit begins the counting and the evicting, and
 * its end ends the evicting.
 */
export class MemoryLimit {
  private readonly keyspace: Keyspace;
  /** 0: there is no limit. */
  private bytes: number | bigint = 0;
  private chosenPolicy: MaxMemoryPolicy = 'noeviction';
  /** What notes the accesses, if the policy asks for it, also while a command leaves no trace. */
  private tracker: AccessTracker | undefined = undefined;
  /** Whether nothing is evicted for now, nor refused: while CLIENT PAUSE lets nothing be written. */
  isSuspended = false;
  /** How deep we are in {@link hold}, and whether there was room when it began. */
  heldDepth = 0;
  hadRoom = true;
  /** How many keys are looked at for each choice. */
  samples: number;
  /** See {@link MemoryOptions.lfuLogFactor}. */
  lfuLogFactor: number;
  /** See {@link MemoryOptions.lfuDecayTime}. */
  lfuDecayMinutes: number;

  /** @throws TypeError or RangeError if an option means nothing */
  constructor(keyspace: Keyspace, options: MemoryOptions) {
    this.keyspace = keyspace;
    this.samples = requireCount('maxMemorySamples', options.maxMemorySamples ?? 5, 1);
    this.lfuLogFactor = requireCount('lfuLogFactor', options.lfuLogFactor ?? 10, 0);
    this.lfuDecayMinutes = requireCount('lfuDecayTime', options.lfuDecayTime ?? 1, 0);
    if (options.maxMemoryPolicy !== undefined) this.policy = requirePolicy(options.maxMemoryPolicy);
    if (options.maxMemory !== undefined) this.maxBytes = requireSize(options.maxMemory);
  }

  /** What is removed when there is no room. */
  get policy(): MaxMemoryPolicy {
    return this.chosenPolicy;
  }

  /** What is not known yet of the keys by which the new policy chooses, is found out: O(keys). */
  set policy(policy: MaxMemoryPolicy) {
    if (policy === this.chosenPolicy) return;
    this.chosenPolicy = policy;
    this.trackAccess(rankingOf(policy));
    this.gatherCandidates();
    this.keyspace.eviction?.policyChanged();
  }

  private trackAccess(ranking: Ranking | undefined): void {
    const { keyspace } = this;
    const before = this.tracker;
    const isByTime = ranking === 'lru' || ranking === 'lrm';
    if (isByTime && before instanceof RecencyTracker) {
      before.countsReads = ranking === 'lru';
    } else if (isByTime) {
      this.track(new RecencyTracker(keyspace, ranking === 'lru'));
    } else if (ranking !== 'lfu') {
      if (before !== undefined) this.track(undefined);
    } else if (!(before instanceof FrequencyTracker)) {
      this.track(new FrequencyTracker(keyspace, this));
    }
  }

  private track(tracker: AccessTracker | undefined): void {
    this.tracker = tracker;
    this.keyspace.trackAccess(tracker);
  }

  /** Candidates are there while there is a limit and a policy that looks at entries. */
  private gatherCandidates(): void {
    const { keyspace, policy } = this;
    const ranking = rankingOf(policy);
    const areNeeded =
      keyspace.eviction !== undefined &&
      ranking !== undefined &&
      (isVolatile(policy) || ranking !== 'random');
    for (const database of keyspace.databases)
      keepCandidates(database, areNeeded ? new Candidates(isVolatile(policy)) : undefined);
  }

  /** How many bytes may be used; 0: any number. */
  get maxBytes(): number | bigint {
    return this.bytes;
  }

  /** Begins to count if there was no limit before, O(keys); keys that are too many for it go at once. */
  set maxBytes(bytes: number | bigint) {
    const { keyspace } = this;
    this.bytes = bytes;
    if (Number(bytes) === 0) {
      // It may be running, and somebody was told of what went.
      if (keyspace.eviction !== undefined) keyspace.eviction.maxBytes = Number.POSITIVE_INFINITY;
      keyspace.eviction = undefined;
      this.gatherCandidates();
      return;
    }
    if (keyspace.eviction === undefined) {
      keyspace.eviction = new Eviction(keyspace, this);
      this.gatherCandidates();
    }
    keyspace.eviction.maxBytes = Number(bytes);
    if (this.heldDepth > 0) this.hadRoom = false;
    keyspace.eviction.tryMakeRoom();
  }

  /**
   * Makes room for a group of commands (a transaction, a script) before the first of them: until {@link release}, nothing is
   * evicted, and what may add something is refused if there was no room at the beginning, nor was made within the group.
   * Groups may be in groups. A limit that is set within a group has keys go after it; whether there is room for the rest of
   * the group, is seen then.
   *
   * @returns whether there is room
   */
  hold(): boolean {
    if (this.heldDepth === 0) this.hadRoom = this.keyspace.eviction?.tryMakeRoom() ?? true;
    this.heldDepth++;
    return this.hadRoom;
  }

  /** Ends {@link hold}. */
  release(): void {
    this.heldDepth--;
  }
}

const INT_MAX = 2 ** 31 - 1;

function requireCount(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least && value <= INT_MAX) return value;
  throw new RangeError(`${name} must be a whole number from ${least}, got ${shown(value)}`);
}

function requirePolicy(policy: MaxMemoryPolicy): MaxMemoryPolicy {
  if (policies.includes(policy)) return policy;
  throw new RangeError(`maxMemoryPolicy must be one of ${policies.join(', ')}, got ${shown(policy)}`);
}

function requireSize(size: number | string): number | bigint {
  const bytes = typeof size === 'string' && /^\d/.test(size) ? parseMemory(size) : size;
  if (typeof bytes === 'bigint') return bytes;
  if (typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  throw new RangeError(
    `maxMemory must be a whole number of bytes from 0, or such as '256mb' (b, k, kb, m, mb, g or gb, no space before it), got ${shown(size)}`,
  );
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : describe(value);
}
