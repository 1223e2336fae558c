import { describe, expect, test, vi } from 'vitest';
import { MultiError, ReplyError, Store } from '../../src/index.ts';
import type { MaxMemoryPolicy } from '../../src/keyspace/eviction/policy.ts';
import { lua } from '../../src/scripting/index.ts';
import { connect } from '../../src/session/connection.ts';

// What counts as one write: typed calls that are several commands.

const OOM = "OOM command not allowed when used memory > 'maxmemory'.";

/** Full, and nothing may go. The options are CONFIG's: a store that begins empty has room for one value always. */
function fullStore(policy = 'noeviction'): Store {
  const store = new Store({ scripting: lua() });
  store.set('k', 'v');
  store.rpush('l', ['1', '2', '3']);
  configure(store, 'maxmemory-policy', policy);
  configure(store, 'maxmemory', '1');
  return store;
}

function configure(store: Store, name: string, value: string): void {
  connect(store).call('CONFIG', 'SET', name, value);
}

/** As much as is used now may be used: the next value is one too many. No connection is made, since that takes memory. */
function boundNow({ keyspace }: Store, policy: MaxMemoryPolicy = 'allkeys-random'): void {
  keyspace.memoryLimit.policy = policy;
  // Where there is a limit, it is known what may go: that takes memory too.
  keyspace.memoryLimit.maxBytes = Number.MAX_SAFE_INTEGER;
  keyspace.memoryLimit.maxBytes = keyspace.countMemory().usedBytes;
}

/** A queue of any length. */
interface Sets {
  set(key: string, value: string): Sets;
  exec(): unknown;
}

describe('multi()', () => {
  test('runs nothing at all if something in it may add and there is no room', () => {
    const store = fullStore();
    const multi = store.multi().lpop('l').get('k').set('a', 'b').del('k');
    expect(() => multi.exec()).toThrow(new ReplyError(`EXECABORT Transaction discarded because of: ${OOM}`));
    expect(store.lrange('l', 0, -1)).toEqual(['1', '2', '3']);
    expect(store.get('k')).toBe('v');
    expect(() => store.multi().append('k', 'x').execSettled()).toThrow(/^EXECABORT/);
  });

  test('runs without room if nothing in it adds', () => {
    expect(fullStore().multi().get('k').lpop('l').exec()).toEqual(['v', '1']);
  });

  test('other errors in it stay errors of their own', () => {
    const store = fullStore();
    const multi = store.multi().get('l').lpop('l');
    expect(() => multi.exec()).toThrow(MultiError);
    expect(store.llen('l')).toBe(2);
  });

  test('nobody hears of what did not happen', async () => {
    const store = fullStore();
    configure(store, 'notify-keyspace-events', 'KEA');
    const heard = vi.fn();
    store.psubscribe('__key*', heard);
    expect(() => store.multi().lpop('l').set('a', 'b').exec()).toThrow(/^EXECABORT/);
    await Promise.resolve();
    expect(heard).not.toHaveBeenCalled();
    store.lpop('l');
    await Promise.resolve();
    expect(heard).toHaveBeenCalled();
  });

  test('makes room once, at its beginning', () => {
    const store = new Store();
    for (let at = 0; at < 20; at++) store.set(`key:${at}`, 'x'.repeat(100));
    boundNow(store);
    let multi = store.multi() as unknown as Sets;
    const evicted = () => store.keyspace.evictedCount;
    for (let at = 0; at < 20; at++) multi = multi.set(`new:${at}`, 'x'.repeat(100));
    multi.exec();
    expect(evicted()).toBe(0);
    expect(store.dbsize()).toBe(40);
    store.set('one more', '');
    expect(evicted()).toBeGreaterThan(15);
  });

  test('is called off if what it watches had to go to make room', () => {
    const store = new Store();
    store.set('watched', 'v', { ex: 1000 });
    store.set('other', 'v');
    const watch = store.watch('watched');
    boundNow(store, 'volatile-ttl');
    // A value beyond the limit, of which the next write knows.
    store.multi().set('more', 'v').exec();
    expect(store.exists('watched')).toBe(1);
    expect(watch.multi().set('a', 'b').exec()).toBe(null);
    expect(store.exists(['watched', 'a'])).toBe(0);
  });
});

