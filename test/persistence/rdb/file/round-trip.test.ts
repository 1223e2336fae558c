import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryFiles } from '../../../../src/persistence/index.ts';
import { crc64, extendByZeros } from '../../../../src/persistence/rdb/crc64.ts';
import { beginRdb } from '../../../../src/persistence/rdb/file/begin-rdb.ts';
import { KeyspaceTarget, readContextOf } from '../../../../src/persistence/rdb/file/keyspace-target.ts';
import { raisedVersion } from '../../../../src/persistence/rdb/file/raised-version.ts';
import { RdbError } from '../../../../src/persistence/rdb/file/rdb-error.ts';
import { readRdbFile } from '../../../../src/persistence/rdb/file/read-rdb-file.ts';
import { readRdb, writeRdb } from '../../../../src/persistence/rdb/file/whole-rdb.ts';
import { lua } from '../../../../src/scripting/index.ts';
import { Store } from '../../../../src/store.ts';
import { filling } from '../../../differential/support/dumpable.ts';
import { SEED } from '../generators.ts';
import { contentOf, KNOWN_COMMANDS, loaded, NEWER_COMMANDS, run } from './support.ts';

const NOW_MS = 1_800_000_000_000;
const clock = { now: () => NOW_MS };

function fullStore(commands = [...KNOWN_COMMANDS, ...NEWER_COMMANDS]): Store {
  const store = new Store({ scripting: lua(), clock });
  run(store, commands);
  return store;
}

function headerOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 9));
}

