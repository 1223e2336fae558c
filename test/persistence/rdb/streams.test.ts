import { describe, expect, test } from 'vitest';
import type { ByteString } from '../../../src/bytes/byte-string.ts';
import { ReplyError, Store } from '../../../src/index.ts';
import { ByteWriter } from '../../../src/persistence/rdb/byte-writer.ts';
import { writeLength } from '../../../src/persistence/rdb/lengths.ts';
import { encodeListpack } from '../../../src/persistence/rdb/listpack.ts';
import { writeRawString, writeString } from '../../../src/persistence/rdb/strings.ts';
import { Mutator } from '../../differential/support/mutations.ts';
import { bodyOf, payload, toHex } from './support.ts';

const NOW_MS = 1_700_000_000_000;
const PLAIN = { compress: false };

/** An id as two numbers. */
type Id = readonly [ms: number, seq: number];

interface Block {
  readonly id: Id;
  readonly parts: readonly (ByteString | number)[];
}

/** A stream of the type byte 19, as somebody might write it. */
interface Written {
  readonly type?: number;
  readonly blocks?: readonly Block[];
  readonly length?: number;
  readonly lastId?: Id;
  readonly entriesAdded?: number;
  readonly groups?: (writer: ByteWriter) => void;
}

/** One block of one entry: 5-0, a = v. */
const BLOCK: Block = { id: [5, 0], parts: [1, 0, 1, 'a', 0, 2, 0, 0, 'v', 4] };

function rawId(writer: ByteWriter, [ms, seq]: Id): void {
  for (const half of [ms, seq]) {
    writer.writeUint32BigEndian(0);
    writer.writeUint32BigEndian(half);
  }
}

function lengths(writer: ByteWriter, ...values: number[]): void {
  for (const value of values) writeLength(writer, value);
}

function streamOf(written: Written): Uint8Array {
  const { type = 19, blocks = [BLOCK], length = 1, lastId = [9, 0], entriesAdded = 9, groups } = written;
  const writer = new ByteWriter();
  writer.writeByte(type);
  lengths(writer, blocks.length);
  for (const { id, parts } of blocks) {
    const key = new ByteWriter();
    rawId(key, id);
    writeRawString(writer, key.take(), PLAIN);
    writeRawString(writer, encodeListpack(parts), PLAIN);
  }
  lengths(writer, length, ...lastId);
  if (type >= 19) lengths(writer, 5, 0, 0, 0, entriesAdded);
  if (groups === undefined) lengths(writer, 0);
  else groups(writer);
  return writer.take();
}

/** One group, with what is pending in all and with each consumer. */
function group(pending: readonly Id[], consumers: Readonly<Record<string, readonly Id[]>>, more = '') {
  return (writer: ByteWriter) => {
    const names = more === '' ? ['g'] : ['g', more];
    lengths(writer, names.length);
    for (const name of names) {
      writeString(writer, name, PLAIN);
      lengths(writer, 5, 0, 1, pending.length);
      for (const id of pending) {
        rawId(writer, id);
        writer.writeUint64(NOW_MS);
        lengths(writer, 1);
      }
      const all = Object.entries(consumers);
      lengths(writer, all.length);
      for (const [consumer, ids] of all) {
        writeString(writer, consumer, PLAIN);
        writer.writeUint64(NOW_MS);
        lengths(writer, ids.length);
        for (const id of ids) rawId(writer, id);
      }
    }
  };
}

function restored(body: Uint8Array, version = 10): Store {
  const store = new Store({ clock: { now: () => NOW_MS } });
  store.restore('s', 0, payload(body, version));
  store.keyspace.checkInvariants();
  return store;
}

/** The type byte of a dump, and the version in its footer. */
function formOf(dumped: Uint8Array | null): [type: number, version: number] {
  return [dumped![0]!, dumped!.at(-10)!];
}

function filled(): Store {
  const store = new Store({ clock: { now: () => NOW_MS } });
  for (let at = 1; at <= 250; at++)
    store.xadd('s', at % 3 === 0 ? { b: '1', c: 'x' } : { a: String(at) }, { id: `${at}-0` });
  store.xdel('s', ['3-0', '120-0', '250-0']);
  store.xgroupCreate('s', 'g', '0');
  store.xgroupCreate('s', 'h', '5-0');
  return store;
}

