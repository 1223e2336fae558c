import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distanceText, roundDistance } from '../../../src/structures/geo/distance-digits.ts';
import {
  isOnMap,
  latitudeOf,
  longitudeOf,
  MOST_LATITUDE,
  scoreOf,
} from '../../../src/structures/geo/geohash.ts';
import { distanceBetween } from '../../../src/structures/geo/great-circle.ts';
import { sortLeast, sortStably } from '../../../src/structures/geo/nearest-first.ts';
import { PointCollector } from '../../../src/structures/geo/point-collector.ts';
import { Box, Circle, OUTSIDE, Polygon, type SearchArea } from '../../../src/structures/geo/search-area.ts';
import { scoreRangesOf } from '../../../src/structures/geo/search-cells.ts';
import { SortedSet } from '../../../src/structures/sorted-sets/sorted-set.ts';

const SEED = 20_260_101;
const longitudes = fc.double({ min: -180, max: 180, noNaN: true });
const latitudes = fc.double({ min: -MOST_LATITUDE, max: MOST_LATITUDE, noNaN: true });
const places = fc.tuple(longitudes, latitudes);
/** Sizes of all orders of magnitude, in meters. */
const sizes = fc.double({ min: -2, max: 8, noNaN: true }).map((exponent) => 10 ** exponent);

