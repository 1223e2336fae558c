import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Store } from '../../src/store.ts';

test('a store prints as what it is, and not what is inside', () => {
  const store = new Store();
  expect(inspect(store)).toBe('Store {}');
  store.set('a', '1');
  expect(String(store)).toBe('Store { db0: 1 key }');
  store.set('b', '1');
  store.select(3).rpush('l', ['a', 'b']);
  expect(inspect(store)).toBe('Store { db0: 2 keys, db3: 1 key }');
  expect(inspect({ cache: store })).toBe('{ cache: Store { db0: 2 keys, db3: 1 key } }');
  expect(inspect(store.select(3))).toBe('Store on db3 { db0: 2 keys, db3: 1 key }');
  expect(`${store.bytes}`).toBe('Store.bytes { db0: 2 keys, db3: 1 key }');
  expect(inspect(store.bigints)).toBe('Store.bigints { db0: 2 keys, db3: 1 key }');
  expect(Object.prototype.toString.call(store)).toBe('[object Store]');
  expect(Object.keys(Store.prototype)).not.toContain('toString');
});

test('what belongs to a transaction that is over can be printed', () => {
  const store = new Store();
  const left = store.transaction((tx) => {
    tx.set('a', '1');
    expect(inspect(tx)).toBe('Store { db0: 1 key }');
    return { tx, bytes: tx.bytes };
  });
  expect(inspect(left.tx)).toBe('Store (of a transaction that is over)');
  expect(inspect(left.bytes)).toBe('Store.bytes (of a transaction that is over)');
});
