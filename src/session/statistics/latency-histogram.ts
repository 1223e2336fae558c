/**
 * How long something took, as a histogram: the form in which Redis keeps the latencies of a command.
 *
 * Nanoseconds are counted in buckets that are exact below 256 ns and get wider with the time, so that none is wider
 * than 1/128 of what it counts:
 *
 *     ns       0 … 255    256 … 511   512 … 1023   …   2^k … 2^(k+1) − 1
 *     width    1          2           4                2^(k−7)
 *
 * Invariants: `total` is the sum of `counts`; a bucket's index grows with the time.
 */
export class LatencyHistogram {
  private counts = new Uint32Array(FIRST_BUCKETS);
  /** How many times were recorded. */
  total = 0;

  /** One more time, in milliseconds. Times beyond a second count as a second. */
  record(durationMs: number): void {
    const durationNs = durationMs < LONGEST_MS ? (durationMs * 1e6) | 0 : LONGEST_NS;
    const index = bucketOf(durationNs);
    if (index >= this.counts.length) this.growTo(index);
    this.counts[index]!++;
    this.total++;
  }

  /** The time, in microseconds, within which so many percent of all lie, a little rounded up. O(buckets). */
  percentileUs(percent: number): number {
    const wanted = Math.max(1, Math.floor((percent / 100) * this.total + 0.5));
    let seen = 0;
    for (const [index, count] of this.counts.entries()) {
      seen += count;
      if (seen >= wanted) return longestNs(index) / 1000;
    }
    return 0;
  }

  /**
   * How many took at most so long, in microseconds that double from 1 on; steps in which none is added are left out.
   * O(buckets).
   */
  cumulative(): [microseconds: number, count: number][] {
    const steps: [number, number][] = [];
    let seen = 0;
    let next = 0;
    let boundNs = FIRST_STEP_NS;
    while (seen < this.total) {
      const last = bucketOf(boundNs);
      const before = seen;
      for (; next <= last && next < this.counts.length; next++) seen += this.counts[next]!;
      if (seen > before) steps.push([Math.floor(longestNs(last) / 1000), seen]);
      boundNs *= 2;
    }
    return steps;
  }

  private growTo(index: number): void {
    let size = this.counts.length;
    while (size <= index) size *= 2;
    const grown = new Uint32Array(size);
    grown.set(this.counts);
    this.counts = grown;
  }
}

/** Enough for 16 µs. */
const FIRST_BUCKETS = 1024;
const LONGEST_MS = 1000;
const LONGEST_NS = 1_000_000_000;
const FIRST_STEP_NS = 1024;
/** From here on buckets are wider than a nanosecond, and so many of them share a width. */
const BUCKETS_PER_DOUBLING = 128;
const BITS = 7;

function bucketOf(durationNs: number): number {
  if (durationNs < 2 * BUCKETS_PER_DOUBLING) return durationNs;
  const doublings = 31 - Math.clz32(durationNs) - BITS;
  return doublings * BUCKETS_PER_DOUBLING + (durationNs >>> doublings);
}

/** The longest time that a bucket counts. */
function longestNs(index: number): number {
  if (index < 2 * BUCKETS_PER_DOUBLING) return index;
  const doublings = Math.floor(index / BUCKETS_PER_DOUBLING) - 1;
  const steps = index - doublings * BUCKETS_PER_DOUBLING;
  return (steps + 1) * 2 ** doublings - 1;
}
