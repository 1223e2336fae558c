import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timer, TimerWheel } from '../../src/ttl/timer-wheel.ts';
import { NaiveSchedule } from './naive-schedule.ts';

const EPOCH_2024 = 1_704_067_200_000;
const DAY = 86_400_000;

class TestTimer extends Timer {
  readonly name: number;
  readonly #onFire: (timer: TestTimer, nowMs: number) => void;

  constructor(name: number, onFire: (timer: TestTimer, nowMs: number) => void) {
    super();
    this.name = name;
    this.#onFire = onFire;
  }

  override fire(nowMs: number): void {
    this.#onFire(this, nowMs);
  }
}

/** A wheel with timers that note their names as they fire. */
function recorder(count: number) {
  const fired: number[] = [];
  const wheel = new TimerWheel();
  const timers = Array.from({ length: count }, (_, name) => new TestTimer(name, () => fired.push(name)));
  return { wheel, timers, fired };
}

describe('firing', () => {
  it('fires at the due millisecond and not before', () => {
    const { wheel, timers, fired } = recorder(1);
    wheel.advance(EPOCH_2024);
    wheel.schedule(timers[0]!, EPOCH_2024 + 1000);
    expect(timers[0]!.isScheduled).toBe(true);
    expect(wheel.advance(EPOCH_2024 + 999)).toBe(0);
    expect(wheel.hasDue(EPOCH_2024 + 999)).toBe(false);
    expect(wheel.hasDue(EPOCH_2024 + 1000)).toBe(true);
    expect(wheel.advance(EPOCH_2024 + 1000)).toBe(1);
    expect(fired).toEqual([0]);
    expect(timers[0]!.isScheduled).toBe(false);
    expect(wheel.size).toBe(0);
    expect(wheel.advance(EPOCH_2024 + 5000)).toBe(0);
  });

  it('passes the time advanced to, and leaves the due time readable', () => {
    const seen: number[][] = [];
    const wheel = new TimerWheel();
    wheel.schedule(new TestTimer(0, (timer, nowMs) => seen.push([timer.dueMs, nowMs])), 250);
    wheel.advance(1000.7);
    expect(seen).toEqual([[250, 1000]]);
  });

  it('fires in due order when a day passes at once, across every cascade', () => {
    const { wheel, timers, fired } = recorder(2000);
    wheel.advance(EPOCH_2024 + 12_345);
    const dues = timers.map((_, i) => EPOCH_2024 + 12_345 + ((i * 7_919_993) % DAY));
    timers.forEach((timer, i) => {
      wheel.schedule(timer, dues[i]!);
    });
    wheel.checkInvariants();
    expect(wheel.advance(EPOCH_2024 + 12_345 + DAY)).toBe(2000);
    expect(fired).toEqual(timers.map((_, i) => i).sort((a, b) => dues[a]! - dues[b]!));
  });

  it('keeps the order of scheduling among equal due times, whichever level each was put at', () => {
    const { wheel, timers, fired } = recorder(4);
    const dueMs = EPOCH_2024 + 3_600_000;
    const sooner = [EPOCH_2024, dueMs - 5000, dueMs - 100, dueMs];
    sooner.forEach((nowMs, i) => {
      wheel.advance(nowMs - 1);
      wheel.schedule(timers[i]!, dueMs);
    });
    wheel.advance(dueMs);
    expect(fired).toEqual([0, 1, 2, 3]);
  });

  it('moves a timer that is scheduled again, behind those of the same time', () => {
    const { wheel, timers, fired } = recorder(2);
    wheel.schedule(timers[0]!, 100);
    wheel.schedule(timers[1]!, 100);
    wheel.schedule(timers[0]!, 100);
    expect(wheel.size).toBe(2);
    wheel.advance(100);
    expect(fired).toEqual([1, 0]);
  });

  it('fires what was scheduled in the past at the next advance, in order', () => {
    const { wheel, timers, fired } = recorder(3);
    wheel.advance(EPOCH_2024);
    wheel.schedule(timers[0]!, EPOCH_2024 - 1);
    wheel.schedule(timers[1]!, EPOCH_2024 - DAY);
    wheel.schedule(timers[2]!, -5);
    wheel.checkInvariants();
    expect(wheel.advance(EPOCH_2024)).toBe(3);
    expect(fired).toEqual([2, 1, 0]);
  });

  it('is not disturbed by a clock set back', () => {
    const { wheel, timers, fired } = recorder(2);
    wheel.schedule(timers[0]!, EPOCH_2024 + 10);
    wheel.advance(EPOCH_2024);
    expect(wheel.advance(EPOCH_2024 - DAY)).toBe(0);
    wheel.schedule(timers[1]!, EPOCH_2024 - DAY + 5);
    expect(wheel.advance(EPOCH_2024 - DAY + 4)).toBe(0);
    expect(wheel.advance(EPOCH_2024 - DAY + 5)).toBe(1);
    expect(wheel.advance(EPOCH_2024 + 10)).toBe(1);
    expect(fired).toEqual([1, 0]);
  });

  it('rounds a fraction up, so that nothing fires early', () => {
    const { wheel, timers, fired } = recorder(1);
    wheel.schedule(timers[0]!, 10.2);
    wheel.advance(10.9);
    expect(fired).toEqual([]);
    wheel.advance(11);
    expect(fired).toEqual([0]);
  });
});