function journey(store: Store): Store {
  const other = new Store({ clock: { now: () => NOW_MS } });
  const dumped = store.dump('s')!;
  other.restore('s', 0, dumped);
  other.keyspace.checkInvariants();
  expect(toHex(other.dump('s')!)).toBe(toHex(dumped));
  expect(other.xinfoStreamFull('s', { count: 0 })).toEqual(store.xinfoStreamFull('s', { count: 0 }));
  return other;
}

describe('streams are written as the oldest type that says all of it', () => {
  test('plain ones as Redis 7.0 does', () => {
    const store = filled();
    expect(formOf(store.dump('s'))).toEqual([19, 10]);
    store.xreadgroup('g', 'ada', 's', { count: 10 });
    expect(formOf(store.dump('s'))).toEqual([19, 10]);
    journey(store);
  });

  test('as Redis 7.2 does where a consumer was not active when it was seen', () => {
    const store = filled();
    store.xgroupCreateconsumer('s', 'g', 'bob');
    expect(formOf(store.dump('s'))).toEqual([21, 11]);
    const [consumer] = journey(store).xinfoConsumers('s', 'g');
    expect(consumer).toMatchObject({ name: 'bob', inactive: -1 });
  });

  test('as Redis 8.6 does where names of messages are remembered, or will be otherwise', () => {
    const store = filled();
    const first = store.xadd('s', { a: '1' }, { idmp: { producer: 'p', id: 'm1' } });
    store.xadd('s', { a: '1' }, { idmp: { producer: 'q', id: 'm1' } });
    store.xadd('s', { a: '1' }, { idmp: { producer: 'p', id: 'm1' } });
    expect(formOf(store.dump('s'))).toEqual([26, 13]);
    const other = journey(store);
    expect(other.xadd('s', { a: '1' }, { idmp: { producer: 'p', id: 'm1' } })).toBe(first);
    store.del('s');
    store.xadd('s', { a: '1' }, { id: '1-0' });
    store.xcfgset('s', { idmpDuration: 300, idmpMaxsize: 7 });
    expect(formOf(store.dump('s'))).toEqual([26, 13]);
    expect(journey(store).xinfoStream('s')).toMatchObject({ idmpDuration: 300, idmpMaxsize: 7 });
  });

  test('as Redis 8.8 does where entries were released, whose order is kept', () => {
    const store = filled();
    store.xreadgroup('g', 'ada', 's', { count: 4 });
    store.xnack('s', 'g', 'fail', ['4-0', '1-0']);
    expect(formOf(store.dump('s'))).toEqual([27, 14]);
    const other = journey(store);
    const [claimed] = other.xreadgroupClaim('g', 'bob', 's', 0, { count: 2 });
    expect(claimed!.entries.map(({ id }) => id)).toEqual(['4-0', '1-0']);
  });

  test('an empty one is still one', () => {
    const store = new Store();
    store.xgroupCreate('s', 'g', '5-5', { mkstream: true });
    expect(journey(store).xlen('s')).toBe(0);
  });

  test('times are over for what is remembered', () => {
    let now = NOW_MS;
    const store = new Store({ clock: { now: () => now } });
    store.xadd('s', { a: '1' }, { idmp: { producer: 'p', id: 'm1' } });
    const dumped = store.dump('s')!;
    now += 100_000;
    store.restore('t', 0, dumped);
    store.xadd('t', { a: '1' }, { idmp: { producer: 'p', id: 'm1' } });
    expect(store.xlen('t')).toBe(2);
  });
});

