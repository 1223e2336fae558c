import { expect, test } from 'vitest';
import { Store } from '../../src/index.ts';
import { policies } from '../../src/keyspace/eviction/policy.ts';
import { randomFrom } from '../differential/support/random-sampler.ts';

// SCAN answers what was there all the time, and ends, also while keys go for others that come; RANDOMKEY and KEYS answer
// what is there.

test.each(policies.filter((policy) => policy !== 'noeviction'))('under %s', (maxMemoryPolicy) => {
  const random = randomFrom(20_261_122);
  const below = (limit: number) => Math.floor(random() * limit);
  const store = new Store({ maxMemoryPolicy, random, clock: { now: () => 1_700_000_000_000 } });
  store.close();
  const { keyspace } = store;
  const add = (number: number) => {
    // Names that are no text, too.
    const key = number % 5 === 0 ? Uint8Array.of(0xff, number & 0xff, number >> 8) : `key:${number}`;
    store.set(key, 'x'.repeat(below(200)), { ex: 1000 + below(1000) });
  };
  let next = 0;
  while (next < 500) add(next++);
  keyspace.memoryLimit.maxBytes = keyspace.countMemory().usedBytes;
  let evictions = 0;
  let left = new Set<string>();
  keyspace.observe({
    changed: (_, key, event) => {
      if (event.name !== 'evicted') return;
      evictions++;
      left.delete(key);
    },
  });
  let stayed = 0;
  for (let scans = 0; scans < 20; scans++) {
    left = new Set(keyspace.databases[0]!.map.keys());
    const found = new Set<string>();
    let cursor = 0;
    let steps = 0;
    do {
      cursor = keyspace.databases[0]!.scan(cursor, 10, (key) => found.add(key));
      for (let adds = below(5); adds > 0; adds--) add(next++);
      if (below(4) === 0) expect(store.exists(store.bytes.randomkey()!)).toBe(1);
      expect(++steps).toBeLessThan(1000);
    } while (cursor !== 0);
    stayed += left.size;
    for (const key of left) expect(found.has(key)).toBe(true);
    keyspace.checkInvariants();
  }
  expect(store.keys('*')).toHaveLength(store.dbsize());
  expect(evictions).toBeGreaterThan(500);
  expect(stayed).toBeGreaterThan(500);
});
