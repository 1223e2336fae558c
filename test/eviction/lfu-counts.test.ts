import { describe, expect, test } from 'vitest';
import { Store, type StoreOptions } from '../../src/index.ts';
import { connect } from '../../src/session/connection.ts';
import { hitRate } from './support/hit-rate.ts';
import { ExactRedisLfu } from './support/lfu-models.ts';
import { keyName, StoreCache, seededRandom } from './support/store-cache.ts';
import { movingZipf, recencyWalk, zipf } from './support/traces.ts';

const MINUTE_MS = 60_000;

function lfuStore(options: StoreOptions): { store: Store; count: (key: string) => unknown } {
  const store = new Store({
    clock: { now: () => 0 },
    random: seededRandom(),
    maxMemory: '1gb',
    maxMemoryPolicy: 'allkeys-lfu',
    ...options,
  });
  const connection = connect(store);
  return { store, count: (key) => connection.call('OBJECT', 'FREQ', key) };
}

describe('counts of use', () => {
  test.each([1, 10, 100])('grow as those of the model do, factor %i', (lfuLogFactor) => {
    const keys = 200;
    const { store, count } = lfuStore({ lfuLogFactor });
    const model = new ExactRedisLfu(keys, keys, { logFactor: lfuLogFactor, decayMinutes: 1 });
    let hits = 0;
    for (const after of [10, 100, 1000]) {
      for (; hits < after; hits++) {
        for (let key = 0; key < keys; key++) {
          if (hits === 0) store.set(keyName(key), 'v');
          else store.get(keyName(key));
          model.read(key, 0);
        }
      }
      let found = 0;
      let expected = 0;
      for (let key = 0; key < keys; key++) {
        found += Number(count(keyName(key)));
        expected += model.count(key);
      }
      // A key's count deviates by a fifth at most, and the mean of 200 by a fourteenth of that.
      expect(Math.abs(found - expected) / expected, `after ${after}`).toBeLessThan(0.05);
    }
  });

  test('with factor 0 each use counts, up to 255', () => {
    const { store, count } = lfuStore({ lfuLogFactor: 0 });
    store.set('key', 'v');
    const counts = [3, 100, 146, 1, 1].map((hits) => {
      for (let hit = 0; hit < hits; hit++) store.get('key');
      return count('key');
    });
    expect(counts).toEqual([8, 108, 254, 255, 255]);
  });

  test.each([1, 2, 7])('fall by one for every %i minutes without use', (lfuDecayTime) => {
    const { store, count } = lfuStore({ lfuLogFactor: 0, lfuDecayTime });
    const model = new ExactRedisLfu(1, 1, { logFactor: 0, decayMinutes: lfuDecayTime });
    store.set('key', 'v');
    model.read(0, 0);
    for (let hit = 0; hit < 30; hit++) {
      store.get('key');
      model.read(0, 0);
    }
    for (let minute = 1; minute <= 60; minute++) {
      store.advance(MINUTE_MS);
      model.advanceTo(MINUTE_MS * minute);
      expect(count('key'), `minute ${minute}`).toBe(model.count(0));
      if (minute % 13 !== 0) continue;
      store.get('key');
      model.read(0, 0);
    }
  });

  test('with decay 0 they never fall', () => {
    const { store, count } = lfuStore({ lfuLogFactor: 0, lfuDecayTime: 0 });
    store.set('key', 'v');
    store.get('key');
    store.advance(1000 * MINUTE_MS);
    expect(count('key')).toBe(6);
  });
});

describe('commands that use two keys, or one twice', () => {
  function lists(): { store: Store; count: (key: string) => unknown } {
    const made = lfuStore({ lfuLogFactor: 0 });
    made.store.rpush('source', ['a', 'b', 'c']);
    made.store.rpush('target', 'd');
    return made;
  }

  test('LMOVE uses both lists once', () => {
    const { store, count } = lists();
    store.lmove('source', 'target', 'left', 'right');
    expect([count('source'), count('target')]).toEqual([6, 6]);
  });

  test('LMOVE to a new list uses only the old one', () => {
    const { store, count } = lists();
    store.lmove('source', 'new', 'left', 'right');
    expect([count('source'), count('new')]).toEqual([6, 5]);
  });

  test('LMOVE within a list uses it twice', () => {
    const { store, count } = lists();
    store.lmove('source', 'source', 'left', 'right');
    expect(count('source')).toBe(7);
  });

  test.each(['text', 'hash'])('RENAME of a %s uses it once, and what it replaces is forgotten', (key) => {
    const { store, count } = lists();
    store.set('text', 'v');
    store.hset('hash', { f: 'v' });
    store.touch(['target', 'target', 'target']);
    store.rename(key, 'target');
    expect(count('target')).toBe(6);
  });

  test('PFCOUNT uses its key once, whether it keeps the estimate or has it', () => {
    const { store, count } = lists();
    store.pfadd('hll', ['a', 'b']);
    store.pfcount('hll');
    expect(count('hll')).toBe(6);
    store.pfcount('hll');
    expect(count('hll')).toBe(7);
  });
});

describe('counts of use that decay, against the exact model of them', () => {
  const SIZE = { requests: 100_000, keys: 4000, capacity: 400 };
  // In a minute as many requests as the cache holds keys, times seven; or a tenth of that many.
  test.each([
    { trace: zipf(SIZE, 0.9), requestMs: 20 },
    { trace: zipf(SIZE, 0.9), requestMs: 1500 },
    { trace: movingZipf(SIZE), requestMs: 20 },
    { trace: movingZipf(SIZE), requestMs: 1500 },
    { trace: recencyWalk(SIZE), requestMs: 1500 },
  ])('$trace.name, a request in $requestMs ms', ({ trace, requestMs }) => {
    const { capacity } = SIZE;
    const model = new ExactRedisLfu(capacity, trace.keyCount, { logFactor: 10, decayMinutes: 1 });
    const exact = hitRate(trace, model, requestMs);
    for (const maxMemorySamples of [5, 64]) {
      const cache = new StoreCache(capacity, { maxMemoryPolicy: 'allkeys-lfu', maxMemorySamples });
      const found = hitRate(trace, cache, requestMs);
      expect(Math.abs(found - exact), `${found}, exactly ${exact}`).toBeLessThan(1);
    }
  });
});
