import { describe, expect, it } from 'vitest';
import {
  LISTPACK_OVERHEAD_BYTES,
  listpackBytes,
  listpackEntryBytes,
} from '../../src/structures/listpack-size.ts';
import { QuickList } from '../../src/structures/lists/quick-list.ts';

// The sizes were observed on redis-server 7.0.15: DEBUG OBJECT of a list of one element, less the 7 bytes of overhead.
const OBSERVED: [string, number][] = [
  ['', 2],
  ['a', 3],
  ['é', 4],
  ['😀', 6],
  ['0', 2],
  ['-0', 4],
  ['00', 4],
  ['01', 4],
  ['+1', 4],
  ['1', 2],
  ['127', 2],
  ['128', 3],
  ['-1', 3],
  ['4095', 3],
  ['4096', 4],
  ['-4096', 3],
  ['-4097', 4],
  ['32767', 4],
  ['32768', 5],
  ['-32768', 4],
  ['-32769', 5],
  ['8388607', 5],
  ['8388608', 6],
  ['-8388608', 5],
  ['-8388609', 6],
  ['2147483647', 6],
  ['2147483648', 10],
  ['-2147483648', 6],
  ['-2147483649', 10],
  ['9007199254740993', 10],
  ['9223372036854775807', 10],
  ['9223372036854775808', 21],
  ['-9223372036854775808', 10],
  ['-9223372036854775809', 22],
  ['12345678901234567890', 22],
  ['-', 3],
  ['1.5', 5],
  ['1e3', 5],
  [' 1', 4],
];

describe('the size of a listpack', () => {
  it.each(OBSERVED)('counts the entry of %j as Redis does: %i bytes', (value, bytes) => {
    expect(listpackEntryBytes(value)).toBe(bytes);
  });

  it.each([
    [63, 65],
    [64, 67],
    [125, 128],
    [126, 130],
    [4095, 4099],
    [4096, 4103],
  ])('counts text of %i bytes as Redis does: %i bytes', (length, bytes) => {
    expect(listpackEntryBytes('x'.repeat(length))).toBe(bytes);
  });

  it('is that of the entries and the overhead', () => {
    const list = new QuickList();
    expect(listpackBytes(list, 8192)).toBe(LISTPACK_OVERHEAD_BYTES);
    for (const value of ['a', '1', '300']) list.pushTail(value);
    expect(listpackBytes(list, 8192)).toBe(LISTPACK_OVERHEAD_BYTES + 3 + 2 + 3);
  });

  it('is not counted to the end once it exceeds the limit', () => {
    const list = new QuickList();
    for (let index = 0; index < 5000; index++) list.pushTail('abc');
    expect(listpackBytes(list, 100)).toBe(102);
  });
});
