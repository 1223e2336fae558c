import { afterEach, describe, expect, it, vi } from 'vitest';
import { AdjustableClock, systemClock } from '../../src/ttl/clock.ts';

describe('systemClock', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('asks Date.now at call time, so fake timers and spies are believed', () => {
    vi.useFakeTimers({ now: 1_000 });
    expect(systemClock.now()).toBe(1_000);
    vi.advanceTimersByTime(500);
    expect(systemClock.now()).toBe(1_500);
    const spy = vi.spyOn(Date, 'now').mockReturnValue(7);
    expect(systemClock.now()).toBe(7);
    spy.mockRestore();
  });
});

describe('AdjustableClock', () => {
  it('runs with the inner clock, ahead by what it was advanced', () => {
    let time = 100;
    const clock = new AdjustableClock({ now: () => time });
    expect(clock.now()).toBe(100);
    clock.advance(50);
    clock.advance(0);
    expect(clock.now()).toBe(150);
    time = 90;
    expect(clock.now()).toBe(140);
  });

  it('answers in whole milliseconds', () => {
    const clock = new AdjustableClock({ now: () => 12.9 });
    clock.advance(1);
    expect(clock.now()).toBe(13);
  });

  it('ends at the last safe integer', () => {
    const clock = new AdjustableClock({ now: () => 1000 });
    clock.advance(Number.MAX_SAFE_INTEGER);
    clock.advance(Number.MAX_SAFE_INTEGER);
    expect(clock.now()).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuses to advance by %s', (ms) => {
    const clock = new AdjustableClock({ now: () => 1 });
    expect(() => clock.advance(ms)).toThrow(RangeError);
    expect(clock.now()).toBe(1);
  });
});
