import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteReader } from '../../../src/persistence/rdb/byte-reader.ts';
import { ByteWriter } from '../../../src/persistence/rdb/byte-writer.ts';
import { CorruptValue } from '../../../src/persistence/rdb/corrupt-value.ts';
import { crc64 } from '../../../src/persistence/rdb/crc64.ts';
import { readDouble, readDoubleText, writeDouble } from '../../../src/persistence/rdb/doubles.ts';
import { decodeIntset, encodeIntset } from '../../../src/persistence/rdb/intset.ts';
import { readLength, readLengthExact, writeLength } from '../../../src/persistence/rdb/lengths.ts';
import {
  decodeListpack,
  decodeListpackEntries,
  encodeListpack,
} from '../../../src/persistence/rdb/listpack.ts';
import { lzfCompress, lzfDecompress } from '../../../src/persistence/rdb/lzf.ts';
import {
  readRawString,
  readString,
  writeRawString,
  writeString,
} from '../../../src/persistence/rdb/strings.ts';
import { listpackEntryBytes } from '../../../src/structures/listpack-size.ts';
import { compareIntegerMembers } from '../../../src/structures/sets/integer-member.ts';
import { SEED, text } from './generators.ts';
import { bytesOf } from './old-forms.ts';
import { hex, toHex } from './support.ts';

const settings = { seed: SEED, numRuns: 500 };

function bytesBy(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter(1);
  write(writer);
  return writer.take();
}

describe('bytes', () => {
  test('are written and read in the order of the machine Redis runs on', () => {
    const bytes = bytesBy((writer) => {
      writer.writeByte(0x101);
      writer.writeUint16(0x0203);
      writer.writeUint32(0xfffefdfc);
      writer.writeUint32BigEndian(0xfffefdfc);
      writer.writeUint64(2 ** 53 - 1);
      writer.writeUint64(-(2 ** 40));
      writer.writeUint64(2n ** 64n - 1n);
      writer.writeFloat64(-0.1);
      writer.writeText('é', 2);
    });
    expect(toHex(bytes)).toBe(
      ['01', '0302', 'fcfdfeff', 'fffefdfc', 'ffffffffffff1f00', '0000000000ffffff', 'ffffffffffffffff'].join(
        '',
      ) + ['9a9999999999b9bf', 'c3a9'].join(''),
    );
    const reader = new ByteReader(bytes);
    expect([
      reader.readByte(),
      reader.readUint16(),
      reader.readUint32(),
      reader.readUint32BigEndian(),
    ]).toEqual([...[1, 0x0203, 0xfffefdfc, 0xfffefdfc]]);
    expect([reader.readUint64(), reader.readInt64(), reader.readUint64()]).toEqual([
      ...[2 ** 53 - 1, -(2 ** 40), 2n ** 64n - 1n],
    ]);
    expect([reader.readFloat64(), reader.readText(2), reader.remaining]).toEqual([-0.1, 'é', 0]);
  });

  test('are not read beyond their end', () => {
    const reads: ((reader: ByteReader) => unknown)[] = [
      (reader) => reader.readByte(),
      (reader) => reader.readUint16(),
      (reader) => reader.readUint32(),
      (reader) => reader.readUint64(),
      (reader) => reader.readFloat64(),
      (reader) => reader.readBytes(5),
      (reader) => reader.readText(5),
      (reader) => reader.skip(-1),
      (reader) => reader.skip(Number.NaN),
      (reader) => reader.skip(2 ** 53),
    ];
    // There are more bytes, but not for this reader.
    const bytes = new Uint8Array(20);
    for (const read of reads) {
      expect(() => read(new ByteReader(bytes, 3, 3))).toThrow(CorruptValue);
      const reader = new ByteReader(bytes, 3, 4);
      expect(() => {
        reader.readByte();
        read(reader);
      }).toThrow(CorruptValue);
    }
  });

  test('taken are independent of what is written next', () => {
    const writer = new ByteWriter();
    writer.writeByte(1);
    const taken = writer.take();
    writer.writeByte(2);
    expect(toHex(taken)).toBe('01');
    expect(toHex(writer.take())).toBe('02');
  });

  test.each([0, -1, 2 ** 53 - 1, -(2 ** 53) + 1, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)])(
    'integer %s',
    (value) => {
      const read = new ByteReader(bytesBy((writer) => writer.writeUint64(value))).readInt64();
      expect(read).toBe(value);
    },
  );
});