describe('far times', () => {
  it('accepts any due time up to infinity; what lies after the last safe integer never comes', () => {
    const { wheel, timers, fired } = recorder(5);
    const dues = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER + 1, 9.3e18, Number.POSITIVE_INFINITY];
    dues.forEach((dueMs, i) => {
      wheel.schedule(timers[i]!, dueMs);
      wheel.checkInvariants();
    });
    expect(wheel.nextDueMs()).toBe(Number.MAX_SAFE_INTEGER);
    wheel.schedule(timers[4]!, 8.64e15);
    expect(wheel.advance(8.64e15)).toBe(1);
    expect(wheel.advance(Number.POSITIVE_INFINITY)).toBe(1);
    expect(fired).toEqual([4, 0]);
    expect(wheel.size).toBe(3);
    expect(wheel.nextDueMs()).toBeUndefined();
    expect(wheel.hasDue(Number.POSITIVE_INFINITY)).toBe(false);
    expect(wheel.cancel(timers[2]!)).toBe(true);
    wheel.schedule(timers[3]!, 1);
    expect(wheel.advance(1)).toBe(1);
    wheel.checkInvariants();
    expect(wheel.size).toBe(1);
  });

  it('accepts times before 1970 and minus infinity', () => {
    const { wheel, timers, fired } = recorder(4);
    wheel.schedule(timers[0]!, 3);
    wheel.schedule(timers[1]!, -(2 ** 31));
    wheel.schedule(timers[2]!, Number.NEGATIVE_INFINITY);
    wheel.schedule(timers[3]!, -(2 ** 31) - 1);
    wheel.checkInvariants();
    expect(wheel.advance(-(2 ** 31) - 1)).toBe(2);
    wheel.advance(5);
    expect(fired).toEqual([2, 3, 1, 0]);
  });

  it('refuses NaN and stays as it was', () => {
    const { wheel, timers, fired } = recorder(1);
    wheel.schedule(timers[0]!, 5);
    expect(() => wheel.schedule(timers[0]!, Number.NaN)).toThrow(RangeError);
    expect(() => wheel.advance(Number.NaN)).toThrow(RangeError);
    wheel.checkInvariants();
    expect(wheel.advance(5)).toBe(1);
    expect(fired).toEqual([0]);
  });
});

describe('cancelling', () => {
  it('says whether there was something to cancel', () => {
    const { wheel, timers, fired } = recorder(1);
    expect(wheel.cancel(timers[0]!)).toBe(false);
    wheel.schedule(timers[0]!, 5);
    expect(wheel.cancel(timers[0]!)).toBe(true);
    expect(wheel.cancel(timers[0]!)).toBe(false);
    expect(wheel.size).toBe(0);
    wheel.advance(10);
    expect(fired).toEqual([]);
    expect(wheel.cancel(timers[0]!)).toBe(false);
  });
});

