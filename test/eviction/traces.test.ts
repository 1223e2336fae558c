import { describe, expect, test } from 'vitest';
import { Chance } from '../../bench/data.ts';
import {
  loop,
  makeTraces,
  newItems,
  permutation,
  readsAndWrites,
  scannedZipf,
  zipfRanks,
} from './support/traces.ts';

const SIZE = { requests: 20_000, keys: 2000, capacity: 200 };

describe('traces', () => {
  test('are the same each time, and keep to their keys', () => {
    const [once, again] = [makeTraces(SIZE), makeTraces(SIZE)];
    expect(once).toEqual(again);
    expect(new Set(once.map(({ name }) => name)).size).toBe(once.length);
    for (const { name, keys, keyCount } of once) {
      expect(keys.length, name).toBe(SIZE.requests);
      expect(Math.max(...keys), name).toBeLessThan(keyCount);
      // Each has more keys than the cache has places.
      expect(new Set(keys).size, name).toBeGreaterThanOrEqual(1.2 * SIZE.capacity);
    }
  });

  test('Zipf: ranks come as often as the law says', () => {
    const rank = zipfRanks(1000, 0.9, new Chance(3));
    const counts = new Float64Array(1000);
    const draws = 200_000;
    for (let draw = 0; draw < draws; draw++) counts[rank()]!++;
    let sum = 0;
    for (let at = 1; at <= 1000; at++) sum += at ** -0.9;
    for (const at of [1, 2, 5, 10, 50]) {
      const expected = (draws * at ** -0.9) / sum;
      // Four deviations of a count.
      expect(Math.abs(counts[at - 1]! - expected), `rank ${at}`).toBeLessThan(4 * Math.sqrt(expected));
    }
  });

  test('a permutation has every number once', () => {
    expect([...permutation(500, new Chance(5))].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 500 }, (_, at) => at),
    );
  });

  test('a scan asks for cold keys, as many as the cache holds, one after the other', () => {
    const { keys } = scannedZipf(SIZE);
    expect([...keys.subarray(0, 800)].every((key) => key < SIZE.keys)).toBe(true);
    expect([...keys.subarray(800, 1000)]).toEqual(Array.from({ length: 200 }, (_, at) => SIZE.keys + at));
    expect(keys[1000]).toBeLessThan(SIZE.keys);
  });

  test('a loop is a fifth longer than the cache', () => {
    const { keys } = loop(SIZE);
    expect(keys[239]).toBe(239);
    expect(keys[240]).toBe(0);
  });

  test('one item in ten is new', () => {
    const { keys } = newItems(SIZE);
    let newest = 0;
    let firsts = 0;
    for (const key of keys) {
      if (key === newest + 1) firsts++;
      expect(key).toBeLessThanOrEqual(newest + 1);
      newest = Math.max(newest, key);
    }
    expect(firsts / keys.length).toBeCloseTo(0.1, 1);
  });

  test('one request in four writes', () => {
    const { writes } = readsAndWrites(SIZE);
    expect(writes!.reduce((sum, write) => sum + write, 0) / SIZE.requests).toBeCloseTo(0.25, 1);
  });
});