describe('lengths', () => {
  test.each([
    [0, '00'],
    [63, '3f'],
    [64, '4040'],
    [16383, '7fff'],
    [16384, '8000004000'],
    [2 ** 32 - 1, '80ffffffff'],
    [2 ** 32, '810000000100000000'],
    [2 ** 53 - 1, '81001fffffffffffff'],
  ])('%d', (length, digits) => {
    expect(toHex(bytesBy((writer) => writeLength(writer, length)))).toBe(digits);
    expect(readLength(new ByteReader(hex(digits)))).toBe(length);
    expect(readLengthExact(new ByteReader(hex(digits)))).toBe(length);
  });

  test('beyond 2^53 are exact, but no count of anything', () => {
    const bytes = bytesBy((writer) => writeLength(writer, 2n ** 64n - 1n));
    expect(readLengthExact(new ByteReader(bytes))).toBe(2n ** 64n - 1n);
    expect(() => readLength(new ByteReader(bytes))).toThrow(CorruptValue);
  });

  test.each(['', '40', '82', 'bf', 'c0', '8000', '81000000'])('none: %s', (digits) => {
    expect(() => readLength(new ByteReader(hex(digits)))).toThrow(CorruptValue);
    expect(() => readLengthExact(new ByteReader(hex(digits)))).toThrow(CorruptValue);
  });
});

describe('strings', () => {
  test('are the same in both ways of writing and of reading', () => {
    fc.assert(
      fc.property(text, fc.boolean(), (value, compress) => {
        const bytes = bytesBy((writer) => writeString(writer, value, { compress }));
        const plain = readRawString(new ByteReader(bytes)).slice();
        expect(toHex(bytesBy((writer) => writeRawString(writer, plain, { compress })))).toBe(toHex(bytes));
        expect(readString(new ByteReader(bytes))).toBe(value);
      }),
      settings,
    );
  });
});

describe('doubles', () => {
  test.each([0, -0, 0.1, -1e300, 5e-324, Infinity, -Infinity])('%d in binary', (value) => {
    expect(readDouble(new ByteReader(bytesBy((writer) => writeDouble(writer, value))))).toBe(value);
  });

  test.each<[string, Uint8Array, number]>([
    ['digits', bytesOf(4, '-1.5'), -1.5],
    ['many digits', bytesOf(19, '0.10000000000000001'), 0.1],
    ['an exponent', bytesOf(6, '1e+300'), 1e300],
    ['infinity', bytesOf(254), Infinity],
    ['minus infinity', bytesOf(255), -Infinity],
  ])('in text: %s', (_, bytes, value) => {
    expect(readDoubleText(new ByteReader(bytes))).toBe(value);
  });

  test.each([bytesOf(253), bytesOf(0), bytesOf(3, 'nan'), bytesOf(3, '1 2'), bytesOf(5, '1')])(
    'no double: %s',
    (bytes) => {
      expect(() => readDoubleText(new ByteReader(bytes))).toThrow(CorruptValue);
    },
  );
});

describe('the checksum', () => {
  const nine = bytesOf('123456789');

  test('is that of Redis', () => {
    expect(crc64(nine)).toEqual([0xe9c6d914, 0xc4b8d9ca]);
    expect(crc64(new Uint8Array(0))).toEqual([0, 0]);
  });

  test('can go on, and eight bytes at a time are like one by one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(), (bytes, cut) => {
        const at = cut % (bytes.length + 1);
        expect(crc64(bytes, at, bytes.length, crc64(bytes, 0, at))).toEqual(crc64(bytes));
        let one = crc64(bytes, 0, 0);
        for (let place = 0; place < bytes.length; place++) one = crc64(bytes, place, place + 1, one);
        expect(one).toEqual(crc64(bytes));
      }),
      settings,
    );
  });
});

