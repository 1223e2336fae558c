import { expect, test } from 'vitest';
import type { Bytes } from '../../src/bytes/byte-string.ts';
import { type Pairs, Store } from '../../src/index.ts';

/** More than a call can have arguments. */
const MANY = 200_000;

// Effects have as many words as the commands: handing them on must not overflow the stack.
test('commands with very many arguments are recorded whole', () => {
  const store = new Store();
  const names = Array.from({ length: MANY }, (_, at) => `n${at}`);
  const pairs: Pairs = names.map((name) => [name, 'v'] as const);
  const lengths: number[] = [];
  store.keyspace.observe({ effect: (_, command: readonly Bytes[]) => lengths.push(command.length) });

  store.mset(pairs);
  expect(store.del('n0')).toBe(1);
  expect(store.msetnx(pairs)).toBe(0);
  store.rpush('list', names);
  store.sadd('set', names);
  store.srem('set', names);
  store.hset('hash', pairs);
  store.hdel('hash', names);
  store.zadd(
    'zset',
    names.map((member, score) => ({ member, score })),
  );
  store.zrem('zset', names);
  store.zadd(
    'zset',
    names.map((member, score) => ({ member, score })),
  );
  store.zpopmin('zset', MANY);
  store.sortStore('list', { store: 'sorted', alpha: true });

  const one = MANY + 2;
  const two = 2 * MANY + 2;
  expect(lengths).toEqual([two - 1, 2, one, one, one, two, one, two, one, two, one, one]);
  expect(store.exists(['set', 'hash', 'zset'])).toBe(0);
});
