import { type ByteString, toBytes } from '../../../src/bytes/byte-string.ts';
import { parseInteger } from '../../../src/numbers/integer.ts';
import { ByteWriter } from '../../../src/persistence/rdb/byte-writer.ts';
import { encodeListpack } from '../../../src/persistence/rdb/listpack.ts';

/** Writers of forms that only older or newer servers write, for the tests of what reads them. */

/** Bytes one after the other: of strings, their bytes; of numbers, themselves. */
export function bytesOf(...parts: (number | string | Uint8Array)[]): Uint8Array {
  const writer = new ByteWriter();
  for (const part of parts) {
    if (typeof part === 'number') writer.writeByte(part);
    else writer.writeBytes(typeof part === 'string' ? toBytes(part) : part);
  }
  return writer.take();
}

/** A string of up to 2^32 bytes, in the plainest way. */
export function plainString(value: ByteString | Uint8Array): Uint8Array {
  const bytes = typeof value === 'string' ? toBytes(value) : value;
  return bytesOf(plainLength(bytes.length), bytes);
}

/** A length, in four bytes whatever it is. */
export function plainLength(length: number): Uint8Array {
  return bytesOf(0x80, length >>> 24, length >>> 16, length >>> 8, length);
}

export function uint32(value: number): Uint8Array {
  return bytesOf(value, value >>> 8, value >>> 16, value >>> 24);
}

export function uint64(value: number | bigint): Uint8Array {
  const big = BigInt(value);
  return bytesOf(uint32(Number(BigInt.asIntN(32, big))), uint32(Number(BigInt.asIntN(32, big >> 32n))));
}

export function ziplist(values: readonly ByteString[]): Uint8Array {
  const entries: Uint8Array[] = [];
  let before = 0;
  let tail = 10;
  let end = 10;
  for (const value of values) {
    const entry = bytesOf(before < 254 ? before : bytesOf(254, uint32(before)), ziplistContent(value));
    entries.push(entry);
    tail = end;
    end += entry.length;
    before = entry.length;
  }
  const count = Math.min(values.length, 65535);
  return bytesOf(uint32(end + 1), uint32(tail), count, count >> 8, ...entries, 255);
}

function ziplistContent(value: ByteString): Uint8Array {
  const integer = parseInteger(value);
  if (integer !== undefined) {
    if (integer >= 0 && integer <= 12) return bytesOf(0xf1 + Number(integer));
    if (integer >= -128 && integer <= 127) return bytesOf(0xfe, Number(integer));
    if (integer >= -32768 && integer <= 32767) return bytesOf(0xc0, uint32(Number(integer)).subarray(0, 2));
    if (integer >= -8388608 && integer <= 8388607)
      return bytesOf(0xf0, uint32(Number(integer)).subarray(0, 3));
    if (integer >= -(2 ** 31) && integer < 2 ** 31) return bytesOf(0xd0, uint32(Number(integer)));
    return bytesOf(0xe0, uint64(integer));
  }
  const bytes = toBytes(value);
  const length = bytes.length;
  if (length < 64) return bytesOf(length, bytes);
  if (length < 16384) return bytesOf(0x40 | (length >> 8), length, bytes);
  return bytesOf(0x80, length >>> 24, length >>> 16, length >>> 8, length, bytes);
}

/** Of fields and values; each value leaves so many bytes free. */
export function zipmap(values: readonly ByteString[], free = 0): Uint8Array {
  const parts: (number | Uint8Array)[] = [Math.min(values.length / 2, 254)];
  values.forEach((value, at) => {
    const bytes = toBytes(value);
    parts.push(bytes.length < 254 ? bytes.length : bytesOf(254, uint32(bytes.length)));
    if (at % 2 === 1) parts.push(free);
    parts.push(bytes);
    if (at % 2 === 1) parts.push(new Uint8Array(free));
  });
  return bytesOf(...parts, 255);
}

const SMALL: ByteString[] = [
  'name',
  'Ada',
  'age',
  '36',
  'year',
  '-1815',
  'empty',
  '',
  'far',
  '9223372036854775807',
];
const SIZES: ByteString[] = [
  ...['0', '12', '13', '-1', '127', '-128', '128', '32767', '-32768', '32768', '8388607', '-8388608'],
  ...['8388608', '2147483647', '-2147483648', '2147483648', '-9223372036854775808', '007', '-0'],
  ...['a'.repeat(63), 'b'.repeat(64), 'c'.repeat(253), 'd'.repeat(254), 'e'.repeat(4095), 'f'.repeat(4096)],
  ...['g'.repeat(16383), 'h'.repeat(16384), '\udcff\udc80', 'é'],
];
const FIELDS: ByteString[] = SIZES.flatMap((value, at) => [`field ${at}`, value]);
const SCORED: ByteString[] = ['a', '-2', 'b', '1', 'c', '1.5', 'd', '1.5', 'e', '70000', 'f', 'inf'];

function pairs(values: readonly ByteString[]): Uint8Array {
  return bytesOf(plainLength(values.length / 2), ...values.map(plainString));
}