describe('from within a firing', () => {
  it('timers due now can be cancelled, moved and added, the one firing included', () => {
    const log: string[] = [];
    const wheel = new TimerWheel();
    const cancelled = new TestTimer(1, () => log.push('cancelled'));
    const moved = new TestTimer(2, () => log.push('moved'));
    const added = new TestTimer(3, () => log.push('added'));
    const again = new TestTimer(0, (self) => {
      log.push(`at ${self.dueMs}`);
      wheel.cancel(cancelled);
      if (self.dueMs === 100) {
        wheel.schedule(moved, 150);
        wheel.schedule(added, 7);
      }
      if (self.dueMs < 300) wheel.schedule(self, self.dueMs + 100);
      wheel.checkInvariants();
    });
    wheel.schedule(again, 100);
    wheel.schedule(cancelled, 100);
    wheel.schedule(moved, 100);
    expect(wheel.advance(1000)).toBe(5);
    expect(log).toEqual(['at 100', 'added', 'moved', 'at 200', 'at 300']);
    expect(wheel.size).toBe(0);
  });

  it('a timer that is always due again is held by the budget', () => {
    const wheel = new TimerWheel();
    const timer = new TestTimer(0, (self, nowMs) => wheel.schedule(self, nowMs));
    wheel.schedule(timer, 5);
    expect(wheel.advance(10, 7)).toBe(7);
    expect(wheel.size).toBe(1);
  });

  it('a nested advance fires nothing itself but lets the one under way go on', () => {
    const log: [number, number][] = [];
    const wheel = new TimerWheel();
    const note = (timer: TestTimer, nowMs: number) => log.push([timer.name, nowMs]);
    wheel.schedule(
      new TestTimer(0, (timer, nowMs) => {
        note(timer, nowMs);
        expect(wheel.advance(500)).toBe(0);
      }),
      10,
    );
    wheel.schedule(new TestTimer(1, note), 20);
    wheel.schedule(new TestTimer(2, note), 400);
    expect(wheel.advance(30)).toBe(3);
    expect(log).toEqual([
      [0, 30],
      [1, 500],
      [2, 500],
    ]);
  });

  it('a throw comes out and leaves everything else to the next advance', () => {
    const { wheel, timers, fired } = recorder(2);
    const failing = new TestTimer(9, () => {
      throw new Error('from the timer');
    });
    wheel.schedule(timers[0]!, 10);
    wheel.schedule(failing, 10);
    wheel.schedule(timers[1]!, 10);
    expect(() => wheel.advance(100)).toThrow('from the timer');
    wheel.checkInvariants();
    expect(fired).toEqual([0]);
    expect(failing.isScheduled).toBe(false);
    expect(wheel.advance(100)).toBe(1);
    expect(fired).toEqual([0, 1]);
  });
});

