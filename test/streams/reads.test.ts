import { describe, expect, test } from 'vitest';
import type { Observer } from '../../src/keyspace/observer.ts';
import { connect } from '../../src/session/connection.ts';
import { Store } from '../../src/store.ts';

const START_MS = 1_800_000_000_000;

/** A stream of so many entries and its group. */
function storeWith(count: number): Store {
  const store = new Store({ clock: { now: () => START_MS } });
  store.xgroupCreate('s', 'g', '0', { mkstream: true });
  for (let at = 1; at <= count; at++) store.xadd('s', { n: String(at) }, { id: `${at}-0` });
  return store;
}

const idsOf = (streams: readonly { readonly entries: readonly { readonly id: string }[] }[]): string[][] =>
  streams.map(({ entries }) => entries.map(({ id }) => id));

describe('typed reading', () => {
  test('what is there, of each stream', () => {
    const store = storeWith(3);
    store.xadd('t', { a: 'b' }, { id: '7-0' });
    expect(store.xread({ s: '1', t: '0', none: '0' })).toMatchObject([
      {
        key: 's',
        entries: [
          { id: '2-0', fields: { n: '2' } },
          { id: '3-0', fields: { n: '3' } },
        ],
      },
      { key: 't', entries: [{ id: '7-0', fields: { a: 'b' } }] },
    ]);
    expect(store.xread(new Map([['t', '0']]))).toHaveLength(1);
    expect(store.xread({ s: '9', none: '0' })).toEqual([]);
    expect(store.xread({ s: '$' })).toEqual([]);
    expect(idsOf(store.xread({ s: '+', t: '+' }))).toEqual([['3-0'], ['7-0']]);
    expect(idsOf(store.xread({ s: '0', t: '0' }, { count: 1 }))).toEqual([['1-0'], ['7-0']]);
    expect(idsOf(store.xread({ s: '0', t: '0' }, { maxcount: 2 }))).toEqual([['1-0', '2-0']]);
    expect(
      idsOf(
        store.xread([
          ['s', '2'],
          ['s', '0'],
        ]),
      ),
    ).toEqual([['3-0'], ['1-0', '2-0', '3-0']]);
  });

  test('for a group: new ones, what is pending, what lies idle', () => {
    const store = storeWith(4);
    expect(idsOf(store.xreadgroup('g', 'a', 's', { count: 2 }))).toEqual([['1-0', '2-0']]);
    expect(idsOf(store.xreadgroup('g', 'b', ['s'], { count: 1, noack: true }))).toEqual([['3-0']]);
    store.xdel('s', '1-0');
    store.advance(100);
    expect(store.xreadgroupPending('g', 'a', { s: '0' })).toMatchObject([
      {
        entries: [
          { id: '1-0', fields: null },
          { id: '2-0', fields: { n: '2' } },
        ],
      },
    ]);
    store.advance(50);
    // 1-0 was deleted, and 2-0 was delivered again 50 ms ago.
    expect(idsOf(store.xreadgroupClaim('g', 'b', 's', 60, { count: 1 }))).toEqual([['4-0']]);
    expect(store.xreadgroupClaim('g', 'b', 's', 50)).toMatchObject([
      { entries: [{ id: '2-0', idleMs: 50, deliveryCount: 2, fields: { n: '2' } }] },
    ]);
    expect(store.xreadgroupClaim('g', 'b', 's', 50)).toEqual([]);
    expect(store.xreadgroupPending('g', 'nobody', { s: '0' })).toMatchObject([{ key: 's', entries: [] }]);
    store.keyspace.checkInvariants();
  });

  test('claimed entries have their pairs too', () => {
    const store = storeWith(0);
    const pairs = [
      ['a', '1'],
      ['a', '2'],
    ] as const;
    store.xadd('s', pairs, { id: '1-0' });
    const [read] = store.xreadgroupClaim('g', 'a', 's', 0);
    expect(read!.entries[0]!.pairs).toEqual(pairs);
    expect(store.bytes.xread({ s: '0' })[0]!.entries[0]!.pairs[1]).toEqual([
      new TextEncoder().encode('a'),
      new TextEncoder().encode('2'),
    ]);
  });

  test('a range of none is an array like any other, and nil over the wire', () => {
    const store = storeWith(2);
    for (const count of [0, -1]) {
      const none = store.xrange('s', '-', '+', { count });
      expect(none).toEqual([]);
      none.push(...store.xrevrange('s', '+', '-', { count: 1 }));
      expect(none.map(({ id }) => id)).toEqual(['2-0']);
      expect(connect(store).call('XRANGE', 's', '-', '+', 'COUNT', String(count))).toBeNull();
    }
    expect(connect(store).call('XRANGE', 's', '9', '+')).toEqual([]);
    expect(connect(store).call('XRANGE', 'none', '-', '+', 'COUNT', '0')).toEqual([]);
  });

  test('maxsize: bytes of the reply as it is written', () => {
    const store = storeWith(5);
    const session = connect(store);
    // `*2 $1 s` and, for each entry, `*2 $3 1-0 *2 $1 n $1 1`.
    const header = '*2\r\n$1\r\ns\r\n'.length;
    const entry = '*2\r\n$3\r\n1-0\r\n*2\r\n$1\r\nn\r\n$1\r\n1\r\n'.length;
    for (const [maxsize, count] of [
      [1, 1],
      [header + entry, 1],
      [header + entry + 1, 2],
      [header + 2 * entry, 2],
      [header + 5 * entry, 5],
      [1e9, 5],
    ] as const) {
      expect([maxsize, idsOf(store.xread({ s: '0' }, { maxsize }))[0]!.length]).toEqual([maxsize, count]);
      const [[, entries]] = session.call('XREAD', 'MAXSIZE', String(maxsize), 'STREAMS', 's', '0') as [
        [string, unknown[]],
      ];
      expect(entries).toHaveLength(count);
    }
    store.xadd('big', { blob: 'é'.repeat(10_000) }, { id: '1-0' });
    expect(idsOf(store.xread({ big: '0', s: '0' }, { maxsize: 10 }))).toEqual([['1-0']]);
    expect(idsOf(store.xread({ s: '4', big: '0' }, { maxsize: 100 }))).toEqual([['5-0'], ['1-0']]);
  });

  test('the greatest id', () => {
    const store = storeWith(1);
    const greatest = '18446744073709551615-18446744073709551615';
    store.xadd('s', { n: 'last' }, { id: greatest });
    expect(idsOf(store.xread({ s: '1' }))).toEqual([[greatest]]);
    expect(store.xread({ s: greatest })).toEqual([]);
    expect(idsOf(store.xread({ s: '+' }))).toEqual([[greatest]]);
    expect(idsOf(store.xreadgroup('g', 'a', 's'))).toEqual([['1-0', greatest]]);
    expect(store.xreadgroup('g', 'a', 's')).toEqual([]);
    expect(idsOf(store.xreadgroupPending('g', 'a', { s: greatest }))).toEqual([[]]);
  });

  test('what cannot be meant is refused, and nothing is read', () => {
    const store = storeWith(2);
    store.set('text', 'v');
    expect(() => store.xread({ s: '0', text: '0' })).toThrow('WRONGTYPE');
    expect(() => store.xreadgroup('g', 'a', ['s', 'none'])).toThrow(
      "No such key 'none' or consumer group 'g'",
    );
    expect(() => store.xreadgroup('h', 'a', 's')).toThrow("No such key 's' or consumer group 'h'");
    expect(() => store.xreadgroup('g', 'a', [])).toThrow('wrong number of arguments');
    expect(() => store.xreadgroupPending('g', 'a', { s: '>' })).toThrow('Invalid stream ID');
    expect(() => store.xreadgroupPending('g', 'a', { s: '$' })).toThrow('The $ ID is meaningless');
    expect(() => store.xreadgroupClaim('g', 'a', 's', 0.5)).toThrow('min-idle-time is not an integer');
    expect(() => store.xread({ s: '0' }, { count: 0.5 })).toThrow('not an integer');
    expect(() => store.xread({ s: '0' }, { maxsize: 0 })).toThrow('MAXSIZE must be a positive integer');
    expect(() => store.xread({ s: '0' }, { block: 5 } as never)).toThrow('unknown option block');
    expect(() => store.xread('s' as never)).toThrow(TypeError);
    expect(store.xinfoConsumers('s', 'g')).toEqual([]);
    expect(store.xinfoGroups('s')).toMatchObject([{ lastDeliveredId: '0-0', pending: 0 }]);
  });
});

