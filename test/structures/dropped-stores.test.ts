import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Store } from '../../src/index.ts';
import { turn } from '../support/turns.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What of a store with something of everything is still there once nobody holds it. */
async function leftOf(fill: (store: Store) => void): Promise<unknown> {
  const reference = (() => {
    const store = new Store();
    fill(store);
    // Else the host's timer, armed for the first of them to expire, knows the store.
    store.close();
    return new WeakRef(store.keyspace);
  })();
  // A target of a WeakRef lives to the end of the turn in which it was made.
  await turn();
  collectGarbage();
  return reference.deref();
}

test('a store that nobody holds any more is gone, whatever small containers it worked on last', async () => {
  expect(
    await leftOf((store) => {
      store.hset('h', { a: '1', b: '2' });
      store.sadd('s', ['a', 'b']);
      store.zadd('z', { a: 1 });
    }),
  ).toBeUndefined();
});

test('so is one in which fields of hashes would have expired', async () => {
  expect(
    await leftOf((store) => {
      for (let at = 0; at < 100; at++) {
        store.hset(`h${at}`, { a: '1', b: '2' });
        store.hexpire(`h${at}`, 1000, 'a');
        store.hget(`h${at}`, 'a');
      }
      store.copy('h1', 'copy');
      store.rename('h2', 'renamed');
      store.hset('renamed', { c: '3' });
    }),
  ).toBeUndefined();
});
