import { describe, expect, test } from 'vitest';
import { Store } from '../../src/index.ts';

// What callers without types may say. What could silently lose something is refused, and then nothing has changed.

/** A stream of three entries, of which a group has given out two. */
function prepared(): Store {
  const store = new Store({ clock: { now: () => 1_000_000 } });
  for (const id of ['1-1', '1-2', '1-3']) store.xadd('s', { f: 'v' }, { id });
  store.xgroupCreate('s', 'g', '0');
  store.xreadgroup('g', 'c', 's', { count: 2 });
  return store;
}

type Call = (store: Store, wrong: never) => unknown;

/** Each with options that nearly are some. */
const misspelt: readonly [call: Call, options: object][] = [
  [(store, wrong) => store.xadd('s', { f: 'v' }, wrong), { maxLen: 1 }],
  [(store, wrong) => store.xadd('s', { f: 'v' }, wrong), { nomkstream: true }],
  [(store, wrong) => store.xaddNomkstream('s', { f: 'v' }, wrong), { MAXLEN: 1 }],
  [(store, wrong) => store.xtrim('s', wrong), { maxlen: 2, delref: true }],
  [(store, wrong) => store.xrange('s', '-', '+', wrong), { COUNT: 1 }],
  [(store, wrong) => store.xrevrange('s', '+', '-', wrong), { limit: 1 }],
  [(store, wrong) => store.xsetid('s', '9-9', wrong), { entriesAdded: 9 }],
  [(store, wrong) => store.xdelex('s', '1-1', wrong), { reference: 'acked' }],
  [(store, wrong) => store.xackdel('s', 'g', '1-1', wrong), { acked: true }],
  [(store, wrong) => store.xnack('s', 'g', 'fail', '1-1', wrong), { retryCount: 1 }],
  [(store, wrong) => store.xclaim('s', 'g', 'd', 0, '1-1', wrong), { retryCount: 1 }],
  [(store, wrong) => store.xclaim('s', 'g', 'd', 0, '1-1', wrong), { justid: true }],
  [(store, wrong) => store.xclaimJustid('s', 'g', 'd', 0, '1-1', wrong), { lastId: '1-1' }],
  [(store, wrong) => store.xautoclaim('s', 'g', 'd', 0, '0', wrong), { COUNT: 1 }],
  [(store, wrong) => store.xautoclaim('s', 'g', 'd', 0, '0', wrong), { justid: true }],
  [(store, wrong) => store.xautoclaimJustid('s', 'g', 'd', 0, '0', wrong), { limit: 1 }],
  [(store, wrong) => store.xgroupCreate('s', 'h', '0', wrong), { mkStream: true }],
  [(store, wrong) => store.xgroupSetid('s', 'g', '0', wrong), { entriesRead: 0 }],
  [(store, wrong) => store.xpendingRange('s', 'g', '-', '+', 10, wrong), { minIdle: 5 }],
  [(store, wrong) => store.xinfoStreamFull('s', wrong), { counts: 0 }],
  [(store, wrong) => store.xcfgset('s', wrong), { idmpDuration: 5, idmpMaxSize: 5 }],
];

