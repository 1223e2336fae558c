import { describe, expect, test } from 'vitest';
import { connect, Store } from '../../src/index.ts';

// Names that mean something to JavaScript, or nothing, or very much, are names like any other: as keys, fields,
// members and elements, for typed callers and over the wire.

const NAMES = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length'].map((name) => ({
    what: name,
    name,
  })),
  { what: 'a whole number', name: '0' },
  { what: 'nothing at all', name: '' },
  { what: 'a megabyte', name: 'm'.repeat(1024 * 1024) },
  { what: 'a megabyte in characters of four bytes', name: '😀'.repeat(256 * 1024) },
  { what: 'a zero byte', name: '\0' },
];

describe.each(NAMES)('$what', ({ name }) => {
  test('is a key like any other', () => {
    const store = new Store();
    expect(store.get(name)).toBeNull();
    expect(store.type(name)).toBe('none');
    expect(store.set(name, 'v', { ex: 10 })).toBe('OK');
    expect(store.get(name)).toBe('v');
    expect(store.ttl(name)).toBe(10);
    expect(store.keys('*')).toEqual([name]);
    expect([...store.scanIterator()]).toEqual([name]);
    expect(store.rename(name, `${name}!`)).toBe('OK');
    expect(store.exists([name, `${name}!`])).toBe(1);
    expect(store.copy(`${name}!`, name)).toBe(1);
    expect(store.mget([name, 'other'])).toEqual(['v', null]);
    store.advance(10_000);
    expect(store.dbsize()).toBe(0);
  });

  test('is a field and a value like any other', () => {
    const store = new Store();
    expect(store.hset('h', [[name, name]])).toBe(1);
    expect(store.hset('h', [['other', '1']])).toBe(1);
    expect(store.hget('h', name)).toBe(name);
    const all = store.hgetall('h');
    expect(Object.getPrototypeOf(all)).toBeNull();
    expect(Object.keys(all).sort()).toEqual([name, 'other'].sort());
    expect(all[name]).toBe(name);
    expect(store.hexpire('h', 10, name)).toEqual([1]);
    store.advance(10_000);
    expect(store.hkeys('h')).toEqual(['other']);
  });

  test('is an element, a member and a scored member like any other', () => {
    const store = new Store();
    store.rpush('l', [name, 'other', name]);
    expect(store.lrange('l', 0, -1)).toEqual([name, 'other', name]);
    expect(store.lpos('l', name, { rank: -1 })).toBe(2);
    expect(store.lrem('l', 0, name)).toBe(2);
    expect(store.sadd('s', [name, 'other', name])).toBe(2);
    expect(store.smismember('s', [name, 'none'])).toEqual([1, 0]);
    expect(store.zadd('z', [{ member: name, score: 2 }])).toBe(1);
    expect(store.zincrby('z', 0.5, name)).toBe(2.5);
    expect(store.zrank('z', name)).toBe(0);
    expect(store.zrangeWithScores('z', 0, -1)).toEqual([{ member: name, score: 2.5 }]);
    expect(store.sinter(['s', 's'])).toHaveLength(2);
    expect(store.srem('s', name)).toBe(1);
    expect(store.zrem('z', name)).toBe(1);
    expect(store.exists('z')).toBe(0);
  });

  test('goes over the wire like any other', () => {
    const connection = connect(new Store(), { protocol: 3 });
    expect(connection.call('SET', name, name)).toBe('OK');
    expect(connection.call('GET', name)).toBe(name);
    expect(connection.call('HSET', 'h', name, name)).toBe(1);
    expect(connection.call('HGETALL', 'h')).toEqual(new Map([[name, name]]));
    expect(connection.call('SADD', 's', name)).toBe(1);
    expect(connection.call('SMEMBERS', 's')).toEqual(new Set([name]));
    expect(connection.call('ZADD', 'z', '1', name)).toBe(1);
    expect(connection.call('ZRANGE', 'z', '0', '-1', 'WITHSCORES')).toEqual([[name, 1]]);
  });
});

test('an object with a field of its own named __proto__ keeps it', () => {
  const store = new Store();
  const given = JSON.parse('{"__proto__": "v", "a": "1"}') as Record<string, string>;
  expect(store.hset('h', given)).toBe(2);
  expect(store.hget('h', '__proto__')).toBe('v');
  expect(store.mset(given)).toBe('OK');
  expect(store.get('__proto__')).toBe('v');
});
