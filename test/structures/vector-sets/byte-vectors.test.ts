import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteVectors } from '../../../src/structures/vector-sets/byte-vectors.ts';

const { fround } = Math;
const seed = 20267;

/** Vectors as their bytes, of one dimension; those of -128, which only a restored vector has, among them. */
const rows = fc.integer({ min: 1, max: 19 }).chain((dimension) =>
  fc.array(
    fc.array(fc.oneof(fc.integer({ min: -128, max: 127 }), fc.constantFrom(-128, -127, 127)), {
      minLength: dimension,
      maxLength: dimension,
    }),
    { minLength: 2, maxLength: 5 },
  ),
);

test('distances are those of exact sums of products, whatever the bytes', () => {
  fc.assert(
    fc.property(rows, (vectors) => {
      const dimension = vectors[0]!.length;
      const range = fround(1 / Math.sqrt(dimension));
      const kept = new ByteVectors(dimension);
      vectors.forEach((bytes, slot) => {
        expect(kept.putRaw(slot, { bytes: Uint8Array.from(bytes), range, norm: 1 })).toBe(true);
      });
      const scale = fround(range / 127);
      vectors.forEach((first, slot) => {
        const query = kept.queryAt(slot);
        vectors.forEach((second, other) => {
          const dot = first.reduce((sum, byte, at) => sum + byte * second[at]!, 0);
          const distance = fround(1 - fround(fround(dot) * fround(scale * scale)));
          const expected = Math.max(0, Math.min(2, distance));
          expect(kept.distance(query, other)).toBe(expected);
          expect(kept.distanceBetween(slot, other)).toBe(expected);
        });
      });
    }),
    { seed, numRuns: 500 },
  );
});
