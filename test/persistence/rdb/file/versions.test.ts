import { describe, expect, test } from 'vitest';
import { ByteWriter } from '../../../../src/persistence/rdb/byte-writer.ts';
import { RdbError } from '../../../../src/persistence/rdb/file/rdb-error.ts';
import { writeLength } from '../../../../src/persistence/rdb/lengths.ts';
import { encodeListpack } from '../../../../src/persistence/rdb/listpack.ts';
import { lua } from '../../../../src/scripting/index.ts';
import {
  AT_MS,
  bytesOf,
  KNOWN_TO_7_0,
  NEWER,
  plainLength,
  plainString,
  uint32,
  uint64,
} from '../old-forms.ts';
import { readBack, seenSorted } from '../support.ts';
import { contentOf, fileOf, keyOf, loaded, sealed } from './support.ts';

const clock = { now: () => 1_800_000_000_000 };
const ABC = bytesOf(0, 3, 'abc');

function reasonOf(bytes: Uint8Array, options: Parameters<typeof loaded>[1] = {}): string {
  try {
    loaded(bytes, { ...options, store: { clock, ...options.store } });
  } catch (error) {
    if (error instanceof RdbError) return error.reason;
    throw error;
  }
  throw new Error('it was loaded');
}

function exactLength(length: bigint): Uint8Array {
  const writer = new ByteWriter();
  writeLength(writer, length);
  return writer.take();
}

describe('a file of version', () => {
  const versions = Array.from({ length: 15 }, (_, at) => at + 1);
  test.each(versions)('%s', (version) => {
    const bytes = fileOf(version, [
      ...[254, 0, keyOf('a', ABC), 253, uint32(2_000_000_000), keyOf('b', ABC)],
      ...[252, uint64(2_000_000_000_123), keyOf('c', ABC), 254, 9, keyOf('a', ABC)],
    ]);
    const { store, reader } = loaded(bytes, { store: { clock } });
    expect(reader.version).toBe(version);
    expect(reader.isVerified).toBe(version >= 5);
    expect(store.get('a')).toBe('abc');
    expect(store.pexpiretime('b')).toBe(2_000_000_000_000);
    expect(store.pexpiretime('c')).toBe(2_000_000_000_123);
    expect(store.select(9).keys('*')).toEqual(['a']);
    // Nothing of the oldest that is cut off goes unnoticed, nor of what is put behind it.
    expect(reasonOf(bytes.subarray(0, -1))).toBe('Unexpected EOF reading RDB file');
    if (version < 5) expect(reasonOf(bytesOf(bytes, 0))).toContain('follow the end');
    else expect(loaded(bytesOf(bytes, 'whatever'), { store: { clock } }).reader.position).toBe(bytes.length);
  });

  test('Valkey 9', () => {
    const hash = bytesOf(
      ...[22, 3, plainString('a'), plainString('1'), uint64(AT_MS), plainString('b'), plainString('2')],
      ...[uint64(-1), plainString('c'), plainString('3'), uint64(AT_MS + 1)],
    );
    const slots = [243, plainString('x'.repeat(40)), 2, 0, 5, plainLength(100), plainLength(16000)];
    const bytes = sealed(bytesOf('VALKEY080', ...slots, 254, 0, keyOf('h', hash), 255));
    const { store, reader } = loaded(bytes, { store: { clock } });
    expect(reader.version).toBe(80);
    expect({ ...store.hgetall('h') }).toEqual({ a: '1', b: '2', c: '3' });
    expect(store.hpexpiretime('h', ['a', 'b', 'c'])).toEqual([AT_MS, -1, AT_MS + 1]);
  });

  test.each(['REDIS0016', 'REDIS9999', 'REDIS0000', 'VALKEY081'])('%s is refused', (header) => {
    const version = Number(header.replace(/\D/g, ''));
    expect(reasonOf(sealed(bytesOf(header, 255)))).toMatch(
      new RegExp(`^Can't handle RDB format version ${version}( of Valkey)?$`),
    );
  });

  test.each(['RADIS0010', 'REDIS001x', 'REDIS 010', '*1\r\n$4\r\nPING', 'VALKEY10x'])(
    '%s is none',
    (header) => {
      expect(reasonOf(sealed(bytesOf(header, 255)))).toBe('Wrong signature trying to load DB from file');
    },
  );

  test.each([0, 1, 8])('with %s bytes is none', (length) => {
    expect(reasonOf(bytesOf('REDIS0010').subarray(0, length))).toBe('Unexpected EOF reading RDB file');
  });
});

