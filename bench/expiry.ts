import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Store } from '../src/index.ts';
import { formatCount, names } from './data.ts';
import { progress, type Section } from './harness.ts';
import { HoldMeter } from './hold-meter.ts';
import { printNote, printTable } from './table.ts';

const KEYS = 1_000_000;
const QUICK_KEYS = 100_000;
const DAY_MS = 86_400_000;

type Timeout = (callback: () => void, delayMs?: number) => unknown;

export const expiry: Section = {
  name: 'expiry',
  title: 'How long expiry holds the event loop',
  async run({ isQuick }) {
    const count = isQuick ? QUICK_KEYS : KEYS;
    const keys = names('key', count);
    const rows: string[][] = [];
    const patterns: [string, (at: number) => number][] = [
      ['all due at one millisecond', () => DAY_MS],
      ['due within a second', (at) => DAY_MS + (at % 1000)],
      ['due within an hour', (at) => DAY_MS + ((at * 7919) % 3_600_000)],
      ['due within a day', (at) => DAY_MS + ((at * 7919) % DAY_MS)],
    ];
    for (const [pattern, delayMs] of patterns) {
      progress(`in slices: ${pattern}`);
      rows.push([`slices, ${pattern}`, ...(await expireInSlices(keys, delayMs)).cells(count)]);
    }
    progress('as time passes');
    const passing = await expireAsTimePasses(keys);
    rows.push(['as it comes due, within 3 s', ...passing.meter.cells(count)]);
    progress('Map.delete');
    rows.push(['for comparison, Map.delete in portions', ...deleteInPortions(keys).cells(count)]);
    printTable(`${formatCount(count)} keys expire`, ['keys', ...HoldMeter.header], rows);
    printNote(
      `As it comes due, an interval of the event loop was late by at most ${passing.latestMs.toFixed(1)} ms, preemption included ` +
        `(with nothing to expire: ${passing.idleLatestMs.toFixed(1)} ms).`,
    );
  },
};

/** The clock jumps past everything, and the store's own driver works it off, slice by slice. */
async function expireInSlices(keys: readonly string[], delayMs: (at: number) => number): Promise<HoldMeter> {
  let aheadMs = 0;
  const meter = new HoldMeter();
  const store = new Store({ clock: { now: () => Date.now() + aheadMs } });
  keys.forEach((key, at) => {
    store.set(key, 'value', { px: delayMs(at) });
  });
  // Keys that have waited for long are where the collector no longer moves them.
  globalThis.gc?.();
  aheadMs = 3 * DAY_MS;
  const { driver } = store.keyspace;
  while (store.dbsize() > 0) {
    meter.measure(() => driver.runSlice());
    await turn();
  }
  store.close();
  return meter;
}

/** Keys come due one after the other in real time. */
async function expireAsTimePasses(
  keys: readonly string[],
): Promise<{ meter: HoldMeter; latestMs: number; idleLatestMs: number }> {
  const meter = new HoldMeter();
  const idle = monitorEventLoopDelay({ resolution: 1 });
  idle.enable();
  await new Promise((resolve) => setTimeout(resolve, 2000));
  idle.disable();
  const restore = meterTimeouts(meter);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  try {
    const store = new Store();
    const startMs = Date.now() + 5000;
    keys.forEach((key, at) => {
      store.set(key, 'value', { pxat: startMs + ((at * 7919) % 3000) });
    });
    globalThis.gc?.();
    delay.enable();
    while (store.dbsize() > 0) await turn();
    delay.disable();
    store.close();
  } finally {
    restore();
  }
  return { meter, latestMs: delay.max / 1e6, idleLatestMs: idle.max / 1e6 };
}

/** Has every wake of a timer that is set from now on go through the meter. */
function meterTimeouts(meter: HoldMeter): () => void {
  const host = globalThis as { setTimeout: Timeout };
  const original = host.setTimeout;
  host.setTimeout = (callback, delayMs) => original(() => meter.measure(callback), delayMs);
  return () => {
    host.setTimeout = original;
  };
}

/** Lets the event loop turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What the least that expiry must do costs: deleting from a Map, which rehashes itself as it shrinks. */
function deleteInPortions(keys: readonly string[]): HoldMeter {
  const meter = new HoldMeter();
  const map = new Map(keys.map((key) => [key, 'value']));
  globalThis.gc?.();
  for (let from = 0; from < keys.length; from += 1500) {
    const portion = keys.slice(from, from + 1500);
    meter.measure(() => {
      for (const key of portion) map.delete(key);
    });
  }
  return meter;
}
