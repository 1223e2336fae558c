import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type WatchedKeys, watchedKeysOf } from '../../src/keyspace/watched-keys.ts';
import { Store } from '../../src/store.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { randomCommand, START_MS, Subject } from './support.ts';

function watched(store: Store): WatchedKeys {
  const watchedKeys = watchedKeysOf(store.keyspace);
  watchedKeys.checkInvariants();
  return watchedKeys;
}

function storeAt(clock: { nowMs: number }): Store {
  const store = new Store({ clock: { now: () => clock.nowMs } });
  store.close();
  return store;
}

describe('watch()', () => {
  test('tells whether a key has changed, whoever did it', () => {
    const store = new Store();
    const watch = store.watch(['a', 'b']);
    expect(watch.changed).toBe(false);
    store.set('c', 'v');
    expect(watch.changed).toBe(false);
    store.bytes.set('b', new Uint8Array(1));
    expect(watch.changed).toBe(true);
  });

  test('lets a multi() run if nothing has changed, and answers null if it has', () => {
    const store = new Store();
    store.set('seats', '2');
    const buy = (meanwhile?: () => void) => {
      const watch = store.watch('seats');
      const left = Number(store.get('seats'));
      meanwhile?.();
      return watch
        .multi()
        .set('seats', String(left - 1))
        .rpush('sold', 'one')
        .exec();
    };
    expect(buy()).toEqual(['OK', 1]);
    expect(buy(() => store.set('seats', '5'))).toBeNull();
    expect(store.get('seats')).toBe('5');
    expect(store.llen('sold')).toBe(1);
    expect(watched(store).size).toBe(0);
  });

  test('also with execSettled(), in bytes, and in big integers', () => {
    const store = new Store();
    const touched = () => {
      const watches = [store.watch('k'), store.bytes.watch('k'), store.bigints.watch('k')] as const;
      store.incr('k');
      return watches;
    };
    for (const watch of touched()) expect(watch.multi().incr('k').execSettled()).toBeNull();
    expect(store.watch('k').multi().incr('k').execSettled()).toEqual([{ status: 'fulfilled', value: 2 }]);
    expect(store.bytes.watch('k').multi().get('k').exec()).toEqual([Uint8Array.of(50)]);
    expect(store.bigints.watch('k').multi().incr('k').exec()).toEqual([3n]);
    expect(watched(store).size).toBe(0);
  });

  test('ends with unwatch(), exec() and discard(), and then keeps its verdict', () => {
    const store = new Store();
    const [one, two, three] = [store.watch('k'), store.watch('k'), store.watch('k')];
    expect(watched(store).size).toBe(3);
    one.unwatch();
    two.multi().exec();
    three.multi().discard();
    expect(watched(store).size).toBe(0);
    expect(store.keyspace.observed).toBe(false);
    store.set('k', 'v');
    for (const watch of [one, two, three]) {
      expect(watch.changed).toBe(false);
      expect(() => watch.multi()).toThrow('this watch has ended');
      watch.unwatch();
    }
    const touched = store.watch('k');
    store.set('k', 'w');
    touched.unwatch();
    expect(touched.changed).toBe(true);
  });

  test('guards one multi() only: another one of it throws, and runs nothing', () => {
    const store = new Store();
    const watch = store.watch('k');
    const [first, second, third] = [watch.multi(), watch.multi(), watch.multi()];
    expect(first.set('k', 'first').exec()).toEqual(['OK']);
    expect(() => second.set('k', 'second').exec()).toThrow('this watch has ended: begin another one');
    expect(() => third.set('k', 'third').execSettled()).toThrow('this watch has ended');
    expect(store.get('k')).toBe('first');

    const ended = store.watch('k');
    const late = ended.multi().set('k', 'late');
    ended.unwatch();
    expect(() => late.exec()).toThrow('this watch has ended');
    expect(store.get('k')).toBe('first');
  });

  test('needs a key', () => {
    const store = new Store();
    expect(() => store.watch([])).toThrow("wrong number of arguments for 'watch' command");
    expect(watched(store).size).toBe(0);
  });

  test('costs others nothing while nobody watches', () => {
    const store = new Store();
    expect(store.keyspace.observed).toBe(false);
    const watch = store.watch('k');
    expect(store.keyspace.observed).toBe(true);
    // Once touched it needs to hear of nothing more.
    store.set('k', 'v');
    expect(store.keyspace.observed).toBe(false);
    expect(watch.changed).toBe(true);
  });

  test('sees that a key has expired, though nobody has noticed', () => {
    const clock = { nowMs: START_MS };
    const store = storeAt(clock);
    store.set('k', 'v', { px: 10 });
    const watch = store.watch('k');
    expect(watch.changed).toBe(false);
    clock.nowMs += 10;
    expect(watch.changed).toBe(true);
    expect(watch.multi().set('l', 'v').exec()).toBeNull();
  });

  test('takes a key for absent that has expired before', () => {
    const clock = { nowMs: START_MS };
    const store = storeAt(clock);
    store.set('k', 'v', { px: 10 });
    clock.nowMs += 10;
    const watch = store.watch('k');
    store.exists('k');
    store.flushall();
    expect(watch.changed).toBe(false);
    store.set('k', 'v');
    expect(watch.changed).toBe(true);
  });

  test('belongs to the database in which it was begun', () => {
    const store = new Store();
    const watch = store.select(1).watch('k');
    store.set('k', 'v');
    expect(watch.changed).toBe(false);
    store.select(1).set('k', 'v');
    expect(watch.changed).toBe(true);
  });

  test('FLUSHALL and FLUSHDB change only what is there', () => {
    const store = new Store();
    store.mset({ a: '1', b: '1' });
    const [a, other, missing] = [store.watch('a'), store.select(1).watch('a'), store.watch('missing')];
    store.select(1).flushdb();
    expect([a, other, missing].map(({ changed }) => changed)).toEqual([false, false, false]);
    store.flushall();
    expect([a, other, missing].map(({ changed }) => changed)).toEqual([true, false, false]);
  });

  test('SWAPDB changes what is in one of the two', () => {
    const store = new Store();
    store.set('first', 'v');
    store.select(1).set('second', 'v');
    store.select(1).set('expired', 'v', { pxat: Date.now() + 100_000 });
    const keys = ['first', 'second', 'none', 'expired'];
    const watches = [0, 1, 2].map((index) => keys.map((key) => store.select(index).watch(key)));
    const changed = () => watches.map((row) => row.map((watch) => watch.changed));
    store.advance(200_000);
    store.swapdb(0, 1);
    expect(changed()).toEqual([
      [true, true, false, false],
      [true, true, false, true],
      [false, false, false, false],
    ]);
  });

  test('learns of a transaction when that is committed', () => {
    const store = new Store();
    store.set('k', 'v');
    const watch = store.watch('k');
    for (const change of [() => store.set('k', 'w'), () => store.flushall(), () => store.swapdb(0, 1)]) {
      expect(() =>
        store.transaction(() => {
          change();
          throw new Error('undone');
        }),
      ).toThrow('undone');
      expect(watch.changed).toBe(false);
    }
    store.transaction((tx) => {
      tx.flushall();
      expect(watch.changed).toBe(false);
    });
    expect(watch.changed).toBe(true);
  });

  test('a key that a transaction makes and flushes again does change', () => {
    const store = new Store();
    const watch = store.watch('k');
    store.transaction((tx) => {
      tx.set('k', 'v');
      tx.flushall();
    });
    expect(watch.changed).toBe(true);
  });

  test('many watchers of many keys, and commands of all kinds: none is forgotten', () => {
    fc.assert(
      fc.property(fc.array(fc.noShrink(fc.nat(0x7fffffff)), { maxLength: 40, size: 'max' }), (seeds) => {
        const subject = new Subject({ isObserved: false });
        const { store } = subject;
        const watches = new Map(['k1', 'k2', 'k3', 'k4'].map((key) => [key, store.watch([key, key])]));
        for (const seed of seeds) {
          const before = new Map([...watches.keys()].map((key) => [key, JSON.stringify(heldBy(store, key))]));
          subject.run(randomCommand(seed));
          for (const [key, watch] of watches) {
            const isOther = JSON.stringify(heldBy(store, key)) !== before.get(key);
            if (isOther) expect(watch.changed, `${key}: ${randomCommand(seed).join(' ')}`).toBe(true);
          }
          watched(store);
        }
        for (const watch of watches.values()) watch.unwatch();
        expect(watched(store).size).toBe(0);
        expect(store.keyspace.observed).toBe(false);
      }),
      { seed: 20_261_121, numRuns: 150 },
    );
  });
});

