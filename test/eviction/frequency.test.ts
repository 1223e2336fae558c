import { describe, expect, test } from 'vitest';
import { Store } from '../../src/index.ts';

// How often a key is used: OBJECT FREQ. With a log factor of 0 each use counts, so nothing is left to chance.

const MINUTE_MS = 60_000;

function counting(lfuDecayTime = 1): Store {
  const clock = { now: () => 1_700_000_040_000 };
  return new Store({ clock, maxMemoryPolicy: 'allkeys-lfu', lfuLogFactor: 0, lfuDecayTime });
}

describe('OBJECT FREQ', () => {
  test('begins at 5, and grows with each command that uses the key', () => {
    const store = counting();
    store.set('k', 'v');
    expect(store.objectFreq('k')).toBe(5);
    store.get('k');
    expect(store.objectFreq('k')).toBe(6);
    store.set('k', 'w');
    expect(store.objectFreq('k')).toBe(7);
    store.append('k', 'x');
    store.append('k', 'x');
    expect(store.objectFreq('k')).toBe(9);
    store.set('k', 'v', { ex: 100 });
    expect(store.objectFreq('k')).toBe(10);
    store.touch('k');
    expect(store.objectFreq('k')).toBe(11);
    expect(store.objectFreq('none')).toBeNull();
  });

  test.each<[string, (store: Store) => void]>([
    ['SET with an expiry', (store) => store.set('k', 'v', { ex: 100 })],
    ['INCR', (store) => store.incr('k')],
    ['RPUSH', (store) => store.rpush('k', ['a', 'b'])],
    ['HSET', (store) => store.hset('k', { a: '1', b: '2' })],
    ['SADD', (store) => store.sadd('k', ['a', 'b'])],
    ['ZADD', (store) => store.zadd('k', { a: 1, b: 2 })],
    ['XADD', (store) => store.xadd('k', { a: '1' })],
  ])('%s makes a key that has not been used', (_, write) => {
    const store = counting();
    write(store);
    expect(store.objectFreq('k')).toBe(5);
    write(store);
    write(store);
    expect(store.objectFreq('k')).toBe(7);
  });

  test('ends at 255', () => {
    const store = counting();
    store.set('k', 'v');
    for (let count = 0; count < 300; count++) store.get('k');
    expect(store.objectFreq('k')).toBe(255);
  });

  test('falls by one for each period without use', () => {
    const store = counting(2);
    store.set('k', 'v');
    for (let count = 0; count < 10; count++) store.get('k');
    store.advance(MINUTE_MS);
    expect(store.objectFreq('k')).toBe(15);
    store.advance(3 * MINUTE_MS);
    expect(store.objectFreq('k')).toBe(13);
    store.get('k');
    expect(store.objectFreq('k')).toBe(14);
    store.advance(1000 * MINUTE_MS);
    expect(store.objectFreq('k')).toBe(0);
  });

  test('does not fall where the decay is off', () => {
    const store = counting(0);
    store.set('k', 'v');
    store.advance(10_000 * MINUTE_MS);
    expect(store.objectFreq('k')).toBe(5);
  });

  test('grows the more slowly the greater the factor, about as Redis says', () => {
    // redis.conf: a factor of 10 is at about 10 after a hundred uses, and at about 142 after a hundred thousand.
    const store = new Store({ clock: { now: () => 1_700_000_040_000 }, maxMemoryPolicy: 'allkeys-lfu' });
    const counts: number[] = [];
    for (let key = 0; key < 20; key++) {
      store.set(`k${key}`, 'v');
      for (let use = 0; use < 1000; use++) store.get(`k${key}`);
      counts.push(store.objectFreq(`k${key}`)!);
    }
    const average = counts.reduce((sum, count) => sum + count) / counts.length;
    expect(average).toBeGreaterThan(14);
    expect(average).toBeLessThan(22);
  });

  test('RESTORE says how often a key was used', () => {
    const store = counting();
    store.set('k', 'v');
    const payload = store.dump('k')!;
    store.restore('k', 0, payload, { replace: true, freq: 77 });
    expect(store.objectFreq('k')).toBe(77);
    store.get('k');
    expect(store.objectFreq('k')).toBe(78);
  });

  test('is refused without an lfu policy; a change to one begins anew', () => {
    const store = new Store({ maxMemoryPolicy: 'allkeys-lru' });
    store.set('k', 'v');
    store.get('k');
    expect(() => store.objectFreq('k')).toThrow('ERR An LFU maxmemory policy is not selected');
    store.keyspace.memoryLimit.policy = 'volatile-lfu';
    expect(store.objectFreq('k')).toBe(5);
    store.keyspace.memoryLimit.policy = 'noeviction';
    expect(() => store.objectFreq('k')).toThrow('ERR An LFU maxmemory policy is not selected');
    store.keyspace.checkInvariants();
  });
});