describe('places as scores', () => {
  test('a score is that of 52 bits taken by turns, one by one', () => {
    fc.assert(
      fc.property(places, ([longitude, latitude]) => {
        let column = BigInt(Math.floor(((longitude + 180) / 360) * 2 ** 26));
        let row = BigInt(Math.floor(((latitude + MOST_LATITUDE) / (2 * MOST_LATITUDE)) * 2 ** 26));
        let bits = 0n;
        for (let at = 0n; column > 0n || row > 0n; at += 2n) {
          bits |= ((row & 1n) << at) | ((column & 1n) << (at + 1n));
          column >>= 1n;
          row >>= 1n;
        }
        expect(scoreOf(longitude, latitude)).toBe(Number(bits));
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });

  test('a decoded place is in the same cell, a meter away at most, and on the map', () => {
    fc.assert(
      fc.property(places, ([longitude, latitude]) => {
        const score = scoreOf(longitude, latitude);
        const [east, north] = [longitudeOf(score), latitudeOf(score)];
        expect(isOnMap(east, north)).toBe(true);
        expect(distanceBetween(longitude, latitude, east, north)).toBeLessThan(1);
        // On the edge of the map, the middle of the cell would lie beyond it.
        if (longitude < 180 && latitude < MOST_LATITUDE) expect(scoreOf(east, north)).toBe(score);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });

  test('whatever the score, the place is on the map', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (score) => {
        expect(isOnMap(longitudeOf(score), latitudeOf(score))).toBe(true);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });
});

describe('searching', () => {
  const areas = fc.oneof(
    fc.tuple(places, sizes).map(([[x, y], size]): SearchArea => new Circle(x, y, size)),
    fc
      .tuple(places, sizes, sizes)
      .map(
        ([[x, y], width, height]): SearchArea => new Box(x, y, width, height, Math.hypot(width, height) / 2),
      ),
    fc.array(places, { minLength: 3, maxLength: 8 }).map(
      (corners): SearchArea =>
        new Polygon(
          corners.map(([x]) => x),
          corners.map(([, y]) => y),
        ),
    ),
  );
  const anywhere = fc.array(places, { maxLength: 120 });

  function setOf(members: readonly (readonly [number, number])[]): SortedSet {
    return SortedSet.from(
      members.map((_, at) => `m${at}`),
      members.map(([longitude, latitude]) => scoreOf(longitude, latitude)),
    );
  }
  function found(set: SortedSet, area: SearchArea, most = 0): string[] {
    const collector = new PointCollector();
    collector.collect(set, area, most);
    return collector.members;
  }
  /** Looks at every member there is. */
  function naively(set: SortedSet, area: SearchArea): string[] {
    const members: string[] = [];
    set.forEach(0, set.size - 1, false, (member, score) => {
      if (area.distanceInside(score) !== OUTSIDE) members.push(member);
    });
    return members;
  }
  /** Redis's nine cells are sure to cover an area that its own rectangle says is on the map, date line and poles apart. */
  const isOnOneMap = (area: SearchArea) =>
    isOnMap(area.minLongitude, area.minLatitude) && isOnMap(area.maxLongitude, area.maxLatitude);

  test('a search finds what looking at every member finds', () => {
    let compared = 0;
    fc.assert(
      fc.property(
        anywhere,
        areas,
        fc.array(
          fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })),
          { maxLength: 40 },
        ),
        (far, area, offsets) => {
          // Many near the center, as far away as the area reaches: else little would be found, or left out by little.
          const near = offsets
            .map(
              ([x, y]) =>
                [
                  area.longitude + (x * area.reachM) / 80_000,
                  area.latitude + (y * area.reachM) / 110_000,
                ] as const,
            )
            .filter(([x, y]) => isOnMap(x, y));
          const set = setOf([...far, ...near]);
          const mine = found(set, area).sort();
          const all = naively(set, area).sort();
          expect(new Set(mine).size).toBe(mine.length);
          if (isOnOneMap(area)) {
            compared++;
            expect(mine).toEqual(all);
          } else {
            expect(all).toEqual(expect.arrayContaining(mine));
          }
        },
      ),
      { seed: SEED, numRuns: 1500 },
    );
    expect(compared).toBeGreaterThan(500);
  });

  test('circles that cross the date line find what is beyond it, too', () => {
    fc.assert(
      fc.property(
        anywhere,
        fc.double({ min: -60, max: 60, noNaN: true }),
        fc.double({ min: 0, max: 500_000, noNaN: true }),
        fc.boolean(),
        (far, latitude, radius, isEast) => {
          const area = new Circle(isEast ? 179.9 : -179.9, latitude, radius);
          const beside = [179.5, 179.99, -179.99, -179.5].map((x) => [x, latitude] as const);
          const set = setOf([...far, ...beside]);
          expect(found(set, area).sort()).toEqual(naively(set, area).sort());
        },
      ),
      { seed: SEED, numRuns: 500 },
    );
  });

  test('enough is enough', () => {
    const set = setOf(Array.from({ length: 100 }, (_, at) => [at / 100, at / 200]));
    const area = new Circle(0, 0, 1e6);
    expect(found(set, area)).toHaveLength(100);
    expect(found(set, area, 7)).toEqual(found(set, area).slice(0, 7));
  });

  test('ranges of scores neither overlap nor leave the map', () => {
    fc.assert(
      fc.property(areas, (area) => {
        const ranges = scoreRangesOf(area);
        const pairs: [number, number][] = [];
        for (let at = 0; at < ranges.length; at += 2) pairs.push([ranges[at]!, ranges[at + 1]!]);
        pairs.sort(([a], [b]) => a - b);
        expect(pairs.length).toBeGreaterThan(0);
        for (const [at, [start, end]] of pairs.entries()) {
          expect(start).toBeLessThan(end);
          if (at > 0) expect(start).toBeGreaterThanOrEqual(pairs[at - 1]![1]);
        }
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });
});

describe('order', () => {
  const keysOf = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 300 });

  test('all of them: as a stable sort', () => {
    fc.assert(
      fc.property(keysOf, (given) => {
        const keys = Float64Array.from(given);
        const numbers = Int32Array.from(given.keys());
        sortStably(keys, numbers);
        const expected = [...given.keys()].sort((a, b) => given[a]! - given[b]! || a - b);
        expect([...numbers]).toEqual(expected);
        expect([...keys]).toEqual(expected.map((at) => given[at]));
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test('the least of them: in order, each with its number, none lost', () => {
    fc.assert(
      fc.property(keysOf, fc.nat(300), (given, wanted) => {
        const keys = Float64Array.from(given);
        const numbers = Int32Array.from(given.keys());
        sortLeast(keys, numbers, wanted);
        expect([...keys.subarray(0, wanted)]).toEqual([...given].sort((a, b) => a - b).slice(0, wanted));
        expect([...numbers].sort((a, b) => a - b)).toEqual([...given.keys()]);
        expect([...keys]).toEqual([...numbers].map((at) => given[at]));
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

test('distances have four digits, halves going to the even one', () => {
  expect(distanceText(roundDistance(0))).toBe('0.0000');
  expect(distanceText(roundDistance(166274.15156960033))).toBe('166274.1516');
  expect(distanceText(roundDistance(0.00006))).toBe('0.0001');
  expect(distanceText(roundDistance(1.00003125))).toBe('1.0000');
  expect(distanceText(roundDistance(0.00005))).toBe('0.0000');
  expect(distanceText(roundDistance(0.00035))).toBe('0.0004');
  expect(distanceText(Number.POSITIVE_INFINITY)).toBe('inf');
});