describe('budget', () => {
  it('fires at most so many, then the rest', () => {
    const { wheel, timers, fired } = recorder(10);
    for (const timer of timers) wheel.schedule(timer, 1);
    expect(wheel.advance(1, 0)).toBe(0);
    expect(wheel.advance(1, 4)).toBe(4);
    expect(wheel.hasDue(1)).toBe(true);
    expect(wheel.advance(1, 100)).toBe(6);
    expect(wheel.hasDue(1)).toBe(false);
    expect(fired).toEqual(timers.map((_, i) => i));
  });

  it('bounds cascading too: a crowded slot comes down over many calls and loses no order', () => {
    const count = 3000;
    const { wheel, timers, fired } = recorder(count + 2);
    wheel.advance(EPOCH_2024);
    // All in one slot of a high level, and all due at one time.
    const dueMs = EPOCH_2024 + 10 * DAY;
    for (let i = 0; i < count; i++) wheel.schedule(timers[i]!, dueMs);
    expect(wheel.advance(dueMs, 10)).toBe(0);
    wheel.checkInvariants();
    // The cascade is under way: what is scheduled now still comes after, or before, as its time says.
    wheel.schedule(timers[count]!, dueMs);
    wheel.schedule(timers[count + 1]!, dueMs - 1);
    expect(wheel.nextDueMs()).toBeLessThanOrEqual(dueMs - 1);
    let idleCalls = 0;
    while (wheel.hasDue(dueMs)) {
      const firedNow = wheel.advance(dueMs, 10);
      expect(firedNow).toBeLessThanOrEqual(10);
      if (firedNow === 0) idleCalls++;
    }
    // Nothing fires before all have come down, and no call brings down more than a few times its budget.
    expect(idleCalls).toBeGreaterThan(count / 10 / 5);
    expect(fired).toEqual([count + 1, ...timers.slice(0, count + 1).map((timer) => timer.name)]);
  });

  it('a cascade under way survives the loss of all that waits in it', () => {
    const { wheel, timers, fired } = recorder(40);
    for (const timer of timers) wheel.schedule(timer, 100_000);
    wheel.advance(100_000, 1);
    for (const timer of timers.slice(1).reverse()) wheel.cancel(timer);
    wheel.checkInvariants();
    wheel.advance(99_999);
    expect(fired).toEqual([]);
    wheel.advance(100_000);
    expect(fired).toEqual([0]);
  });

  it('a clock set back during a cascade holds everything', () => {
    const { wheel, timers, fired } = recorder(40);
    for (const timer of timers) wheel.schedule(timer, 100_000);
    wheel.advance(100_000, 2);
    expect(wheel.hasDue(50)).toBe(false);
    expect(wheel.advance(50)).toBe(0);
    wheel.schedule(timers[7]!, 60);
    wheel.checkInvariants();
    expect(wheel.advance(60)).toBe(1);
    expect(wheel.advance(100_000)).toBe(39);
    expect(fired).toEqual([7, ...timers.map((timer) => timer.name).filter((name) => name !== 7)]);
  });
});

describe('nextDueMs', () => {
  it('is exact while few timers are near, and undefined without any', () => {
    const { wheel, timers } = recorder(3);
    expect(wheel.nextDueMs()).toBeUndefined();
    wheel.schedule(timers[0]!, EPOCH_2024 + DAY + 7);
    wheel.schedule(timers[1]!, EPOCH_2024 + DAY + 3);
    expect(wheel.nextDueMs()).toBe(EPOCH_2024 + DAY + 3);
    wheel.advance(EPOCH_2024 + DAY);
    expect(wheel.nextDueMs()).toBe(EPOCH_2024 + DAY + 3);
  });

  it('waking at what it says comes to the due time in a few wakes, however many timers there are', () => {
    const { wheel, timers, fired } = recorder(100);
    wheel.advance(EPOCH_2024);
    for (const timer of timers) wheel.schedule(timer, EPOCH_2024 + DAY + 1234);
    let wakes = 0;
    for (let nowMs = wheel.nextDueMs(); nowMs !== undefined; nowMs = wheel.nextDueMs()) {
      wheel.advance(nowMs);
      wakes++;
    }
    expect(fired).toHaveLength(100);
    expect(wakes).toBeLessThanOrEqual(9);
  });
});

type Step =
  | { kind: 'schedule'; timer: number; offsetMs: number }
  | { kind: 'cancel'; timer: number }
  | { kind: 'advance'; deltaMs: number; budget: number }
  | { kind: 'plan'; timer: number; plan: Step };

