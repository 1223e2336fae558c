import { expect, test } from 'vitest';
import { connect, Store, type StoreOptions } from '../../../src/index.ts';
import { readRdb, writeRdb } from '../../../src/persistence/rdb/file/whole-rdb.ts';
import { lua } from '../../../src/scripting/index.ts';
import { after, stateOf, walkOf } from './support.ts';

// A walk is told of what comes by whichever door.

class Undone extends Error {}

interface Door {
  readonly name: string;
  readonly options?: StoreOptions;
  /** What there is before. */
  readonly stage: (store: Store) => void;
  /** Called after the walk has begun. Must change something of that. */
  readonly change: (store: Store) => unknown;
}

const doors: readonly Door[] = [
  {
    name: 'scripts',
    options: { scripting: lua() },
    stage: (store) => store.rpush('list', ['a', 'b']),
    change: (store) => store.eval("redis.call('LPOP', KEYS[1]); redis.call('SET', 'other', '1')", ['list']),
  },
  {
    name: 'a connection, and its MULTI',
    stage: (store) => store.hset('hash', { a: '1' }),
    change: (store) => {
      const connection = connect(store);
      connection.call('MULTI');
      connection.call('HSET', 'hash', 'a', '2');
      connection.call('DEL', 'hash');
      return connection.call('EXEC');
    },
  },
  {
    name: 'multi() and views',
    stage: (store) => {
      store.sadd('set', 'a');
      store.select(1).set('number', '1');
      store.bytes.set('bytes', Uint8Array.of(1, 2, 255));
    },
    change: (store) => {
      const multi = store.multi();
      multi.srem('set', 'a');
      multi.exec();
      store.select(1).bigints.incr('number');
      store.bytes.append('bytes', Uint8Array.of(3));
    },
  },
  {
    name: 'a transaction that is undone, and another',
    stage: (store) => {
      store.zadd('board', { a: 1 });
      store.set('text', 'a');
    },
    change: (store) => {
      const run = () =>
        store.transaction((tx) => {
          tx.zadd('board', { b: 2 });
          tx.flushall();
          tx.set('text', 'b');
          throw new Undone();
        });
      expect(run).toThrow(Undone);
      store.transaction((tx) => {
        tx.zadd('board', { c: 2 });
        tx.swapdb(0, 1);
        tx.flushdb();
      });
    },
  },
  {
    name: 'those who wait for something, and get it',
    stage: (store) => {
      store.rpush('to', 'a');
      store.xgroupCreate('stream', 'group', '$', { mkstream: true });
    },
    change: async (store) => {
      const moved = store.blocking.blmove('from', 'to', 'left', 'right');
      const read = store.blocking.xreadgroup('group', 'consumer', ['stream']);
      store.rpush('from', 'b');
      store.xadd('stream', { field: 'value' });
      expect(await moved).toBe('b');
      expect(await read).toHaveLength(1);
    },
  },
  {
    name: 'keys and fields whose time comes',
    stage: (store) => {
      store.set('text', 'a', { px: 100 });
      store.hset('hash', { a: '1', b: '2' });
      store.hpexpire('hash', 100, 'a');
      store.hset('gone', { a: '1' });
      store.hpexpire('gone', 100, 'a');
    },
    change: (store) => {
      store.advance(1000);
      expect([store.get('text'), store.hlen('hash'), store.exists('gone')]).toEqual([null, 1, 0]);
    },
  },
  {
    name: 'keys and fields whose time has come, and somebody who comes by',
    options: { clock: { now: () => clockMs } },
    stage: (store) => {
      store.close();
      store.set('text', 'a', { px: 100 });
      store.hset('hash', { a: '1', b: '2' });
      store.hpexpire('hash', 100, 'a');
    },
    change: (store) => {
      clockMs += 1000;
      expect([store.get('text'), store.hlen('hash')]).toEqual([null, 1]);
    },
  },
  {
    name: 'eviction',
    options: { maxMemory: 100_000, maxMemoryPolicy: 'allkeys-lru' },
    stage: (store) => {
      for (let at = 0; at < 200; at++) store.set(`key:${at}`, 'text '.repeat(20));
    },
    change: (store) => {
      for (let at = 200; at < 1000; at++) store.set(`key:${at}`, 'text '.repeat(20));
      expect(store.keyspace.evictedCount).toBeGreaterThan(100);
    },
  },
  {
    name: 'a policy that comes and goes, and a flush between',
    options: { maxMemory: '1gb', maxMemoryPolicy: 'allkeys-lfu' },
    stage: (store) => {
      for (let at = 0; at < 20; at++) store.set(`key:${at}`, `text ${at}`);
    },
    change: (store) => {
      const connection = connect(store);
      connection.call('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
      store.append('key:3', 'more');
      connection.call('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
      store.append('key:4', 'more');
      store.flushall();
      store.set('key:5', 'again');
      connection.call('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    },
  },
  {
    name: 'snapshots that are restored, over flushes and exchanges',
    stage: (store) => {
      store.set('text', 'a');
      store.rpush('list', ['a', 'b']);
      store.select(1).hset('hash', { a: '1' });
    },
    change: (store) => {
      const first = store.snapshot();
      store.lpop('list');
      store.set('come', 'since');
      const second = store.snapshot();
      store.flushall();
      store.set('text', 'b');
      store.swapdb(0, 1);
      store.restore(second);
      store.select(1).hset('hash', { a: '2' });
      store.restore(first);
      store.rpush('list', 'c');
    },
  },
  {
    name: 'a file that is read',
    stage: (store) => {
      store.set('text', 'a');
      store.rpush('list', ['a', 'b']);
    },
    change: (store) => {
      const other = new Store();
      other.rpush('list', 'other');
      readRdb(store, writeRdb(other));
      store.rpush('list', 'more');
    },
  },
  {
    name: 'bits and registers that are changed in place',
    stage: (store) => {
      store.setbit('bits', 100, 1);
      store.setrange('range', 0, Uint8Array.of(255, 254));
      store.pfadd('registers', ['a', 'b']);
      store.bitfield('field', [{ set: 'u8', offset: 0, value: 200 }]);
    },
    change: (store) => {
      store.setbit('bits', 3, 1);
      store.setrange('range', 1, Uint8Array.of(1));
      store.pfadd('registers', ['c', 'd']);
      store.pfcount('registers');
      store.bitfield('field', [{ incrby: 'u8', offset: 0, increment: 7 }]);
    },
  },
];

let clockMs = 1_700_000_000_000;

test.each(doors)('$name', async ({ options = {}, stage, change }) => {
  for (const steps of [0, 1]) {
    const store = new Store(options);
    stage(store);
    const { keyspace } = store;
    const state = stateOf(keyspace);
    expect(state.size).toBeGreaterThan(0);
    const { walk, found } = walkOf(keyspace);
    if (steps > 0) walk.step(after(steps));
    const { dirty, expiredCount, expiredFieldCount } = keyspace;
    await change(store);
    expect(keyspace.dirty + keyspace.expiredCount + keyspace.expiredFieldCount).toBeGreaterThan(
      dirty + expiredCount + expiredFieldCount,
    );
    walk.finish();
    expect(found).toEqual(state);
    store.close();
  }
});