describe('what others learn of it', () => {
  /** What observers are told: events, and the commands that repeat what was done. */
  function told(store: Store): string[] {
    const heard: string[] = [];
    const observer: Observer = {
      changed: (_database, key, { name }) => heard.push(`${name} ${key}`),
      effect: (_database, command) => heard.push(command.join(' ')),
    };
    store.keyspace.observe(observer);
    return heard;
  }

  test('effects say who was given what, and how far the group has come', () => {
    const store = storeWith(2);
    const heard = told(store);
    store.xreadgroup('g', 'a', 's', { count: 1 });
    store.xreadgroup('g', 'a', 's', { noack: true });
    store.xreadgroup('g', 'a', 's');
    store.xreadgroupPending('g', 'a', { s: '0' });
    store.xreadgroupClaim('g', 'b', 's', 0);
    store.xread({ s: '0' });
    expect(heard).toEqual([
      'xgroup-createconsumer s',
      'XGROUP CREATECONSUMER s g a',
      `XCLAIM s g a 0 1-0 TIME ${START_MS} RETRYCOUNT 1 FORCE JUSTID LASTID 1-0`,
      'XGROUP SETID s g 1-0 ENTRIESREAD 1',
      'XGROUP SETID s g 2-0 ENTRIESREAD 2',
      'xgroup-createconsumer s',
      'XGROUP CREATECONSUMER s g b',
      `XCLAIM s g b 0 1-0 TIME ${START_MS} RETRYCOUNT 3 FORCE JUSTID LASTID 2-0`,
    ]);
  });

  test('a transaction that is undone gave nobody anything', () => {
    const store = storeWith(2);
    store.xreadgroup('g', 'a', 's', { count: 1 });
    const before = store.xinfoStreamFull('s');
    expect(() =>
      store.transaction((tx) => {
        tx.xreadgroup('g', 'b', 's');
        tx.xreadgroupPending('g', 'a', { s: '0' });
        tx.xreadgroupClaim('g', 'c', 's', 0);
        throw new Error('undone');
      }),
    ).toThrow('undone');
    expect(store.xinfoStreamFull('s')).toEqual(before);
    expect(idsOf(store.xreadgroup('g', 'b', 's'))).toEqual([['2-0']]);
    store.keyspace.checkInvariants();
  });

  test('multi() answers with their types', () => {
    const store = storeWith(1);
    const [read, pending] = store.multi().xreadgroup('g', 'a', 's').xpending('s', 'g').exec();
    expect([idsOf(read), pending.count]).toEqual([[['1-0']], 1]);
  });
});
