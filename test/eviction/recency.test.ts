import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Store } from '../../src/index.ts';
import { TurnClock } from '../../src/keyspace/eviction/turn-clock.ts';
import { AdjustableClock } from '../../src/ttl/clock.ts';

// When a key was last used: OBJECT IDLETIME, and what it says after RESTORE, FLUSHALL, a change of policy, a long time.

const START_MS = 1_700_000_000_000;

function storeAt(policy: 'allkeys-lru' | 'allkeys-lrm' | 'volatile-lru' = 'allkeys-lru') {
  const clock = { ms: START_MS, now: () => clock.ms };
  return { clock, store: new Store({ clock, maxMemoryPolicy: policy }) };
}

describe('OBJECT IDLETIME', () => {
  test('is the time since the key was read or written', () => {
    const { store } = storeAt();
    store.set('read', 'v');
    store.set('written', 'v');
    store.set('left', 'v');
    store.rpush('list', 'a');
    store.advance(10_000);
    store.get('read');
    store.set('written', 'w');
    store.advance(5000);
    store.lrange('list', 0, -1);
    const idle = ['read', 'written', 'left', 'list', 'none'].map((key) => store.objectIdletime(key));
    expect(idle).toEqual([5, 5, 15, 0, null]);
  });

  test('with an lrm policy, since it was written', () => {
    const { store } = storeAt('allkeys-lrm');
    store.hset('hash', { field: 'value' });
    store.set('text', 'v');
    store.advance(7000);
    store.hget('hash', 'field');
    store.get('text');
    expect([store.objectIdletime('hash'), store.objectIdletime('text')]).toEqual([7, 7]);
    store.hset('hash', { field: 'other' });
    store.append('text', 'w');
    expect([store.objectIdletime('hash'), store.objectIdletime('text')]).toEqual([0, 0]);
  });

  test('does not count as a use; TOUCH does', () => {
    const { store } = storeAt();
    store.set('k', 'v');
    store.advance(3000);
    store.objectIdletime('k');
    store.objectEncoding('k');
    expect(store.objectIdletime('k')).toBe(3);
    store.touch('k');
    expect(store.objectIdletime('k')).toBe(0);
  });

  test('follows a key that is renamed; a copy begins anew', () => {
    const { store } = storeAt();
    store.set('k', 'v');
    store.advance(3000);
    store.copy('k', 'copy');
    expect(store.objectIdletime('copy')).toBe(0);
  });

  test('is known to the second however long the keys lie', () => {
    const { store } = storeAt();
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 40 }), (gaps) => {
        store.flushall();
        const written: number[] = [];
        let nowSeconds = 0;
        gaps.forEach((gap, at) => {
          store.advance(gap * 1000);
          nowSeconds += gap;
          store.set(`k${at}`, 'v');
          written.push(nowSeconds);
        });
        const idle = written.map((_, at) => store.objectIdletime(`k${at}`));
        expect(idle).toEqual(written.map((second) => nowSeconds - second));
      }),
      { seed: 6, numRuns: 50 },
    );
  });

  test('of more seconds than there are checkpoints is right where it is recent, and near where it is not', () => {
    const { store } = storeAt();
    const seconds = 12_000;
    for (let second = 0; second < seconds; second++) {
      store.set(`k${second}`, 'v');
      store.advance(1000);
    }
    for (let second = 0; second < seconds; second += 97) {
      const idle = seconds - second;
      const answer = store.objectIdletime(`k${second}`)!;
      if (idle < 250) expect(answer).toBe(idle);
      else expect(Math.abs(answer - idle)).toBeLessThanOrEqual(idle / 100);
    }
  });

  test('is 0 with a policy that does not need it, and refused with an lfu policy', () => {
    const store = new Store({ maxMemoryPolicy: 'allkeys-random' });
    store.set('k', 'v');
    store.advance(5000);
    expect(store.objectIdletime('k')).toBe(0);
    store.keyspace.memoryLimit.policy = 'allkeys-lfu';
    expect(() => store.objectIdletime('k')).toThrow('ERR An LFU maxmemory policy is selected');
  });

  test('RESTORE says how long a key has been idle, before the store was there too', () => {
    const { store } = storeAt();
    store.set('k', 'v');
    const payload = store.dump('k')!;
    store.advance(100_000);
    store.set('other', 'v');
    store.advance(100_000);
    for (const idletime of [0, 1, 50, 99, 100, 101, 150, 200, 5000, 10_000_000]) {
      store.restore('k', 0, payload, { replace: true, idletime });
      expect(store.objectIdletime('k'), String(idletime)).toBe(idletime);
    }
    store.restore('k', 0, payload, { replace: true });
    expect(store.objectIdletime('k')).toBe(0);
  });

  test('a clock that is set back makes nobody idle for less than no time', () => {
    const { store, clock } = storeAt();
    store.set('k', 'v');
    clock.ms -= 60_000;
    expect(store.objectIdletime('k')).toBe(0);
    store.set('later', 'v');
    clock.ms += 5000;
    expect(store.objectIdletime('later')).toBe(5);
  });
});

describe('the time is asked for rarely, but a turn long at most', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: START_MS }));
  afterEach(() => vi.useRealTimers());

  test('fake timers are believed at every access', () => {
    const store = new Store({ maxMemoryPolicy: 'allkeys-lru' });
    store.set('k', 'v');
    for (let count = 0; count < 1000; count++) store.get('k');
    vi.advanceTimersByTime(9000);
    store.set('other', 'v');
    expect([store.objectIdletime('k'), store.objectIdletime('other')]).toEqual([9, 0]);
  });

  test("so is a Date.now that somebody has put in the place of the host's", () => {
    vi.useRealTimers();
    for (const maxMemoryPolicy of ['allkeys-lru', 'allkeys-lfu'] as const) {
      const now = vi.spyOn(Date, 'now').mockReturnValue(START_MS);
      const store = new Store({ maxMemoryPolicy, lfuLogFactor: 0 });
      for (const key of ['k', 'other']) store.set(key, 'v');
      for (let count = 0; count < 200; count++) store.get('k');
      now.mockReturnValue(START_MS + 5 * 60_000);
      store.get('other');
      if (maxMemoryPolicy === 'allkeys-lru') {
        expect([store.objectIdletime('k'), store.objectIdletime('other')]).toEqual([300, 0]);
      } else {
        // What it began with has decayed before it was used once more.
        expect(store.objectFreq('other')).toBe(1);
      }
      now.mockRestore();
    }
  });

  test('the host is asked for one access of many', () => {
    vi.useRealTimers();
    let asked = 0;
    const clock = new AdjustableClock({
      now: () => {
        asked++;
        return START_MS;
      },
    });
    const turns = new TurnClock(clock, true, () => {});
    let free = 0;
    for (let count = 0; count < 6400; count++) {
      if (free > 0) free--;
      else free = turns.ask();
    }
    expect(asked).toBeGreaterThan(64);
    expect(asked).toBeLessThan(400);
  });

  test('and again for each access of the next turn', async () => {
    vi.useRealTimers();
    const store = new Store({ maxMemoryPolicy: 'allkeys-lfu' });
    store.set('k', 'v');
    for (let count = 0; count < 1000; count++) store.get('k');
    await Promise.resolve();
    const asked = vi.spyOn(Date, 'now');
    for (let count = 0; count < 10; count++) store.get('k');
    expect(asked).toHaveBeenCalledTimes(10);
    asked.mockRestore();
  });
});
