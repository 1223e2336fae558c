import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readContextOf } from '../../../../src/persistence/rdb/file/keyspace-target.ts';
import { RdbError } from '../../../../src/persistence/rdb/file/rdb-error.ts';
import { RdbReader } from '../../../../src/persistence/rdb/file/rdb-reader.ts';
import type { RdbTarget } from '../../../../src/persistence/rdb/file/rdb-target.ts';
import { readRdb, writeRdb } from '../../../../src/persistence/rdb/file/whole-rdb.ts';
import { lua } from '../../../../src/scripting/index.ts';
import { Store } from '../../../../src/store.ts';
import { Mutator } from '../../../differential/support/mutations.ts';
import { SEED } from '../generators.ts';
import { bytesOf, plainLength } from '../old-forms.ts';
import { contentOf, fileOf, loaded, NEWER_COMMANDS, run, sealed } from './support.ts';

const clock = { now: () => 1_800_000_000_000 };

/** A file with every type in it that is not long. */
function smallFile(): Uint8Array {
  const store = new Store({ scripting: lua(), clock });
  run(store, [
    ['SET', 'text', 'hello'],
    ['SET', 'expiring', '12', 'PXAT', '4102444800123'],
    ['SET', 'long', 'abc'.repeat(50)],
    ['RPUSH', 'list', 'a', '3'],
    ['SADD', 'integers', '1', '300'],
    ['SADD', 'set', 'a', 'b'],
    ['ZADD', 'zset', '1', 'a', '2.5', 'b'],
    ['HSET', 'hash', 'a', '1'],
    ['XADD', 'stream', '5-1', 'a', '1'],
    ['XGROUP', 'CREATE', 'stream', 'group', '0'],
    ['XREADGROUP', 'GROUP', 'group', 'ada', 'COUNT', '1', 'STREAMS', 'stream', '>'],
    ['FUNCTION', 'LOAD', "#!lua name=l\nredis.register_function('f', function() end)"],
    ...NEWER_COMMANDS.filter(([, key]) => key !== 'large timed'),
  ]);
  return writeRdb(store);
}

const FILE = smallFile();

const { keyspace } = new Store({ clock });
const nobody: RdbTarget = { library: () => {}, key: () => {} };

/** Whether a file is refused, whoever would get what is in it. */
function isRefused(bytes: Uint8Array, checksChecksum = true): boolean {
  const reader = new RdbReader(nobody, readContextOf(keyspace), { checksChecksum, totalBytes: bytes.length });
  try {
    reader.push(bytes);
    reader.end();
    reader.requireWhole(bytes.length);
    return false;
  } catch (error) {
    if (error instanceof RdbError) return true;
    throw error;
  }
}

/** What comes of a file: that it is refused, or a store that holds together. */
function outcome(bytes: Uint8Array, checksChecksum = true): 'refused' | Store {
  try {
    return loaded(bytes, { store: { scripting: lua(), clock }, reader: { checksChecksum } }).store;
  } catch (error) {
    if (error instanceof RdbError) return 'refused';
    throw error;
  }
}

describe('a damaged file', () => {
  test('is refused wherever it ends too early', () => {
    for (let length = 0; length < FILE.length; length++) {
      if (!isRefused(FILE.subarray(0, length))) expect.fail(`${length} bytes are enough`);
    }
    expect(isRefused(FILE)).toBe(false);
  });

  test('is refused whichever bit is wrong', () => {
    for (let at = 0; at < FILE.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const bytes = FILE.with(at, FILE[at]! ^ (1 << bit));
        if (!isRefused(bytes)) expect.fail(`bit ${bit} of byte ${at} is of no matter`);
      }
    }
  });

  test('is refused, or read, where nobody looks at the checksum', () => {
    let refused = 0;
    for (let at = 9; at < FILE.length - 8; at++) {
      for (const byte of [0, 1, 0x7f, 0x80, 0x81, 0xc0, 0xc3, 0xff, FILE[at]! ^ 1, FILE[at]! + 1]) {
        if (isRefused(FILE.with(at, byte & 255), false)) refused++;
      }
    }
    expect(refused).toBeGreaterThan(FILE.length);
  });

  test('whose checksum is right is refused, or holds together, and can be written again', () => {
    fc.assert(
      fc.property(fc.noShrink(fc.nat(0x7fffffff)), (seed) => {
        const bytes = sealed(new Mutator(seed, [FILE.subarray(0, -8)]).next());
        const result = outcome(bytes);
        if (result === 'refused') return;
        const again = outcome(writeRdb(result));
        expect(again).not.toBe('refused');
        if (again !== 'refused') expect(contentOf(again)).toEqual(contentOf(result));
      }),
      { seed: SEED, numRuns: 400 },
    );
  });

  test('changes nothing of what a store holds', () => {
    const store = new Store({ scripting: lua(), clock });
    run(store, [
      ['SET', 'mine', '1', 'EX', '100'],
      ['HSET', 'h', 'f', 'v'],
    ]);
    const before = contentOf(store);
    for (let length = 0; length < FILE.length; length += 37) {
      expect(() => readRdb(store, FILE.subarray(0, length))).toThrow(RdbError);
    }
    expect(contentOf(store)).toEqual(before);
    store.keyspace.checkInvariants();
  });
});

describe('a length that is not to be believed', () => {
  const HUGE = bytesOf(0x81, 0, 0, 0x0f, 0xff, 0xff, 0xff, 0xff, 0xff);

  test.each([0, 1, 2, 3, 4, 5, 7, 9, 10, 11, 14, 15, 16, 17, 18, 19, 20, 21, 24, 25, 26, 27, 28, 29, 31])(
    'in a value of type %s reserves nothing',
    (type) => {
      for (const length of [HUGE, plainLength(0xffffffff), plainLength(0x7fffffff)]) {
        const bytes = fileOf(15, [type, 1, 'k', length, 'abc']);
        expect(outcome(bytes)).toBe('refused');
        // Nor where nobody knows how long the file is.
        expect(() => loaded(bytes, { chunkBytes: 1 })).toThrow(RdbError);
      }
    },
  );

  test.each([242, 243, 244, 245, 247, 248, 250, 251, 254])('behind opcode %s reserves nothing', (opcode) => {
    const header = opcode === 243 ? 'VALKEY080' : 'REDIS0015';
    const bytes = sealed(bytesOf(header, opcode, HUGE, HUGE, HUGE, 'abc'));
    expect(outcome(bytes)).toBe('refused');
  });

  test('is refused at once where the length of the file is known', () => {
    const bytes = fileOf(10, [0, 1, 'k', plainLength(100_000_000), 'abc']);
    expect(() => loaded(bytes.subarray(0, 20), { reader: { totalBytes: bytes.length } })).toThrow(
      'Unexpected EOF reading RDB file (at byte 9',
    );
  });
});
