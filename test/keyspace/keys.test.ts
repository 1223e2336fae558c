import { describe, expect, test } from 'vitest';
import { type Bytes, toText } from '../../src/bytes/byte-string.ts';
import type { Observer } from '../../src/keyspace/observer.ts';
import { Store } from '../../src/store.ts';

const NOW_MS = 1_700_000_000_000;
const BINARY = Uint8Array.of(0, 255, 128, 65);
const ODD_NAMES: readonly Bytes[] = ['', '__proto__', 'constructor', 'toString', 'ключ', '😀', '\0', BINARY];

function storeAt(nowMs = NOW_MS): Store {
  return new Store({ clock: { now: () => nowMs } });
}

/** What a store says of its changes from now on. */
function record(store: Store): string[] {
  const said: string[] = [];
  const observer: Observer = {
    changed: (database, key, event) => said.push(`${database.index} ${event.name} ${key}`),
    effect: (database, command) =>
      said.push(
        `${database.index} > ${command.map((token) => (typeof token === 'string' ? toText(token) : '…')).join(' ')}`,
      ),
    flushed: (databases) => said.push(`flushed ${databases.map(({ index }) => index).join()}`),
  };
  store.keyspace.observe(observer);
  return said;
}

describe('any name serves as a key', () => {
  test.each(ODD_NAMES)('%o', (name) => {
    const store = storeAt();
    store.set(name, 'v');
    expect(store.exists(name)).toBe(1);
    expect(store.type(name)).toBe('string');
    expect(store.expire(name, 10)).toBe(1);
    expect(store.ttl(name)).toBe(10);
    expect(store.copy(name, 'copy')).toBe(1);
    expect(store.rename('copy', 'other')).toBe('OK');
    expect(store.persist(name)).toBe(1);
    expect(store.bytes.keys('*')).toHaveLength(2);
    expect([...store.bytes.scanIterator()].map((key) => store.exists(key))).toEqual([1, 1]);
    expect(store.move(name, 3)).toBe(1);
    expect(store.select(3).bytes.randomkey()).toEqual(
      typeof name === 'string' ? new TextEncoder().encode(name) : name,
    );
    expect(store.select(3).del([name])).toBe(1);
    store.keyspace.checkInvariants();
  });

  test('bytes that are no text come back as they were', () => {
    const store = storeAt();
    store.set(BINARY, 'v');
    expect(store.bytes.keys('*')).toEqual([BINARY]);
    expect(store.bytes.scan(0)).toEqual([0, [BINARY]]);
    expect(store.keys('*')).toEqual(['\0\ufffd\ufffdA']);
  });
});

describe('deleting', () => {
  test('takes one key or an array of them', () => {
    const store = storeAt();
    store.mset({ a: '1', b: '2', c: '3' });
    expect(store.del('a')).toBe(1);
    expect(store.unlink(['a', 'b', 'b', 'c'])).toBe(2);
    expect(store.dbsize()).toBe(0);
  });

  test('of no keys is the error Redis has for it', () => {
    const store = storeAt();
    expect(() => store.del([])).toThrow("ERR wrong number of arguments for 'del' command");
    expect(() => store.unlink([])).toThrow("ERR wrong number of arguments for 'unlink' command");
    expect(() => store.exists([])).toThrow("ERR wrong number of arguments for 'exists' command");
    expect(() => store.touch([])).toThrow("ERR wrong number of arguments for 'touch' command");
  });

  test('of what is no key changes nothing', () => {
    const store = storeAt();
    store.set('a', '1');
    expect(() => store.del(['a', 5 as unknown as string])).toThrow(TypeError);
    expect(store.exists('a')).toBe(1);
  });

  test('of very many keys at once', () => {
    const store = storeAt();
    const keys = Array.from({ length: 200_000 }, (_, at) => `k${at}`);
    for (const key of keys) store.set(key, 'v');
    expect(store.exists(keys)).toBe(200_000);
    expect(store.del(keys)).toBe(200_000);
  });
});

