import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AdjustableClock, systemClock } from '../../src/ttl/clock.ts';
import { TimerDriver, type TimerDriverOptions, type TimerHost } from '../../src/ttl/driver.ts';
import { Timer, TimerWheel } from '../../src/ttl/timer-wheel.ts';

const START = 1_704_067_200_000;
const INTERVAL = 5;

class TestTimer extends Timer {
  readonly #onFire: () => void;

  constructor(onFire: () => void = () => {}) {
    super();
    this.#onFire = onFire;
  }

  override fire(): void {
    this.#onFire();
  }
}

/** A host whose time passes only when told, and that notes what is asked of it. */
class TestHost implements TimerHost {
  timeMs = START;
  elapsedMs = 0;
  delays: number[] = [];
  unrefs = 0;
  asked = 0;
  isRefusing = false;
  readonly armed = new Map<object, { callback: () => void; atMs: number }>();

  readonly clock = { now: () => this.timeMs };
  readonly performance = { now: () => this.elapsedMs };

  setTimeout: NonNullable<TimerHost['setTimeout']> = (callback, delayMs) => {
    this.asked++;
    if (this.isRefusing) throw new Error('not at module scope');
    const handle = { unref: () => this.unrefs++ };
    this.delays.push(delayMs);
    this.armed.set(handle, { callback, atMs: this.timeMs + delayMs });
    return handle;
  };

  clearTimeout = (handle: never): void => {
    this.armed.delete(handle);
  };

  /** Fires the one armed timer, at its time; false if there is none. */
  wake(): boolean {
    expect(this.armed.size).toBeLessThanOrEqual(1);
    for (const [handle, { callback, atMs }] of this.armed) {
      this.armed.delete(handle);
      this.timeMs = Math.max(this.timeMs, atMs);
      callback();
      return true;
    }
    return false;
  }
}

function setUp(options: TimerDriverOptions = {}) {
  const host = new TestHost();
  const wheel = new TimerWheel();
  const driver = new TimerDriver(wheel, host.clock, { host, intervalMs: INTERVAL, ...options });
  return { host, wheel, driver };
}

describe('arming', () => {
  it('asks nothing of the host until something is scheduled', () => {
    const { host, driver } = setUp();
    expect(driver.runSlice()).toBe(0);
    expect(driver.runAll()).toBe(0);
    expect(host.asked).toBe(0);
  });

  it('arms one timer, lets the process end regardless, and fires when due', () => {
    const { host, driver, wheel } = setUp();
    const firedAt: number[] = [];
    driver.schedule(new TestTimer(() => firedAt.push(host.timeMs)), START + 1000);
    expect(host.armed.size).toBe(1);
    expect(host.unrefs).toBe(1);
    while (host.wake());
    expect(firedAt).toHaveLength(1);
    expect(firedAt[0]).toBeGreaterThanOrEqual(START + 1000);
    expect(firedAt[0]).toBeLessThanOrEqual(START + 1000 + INTERVAL);
    expect(host.delays).toHaveLength(1);
    expect(wheel.size).toBe(0);
  });

  it('does not go back to the host or the clock for timers due later', () => {
    const { host, driver } = setUp();
    driver.schedule(new TestTimer(), START + 1000);
    const now = vi.spyOn(host.clock, 'now');
    for (let i = 0; i < 100; i++) driver.schedule(new TestTimer(), START + 1000 + i);
    expect(host.asked).toBe(1);
    expect(now).not.toHaveBeenCalled();
  });

  it('arms anew for a timer due sooner, but not within one interval', () => {
    const { host, driver } = setUp();
    driver.schedule(new TestTimer(), START + 1000);
    driver.schedule(new TestTimer(), START + 500);
    expect(host.asked).toBe(2);
    expect(host.armed.size).toBe(1);
    driver.schedule(new TestTimer(), START + 501);
    driver.schedule(new TestTimer(), START + 500);
    expect(host.asked).toBe(2);
    for (let i = 0; i < 50; i++) driver.schedule(new TestTimer(), START - i * 1000);
    expect(host.asked).toBe(3);
  });

  it('wakes at most once per interval', () => {
    const { host, driver } = setUp();
    let fired = 0;
    for (let i = 0; i < 200; i++) driver.schedule(new TestTimer(() => fired++), START + i);
    let wakes = 0;
    while (host.wake()) wakes++;
    expect(fired).toBe(200);
    expect(wakes).toBeLessThanOrEqual(200 / INTERVAL + 1);
  });

  it('finds the timer due even when the host wakes a millisecond early', () => {
    const { host, driver } = setUp();
    let fired = 0;
    driver.schedule(new TestTimer(() => fired++), START + 104);
    const [armed] = host.armed.values();
    host.timeMs = armed!.atMs - 1;
    armed!.callback();
    expect(fired).toBe(1);
  });

  it('caps the delay and gets there in several wakes; arms nothing for times that never come', () => {
    const { host, driver, wheel } = setUp();
    driver.schedule(new TestTimer(), 9.2e18);
    expect(host.asked).toBe(0);
    const yearMs = 365 * 86_400_000;
    let firedAt = 0;
    driver.schedule(
      new TestTimer(() => {
        firedAt = host.timeMs;
      }),
      START + yearMs,
    );
    while (host.wake());
    expect(firedAt).toBeGreaterThanOrEqual(START + yearMs);
    expect(Math.max(...host.delays)).toBe(2 ** 31 - 1);
    expect(host.delays.length).toBeLessThan(25);
    expect(wheel.size).toBe(1);
  });

  it('does not stay armed when all that was scheduled is gone', () => {
    const { host, driver } = setUp();
    const timer = new TestTimer();
    driver.schedule(timer, START + 10);
    expect(driver.cancel(timer)).toBe(true);
    expect(driver.cancel(timer)).toBe(false);
    expect(host.wake()).toBe(true);
    expect(host.armed.size).toBe(0);
    driver.schedule(timer, START + 100);
    expect(host.armed.size).toBe(1);
  });

  it('wakes ever more rarely while the clock stands still', () => {
    const { host, driver } = setUp();
    let fired = 0;
    driver.schedule(new TestTimer(() => fired++), START + 3);
    for (let wakes = 0; wakes < 30; wakes++) {
      const [handle] = host.armed.keys();
      const { callback } = host.armed.get(handle!)!;
      host.armed.delete(handle!);
      callback();
      expect(host.armed.size).toBe(1);
    }
    expect(fired).toBe(0);
    expect(host.delays.at(-1)).toBe(1000);
    // Something new, due sooner than that, is not made to wait.
    driver.schedule(new TestTimer(() => fired++), START + 4);
    expect(host.delays.at(-1)).toBeLessThanOrEqual(2 * INTERVAL);
    expect(host.wake()).toBe(true);
    expect(fired).toBe(2);
    expect(host.armed.size).toBe(0);
  });
});

