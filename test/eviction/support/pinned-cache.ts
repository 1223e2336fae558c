import type { StoreOptions } from '../../../src/index.ts';
import { bytesOfKey, keyName, StoreCache, VALUE } from './store-cache.ts';

/** Longer than any trace takes. */
const LONG_MS = 2 ** 40;

/**
 * A store with keys that never expire, and so must never go under a `volatile-` policy, and room for so many others, which
 * expire long after the trace.
 */
export class PinnedCache extends StoreCache {
  private readonly pinned: string[];

  constructor(capacity: number, pinned: number, options: StoreOptions) {
    const { maxMemoryPolicy } = options;
    const maxMemory =
      pinned * bytesOfKey(maxMemoryPolicy) + (capacity - 1) * bytesOfKey(maxMemoryPolicy, LONG_MS);
    super(capacity, { ...options, maxMemory });
    this.pinned = Array.from({ length: pinned }, (_, at) => keyName(90_000_000 + at));
    for (const name of this.pinned) this.store.set(name, VALUE);
  }

  /** How many of the keys that must not go are there. */
  get pinnedCount(): number {
    return this.store.exists(this.pinned);
  }

  override write(key: number): void {
    super.write(key, LONG_MS);
  }
}