describe('transaction()', () => {
  test('adding throws without room, which undoes all of it', () => {
    const store = fullStore();
    expect(() =>
      store.transaction((tx) => {
        tx.lpop('l');
        tx.set('a', 'b');
      }),
    ).toThrow(new ReplyError(OOM));
    expect(store.lrange('l', 0, -1)).toEqual(['1', '2', '3']);
  });

  test('what it removes makes room for what it adds', () => {
    const store = new Store();
    store.set('large', 'x'.repeat(1000));
    boundNow(store, 'noeviction');
    store.multi().set('more', 'x').exec();
    expect(() => store.set('a', 'b')).toThrow(new ReplyError(OOM));
    store.transaction((tx) => {
      expect(() => tx.set('a', 'b')).toThrow(new ReplyError(OOM));
      tx.del('large');
      tx.set('a', 'b');
    });
    expect(store.get('a')).toBe('b');
  });

  test('nothing is evicted in the middle of it, nor is an eviction undone', () => {
    const store = new Store();
    for (let at = 0; at < 20; at++) store.set(`key:${at}`, 'x'.repeat(100));
    boundNow(store);
    store.set('one too many', 'x'.repeat(100));
    expect(() =>
      store.transaction((tx) => {
        const size = tx.dbsize();
        expect(size).toBeLessThan(21);
        for (let at = 0; at < 20; at++) tx.set(`new:${at}`, 'x'.repeat(100));
        expect(tx.dbsize()).toBe(size + 20);
        throw new Error('undone');
      }),
    ).toThrow('undone');
    expect(store.dbsize()).toBeLessThan(21);
    // What was added has left room in the tables.
    expect(store.keyspace.eviction?.tryMakeRoom()).toBe(true);
    const { usedBytes } = store.keyspace.countMemory();
    expect(usedBytes).toBeLessThanOrEqual(Number(store.keyspace.memoryLimit.maxBytes));
    store.keyspace.checkInvariants();
  });

  test('one in another one, and connections within it, are parts of the same write', () => {
    const store = new Store();
    for (let at = 0; at < 20; at++) store.set(`key:${at}`, 'x'.repeat(100));
    const client = connect(store);
    boundNow(store);
    store.transaction((tx) => {
      tx.set('a', 'x'.repeat(100));
      tx.transaction((inner) => inner.set('b', 'x'.repeat(100)));
      store.multi().set('c', 'x'.repeat(100)).exec();
      client.call('SET', 'd', 'x'.repeat(100));
      expect(tx.dbsize()).toBe(24);
    });
    expect(store.keyspace.evictedCount).toBe(0);
    store.set('e', '');
    expect(store.keyspace.evictedCount).toBeGreaterThan(3);
  });
});

describe('scripts, typed', () => {
  test('what says nothing of itself ends where it adds; what says something is not begun', () => {
    const store = fullStore();
    expect(store.eval("return redis.call('GET', 'k')")).toBe('v');
    expect(() => store.eval("redis.call('GET', 'k') return redis.call('SET', 'k', 'w')")).toThrow(
      /^OOM command not allowed when used memory > 'maxmemory'\. script: /,
    );
    expect(() => store.eval('#!lua\nreturn 1')).toThrow(
      new ReplyError(
        "OOM allow-oom flag is not set on the script, can not run it when used memory > 'maxmemory'",
      ),
    );
    expect(store.eval('#!lua flags=no-writes\nreturn 1')).toBe(1);
    expect(store.get('k')).toBe('v');
    expect(store.eval("#!lua flags=allow-oom\nreturn redis.call('SET', 'k', 'w')")).toBe('OK');
    expect(store.get('k')).toBe('w');
  });

  test('having written something it may add: it cannot be stopped half-way', () => {
    const store = fullStore();
    expect(store.eval("redis.call('LPOP', 'l') return redis.call('SET', 'k', 'w')")).toBe('OK');
  });

  test('one that was refused leaves no mark on the next', () => {
    const store = fullStore();
    expect(() => store.eval("return redis.call('SET', 'k', 'w')")).toThrow(/^OOM/);
    configure(store, 'maxmemory', '0');
    expect(store.eval("return redis.call('SET', 'k', 'w')")).toBe('OK');
  });

  test('nothing is evicted in the middle of one', () => {
    const store = new Store({ scripting: lua() });
    for (let at = 0; at < 20; at++) store.set(`key:${at}`, 'x'.repeat(100));
    const source =
      "for i = 1, 20 do redis.call('SET', 'new' .. i, ('x'):rep(100)) end return redis.call('DBSIZE')";
    store.scriptLoad(source);
    boundNow(store);
    expect(store.eval(source)).toBe(40);
    expect(store.keyspace.evictedCount).toBe(0);
    store.set('a', '');
    expect(store.keyspace.evictedCount).toBeGreaterThan(15);
  });
});

describe('waiting calls', () => {
  test('what would add is refused before it waits', async () => {
    const store = fullStore();
    await expect(store.blocking.blmove('none', 'm', 'left', 'right')).rejects.toThrow(new ReplyError(OOM));
    await expect(store.blocking.blpop('l')).resolves.toEqual({ key: 'l', element: '1' });
  });

  test('and when it would be served', async () => {
    const store = new Store();
    store.set('filler', 'v');
    const moved = store.blocking.blmove('from', 'to', 'left', 'right');
    const popped = store.blocking.blpop('other');
    boundNow(store, 'noeviction');
    store.multi().rpush('from', 'x').rpush('other', 'y').exec();
    await expect(moved).rejects.toThrow(new ReplyError(OOM));
    await expect(popped).resolves.toEqual({ key: 'other', element: 'y' });
    expect(store.lrange('from', 0, -1)).toEqual(['x']);
  });

  test('the same on the wire', async () => {
    const store = new Store();
    store.set('filler', 'v');
    const moved = connect(store).send('BLMOVE', 'from', 'to', 'LEFT', 'RIGHT', '0');
    boundNow(store, 'noeviction');
    store.rpush('from', 'x');
    await expect(moved).rejects.toThrow(new ReplyError(OOM));
    expect(store.lrange('from', 0, -1)).toEqual(['x']);
  });
});