describe('a value in an old form, or a new one', () => {
  test.each(Object.entries({ ...KNOWN_TO_7_0, ...NEWER }))('%s', (_name, body) => {
    for (const chunkBytes of [1, 10_000]) {
      const { store } = loaded(fileOf(15, [keyOf('k', body), keyOf('after', ABC)]), {
        store: { clock },
        chunkBytes,
      });
      expect(store.get('after')).toBe('abc');
      const stored = store.keyspace.databases[0]!.find('k')!;
      expect(seenSorted(stored)).toEqual(seenSorted(readBack(body)));
    }
  });

  test('hashes by templates of the file', () => {
    const bytes = fileOf(15, [
      ...[242, 7, 2, plainString('age'), plainString('name')],
      ...[242, plainLength(300), 1, plainString('only')],
      ...[254, 0, 30, plainString('a'), plainString(encodeListpack([7, '36', 'Ada']))],
      ...[32, plainString('b'), 7, 0xc0, 40, plainString('Bob')],
      ...[32, plainString('c'), plainLength(300), plainString('x')],
    ]);
    for (const chunkBytes of [1, 10_000]) {
      const { store } = loaded(bytes, { store: { clock }, chunkBytes });
      expect({ ...store.hgetall('a') }).toEqual({ age: '36', name: 'Ada' });
      expect({ ...store.hgetall('b') }).toEqual({ age: '40', name: 'Bob' });
      expect({ ...store.hgetall('c') }).toEqual({ only: 'x' });
    }
  });

  test('or by templates that are not there, or not so', () => {
    const named = [242, 0, 1, plainString('f')];
    expect(reasonOf(fileOf(15, [32, plainString('b'), 5, plainString('x')]))).toBe(
      'Invalid hash template ID 5',
    );
    expect(
      reasonOf(fileOf(15, [...named, 30, plainString('b'), plainString(encodeListpack([5, 'x']))])),
    ).toBe('Invalid hash template ID 5');
    expect(reasonOf(fileOf(15, [...named, ...named]))).toBe('Duplicate hash template ID 0');
    expect(reasonOf(fileOf(15, [242, 0, 0]))).toContain('without fields');
    expect(
      reasonOf(fileOf(15, [...named, 30, plainString('b'), plainString(encodeListpack([0]))])),
    ).toContain('fields than values');
  });
});

