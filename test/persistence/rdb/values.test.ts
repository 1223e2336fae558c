import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Entry, type Stored } from '../../../src/keyspace/entry.ts';
import { defaultLimits, type Limits } from '../../../src/keyspace/limits.ts';
import { encodeListpack } from '../../../src/persistence/rdb/listpack.ts';
import { HashTable } from '../../../src/structures/hashes/hash-table.ts';
import { HASH } from '../../../src/structures/hashes/hash-value.ts';
import { LIST, ListValue } from '../../../src/structures/lists/list-value.ts';
import { MemberSet } from '../../../src/structures/sets/member-set.ts';
import { SET } from '../../../src/structures/sets/set-value.ts';
import { SortedSetValue, ZSET } from '../../../src/structures/sorted-sets/sorted-set-value.ts';
import { RawString } from '../../../src/structures/strings/raw-string.ts';
import { STRING, storedString } from '../../../src/structures/strings/string-value.ts';
import { SEED, text } from './generators.ts';
import {
  AT_MS,
  bytesOf,
  KNOWN_TO_7_0,
  NEWER,
  plainLength,
  plainString,
  uint32,
  uint64,
  ziplist,
  zipmap,
} from './old-forms.ts';
import { hex, payload, readBack, readOrRefuse, seen, seenSorted, toHex, written } from './support.ts';

const limits: fc.Arbitrary<Limits> = fc
  .record({
    hashMaxListpackEntries: fc.constantFrom(0, 2, 8, 512),
    hashMaxListpackValueBytes: fc.constantFrom(0, 5, 64),
    listMaxListpackSize: fc.constantFrom(-5, -2, -1, 1, 3, 128),
    setMaxIntsetEntries: fc.constantFrom(0, 3, 512),
    setMaxListpackEntries: fc.constantFrom(0, 4, 128),
    zsetMaxListpackEntries: fc.constantFrom(0, 4, 128),
    zsetMaxListpackValueBytes: fc.constantFrom(0, 5, 64),
  })
  .map((some) => ({ ...defaultLimits(), ...some }));

const score = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.double({ noNaN: true }),
  fc.constantFrom(-0, 2 ** 53, -(2 ** 62), 2 ** 62, 2 ** 63, 1e300, Infinity, -Infinity, 0.1, 5e-324),
);

const value: fc.Arbitrary<(limits: Limits) => Stored> = fc.oneof(
  text.map((string) => () => storedString(string)),
  text.map((string) => () => new Entry(STRING, RawString.from(string)) as Entry),
  fc.array(text, { minLength: 1, maxLength: 60 }).map((values) => (bounds: Limits) => {
    const list = new ListValue();
    for (const element of values) list.push('right', element, bounds.listMaxListpackSize);
    return new Entry(LIST, list) as Entry;
  }),
  fc.uniqueArray(text, { minLength: 1, maxLength: 60 }).map((members) => (bounds: Limits) => {
    return new Entry(SET, MemberSet.of(members, bounds)) as Entry;
  }),
  fc
    .uniqueArray(fc.integer().map(String), { minLength: 1, maxLength: 60 })
    .map((members) => (bounds: Limits) => {
      return new Entry(SET, MemberSet.of(members, bounds)) as Entry;
    }),
  fc
    .uniqueArray(fc.tuple(text, score), { minLength: 1, maxLength: 60, selector: ([member]) => member })
    .map((members) => (bounds: Limits) => {
      const set = new SortedSetValue();
      for (const [member, number] of members) set.put(member, number, bounds);
      return new Entry(ZSET, set) as Entry;
    }),
  fc
    .uniqueArray(fc.tuple(text, text, fc.option(fc.nat({ max: 100 }))), {
      minLength: 1,
      maxLength: 60,
      selector: ([field]) => field,
    })
    .chain((fields) => fc.tuple(fc.constant(fields), fc.boolean()))
    .map(([fields, expire]) => (bounds: Limits) => {
      const hash = new HashTable();
      const sizes = {
        listpackEntries: bounds.hashMaxListpackEntries,
        listpackValueBytes: bounds.hashMaxListpackValueBytes,
      };
      for (const [field, held, at] of fields) {
        hash.set(field, held, sizes);
        if (expire && at !== null) hash.setExpiry(field, AT_MS + at);
      }
      return new Entry(HASH, hash) as Entry;
    }),
);