/** Each with arguments that are none. */
const wrong: readonly ((store: Store) => unknown)[] = [
  (store) => store.xadd('s', { f: 1 as unknown as string }),
  (store) => store.xadd('s', { f: 'v' }, { id: 5 as unknown as string }),
  (store) => store.xadd('s', { f: 'v' }, { maxlen: Number.NaN }),
  (store) => store.xadd('s', { f: 'v' }, { maxlen: '1' as unknown as number }),
  (store) => store.xadd('s', { f: 'v' }, { maxlen: 0, references: 'ACKED' as 'acked' }),
  (store) => store.xadd('s', { f: 'v' }, { minid: 9 as unknown as string }),
  (store) => store.xadd('s', { f: 'v' }, { idmp: { producer: 'p', id: 5 as unknown as string } }),
  (store) => store.xadd('s', { f: 'v' }, { idmp: { producer: 'p' } as { producer: string; id: string } }),
  // biome-ignore lint/suspicious/noSparseArray: that is the matter
  (store) => store.xadd('s', [['f', 'v'], , ['g', 'w']] as unknown as [string, string][]),
  (store) => store.xadd('s', [['f']] as unknown as [string, string][]),
  (store) => store.xadd('s', 'text' as unknown as Record<string, string>),
  (store) => store.xtrim('s', { maxlen: 0, references: 'keep' as 'keepref' }),
  (store) => store.xtrim('s', { maxlen: 0, limit: Number.NaN, approximate: true }),
  (store) => store.xtrim('s', {}),
  (store) => store.xrange('s', 1 as unknown as string, '+'),
  (store) => store.xrange('s', '-', '+', { count: Number.NaN }),
  (store) => store.xdel('s', 1 as unknown as string),
  (store) => store.xdel('s', ['1-1', 'x']),
  // biome-ignore lint/suspicious/noSparseArray: that is the matter
  (store) => store.xdel('s', ['1-1', , '1-2'] as unknown as string[]),
  (store) => store.xdelex('s', '1-1', { references: 'ACKED' as 'acked' }),
  (store) => store.xackdel('s', 'g', '1-1', { references: 'none' as 'acked' }),
  (store) => store.xack('s', 'g', ['1-1', 'x']),
  (store) => store.xnack('s', 'g', 'FAIL' as 'fail', '1-1'),
  (store) => store.xnack('s', 'g', 'fail', ['1-1', 'x']),
  (store) => store.xnack('s', 'g', 'fail', '1-1', { retrycount: 0.5 }),
  (store) => store.xclaim('s', 'g', 'd', Number.NaN, '1-1'),
  (store) => store.xclaim('s', 'g', 'd', 0, ['1-1', 'x']),
  (store) => store.xclaim('s', 'g', 'd', 0, '1-1', { idle: Number.NaN }),
  (store) => store.xclaim('s', 'g', 5 as unknown as string, 0, '1-1'),
  (store) => store.xautoclaim('s', 'g', 'd', 0, 0 as unknown as string),
  (store) => store.xautoclaim('s', 'g', 'd', 0, '0', { count: Number.NaN }),
  (store) => store.xgroupCreate('s', 'h', 0 as unknown as string),
  (store) => store.xgroupCreate('s', 'h', '0', { entriesread: 0.5 }),
  (store) => store.xgroupSetid('s', 'g', 0 as unknown as string),
  (store) => store.xgroupDelconsumer('s', 'g', 5 as unknown as string),
  (store) => store.xreadgroup('g', 'd', ['s', 5 as unknown as string]),
  (store) => store.xreadgroup('g', 'd', 's', { count: Number.NaN }),
  (store) => store.xreadgroup('g', 'd', 's', { block: 5 } as object),
  (store) => store.xreadgroupPending('g', 'c', { s: 0 as unknown as string }),
  (store) => store.xreadgroupClaim('g', 'd', 's', Number.NaN),
  (store) => store.xread({ s: 0 as unknown as string }),
  (store) => store.xread({ s: '0' }, { maxcount: Number.NaN }),
  (store) => store.xcfgset('s', { idmpDuration: 5, idmpMaxsize: Number.NaN }),
  (store) => store.xidmprecord('s', 'p', 'm', 1 as unknown as string),
  (store) => store.consume(5 as unknown as string, 'g', 'c'),
  (store) => store.consume(['s'] as unknown as string, 'g', 'c'),
  (store) => store.consume('s', undefined as unknown as string, 'c'),
  (store) => store.consume('s', 'g', 'c', { claimIdleMs: Number.NaN }),
  (store) => store.consume('s', 'g', 'c', { claimIdle: 5 } as object),
];

/** All there is to see of the stream. */
function seen(store: Store): unknown {
  return store.keys('*').map((key) => [key, store.xinfoStreamFull(key, { count: 0 })]);
}

