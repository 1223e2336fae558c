import { Chance } from '../../../bench/data.ts';
import { Store, type StoreOptions } from '../../../src/index.ts';
import type { MaxMemoryPolicy } from '../../../src/keyspace/eviction/policy.ts';
import type { Cache } from './hit-rate.ts';

/** Keys of one length, and values of one length, so that each takes as much as any other. */
export function keyName(key: number): string {
  return `key:${String(key).padStart(8, '0')}`;
}

export const VALUE = 'v'.repeat(200);

/**
 * A store whose limit of memory lets it hold exactly so many such keys after a write, used cache-aside: GET, and SET where there was
 * nothing. Its time is that of the trace, and its random numbers are the same in every run.
 */
export class StoreCache implements Cache {
  readonly store: Store;
  private readonly names: string[] = [];
  private nowMs = 0;

  /** @param lifetimeMs if the keys are to expire: then they take more */
  constructor(capacity: number, options: StoreOptions, lifetimeMs = 0) {
    this.store = new Store({
      clock: { now: () => 0 },
      random: seededRandom(),
      // Room is made before a write, so the last one stands above the limit.
      maxMemory: (capacity - 1) * bytesOfKey(options.maxMemoryPolicy, lifetimeMs),
      ...options,
    });
    countNoTables(this.store);
  }

  /** How many keys are there now. */
  get size(): number {
    return this.store.dbsize();
  }

  advanceTo(nowMs: number): void {
    this.store.advance(nowMs - this.nowMs);
    this.nowMs = nowMs;
  }

  read(key: number, lifetimeMs: number): boolean {
    if (this.store.get(this.name(key)) !== null) return true;
    this.write(key, lifetimeMs);
    return false;
  }

  write(key: number, lifetimeMs: number): void {
    if (lifetimeMs === 0) this.store.set(this.name(key), VALUE);
    else this.store.set(this.name(key), VALUE, { px: lifetimeMs });
  }

  private name(key: number): string {
    this.names[key] ??= keyName(key);
    return this.names[key];
  }
}

/** What one such key takes under this policy. */
export function bytesOfKey(maxMemoryPolicy: MaxMemoryPolicy = 'noeviction', lifetimeMs = 0): number {
  const store = new Store({ clock: { now: () => 0 }, maxMemory: '1gb', maxMemoryPolicy });
  countNoTables(store);
  if (lifetimeMs === 0) store.set(keyName(0), VALUE);
  else store.set(keyName(0), VALUE, { px: lifetimeMs });
  return store.keyspace.countMemory().usedBytes;
}

/**
 * Has only the keys themselves count: how much room there is in a Map in which keys come and go is not the same for each
 * number of keys, and what is looked for here is how well one of so many keys is chosen.
 */
function countNoTables(store: Store): void {
  for (const database of store.keyspace.databases) database.tableRoom = undefined;
}

export function seededRandom(seed = 229): () => number {
  const chance = new Chance(seed);
  return () => chance.below(2 ** 30) / 2 ** 30;
}