describe('expiry', () => {
  test('what is no integer is refused before the key is looked at', () => {
    const store = storeAt();
    for (const bad of [Number.NaN, 1.5, Number.POSITIVE_INFINITY, '10' as unknown as number]) {
      expect(() => store.expire('nok', bad)).toThrow('ERR value is not an integer or out of range');
      expect(() => store.pexpireat('nok', bad)).toThrow('ERR value is not an integer or out of range');
    }
  });

  test('conditions that exclude each other', () => {
    const store = storeAt();
    const others = 'ERR NX and XX, GT or LT options at the same time are not compatible';
    expect(() => store.expire('k', 1, { nx: true, xx: true })).toThrow(others);
    expect(() => store.expire('k', Number.NaN, { nx: true, lt: true })).toThrow(others);
    expect(() => store.expire('k', 1, { gt: true, lt: true })).toThrow(
      'ERR GT and LT options at the same time are not compatible',
    );
    expect(store.expire('k', 1, { nx: true, gt: false })).toBe(0);
  });

  test('TTL rounds to the nearest second, half of one up', () => {
    const store = storeAt();
    store.set('k', 'v');
    store.pexpire('k', 1499);
    expect(store.ttl('k')).toBe(1);
    store.pexpire('k', 1500);
    expect(store.ttl('k')).toBe(2);
    expect(store.pttl('k')).toBe(1500);
    store.pexpireat('k', NOW_MS + 499);
    expect(store.expiretime('k')).toBe(NOW_MS / 1000);
    expect(store.pexpiretime('k')).toBe(NOW_MS + 499);
  });

  test('a key lives as long as it was told, and not a millisecond longer', () => {
    const store = storeAt();
    store.set('k', 'v');
    store.pexpire('k', 100);
    store.advance(99);
    expect(store.exists('k')).toBe(1);
    expect(store.pttl('k')).toBe(1);
    store.advance(1);
    expect(store.dbsize()).toBe(0);
    expect(store.ttl('k')).toBe(-2);
  });

  test('times beyond 2^53 are for the exact view', () => {
    const store = storeAt();
    store.set('k', 'v');
    expect(store.pexpireat('k', 2 ** 63)).toBe(1);
    expect(() => store.pexpiretime('k')).toThrow(RangeError);
    expect(store.bigints.pexpiretime('k')).toBe(2n ** 63n - 1n);
    expect(store.bigints.pttl('k')).toBeLessThan(2n ** 63n);
    expect(() => store.pexpire('k', 2 ** 63)).toThrow("ERR invalid expire time in 'pexpire' command");
  });

  test('the TTL goes with the key, and its timer too', () => {
    const store = storeAt();
    store.set('a', '1', { px: 100 });
    store.rename('a', 'b');
    store.copy('b', 'c');
    store.move('c', 1);
    store.copy('b', 'c', { db: 2 });
    store.persist('b');
    store.keyspace.checkInvariants();
    store.advance(101);
    expect(store.exists('b')).toBe(1);
    expect(store.select(1).dbsize()).toBe(0);
    expect(store.select(2).dbsize()).toBe(0);
  });
});

