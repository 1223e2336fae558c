import { describe, expect, test } from 'vitest';
import { Store } from '../../src/index.ts';
import { check, contentOf } from './support.ts';

const START_MS = 1_700_000_000_000;

function storeAt(): Store {
  return new Store({ clock: { now: () => START_MS } });
}

describe('a snapshot', () => {
  test('brings back every type, in every database', () => {
    const store = storeAt();
    store.set('text', 'a');
    store.set('counter', '1', { ex: 100 });
    store.hset('hash', { a: '1', b: '2' });
    store.hpexpire('hash', 5000, ['a']);
    store.rpush('list', ['a', 'b']);
    store.sadd('set', ['1', 'x']);
    store.zadd('board', { ada: 1, bob: 2 });
    store.xadd('log', { n: '1' }, { id: '1-1' });
    store.xgroupCreate('log', 'g', '0');
    store.xreadgroup('g', 'c', 'log');
    store.select(3).set('other', 'x');
    const before = contentOf(store);
    const snapshot = store.snapshot();
    store.set('text', 'b');
    store.incr('counter');
    store.persist('counter');
    store.hdel('hash', 'a');
    store.rpush('list', 'c');
    store.sadd('set', 'y');
    store.zincrby('board', 5, 'ada');
    store.xack('log', 'g', '1-1');
    store.xadd('log', { n: '2' });
    store.select(3).del('other');
    store.set('new', 'x');
    expect(contentOf(store)).not.toEqual(before);
    expect(store.restore(snapshot)).toBe('OK');
    expect(contentOf(store)).toEqual(before);
    check(store);
    expect([store.pttl('counter'), store.hpttl('hash', ['a'])]).toEqual([100_000, [5000]]);
  });

  test('can be restored as often as wanted', () => {
    const store = storeAt();
    store.hset('hash', { a: '1' });
    const before = contentOf(store);
    const snapshot = store.snapshot();
    for (let round = 0; round < 5; round++) {
      store.hset('hash', { a: String(round), b: 'x' });
      if (round % 2 === 0) store.flushall();
      store.set('k', 'v');
      store.restore(snapshot);
      expect(contentOf(store)).toEqual(before);
      check(store);
    }
  });

  test('can be restored before and after others', () => {
    const store = storeAt();
    const contents: unknown[] = [];
    const snapshots = Array.from({ length: 5 }, (_, at) => {
      store.rpush('list', String(at));
      store.set(`k${at}`, 'x', { ex: 10 + at });
      if (at === 2) store.flushdb();
      if (at === 3) store.swapdb(0, 1);
      contents.push(contentOf(store));
      return store.snapshot();
    });
    for (const at of [2, 4, 0, 0, 3, 1, 4, 2, 0]) {
      store.restore(snapshots[at]!);
      expect(contentOf(store)).toEqual(contents[at]);
      store.lpop('list');
      store.set('other', 'y');
      check(store);
    }
  });
});
