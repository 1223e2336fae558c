import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BigKey, BigKeysOptions } from '../../src/keyspace/memory/memory-options.ts';
import { Store } from '../../src/store.ts';

const NOW_MS = 1_700_000_000_000;
const seed = 6;

function storeAt(): Store {
  return new Store({ clock: { now: () => NOW_MS } });
}

/** A bit of everything, over three databases. */
function filled(): Store {
  const store = storeAt();
  store.set('text', 'x'.repeat(1000));
  store.set('text:ttl', 'y'.repeat(500), { px: 1500 });
  store.set('number', '12');
  store.hset(
    'hash',
    Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`field:${at}`, `value:${at}`])),
  );
  store.rpush('list', ['a', 'b', 'c']);
  store.select(2).sadd('set', ['1', '2', '3', '4']);
  store.select(2).zadd('zset', { a: 1, b: 2 });
  store.select(5).xadd('stream', { a: '1' });
  store.select(5).set('text', 'z');
  return store;
}

const nameOf = ({ db, key }: { db: number; key: unknown }) => `${db}:${String(key)}`;

describe('bigKeys', () => {
  test('says of each key what it is', () => {
    const store = filled();
    const rows = store.bigKeys({ count: 100, by: 'elements' });
    expect(rows.map(nameOf)).toEqual([
      ...['0:text', '0:text:ttl', '0:hash', '2:set', '0:list', '0:number', '2:zset', '5:stream', '5:text'],
    ]);
    expect(rows[0]).toEqual({
      ...{ db: 0, key: 'text', type: 'string', encoding: 'raw', elements: 1000 },
      ...{ bytes: expect.any(Number), ttlMs: null },
    });
    expect(rows[1]).toMatchObject({ type: 'string', elements: 500, ttlMs: 1500 });
    expect(rows[2]).toMatchObject({ type: 'hash', encoding: 'listpack', elements: 200, ttlMs: null });
    expect(rows[3]).toMatchObject({ db: 2, type: 'set', encoding: 'intset', elements: 4 });
    expect(rows[5]).toMatchObject({ type: 'string', encoding: 'int', elements: 2 });
    expect(rows[7]).toMatchObject({ db: 5, type: 'stream', encoding: 'stream', elements: 1 });
  });

  test('by bytes: what takes the most memory comes first, whatever it is', () => {
    const rows = filled().bigKeys();
    expect(rows[0]!.key).toBe('hash');
    for (const [at, row] of rows.entries())
      if (at > 0) expect(row.bytes).toBeLessThanOrEqual(rows[at - 1]!.bytes);
    expect(rows.find(({ key }) => key === 'text')!.bytes).toBeGreaterThan(1000);
  });

  test('of a type, a pattern, a database; so many', () => {
    const store = filled();
    const names = (options: BigKeysOptions) => store.bigKeys({ by: 'elements', ...options }).map(nameOf);
    expect(names({ type: 'string' })).toEqual(['0:text', '0:text:ttl', '0:number', '5:text']);
    expect(names({ type: 'ZSET' })).toEqual(['2:zset']);
    expect(names({ type: 'nok' })).toEqual([]);
    expect(names({ match: 'text*' })).toEqual(['0:text', '0:text:ttl', '5:text']);
    expect(names({ match: '*', db: 2 })).toEqual(['2:set', '2:zset']);
    expect(names({ count: 2 })).toEqual(['0:text', '0:text:ttl']);
    expect(names({ count: 1, type: 'list' })).toEqual(['0:list']);
    expect(names({ db: 7 })).toEqual([]);
  });

  test('begins at 10 keys, also of such as are empty', () => {
    const store = storeAt();
    expect(store.bigKeys()).toEqual([]);
    for (let at = 0; at < 30; at++) store.set(`k${at}`, '');
    const rows = store.bigKeys({ by: 'elements' });
    expect(rows).toHaveLength(10);
    expect(rows[0]).toMatchObject({ key: 'k0', elements: 0 });
  });

  test('passes by what has expired, and leaves it where it is', () => {
    let nowMs = NOW_MS;
    const store = new Store({ clock: { now: () => nowMs } });
    store.set('gone', 'x'.repeat(100), { px: 10 });
    store.set('here', 'x', { px: 20 });
    nowMs += 10;
    expect(store.bigKeys()).toMatchObject([{ key: 'here', ttlMs: 10 }]);
    expect(store.keyspace.databases[0]!.map.has('gone')).toBe(true);
    expect(store.keyspace.expiredCount).toBe(0);
  });

  test('touches nothing', () => {
    const store = filled();
    const before = [store.keyspace.hitCount, store.keyspace.missCount, store.keyspace.dirty];
    store.bigKeys();
    store.bigKeys({ by: 'elements', match: '*e*' });
    store.memory();
    expect([store.keyspace.hitCount, store.keyspace.missCount, store.keyspace.dirty]).toEqual(before);
    expect(store.keyspace.memory).toBeUndefined();
    expect(store.keyspace.isMetered).toBe(false);
    store.keyspace.checkInvariants();
  });

  test('keys of any bytes: in text, and as they are', () => {
    const store = storeAt();
    const key = Uint8Array.of(0, 255, 65);
    store.set(key, 'v');
    expect(store.bytes.bigKeys()[0]!.key).toEqual(key);
    expect(store.bigKeys()[0]!.key).toBe('\0�A');
    expect([...store.bytes.bigKeysIterator({ match: key })].at(-1)!.keys).toHaveLength(1);
  });

  test('refuses options of no use', () => {
    const store = storeAt();
    expect(() => store.bigKeys({ count: 0 })).toThrow(
      new RangeError('count must be a whole number from 1, got 0'),
    );
    expect(() => store.bigKeys({ count: 1.5 })).toThrow(RangeError);
    expect(() => store.bigKeys({ db: 16 })).toThrow(new RangeError('there is no database 16'));
    expect(() => store.bigKeys({ by: 'size' as 'bytes' })).toThrow(
      "by must be 'bytes' or 'elements', got size",
    );
    expect(() => store.bigKeys({ limit: 3 } as BigKeysOptions)).toThrow('unknown option limit');
    // At once, and not with the first step.
    expect(() => store.bigKeysIterator({ count: -1 })).toThrow(RangeError);
  });

  test('is what sorting all keys answers', () => {
    const value = fc.nat(60);
    fc.assert(
      fc.property(
        fc.array(fc.record({ db: fc.nat(2), key: fc.nat(300), size: value, isList: fc.boolean() }), {
          maxLength: 400,
        }),
        fc.integer({ min: 1, max: 40 }),
        (writes, count) => {
          const store = storeAt();
          for (const { db, key, size, isList } of writes) {
            const view = store.select(db);
            view.del(`k${key}`);
            if (isList) view.rpush(`k${key}`, Array.from({ length: size + 1 }, String));
            else view.set(`k${key}`, 'v'.repeat(size));
          }
          for (const by of ['elements', 'bytes'] as const) {
            const all = store.bigKeys({ by, count: 10_000 });
            expect(all).toHaveLength([0, 1, 2].reduce((sum, db) => sum + store.select(db).dbsize(), 0));
            // A stable sort: where sizes are equal, as they lie in the store.
            const inOrder = [0, 1, 2].flatMap((db) =>
              store
                .select(db)
                .keys('*')
                .map((key) => all.find((row) => row.db === db && row.key === key)!),
            );
            expect(store.bigKeys({ by, count })).toEqual(
              inOrder.sort((a, b) => b[by] - a[by]).slice(0, count),
            );
          }
        },
      ),
      { seed, numRuns: 60 },
    );
  });
});

