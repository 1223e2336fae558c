import { describe, expect, test } from 'vitest';
import { Store } from '../../src/index.ts';

// Tests of programs give a source that always says the same. Whatever draws from it must come to an end.
describe.each([0, 0.5, 0.999])('a source of randomness that always says %d', (said) => {
  const storeOf = () => new Store({ random: () => said });

  test('RANDOMKEY finds what is left of the keys', () => {
    const store = storeOf();
    store.mset({ a: '1', b: '2', c: '3', d: '4', e: '5' });
    store.randomkey();
    for (const key of ['a', 'e', 'c', 'b']) {
      store.del(key);
      expect(store.exists(store.randomkey()!)).toBe(1);
    }
    store.del('d');
    expect(store.randomkey()).toBeNull();
  });

  test('RANDOMKEY passes over keys whose time is over', () => {
    let nowMs = 1_000_000;
    const store = new Store({ random: () => said, clock: { now: () => nowMs } });
    store.msetex({ a: '1', b: '2', c: '3' }, { px: 5 });
    store.set('d', '4');
    store.msetex({ e: '5', f: '6', g: '7' }, { px: 5 });
    nowMs += 10;
    expect(store.randomkey()).toBe('d');
    store.close();
  });

  test('SRANDMEMBER, HRANDFIELD and ZRANDMEMBER still choose different elements', () => {
    const store = storeOf();
    const names = Array.from({ length: 300 }, (_, at) => `m${at}`);
    store.sadd('s', names);
    store.hset(
      'h',
      names.map((name) => [name, 'v'] as const),
    );
    store.zadd(
      'z',
      names.map((member) => ({ member, score: 1 })),
    );
    for (const count of [1, 5, 99, 150, 299]) {
      expect(new Set(store.srandmemberCount('s', count)).size).toBe(count);
      expect(new Set(store.hrandfieldCount('h', count)).size).toBe(count);
      expect(new Set(store.zrandmemberCount('z', count)).size).toBe(count);
    }
  });
});
