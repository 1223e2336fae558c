import { describe, expect, test } from 'vitest';
import { Store } from '../../src/index.ts';
import { lua } from '../../src/scripting/index.ts';
import { randomCommand, STAGE, Subject } from '../transactions/support.ts';
import { check, contentOf } from './support.ts';

describe('fork()', () => {
  test('has the same data of every type, and shares none of it', () => {
    const subject = new Subject({ isObserved: false });
    const { store } = subject;
    for (const tokens of STAGE) subject.run(tokens);
    store.swapdb(0, 2);
    for (const tokens of STAGE) subject.run(tokens);
    const content = contentOf(store);
    const fork = store.fork();
    expect(contentOf(fork)).toEqual(content);
    check(fork);
    for (let seed = 1; seed <= 500; seed++) subject.run(randomCommand(seed * 7919));
    expect(contentOf(store)).not.toEqual(content);
    expect(contentOf(fork)).toEqual(content);
    const changed = contentOf(store);
    fork.flushall();
    expect(contentOf(store)).toEqual(changed);
    check(fork);
    check(store);
  });

  test('goes by the same clock, with its settings', () => {
    const clock = { nowMs: 1_700_000_000_000 };
    const store = new Store({
      clock: { now: () => clock.nowMs },
      databases: 3,
      limits: { hashMaxListpackEntries: 2 },
      maxMemory: '10mb',
      maxMemoryPolicy: 'volatile-lfu',
      notifyKeyspaceEvents: 'KEA',
    });
    store.set('k', 'v', { px: 5000 });
    store.advance(2000);
    const fork = store.fork();
    clock.nowMs += 1000;
    expect([store.pttl('k'), fork.pttl('k')]).toEqual([2000, 2000]);
    fork.hset('h', { a: '1', b: '2', c: '3' });
    expect(fork.objectEncoding('h')).toBe('hashtable');
    const { memoryLimit, databases, notifyKeyspaceEvents } = fork.keyspace;
    expect([Number(memoryLimit.maxBytes), memoryLimit.policy]).toEqual([10 * 2 ** 20, 'volatile-lfu']);
    expect([databases.length, notifyKeyspaceEvents]).toEqual([3, store.keyspace.notifyKeyspaceEvents]);
    fork.advance(3000);
    expect([store.exists('k'), fork.exists('k')]).toEqual([1, 0]);
    check(fork);
  });

  test('with options that differ', () => {
    const store = new Store();
    store.select(5).set('k', 'v');
    expect(store.fork({ maxMemory: 2 ** 20 }).keyspace.memoryLimit.maxBytes).toBe(2 ** 20);
    expect(() => store.fork({ databases: 2 })).toThrow('there are keys in database 5');
    expect(() => store.fork({ databases: 0 })).toThrow(RangeError);
  });

  test('of a view is a view of the same database', () => {
    const store = new Store();
    store.select(1).set('k', 'v');
    const fork = store.select(1).fork();
    expect([fork.get('k'), fork.select(0).get('k')]).toEqual(['v', null]);
  });

  test('has the functions, and no snapshots', () => {
    const store = new Store({ scripting: lua() });
    store.functionLoad("#!lua name=l\nredis.register_function('f', function() return 7 end)");
    const snapshot = store.snapshot();
    const fork = store.fork();
    expect(fork.fcall('f', [], [])).toBe(7);
    fork.functionFlush();
    expect(store.fcall('f', [], [])).toBe(7);
    expect(fork.keyspace.keeper).toBeUndefined();
    expect(() => fork.restore(snapshot)).toThrow(TypeError);
  });

  test('knows which keys were not used for how long, and how often others', () => {
    const clock = { nowMs: 1_700_000_000_000 };
    const options = { clock: { now: () => clock.nowMs }, maxMemory: '1gb' } as const;
    const byTime = new Store({ ...options, maxMemoryPolicy: 'allkeys-lru' });
    byTime.set('text', 'v');
    byTime.rpush('list', 'v');
    clock.nowMs += 60_000;
    const fork = byTime.fork();
    expect([fork.objectIdletime('text'), fork.objectIdletime('list')]).toEqual([60, 60]);
    const byUse = new Store({ ...options, maxMemoryPolicy: 'allkeys-lfu' });
    byUse.set('text', 'v');
    expect(byUse.fork().objectFreq('text')).toBe(byUse.objectFreq('text'));
    check(fork);
  });

  test('of what a transaction has made so far', () => {
    const store = new Store();
    let fork: Store | undefined;
    expect(() =>
      store.transaction((tx) => {
        tx.set('k', 'v');
        fork = store.fork();
        throw new Error('undone');
      }),
    ).toThrow('undone');
    expect([store.get('k'), fork!.get('k')]).toEqual([null, 'v']);
  });
});
