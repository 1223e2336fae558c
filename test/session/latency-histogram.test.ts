import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LatencyHistogram } from '../../src/session/statistics/latency-histogram.ts';

const times = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 300 }),
    fc.integer({ min: 0, max: 100_000 }),
    fc.integer({ min: 0, max: 999_999_999 }),
  ),
  { minLength: 1, maxLength: 200 },
);

/** The longest time, in nanoseconds, that is counted with this one: seven bits behind the first are told apart. */
function roundedUp(ns: number): number {
  const unit = ns < 256 ? 1 : 2 ** (Math.floor(Math.log2(ns)) - 7);
  return (Math.floor(ns / unit) + 1) * unit - 1;
}

function histogramOf(nanoseconds: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  // Half a nanosecond more, lest a division rounds it down to the one before.
  for (const ns of nanoseconds) histogram.record((ns + 0.5) / 1e6);
  return histogram;
}

describe('the histogram of latencies', () => {
  test('percentiles are those of a sorted list, rounded up', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 1000 }), (nanoseconds, tenths) => {
        const percent = tenths / 10;
        const sorted = [...nanoseconds].sort((a, b) => a - b);
        const rank = Math.max(1, Math.floor((percent / 100) * sorted.length + 0.5));
        expect(histogramOf(nanoseconds).percentileUs(percent)).toBe(roundedUp(sorted[rank - 1]!) / 1000);
      }),
      { seed: 20_260_101 },
    );
  });

  test('steps double, leave out where nothing is added, and count all in the end', () => {
    fc.assert(
      fc.property(times, (nanoseconds) => {
        const steps = histogramOf(nanoseconds).cumulative();
        const expected: [number, number][] = [];
        for (let bound = 1024; (expected.at(-1)?.[1] ?? 0) < nanoseconds.length; bound *= 2) {
          const count = nanoseconds.filter((ns) => ns <= roundedUp(bound)).length;
          if (count > (expected.at(-1)?.[1] ?? 0))
            expected.push([Math.floor(roundedUp(bound) / 1000), count]);
        }
        expect(steps).toEqual(expected);
      }),
      { seed: 20_260_101 },
    );
  });

  test("the steps are Redis's", () => {
    const microseconds = [0.5, 1.5, 3, 6, 12, 20, 40, 80, 200, 400, 800];
    expect(histogramOf(microseconds.map((us) => us * 1000)).cumulative()).toEqual([
      [1, 1],
      [2, 2],
      [4, 3],
      [8, 4],
      [16, 5],
      [33, 6],
      [66, 7],
      [132, 8],
      [264, 9],
      [528, 10],
      [1056, 11],
    ]);
  });

  test('what takes longer than a second counts as a second', () => {
    const histogram = new LatencyHistogram();
    histogram.record(86_400_000);
    expect(histogram.total).toBe(1);
    expect(histogram.percentileUs(100)).toBeCloseTo(1_000_000, -5);
    expect(histogram.cumulative()).toHaveLength(1);
  });

  test('nothing recorded', () => {
    const histogram = new LatencyHistogram();
    expect(histogram.cumulative()).toEqual([]);
    expect(histogram.percentileUs(50)).toBe(0);
  });
});