describe('slices', () => {
  it('ends a slice when its time is used up and goes on after the event loop turned', () => {
    const { host, driver } = setUp({ sliceMs: 2 });
    let fired = 0;
    for (let i = 0; i < 1000; i++) {
      driver.schedule(
        new TestTimer(() => {
          fired++;
          host.elapsedMs += 0.01;
        }),
        START + 1,
      );
    }
    let before = 0;
    while (host.wake()) {
      // 200 firings take the time of a slice; the clock is looked at only every so often.
      expect(fired - before).toBeLessThan(300);
      before = fired;
      if (fired < 1000) expect(host.delays.at(-1)).toBe(0);
    }
    expect(fired).toBe(1000);
  });

  it('ends a slice by count where the clock stands still while code runs', () => {
    const { host, driver } = setUp({ sliceCount: 100 });
    let fired = 0;
    for (let i = 0; i < 1000; i++) driver.schedule(new TestTimer(() => fired++), START + 1);
    host.wake();
    expect(fired).toBe(100);
    while (host.wake());
    expect(fired).toBe(1000);
  });

  it('ends a slice when the measuring clock is set back', () => {
    const { host, driver } = setUp();
    let fired = 0;
    for (let i = 0; i < 1000; i++) {
      driver.schedule(
        new TestTimer(() => {
          fired++;
          host.elapsedMs -= 1;
        }),
        START + 1,
      );
    }
    host.wake();
    expect(fired).toBeGreaterThan(0);
    expect(fired).toBeLessThan(200);
  });

  it('runSlice fires what is due, bounded, and not from within a firing', () => {
    const { host, driver } = setUp({ sliceCount: 10 });
    const nested: number[] = [];
    for (let i = 0; i < 15; i++)
      driver.schedule(new TestTimer(() => nested.push(driver.runSlice())), START + i);
    host.timeMs += 100;
    expect(driver.runSlice()).toBe(10);
    expect(driver.runSlice()).toBe(5);
    expect(driver.runSlice()).toBe(0);
    expect(nested).toEqual(new Array(15).fill(0));
  });

  it('runAll fires everything due and arms for the rest, as after the clock was moved', () => {
    const host = new TestHost();
    const clock = new AdjustableClock(host.clock);
    const driver = new TimerDriver(new TimerWheel(), clock, { host, sliceCount: 10, intervalMs: INTERVAL });
    let fired = 0;
    for (let i = 0; i < 100; i++) driver.schedule(new TestTimer(() => fired++), START + 1000 + i);
    driver.schedule(new TestTimer(() => fired++), START + 60_010);
    clock.advance(60_000);
    expect(driver.runAll()).toBe(100);
    expect(host.armed.size).toBe(1);
    expect(host.delays.at(-1)).toBeLessThanOrEqual(10 + INTERVAL);
    host.wake();
    expect(fired).toBe(101);
  });

  it('a timer that throws is heard, and the rest still fires', () => {
    const { host, driver } = setUp();
    let fired = 0;
    const failing = () =>
      new TestTimer(() => {
        throw new Error('from the timer');
      });
    driver.schedule(failing(), START + 1);
    driver.schedule(failing(), START + 1);
    driver.schedule(failing(), START + 2);
    driver.schedule(new TestTimer(() => fired++), START + 3);
    expect(() => host.wake()).toThrow('from the timer');
    expect(() => driver.runAll()).toThrow('from the timer');
    expect(() => driver.runSlice()).toThrow('from the timer');
    expect(host.armed.size).toBe(1);
    host.wake();
    expect(fired).toBe(1);
    expect(host.armed.size).toBe(0);
  });

  it('what is scheduled while firing is armed for once, after the slice', () => {
    const { host, driver } = setUp();
    let rounds = 0;
    const timer: TestTimer = new TestTimer(() => {
      if (++rounds === 3) return;
      for (let i = 9; i > 0; i--) driver.schedule(timer, host.timeMs + i * 100);
    });
    driver.schedule(timer, START + 100);
    while (host.wake());
    expect(rounds).toBe(3);
    expect(host.asked).toBe(3);
  });
});

