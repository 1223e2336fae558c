/**
 * What timers cost: the wheel against a Map (the least a key costs anyway), the host's own timers and a sorted
 * array; and how long the event loop is held while a million timers come due. `tsx --expose-gc bench/containers/timer-wheel.ts`
 */
import { systemClock } from '../../src/ttl/clock.ts';
import { TimerDriver } from '../../src/ttl/driver.ts';
import { Timer, TimerWheel } from '../../src/ttl/timer-wheel.ts';
import { HoldMeter } from '../hold-meter.ts';

const COUNT = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 5;
const nowMs = Date.now();

class KeyTimer extends Timer {
  readonly key: string;
  readonly #keys: Map<string, KeyTimer>;

  constructor(keys: Map<string, KeyTimer>, key: string) {
    super();
    this.key = key;
    this.#keys = keys;
  }

  override fire(): void {
    this.#keys.delete(this.key);
  }
}

/** The fastest of some rounds, in ns per operation. */
function measure(count: number, run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    run();
    best = Math.min(best, ((performance.now() - start) * 1e6) / count);
  }
  return best;
}

function report(what: string, ns: number, baseNs: number): void {
  console.log(`${what.padEnd(58)} ${ns.toFixed(1).padStart(8)} ns  ${(ns / baseNs).toFixed(2).padStart(7)}×`);
}

const keys = Array.from({ length: 100_000 }, (_, i) => `key:${i}`);
const delays = keys.map((_, i) => 1000 + ((i * 7919) % 3_600_000));