/** What a key holds, as far as types tell. */
function heldBy(store: Store, key: string): unknown {
  switch (store.type(key)) {
    case 'string':
      return [store.get(key), store.pexpiretime(key)];
    case 'hash':
      return [Object.entries(store.hgetall(key)), store.pexpiretime(key)];
    case 'list':
      return [store.lrange(key, 0, -1), store.pexpiretime(key)];
    case 'set':
      return [store.smembers(key).sort(), store.pexpiretime(key)];
    case 'zset':
      return [store.zrangeWithScores(key, 0, -1), store.pexpiretime(key)];
    default:
      return null;
  }
}

// WATCH on the wire is compared with the real server in test/differential; this compares the typed one: the same
// changes by another client, to be noticed or not.
describe('watch(), beside WATCH on the real server', () => {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(async () => {
    await server?.stop();
  });

  const changes: readonly (readonly string[])[] = [
    ['SET s v', 'GET s'],
    ['SET s v', 'SET s v'],
    ['SET s v', 'SET s w NX'],
    ['SET s v', 'EXPIRE s 100'],
    ['SET s v', 'PERSIST s'],
    ['SET s v EX 100', 'PERSIST s'],
    ['SET s v', 'GETEX s'],
    ['SET s v', 'GETEX s EX 100'],
    ['SET s v', 'RENAME s t'],
    ['SET t v', 'RENAME t s'],
    ['SET s v', 'COPY s t'],
    ['SET t v', 'COPY t s'],
    ['SET s v', 'MOVE s 1'],
    ['SET s v', 'DEL s'],
    ['SET t v', 'DEL s'],
    ['SADD s a', 'SADD s a'],
    ['SADD s a', 'SADD s b'],
    ['SADD s a', 'SREM s b'],
    ['SADD s a', 'SREM s a'],
    ['ZADD s 1 a', 'ZADD s 1 a'],
    ['ZADD s 1 a', 'ZADD s 2 a'],
    ['ZADD s 1 a', 'ZADD s NX 2 a'],
    ['HSET s a 1', 'HSET s a 1'],
    ['HSET s a 1', 'HDEL s b'],
    ['HSET s a 1', 'HSETNX s a 2'],
    ['RPUSH s a', 'LPUSHX s b'],
    ['RPUSH t a', 'LPUSHX s b'],
    ['RPUSH s a', 'LTRIM s 0 -1'],
    ['RPUSH s a', 'LREM s 0 b'],
    ['RPUSH s a', 'LSET s 0 a'],
    ['RPUSH s b a', 'SORT s ALPHA'],
    ['RPUSH s b a', 'SORT s ALPHA STORE s'],
    ['RPUSH t b a', 'SUNIONSTORE s none'],
    ['SADD s a', 'SUNIONSTORE s none'],
    ['SET s v', 'FLUSHALL'],
    ['SET t v', 'FLUSHALL'],
    ['SET s v', 'SWAPDB 0 1'],
    ['SET t v', 'SWAPDB 0 1'],
    ['SET s v', 'SWAPDB 1 2'],
  ];
  for (const [given, change] of changes) {
    test(`${given}, then ${change}`, async ({ skip }) => {
      if (server === undefined) return skip();
      const watcher = await server.connect();
      const other = await server.connect();
      const subject = new Subject();
      for (const line of ['FLUSHALL', given!]) await other.send(line.split(' '));
      subject.run(given!.split(' '));
      await watcher.send(['WATCH', 's']);
      const watch = subject.store.watch('s');
      await other.send(change!.split(' '));
      subject.run(change!.split(' '));
      await watcher.send(['MULTI']);
      const reply = await watcher.send(['EXEC']);
      const isAborted = reply.type === '*' && reply.items === null;
      expect(watch.changed).toBe(isAborted);
      expect(watch.multi().exec()).toEqual(isAborted ? null : []);
      await watcher.close();
      await other.close();
    });
  }
});
