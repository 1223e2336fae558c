import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byteLength, compareBytes, fromBytes, sliceBytes, toBytes } from '../../src/bytes/byte-string.ts';
import { type Connection, connect } from '../../src/session/connection.ts';
import { serverOf } from '../../src/session/server.ts';
import { KeyPrefixes, startsWithBytes } from '../../src/session/tracking/key-prefixes.ts';
import { Store } from '../../src/store.ts';
import type { Reply } from '../../src/wire/resp/reply.ts';

function setUp(...options: string[]): { store: Store; a: Connection; b: Connection; told: Reply[] } {
  const store = new Store({ clock: { now: () => 1_000_000 } });
  const a = connect(store, { protocol: 3 });
  const told: Reply[] = [];
  a.onMessage = (message) => told.push(message);
  a.call('CLIENT', 'TRACKING', 'ON', ...options);
  return { store, a, b: connect(store), told };
}

function trackingOf(store: Store) {
  return serverOf(store.keyspace).tracking;
}

describe('tracking', () => {
  test('what typed calls change is told once they are over: in a microtask', async () => {
    const { store, a, told } = setUp();
    a.call('MGET', 'k', 'l');
    store.mset({ k: '1', l: '2' });
    expect(told).toEqual([]);
    await Promise.resolve();
    expect(told).toEqual([
      ['invalidate', ['k']],
      ['invalidate', ['l']],
    ]);
  });

  test('broadcasts of typed calls are one message, for all that ran on', async () => {
    const { store, told } = setUp('BCAST');
    store.set('b', '1');
    store.set('a', '1');
    await Promise.resolve();
    expect(told).toEqual([['invalidate', ['a', 'b']]]);
  });

  test('a key that expires, as the store’s clock moves', () => {
    const { store, a, told } = setUp();
    store.set('k', '1', { ex: 10 });
    a.call('GET', 'k');
    store.advance(9_999);
    expect(told).toEqual([]);
    store.advance(1);
    expect(told).toEqual([['invalidate', ['k']]]);
  });

  test('a typed transaction that is undone tells nothing; one that is not tells all', async () => {
    const { store, a, told } = setUp();
    a.call('GET', 'k');
    expect(() =>
      store.transaction((tx) => {
        tx.set('k', '1');
        tx.flushall();
        throw new Error('never mind');
      }),
    ).toThrow('never mind');
    await Promise.resolve();
    expect(told).toEqual([]);
    store.transaction((tx) => {
      tx.set('k', '1');
      tx.flushall();
    });
    await Promise.resolve();
    expect(told).toEqual([
      ['invalidate', ['k']],
      ['invalidate', null],
    ]);
  });

  test('a listener may read and write what it hears of', () => {
    const { store, a, b, told } = setUp();
    const seen: Reply[] = [];
    a.onMessage = (message) => {
      told.push(message);
      seen.push(store.get('k'));
      if (seen.length === 1) {
        connect(store).call('GET', 'k');
        store.set('k', 'again');
      }
    };
    a.call('GET', 'k');
    b.call('DEL', 'k', 'l');
    b.call('SET', 'k', 'v');
    expect(told).toEqual([['invalidate', ['k']]]);
    expect(seen).toEqual(['v']);
    expect(store.get('k')).toBe('again');
  });

  test('the table is bounded: the oldest key is invalidated', () => {
    const { store, a, told } = setUp();
    a.call('CONFIG', 'SET', 'tracking-table-max-keys', '2');
    a.call('GET', 'k');
    a.call('GET', 'l');
    a.call('GET', 'k');
    a.call('GET', 'm');
    expect(told).toEqual([['invalidate', ['k']]]);
    expect(trackingOf(store)).toMatchObject({ keyCount: 2, totalItems: 2 });
    a.call('CONFIG', 'SET', 'tracking-table-max-keys', '1');
    expect(told).toEqual([
      ['invalidate', ['k']],
      ['invalidate', ['l']],
    ]);
    expect(trackingOf(store).maxKeys).toBe(1);
  });

  test('counts for INFO', () => {
    const { store, a, b } = setUp();
    const tracking = trackingOf(store);
    b.call('CLIENT', 'TRACKING', 'ON');
    const c = connect(store);
    c.call('CLIENT', 'TRACKING', 'ON', 'BCAST', 'PREFIX', 'x', 'PREFIX', 'y');
    a.call('MGET', 'k', 'l');
    b.call('GET', 'k');
    c.call('GET', 'k');
    expect(tracking).toMatchObject({ clientCount: 3, keyCount: 2, totalItems: 3, prefixCount: 2 });
    tracking.checkInvariants();
    expect(b.call('INFO', 'clients')).toContain('\r\ntracking_clients:3\r\n');
    expect(b.call('INFO', 'stats')).toContain(
      '\r\ntracking_total_keys:2\r\ntracking_total_items:3\r\ntracking_total_prefixes:2\r\n',
    );
    c.close();
    expect(tracking).toMatchObject({ clientCount: 2, prefixCount: 0 });
    store.set('k', '1');
    expect(tracking).toMatchObject({ keyCount: 1, totalItems: 1 });
    tracking.checkInvariants();
  });

  test('the keyspace is observed only while somebody tracks', () => {
    const { store, a, b } = setUp();
    expect(store.keyspace.observed).toBe(true);
    a.call('GET', 'k');
    a.call('CLIENT', 'TRACKING', 'OFF');
    // It may turn it on again, and would then still have to be told.
    expect(store.keyspace.observed).toBe(true);
    a.close();
    expect(store.keyspace.observed).toBe(false);
    expect(trackingOf(store).keyCount).toBe(0);
    b.call('CLIENT', 'TRACKING', 'ON');
    b.call('GET', 'k');
    b.call('CLIENT', 'TRACKING', 'OFF');
    expect(store.keyspace.observed).toBe(true);
    store.set('k', '1');
    expect(store.keyspace.observed).toBe(false);
    b.call('CLIENT', 'TRACKING', 'ON', 'BCAST');
    expect(store.keyspace.observed).toBe(true);
    b.call('RESET');
    expect(store.keyspace.observed).toBe(false);
    trackingOf(store).checkInvariants();
  });

  test('broadcasts leave out what the user may not read', () => {
    const { a, b, told } = setUp('BCAST');
    b.call('ACL', 'SETUSER', 'ann', 'on', 'nopass', '+@all', '%R~r:*', '%W~w:*', '(+get ~s:*)');
    a.call('AUTH', 'ann', '');
    b.call('MSET', 'r:1', '1', 'w:1', '1', 's:1', '1', 'x', '1');
    b.call('SET', 'x', '2');
    expect(told).toEqual([['invalidate', ['r:1', 's:1']]]);
    b.call('ACL', 'SETUSER', 'ann', 'allkeys');
    b.call('SET', 'x', '3');
    expect(told.at(-1)).toEqual(['invalidate', ['x']]);
  });

  test('one client may hold many prefixes', () => {
    const { store, a, b, told } = setUp('BCAST', 'PREFIX', 'p0:');
    for (let at = 1; at < 200; at++) a.call('CLIENT', 'TRACKING', 'ON', 'BCAST', 'PREFIX', `p${at}:`);
    b.call('MSET', 'p7:x', '1', 'p19:x', '1', 'p201:x', '1', 'p', '1');
    expect(told).toEqual([
      ['invalidate', ['p19:x']],
      ['invalidate', ['p7:x']],
    ]);
    trackingOf(store).checkInvariants();
  });
});

