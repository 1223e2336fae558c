import { describe, expect, test } from 'vitest';
import { serverRates } from '../fixtures/server-hit-rates.ts';
import { hitRate } from './support/hit-rate.ts';
import { PinnedCache } from './support/pinned-cache.ts';
import { RandomModel } from './support/random-model.ts';
import { TEST_SIZE } from './support/sizes.ts';
import { StoreCache } from './support/store-cache.ts';
import { makeTraces } from './support/traces.ts';

/** How far, in points of the hit rate, lodis may be behind a real server that holds the same number of keys. */
const MOST_POINTS = 1;
/**
 * And ahead of it: the server draws as samples what lies side by side in its hash table, so that some keys are met less often than
 * others. That costs it up to a point where some keys are more popular than others, and gains it as much in a loop.
 */
const MOST_POINTS_AHEAD = 1.5;

const traces = makeTraces(TEST_SIZE);
const FEW = ['Zipf 0.9', 'new items', 'reads and writes'];

function recorded(policy: string, names?: readonly string[]) {
  return serverRates
    .filter((record) => record.policy === policy && (names?.includes(record.trace) ?? true))
    .map((record) => ({ ...record, requested: traces.find(({ name }) => name === record.trace)! }));
}

function expectNear(found: number, server: number): void {
  expect(found, `the server ${server}`).toBeGreaterThan(server - MOST_POINTS);
  expect(found, `the server ${server}`).toBeLessThan(server + MOST_POINTS_AHEAD);
}

// The server was put to the traces within a second or two, so counts of use do not decay on either side.

describe("allkeys-lfu hits as often as Redis's own", () => {
  test.each(recorded('allkeys-lfu'))(
    '$trace, $samples samples',
    ({ requested, samples, capacity, hitRate: server }) => {
      const cache = new StoreCache(capacity, {
        maxMemoryPolicy: 'allkeys-lfu',
        maxMemorySamples: samples,
        lfuDecayTime: 0,
      });
      const found = hitRate(requested, cache);
      expect(cache.size).toBeGreaterThanOrEqual(capacity - 1);
      expectNear(found, server);
    },
  );
});

describe("volatile-lfu hits as often as Redis's own", () => {
  test.each(recorded('volatile-lfu', FEW))('$trace', ({ requested, samples, capacity, hitRate: server }) => {
    const cache = new PinnedCache(capacity, 100, {
      maxMemoryPolicy: 'volatile-lfu',
      maxMemorySamples: samples,
      lfuDecayTime: 0,
    });
    const found = hitRate(requested, cache);
    expect(cache.size).toBeGreaterThanOrEqual(100 + capacity - 1);
    expect(cache.pinnedCount).toBe(100);
    expectNear(found, server);
  });
});

describe('allkeys-random hits as often as chance does', () => {
  test.each(recorded('allkeys-random', FEW))('$trace', ({ requested, capacity, hitRate: server }) => {
    const found = hitRate(requested, new StoreCache(capacity, { maxMemoryPolicy: 'allkeys-random' }));
    const model = hitRate(requested, new RandomModel(capacity, requested.keyCount));
    expect(Math.abs(found - model), `${found}, the model ${model}`).toBeLessThan(MOST_POINTS);
    expect(Math.abs(found - server), `${found}, the server ${server}`).toBeLessThan(MOST_POINTS);
  });
});