describe('LZF', () => {
  const repetitive = fc
    .array(
      fc.oneof(
        fc.constantFrom('abc', 'aaaa', 'xyz'.repeat(100), '0'.repeat(300)),
        fc.string({ maxLength: 9 }),
      ),
      {
        maxLength: 60,
      },
    )
    .map((parts) => bytesOf(parts.join('').toWellFormed()));

  test('brings back what it compressed, and saves what it promises', () => {
    let compressed = 0;
    fc.assert(
      fc.property(repetitive, (bytes) => {
        const result = lzfCompress(bytes)?.slice();
        if (result === undefined) return;
        compressed++;
        expect(result.length).toBeLessThanOrEqual(bytes.length - 4);
        expect(toHex(lzfDecompress(result, bytes.length))).toBe(toHex(bytes));
      }),
      settings,
    );
    expect(compressed).toBeGreaterThan(200);
  });

  test('does not remember earlier strings', () => {
    const bytes = bytesOf('something that is there before, something that is there after');
    const first = toHex(lzfCompress(bytes)!);
    lzfCompress(bytesOf('before, something that is there after, something'.repeat(3)));
    expect(toHex(lzfCompress(bytes)!)).toBe(first);
  });

  test('refuses nonsense, and claims that nothing could bear out', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat({ max: 2000 }), (bytes, length) => {
        try {
          expect(lzfDecompress(bytes, length)).toHaveLength(length);
        } catch (error) {
          expect(error).toBeInstanceOf(CorruptValue);
        }
      }),
      settings,
    );
    expect(() => lzfDecompress(new Uint8Array(10), 2 ** 40)).toThrow('longer than it can be');
  });
});

describe('listpacks', () => {
  test('have the entries that were put in, of the size that they are known to take', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 40 }), (values) => {
        const bytes = encodeListpack(values);
        expect(decodeListpack(bytes)).toEqual(values);
        expect(decodeListpackEntries(bytes).map(String)).toEqual(values);
        expect(bytes.length).toBe(values.reduce((sum, value) => sum + listpackEntryBytes(value), 7));
      }),
      settings,
    );
  });

  test.each([126, 127, 128, 4090, 4095, 4096, 16377, 16378, 16380, 2097144, 2097150])(
    'have an entry of %d bytes',
    (length) => {
      const value = 'x'.repeat(length);
      const bytes = encodeListpack([value, 'y']);
      expect(bytes.length).toBe(7 + listpackEntryBytes(value) + 3);
      expect(decodeListpack(bytes)).toEqual([value, 'y']);
    },
  );

  test('hold integers of any size', () => {
    const edges = [7, 12, 15, 23, 31, 53, 63].flatMap((bits) => {
      const edge = 2n ** BigInt(bits);
      return [edge - 1n, edge, -edge, -edge - 1n].filter((value) => BigInt.asIntN(64, value) === value);
    });
    const integers = edges.map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
    expect(decodeListpackEntries(encodeListpack(integers))).toEqual(integers);
    expect(toHex(encodeListpack(integers))).toBe(toHex(encodeListpack(integers.map(String))));
  });

  test('of more entries than they can count', () => {
    const values = Array.from({ length: 70_000 }, (_, at) => String(at));
    const bytes = encodeListpack(values);
    expect(toHex(bytes.subarray(4, 6))).toBe('ffff');
    expect(decodeListpack(bytes)).toEqual(values);
  });
});

test('intsets', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { minLength: 1 }),
      (integers) => {
        const members = integers.map(String).sort(compareIntegerMembers);
        expect(decodeIntset(encodeIntset(members))).toEqual(members);
      },
    ),
    settings,
  );
});
