import { describe, expect, test } from 'vitest';
import type { Bytes } from '../../src/bytes/byte-string.ts';
import { collectingPeer } from '../../src/session/peer.ts';
import { serverOf } from '../../src/session/server.ts';
import { Session } from '../../src/session/session.ts';
import { Store } from '../../src/store.ts';
import { RespWriter } from '../../src/wire/resp/resp-writer.ts';

/** More than a call can have arguments. */
const MANY = 200_000;
const names = Array.from({ length: MANY }, (_, at) => `m${at}`);

/** Runs commands in a store whose effects make another one, which must come to hold the same. */
function recorded(): { store: Store; copy: Store } {
  const store = new Store();
  const copy = new Store();
  const session = new Session(serverOf(copy.keyspace), collectingPeer(new RespWriter()));
  const effect = (_: unknown, command: readonly Bytes[]): void => {
    session.execute(command as string[]);
  };
  store.keyspace.observe({ effect });
  return { store, copy };
}

describe(`${MANY} arguments while somebody records`, () => {
  test('HSET, HDEL', () => {
    const { store, copy } = recorded();
    expect(store.hset('h', new Map(names.map((name) => [name, name])))).toBe(MANY);
    expect(copy.hlen('h')).toBe(MANY);
    expect(store.hdel('h', names.slice(1))).toBe(MANY - 1);
    expect(copy.hgetall('h')).toEqual({ m0: 'm0' });
  });

  test('SADD, SPOP, SREM', () => {
    const { store, copy } = recorded();
    expect(store.sadd('s', names)).toBe(MANY);
    expect(copy.scard('s')).toBe(MANY);
    expect(store.spopCount('s', MANY - 1)).toHaveLength(MANY - 1);
    expect(copy.smembers('s')).toEqual(store.smembers('s'));
    store.sadd('s', names);
    expect(store.srem('s', names)).toBe(MANY);
    expect(copy.exists('s')).toBe(0);
  });

  test('ZADD, ZREM, ZPOPMIN', () => {
    const { store, copy } = recorded();
    expect(
      store.zadd(
        'z',
        names.map((member, score) => ({ member, score })),
      ),
    ).toBe(MANY);
    expect(copy.zcard('z')).toBe(MANY);
    expect(store.zrem('z', names.slice(0, MANY - 130_000))).toBe(MANY - 130_000);
    expect(store.zpopmin('z', 129_999)).toHaveLength(129_999);
    expect(copy.zrangeWithScores('z', 0, -1)).toEqual([{ member: `m${MANY - 1}`, score: MANY - 1 }]);
  });

  test('ZUNIONSTORE with weights', () => {
    const { store, copy } = recorded();
    store.zadd('m5', { a: 2 });
    expect(store.zunionstore('d', names, { weights: names.map(() => 3) })).toBe(1);
    expect(copy.zscore('d', 'a')).toBe(6);
  });

  test('MSET', () => {
    const { store, copy } = recorded();
    store.mset(names.map((name) => [name, 'v'] as const));
    expect(copy.dbsize()).toBe(MANY);
  });
});

test('a random answer of repetitions is refused where it would take all memory', () => {
  const store = new Store();
  store.zadd('z', { a: 1 });
  store.sadd('s', 'a');
  store.hset('h', { a: '1' });
  for (const count of [-(2 ** 26) - 1, -(2 ** 53), -1e300]) {
    expect(() => store.zrandmemberCount('z', count)).toThrow('out of range');
    expect(() => store.zrandmemberWithScores('z', count)).toThrow('out of range');
    expect(() => store.srandmemberCount('s', count)).toThrow('out of range');
    expect(() => store.hrandfieldCount('h', count)).toThrow('out of range');
  }
});
