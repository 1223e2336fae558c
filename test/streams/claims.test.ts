import { expect, test } from 'vitest';
import { Store } from '../../src/index.ts';
import type { Stream } from '../../src/streams/stream.ts';
import { settled } from '../support/turns.ts';

// What is pending, but gone from the stream, is in the way of whoever claims: it is looked at once.

function prepared(): { store: Store; stream: Stream; clock: { nowMs: number } } {
  const clock = { nowMs: 1_000_000 };
  const store = new Store({ clock: { now: () => clock.nowMs } });
  for (let seq = 1; seq <= 6; seq++) store.xadd('s', { f: String(seq) }, { id: `1-${seq}` });
  store.xgroupCreate('s', 'g', '0');
  store.xreadgroup('g', 'a', 's');
  const entry = store.keyspace.databases[0]!.map.get('s') as { value: Stream };
  return { store, stream: entry.value, clock };
}

function claimed(store: Store, minIdleMs = 0): string[] {
  return store
    .xreadgroupClaim('g', 'b', 's', minIdleMs)
    .flatMap(({ entries }) => entries.map(({ id }) => id));
}

test('entries that are gone are passed over once, and stay pending', () => {
  const { store, stream } = prepared();
  store.xdel('s', ['1-1', '1-2', '1-4']);
  const group = stream.group('g')!;
  expect([...group.idle(0, 1_000_000)]).toHaveLength(6);
  expect(claimed(store)).toEqual(['1-3', '1-5', '1-6']);
  expect([...group.idle(0, 1_000_000)].map(({ seq }) => seq)).toEqual([3, 5, 6]);
  expect(store.xpending('s', 'g')).toMatchObject({ count: 6, minId: '1-1' });
  stream.checkInvariants();
  // Whatever happens to them then.
  store.xnack('s', 'g', 'fail', '1-1');
  expect([...group.idle(0, 1_000_000)].map(({ seq }) => seq)).toEqual([1, 3, 5, 6]);
  expect(claimed(store)).toEqual(['1-3', '1-5', '1-6']);
  stream.checkInvariants();
  expect(store.xack('s', 'g', ['1-1', '1-2', '1-3'])).toBe(3);
  expect(store.xautoclaim('s', 'g', 'c', 0, '-').deletedIds).toEqual(['1-4']);
  stream.checkInvariants();
  expect(store.xgroupDelconsumer('s', 'g', 'a')).toBe(0);
  expect(store.xgroupDelconsumer('s', 'g', 'c')).toBe(2);
  stream.checkInvariants();
});

test('a consumer that is removed takes along what was set aside', () => {
  const { store, stream } = prepared();
  store.xtrim('s', { maxlen: 2 });
  expect(claimed(store)).toEqual(['1-5', '1-6']);
  expect(store.xgroupDelconsumer('s', 'g', 'a')).toBe(4);
  stream.checkInvariants();
  expect(claimed(store)).toEqual(['1-5', '1-6']);
});

test('an id that comes again can be claimed again', () => {
  const { store, stream } = prepared();
  store.xtrim('s', { maxlen: 0 });
  expect(claimed(store)).toEqual([]);
  store.xsetid('s', '1-2');
  store.xadd('s', { f: 'again' }, { id: '1-3' });
  expect(claimed(store)).toEqual(['1-3']);
  stream.checkInvariants();
});

test('who waits to claim is not in a hurry about what is gone, or is yet to come', async () => {
  const { store, clock } = prepared();
  store.xdel('s', ['1-1', '1-2', '1-3', '1-4', '1-5']);
  const got: unknown[] = [];
  void store.blocking.xreadgroupClaim('g', 'b', 's', 100).then((result) => got.push(result));
  await settled();
  // The clock goes back: what was delivered before is of a time to come.
  clock.nowMs -= 10_000;
  store.xadd('t', { f: 'v' });
  await settled();
  store.keyspace.waiters!.checkInvariants();
  expect(got).toEqual([]);
  expect(store.keyspace.wheel.size).toBe(1);
  // It is claimed once it has lain there for so long by this clock.
  store.advance(10_099);
  await settled();
  expect(got).toEqual([]);
  store.advance(1);
  await settled();
  expect(got).toMatchObject([[{ key: 's', entries: [{ id: '1-6', idleMs: 100 }] }]]);
  expect(store.keyspace.wheel.size).toBe(0);
});