/** Without what may change on the way: the encoding, and the order of fields. */
function content(stored: Stored): unknown {
  const { encoding: _, ...rest } = seenSorted(stored) as { encoding?: unknown };
  return rest;
}

describe('a value that is written and read', () => {
  test('is the same, whatever the limits are', () => {
    fc.assert(
      fc.property(value, limits, fc.boolean(), (make, bounds, compress) => {
        const stored = make(bounds);
        const { body } = written(stored, { limits: bounds, compress });
        const back = readBack(body, bounds);
        expect(content(back)).toEqual(content(stored));
        // And what is read is written like what was written, but for the encoding that it may get.
        const again = readBack(written(back, { limits: bounds, compress }).body, bounds);
        expect(content(again)).toEqual(content(stored));
      }),
      { seed: SEED, numRuns: 600 },
    );
  });

  test('tells which version knows its form', () => {
    const hash = new HashTable();
    hash.set('f', 'v');
    const entry = new Entry(HASH, hash) as Entry;
    expect(written('text').version).toBe(10);
    expect(written(entry).version).toBe(10);
    hash.setExpiry('f', AT_MS);
    expect(written(entry).version).toBe(12);
    hash.clearExpiry('f');
    // Nothing is lost: only the encoding would tell.
    expect(written(entry)).toMatchObject({ version: 10 });
    expect(written(entry).body[0]).toBe(16);
  });

  test('of hundreds of thousands of elements', () => {
    const members = Array.from({ length: 200_000 }, (_, at) => `member:${at}`);
    const list = ListValue.of(members, 'quicklist');
    expect(seen(readBack(written(new Entry(LIST, list) as Entry).body))).toEqual(
      seen(new Entry(LIST, list) as Entry),
    );
    const set = MemberSet.of(members);
    expect(seen(readBack(written(new Entry(SET, set) as Entry).body))).toEqual(
      seen(new Entry(SET, set) as Entry),
    );
  });
});

describe('fields that expire', () => {
  test('in a listpack, in the order of their times', () => {
    const hash = new HashTable();
    for (const field of ['a', 'b', 'c', 'd']) hash.set(field, `${field}!`);
    hash.setExpiry('c', AT_MS + 300);
    hash.setExpiry('b', AT_MS);
    const { body } = written(new Entry(HASH, hash) as Entry, { compress: false });
    const listpack = encodeListpack(['b', 'b!', AT_MS, 'c', 'c!', AT_MS + 300, 'a', 'a!', 0, 'd', 'd!', 0]);
    expect(toHex(body)).toBe(toHex(bytesOf(25, uint64(AT_MS), listpack.length, listpack)));
  });

  test('in a hashtable, counted from the earliest', () => {
    const hash = new HashTable();
    hash.prepareFor(3, { listpackEntries: 2, listpackValueBytes: 64 });
    for (const field of ['a', 'b', 'c']) hash.set(field, '1');
    hash.setExpiry('c', AT_MS + 70);
    hash.setExpiry('b', AT_MS);
    const { body } = written(new Entry(HASH, hash) as Entry);
    expect(toHex(body)).toBe(
      toHex(bytesOf(24, uint64(AT_MS), 3, 0, 1, 'a', 0xc0, 1, 1, 1, 'b', 0xc0, 1, 0x40, 71, 1, 'c', 0xc0, 1)),
    );
  });

  test.each(Object.keys(NEWER).filter((name) => name.includes('times')))('are read: %s', (name) => {
    expect(seenSorted(readBack(NEWER[name]!))).toEqual({
      type: 'hash',
      encoding: 'listpackex',
      fields: [
        ['a', '1', AT_MS + 5],
        ['b', '2', undefined],
        ['c', '3', AT_MS],
      ],
    });
  });

  test('may have expired long ago', () => {
    const stored = readBack(bytesOf(25, uint64(1), plainString(encodeListpack(['f', 'v', 1]))));
    expect(seen(stored)).toMatchObject({ fields: [['f', 'v', 1]] });
  });

  test.each([
    ['times out of order', bytesOf(25, uint64(1), plainString(encodeListpack(['a', '1', 5, 'b', '2', 4])))],
    ['a time after none', bytesOf(25, uint64(1), plainString(encodeListpack(['a', '1', 0, 'b', '2', 4])))],
    ['a time that is no number', bytesOf(25, uint64(1), plainString(encodeListpack(['a', '1', 'soon'])))],
    ['a negative time', bytesOf(25, uint64(1), plainString(encodeListpack(['a', '1', -1])))],
    ['a time of more than 48 bits', bytesOf(25, uint64(1), plainString(encodeListpack(['a', '1', 2 ** 48])))],
    ['an earliest time beyond all', bytesOf(24, uint64(2 ** 49), 1, 0, 1, 'a', 1, 'b')],
    ['a sum beyond all', bytesOf(24, uint64(2 ** 48 - 1), 1, 2, 1, 'a', 1, 'b')],
    ['no time', bytesOf(25, uint64(1), plainString(encodeListpack(['a', '1'])))],
    ['a field twice', bytesOf(25, uint64(1), plainString(encodeListpack(['a', '1', 4, 'a', '2', 5])))],
  ])('not with %s', (_, body) => {
    expect(readOrRefuse(body)).toBeUndefined();
  });
});