/** Forms that 7.0 reads: type byte and value. */
export const KNOWN_TO_7_0: Readonly<Record<string, Uint8Array>> = {
  'a list, element by element': bytesOf(1, plainLength(SIZES.length), ...SIZES.map(plainString)),
  'a small list, element by element': bytesOf(1, 3, ...['x', 'y', '5'].map(plainString)),
  'a list that is a ziplist': bytesOf(10, plainString(ziplist(SIZES))),
  'a small list that is a ziplist': bytesOf(10, plainString(ziplist(['x', 'y', '5']))),
  'a list of one ziplist': bytesOf(14, 1, plainString(ziplist(['x', 'y', '5']))),
  'a list of ziplists': bytesOf(14, 3, ...[SMALL, [], SIZES].map((node) => plainString(ziplist(node)))),
  'a list of listpacks and plain nodes': bytesOf(
    ...[18, 4, 2, plainString(encodeListpack(SMALL)), 1, plainString('on its own')],
    ...[2, plainString(encodeListpack([])), 2, plainString(encodeListpack(SIZES))],
  ),
  'a list of one plain node': bytesOf(18, 1, 1, plainString('on its own')),
  'a list of a number that is a plain node': bytesOf(18, 1, 1, 0xc0, 7),
  'a set of integers, one by one': bytesOf(2, 3, ...['7', '3', '5'].map(plainString)),
  'a set of integers and others': bytesOf(2, 4, ...['7', '3', 'x', '5'].map(plainString)),
  'a sorted set in digits': bytesOf(
    ...[3, 5, plainString('a'), 3, '1.5', plainString('b'), 254, plainString('c'), 255],
    ...[plainString('d'), 7, '1.5e300', plainString('e'), 2, '-0'],
  ),
  'a sorted set that is a ziplist': bytesOf(12, plainString(ziplist(SCORED))),
  'a sorted set in binary': bytesOf(
    5,
    2,
    plainString('b'),
    new Uint8Array(8),
    plainString('a'),
    new Uint8Array(8),
  ),
  'a hash, field by field': bytesOf(4, pairs(FIELDS)),
  'a small hash, field by field': bytesOf(4, pairs(SMALL)),
  'a hash that is a zipmap': bytesOf(9, plainString(zipmap(SMALL))),
  'a hash that is a zipmap with room': bytesOf(9, plainString(zipmap(SMALL, 3))),
  'a hash that is a zipmap with long values': bytesOf(9, plainString(zipmap(FIELDS))),
  'a hash that is a ziplist': bytesOf(13, plainString(ziplist(SMALL))),
  'a hash that is a ziplist of long values': bytesOf(13, plainString(ziplist(FIELDS))),
  'a hash that is a listpack of long values': bytesOf(16, plainString(encodeListpack(FIELDS))),
  'a listpack that does not know its size': bytesOf(16, plainString(withoutCount(encodeListpack(SMALL)))),
  'a string that is compressed': bytesOf(0, 0xc3, 6, 21, 1, 'aa', 0xe0, 10, 0),
  'a length in 64 bits': bytesOf(0, 0x81, bigEndian(3), 'abc'),
};

function withoutCount(listpack: Uint8Array): Uint8Array {
  listpack.set([255, 255], 4);
  return listpack;
}

/** When the fields below expire. */
export const AT_MS = 4_000_000_000_000;

/** Forms that 7.0 does not know. */
export const NEWER: Readonly<Record<string, Uint8Array>> = {
  'a set that is a listpack': bytesOf(20, plainString(encodeListpack(['x', '5', 'y']))),
  'values by a template, in listpacks': bytesOf(
    ...[29, 0, plainString(encodeListpack(['age', 'name'])), plainString(encodeListpack([7, '36', 'Ada']))],
  ),
  'values in a listpack by a template': bytesOf(
    ...[29, 1, 2, plainString('age'), plainString('name'), plainString(encodeListpack([7, '36', 'Ada']))],
  ),
  'values by a template': bytesOf(31, 1, 2, ...['age', 'name', '36', 'Ada'].map(plainString)),
  'values by a template in a listpack': bytesOf(
    ...[31, 0, plainString(encodeListpack(['age', 'name'])), 0xc0, 36, plainString('Ada')],
  ),
  'fields with times, before 7.4': bytesOf(
    ...[22, 3, 0x81, bigEndian(AT_MS + 5), plainString('a'), plainString('1')],
    ...[0, plainString('b'), plainString('2'), 0x81, bigEndian(AT_MS), plainString('c'), plainString('3')],
  ),
  'a listpack with times, before 7.4': bytesOf(
    ...[23, plainString(encodeListpack(['c', '3', AT_MS, 'a', '1', AT_MS + 5, 'b', '2', 0]))],
  ),
  'fields with times': bytesOf(
    ...[24, uint64(AT_MS), 3, 6, plainString('a'), plainString('1')],
    ...[0, plainString('b'), plainString('2'), 1, plainString('c'), plainString('3')],
  ),
  'a listpack with times': bytesOf(
    ...[25, uint64(AT_MS), plainString(encodeListpack(['c', '3', AT_MS, 'a', '1', AT_MS + 5, 'b', '2', 0]))],
  ),
};

function bigEndian(value: number): Uint8Array {
  return uint64(value).reverse();
}
