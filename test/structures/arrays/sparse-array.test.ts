import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ArrayLimits, SparseArray } from '../../../src/structures/arrays/sparse-array.ts';
import { NaiveArray } from './naive-array.ts';

const LIMITS: ArrayLimits = { arraySliceSize: 4096, arraySparseKmax: 10, arraySparseKmin: 5 };
const SMALL: ArrayLimits = { arraySliceSize: 256, arraySparseKmax: 6, arraySparseKmin: 3 };
const DENSE_ONLY: ArrayLimits = { arraySliceSize: 256, arraySparseKmax: 0, arraySparseKmin: 0 };
const MAX_INDEX = 2n ** 64n - 2n;

type Index = number | bigint;

function plain(index: bigint): Index {
  return index <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(index) : index;
}

function scan(array: SparseArray, from: Index, to: Index): [bigint, string][] {
  const found: [bigint, string][] = [];
  array.forEach(from, to, (slot, index) => {
    found.push([BigInt(index), String(slot)]);
    return true;
  });
  return found;
}

function compare(array: SparseArray, naive: NaiveArray): void {
  array.checkInvariants();
  expect(array.count).toBe(naive.values.size);
  expect(BigInt(array.length)).toBe(naive.length);
  expect(array.cursor === undefined ? undefined : BigInt(array.cursor)).toBe(naive.cursor);
  expect(scan(array, 0, MAX_INDEX)).toEqual(naive.scan(0n, MAX_INDEX));
}

const near = fc.nat(600).map(BigInt);
const index = fc.oneof(
  { weight: 6, arbitrary: near },
  { weight: 2, arbitrary: near.map((at) => 524_288n - 300n + at) },
  { weight: 1, arbitrary: near.map((at) => 8_388_608n + at) },
  { weight: 1, arbitrary: fc.nat(40_000_000).map(BigInt) },
  { weight: 1, arbitrary: near.map((at) => 2n ** 53n - 300n + at) },
  { weight: 1, arbitrary: near.map((at) => MAX_INDEX - at) },
);
const value = fc.oneof(
  fc.constantFrom('a', '', '-', '-0', '0', '007', '1e3', '999999999', '-999999999', '1234567890', '\udc80'),
  fc.integer().map(String),
  fc.string({ maxLength: 12 }),
);
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ set: index, value }) },
  {
    weight: 2,
    arbitrary: fc.record({ all: index, values: fc.array(value, { minLength: 1, maxLength: 30 }) }),
  },
  { weight: 3, arbitrary: fc.record({ delete: index }) },
  { weight: 2, arbitrary: fc.record({ from: index, to: index }) },
  { weight: 1, arbitrary: fc.record({ first: near, length: fc.nat(400).map(BigInt) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      ring: fc.oneof(fc.integer({ min: 1, max: 12 }).map(BigInt), fc.constant(2n ** 62n)),
      values: fc.array(value, { minLength: 1, maxLength: 9 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ seek: index }) },
  { weight: 1, arbitrary: fc.constant({ clone: true as const }) },
  { weight: 1, arbitrary: fc.constant({ ask: true as const }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function run(array: SparseArray, naive: NaiveArray, limits: ArrayLimits, one: Step): void {
  if ('set' in one) {
    expect(array.set(plain(one.set), one.value, limits)).toBe(naive.set(one.set, one.value));
    expect(array.get(plain(one.set))).toBe(one.value);
  } else if ('all' in one) {
    const start = one.all + BigInt(one.values.length) > MAX_INDEX ? one.all - 100n : one.all;
    const added = one.values.filter((each, at) => naive.set(start + BigInt(at), each)).length;
    expect(array.setAll(plain(start), one.values, limits)).toBe(added);
  } else if ('delete' in one) {
    expect(array.delete(plain(one.delete), limits)).toBe(naive.values.delete(one.delete));
  } else if ('to' in one) {
    const [low, high] = one.from <= one.to ? [one.from, one.to] : [one.to, one.from];
    expect(scan(array, plain(one.from), plain(one.to))).toEqual(naive.scan(one.from, one.to));
    if (high - low < 100_000n)
      expect(array.deleteRange(plain(low), plain(high), limits)).toBe(naive.deleteRange(low, high));
  } else if ('first' in one) {
    const high = one.first + one.length;
    expect(array.deleteRange(plain(one.first), plain(high), limits)).toBe(naive.deleteRange(one.first, high));
  } else if ('ring' in one) {
    const size = plain(one.ring);
    const foretold = array.lastInRing(size, one.values.length);
    expect(array.insertIntoRing(size, one.values, limits)).toBe(foretold);
    expect(BigInt(foretold)).toBe(naive.ring(one.ring, one.values));
  } else if ('seek' in one) {
    array.cursor = plain(one.seek);
    naive.cursor = one.seek;
  } else if ('ask' in one) {
    // From here on it is counted, and compared by checkInvariants.
    expect(array.heapBytes).toBeGreaterThan(0);
  }
}

describe.each([
  ['as usual', LIMITS],
  ['with small slices', SMALL],
  ['without sparse slices', DENSE_ONLY],
])('an array is what a Map would be, %s', (_name, limits) => {
  test('after any steps; and its copies stay what they were', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const array = new SparseArray(limits);
        const naive = new NaiveArray();
        const copies: [SparseArray, [bigint, string][]][] = [];
        for (const one of steps) {
          if ('clone' in one) copies.push([array.clone(), naive.scan(0n, MAX_INDEX)]);
          else run(array, naive, limits, one);
          array.checkInvariants();
        }
        compare(array, naive);
        for (const [copy, content] of copies) {
          copy.checkInvariants();
          expect(scan(copy, 0, MAX_INDEX)).toEqual(content);
          copy.set(3, 'changed', limits);
        }
        compare(array, naive);
      }),
      { seed: 8_080, numRuns: 150 },
    );
  });
});

test('many slices far apart, in any order, and ranges of them that go', () => {
  const array = new SparseArray(SMALL);
  const naive = new NaiveArray();
  for (let at = 0; at < 3000; at++) {
    const place = BigInt((at * 7919) % 3000) * 100_000n;
    array.set(plain(place), `${at}`, SMALL);
    naive.set(place, `${at}`);
  }
  compare(array, naive);
  for (const [low, high] of [
    [10_000_000n, 20_000_000n],
    [20_000_001n, 20_100_000n],
    [150_000_000n, 299_900_000n],
    [0n, 9_000_000n],
  ] as const) {
    expect(array.deleteRange(plain(low), plain(high), SMALL)).toBe(naive.deleteRange(low, high));
    compare(array, naive);
  }
  expect(array.deleteRange(0, MAX_INDEX, SMALL)).toBe(naive.deleteRange(0n, MAX_INDEX));
  expect(array.count).toBe(0);
  expect(array.length).toBe(0);
  array.checkInvariants();
});

test('a walk ends where it is told to', () => {
  const array = new SparseArray(LIMITS);
  array.setAll(0, Array.from({ length: 10_000 }, String), LIMITS);
  const met: Index[] = [];
  array.forEach(9000, 0, (_slot, at) => met.push(at) < 3);
  expect(met).toEqual([9000, 8999, 8998]);
});