describe('bigKeysIterator', () => {
  const KEYS = 50_000;
  const many = () => {
    const store = storeAt();
    for (let at = 0; at < KEYS; at++) store.set(`k${at}`, 'v'.repeat(at % 701));
    return store;
  };

  test('comes to the same, step by step', () => {
    const store = many();
    const steps = [...store.bigKeysIterator({ count: 20 })];
    expect(steps.length).toBeGreaterThan(2);
    expect(steps.at(-1)).toEqual({ seen: KEYS, total: KEYS, keys: store.bigKeys({ count: 20 }) });
    for (const [at, step] of steps.entries()) {
      expect(step.total).toBe(KEYS);
      if (at > 0) expect(step.seen).toBeGreaterThan(steps[at - 1]!.seen);
    }
  });

  test('a large collection is a step of its own', () => {
    const store = storeAt();
    for (let at = 0; at < 10; at++)
      store.sadd(
        `s${at}`,
        Array.from({ length: 20_000 }, (_, n) => `m${n}`),
      );
    expect([...store.bigKeysIterator()].map(({ seen }) => seen)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('says one thing of an empty store', () => {
    expect([...storeAt().bigKeysIterator()]).toEqual([{ seen: 0, total: 0, keys: [] }]);
  });

  test('ends although a key comes for each one looked at, and misses none that stays', () => {
    const store = many();
    store.set('late', 'x'.repeat(5000));
    let added = 0;
    let last: BigKey[] = [];
    for (const { keys } of store.bigKeysIterator({ count: 3 })) {
      last = keys;
      for (let at = 0; at < 20_000; at++) store.set(`new${added++}`, 'n');
      for (let at = 0; at < 1000; at++) store.del(`k${KEYS - added - at}`);
    }
    expect(last[0]!.key).toBe('late');
    expect(added).toBeLessThan(10 * KEYS);
  });

  test('databases that are swapped or flushed meanwhile are left', () => {
    const store = many();
    const search = store.bigKeysIterator();
    search.next();
    store.swapdb(0, 1);
    store.flushdb();
    const rest = [...search];
    expect(rest.at(-1)!.seen).toBeLessThanOrEqual(2 * KEYS);
    store.keyspace.checkInvariants();
  });
});

describe('memory', () => {
  test('rows by database and type add up', () => {
    const store = filled();
    const { rows, ...totals } = store.memory();
    expect(rows.map(({ db, type, keys, elements }) => [db, type, keys, elements]).sort()).toEqual([
      [0, 'hash', 1, 200],
      [0, 'list', 1, 3],
      [0, 'string', 3, 1502],
      [2, 'set', 1, 4],
      [2, 'zset', 1, 2],
      [5, 'stream', 1, 1],
      [5, 'string', 1, 1],
    ]);
    expect(totals).toMatchObject({ keys: 9, expiringKeys: 1, expired: 0, evicted: 0 });
    expect(rows.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(totals.dataBytes);
    expect(totals.dataBytes).toBe(store.keyspace.countMemory().dataBytes);
    expect(rows.reduce((sum, { percent }) => sum + percent, 0)).toBeCloseTo(100, 0);
    for (const { bytes, keys, meanBytes } of rows) expect(meanBytes).toBe(Math.round(bytes / keys));
    const strings = store.bigKeys({ type: 'string', db: 0 });
    expect(rows.find(({ db, type }) => db === 0 && type === 'string')!.bytes).toBe(
      strings.reduce((sum, { bytes }) => sum + bytes, 0),
    );
  });

  test('counters; expired keys are passed by', () => {
    const store = storeAt();
    store.set('a', '1');
    store.set('b', '1', { px: 5 });
    store.set('c', '1', { px: 50 });
    store.advance(10);
    store.keyspace.hitCount = 7;
    store.keyspace.missCount = 3;
    store.keyspace.evictedCount = 2;
    const counters = { expired: 1, evicted: 2, hits: 7, misses: 3 };
    expect(store.memory()).toMatchObject({ keys: 2, expiringKeys: 1, ...counters });
  });

  test('used, peak and limit', () => {
    const store = filled();
    const { overheadBytes, usedBytes, dataBytes } = store.memory();
    expect(usedBytes).toBe(dataBytes + overheadBytes);
    expect(store.memory()).toMatchObject({ peakBytes: null, maxBytes: null, policy: 'noeviction' });
    store.subscribe('news', () => {});
    expect(store.memory().overheadBytes).toBeGreaterThan(overheadBytes);
    expect(store.memory().dataBytes).toBe(dataBytes);
    const bounded = new Store({ maxMemory: '1mb', maxMemoryPolicy: 'allkeys-lru' });
    bounded.set('large', 'x'.repeat(10_000));
    bounded.del('large');
    const { peakBytes, ...rest } = bounded.memory();
    expect(rest).toMatchObject({ maxBytes: 1024 ** 2, policy: 'allkeys-lru', dataBytes: 0 });
    expect(peakBytes).toBeGreaterThan(10_000);
    expect(bounded.keyspace.countMemory().usedBytes).toBe(rest.usedBytes);
  });

  test('of nothing', () => {
    expect(storeAt().memory()).toMatchObject({ rows: [], dataBytes: 0, keys: 0 });
  });
});
