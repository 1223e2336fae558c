import { expect, test } from 'vitest';
import { Store } from '../../src/index.ts';
import { toldBy } from '../support/told.ts';

// Redis 8.2: who puts a value in the place of another says so, before the event of the command itself;
// RENAME and COPY say it after theirs.
const writes: Readonly<Record<string, readonly [(store: Store) => unknown, own: readonly string[]]>> = {
  set: [(store) => store.set('k', 'v'), ['set k']],
  'set of bytes': [(store) => store.set('k', Uint8Array.of(255)), ['set k']],
  'set with ex': [(store) => store.set('k', 'v', { ex: 10 }), ['set k', 'expire k']],
  'set with keepttl': [(store) => store.set('k', 'v', { keepttl: true }), ['set k']],
  setex: [(store) => store.setex('k', 10, 'v'), ['set k', 'expire k']],
  psetex: [(store) => store.psetex('k', 10_000, 'v'), ['set k', 'expire k']],
  mset: [(store) => store.mset({ k: 'v' }), ['set k']],
  msetex: [(store) => store.msetex({ k: 'v' }), ['set k']],
  'msetex with ex': [(store) => store.msetex({ k: 'v' }, { ex: 10 }), ['set k', 'expire k']],
  'msetex with keepttl': [(store) => store.msetex({ k: 'v' }, { keepttl: true }), ['set k']],
};

for (const [name, [write, own]] of Object.entries(writes)) {
  test(`${name} over nothing, a string and a list`, () => {
    const store = new Store();
    const { events } = toldBy(store);
    write(store);
    write(store);
    store.del('k');
    store.rpush('k', 'a');
    write(store);
    expect(events).toEqual([
      ...['new k', ...own],
      ...['overwritten k', ...own, 'del k', 'new k', 'rpush k'],
      ...['overwritten k', 'type_changed k', ...own],
    ]);
  });
}

test('strings that are edited are not overwritten', () => {
  const store = new Store();
  store.set('k', '1');
  const { events } = toldBy(store);
  store.incr('k');
  store.append('k', '0');
  store.setrange('k', 0, '2');
  store.incrbyfloat('k', 1);
  store.increx('k', { ex: 10 });
  store.set('k', 'v', { nx: true });
  store.set('k', 'v', { pxat: 1 });
  expect(events).toEqual([
    ...['incrby k', 'append k', 'setrange k', 'incrbyfloat k', 'incrby k', 'expire k', 'del k'],
  ]);
});

test('what sorted sets and sorted elements are stored over', () => {
  const store = new Store();
  store.zadd('z', { a: 1 });
  store.rpush('l', ['2', '1']);
  store.set('d', 'v');
  const { events } = toldBy(store);
  store.zunionstore('d', 'z');
  store.zrangestore('d', 'z', 0, -1);
  store.sortStore('l', { store: 'd' });
  expect(events).toEqual([
    ...['overwritten d', 'type_changed d', 'zunionstore d', 'overwritten d', 'zrangestore d'],
    ...['overwritten d', 'type_changed d', 'sortstore d'],
  ]);
});
