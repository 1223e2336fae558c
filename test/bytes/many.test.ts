import { describe, expect, test } from 'vitest';
import { Store } from '../../src/index.ts';

/** What callers without types may hand in; the calls must refuse it in words that say what is wrong. */
const NO_BYTES = [undefined, null, 5, 5n, true, {}, new Set(['a']), Symbol('s')];

function storeOf(): Store {
  const store = new Store();
  store.rpush('l', ['a', 'b']);
  store.sadd('s', ['a', 'b']);
  store.hset('h', { a: '1' });
  return store;
}

function dump(store: Store): unknown {
  return [store.keys('*').sort(), store.lrange('l', 0, -1), store.smembers('s'), store.hgetall('h')];
}

describe('where one or more are taken', () => {
  const calls: Readonly<Record<string, (store: Store, many: never) => unknown>> = {
    del: (store, many) => store.del(many),
    exists: (store, many) => store.exists(many),
    mget: (store, many) => store.mget(many),
    rpush: (store, many) => store.rpush('l', many),
    lpushx: (store, many) => store.lpushx('l', many),
    lmpop: (store, many) => store.lmpop(many, 'left'),
    sadd: (store, many) => store.sadd('s', many),
    'sadd of a new key': (store, many) => store.sadd('new', many),
    srem: (store, many) => store.srem('s', many),
    smismember: (store, many) => store.smismember('s', many),
    sinter: (store, many) => store.sinter(many),
    hdel: (store, many) => store.hdel('h', many),
    hmget: (store, many) => store.hmget('h', many),
  };
  for (const [name, call] of Object.entries(calls)) {
    test(`${name} refuses what is no string and no bytes, and changes nothing`, () => {
      const store = storeOf();
      const before = dump(store);
      for (const wrong of [...NO_BYTES, ...NO_BYTES.map((value) => ['a', value]), new Array(2)]) {
        expect(() => call(store, wrong as never)).toThrow(/^expected (a string|strings)/);
      }
      expect(() => call(store, [] as never)).toThrow(/^ERR /);
      expect(dump(store)).toEqual(before);
      store.keyspace.checkInvariants();
    });
  }
});

describe('where pairs are taken', () => {
  const calls: Readonly<Record<string, (store: Store, pairs: never) => unknown>> = {
    mset: (store, pairs) => store.mset(pairs),
    msetnx: (store, pairs) => store.msetnx(pairs),
    msetex: (store, pairs) => store.msetex(pairs, { ex: 10 }),
    hset: (store, pairs) => store.hset('h', pairs),
  };
  for (const [name, call] of Object.entries(calls)) {
    test(`${name} refuses what are no pairs, and changes nothing`, () => {
      const store = storeOf();
      const before = dump(store);
      const wrong = [undefined, null, 5, 'ab', true, ['k1', 'v1'], ['ab', 'cd'], [undefined], new Array(1)];
      for (const pairs of [...wrong, [['a']], [['a', 1]], { a: 1 }, new Map([['a', null]])]) {
        expect(() => call(store, pairs as never)).toThrow(/^expected /);
      }
      for (const none of [{}, [], new Map()]) {
        expect(() => call(store, none as never)).toThrow(
          `ERR wrong number of arguments for '${name}' command`,
        );
      }
      expect(dump(store)).toEqual(before);
    });
  }
});

test('counters, databases and orders that are none', () => {
  const store = storeOf();
  for (const wrong of ['5', 'abc', null, undefined, {}, Symbol('s'), 1.5, Number.NaN, 2n ** 63n]) {
    for (const call of [store.incrby, store.decrby]) {
      expect(() => call.call(store, 'n', wrong as never)).toThrow(
        'ERR value is not an integer or out of range',
      );
    }
    expect(() => store.select(wrong as never)).toThrow();
  }
  expect(() => store.select('length' as never)).toThrow('there is no database length: they are 0 to 15');
  expect(() => store.sort('l', { alpha: true, order: 'DESC' as never })).toThrow('ERR syntax error');
  expect(store.exists('n')).toBe(0);
});