describe('copies and other names', () => {
  test('a copy lives its own life', () => {
    const store = storeAt();
    store.append('a', 'x');
    store.append('a', 'y');
    store.copy('a', 'b');
    store.append('a', '1');
    store.append('b', '2');
    expect([store.get('a'), store.get('b')]).toEqual(['xy1', 'xy2']);
  });

  test('databases that do not exist', () => {
    const store = storeAt();
    store.set('a', '1');
    expect(() => store.copy('a', 'b', { db: 16 })).toThrow('ERR DB index is out of range');
    expect(() => store.copy('a', 'b', { db: 0.5 })).toThrow('ERR value is not an integer or out of range');
    expect(() => store.move('a', -1)).toThrow('ERR DB index is out of range');
    expect(() => store.swapdb(0, 16)).toThrow('ERR DB index is out of range');
    expect(() => store.swapdb(0.5, 16)).toThrow('ERR invalid first DB index');
    expect(() => store.swapdb(0, Number.NaN)).toThrow('ERR invalid second DB index');
    expect(() => store.copy('a', 'a')).toThrow('ERR source and destination objects are the same');
    expect(() => store.rename('nok', 'nok')).toThrow('ERR no such key');
    expect(store.get('a')).toBe('1');
  });

  test('a swapped database is seen by all who have selected it', () => {
    const store = storeAt();
    const other = store.select(1);
    store.set('k', 'zero', { px: 100 });
    other.set('k', 'one');
    expect(store.swapdb(0, 1)).toBe('OK');
    expect([store.get('k'), other.get('k')]).toEqual(['one', 'zero']);
    store.advance(101);
    expect([store.dbsize(), other.dbsize()]).toEqual([1, 0]);
    store.keyspace.checkInvariants();
  });
});

describe('what is said of changes', () => {
  test('deleting, unlinking', () => {
    const store = storeAt();
    store.mset({ a: '1', b: '2' });
    const said = record(store);
    store.del(['a', 'nok', 'a']);
    store.unlink('b');
    expect(said).toEqual(['0 del a', '0 > DEL a', '0 del b', '0 > UNLINK b']);
  });

  test('expiry is said as an absolute time, or as a deletion', () => {
    const store = storeAt();
    store.set('a', '1');
    const said = record(store);
    store.expire('a', 10, { nx: true });
    store.expire('a', 20, { nx: true });
    store.persist('a');
    store.persist('a');
    store.expire('a', 0);
    expect(said).toEqual([
      '0 expire a',
      `0 > PEXPIREAT a ${NOW_MS + 10_000}`,
      '0 persist a',
      '0 > PERSIST a',
      '0 del a',
      '0 > DEL a',
    ]);
  });

  test('renaming', () => {
    const store = storeAt();
    store.mset({ a: '1', b: '2' });
    const said = record(store);
    store.rename('a', 'a');
    store.rename('a', 'b');
    expect(store.renamenx('b', 'c')).toBe(1);
    expect(said).toEqual([
      '0 new b',
      '0 rename_from a',
      '0 rename_to b',
      '0 > RENAME a b',
      '0 overwritten b',
      '0 new c',
      '0 rename_from b',
      '0 rename_to c',
      '0 > RENAMENX b c',
    ]);
  });

  test('copying and moving', () => {
    const store = storeAt();
    store.set('a', '1');
    const said = record(store);
    store.copy('a', 'b', { db: 1 });
    store.copy('a', 'b', { db: 1, replace: true });
    store.copy('a', 'c');
    store.move('a', 1);
    expect(said).toEqual([
      '1 new b',
      '1 copy_to b',
      '0 > COPY a b DB 1',
      '1 new b',
      '1 copy_to b',
      '0 > COPY a b DB 1 REPLACE',
      '1 overwritten b',
      '0 new c',
      '0 copy_to c',
      '0 > COPY a c',
      '1 new a',
      '0 move_from a',
      '1 move_to a',
      '0 > MOVE a 1',
    ]);
  });

  test('whole databases', () => {
    const store = storeAt();
    store.set('a', '1');
    const said = record(store);
    store.swapdb(1, 2);
    store.swapdb(3, 3);
    store.flushdb();
    store.select(1).flushall('async');
    expect(said).toEqual([
      'flushed 1,2',
      '0 > SWAPDB 1 2',
      'flushed 0',
      '0 > FLUSHDB',
      'flushed 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15',
      '1 > FLUSHALL',
    ]);
  });
});

