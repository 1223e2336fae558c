import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beladyHitRate } from './support/belady.ts';
import { type Cache, hitRate } from './support/hit-rate.ts';
import { ExactRedisLfu, PerfectLfu } from './support/lfu-models.ts';
import { RandomModel } from './support/random-model.ts';
import { ExactLrm, ExactLru } from './support/recency-model.ts';
import { loop, makeTraces, type Trace, zipf } from './support/traces.ts';

// The models are what lodis is measured by, so each is compared with one that is too simple to be wrong.

const SEED = { seed: 20_261_122 };
const KEYS = 8;

interface Request {
  readonly key: number;
  readonly isWrite: boolean;
  readonly lifetimeMs: number;
}

const requests: fc.Arbitrary<Request[]> = fc.array(
  fc.record({
    key: fc.nat(KEYS - 1),
    isWrite: fc.boolean(),
    lifetimeMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 12 })),
  }),
  { maxLength: 80 },
);

/** What a request found, or `undefined` if it wrote. */
function run(cache: Cache, all: readonly Request[]): (boolean | undefined)[] {
  return all.map(({ key, isWrite, lifetimeMs }, at) => {
    cache.advanceTo?.(at);
    if (!isWrite) return cache.read(key, lifetimeMs);
    cache.write(key, lifetimeMs);
    return undefined;
  });
}

/** A list of all that is there, the first to go in front. */
class NaiveRecency implements Cache {
  private items: { key: number; goesAtMs: number }[] = [];
  private nowMs = 0;
  private readonly capacity: number;
  private readonly countsReads: boolean;

  constructor(capacity: number, countsReads: boolean) {
    this.capacity = capacity;
    this.countsReads = countsReads;
  }

  advanceTo(nowMs: number): void {
    this.nowMs = nowMs;
    this.items = this.items.filter(({ goesAtMs }) => goesAtMs > nowMs);
  }

  read(key: number, lifetimeMs: number): boolean {
    const found = this.items.find((item) => item.key === key);
    if (found === undefined) {
      this.write(key, lifetimeMs);
    } else if (this.countsReads) {
      this.items = [...this.items.filter((item) => item !== found), found];
    }
    return found !== undefined;
  }

  write(key: number, lifetimeMs: number): void {
    const goesAtMs = lifetimeMs === 0 ? Number.POSITIVE_INFINITY : this.nowMs + lifetimeMs;
    this.items = [...this.items.filter((item) => item.key !== key), { key, goesAtMs }];
    if (this.items.length > this.capacity) this.items.shift();
  }
}