describe('callers without types', () => {
  test.each(misspelt)('%s, %j', (call, options) => {
    const store = prepared();
    const before = seen(store);
    expect(() => call(store, options as never)).toThrow(TypeError);
    expect(seen(store)).toStrictEqual(before);
  });

  test.each(wrong.map((call) => [call] as const))('%s', (call) => {
    const store = prepared();
    const before = seen(store);
    expect(() => call(store)).toThrow();
    expect(seen(store)).toStrictEqual(before);
    store.keyspace.checkInvariants();
  });
});

test('what callers keep is theirs: arrays, bytes and results may be changed afterwards', () => {
  const store = new Store();
  const bytes = Uint8Array.of(0x61, 0xff);
  const pair: [Uint8Array, Uint8Array] = [bytes, bytes];
  const fields = [pair];
  store.xadd(bytes, fields, { id: '1-1', idmp: undefined as never });
  const map = new Map([['f', 'v']]);
  store.xadd('m', map, { id: '1-1' });
  bytes[0] = 0x62;
  pair[1] = Uint8Array.of(0x63);
  fields.push(pair);
  map.set('g', 'w');
  const [read] = store.xrange(Uint8Array.of(0x61, 0xff), '-', '+');
  const [inBytes] = store.bytes.xrange(Uint8Array.of(0x61, 0xff), '-', '+');
  expect(inBytes!.pairs).toStrictEqual([[Uint8Array.of(0x61, 0xff), Uint8Array.of(0x61, 0xff)]]);
  inBytes!.pairs[0]![0][0] = 0;
  expect(inBytes!.pairs[0]![0][0]).toBe(0x61);
  (read!.fields as Record<string, string>)['more'] = 'x';
  expect(store.xrange('m', '-', '+').map(({ pairs }) => pairs)).toStrictEqual([[['f', 'v']]]);
  expect(store.bytes.xrange(Uint8Array.of(0x61, 0xff), '-', '+')[0]!.pairs).toHaveLength(1);
});

test('what a stream remembers of names begins as it was configured when the stream was made', () => {
  const store = new Store({ limits: { streamIdmpDurationSeconds: 7, streamIdmpMaxSize: 3 } });
  store.xadd('s', { f: 'v' });
  expect(store.xinfoStream('s')).toMatchObject({ idmpDuration: 7, idmpMaxsize: 3 });
  store.copy('s', 't');
  store.keyspace.limits.streamIdmpDurationSeconds = 9;
  for (const key of ['s', 't']) {
    store.xadd(key, { f: 'v' }, { idmp: { producer: 'p', id: 'm' } });
    expect(store.xinfoStream(key)).toMatchObject({ idmpDuration: 7, idmpMaxsize: 3, iidsTracked: 1 });
  }
  store.xgroupCreate('u', 'g', '$', { mkstream: true });
  expect(store.xinfoStream('u')).toMatchObject({ idmpDuration: 9, idmpMaxsize: 3 });
});

test('the effect of ACKED repeats what it passed over, in every node', () => {
  const limits = { streamNodeMaxEntries: 4 };
  const [store, copy] = [new Store({ limits }), new Store({ limits })];
  store.keyspace.observe({
    effect: (_database: unknown, command: readonly unknown[]) => void effects.push(command.join(' ')),
  });
  const effects: string[] = [];
  for (const one of [store, copy]) {
    for (let seq = 1; seq <= 10; seq++) one.xadd('s', { f: 'v' }, { id: `1-${seq}` });
    one.xgroupCreate('s', 'g', '0');
    one.xreadgroup('g', 'c', 's');
    one.xack('s', 'g', ['1-1', '1-6', '1-10']);
  }
  effects.length = 0;
  expect(store.xtrim('s', { maxlen: 3, references: 'acked' })).toBe(3);
  expect(effects).toStrictEqual(['XTRIM s MAXLEN = 3 ACKED']);
  copy.xtrim('s', { maxlen: 3, references: 'acked' });
  expect(copy.xrange('s', '-', '+').map(({ id }) => id)).toStrictEqual(
    store.xrange('s', '-', '+').map(({ id }) => id),
  );
});