describe('a file of everything', () => {
  const store = fullStore();
  const content = contentOf(store);
  const bytes = writeRdb(store);

  test('is read back as it was', () => {
    const other = new Store({ scripting: lua(), clock });
    expect(readRdb(other, bytes)).toEqual({ keys: Object.keys(content).length - 1, expiredKeys: 0 });
    other.keyspace.checkInvariants();
    expect(contentOf(other)).toEqual(content);
  });

  test.each([1, 2, 3, 7, 64, 1000])('is read in chunks of %s bytes', (chunkBytes) => {
    const { store, reader } = loaded(bytes, { chunkBytes, store: { scripting: lua(), clock } });
    expect(contentOf(store)).toEqual(content);
    expect(reader.isVerified).toBe(true);
    expect(reader.position).toBe(bytes.length);
  });

  test('is read from a storage, and other things have their turn', async () => {
    const { keyspace } = new Store({ scripting: lua(), clock });
    const target = new KeyspaceTarget(keyspace);
    const reads: number[] = [];
    const file = {
      sizeBytes: bytes.length,
      read: (offset: number, length: number) => {
        reads.push(length);
        // As a storage may that has no more at hand.
        return Promise.resolve(bytes.slice(offset, offset + Math.min(length, 3000)));
      },
      close: () => Promise.resolve(),
    };
    const progress: [number, number][] = [];
    const reader = await readRdbFile(file, target, readContextOf(keyspace), {
      onProgress: (readBytes, keys) => progress.push([readBytes, keys]),
      turn: () => Promise.resolve(),
    });
    expect(reader.isVerified).toBe(true);
    expect(target.loadedCount).toBe(Object.keys(content).length - 1);
    expect(progress.at(-1)).toEqual([bytes.length, target.loadedCount]);
    expect(Math.max(...reads)).toBeLessThanOrEqual(bytes.length);
  });

  test('takes the place of what was there', () => {
    const other = new Store({ scripting: lua(), clock });
    other.set('gone', '1');
    other.select(9).set('gone too', '1', { ex: 10 });
    other.functionLoad("#!lua name=other\nredis.register_function('g', function() end)");
    readRdb(other, bytes);
    other.keyspace.checkInvariants();
    expect(contentOf(other)).toEqual(content);
  });

  test('says so to those who watch, and to those who record', () => {
    const other = new Store({ scripting: lua(), clock });
    other.set('text', 'before');
    const commands: string[] = [];
    other.keyspace.observe({
      effect: (database, command) => commands.push(`${database.index} ${command[0]} ${String(command[1])}`),
    });
    const watch = other.watch('number');
    readRdb(other, bytes);
    expect(watch.multi().set('a', '1').exec()).toBeNull();
    expect(commands.slice(0, 2)).toEqual(['0 FUNCTION RESTORE', '0 FLUSHALL undefined']);
    expect(commands).toContain('0 RESTORE text');
    expect(commands).toContain('15 RESTORE last');
    expect(commands.length).toBe(Object.keys(content).length + 1);
  });

  test('and what is recorded rebuilds it', () => {
    const other = new Store({ scripting: lua(), clock });
    const copy = new Store({ scripting: lua(), clock });
    other.keyspace.observe({
      effect: (database, command) => run(copy, [['SELECT', String(database.index)], command]),
    });
    readRdb(other, bytes);
    expect(contentOf(copy)).toEqual(content);
  });

  test('and is found again where the store outlives its process', async () => {
    const storage = memoryFiles();
    const options = { storage, appendonly: true, appendfsync: 'always', scripting: lua(), clock } as const;
    const first = await Store.open(options);
    first.set('gone', '1');
    readRdb(first, bytes);
    await first.close();
    const second = await Store.open(options);
    expect(contentOf(second)).toEqual(content);
    await second.close();
  });

  test('that is long in one value is not begun anew with every chunk', () => {
    const other = new Store({ clock });
    const members = Array.from({ length: 100_000 }, (_, at) => `member:${at}`);
    other.sadd('set', members);
    // Were it, that would be ten billion members.
    const { store: again } = loaded(writeRdb(other), { chunkBytes: 16, store: { clock } });
    expect(again.scard('set')).toBe(100_000);
  });

  test('with memory counted and uses noted', () => {
    const other = new Store({ scripting: lua(), clock, maxMemory: '100mb', maxMemoryPolicy: 'allkeys-lru' });
    other.set('before', 'x');
    readRdb(other, bytes);
    other.keyspace.checkInvariants();
    expect(contentOf(other)).toEqual(content);
    const idle = writeRdb(other);
    const { store: again } = loaded(idle, {
      store: { scripting: lua(), clock, maxMemory: '100mb', maxMemoryPolicy: 'allkeys-lfu' },
    });
    expect(contentOf(again)).toEqual(content);
  });

  test('not compressed, and without a checksum', () => {
    const plain = writeRdb(store, { compress: false, checksum: false });
    expect(plain.length).toBeGreaterThan(bytes.length);
    expect([...plain.subarray(-8)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    const { reader, store: other } = loaded(plain, { store: { scripting: lua(), clock } });
    expect(reader.isVerified).toBe(false);
    expect(contentOf(other)).toEqual(content);
  });
});

describe('how keys are used', () => {
  test('idle times are kept with an lru policy', () => {
    let nowMs = NOW_MS;
    const options = {
      clock: { now: () => nowMs },
      maxMemory: '100mb',
      maxMemoryPolicy: 'allkeys-lru',
    } as const;
    const store = new Store(options);
    store.set('a', '1');
    store.rpush('l', ['1']);
    nowMs += 100_000;
    store.set('b', '1');
    const { store: other } = loaded(writeRdb(store), { store: options });
    for (const key of ['a', 'b', 'l']) expect(other.objectIdletime(key)).toBe(store.objectIdletime(key));
    expect(other.objectIdletime('a')).toBe(100);
  });

  test('frequencies are kept with an lfu policy', () => {
    const options = { clock, maxMemory: '100mb', maxMemoryPolicy: 'allkeys-lfu', random: () => 0 } as const;
    const store = new Store(options);
    store.set('a', '1');
    store.set('b', '1');
    for (let times = 20; times > 0; times--) store.get('a');
    const { store: other } = loaded(writeRdb(store), { store: options });
    expect(other.objectFreq('a')).toBeGreaterThan(5);
    for (const key of ['a', 'b']) expect(other.objectFreq(key)).toBe(store.objectFreq(key));
  });
});

describe('any value', () => {
  const commands = fc.oneof(...Object.values(filling));
  test('comes back in chunks of any size', () => {
    fc.assert(
      fc.property(commands, fc.integer({ min: 1, max: 400 }), (all, chunkBytes) => {
        const store = new Store({ clock });
        for (const tokens of all) {
          try {
            run(store, [[...tokens]]);
          } catch {
            // What is wrong in itself changes nothing.
          }
        }
        const { store: other } = loaded(writeRdb(store), { chunkBytes, store: { clock } });
        expect(contentOf(other)).toEqual(contentOf(store));
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});

describe('the version that a file says', () => {
  test('is the oldest that will do', () => {
    const store = new Store({ clock });
    store.set('a', '1');
    expect(headerOf(writeRdb(store))).toBe('REDIS0010');
    store.hset('h', { f: 'v' });
    store.hexpire('h', 100, ['f']);
    expect(headerOf(writeRdb(store))).toBe('REDIS0012');
    store.arset('arr', 1, 'v');
    expect(headerOf(writeRdb(store))).toBe('REDIS0014');
    store.del(['h', 'arr']);
    // Guessed from the one before, and put right with the next.
    expect(headerOf(writeRdb(store))).toBe('REDIS0014');
    expect(headerOf(writeRdb(store))).toBe('REDIS0010');
  });

  test('is found out at the end, and put right with its checksum', () => {
    for (const count of [0, 1, 100, 5000]) {
      const store = new Store({ clock });
      for (let at = 0; at < count; at++) store.set(`key:${at}`, `value:${at}`);
      store.arset('arr', 1, 'v');
      const raised = writeRdb(store);
      const right = writeRdb(store);
      expect(headerOf(raised)).toBe('REDIS0014');
      expect(raised).toEqual(right);
      expect(loaded(raised).reader.isVerified).toBe(true);
    }
  });

  test('stays without a checksum if there is to be none', () => {
    const store = new Store({ clock });
    store.arset('arr', 1, 'v');
    const bytes = writeRdb(store, { checksum: false });
    expect(headerOf(bytes)).toBe('REDIS0014');
    expect([...bytes.subarray(-8)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('of a file that needs no newer one is left alone', () => {
    const writer = beginRdb(new Store({ clock }).keyspace);
    writer.end();
    expect(raisedVersion(writer)).toBeUndefined();
  });

  test('a checksum goes on over zeros', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), fc.nat(300), (bytes, count) => {
        const longer = new Uint8Array(bytes.length + count);
        longer.set(bytes);
        expect(extendByZeros(crc64(bytes), count)).toEqual(crc64(longer));
      }),
      { seed: SEED },
    );
  });
});

describe('what is not put in the place of what was there', () => {
  function unchanged(bytes: Uint8Array, store: Store, error: unknown): void {
    const before = contentOf(store);
    expect(() => readRdb(store, bytes)).toThrow(error as Error);
    expect(contentOf(store)).toEqual(before);
    store.keyspace.checkInvariants();
  }

  test('a file that ends too early', () => {
    const store = new Store({ clock });
    store.set('a', '1', { ex: 100 });
    unchanged(writeRdb(fullStore(KNOWN_COMMANDS.slice(0, 20))).subarray(0, -1), store, RdbError);
  });

  test('functions, where there is no scripting', () => {
    const store = new Store({ clock });
    store.set('a', '1');
    expect(() => readRdb(store, writeRdb(fullStore()))).toThrow('scripting: lua()');
    expect(store.get('a')).toBe('1');
  });

  test('anything inside a transaction', () => {
    const store = new Store({ clock });
    const bytes = writeRdb(store);
    expect(() => store.transaction(() => readRdb(store, bytes))).toThrow('inside a transaction');
  });

  test('what are no bytes', () => {
    expect(() => readRdb(new Store(), 'REDIS0010' as never)).toThrow(TypeError);
  });

  test('and nothing of it stays in the memory that is counted, or among the timers', () => {
    const store = new Store({ clock, maxMemory: '100mb' });
    store.set('a', '1', { ex: 100 });
    const before = store.keyspace.countMemory().usedBytes;
    unchanged(writeRdb(fullStore(KNOWN_COMMANDS.slice(0, 20))).subarray(0, -1), store, RdbError);
    expect(store.keyspace.countMemory().usedBytes).toBe(before);
    const { size } = store.keyspace.wheel;
    expect(size).toBe(1);
  });
});
