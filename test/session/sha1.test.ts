import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha1 } from '../../src/session/debug/sha1.ts';

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe('SHA-1', () => {
  test('the published vectors', () => {
    const digestOf = (text: string) => hex(sha1(new TextEncoder().encode(text)));
    expect(digestOf('')).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709');
    expect(digestOf('abc')).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
    expect(digestOf('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')).toBe(
      '84983e441c3bd26ebaae4aa1f95129e5e54670f1',
    );
    expect(digestOf('a'.repeat(1_000_000))).toBe('34aa973cd4c4daa4f61eeb2bdbad27316534016f');
  });

  test('any bytes, of all lengths around a block', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(hex(sha1(bytes))).toBe(createHash('sha1').update(bytes).digest('hex'));
      }),
      { seed: 20_260_101, numRuns: 300 },
    );
  });
});
