import { describe, expect, test, vi } from 'vitest';
import { ReplyError, Store, type StoreOptions } from '../../src/index.ts';
import { policies } from '../../src/keyspace/eviction/policy.ts';
import type { Observer } from '../../src/keyspace/observer.ts';
import { connect } from '../../src/session/connection.ts';

// What goes when there is no room, and who is told of it.

const OOM = new ReplyError("OOM command not allowed when used memory > 'maxmemory'.");
const START_MS = 1_700_000_000_000;

function storeWith(options: StoreOptions): Store {
  return new Store({ clock: { now: () => START_MS }, maxMemorySamples: 1000, ...options });
}

function usedBytes(store: Store): number {
  return store.keyspace.countMemory().usedBytes;
}

/** As CONFIG SET does it, but without a connection: that would count as used itself. */
function allow(store: Store, bytes: number): void {
  store.keyspace.memoryLimit.maxBytes = bytes;
}

/** The keys that go one after the other until nothing more may. */
function orderOfEviction(store: Store): string[] {
  const order: string[] = [];
  store.keyspace.observe({
    changed: (_, key, event) => {
      if (event.name === 'evicted') order.push(key);
    },
  });
  allow(store, 1);
  store.keyspace.checkInvariants();
  return order;
}

describe('maxMemory', () => {
  test.each<[number | string, number]>([
    [0, 0],
    [4096, 4096],
    ['4096', 4096],
    ['1k', 1000],
    ['1kb', 1024],
    ['2M', 2_000_000],
    ['2Mb', 2 * 1024 ** 2],
    ['1gb', 1024 ** 3],
  ])('%j is %i bytes', (maxMemory, bytes) => {
    expect(new Store({ maxMemory }).keyspace.memoryLimit.maxBytes).toBe(bytes);
  });

  test.each([
    [-1, 'the number -1'],
    [1.5, 'the number 1.5'],
    [Number.NaN, 'the number NaN'],
    ['', '""'],
    ['mb', '"mb"'],
    ['1tb', '"1tb"'],
    ['-1', '"-1"'],
    ['1.5mb', '"1.5mb"'],
    ['64 mb', '"64 mb"'],
    ['64MiB', '"64MiB"'],
  ])('%j is no size, and the error says what is one', (maxMemory, shown) => {
    expect(() => new Store({ maxMemory })).toThrow(
      new RangeError(
        `maxMemory must be a whole number of bytes from 0, or such as '256mb' (b, k, kb, m, mb, g or gb, no space before it), got ${shown}`,
      ),
    );
  });

  test('what a number was given as is shown', () => {
    const lfuDecayTime = 'x' as unknown as number;
    expect(() => new Store({ lfuDecayTime })).toThrow(
      new RangeError('lfuDecayTime must be a whole number from 0, got "x"'),
    );
  });

  test('other options that mean nothing are refused', () => {
    const refused = [
      { maxMemoryPolicy: 'lru' },
      { maxMemorySamples: 0 },
      { lfuLogFactor: -1 },
      { lfuDecayTime: 0.5 },
    ] as unknown as StoreOptions[];
    for (const options of refused) expect(() => new Store(options)).toThrow(RangeError);
  });

  test('CONFIG reads and writes all of it', () => {
    const store = storeWith({
      maxMemory: '1mb',
      maxMemoryPolicy: 'allkeys-lfu',
      lfuLogFactor: 3,
      lfuDecayTime: 7,
    });
    const connection = connect(store);
    const settings = {
      maxmemory: '1048576',
      'maxmemory-policy': 'allkeys-lfu',
      'maxmemory-samples': '1000',
      'lfu-log-factor': '3',
      'lfu-decay-time': '7',
    };
    expect(connection.call('CONFIG', 'GET', ...Object.keys(settings))).toEqual(
      Object.entries(settings).flat(),
    );
    connection.call(
      'CONFIG',
      'SET',
      'maxmemory-policy',
      'Volatile-TTL',
      'maxmemory-samples',
      '3',
      'maxmemory',
      '2mb',
    );
    const { policy, samples, maxBytes } = store.keyspace.memoryLimit;
    expect([policy, samples, maxBytes]).toEqual(['volatile-ttl', 3, 2 * 1024 ** 2]);
    expect(connection.call('CONFIG', 'SET', 'maxmemory-eviction-tenacity', '50')).toBe('OK');
  });

  test('nothing is counted, followed or gathered while there is no limit', () => {
    const store = new Store({ maxMemoryPolicy: 'volatile-ttl' });
    store.set('k', 'v', { ex: 100 });
    const { keyspace } = store;
    expect([keyspace.memory, keyspace.access, keyspace.eviction]).toEqual([undefined, undefined, undefined]);
    expect(keyspace.databases[0]!.candidates).toBeUndefined();
  });
});