describe('stop', () => {
  it('disarms for good, leaving the wheel to be run by hand', () => {
    const { host, driver } = setUp();
    let fired = 0;
    driver.schedule(new TestTimer(() => fired++), START + 10);
    const [{ callback }] = host.armed.values() as unknown as [{ callback: () => void }];
    driver.stop();
    driver.stop();
    expect(host.armed.size).toBe(0);
    driver.schedule(new TestTimer(() => fired++), START + 5);
    host.timeMs += 10;
    callback();
    expect(fired).toBe(0);
    expect(driver.runSlice()).toBe(2);
    driver.schedule(new TestTimer(), START + 50);
    expect(driver.runAll()).toBe(0);
    driver.schedule(new TestTimer(), START + 40);
    expect(host.armed.size).toBe(0);
    expect(host.asked).toBe(1);
  });

  it('may be called by a timer as it fires', () => {
    const { host, driver } = setUp();
    driver.schedule(new TestTimer(() => driver.stop()), START + 10);
    driver.schedule(new TestTimer(), START + 1000);
    host.wake();
    expect(host.armed.size).toBe(0);
  });
});

describe('hosts that are not as they should be', () => {
  it('without timers nothing throws, and runSlice does the work', () => {
    const wheel = new TimerWheel();
    let nowMs = START;
    const driver = new TimerDriver(wheel, { now: () => nowMs }, { host: {} });
    let fired = 0;
    for (let i = 0; i < 10; i++) driver.schedule(new TestTimer(() => fired++), START + i);
    nowMs += 4;
    expect(driver.runSlice()).toBe(5);
    nowMs += 100;
    expect(driver.runAll()).toBe(5);
    expect(fired).toBe(10);
    driver.stop();
  });

  it('while timers are refused it asks ever more rarely, and arms once they are allowed', () => {
    const { host, driver } = setUp();
    host.isRefusing = true;
    for (let i = 0; i < 10_000; i++) driver.schedule(new TestTimer(), START + 1000);
    expect(host.asked).toBeLessThan(30);
    expect(host.asked).toBeGreaterThan(5);
    host.isRefusing = false;
    expect(driver.runSlice()).toBe(0);
    expect(host.armed.size).toBe(1);
    while (host.wake());
    driver.schedule(new TestTimer(), host.timeMs + 1000);
    expect(host.armed.size).toBe(1);
  });

  it('once allowed, schedule alone comes to arm as well, for the earliest of all', () => {
    const { host, driver } = setUp();
    let fired = 0;
    host.isRefusing = true;
    driver.schedule(new TestTimer(() => fired++), START + 50);
    host.isRefusing = false;
    for (let i = 0; i < 5; i++) driver.schedule(new TestTimer(), START + 1000);
    expect(host.armed.size).toBe(1);
    host.wake();
    expect(fired).toBe(1);
  });

  it("lets go of Deno's numbered timers by name", () => {
    const unrefTimer = vi.fn();
    const driver = new TimerDriver(
      new TimerWheel(),
      { now: () => START },
      { host: { setTimeout: () => 42, clearTimeout: () => {}, Deno: { unrefTimer } } },
    );
    driver.schedule(new TestTimer(), START + 5);
    expect(unrefTimer).toHaveBeenCalledExactlyOnceWith(42);
  });

  it('arms anew when the host function was replaced, and bears the late wake of the old one', () => {
    const { host, driver } = setUp();
    let fired = 0;
    driver.schedule(new TestTimer(() => fired++), START + 100);
    const [lost] = host.armed.values();
    host.armed.clear();
    const original = host.setTimeout;
    const clear = vi.spyOn(host, 'clearTimeout');
    host.setTimeout = (callback, delayMs) => original(callback, delayMs);
    driver.schedule(new TestTimer(() => fired++), START + 200);
    expect(host.armed.size).toBe(1);
    // It is armed for the earlier one, which the old timers no longer serve.
    expect(host.delays.at(-1)).toBeLessThanOrEqual(100 + INTERVAL);
    // The new timers know nothing of what the old ones armed.
    expect(clear).not.toHaveBeenCalled();
    lost!.callback();
    expect(host.armed.size).toBe(1);
    while (host.wake());
    expect(fired).toBe(2);
  });

  it('a wake that comes in the middle of a firing is made up for', () => {
    const { host, driver } = setUp();
    let fired = 0;
    driver.schedule(new TestTimer(() => host.wake()), START + 10);
    driver.schedule(new TestTimer(() => fired++), START + 1000);
    host.timeMs += 10;
    expect(driver.runSlice()).toBe(1);
    expect(host.armed.size).toBe(1);
    host.wake();
    expect(fired).toBe(1);
  });

  it('runSlice finds out that a wake was lost', () => {
    const { host, driver } = setUp();
    let fired = 0;
    driver.schedule(new TestTimer(() => fired++), START + 10);
    driver.schedule(new TestTimer(() => fired++), START + 1000);
    host.armed.clear();
    host.timeMs += 100;
    driver.runSlice();
    expect(host.armed.size).toBe(1);
    host.wake();
    expect(fired).toBe(2);
  });
});

