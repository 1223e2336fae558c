import { describe, expect, test } from 'vitest';
import { Store } from '../../src/index.ts';
import type { MaxMemoryPolicy } from '../../src/keyspace/eviction/policy.ts';
import { connect } from '../../src/session/connection.ts';

// What those who are told of an evicted key may do about it, while more keys are to go.

const POLICIES = ['allkeys-lru', 'allkeys-lfu', 'allkeys-random', 'volatile-ttl'] as const;
const KEYS = 20;

interface Full {
  readonly store: Store;
  /** The keys that went. */
  readonly gone: string[];
  /** Writes what needs room; all keys but one must go for it, if nobody does anything. */
  write(): void;
}

/** A store that holds keys, and must let go of most of them; and somebody who does this when the first one goes. */
function full(policy: MaxMemoryPolicy, whenTold: (store: Store) => void): Full {
  const store = new Store({ maxMemoryPolicy: policy, clock: { now: () => 1_700_000_000_000 } });
  for (let at = 0; at < KEYS; at++) store.set(`k${at}`, 'x'.repeat(100), { ex: 1000 + at });
  const { keyspace } = store;
  // Only where there is a limit do places among the candidates count.
  keyspace.memoryLimit.maxBytes = 2 ** 40;
  keyspace.memoryLimit.maxBytes = keyspace.countMemory().usedBytes;
  // Nobody makes room for this: no command has added it.
  keyspace.memory!.addOverhead(Math.floor(keyspace.memory!.dataBytes * 0.9));
  const gone: string[] = [];
  keyspace.observe({
    changed: (_, key, event) => {
      if (event.name !== 'evicted') return;
      gone.push(key);
      if (gone.length === 1) whenTold(store);
    },
  });
  return { store, gone, write: () => store.set('new', 'v') };
}

describe.each(POLICIES)('under %s, when told of the first key that goes', (policy) => {
  test('who does nothing lets the others go', () => {
    const { store, gone, write } = full(policy, () => {});
    write();
    expect(gone.length).toBeGreaterThan(KEYS / 2);
    expect(store.get('new')).toBe('v');
  });

  test('who flushes has made room', () => {
    const { store, gone, write } = full(policy, ({ keyspace }) => keyspace.flush(keyspace.databases));
    write();
    expect(gone).toHaveLength(1);
    expect(store.get('new')).toBe('v');
    store.keyspace.checkInvariants();
  });

  test('who deletes enough has made room', () => {
    const { store, gone, write } = full(policy, (it) => {
      for (const key of it.keys('*')) it.del(key);
    });
    write();
    expect(gone).toHaveLength(1);
    expect(store.dbsize()).toBe(1);
  });

  test.each([0, 2 ** 40])('who sets the limit to %d ends it', (limit) => {
    const { store, gone, write } = full(policy, ({ keyspace }) => {
      keyspace.memoryLimit.maxBytes = limit;
    });
    write();
    expect(gone).toHaveLength(1);
    expect(store.dbsize()).toBe(KEYS);
    store.keyspace.checkInvariants();
  });

  test('who sets another limit afterwards begins anew', () => {
    const { store, gone, write } = full(policy, ({ keyspace }) => {
      keyspace.memoryLimit.maxBytes = 0;
      keyspace.memoryLimit.maxBytes = 2 ** 40;
    });
    write();
    expect(gone).toHaveLength(1);
    expect(store.dbsize()).toBe(KEYS);
  });

  test('who has nothing go any more has the write refused, and it has added nothing', () => {
    const { store, gone, write } = full(policy, ({ keyspace }) => {
      keyspace.memoryLimit.policy = 'noeviction';
    });
    expect(write).toThrow(/^OOM /);
    expect(gone).toHaveLength(1);
    expect(store.exists('new')).toBe(0);
    store.keyspace.checkInvariants();
  });

  test('who throws breaks nothing for who comes next', () => {
    const { store, gone, write } = full(policy, () => {
      throw new RangeError('told');
    });
    expect(write).toThrow(RangeError);
    expect(store.exists('new')).toBe(0);
    write();
    expect(gone.length).toBeGreaterThan(KEYS / 2);
    expect(store.get('new')).toBe('v');
    store.keyspace.checkInvariants();
  });

  test('who exchanges databases has the others go from where they are then', () => {
    const { store, gone, write } = full(policy, ({ keyspace }) => {
      keyspace.swap(0, 5);
    });
    write();
    expect(gone.length).toBeGreaterThan(KEYS / 2);
    expect(new Set(gone).size).toBe(gone.length);
    expect(store.select(5).dbsize()).toBe(KEYS - gone.length);
    store.keyspace.checkInvariants();
  });
});

