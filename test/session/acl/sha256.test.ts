import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBytes } from '../../../src/bytes/byte-string.ts';
import { sha256Hex } from '../../../src/session/acl/sha256.ts';

// The examples that NIST publishes with FIPS 180-4.
test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
])('a published vector', (text, digest) => {
  expect(sha256Hex(text)).toBe(digest);
});

test('any bytes, around the sizes of blocks', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(sha256Hex(fromBytes(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'));
    }),
    { seed: 7, numRuns: 300 },
  );
});
