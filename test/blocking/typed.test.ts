import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ByteString } from '../../src/bytes/byte-string.ts';
import type { BlockingOptions } from '../../src/index.ts';
import { ReplyError, Store } from '../../src/index.ts';
import type { CancelSignal } from '../../src/keyspace/cancel-signal.ts';
import { connect } from '../../src/session/connection.ts';
import { settled } from '../support/turns.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Everybody has left, and nothing of them remains. */
function expectNobody(store: Store): void {
  const { waiters } = store.keyspace;
  waiters?.checkInvariants();
  expect({ size: waiters?.size ?? 0, keys: waiters?.keyCount ?? 0 }).toEqual({ size: 0, keys: 0 });
  expect(store.keyspace.observed).toBe(false);
}

describe('what is there is taken before the call returns', () => {
  test('of lists', async () => {
    const store = new Store();
    store.rpush('l', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    const { blocking } = store;
    expect(await blocking.blpop('l')).toEqual({ key: 'l', element: 'a' });
    expect(await blocking.brpop(['nok', 'l'])).toEqual({ key: 'l', element: 'h' });
    expect(await blocking.blmpop(['nok', 'l'], 'left')).toEqual({ key: 'l', elements: ['b'] });
    expect(await blocking.blmpop('l', 'right', { count: 2 })).toEqual({ key: 'l', elements: ['g', 'f'] });
    expect(await blocking.blmove('l', 'm', 'left', 'right')).toBe('c');
    expect(await blocking.brpoplpush('l', 'm')).toBe('e');
    expect(await blocking.blmovem('m', 'l', 'left', 'right')).toEqual(['e']);
    expect(await blocking.blmovem('l', 'm', 'left', 'left', { exactly: 2, order: 'obo' })).toEqual([
      'e',
      'd',
    ]);
    expect(store.lrange('m', 0, -1)).toEqual(['e', 'd', 'c']);
    expectNobody(store);
    expect(store.keyspace.waiters).toBeUndefined();
  });

  test('of sorted sets', async () => {
    const store = new Store();
    store.zadd('z', { a: 1, b: 2.5, c: 3, d: 4 });
    const { blocking } = store;
    expect(await blocking.bzpopmin('z')).toEqual({ key: 'z', member: 'a', score: 1 });
    expect(await blocking.bzpopmax(['nok', 'z'])).toEqual({ key: 'z', member: 'd', score: 4 });
    expect(await blocking.bzmpop('z', 'min')).toEqual({ key: 'z', members: [{ member: 'b', score: 2.5 }] });
    expect(await blocking.bzmpop('z', 'max', { count: 5 })).toEqual({
      key: 'z',
      members: [{ member: 'c', score: 3 }],
    });
    expectNobody(store);
  });

  test('at once, not later', () => {
    const store = new Store();
    store.rpush('l', 'a');
    void store.blocking.blpop('l');
    expect(store.exists('l')).toBe(0);
  });
});

describe('waiting', () => {
  test('each call gets what comes', async () => {
    const store = new Store();
    const { blocking } = store;
    const calls = [
      blocking.blpop(['l', 'other']),
      blocking.brpop('l'),
      blocking.blmpop('l', 'left', { count: 2 }),
      blocking.blmove('l', 'm', 'right', 'left'),
      blocking.brpoplpush('l', 'm'),
      blocking.blmovem('l', 'm', 'left', 'right', { count: 2, order: 'bulk' }),
      blocking.bzpopmin('z'),
      blocking.bzpopmax('z'),
      blocking.bzmpop(['y', 'z'], 'min', { count: 2 }),
    ];
    expect(store.keyspace.waiters?.size).toBe(9);
    store.rpush('l', ['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    store.zadd('z', { a: 1, b: 2, c: 3, d: 4, e: 5 });
    expect(await Promise.all(calls)).toEqual([
      { key: 'l', element: '1' },
      { key: 'l', element: '9' },
      { key: 'l', elements: ['2', '3'] },
      '8',
      '7',
      ['4', '5'],
      { key: 'z', member: 'a', score: 1 },
      { key: 'z', member: 'e', score: 5 },
      {
        key: 'z',
        members: [
          { member: 'b', score: 2 },
          { member: 'c', score: 3 },
        ],
      },
    ]);
    expect(store.lrange('l', 0, -1)).toEqual(['6']);
    expectNobody(store);
  });

  test('code that runs synchronously is one change to those who wait', async () => {
    const store = new Store();
    const first = store.blocking.blpop('k');
    const second = store.blocking.blpop('k');
    store.rpush('k', 'a');
    store.lpush('k', 'b');
    expect(store.llen('k')).toBe(2);
    store.rpush('k', ['c', 'd']);
    store.lpop('k');
    expect(await first).toEqual({ key: 'k', element: 'a' });
    expect(await second).toEqual({ key: 'k', element: 'c' });
    expect(store.lrange('k', 0, -1)).toEqual(['d']);
    expectNobody(store);
  });

  test('what is gone again was never there', async () => {
    const store = new Store();
    const call = store.blocking.blpop('k', { timeout: 1 });
    store.rpush('k', 'a');
    store.del('k');
    await settled();
    store.rpush('k', 'b');
    store.set('k', 'text');
    await settled();
    expect(store.keyspace.waiters?.size).toBe(1);
    store.advance(1000);
    expect(await call).toBeNull();
    expect(store.get('k')).toBe('text');
    expectNobody(store);
  });

  test('the start of another call serves those who came before', async () => {
    const store = new Store();
    const first = store.blocking.blpop('k');
    store.rpush('k', ['a', 'b']);
    const second = store.blocking.blpop('k');
    expect(store.exists('k')).toBe(0);
    expect((await first)?.element).toBe('a');
    expect((await second)?.element).toBe('b');
  });

  test('advance serves before time passes', async () => {
    const store = new Store();
    const call = store.blocking.blpop('k', { timeout: 1 });
    store.rpush('k', 'a');
    store.advance(5000);
    expect(store.exists('k')).toBe(0);
    expect((await call)?.element).toBe('a');
  });

  test('exactly so many: until there are so many', async () => {
    const store = new Store();
    const three = store.blocking.blmovem('k', 'm', 'left', 'right', { exactly: 3, order: 'bulk' });
    const four = store.blocking.blmovem('k', 'm', 'left', 'right', { exactly: 4, order: 'bulk' });
    store.rpush('k', ['a', 'b']);
    await settled();
    expect(store.llen('k')).toBe(2);
    store.rpush('k', 'c');
    expect(await three).toEqual(['a', 'b', 'c']);
    store.zadd('k', { m: 1 });
    store.del('k');
    store.rpush('k', ['d', 'e', 'f', 'g', 'h']);
    expect(await four).toEqual(['d', 'e', 'f', 'g']);
    expectNobody(store);
  });

  test('in bytes, in another database, over the wire', async () => {
    const store = new Store();
    const bytes = store.bytes.blocking.blpop(Uint8Array.of(0xff, 0x80));
    const elsewhere = store.select(3).blocking.bzpopmin('z');
    connect(store).call('RPUSH', Uint8Array.of(0xff, 0x80), Uint8Array.of(0xfe));
    store.zadd('z', { a: 1 });
    expect(await bytes).toEqual({ key: Uint8Array.of(0xff, 0x80), element: Uint8Array.of(0xfe) });
    await settled();
    expect(store.keyspace.waiters?.size).toBe(1);
    store.move('z', 3);
    expect(await elsewhere).toEqual({ key: 'z', member: 'a', score: 1 });
    expectNobody(store);
  });

  test('bytes that change meanwhile are not what is waited for', async () => {
    const store = new Store();
    const key = Uint8Array.of(0xff);
    const destination = Uint8Array.of(0xee);
    const call = store.blocking.blmove(key, destination, 'left', 'right');
    key[0] = 0x61;
    destination[0] = 0x62;
    store.rpush('a', 'x');
    store.rpush(Uint8Array.of(0xff), 'y');
    expect(await call).toBe('y');
    expect(store.lrange(Uint8Array.of(0xee), 0, -1)).toEqual(['y']);
    expect(store.exists(['a', 'b'])).toBe(1);
  });

  test('is recorded as what it does in the end', async () => {
    const store = new Store();
    const effects: string[] = [];
    const events: string[] = [];
    const calls = [
      store.blocking.blpop('k'),
      store.blocking.blmove('k', 'm', 'left', 'right'),
      store.blocking.bzpopmin('z'),
    ];
    store.keyspace.observe({
      changed: (_database, key: ByteString, event) => events.push(`${event.name} ${key}`),
      effect: (_database, command) => effects.push(command.join(' ')),
    });
    store.rpush('k', ['a', 'b']);
    store.zadd('z', { a: 1 });
    await Promise.all(calls);
    expect(effects).toEqual(['RPUSH k a b', 'ZADD z 1 a', 'LPOP k', 'LMOVE k m LEFT RIGHT', 'ZREM z a']);
    expect(events).toEqual([
      ...['new k', 'rpush k', 'new z', 'zadd z'],
      ...['lpop k', 'new m', 'rpush m', 'lpop k', 'del k', 'zpopmin z', 'del z'],
    ]);
  });
});

describe('timeouts', () => {
  test('fractions, zero, and long ones', async () => {
    const store = new Store({ clock: { now: () => 1_700_000_000_000 } });
    const told: string[] = [];
    for (const timeout of [0, 0.0001, 0.07, 1, 1.5, 1e9, 9_000_000_000_000_000])
      void store.blocking.blpop('k', { timeout }).then((popped) => told.push(`${timeout} ${popped}`));
    for (const [durationMs, expected] of [
      [0, []],
      [1, ['0.0001 null']],
      [68, []],
      [1, ['0.07 null']],
      [929, []],
      [1, ['1 null']],
      [500, ['1.5 null']],
      [1e12, ['1000000000 null']],
      [2 ** 50, []],
    ] as const) {
      told.length = 0;
      store.advance(durationMs);
      await settled();
      expect(told, `after ${durationMs} ms more`).toEqual(expected);
    }
    expect(store.keyspace.waiters?.size).toBe(2);
    store.keyspace.checkInvariants();
  });

  test.each([
    ['ERR timeout is not a float or out of range', Number.NaN],
    ['ERR timeout is negative', -1],
    ['ERR timeout is negative', Number.NEGATIVE_INFINITY],
    ['ERR timeout is out of range', Number.POSITIVE_INFINITY],
    ['ERR timeout is out of range', 9_223_372_036_854_776],
  ])('%s: %d', async (message, timeout) => {
    const store = new Store();
    store.rpush('k', 'a');
    store.set('s', 'text');
    const { blocking } = store;
    await expect(blocking.blpop('k', { timeout })).rejects.toThrow(message);
    await expect(blocking.blpop('s', { timeout })).rejects.toThrow(message);
    await expect(blocking.bzmpop('z', 'min', { timeout })).rejects.toThrow(message);
    await expect(blocking.blmove('k', 'k', 'left', 'left', { timeout })).rejects.toThrow(ReplyError);
    expect(() => connect(store).call('BLPOP', 'k', String(timeout).replace('Infinity', 'inf'))).toThrow(
      message,
    );
    expect(store.llen('k')).toBe(1);
    expectNobody(store);
  });

  test('by the host, under fake timers', async () => {
    vi.useFakeTimers();
    const store = new Store();
    const call = store.blocking.blpop('k', { timeout: 5 });
    const later = store.blocking.blpop('k', { timeout: 60 });
    await vi.advanceTimersByTimeAsync(4900);
    expect(store.keyspace.waiters?.size).toBe(2);
    await vi.advanceTimersByTimeAsync(200);
    expect(await call).toBeNull();
    store.rpush('k', 'a');
    expect((await later)?.element).toBe('a');
    await vi.runAllTimersAsync();
    expectNobody(store);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('served under fake timers that replace microtasks too', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'queueMicrotask', 'Date'] });
    const store = new Store();
    const call = store.blocking.blpop('k');
    store.rpush('k', 'a');
    expect((await call)?.element).toBe('a');
  });

  test('without timers of a host, by whatever commands run', async () => {
    vi.stubGlobal('setTimeout', undefined);
    let nowMs = 1_700_000_000_000;
    const store = new Store({ clock: { now: () => nowMs } });
    const first = store.blocking.blpop('k', { timeout: 1 });
    const second = store.blocking.blpop('k', { timeout: 3 });
    nowMs += 1000;
    store.set('other', 'x');
    expect(await first).toBeNull();
    nowMs += 2000;
    expect(store.keyspace.waiters?.size).toBe(1);
    store.keyspace.waiters?.serve();
    expect(await second).toBeNull();
    expectNobody(store);
  });

  test('with timers of the host that were replaced meanwhile', async () => {
    const store = new Store();
    vi.useFakeTimers({ now: Date.now() });
    const call = store.blocking.blpop('k', { timeout: 1 });
    const nowMs = Date.now();
    vi.useRealTimers();
    vi.spyOn(Date, 'now').mockImplementation(() => nowMs + 2000);
    store.set('other', 'x');
    expect(await call).toBeNull();
    vi.restoreAllMocks();
    expectNobody(store);
    store.close();
  });

  test('what came before the time was over is not lost to it', async () => {
    let nowMs = 1_700_000_000_000;
    const store = new Store({ clock: { now: () => nowMs } });
    const call = store.blocking.blpop('k', { timeout: 1 });
    const other = store.blocking.blpop('k', { timeout: 1 });
    store.rpush('k', 'a');
    nowMs += 5000;
    store.keyspace.driver.runAll();
    store.keyspace.waiters?.checkInvariants();
    expect(await call).toEqual({ key: 'k', element: 'a' });
    expect(await other).toBeNull();
    expectNobody(store);
  });
});

describe('aborting', () => {
  test('rejects with the reason, and nothing was taken', async () => {
    const store = new Store();
    const controller = new AbortController();
    const reason = new Error('enough');
    const call = store.blocking.blpop(['k', 'l'], { signal: controller.signal, timeout: 10 });
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expectNobody(store);
    expect(store.keyspace.wheel.size).toBe(0);
    store.rpush('k', 'a');
    await settled();
    expect(store.llen('k')).toBe(1);
  });

  test('from the start: nothing is looked at', async () => {
    const store = new Store();
    store.rpush('k', 'a');
    const signal = AbortSignal.abort('never mind');
    await expect(store.blocking.blpop('k', { signal })).rejects.toBe('never mind');
    await expect(store.blocking.blpop('k', { signal, timeout: -1 })).rejects.toBe('never mind');
    expect(store.llen('k')).toBe(1);
    expectNobody(store);
  });

  test('between the change and the serving: the next in line has it', async () => {
    const store = new Store();
    const controller = new AbortController();
    const first = store.blocking.blpop('k', { signal: controller.signal });
    const second = store.blocking.blpop('k');
    store.rpush('k', 'a');
    controller.abort();
    await expect(first).rejects.toThrow('abort');
    expect((await second)?.element).toBe('a');

    const alone = store.blocking.blpop('k', { signal: AbortSignal.any([]) });
    const controller2 = new AbortController();
    const gone = store.blocking.blpop('l', { signal: controller2.signal });
    store.rpush('l', 'b');
    controller2.abort();
    await expect(gone).rejects.toThrow('abort');
    await settled();
    expect(store.lrange('l', 0, -1)).toEqual(['b']);
    store.rpush('k', 'c');
    expect((await alone)?.element).toBe('c');
    expectNobody(store);
  });

  test('too late: it changes nothing', async () => {
    const store = new Store();
    const controller = new AbortController();
    const call = store.blocking.blpop('k', { signal: controller.signal });
    store.rpush('k', 'a');
    store.advance(0);
    controller.abort();
    expect((await call)?.element).toBe('a');
    expectNobody(store);
  });

  test('leaves no listener behind, however the wait ends', async () => {
    const store = new Store();
    let listening = 0;
    const signal: CancelSignal = {
      aborted: false,
      reason: undefined,
      addEventListener: () => listening++,
      removeEventListener: () => listening--,
    };
    const calls = [1, 2, 3].map((timeout) => store.blocking.blpop('k', { signal, timeout }));
    expect(listening).toBe(3);
    store.rpush('k', 'a');
    await calls[0];
    expect(listening).toBe(2);
    store.advance(2000);
    await calls[1];
    expect(listening).toBe(1);
    store.close();
    await expect(calls[2]).rejects.toThrow('the store was closed');
    expect(listening).toBe(0);
    store.rpush('k', 'b');
    await store.blocking.blpop('k', { signal });
    expect(listening).toBe(0);
  });
});

describe('signals that are none', () => {
  test('are refused before anybody waits, so that nothing is taken for a call that failed', async () => {
    const store = new Store();
    const wrong = (signal: unknown) => store.blocking.blpop('k', { signal: signal as CancelSignal });
    await expect(wrong(new AbortController())).rejects.toThrow(
      'expected an AbortSignal, got its controller: write .signal',
    );
    await expect(wrong(5)).rejects.toThrow('expected an AbortSignal, got the number 5');
    await expect(wrong(null)).rejects.toThrow('expected an AbortSignal, got null');
    await expect(wrong({})).rejects.toThrow('expected an AbortSignal, got object');
    expectNobody(store);
    store.rpush('k', 'kept');
    await settled();
    expect(store.llen('k')).toBe(1);
  });
});

describe('errors', () => {
  test('of a call with a timeout that nothing would end, the store being closed', async () => {
    const store = new Store();
    store.close();
    const call = store.blocking.blpop('k', { timeout: 1, keepAlive: true });
    await expect(call).rejects.toThrow('the store was closed: nothing would end this wait in time');
    expectNobody(store);
    store.rpush('k', 'a');
    expect(await store.blocking.blpop('k', { timeout: 1 })).toEqual({ key: 'k', element: 'a' });
  });

  test('of the first attempt', async () => {
    const store = new Store();
    store.set('s', 'text');
    store.rpush('l', 'a');
    const { blocking } = store;
    const wrongType = 'WRONGTYPE';
    await expect(blocking.blpop('s')).rejects.toThrow(wrongType);
    await expect(blocking.blpop(['nok', 's', 'l'])).rejects.toThrow(wrongType);
    await expect(blocking.bzpopmin('l')).rejects.toThrow(wrongType);
    await expect(blocking.blmove('l', 's', 'left', 'left')).rejects.toThrow(wrongType);
    await expect(blocking.blmove('s', 'l', 'left', 'left')).rejects.toThrow(wrongType);
    await expect(blocking.blpop([])).rejects.toThrow("wrong number of arguments for 'blpop' command");
    await expect(blocking.bzpopmax([])).rejects.toThrow("wrong number of arguments for 'bzpopmax' command");
    await expect(blocking.blmpop([], 'left')).rejects.toThrow('ERR numkeys should be greater than 0');
    await expect(blocking.bzmpop([], 'min')).rejects.toThrow('ERR numkeys should be greater than 0');
    await expect(blocking.blmpop('k', 'left', { count: 0 })).rejects.toThrow('ERR count should be greater');
    await expect(blocking.blmovem('k', 'l', 'left', 'left', { count: 1 })).rejects.toThrow(
      'ERR syntax error',
    );
    expect(store.lrange('l', 0, -1)).toEqual(['a']);
    expectNobody(store);
  });

  test('of an attempt later on', async () => {
    const store = new Store();
    const call = store.blocking.blmove('k', 's', 'left', 'left');
    const next = store.blocking.blpop('k');
    store.set('s', 'text');
    store.rpush('k', 'a');
    await expect(call).rejects.toThrow('WRONGTYPE');
    expect((await next)?.element).toBe('a');
    expectNobody(store);
  });

  test('of callers without types', async () => {
    const store = new Store();
    store.rpush('k', 'a');
    const misspelt = { timout: 1 } as BlockingOptions;
    await expect(store.blocking.blpop('k', misspelt)).rejects.toThrow('unknown option timout');
    await expect(store.blocking.blpop('k', 5 as BlockingOptions)).rejects.toThrow(TypeError);
    await expect(store.blocking.blpop(7 as unknown as string)).rejects.toThrow(TypeError);
    await expect(store.blocking.blpop('k', { timeout: '1' as unknown as number })).rejects.toThrow(
      'ERR timeout is not a float or out of range',
    );
    expect(store.llen('k')).toBe(1);
    expectNobody(store);
  });

  test('of a store that is closed; it stays usable', async () => {
    const store = new Store();
    const calls = [store.blocking.blpop('k'), store.select(1).blocking.bzpopmin('k', { timeout: 5 })];
    store.close();
    for (const call of calls) await expect(call).rejects.toThrow('the store was closed');
    expectNobody(store);
    const again = store.blocking.blpop('k');
    store.rpush('k', 'a');
    expect((await again)?.element).toBe('a');
  });
});
