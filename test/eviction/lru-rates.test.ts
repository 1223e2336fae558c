import { describe, expect, test } from 'vitest';
import { hitRate } from './support/hit-rate.ts';
import { PinnedCache } from './support/pinned-cache.ts';
import { ExactLrm, ExactLru } from './support/recency-model.ts';
import { StoreCache } from './support/store-cache.ts';
import { loop, makeTraces, movingZipf, readsAndWrites, recencyWalk } from './support/traces.ts';

// Which key was not used for longest is known exactly, and only the choice among samples is not. What that may cost, in points
// of the hit rate, is at most this; in fact it is a fifth of it.
const MOST_POINTS = 1;

const SIZE = { requests: 100_000, keys: 10_000, capacity: 1000 };
const { capacity } = SIZE;
const steady = makeTraces(SIZE).filter(({ name }) => name !== 'loop');

const rankings = [
  { ranking: 'lru', Exact: ExactLru },
  { ranking: 'lrm', Exact: ExactLrm },
] as const;

for (const { ranking, Exact } of rankings) {
  describe(`allkeys-${ranking} hits as often as the exact one`, () => {
    test.each(steady)('$name', (trace) => {
      const exact = hitRate(trace, new Exact(capacity, trace.keyCount));
      for (const maxMemorySamples of [5, 10]) {
        const options = { maxMemoryPolicy: `allkeys-${ranking}`, maxMemorySamples } as const;
        const cache = new StoreCache(capacity, options, trace.lifetimesMs === undefined ? 0 : 1);
        const found = hitRate(trace, cache);
        expect(Math.abs(found - exact), `${found} of ${exact}, ${maxMemorySamples} samples`).toBeLessThan(
          MOST_POINTS,
        );
        expect(cache.store.keyspace.evictedCount).toBeGreaterThan(capacity);
        if (trace.writes === undefined) expect(cache.size).toBe(capacity);
      }
    });

    test('a loop a little longer than the cache: the exact one never hits, and samples only gain', () => {
      const trace = loop(SIZE);
      expect(hitRate(trace, new Exact(capacity, trace.keyCount))).toBe(0);
      const found = [5, 10, 64].map((maxMemorySamples) =>
        hitRate(trace, new StoreCache(capacity, { maxMemoryPolicy: `allkeys-${ranking}`, maxMemorySamples })),
      );
      expect(found, 'the more samples, the nearer').toEqual(found.toSorted((a, b) => b - a));
      expect(found[0]).toBeGreaterThan(10);
    });
  });

  describe(`volatile-${ranking} hits as often as the exact one in the room that is left, and keeps what does not expire`, () => {
    test.each([movingZipf(SIZE), recencyWalk(SIZE), readsAndWrites(SIZE)])('$name', (trace) => {
      const exact = hitRate(trace, new Exact(capacity, trace.keyCount));
      const cache = new PinnedCache(capacity, 3000, { maxMemoryPolicy: `volatile-${ranking}` });
      expect(Math.abs(hitRate(trace, cache) - exact)).toBeLessThan(MOST_POINTS);
      expect(cache.pinnedCount).toBe(3000);
      expect(cache.size).toBeGreaterThanOrEqual(3000 + capacity - 1);
    });
  });

  test(`allkeys-${ranking}, when it looks at all keys, is the exact one`, () => {
    const small = { requests: 20_000, keys: 400, capacity: 40 };
    // A write makes room before it is known that it needs none, which is one key less than the exact one has.
    for (const trace of makeTraces(small).filter(({ writes }) => writes === undefined)) {
      const exact = hitRate(trace, new Exact(40, trace.keyCount));
      const cache = new StoreCache(40, { maxMemoryPolicy: `allkeys-${ranking}`, maxMemorySamples: 64 });
      expect(hitRate(trace, cache), trace.name).toBe(exact);
    }
  });
}