test('CONFIG SET of several parameters, one of which is refused, evicts nothing and forgets nothing', () => {
  const store = new Store({ maxMemoryPolicy: 'allkeys-lfu', lfuLogFactor: 0 });
  const connection = connect(store);
  for (let at = 0; at < KEYS; at++) store.set(`k${at}`, 'v');
  for (let uses = 0; uses < 20; uses++) store.get('k0');
  const set = (...pairs: string[]) => connection.call('CONFIG', 'SET', ...pairs);
  for (const bad of [
    ['maxmemory-samples', 'abc'],
    ['notify-keyspace-events', '!'],
  ]) {
    expect(() => set('maxmemory', '1', ...bad)).toThrow(/CONFIG SET failed/);
    expect(() => set('maxmemory-policy', 'allkeys-random', 'maxmemory', '1', ...bad)).toThrow(
      /CONFIG SET failed/,
    );
  }
  expect(store.dbsize()).toBe(KEYS);
  expect(store.objectFreq('k0')).toBe(25);
  expect(store.keyspace.memoryLimit.policy).toBe('allkeys-lfu');
});

test('CONFIG SET of a limit and then of a policy evicts by that policy, at once', () => {
  const store = new Store();
  const connection = connect(store);
  for (let at = 0; at < KEYS; at++) store.set(`k${at}`, 'v');
  connection.call('CONFIG', 'SET', 'maxmemory', '1', 'maxmemory-policy', 'allkeys-random');
  expect(store.keyspace.evictedCount).toBe(KEYS);
});

test('another policy that notes the same keeps what is known, also if a client without a trace asks for it', () => {
  const store = new Store({ maxMemoryPolicy: 'volatile-lfu', lfuLogFactor: 0 });
  const connection = connect(store);
  store.set('k', 'v');
  for (let uses = 0; uses < 20; uses++) store.get('k');
  connection.call('CLIENT', 'NO-TOUCH', 'ON');
  connection.call('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lfu');
  expect(store.objectFreq('k')).toBe(25);
  store.get('k');
  expect(store.objectFreq('k')).toBe(26);
});

describe('a limit that is set within a group of commands', () => {
  test('has keys go after EXEC, and refuses nothing within', () => {
    const store = new Store({ maxMemoryPolicy: 'allkeys-lru' });
    const connection = connect(store);
    const told: string[] = [];
    store.keyspace.observe({
      changed: (_, key, event) => told.push(`${event.name} ${key}`),
    });
    connection.call('MULTI');
    connection.call('INCR', 'x');
    connection.call('CONFIG', 'SET', 'maxmemory', '1');
    connection.call('INCR', 'x');
    expect(connection.call('EXEC')).toEqual([1, 'OK', 2]);
    connection.call('PING');
    expect(told.filter((event) => event !== 'new x')).toEqual(['incrby x', 'incrby x', 'evicted x']);
    expect(store.dbsize()).toBe(0);
  });

  test('in the place of another, too', () => {
    const store = new Store({ maxMemory: '1gb', maxMemoryPolicy: 'allkeys-lru' });
    const connection = connect(store);
    connection.call('MULTI');
    connection.call('INCR', 'x');
    connection.call('CONFIG', 'SET', 'maxmemory', '0');
    connection.call('CONFIG', 'SET', 'maxmemory', '1');
    connection.call('INCR', 'x');
    expect(connection.call('EXEC')).toEqual([1, 'OK', 'OK', 2]);
    connection.call('PING');
    expect(store.dbsize()).toBe(0);
  });

  test('has keys go after a transaction, done or undone, which may add nothing more', () => {
    for (const isUndone of [false, true]) {
      const store = new Store({ maxMemoryPolicy: 'allkeys-lru' });
      store.set('x', '1');
      const { keyspace } = store;
      const run = () =>
        store.transaction((tx) => {
          keyspace.memoryLimit.maxBytes = 1;
          expect(() => tx.incr('x')).toThrow(/^OOM /);
          expect(tx.get('x')).toBe('1');
          if (isUndone) throw new RangeError('undone');
        });
      if (isUndone) expect(run).toThrow(RangeError);
      else run();
      expect(store.get('x')).toBe('1');
      store.set('z', 'v');
      expect(store.keys('*')).toEqual(['z']);
      keyspace.checkInvariants();
    }
  });
});

test('keys whose time is over make room as they are found', () => {
  const clock = { ms: 1_700_000_000_000, now: () => clock.ms };
  const store = new Store({ clock, maxMemoryPolicy: 'allkeys-random' });
  store.close();
  for (let at = 0; at < KEYS; at++) store.set(`k${at}`, 'v', { ex: 10 });
  const { keyspace } = store;
  keyspace.memoryLimit.maxBytes = keyspace.countMemory().usedBytes;
  store.set('k0', 'x'.repeat(5000), { ex: 10 });
  clock.ms += 10_000;
  expect(store.set('new', 'v')).toBe('OK');
  expect(keyspace.expiredCount).toBe(KEYS);
  expect(keyspace.evictedCount).toBe(0);
});