function compareUpkeep(): void {
  console.log(`\nupkeep, ${keys.length} keys with a TTL of up to an hour (ratio to Map set + delete)`);
  const map = new Map<string, number>();
  const mapNs = measure(keys.length, () => {
    for (const key of keys) map.set(key, 1);
    for (const key of keys) map.delete(key);
  });
  report('Map: set + delete', mapNs, mapNs);

  const wheel = new TimerWheel();
  wheel.advance(nowMs);
  const owner = new Map<string, KeyTimer>();
  const timers = keys.map((key) => new KeyTimer(owner, key));
  const both = measure(keys.length, () => {
    for (let i = 0; i < timers.length; i++) wheel.schedule(timers[i]!, nowMs + delays[i]!);
    for (const timer of timers) wheel.cancel(timer);
  });
  report('wheel: schedule + cancel', both, mapNs);
  const one = timers[0]!;
  const hot = measure(keys.length, () => {
    for (let i = 0; i < keys.length; i++) {
      wheel.schedule(one, nowMs + delays[i]!);
      wheel.cancel(one);
    }
  });
  report('wheel: schedule + cancel, one timer over and over', hot, mapNs);
  const fresh = measure(keys.length, () => {
    const made = keys.map((key) => new KeyTimer(owner, key));
    for (let i = 0; i < made.length; i++) wheel.schedule(made[i]!, nowMs + delays[i]!);
    for (const timer of made) wheel.cancel(timer);
  });
  report('wheel: new timer + schedule + cancel', fresh, mapNs);
  for (const timer of timers) wheel.schedule(timer, nowMs + 1000);
  const again = measure(keys.length, () => {
    for (let i = 0; i < timers.length; i++) wheel.schedule(timers[i]!, nowMs + delays[i]!);
  });
  report('wheel: reschedule', again, mapNs);
  for (const timer of timers) wheel.cancel(timer);

  const driver = new TimerDriver(wheel, systemClock);
  driver.schedule(new KeyTimer(owner, ''), nowMs + 900);
  const driven = measure(keys.length, () => {
    for (let i = 0; i < timers.length; i++) driver.schedule(timers[i]!, nowMs + 10_000 + delays[i]!);
    for (const timer of timers) driver.cancel(timer);
  });
  report('driver: schedule + cancel', driven, mapNs);
  driver.stop();

  const handles: NodeJS.Timeout[] = new Array(keys.length);
  const hostNs = measure(keys.length, () => {
    for (let i = 0; i < keys.length; i++) handles[i] = setTimeout(() => {}, delays[i]!);
    for (const handle of handles) clearTimeout(handle);
  });
  report('host: setTimeout + clearTimeout', hostNs, mapNs);

  const few = 5000;
  const sortedNs = measure(few, () => {
    const due: number[] = [];
    const find = (ms: number) => {
      let low = 0;
      let high = due.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (due[middle]! < ms) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    for (let i = 0; i < few; i++) due.splice(find(delays[i]!), 0, delays[i]!);
    for (let i = 0; i < few; i++) due.splice(find(delays[i]!), 1);
  });
  report(`sorted array of ${few}: insert + remove`, sortedNs, mapNs);
}

class IdleTimer extends Timer {
  override fire(): void {}
}

type TimerMaker = (owner: Map<string, KeyTimer>, i: number) => Timer;

function reportHolds(what: string, meter: HoldMeter): void {
  const cells = meter.cells(COUNT).map((cell, at) => `${HoldMeter.header[at]}: ${cell}`);
  console.log(`${what.padEnd(40)} ${cells.join(', ')}`);
}

function deleteInPortions(): void {
  const map = new Map<string, string>();
  for (let i = 0; i < COUNT; i++) map.set(`key:${i}`, '');
  const all = [...map.keys()];
  globalThis.gc?.();
  const meter = new HoldMeter();
  for (let at = 0; at < COUNT; at += 1500) {
    const end = Math.min(at + 1500, COUNT);
    meter.measure(() => {
      for (let i = at; i < end; i++) map.delete(all[i]!);
    });
  }
  reportHolds('Map: delete', meter);
}

/** Lets a wheel run dry in the driver's slices, each timed. */
function expireInSlices(
  what: string,
  dueAt: (i: number) => number,
  base: number,
  makeTimer: TimerMaker,
): void {
  let clockMs = base;
  const owner = new Map<string, KeyTimer>();
  const wheel = new TimerWheel();
  wheel.advance(base);
  // A host without timers, so that each slice can be called and timed by itself.
  const driver = new TimerDriver(wheel, { now: () => clockMs }, { host: { performance } });
  for (let i = 0; i < COUNT; i++) {
    wheel.schedule(makeTimer(owner, i), dueAt(i));
  }
  clockMs = base + 86_400_000 * 2;
  // Timers that have waited for long are where the collector no longer moves them.
  globalThis.gc?.();
  const meter = new HoldMeter();
  while (wheel.hasDue(clockMs)) meter.measure(() => driver.runSlice());
  if (owner.size !== 0 || wheel.size !== 0) throw new Error('not all expired');
  reportHolds(what, meter);
}

compareUpkeep();

const patterns: [string, (i: number) => number][] = [
  ['all due at one millisecond, a day ahead', () => nowMs + 86_400_000],
  ['spread over an hour', (i) => nowMs + 1000 + ((i * 7919) % 3_600_000)],
  ['spread over a day', (i) => nowMs + 1000 + ((i * 7919) % 86_400_000)],
  ['all in one second', (i) => nowMs + 60_000 + (i % 1000)],
];
console.log(`\n${COUNT} timers fire in slices, doing nothing: the wheel alone`);
for (const [what, dueAt] of patterns) expireInSlices(what, dueAt, nowMs, () => new IdleTimer());
console.log(
  `\n${COUNT} keys expire in slices, each deleted from a Map (which rehashes itself as it shrinks)`,
);
const keyTimer: TimerMaker = (owner, i) => {
  const timer = new KeyTimer(owner, `key:${i}`);
  owner.set(timer.key, timer);
  return timer;
};
for (const [what, dueAt] of patterns) expireInSlices(what, dueAt, nowMs, keyTimer);
console.log(`\nfor comparison, ${COUNT} keys deleted from a Map in the same portions, with no timers at all`);
deleteInPortions();