describe('prefixes of keys', () => {
  const bytes = fc
    .array(fc.constantFrom(0x61, 0x62, 0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80, 0xff), { maxLength: 6 })
    .map((values) => fromBytes(Uint8Array.from(values)));

  function naive(key: string, prefix: string): boolean {
    const [whole, part] = [toBytes(key), toBytes(prefix)];
    return part.every((byte, at) => whole[at] === byte);
  }

  test('found as a comparison of bytes finds them', () => {
    fc.assert(
      fc.property(fc.uniqueArray(bytes, { maxLength: 12 }), fc.array(bytes), bytes, (all, gone, key) => {
        const prefixes = new KeyPrefixes<string>();
        for (const prefix of all) prefixes.set(prefix, prefix);
        const left = new Set(all);
        for (const prefix of gone) if (left.delete(prefix)) prefixes.delete(prefix);
        const found: string[] = [];
        prefixes.forEachOf(key, (prefix) => found.push(prefix));
        const expected = [...left].filter((prefix) => naive(key, prefix));
        expect(found.sort(compareBytes)).toEqual(expected.sort(compareBytes));
        expect(prefixes.sorted().map(([prefix]) => prefix)).toEqual([...left].sort(compareBytes));
        expect(prefixes.size).toBe(left.size);
        for (const prefix of all) expect(prefixes.get(prefix)).toBe(left.has(prefix) ? prefix : undefined);
      }),
      { seed: 6, numRuns: 500 },
    );
  });

  test('a key begins with each of its own beginnings', () => {
    fc.assert(
      fc.property(bytes, fc.nat(6), bytes, (key, length, other) => {
        expect(startsWithBytes(key, sliceBytes(key, 0, Math.min(length, byteLength(key))))).toBe(true);
        expect(startsWithBytes(key, other)).toBe(naive(key, other));
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