describe('models', () => {
  test('exact LRU and LRM do what a list does', () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 5 }), (all, capacity) => {
        const lru = run(new ExactLru(capacity, KEYS), all);
        expect(lru).toEqual(run(new NaiveRecency(capacity, true), all));
        const lrm = run(new ExactLrm(capacity, KEYS), all);
        expect(lrm).toEqual(run(new NaiveRecency(capacity, false), all));
      }),
      SEED,
    );
  });

  test('perfect LFU lets the key go that was asked for least, with all its lives', () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 5 }), (all, capacity) => {
        const model = new PerfectLfu(capacity, KEYS);
        const counts = new Map<number, number>();
        const present = new Set<number>();
        all.forEach(({ key, isWrite }, at) => {
          model.advanceTo(at);
          if (isWrite) model.write(key, 0);
          else expect(model.read(key, 0)).toBe(present.has(key));
          if (!present.has(key) && present.size === capacity) {
            const gone = [...present].filter((other) => !model.has(other));
            expect(gone.length).toBe(1);
            const least = Math.min(...[...present].map((other) => counts.get(other)!));
            expect(counts.get(gone[0]!)).toBe(least);
            present.delete(gone[0]!);
          }
          present.add(key);
          counts.set(key, (counts.get(key) ?? 0) + 1);
        });
      }),
      SEED,
    );
  });

  test("Redis's LFU lets a key with the least count go", () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 5 }), fc.nat(2), (all, capacity, decayMinutes) => {
        const model = new ExactRedisLfu(capacity, KEYS, { logFactor: 1, decayMinutes });
        const present = new Set<number>();
        all.forEach(({ key, isWrite }, at) => {
          model.advanceTo(20_000 * at);
          const before = new Map([...present].map((other) => [other, model.count(other)]));
          if (isWrite) model.write(key, 0);
          else expect(model.read(key, 0)).toBe(present.has(key));
          if (!present.has(key) && present.size === capacity) {
            const gone = [...present].filter((other) => !model.has(other));
            expect(gone.length).toBe(1);
            expect(before.get(gone[0]!)).toBe(Math.min(...before.values()));
            present.delete(gone[0]!);
          }
          present.add(key);
        });
      }),
      SEED,
    );
  });

  test("the counts of Redis's LFU grow as its documentation has it", () => {
    // redis.io, “Key eviction”: the counter after so many hits, by the factor.
    const documented: [number, number[]][] = [
      [0, [104, 255, 255]],
      [1, [18, 49, 255]],
      [10, [10, 18, 142]],
      [100, [8, 11, 49]],
    ];
    for (const [logFactor, after] of documented) {
      const model = new ExactRedisLfu(1, 1, { logFactor, decayMinutes: 0 });
      let hits = 0;
      after.forEach((count, at) => {
        for (; hits < [100, 1000, 100_000][at]!; hits++) model.read(0, 0);
        const label = `factor ${logFactor}, ${hits} hits`;
        expect(Math.abs(model.count(0) - count), label).toBeLessThan(2 + 0.15 * count);
      });
    }
  });

  test("the counts of Redis's LFU lose one for so many minutes without use", () => {
    const model = new ExactRedisLfu(1, 1, { logFactor: 0, decayMinutes: 2 });
    for (let read = 0; read <= 20; read++) model.read(0, 0);
    expect(model.count(0)).toBe(25);
    const counts = [1, 2, 3, 4, 5].map((minute) => {
      model.advanceTo(60_000 * minute);
      return model.count(0);
    });
    expect(counts).toEqual([25, 24, 24, 23, 23]);
    // Use begins the two minutes anew.
    model.read(0, 0);
    model.advanceTo(60_000 * 6);
    expect(model.count(0)).toBe(24);
    model.advanceTo(60_000 * 7);
    expect(model.count(0)).toBe(23);
    model.advanceTo(60_000 * 1000);
    expect(model.count(0)).toBe(0);
  });

  test('Belady: as good as the best of all choices', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(4), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 3 }),
        (keys, capacity) => {
          const trace = { name: '', keys: Uint32Array.from(keys), keyCount: 5 };
          expect(beladyHitRate(trace, capacity)).toBeCloseTo(
            (100 * mostHits(keys, capacity)) / keys.length,
            9,
          );
        },
      ),
      SEED,
    );
  });

  test('random keeps as much of a loop as theory says', () => {
    const trace = loop({ requests: 60_000, keys: 0, capacity: 500 });
    // Of a cycle's misses m, a key survives with (1 − 1/500)^m; and 600 · (1 − hits) = m.
    let hits = 0.5;
    for (let step = 0; step < 100; step++) hits = (1 - 1 / 500) ** (600 * (1 - hits));
    expect(Math.abs(hitRate(trace, new RandomModel(500, trace.keyCount)) - 100 * hits)).toBeLessThan(1);
  });

  test('nobody is better than Belady, and a larger LRU no worse than a smaller', () => {
    const size = { requests: 20_000, keys: 2000, capacity: 200 };
    for (const trace of makeTraces(size).filter(
      ({ lifetimesMs, writes }) => (lifetimesMs ?? writes) === undefined,
    )) {
      const best = beladyHitRate(trace, 200);
      for (const model of allModels(200, trace)) {
        expect(hitRate(trace, model), `${model.constructor.name}, ${trace.name}`).toBeLessThanOrEqual(best);
      }
      const [small, large] = [100, 200].map((capacity) =>
        hitRate(trace, new ExactLru(capacity, trace.keyCount)),
      );
      expect(small, trace.name).toBeLessThanOrEqual(large!);
    }
  });

  test('with room for all keys, only the first request for each misses', () => {
    const trace = zipf({ requests: 5000, keys: 300, capacity: 300 }, 0.9);
    const asked = new Set(trace.keys).size;
    for (const model of allModels(300, trace)) {
      expect(hitRate(trace, model), model.constructor.name).toBe((100 * (5000 - asked)) / 5000);
    }
  });
});

function allModels(capacity: number, { keyCount }: Trace) {
  return [
    new ExactLru(capacity, keyCount),
    new ExactLrm(capacity, keyCount),
    new ExactRedisLfu(capacity, keyCount, { logFactor: 10, decayMinutes: 1 }),
    new PerfectLfu(capacity, keyCount),
    new RandomModel(capacity, keyCount),
  ];
}

/** All that could be let go is tried. */
function mostHits(keys: readonly number[], capacity: number, present: readonly number[] = []): number {
  const [key, ...later] = keys;
  if (key === undefined) return 0;
  if (present.includes(key)) return 1 + mostHits(later, capacity, present);
  if (present.length < capacity) return mostHits(later, capacity, [...present, key]);
  return Math.max(
    ...present.map((gone) => mostHits(later, capacity, [...present.filter((other) => other !== gone), key])),
  );
}