describe('with samples of all keys, exactly the best goes first', () => {
  test('lru: the one used the longest ago', () => {
    const store = storeWith({ maxMemoryPolicy: 'allkeys-lru' });
    for (const key of ['a', 'b', 'c', 'd', 'e']) store.set(key, 'v');
    store.get('b');
    store.append('a', 'w');
    store.get('d');
    store.strlen('b');
    expect(orderOfEviction(store)).toEqual(['c', 'e', 'a', 'd', 'b']);
  });

  test('lrm: the one written the longest ago', () => {
    const store = storeWith({ maxMemoryPolicy: 'allkeys-lrm' });
    for (const key of ['a', 'b', 'c']) store.set(key, 'v');
    store.get('b');
    store.append('a', 'w');
    store.get('b');
    expect(orderOfEviction(store)).toEqual(['b', 'c', 'a']);
  });

  test('lfu: the one used the least often', () => {
    const store = storeWith({ maxMemoryPolicy: 'allkeys-lfu', lfuLogFactor: 0 });
    for (const [key, uses] of Object.entries({ often: 9, never: 0, sometimes: 4, once: 1 })) {
      store.set(key, 'v');
      for (let use = 0; use < uses; use++) store.get(key);
    }
    expect(orderOfEviction(store)).toEqual(['never', 'once', 'sometimes', 'often']);
  });

  test('volatile-ttl: the one that expires the soonest, and no other', () => {
    const store = storeWith({ maxMemoryPolicy: 'volatile-ttl' });
    store.set('late', 'v', { ex: 300 });
    store.set('never', 'v');
    store.set('soon', 'v', { ex: 100 });
    store.rpush('list', 'a');
    store.expire('list', 200);
    store.set('persists', 'v', { ex: 1 });
    store.persist('persists');
    expect(orderOfEviction(store)).toEqual(['soon', 'list', 'late']);
    expect(() => store.set('k', 'v')).toThrow(OOM);
    expect(store.get('never')).toBe('v');
  });

  test.each(['volatile-lru', 'volatile-lfu', 'volatile-lrm', 'volatile-random'] as const)(
    '%s spares what does not expire',
    (maxMemoryPolicy) => {
      const store = storeWith({ maxMemoryPolicy });
      for (let at = 0; at < 20; at++) store.set(`k${at}`, 'v', at % 2 === 0 ? { ex: 100 } : {});
      const order = orderOfEviction(store);
      expect(order.toSorted()).toEqual(Array.from({ length: 10 }, (_, at) => `k${2 * at}`).toSorted());
      expect(store.dbsize()).toBe(10);
    },
  );

  test('of all databases, wherever SWAPDB and FLUSHDB leave them', () => {
    const store = storeWith({ maxMemoryPolicy: 'allkeys-lru' });
    store.set('a', 'v');
    store.select(3).set('b', 'v');
    store.select(7).set('gone', 'v');
    store.set('c', 'v');
    store.swapdb(0, 3);
    store.select(7).flushdb();
    store.select(7).set('d', 'v');
    expect(orderOfEviction(store)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('after a transaction that was undone, what it touched is there as before', () => {
    const store = storeWith({ maxMemory: '1gb', maxMemoryPolicy: 'volatile-ttl' });
    store.set('a', 'v', { ex: 200 });
    store.set('b', 'v', { ex: 100 });
    const fail = () =>
      store.transaction((tx) => {
        tx.del('b');
        tx.persist('a');
        tx.set('c', 'v', { ex: 1 });
        tx.flushall();
        tx.set('d', 'v', { ex: 1 });
        throw new Error('undone');
      });
    expect(fail).toThrow('undone');
    store.keyspace.checkInvariants();
    expect(orderOfEviction(store)).toEqual(['b', 'a']);
  });
});

describe('making room', () => {
  test.each(['allkeys-lru', 'allkeys-lfu', 'allkeys-lrm', 'allkeys-random'] as const)(
    '%s keeps the memory within the limit',
    (maxMemoryPolicy) => {
      const store = new Store({ maxMemory: '64kb', maxMemoryPolicy });
      for (let at = 0; at < 5000; at++) {
        store.set(`key:${at}`, `value ${at}`);
        expect(usedBytes(store)).toBeLessThan(64 * 1024 + 300);
      }
      expect(store.dbsize()).toBeGreaterThan(200);
      expect(store.keyspace.evictedCount).toBe(5000 - store.dbsize());
      store.keyspace.checkInvariants();
    },
  );

  test('CONFIG SET shrinks what is too large at once', () => {
    const store = storeWith({ maxMemoryPolicy: 'allkeys-random' });
    for (let at = 0; at < 1000; at++) store.set(`key:${at}`, 'value');
    const before = usedBytes(store);
    const connection = connect(store);
    connection.call('CONFIG', 'SET', 'maxmemory', String(Math.floor(before / 2)));
    expect(usedBytes(store)).toBeLessThanOrEqual(before / 2);
    expect(store.dbsize()).toBeGreaterThan(200);
    expect(connection.call('INFO', 'stats')).toContain(`evicted_keys:${1000 - store.dbsize()}\r\n`);
    connection.call('CONFIG', 'SET', 'maxmemory', '0');
    for (let at = 0; at < 1000; at++) store.set(`key:${at}`, 'value');
    expect(store.dbsize()).toBe(1000);
  });

  test('a value that is larger than all is there until the next write', () => {
    const store = storeWith({ maxMemory: '10kb', maxMemoryPolicy: 'allkeys-lru' });
    store.set('small', 'v');
    store.set('huge', 'x'.repeat(100_000));
    expect(store.strlen('huge')).toBe(100_000);
    store.set('next', 'v');
    expect(store.exists(['small', 'huge', 'next'])).toBe(1);
    expect(usedBytes(store)).toBeLessThan(10_240);
  });

  test('the keys of the command that needs the room may go before it runs', () => {
    const store = storeWith({ maxMemoryPolicy: 'allkeys-lru' });
    store.set('oldest', 'v');
    store.set('other', 'v');
    allow(store, usedBytes(store));
    store.append('other', 'x'.repeat(100));
    expect(store.append('oldest', 'w')).toBe(1);
  });

  test('noeviction refuses what may add, and nothing else', () => {
    const store = storeWith({});
    store.set('k', 'v');
    store.rpush('list', ['a', 'b']);
    allow(store, 1);
    expect(() => store.set('other', 'v')).toThrow(OOM);
    expect(() => store.rpush('list', 'c')).toThrow(OOM);
    expect(store.get('k')).toBe('v');
    expect(store.lpop('list')).toBe('a');
    expect(store.del('k')).toBe(1);
    store.keyspace.memoryLimit.policy = 'allkeys-lru';
    expect(store.set('other', 'v')).toBe('OK');
  });

  test('a source of chance that repeats itself does not hold it up', () => {
    for (const random of [() => 0, () => 0.999_999])
      for (const maxMemoryPolicy of [
        'allkeys-random',
        'volatile-random',
        'allkeys-lru',
        'volatile-ttl',
      ] as const) {
        const store = storeWith({ random, maxMemory: '8kb', maxMemoryPolicy, maxMemorySamples: 1 });
        for (let at = 0; at < 500; at++) store.set(`k${at}`, 'v', { ex: 100 });
        expect(store.dbsize()).toBeLessThan(100);
        store.keyspace.checkInvariants();
      }
  });

  test('a policy that comes later finds what is there', () => {
    const store = storeWith({ maxMemory: '1gb' });
    store.set('a', 'v');
    store.set('b', 'v', { ex: 100 });
    for (const policy of policies) {
      store.keyspace.memoryLimit.policy = policy;
      store.keyspace.checkInvariants();
      store.set('c', policy);
      store.get('a');
      store.keyspace.checkInvariants();
    }
  });
});

describe('who is told', () => {
  /** Holds two keys, of which `old` goes when something is written. */
  function tight(prepare: (store: Store) => void = () => {}): Store {
    const store = storeWith({ maxMemoryPolicy: 'allkeys-lru' });
    prepare(store);
    store.set('old', 'v');
    store.set('new', 'v');
    // Where there is a limit, it is known what may go: that takes memory too.
    allow(store, Number.MAX_SAFE_INTEGER);
    allow(store, usedBytes(store));
    store.append('new', 'x'.repeat(64));
    return store;
  }

  test('observers, of the event and of its effect', () => {
    const store = tight();
    const told: string[] = [];
    const observer: Observer = {
      changed: ({ index }, key, event) => told.push(`${event.name} ${event.category} ${key} @${index}`),
      effect: (_, command) => told.push(command.join(' ')),
    };
    store.keyspace.observe(observer);
    store.lpush('list', 'a');
    expect(told.slice(0, 2)).toEqual(['evicted e old @0', 'DEL old']);
  });

  test('subscribers to keyspace events', async () => {
    const heard = vi.fn();
    const store = tight((it) => {
      it.keyspace.setNotifyKeyspaceEvents('Ke');
      it.psubscribe('__key*', heard);
    });
    store.set('third', 'v');
    await Promise.resolve();
    expect(store.keyspace.evictedCount).toBeGreaterThan(0);
    expect(heard).toHaveBeenCalledTimes(store.keyspace.evictedCount);
    expect(heard.mock.calls[0]).toEqual(expect.arrayContaining(['evicted']));
  });

  test('whoever watches the key', () => {
    const store = tight();
    const watch = store.watch('old');
    store.set('third', 'v');
    expect(watch.multi().get('new').exec()).toBeNull();
  });

  test('nobody is evicted for what an observer does on being told', () => {
    const store = tight();
    let depth = 0;
    let deepest = 0;
    store.keyspace.observe({
      changed: (_, __, event) => {
        if (event.name !== 'evicted' || depth > 5) return;
        depth++;
        deepest = Math.max(deepest, depth);
        store.set('log', 'evicted');
        depth--;
      },
    });
    store.set('third', 'v');
    expect(deepest).toBe(1);
  });
});