test.each(Object.keys(NEWER).filter((name) => name.includes('template')))('a hash of %s', (name) => {
  expect(seen(readBack(NEWER[name]!))).toEqual({
    type: 'hash',
    encoding: 'listpack',
    fields: [
      ['age', '36', undefined],
      ['name', 'Ada', undefined],
    ],
  });
});

describe('what is refused', () => {
  const nan = uint64(0x7ff8000000000000n);
  test.each<[string, Uint8Array]>([
    ['nothing', bytesOf()],
    ['a type that is unknown', bytesOf(8, 1, 'x')],
    ['a module', bytesOf(7, 1, 'x')],
    ['a string that breaks off', bytesOf(0, 5, 'abcd')],
    ['a string of an unknown form', bytesOf(0, 0xc4)],
    ['a length of an unknown form', bytesOf(0, 0x82, 1)],
    ['a string of 2^64 - 1 bytes', bytesOf(0, 0x81, new Uint8Array(8).fill(255))],
    ['a string of 2^32 - 1 bytes', bytesOf(0, 0x80, new Uint8Array(4).fill(255), 'x')],
    ['a compressed string of 4 GB', bytesOf(0, 0xc3, 4, 0x80, new Uint8Array(4).fill(255), 'abcd')],
    ['a compressed string that is shorter', bytesOf(0, 0xc3, 6, 22, 1, 'aa', 0xe0, 10, 0)],
    ['a compressed string that is longer', bytesOf(0, 0xc3, 6, 20, 1, 'aa', 0xe0, 10, 0)],
    ['a compressed string that reaches back too far', bytesOf(0, 0xc3, 6, 21, 1, 'aa', 0xe0, 10, 2)],
    ['a compressed string that breaks off', bytesOf(0, 0xc3, 5, 21, 1, 'aa', 0xe0, 10)],
    ['an empty list', bytesOf(1, 0)],
    ['an empty list of nodes', bytesOf(18, 0)],
    ['a list of empty nodes', bytesOf(18, 1, 2, plainString(encodeListpack([])))],
    ['a list of empty ziplists', bytesOf(14, 1, plainString(ziplist([])))],
    ['an empty ziplist', bytesOf(10, plainString(ziplist([])))],
    ['a plain node without an element', bytesOf(18, 1, 1, 0)],
    ['a node of an unknown kind', bytesOf(18, 1, 3, plainString(encodeListpack(['a'])))],
    ['an empty set', bytesOf(2, 0)],
    ['an empty set that is a listpack', bytesOf(20, plainString(encodeListpack([])))],
    ['a set of 2^32 - 1 members', bytesOf(2, 0x80, new Uint8Array(4).fill(255), 1, 'x')],
    ['a member twice', bytesOf(2, 2, 1, 'x', 1, 'x')],
    ['a member twice in a listpack', bytesOf(20, plainString(encodeListpack(['x', 'x'])))],
    ['a member twice, once as a string', bytesOf(20, plainString(hex('0f000000 0200 0501 8135 02 ff')))],
    ['an empty intset', bytesOf(11, plainString(bytesOf(uint32(2), uint32(0))))],
    ['an intset of another width', bytesOf(11, plainString(bytesOf(uint32(3), uint32(1), 0, 0, 0)))],
    ['an intset of another size', bytesOf(11, plainString(bytesOf(uint32(2), uint32(2), 1, 0)))],
    ['an intset out of order', bytesOf(11, plainString(bytesOf(uint32(2), uint32(2), 2, 0, 1, 0)))],
    ['an intset with one twice', bytesOf(11, plainString(bytesOf(uint32(2), uint32(2), 1, 0, 1, 0)))],
    ['an empty sorted set', bytesOf(5, 0)],
    ['a score that is NaN', bytesOf(5, 1, 1, 'x', nan)],
    ['a score that is NaN, in digits', bytesOf(3, 1, 1, 'x', 253)],
    ['a score that is no number', bytesOf(3, 1, 1, 'x', 3, 'abc')],
    ['a score that is no number, in a listpack', bytesOf(17, plainString(encodeListpack(['x', 'high'])))],
    ['a score that is nan, in a listpack', bytesOf(17, plainString(encodeListpack(['x', 'nan'])))],
    ['a member without a score', bytesOf(17, plainString(encodeListpack(['x', '1', 'y'])))],
    ['a member with two scores', bytesOf(17, plainString(encodeListpack(['x', '1', 'x', '2'])))],
    ['a member with two scores, in binary', bytesOf(5, 2, 1, 'x', uint64(0), 1, 'x', uint64(0))],
    ['an empty hash', bytesOf(4, 0)],
    ['an empty hash that is a listpack', bytesOf(16, plainString(encodeListpack([])))],
    ['an empty hash that is a ziplist', bytesOf(13, plainString(ziplist([])))],
    ['an empty hash that is a zipmap', bytesOf(9, plainString(zipmap([])))],
    ['a field twice', bytesOf(4, 2, 1, 'x', 1, '1', 1, 'x', 1, '2')],
    ['a field twice in a listpack', bytesOf(16, plainString(encodeListpack(['x', '1', 'x', '2'])))],
    ['a field twice in a ziplist', bytesOf(13, plainString(ziplist(['x', '1', 'x', '2'])))],
    ['a field twice in a zipmap', bytesOf(9, plainString(zipmap(['x', '1', 'x', '2'])))],
    ['a field without a value', bytesOf(16, plainString(encodeListpack(['x', '1', 'y'])))],
    ['a template without fields', bytesOf(31, 0, plainString(encodeListpack([])))],
    ['a template in an unknown form', bytesOf(31, 2, 1, 'x', 1, 'y')],
    ['a template with a field twice', bytesOf(31, 1, 2, 1, 'x', 1, 'x', 1, '1', 1, '2')],
    [
      'a template and too few values',
      bytesOf(29, 1, 2, 1, 'x', 1, 'y', plainString(encodeListpack([7, '1']))),
    ],
    ['a hash of more fields than bytes', bytesOf(4, plainLength(2 ** 30), 1, 'x', 1, 'y')],
  ])('%s', (_, body) => {
    expect(readOrRefuse(body)).toBeUndefined();
  });

  test.each<[string, string]>([
    ['a good one', '0a000000 0100 8161 02 ff'],
    ['another size', '0b000000 0100 8161 02 ff'],
    ['no end', '0a000000 0100 8161 02 00'],
    ['another count', '0a000000 0200 8161 02 ff'],
    ['an unknown header', '0a000000 0100 f561 02 ff'],
    ['another length backwards', '0a000000 0100 8161 03 ff'],
    ['a length backwards that goes on', '0a000000 0100 8161 82 ff'],
    ['an entry that is too long', '0a000000 0100 8961 02 ff'],
    ['an entry of 4 GB', '0e000000 0100 f0 ffffffff 61 02 ff'],
    ['an end within', '0b000000 0100 8161 02 ff ff'],
    ['nothing but a header', '06000000 0000'],
  ])('a listpack with %s', (name, digits) => {
    const body = bytesOf(18, 1, 2, plainString(hex(digits)));
    if (name === 'a good one') expect(seen(readBack(body))).toMatchObject({ elements: ['a'] });
    else expect(readOrRefuse(body)).toBeUndefined();
  });

  test.each<[string, string]>([
    ['a good one', '10000000 0d000000 0200 00 0161 03 f6 ff'],
    ['another size', '11000000 0d000000 0200 00 0161 03 f6 ff'],
    ['another tail', '10000000 0c000000 0200 00 0161 03 f6 ff'],
    ['another count', '10000000 0d000000 0300 00 0161 03 f6 ff'],
    ['another length before', '10000000 0d000000 0200 00 0161 04 f6 ff'],
    ['an unknown header', '10000000 0d000000 0200 00 0161 03 c1 ff'],
    ['no end', '0f000000 0d000000 0200 00 0161 03 f6'],
    ['an end within', '11000000 0d000000 0200 00 0161 03 f6 ff ff'],
    ['an entry of 4 GB', '12000000 0a000000 0100 00 80 ffffffff 61 ff'],
  ])('a ziplist with %s', (name, digits) => {
    const body = bytesOf(10, plainString(hex(digits)));
    if (name === 'a good one') expect(seen(readBack(body))).toMatchObject({ elements: ['a', '5'] });
    else expect(readOrRefuse(body)).toBeUndefined();
  });
});