describe('streams are read', () => {
  test('of the first type: what it does not say is reckoned', () => {
    const store = restored(streamOf({ type: 15 }), 9);
    expect(store.xinfoStream('s')).toMatchObject({ entriesAdded: 1, maxDeletedEntryId: '0-0' });
    expect(store.xrange('s', '-', '+')).toMatchObject([{ id: '5-0' }]);
  });

  test('with deleted entries, which count for what fits into a block', () => {
    const parts = [1, 2, 1, 'a', 0, 3, 0, 0, 'v', 4, 2, 1, 0, 'w', 4, 1, 2, 0, 1, 'b', 'x', 6];
    const store = restored(streamOf({ blocks: [{ id: [5, 0], parts }] }));
    expect(store.xrange('s', '-', '+')).toMatchObject([{ id: '6-0' }]);
    store.keyspace.dumps.compress = false;
    expect(toHex(bodyOf(store.dump('s')!))).toBe(
      toHex(streamOf({ blocks: [{ id: [5, 0], parts }] })).replace(
        '090005000000' + '09',
        '090006000000' + '09',
      ),
    );
  });

  test('whose block is not named after its first entry', () => {
    const store = restored(streamOf({ blocks: [{ id: [3, 0], parts: [1, 0, 1, 'a', 0, 2, 2, 1, 'v', 4] }] }));
    expect(store.xrange('s', '-', '+')).toMatchObject([{ id: '5-1' }]);
  });

  test('whose numbers are written as text', () => {
    expect(restored(streamOf({ groups: group([[5, 0]], { c: [[5, 0]] }) })).xpending('s', 'g').count).toBe(1);
  });

  const wrong: Readonly<Record<string, Written>> = {
    'a length that is not theirs': { length: 2 },
    'no blocks, but entries': { blocks: [] },
    'another number of entries': {
      blocks: [{ ...BLOCK, parts: [2, 0, 1, 'a', 0, 2, 0, 0, 'v', 4] }],
      length: 2,
    },
    'another number of deleted ones': { blocks: [{ ...BLOCK, parts: [1, 1, 1, 'a', 0, 2, 0, 0, 'v', 4] }] },
    'an entry that cannot be read backwards': {
      blocks: [{ ...BLOCK, parts: [1, 0, 1, 'a', 0, 2, 0, 0, 'v', 5] }],
    },
    'a head without an end': { blocks: [{ ...BLOCK, parts: [1, 0, 1, 'a', 1, 2, 0, 0, 'v', 4] }] },
    'a value too few': { blocks: [{ ...BLOCK, parts: [1, 0, 1, 'a', 0, 2, 0, 0, 4] }] },
    'a part too many': { blocks: [{ ...BLOCK, parts: [...BLOCK.parts, 7] }] },
    'more fields than there can be': {
      blocks: [{ ...BLOCK, parts: [1, 0, 1_000_000, 'a', 0, 2, 0, 0, 'v', 4] }],
    },
    'a negative number of fields': { blocks: [{ ...BLOCK, parts: [1, 0, -1, 0, 0, 0, 0, 1, 'a', 'v', 6] }] },
    'no fields': { blocks: [{ ...BLOCK, parts: [1, 0, 0, 0, 2, 0, 0, 3] }] },
    'flags that mean nothing': { blocks: [{ ...BLOCK, parts: [1, 0, 1, 'a', 0, 6, 0, 0, 'v', 4] }] },
    'no entries in a block': { blocks: [{ ...BLOCK, parts: [0, 0, 1, 'a', 0] }], length: 0 },
    'ids that descend': {
      blocks: [{ ...BLOCK, parts: [2, 0, 1, 'a', 0, 2, 5, 0, 'v', 4, 2, 3, 0, 'w', 4] }],
      length: 2,
    },
    'an id that comes twice': {
      blocks: [{ ...BLOCK, parts: [2, 0, 1, 'a', 0, 2, 0, 0, 'v', 4, 2, 0, 0, 'w', 4] }],
      length: 2,
    },
    'an id before its block': { blocks: [{ ...BLOCK, parts: [1, 0, 1, 'a', 0, 2, -1, 0, 'v', 4] }] },
    'blocks that descend': { blocks: [{ ...BLOCK, id: [7, 0] }, BLOCK], length: 2 },
    'a block that comes twice': { blocks: [BLOCK, BLOCK], length: 2 },
    'blocks that overlap': {
      blocks: [
        { ...BLOCK, parts: [2, 0, 1, 'a', 0, 2, 0, 0, 'v', 4, 2, 3, 0, 'w', 4] },
        { ...BLOCK, id: [7, 0] },
      ],
      length: 3,
    },
    'the id 0-0': { blocks: [{ ...BLOCK, id: [0, 0] }] },
    'an entry after the last': { lastId: [1, 0] },
    'fewer added than there are': { entriesAdded: 0 },
    'something pending that nobody has': { groups: group([[5, 0]], { c: [] }) },
    'a consumer with what is not pending': { groups: group([], { c: [[5, 0]] }) },
    'something pending twice': {
      groups: group(
        [
          [5, 0],
          [5, 0],
        ],
        { c: [[5, 0]] },
      ),
    },
    'something a consumer has twice': {
      groups: group([[5, 0]], {
        c: [
          [5, 0],
          [5, 0],
        ],
      }),
    },
    'something that two have': { groups: group([[5, 0]], { c: [[5, 0]], d: [[5, 0]] }) },
    'two groups of one name': { groups: group([], {}, 'g') },
    'more groups than there are bytes': { groups: (writer) => lengths(writer, 1_000_000) },
    'more pending than there are bytes': {
      groups: (writer) => {
        lengths(writer, 1);
        writeString(writer, 'g', PLAIN);
        lengths(writer, 5, 0, 1, 2 ** 40);
      },
    },
  };
  for (const [name, written] of Object.entries(wrong)) {
    test(`not with ${name}`, () => {
      expect(() => restored(streamOf(written))).toThrow('ERR Bad data format');
    });
  }

  test('two consumers of one name are refused', () => {
    const twice = group([], { c: [], d: [] });
    const body = streamOf({ groups: twice });
    const text = toHex(body).replace('0164', '0163');
    const same = Uint8Array.from(text.match(/../g)!, (digits) => Number.parseInt(digits, 16));
    expect(() => restored(body)).not.toThrow();
    expect(() => restored(same)).toThrow('ERR Bad data format');
  });

  test('many entries of as many shapes take no more than their share of time', () => {
    const parts: (ByteString | number)[] = [0, 0, 1, 'a', 0];
    const count = 30_000;
    for (let at = 0; at < count; at++) parts.push(0, at, 0, 1, `field:${at >> 1}`, 'v', 6);
    parts[0] = count;
    const store = restored(
      streamOf({
        blocks: [
          { id: [5, 0], parts },
          { ...BLOCK, id: [count + 5, 0] },
        ],
        length: count + 1,
        lastId: [count + 5, 0],
        entriesAdded: count + 1,
      }),
    );
    store.xdel('s', `${count + 5}-0`);
    store.xadd('s', { b: '1' }, { id: `${count + 6}-0` });
    expect(store.xlen('s')).toBe(count + 1);
  });
});