describe("with a test runner's fake timers", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('fires as the faked time passes, also if made before the timers were faked', async () => {
    const driver = new TimerDriver(new TimerWheel(), systemClock);
    let early = 0;
    driver.schedule(new TestTimer(() => early++), Date.now() + 3_600_000);
    vi.useFakeTimers({ now: Date.now() });
    let fired = 0;
    driver.schedule(new TestTimer(() => fired++), Date.now() + 7_200_000);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(3_600_000 + 1000);
    expect([early, fired]).toEqual([1, 0]);
    vi.advanceTimersByTime(3_600_000);
    expect([early, fired]).toEqual([1, 1]);
    expect(vi.getTimerCount()).toBe(0);
    driver.stop();
  });

  it('runAllTimers comes to an end', () => {
    vi.useFakeTimers({ now: START });
    const driver = new TimerDriver(new TimerWheel(), systemClock);
    let fired = 0;
    for (let i = 0; i < 500; i++) driver.schedule(new TestTimer(() => fired++), START + i * 977);
    vi.runAllTimers();
    expect(fired).toBe(500);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes on with real timers afterwards', () => {
    vi.useFakeTimers({ now: Date.now() });
    const driver = new TimerDriver(new TimerWheel(), systemClock);
    driver.schedule(new TestTimer(), Date.now() + 1000);
    vi.useRealTimers();
    const real = vi.spyOn(globalThis, 'setTimeout');
    driver.schedule(new TestTimer(), Date.now() + 2000);
    expect(real).toHaveBeenCalledTimes(1);
    real.mockRestore();
    driver.stop();
  });
});

describe('whatever is scheduled', () => {
  it('every timer fires within its interval, with one host timer armed at most', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ delayMs: fc.integer({ min: -100, max: 100_000 }), isCancelled: fc.boolean() }), {
          minLength: 1,
          maxLength: 40,
        }),
        fc.integer({ min: 1, max: 20 }),
        (plans, intervalMs) => {
          const { host, driver, wheel } = setUp({ intervalMs });
          const late: number[] = [];
          for (const { delayMs, isCancelled } of plans) {
            const dueMs = host.timeMs + delayMs;
            const timer = new TestTimer(() => late.push(host.timeMs - Math.max(dueMs, START)));
            driver.schedule(timer, dueMs);
            if (isCancelled) driver.cancel(timer);
            expect(host.armed.size).toBe(1);
          }
          while (host.wake());
          wheel.checkInvariants();
          expect(wheel.size).toBe(0);
          expect(late).toHaveLength(plans.filter((plan) => !plan.isCancelled).length);
          for (const lateMs of late) {
            expect(lateMs).toBeGreaterThanOrEqual(0);
            expect(lateMs).toBeLessThanOrEqual(intervalMs);
          }
        },
      ),
      { seed: 20240607, numRuns: 200 },
    );
  });
});