describe('the encoding after reading', () => {
  const small: Limits = {
    ...defaultLimits(),
    ...{
      hashMaxListpackEntries: 2,
      hashMaxListpackValueBytes: 3,
      listMaxListpackSize: 2,
      setMaxIntsetEntries: 2,
    },
    ...{ setMaxListpackEntries: 3, setMaxListpackValueBytes: 3 },
    ...{ zsetMaxListpackEntries: 2, zsetMaxListpackValueBytes: 3 },
  };
  const one = uint64(0);
  test.each<[string, Uint8Array]>([
    ['listpack', bytesOf(1, 2, 1, 'a', 1, 'b')],
    ['quicklist', bytesOf(1, 3, 1, 'a', 1, 'b', 1, 'c')],
    ['quicklist', bytesOf(10, plainString(ziplist(['a'])))],
    ['listpack', bytesOf(14, 2, plainString(ziplist(['a', 'b'])), plainString(ziplist([])))],
    ['quicklist', bytesOf(14, 1, plainString(ziplist(['a', 'b', 'c'])))],
    ['quicklist', bytesOf(14, 2, plainString(ziplist(['a'])), plainString(ziplist(['b'])))],
    ['listpack', bytesOf(18, 1, 2, plainString(encodeListpack(['a', 'b'])))],
    ['quicklist', bytesOf(18, 1, 2, plainString(encodeListpack(['a', 'b', 'c'])))],
    ['quicklist', bytesOf(18, 1, 1, 1, 'a')],
    ['intset', bytesOf(2, 2, 1, '1', 1, '2')],
    ['hashtable', bytesOf(2, 3, 1, '1', 1, '2', 1, '3')],
    ['listpack', bytesOf(2, 2, 1, '1', 1, 'a')],
    ['hashtable', bytesOf(2, 2, 1, '1', 4, 'long')],
    ['hashtable', bytesOf(2, 3, 1, 'a', 1, 'b', 1, 'c')],
    ['hashtable', bytesOf(11, plainString(bytesOf(uint32(2), uint32(3), 1, 0, 2, 0, 3, 0)))],
    ['listpack', bytesOf(20, plainString(encodeListpack(['1', '2', 'longer'])))],
    ['hashtable', bytesOf(20, plainString(encodeListpack(['1', '2', '3', '4'])))],
    ['listpack', bytesOf(5, 2, 1, 'a', one, 1, 'b', one)],
    ['skiplist', bytesOf(5, 3, 1, 'a', one, 1, 'b', one, 1, 'c', one)],
    ['skiplist', bytesOf(5, 1, 4, 'long', one)],
    ['listpack', bytesOf(17, plainString(encodeListpack(['long', '1'])))],
    ['skiplist', bytesOf(17, plainString(encodeListpack(['a', '1', 'b', '2', 'c', '3'])))],
    ['listpack', bytesOf(4, 1, 1, 'a', 1, 'b')],
    ['hashtable', bytesOf(4, 1, 1, 'a', 4, 'long')],
    ['hashtable', bytesOf(4, 3, 1, 'a', 1, '1', 1, 'b', 1, '2', 1, 'c', 1, '3')],
    ['listpack', bytesOf(16, plainString(encodeListpack(['a', 'long'])))],
    ['listpack', bytesOf(13, plainString(ziplist(['a', 'long'])))],
    ['hashtable', bytesOf(9, plainString(zipmap(['a', 'long'])))],
    ['hashtable', bytesOf(16, plainString(encodeListpack(['a', '1', 'b', '2', 'c', '3'])))],
    ['listpackex', bytesOf(25, uint64(0), plainString(encodeListpack(['a', 'long', 0])))],
    ['hashtable', bytesOf(25, uint64(0), plainString(encodeListpack(['a', 1, 0, 'b', 2, 0, 'c', 3, 0])))],
    ['listpackex', bytesOf(24, uint64(AT_MS), 1, 1, 1, 'a', 1, 'b')],
    ['hashtable', bytesOf(24, uint64(AT_MS), 1, 1, 1, 'a', 4, 'long')],
  ])('is %s', (encoding, body) => {
    expect(seen(readBack(body, small))).toMatchObject({ encoding });
  });
});

