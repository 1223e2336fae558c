import { afterEach, describe, expect, test, vi } from 'vitest';
import { Store } from '../../src/index.ts';

// Expired keys are freed although nobody touches them, whatever the host does about timers.

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** More than enough to free all there is. */
const COMMANDS = 1_000_000;

function storeAt(start: number): { store: Store; clock: { nowMs: number } } {
  const clock = { nowMs: start };
  return { store: new Store({ clock: { now: () => clock.nowMs } }), clock };
}

/** How many keys are still held, expired or not. */
function held(store: Store): number {
  return store.dbsize();
}

describe('keys with a TTL', () => {
  test('are freed by the commands that run, where timers are refused', () => {
    vi.stubGlobal('setTimeout', () => {
      throw new Error('no timers here');
    });
    const { store, clock } = storeAt(1_700_000_000_000);
    for (let at = 0; at < 10_000; at++) store.set(`old:${at}`, 'v', { px: 1000 });
    clock.nowMs += 5000;
    // How much one command frees depends on how fast the machine is.
    for (let at = 0; at < COMMANDS && held(store) > 1; at++) store.set('new', 'v', { ex: 1000 });
    expect(held(store)).toBe(1);
  });

  test('are freed by EXPIRE too', () => {
    vi.stubGlobal('setTimeout', undefined);
    const { store, clock } = storeAt(1_700_000_000_000);
    for (let at = 0; at < 1000; at++) {
      store.rpush(`list:${at}`, 'x');
      store.expire(`list:${at}`, 1);
    }
    clock.nowMs += 5000;
    store.set('k', 'v');
    for (let at = 0; at < COMMANDS && held(store) > 1; at++) store.expire('k', 1000);
    expect(held(store)).toBe(1);
  });

  test('are freed by the host timer, as fake timers drive it', () => {
    vi.useFakeTimers();
    const store = new Store();
    for (let at = 0; at < 1000; at++) store.set(`k:${at}`, 'v', { px: 1000 + at });
    vi.advanceTimersByTime(1500);
    expect(held(store)).toBeLessThan(520);
    vi.advanceTimersByTime(1000);
    expect(held(store)).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('are freed by advance, all that are due', () => {
    const { store } = storeAt(1_700_000_000_000);
    for (let at = 0; at < 1000; at++) store.set(`k:${at}`, 'v', { ex: 1 + (at % 3) });
    store.advance(2000);
    expect(held(store)).toBe(333);
  });

  test('hold no timer once they are gone', () => {
    vi.useFakeTimers();
    const store = new Store();
    store.set('k', 'v', { ex: 10 });
    expect(vi.getTimerCount()).toBe(1);
    store.del('k');
    vi.advanceTimersByTime(20_000);
    expect(vi.getTimerCount()).toBe(0);
    store.set('k', 'v', { ex: 10 });
    store.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