describe('what is said beside keys', () => {
  test('is passed over, or taken', () => {
    const bytes = fileOf(12, [
      ...[250, plainString('redis-ver'), plainString('255.255.255'), 250, plainString('ctime'), 0xc0, 1],
      ...[247, exactLength(0x42n), 2, 2, 0],
      ...[254, 0, 251, plainLength(100_000_000), 5, 244, 5, 10, plainLength(20)],
      ...[248, plainLength(100), keyOf('idle', ABC), 249, 77, keyOf('often', ABC)],
      ...[249, 1, 248, 5, 252, uint64(2_000_000_000_000), keyOf('all', ABC), keyOf('none', ABC)],
    ]);
    const { store } = loaded(bytes, { store: { clock } });
    expect(store.dbsize()).toBe(4);
    expect(store.pexpiretime('all')).toBe(2_000_000_000_000);
    expect(store.pexpiretime('none')).toBe(-1);
    const lfu = loaded(bytes, { store: { clock, maxMemory: '1gb', maxMemoryPolicy: 'allkeys-lfu' } }).store;
    expect([lfu.objectFreq('often'), lfu.objectFreq('all'), lfu.objectFreq('none')]).toEqual([77, 1, 5]);
    const lru = loaded(bytes, { store: { clock, maxMemory: '1gb', maxMemoryPolicy: 'allkeys-lru' } }).store;
    expect(['idle', 'all', 'none'].map((key) => lru.objectIdletime(key))).toEqual([100, 5, 0]);
  });

  test('functions need what runs them', () => {
    const code = "#!lua name=mylib\nredis.register_function('f', function() return 1 end)";
    const bytes = fileOf(10, [245, plainString(code)]);
    const { store } = loaded(bytes, { store: { clock, scripting: lua() } });
    expect(store.functionList().map(({ libraryName }) => libraryName)).toEqual(['mylib']);
    expect(reasonOf(bytes)).toContain('scripting: lua()');
    expect(reasonOf(fileOf(10, [245, plainString('nonsense')]), { store: { scripting: lua() } })).toBe(
      'Failed creating the library: ERR Missing library metadata',
    );
    expect(
      reasonOf(fileOf(10, [245, plainString(code), 245, plainString(code)]), { store: { scripting: lua() } }),
    ).toContain("Library 'mylib' already exists");
    expect(reasonOf(fileOf(10, [246, plainString(code)]))).toBe('Pre-release function format not supported.');
  });

  test('modules that are not there are refused by their names', () => {
    // "ReJSON-RL", version 3.
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    let id = 0n;
    for (const letter of 'ReJSON-RL') id = (id << 6n) | BigInt(letters.indexOf(letter));
    id = (id << 10n) | 3n;
    const value = [7, plainString('k'), exactLength(id), 5, plainString('{}'), 0];
    expect(reasonOf(fileOf(12, value))).toBe(
      "The RDB file contains module data I can't load: no matching module type 'ReJSON-RL'",
    );
    expect(reasonOf(fileOf(12, [247, exactLength(id), 2, 2, 2, 1, 0]))).toBe(
      "The RDB file contains AUX module data I can't load: no matching module 'ReJSON-RL'",
    );
    expect(reasonOf(fileOf(13, [243, 1, uint32(5), 0, keyOf('k', ABC)]))).toContain('metadata of modules');
    expect(reasonOf(fileOf(8, [6, plainString('k'), exactLength(id)]))).toContain('unknown type 6');
  });
});

