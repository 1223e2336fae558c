import { describe, expect, test } from 'vitest';
import { Store } from '../../src/index.ts';
import type { RecencyTracker } from '../../src/keyspace/eviction/recency-tracker.ts';
import { accessOf } from '../../src/keyspace/eviction/uses.ts';
import { randomFrom } from '../differential/support/random-sampler.ts';

// Ticks are halved before they reach 2^30. No test gets there by using keys: it is brought near the end, again and again.

const MOST_TICKS = 2 ** 30;
const KEYS = 200;

class Clock {
  ms = 1_700_000_000_000;

  now(): number {
    return this.ms;
  }
}

interface Innards {
  lastTick: number;
  freeTick: number;
}

function bringNear(store: Store, left: number): void {
  const innards = store.keyspace.access as RecencyTracker as unknown as Innards;
  innards.lastTick = Math.max(innards.lastTick, MOST_TICKS - left);
  innards.freeTick = innards.lastTick;
}

function ticksOf({ keyspace }: Store): number[] {
  const database = keyspace.databases[0]!;
  return Array.from(database.map.values(), (held) => accessOf(database, held));
}

describe.each(['allkeys-lru', 'allkeys-lrm'] as const)('%s', (maxMemoryPolicy) => {
  test.each([1, 2, 3, 64, 130, 1000])('%i ticks before their end, all goes on', (left) => {
    const clock = new Clock();
    const store = new Store({ clock, maxMemoryPolicy, maxMemorySamples: 1000 });
    store.close();
    const random = randomFrom(left);
    for (let round = 0; round < 5; round++) {
      // Two seconds apart: what is idle for longer stays so.
      for (let at = 0; at < KEYS; at++) {
        store.set(`k${at}`, 'v');
        if (random() < 0.1) clock.ms += 2000;
        expect(Math.max(...ticksOf(store))).toBeLessThan(MOST_TICKS);
        if (at === KEYS / 2) bringNear(store, left);
      }
      const idle = Array.from({ length: KEYS }, (_, at) => store.objectIdletime(`k${at}`)!);
      for (let at = 1; at < KEYS; at++) expect(idle[at]!).toBeLessThanOrEqual(idle[at - 1]!);
      expect(idle[KEYS - 1]).toBeLessThanOrEqual(2);
    }
    store.keyspace.checkInvariants();
  });

  test('what is used goes after what is not, though it was met as a candidate before', () => {
    const clock = new Clock();
    const store = new Store({ clock, maxMemoryPolicy, maxMemorySamples: 1000 });
    store.close();
    for (let at = 0; at < KEYS; at++) store.set(`k${at}`, 'v');
    const { keyspace } = store;
    // One goes, and the next ones are known.
    keyspace.memoryLimit.maxBytes = keyspace.countMemory().usedBytes - 1;
    expect(store.exists('k0')).toBe(0);
    keyspace.memoryLimit.maxBytes = 2 ** 40;
    for (let at = 1; at < 20; at++) store.set(`k${at}`, 'w');
    bringNear(store, 3);
    clock.ms += 1000;
    for (let at = 20; at < 25; at++) store.set(`k${at}`, 'w');
    expect(Math.max(...ticksOf(store))).toBeLessThan(MOST_TICKS / 2 + KEYS);
    keyspace.memoryLimit.maxBytes = keyspace.memory!.usedBytes - 1;
    expect(store.exists(Array.from({ length: 24 }, (_, at) => `k${at + 1}`))).toBe(24);
    expect(store.exists('k25')).toBe(0);
  });
});

test('a clock that jumps back and forth costs the order of nothing that was used since', () => {
  const clock = new Clock();
  const store = new Store({ clock, maxMemoryPolicy: 'allkeys-lru', maxMemorySamples: 1000 });
  store.close();
  const random = randomFrom(7);
  const order: string[] = [];
  for (let at = 0; at < 1000; at++) {
    clock.ms += Math.floor((random() - 0.5) * 2 * 10 ** Math.floor(random() * 12));
    const key = `k${Math.floor(random() * 40)}`;
    store.set(key, 'v');
    const before = order.indexOf(key);
    if (before >= 0) order.splice(before, 1);
    order.push(key);
    const idle = store.objectIdletime(key)!;
    expect(idle).toBe(0);
    for (const other of order) expect(store.objectIdletime(other)).toBeGreaterThanOrEqual(0);
  }
  const ranks = order.map((key) => {
    const stored = store.keyspace.databases[0]!.map.get(key);
    return typeof stored === 'object' ? stored.access : -1;
  });
  expect(Math.max(...ranks)).toBeLessThan(MOST_TICKS);
  // Ticks that were halved may be the same; none is the other way round.
  expect([...ranks].sort((a, b) => a - b)).toEqual(ranks);
});