test('damaged streams of all types are refused, or are sound', () => {
  const bodies: Uint8Array[] = [];
  for (const nack of [false, true]) {
    const store = filled();
    store.keyspace.dumps.compress = false;
    store.xtrim('s', { maxlen: 6 });
    store.xgroupSetid('s', 'g', '243-0');
    store.xreadgroup('g', 'ada', 's', { count: 4 });
    store.xgroupCreateconsumer('s', 'g', 'bob');
    bodies.push(bodyOf(store.dump('s')!));
    store.xadd('s', { a: '1' }, { idmp: { producer: 'p', id: 'm1' } });
    store.xadd('s', { a: '1' }, { idmp: { producer: 'p', id: 'm2' } });
    if (nack) store.xnack('s', 'g', 'fail', ['245-0', '244-0']);
    bodies.push(bodyOf(store.dump('s')!));
  }
  expect(new Set(bodies.map(([type]) => type))).toEqual(new Set([21, 26, 27]));
  const mutator = new Mutator(1, bodies);
  let taken = 0;
  for (let run = 0; run < 3000; run++) {
    const body = mutator.next();
    let store: Store;
    try {
      store = restored(body, 15);
    } catch (error) {
      if (error instanceof ReplyError && error.message === 'ERR Bad data format') continue;
      throw new Error(toHex(body), { cause: error });
    }
    taken++;
    if (store.type('s') !== 'stream') continue;
    store.xrange('s', '-', '+');
    for (const { name } of store.bytes.xinfoGroups('s')) store.xreadgroup(name, 'eve', 's', { count: 1 });
    store.xadd('s', { z: '1' }, { id: '18446744073709551615-18446744073709551615' });
    store.keyspace.checkInvariants();
  }
  expect(taken).toBeGreaterThan(200);
});

test('bytes are what they were', () => {
  const store = new Store();
  const odd = Uint8Array.of(0xff, 0, 0x80);
  store.xadd('s', [[odd, odd]], { id: '1-1' });
  const other = new Store();
  other.restore('s', 0, store.dump('s')!);
  expect(other.bytes.xrange('s', '-', '+')[0]!.pairs).toEqual([[odd, odd]]);
});
