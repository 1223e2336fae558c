import { describe, expect, test } from 'vitest';
import { fromBytes } from '../../../src/bytes/byte-string.ts';
import { digest, xxh3 } from '../../../src/structures/strings/xxh3.ts';
import { xxh3Vectors } from '../../fixtures/xxh3-vectors.ts';

function counting(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index & 0xff);
}

describe('XXH3', () => {
  test('agrees with the reference library at every length class and its edges', () => {
    for (const [length, hash] of xxh3Vectors) expect(digest(counting(length)), `length ${length}`).toBe(hash);
  });

  test('agrees with the digests that documentation shows', () => {
    expect(digest('Hello world')).toBe('b6acb9d84a38ff74');
    expect(digest('foo')).toBe('ab6e5f64077e7d8a');
    expect(digest('test')).toBe('9ec9f7918d7dfc40');
    expect(digest('Hello, World!')).toBe('60415d5f616602aa');
    expect(digest('The quick brown fox jumps over the lazy dog')).toBe('ce7d19a5418fb365');
    expect(digest('Hello, Dragonfly!')).toBe('063b4909128e92b7');
  });

  test('hashes the bytes that a byte string stands for, wherever they lie in their buffer', () => {
    for (const length of [3, 8, 16, 100, 200, 300, 1500]) {
      const bytes = counting(length);
      const shifted = new Uint8Array(length + 3);
      shifted.set(bytes, 3);
      expect(digest(fromBytes(bytes))).toBe(digest(bytes));
      expect(digest(shifted.subarray(3))).toBe(digest(bytes));
    }
    expect(digest('é')).toBe(digest(Uint8Array.of(0xc3, 0xa9)));
  });

  test('shows sixteen digits even where the hash begins with zeros', () => {
    let text = 0;
    while (xxh3(counting(4 + (text % 5)).map((byte) => byte + text)) >> 60n !== 0n) text++;
    const bytes = counting(4 + (text % 5)).map((byte) => byte + text);
    expect(digest(bytes)).toMatch(/^0[0-9a-f]{15}$/);
    expect(BigInt(`0x${digest(bytes)}`)).toBe(xxh3(bytes));
  });
});