describe('mutated bytes', () => {
  const corpus = [...Object.values(KNOWN_TO_7_0), ...Object.values(NEWER)];

  test('are refused or are a value that holds together', () => {
    const change = fc.oneof(
      fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), with: fc.integer({ min: 1, max: 255 }) }),
      fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), with: fc.nat({ max: 8 }) }),
      fc.record({ kind: fc.constant('double' as const), at: fc.nat(), with: fc.nat({ max: 40 }) }),
      fc.record({ kind: fc.constant('length' as const), at: fc.nat(), with: fc.nat({ max: 8 }) }),
    );
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.nat(), fc.array(change, { minLength: 1, maxLength: 3 }), (which, changes) => {
        let body: Uint8Array = corpus[which % corpus.length]!.slice();
        for (const { kind, at, with: how } of changes) {
          // Most of what there is to break is in the first bytes.
          const place = at % Math.max(1, at % 2 === 0 ? Math.min(body.length, 40) : body.length);
          if (kind === 'flip') body[place]! ^= how;
          else if (kind === 'cut') body = bytesOf(body.subarray(0, place), body.subarray(place + how));
          else if (kind === 'double') {
            body = bytesOf(body.subarray(0, place + how), body.subarray(place));
          } else body.fill(255, place, place + how);
        }
        if (readOrRefuse(body) === undefined) refused++;
        else accepted++;
      }),
      { seed: SEED, numRuns: 4000 },
    );
    expect(accepted).toBeGreaterThan(200);
    expect(refused).toBeGreaterThan(1000);
  });

  test('cut off anywhere are refused', () => {
    for (const body of corpus) {
      const step = Math.max(1, Math.floor(body.length / 200));
      for (let length = 0; length < body.length; length += step) {
        expect(readOrRefuse(body.subarray(0, length))).toBeUndefined();
      }
    }
  });
});

test('the test payload has the checksum of the documentation', () => {
  // DUMP's example on redis.io: SET mykey 10.
  expect(toHex(payload(written('10').body, 9))).toMatch(/^00c00a0900/);
});