describe('looking for keys', () => {
  test('KEYS and RANDOMKEY do not find what has expired', () => {
    let nowMs = NOW_MS;
    const store = new Store({ clock: { now: () => nowMs } });
    store.mset({ a: '1', b: '2' });
    store.pexpire('a', 10);
    nowMs += 11;
    expect(store.keys('*')).toEqual(['b']);
    expect(store.dbsize()).toBe(2);
    for (let at = 0; at < 20; at++) expect(store.randomkey()).toBe('b');
    store.close();
  });

  test('the pattern * finds the empty key, ** does not', () => {
    const store = storeAt();
    store.set('', 'v');
    expect(store.keys('*')).toEqual(['']);
    expect(store.keys('**')).toEqual([]);
    expect(store.scan(0, { match: '*' })).toEqual([0, ['']]);
  });

  test('SCAN takes steps, and its options narrow what it finds', () => {
    const store = storeAt();
    for (let at = 0; at < 100; at++) store.set(`k${at}`, 'v');
    const [cursor, first] = store.scan(0, { count: 7 });
    expect(first).toHaveLength(7);
    expect(cursor).toBeGreaterThan(0);
    expect(store.scan(0, { count: 1000, match: 'k1?' })[1]).toHaveLength(10);
    expect(store.scan(0, { count: 1000, type: 'String' })[1]).toHaveLength(100);
    expect(store.scan(0, { count: 1000, type: 'nope' })).toEqual([0, []]);
  });

  test('SCAN refuses what is no cursor and no count', () => {
    const store = storeAt();
    expect(() => store.scan(-1)).toThrow('ERR invalid cursor');
    expect(() => store.scan(1.5)).toThrow('ERR invalid cursor');
    expect(() => store.scan(0, { count: 0 })).toThrow('ERR syntax error');
    expect(() => store.scan(0, { count: Number.NaN })).toThrow('ERR value is not an integer or out of range');
    expect(() => [...store.scanIterator({ count: -1 })]).toThrow('ERR syntax error');
  });

  test('what is there throughout a scan is found, whatever comes and goes', () => {
    const store = storeAt();
    const lasting = Array.from({ length: 500 }, (_, at) => `lasting:${at}`);
    for (const key of lasting) {
      store.set(key, 'v');
      store.set(`passing:${key}`, 'v');
    }
    const found = new Set<string>();
    let at = 0;
    for (const key of store.scanIterator({ count: 3 })) {
      found.add(key);
      store.del(`passing:lasting:${(at * 7) % 500}`);
      store.set(`new:${at}`, 'v');
      at++;
      if (at > 5000) throw new Error('the scan does not end');
    }
    expect(lasting.filter((key) => !found.has(key))).toEqual([]);
  });

  test('the iterator yields single keys, and they may be deleted meanwhile', () => {
    const store = storeAt();
    for (let at = 0; at < 50; at++) store.mset({ [`user:${at}`]: 'v', [`job:${at}`]: 'v' });
    for (const key of store.scanIterator({ match: 'user:*', count: 5 })) store.del(key);
    expect(store.dbsize()).toBe(50);
    expect(store.keys('user:*')).toEqual([]);
  });

  test('RANDOMKEY picks by the random numbers it is given', () => {
    const store = new Store({ random: () => 0.99 });
    expect(store.randomkey()).toBeNull();
    store.mset({ a: '1', b: '2', c: '3' });
    expect(store.randomkey()).toBe('c');
  });
});

test('OBJECT', () => {
  const store = storeAt();
  store.mset({ integer: '42', short: 'abc', long: 'x'.repeat(100) });
  expect(store.objectEncoding('integer')).toBe('int');
  expect(store.objectEncoding('short')).toBe('embstr');
  expect(store.objectEncoding('long')).toBe('raw');
  expect(store.objectRefcount('integer')).toBe(1);
  expect(store.objectIdletime('short')).toBe(0);
  expect(() => store.objectFreq('short')).toThrow('ERR An LFU maxmemory policy is not selected');
  expect([
    store.objectEncoding('nok'),
    store.objectRefcount('nok'),
    store.objectIdletime('nok'),
    store.objectFreq('nok'),
  ]).toEqual([null, null, null, null]);
});

test('TIME is the time of the clock', () => {
  expect(storeAt(1_700_000_000_123).time()).toEqual([1_700_000_000, 123_000]);
});
