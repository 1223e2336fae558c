import { describe, expect, test } from 'vitest';
import { ReplyError, Store } from '../../src/index.ts';

// What callers without types get wrong, or those with types who silence them. Nothing may be changed by it.

/** The store with its types taken away. */
type Untyped = Record<string, (...args: unknown[]) => unknown>;

const ID = 'ERR Invalid stream ID specified as stream command argument';

function storeToMistreat(): Store {
  const store = new Store({ clock: { now: () => 1000 } });
  for (const n of [1, 2, 3]) store.xadd('s', { n: String(n) }, { id: `${n}-0` });
  store.xgroupCreate('s', 'g', '0');
  store.xreadgroup('g', 'ada', 's', { count: 2 });
  return store;
}

const fields = { a: 'b' };

/** Which method, with what, and what it says. */
const MISTAKES: readonly [
  method: string,
  args: readonly unknown[],
  kind: new (message: string) => Error,
  says: string,
][] = [
  // The habits of other clients.
  ['xadd', ['s', 'a', 'b'], TypeError, 'expected an object, a Map or an array of pairs, got string'],
  ['xadd', ['s', '*', fields], TypeError, 'expected an object, a Map or an array of pairs, got string'],
  ['xadd', ['s', ['a', 'b']], TypeError, 'expected [name, value] in the array, got string'],
  ['xadd', ['s', ['ab', 'cd']], TypeError, 'expected [name, value] in the array, got string'],
  ['xadd', ['s', fields, '5-0'], TypeError, 'expected an object of options, got string'],
  ['xread', [{ key: 's', id: 0 }], TypeError, 'got the number 0 (write String(…) if its digits are meant)'],
  ['xread', ['s', '0'], TypeError, 'expected an object, a Map or an array of pairs, got string'],
  ['xread', ['s'], TypeError, 'expected an object, a Map or an array of pairs, got string'],
  ['xreadgroup', ['g', 'ada', { s: '>' }], TypeError, 'expected a string or a Uint8Array, got object'],
  ['xrange', ['s', '-', '+', 10], TypeError, 'expected an object of options, got the number 10'],
  ['xrange', ['s', '-', '+', 'COUNT', 1], TypeError, 'expected an object of options, got string'],
  ['xtrim', ['s', 'MAXLEN', 1], TypeError, 'expected an object of options, got string'],
  [
    'xgroupCreate',
    ['s', 'h', { mkstream: true }],
    TypeError,
    'expected a string or a Uint8Array, got object',
  ],
  ['consume', ['s', 'g', { create: true }], TypeError, 'expected a string or a Uint8Array, got object'],
  ['consume', ['s', 'g'], TypeError, 'expected a string or a Uint8Array, got undefined'],

  // Values and ids are text or bytes.
  ['xadd', ['s', { a: 1 }], TypeError, 'got the number 1 (write String(…) if its digits are meant)'],
  ['xadd', ['s', { a: undefined }], TypeError, 'expected a string or a Uint8Array, got undefined'],
  ['xadd', ['s', {}], ReplyError, "ERR wrong number of arguments for 'xadd' command"],
  ['xadd', ['s', fields, { id: 5 }], TypeError, 'got the number 5'],
  ['xadd', ['s', fields, { minid: 5 }], TypeError, 'got the number 5'],
  ['xadd', ['s', fields, { id: 'five' }], ReplyError, ID],
  ['xrange', ['s', 0, '+'], TypeError, 'got the number 0'],
  ['xrange', ['s', '-', 1526919030474], TypeError, 'got the number 1526919030474'],
  ['xrevrange', ['s', '+', 1n], TypeError, 'got the bigint 1'],
  ['xrange', ['s'], TypeError, 'got undefined'],
  ['xdel', ['s', 1], TypeError, 'got the number 1'],
  ['xack', ['s', 'g', [1]], TypeError, 'got the number 1'],
  ['xsetid', ['s', 9], TypeError, 'got the number 9'],
  ['xgroupCreate', ['s', 'h', 0], TypeError, 'got the number 0'],
  ['xgroupSetid', ['s', 'g', 0], TypeError, 'got the number 0'],
  ['xautoclaim', ['s', 'g', 'bob', 0], TypeError, 'got undefined'],
  ['consume', ['s', 'g', 5], TypeError, 'got the number 5'],

  // Options that there are not.
  ['xadd', ['s', fields, null], TypeError, 'expected an object of options, got null'],
  [
    'xadd',
    ['s', fields, { MAXLEN: 1 }],
    TypeError,
    'unknown option MAXLEN; there are maxlen, minid, approximate',
  ],
  ['xadd', ['s', fields, { maxLen: 1 }], TypeError, 'unknown option maxLen'],
  ['xadd', ['none', fields, { nomkstream: true }], TypeError, 'unknown option nomkstream'],
  ['xaddNomkstream', ['s', fields, { maxLen: 1 }], TypeError, 'unknown option maxLen'],
  ['xtrim', ['s', { maxLen: 1 }], TypeError, 'unknown option maxLen'],
  ['xtrim', ['s'], TypeError, 'expected an object of options, got undefined'],
  ['xrange', ['s', '-', '+', { COUNT: 1 }], TypeError, 'unknown option COUNT; there are count'],
  ['xrevrange', ['s', '+', '-', { limit: 1 }], TypeError, 'unknown option limit'],
  ['xsetid', ['s', '9', { entriesAdded: 9 }], TypeError, 'unknown option entriesAdded'],
  ['xread', [{ s: '0' }, { block: 5 }], TypeError, 'unknown option block'],
  ['xreadgroup', ['g', 'ada', 's', { block: 5 }], TypeError, 'unknown option block'],
  ['xreadgroupPending', ['g', 'ada', { s: '0' }, { noack: true }], TypeError, 'unknown option noack'],
  ['xgroupCreate', ['none', 'h', '$', { MKSTREAM: true }], TypeError, 'unknown option MKSTREAM'],
  ['xgroupSetid', ['s', 'g', '0', { entriesRead: 1 }], TypeError, 'unknown option entriesRead'],
  ['xpendingRange', ['s', 'g', '-', '+', 9, { Consumer: 'ada' }], TypeError, 'unknown option Consumer'],
  ['xclaim', ['s', 'g', 'bob', 0, '1-0', { justid: true }], TypeError, 'unknown option justid'],
  ['xclaimJustid', ['s', 'g', 'bob', 0, '1-0', { retryCount: 1 }], TypeError, 'unknown option retryCount'],
  ['xautoclaim', ['s', 'g', 'bob', 0, '0', { justid: true }], TypeError, 'unknown option justid'],
  ['xautoclaimJustid', ['s', 'g', 'bob', 0, '0', { cnt: 1 }], TypeError, 'unknown option cnt'],
  ['xnack', ['s', 'g', 'fail', '1-0', { retryCount: 1 }], TypeError, 'unknown option retryCount'],
  ['xdelex', ['s', '1-0', { reference: 'acked' }], TypeError, 'unknown option reference;'],
  ['xackdel', ['s', 'g', '1-0', { acked: true }], TypeError, 'unknown option acked'],
  [
    'xcfgset',
    ['s', { duration: 1 }],
    TypeError,
    'unknown option duration; there are idmpDuration, idmpMaxsize',
  ],
  ['xcfgset', ['s'], TypeError, 'expected an object of options, got undefined'],
  ['xinfoStreamFull', ['s', { cnt: 1 }], TypeError, 'unknown option cnt'],
  ['consume', ['s', 'g', 'ada', { mkstream: true }], TypeError, 'unknown option mkstream'],

  // Options with values that they cannot have.
  ['xadd', ['s', fields, { maxlen: 1, references: 'ACKED' }], ReplyError, 'ERR syntax error'],
  ['xtrim', ['s', { maxlen: 1, references: 'delete' }], ReplyError, 'ERR syntax error'],
  ['xdelex', ['s', '1-0', { references: 'all' }], ReplyError, 'ERR syntax error'],
  ['xackdel', ['s', 'g', '1-0', { references: 'all' }], ReplyError, 'ERR syntax error'],
  ['xadd', ['s', fields, { idmp: 'shop' }], TypeError, 'expected an object of options, got string'],
  [
    'xadd',
    ['s', fields, { idmp: { pid: 'shop', iid: '1' } }],
    TypeError,
    'unknown option pid; there are producer, id',
  ],
  [
    'xadd',
    ['s', fields, { idmp: { producer: 'shop' } }],
    TypeError,
    'expected a string or a Uint8Array, got undefined',
  ],
  ['xadd', ['s', fields, { idmp: { producer: 'shop', id: 7 } }], TypeError, 'got the number 7'],
  ['xadd', ['s', fields, { idmpauto: 7 }], TypeError, 'got the number 7'],
  ['xnack', ['s', 'g', 'FAIL', '1-0'], ReplyError, 'ERR mode must be SILENT, FAIL, or FATAL'],
  ['xreadgroupClaim', ['g', 'bob', 's'], ReplyError, 'ERR min-idle-time is not an integer'],
  ['xpendingRange', ['s', 'g', '-', '+'], ReplyError, 'ERR value is not an integer or out of range'],
  ['xclaim', ['s', 'g', 'bob', ['1-0']], ReplyError, 'ERR value is not an integer or out of range'],
];

describe('mistakes', () => {
  test.each(MISTAKES)('%s %o', (method, args, kind, says) => {
    const store = storeToMistreat();
    const all = (): unknown => [store.keys('*'), store.xinfoStreamFull('s', { count: 0 })];
    const before = all();
    const call = (): unknown => (store as unknown as Untyped)[method]!(...args);
    expect(call).toThrow(kind);
    expect(call).toThrow(says);
    expect(all()).toEqual(before);
    store.keyspace.checkInvariants();
  });

  test('a claim that waits has to say for how long it was idle', async () => {
    const store = storeToMistreat();
    const { blocking } = store as unknown as { blocking: Record<string, (...args: unknown[]) => unknown> };
    await expect(blocking['xreadgroupClaim']!('g', 'bob', 's')).rejects.toThrow(
      'ERR min-idle-time is not an integer',
    );
    expect(store.xpending('s', 'g').count).toBe(2);
  });

  test('ids may be bytes', () => {
    const store = storeToMistreat();
    const bytes = new TextEncoder().encode('2-0') as unknown as string;
    expect(store.xrange('s', bytes, bytes).map(({ id }) => id)).toEqual(['2-0']);
  });
});
