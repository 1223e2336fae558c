import { describe, expect, test } from 'vitest';
import { fromBytes } from '../../../src/bytes/byte-string.ts';
import { Store } from '../../../src/store.ts';
import { RawString } from '../../../src/structures/strings/raw-string.ts';
import { STRING } from '../../../src/structures/strings/string-value.ts';

describe('the memory a string takes', () => {
  test('is that of its text', () => {
    expect(STRING.heapBytes('x'.repeat(100))).toBe(16 + 104);
    expect(STRING.heapBytes('漢'.repeat(100))).toBe(16 + 200);
    expect(STRING.heapBytes('')).toBe(0);
  });

  test('is, edited in place, that of its buffer with what is spare', () => {
    const raw = RawString.from('x'.repeat(100));
    const before = STRING.heapBytes(raw);
    raw.append('y');
    expect(raw.length).toBe(101);
    expect(STRING.heapBytes(raw)).toBe(before + 102);
    raw.append('z');
    expect(STRING.heapBytes(raw)).toBe(before + 102);
    raw.checkInvariants();
  });
});

describe('a string of bytes', () => {
  const blob = Uint8Array.from({ length: 200 }, (_, at) => (at * 7) & 255);

  test('is the same as what stands for the same bytes, and as nothing else', () => {
    const raw = RawString.madeOfBytes(blob.slice());
    expect(raw.equals(fromBytes(blob))).toBe(true);
    for (const at of [0, 100, 199]) {
      const other = blob.slice();
      other[at]! ^= 1;
      expect(raw.equals(fromBytes(other))).toBe(false);
    }
    expect(raw.equals(fromBytes(blob.subarray(0, 199)))).toBe(false);
    expect(raw.equals('')).toBe(false);
    raw.append('ключ');
    expect(raw.equals(fromBytes(blob))).toBe(false);
    expect(raw.equals(raw.toByteString())).toBe(true);
    raw.cut(200);
    // What is spare behind it does not count.
    expect(raw.equals(fromBytes(blob))).toBe(true);
    raw.checkInvariants();
  });

  test('is compared as such by SET and DELEX', () => {
    const store = new Store();
    const other = blob.slice();
    other[150]! ^= 128;
    store.set('key', blob);
    expect(store.set('key', 'x', { ifeq: other })).toBeNull();
    expect(store.set('key', 'x', { ifne: blob })).toBeNull();
    expect(store.set('key', other, { ifeq: blob })).toBe('OK');
    expect(store.delex('key', { ifeq: blob })).toBe(0);
    expect(store.delex('key', { ifeq: other })).toBe(1);
  });
});