const TIMERS = 24;
const timerIndex = fc.nat(TIMERS - 1);
/** Near, or far by some power of two, before and after, so that every level and its edges are met. */
const offset = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -70, max: 200 }) },
  { weight: 4, arbitrary: fc.integer({ min: -5000, max: 300_000 }) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.integer({ min: 6, max: 54 }), fc.integer({ min: -2, max: 2 }), fc.constantFrom(1, 1, 1, -1))
      .map(([bits, extra, sign]) => sign * (2 ** bits + extra)),
  },
  { weight: 1, arbitrary: fc.constantFrom(9.3e18, Number.POSITIVE_INFINITY, 0) },
);
const scheduleStep = fc.record({
  kind: fc.constant('schedule' as const),
  timer: timerIndex,
  offsetMs: offset,
});
const cancelStep = fc.record({ kind: fc.constant('cancel' as const), timer: timerIndex });
const advanceStep = fc.record({
  kind: fc.constant('advance' as const),
  deltaMs: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 500 }) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 1_000_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: -100_000, max: 0 }) },
    { weight: 1, arbitrary: fc.integer({ min: 20, max: 45 }).map((bits) => 2 ** bits) },
  ),
  budget: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.nat(3)),
});
/** What a timer does, once, when it next fires. */
const planStep = fc.record({
  kind: fc.constant('plan' as const),
  timer: timerIndex,
  plan: fc.oneof(scheduleStep, cancelStep) as fc.Arbitrary<Step>,
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: scheduleStep },
  { weight: 2, arbitrary: cancelStep },
  { weight: 3, arbitrary: advanceStep },
  { weight: 1, arbitrary: planStep },
);

describe('against a sorted array', () => {
  it.each([0, EPOCH_2024, 2 ** 30 - 100, -50])(
    'fires the same timers in the same order, from %s on',
    (startMs) => {
      let everFired = 0;
      fc.assert(
        fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
          const wheel = new TimerWheel();
          const model = new NaiveSchedule<number>();
          const plans = new Map<number, Step>();
          const fired: number[] = [];
          let nowMs = startMs;
          const dueAt = (offsetMs: number) => Math.max(nowMs + offsetMs, Number.MIN_SAFE_INTEGER);

          const timers = Array.from(
            { length: TIMERS },
            (_, name) =>
              new TestTimer(name, (_timer, givenMs) => {
                expect(givenMs).toBe(nowMs);
                // The model goes in step, so it has seen what earlier firings of the same advance did.
                expect(name).toBe(model.take(nowMs));
                fired.push(name);
                const plan = plans.get(name);
                plans.delete(name);
                if (plan !== undefined) perform(plan);
              }),
          );

          function perform(doing: Step): void {
            switch (doing.kind) {
              case 'schedule':
                wheel.schedule(timers[doing.timer]!, dueAt(doing.offsetMs));
                model.schedule(doing.timer, dueAt(doing.offsetMs));
                break;
              case 'cancel':
                expect(wheel.cancel(timers[doing.timer]!)).toBe(model.cancel(doing.timer));
                break;
              case 'plan':
                plans.set(doing.timer, doing.plan);
                break;
              case 'advance': {
                nowMs = Math.max(
                  Math.min(nowMs + doing.deltaMs, Number.MAX_SAFE_INTEGER),
                  Number.MIN_SAFE_INTEGER,
                );
                const before = fired.length;
                const count = wheel.advance(nowMs, doing.budget);
                expect(count).toBe(fired.length - before);
                expect(count).toBeLessThanOrEqual(doing.budget);
                const nextMs = model.nextDueMs();
                const isDue = nextMs !== undefined && nextMs <= nowMs;
                if (doing.budget === Number.POSITIVE_INFINITY) {
                  expect(isDue).toBe(false);
                  expect(wheel.hasDue(nowMs)).toBe(false);
                } else if (isDue) {
                  expect(wheel.hasDue(nowMs)).toBe(true);
                }
              }
            }
          }

          wheel.advance(nowMs);
          for (const doing of steps) {
            perform(doing);
            wheel.checkInvariants();
            expect(wheel.size).toBe(model.size);
            const lowerMs = wheel.nextDueMs();
            const exactMs = model.nextDueMs();
            if (exactMs === undefined) expect(lowerMs).toBeUndefined();
            else expect(lowerMs).toBeLessThanOrEqual(exactMs);
          }
          nowMs = Number.MAX_SAFE_INTEGER;
          plans.clear();
          while (wheel.hasDue(nowMs)) {
            wheel.advance(nowMs, 1);
            wheel.checkInvariants();
          }
          expect(model.nextDueMs()).toBeUndefined();
          everFired += fired.length;
        }),
        { seed: 20240607, numRuns: 200 },
      );
      expect(everFired).toBeGreaterThan(1000);
    },
  );
});
