import { describe, expect, test } from 'vitest';
import type { StoreOptions } from '../../src/index.ts';
import { serverOrders } from '../fixtures/server-hit-rates.ts';
import { misplaced, shrinkOrder } from './support/shrinking.ts';
import { SHRINK_KEYS } from './support/sizes.ts';
import { bytesOfKey, keyName, StoreCache, VALUE } from './support/store-cache.ts';

// Many keys in a known order, and the limit is halved at once: of those that go, how many should have stayed? The server was
// asked the same (with idle times and expiries given to the keys), and its answers are recorded.

/** Points by which lodis may choose worse than the server did in the mean of its runs. */
const MOST_POINTS = 2;
const LIFETIME_MS = 1;

type Policy = NonNullable<StoreOptions['maxMemoryPolicy']>;

function lodisMisplaced(policy: Policy, maxMemorySamples: number, keys: number): number {
  const isVolatile = policy.startsWith('volatile-');
  const options = { maxMemoryPolicy: policy, maxMemorySamples };
  const { store } = new StoreCache(keys + 1, options, isVolatile ? LIFETIME_MS : 0);
  const ranks = shrinkOrder(keys);
  const byRank = new Uint32Array(keys);
  ranks.forEach((rank, key) => {
    byRank[rank] = key;
  });
  // By age: who comes first goes first. By expiry: they come in any order.
  const order = policy === 'volatile-ttl' ? ranks.map((_, key) => key) : byRank;
  for (const key of order) {
    if (!isVolatile) store.set(keyName(key), VALUE);
    else if (policy === 'volatile-ttl') store.set(keyName(key), VALUE, { px: 1_000_000 + 10 * ranks[key]! });
    else store.set(keyName(key), VALUE, { px: 1_000_000 });
  }
  const limit = store.keyspace.memoryLimit;
  limit.maxBytes = (keys / 2) * bytesOfKey(policy, isVolatile ? LIFETIME_MS : 0);
  expect(store.dbsize()).toBe(keys / 2);
  expect(store.keyspace.evictedCount).toBe(keys / 2);
  return misplaced(ranks, (key) => store.exists(keyName(key)) === 1);
}

describe('where the limit is halved', () => {
  test.each(serverOrders)(
    "$policy with $samples samples chooses as well as the server's",
    ({ policy, samples, misplaced: server }) => {
      const found = lodisMisplaced(policy as Policy, samples, SHRINK_KEYS);
      expect(found, `the server ${server}`).toBeLessThan(server + MOST_POINTS);
    },
  );

  test.each(['allkeys-lru', 'allkeys-lrm', 'volatile-lru', 'volatile-lrm', 'volatile-ttl'] as const)(
    '%s lets exactly the right ones go when it looks at all keys',
    (policy) => {
      expect(lodisMisplaced(policy, 200, 200)).toBe(0);
    },
  );

  test('the measure itself: chance would be wrong with every other', () => {
    expect(Math.abs(lodisMisplaced('allkeys-random', 5, SHRINK_KEYS) - 50)).toBeLessThan(3);
  });
});