describe('keys', () => {
  const past = [252, uint64(1_799_999_999_999), keyOf('past', ABC)];

  test('whose time is over are left out, unless more is to come that may be about them', () => {
    const bytes = fileOf(10, [
      ...past,
      253,
      uint32(1),
      keyOf('long past', ABC),
      252,
      uint64(1_900_000_000_000),
      keyOf('b', ABC),
    ]);
    const { store, target } = loaded(bytes, { store: { clock } });
    expect(store.keys('*')).toEqual(['b']);
    expect([target.loadedCount, target.expiredCount]).toEqual([1, 2]);
    const all = loaded(bytes, { store: { clock }, load: { dropsExpired: false } });
    expect(all.store.keyspace.databases[0]!.size).toBe(3);
    expect([all.target.loadedCount, all.target.expiredCount]).toEqual([3, 0]);
    // And go as all others do.
    all.store.advance(0);
    expect(all.store.keys('*')).toEqual(['b']);
    all.store.keyspace.checkInvariants();
  });

  test('with a time of -1 have none, as in Redis, and times at the beginning of time are over', () => {
    const bytes = fileOf(10, [
      ...[252, uint64(-1), keyOf('a', ABC), 253, uint32(-1), keyOf('b', ABC)],
      ...[252, uint64(0), keyOf('c', ABC), 252, uint64(-5), keyOf('d', ABC)],
      ...[252, uint64(2n ** 63n - 1n), keyOf('e', ABC)],
    ]);
    const { store, target } = loaded(bytes, { store: { clock } });
    expect(store.keys('*').sort()).toEqual(['a', 'b', 'e']);
    expect(store.pexpiretime('a')).toBe(-1);
    expect(target.expiredCount).toBe(2);
    expect(store.bigints.pexpiretime('e')).toBe(2n ** 63n - 1n);
  });

  test('that come twice are refused, unless they may replace each other', () => {
    const bytes = fileOf(10, [
      keyOf('a', ABC),
      254,
      3,
      keyOf('a', ABC),
      254,
      0,
      keyOf('a', bytesOf(1, 1, 1, 'x')),
    ]);
    expect(reasonOf(bytes)).toBe('RDB has duplicated key "a" in DB 0');
    const { store } = loaded(bytes, { store: { clock }, load: { replaces: true } });
    expect(store.lrange('a', 0, -1)).toEqual(['x']);
  });

  test('with an empty collection are left out', () => {
    const list = bytesOf(1, 0);
    const empties = [
      ...[list, bytesOf(2, 0), bytesOf(3, 0), bytesOf(4, 0), bytesOf(5, 0), bytesOf(14, 0), bytesOf(18, 0)],
      ...[bytesOf(16, plainString(encodeListpack([]))), bytesOf(17, plainString(encodeListpack([])))],
      ...[
        bytesOf(20, plainString(encodeListpack([]))),
        bytesOf(11, plainString(new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0]))),
      ],
      ...[bytesOf(18, 2, 2, plainString(encodeListpack([])), 2, plainString(encodeListpack([])))],
      ...[bytesOf(24, uint64(AT_MS), 0), bytesOf(25, uint64(AT_MS), plainString(encodeListpack([])))],
    ];
    const parts = empties.flatMap((body, at) => [252, uint64(AT_MS), keyOf(`empty ${at}`, body)]);
    const { store, reader } = loaded(fileOf(12, [...parts, keyOf('after', ABC)]), { store: { clock } });
    expect(contentOf(store)).toEqual(
      contentOf(loaded(fileOf(12, [keyOf('after', ABC)]), { store: { clock } }).store),
    );
    expect(reader.emptyKeyCount).toBe(empties.length);
    expect(reader.keyCount).toBe(1);
  });

  test('in a database that is not there are refused', () => {
    expect(reasonOf(fileOf(10, [254, 16, keyOf('a', ABC)]))).toBe(
      'Data file was created with a Redis server configured to handle more than 16 databases',
    );
    const { store } = loaded(fileOf(10, [254, 16, keyOf('a', ABC)]), { store: { clock, databases: 17 } });
    expect(store.select(16).get('a')).toBe('abc');
  });

  test('of an unknown type are refused, and told where', () => {
    const bytes = fileOf(10, [keyOf('a', ABC), keyOf('b', bytesOf(99, 1))]);
    expect(reasonOf(bytes)).toContain('unknown type 99');
    expect(() => loaded(bytes)).toThrow(/\(at byte \d+ of the RDB file\)$/);
  });
});

describe('the checksum', () => {
  const bytes = fileOf(10, [keyOf('a', ABC)]);

  test('that is wrong is refused, unless nobody looks at it', () => {
    const wrong = bytes.with(-1, bytes.at(-1)! ^ 1);
    expect(reasonOf(wrong)).toMatch(/^Wrong RDB checksum expected: \([0-9a-f]+\) but got \([0-9a-f]+\)\.$/);
    expect(loaded(wrong, { reader: { checksChecksum: false } }).store.get('a')).toBe('abc');
  });

  test('that is zero is none', () => {
    const without = bytesOf(bytes.subarray(0, -8), new Uint8Array(8));
    expect(loaded(without).reader.isVerified).toBe(false);
    // An end that was made of something else would be taken for one.
    expect(reasonOf(bytesOf(without, 'more'))).toBe('Bytes follow the end of a file without a checksum');
  });
});
