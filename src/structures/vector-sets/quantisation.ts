/**
 * How a vector is kept: `f32` as it is, `int8` as a byte for each component and the vector's own range, `bin` as the
 * signs alone. The names are those that VINFO prints.
 */
export type Quantisation = 'f32' | 'int8' | 'bin';

/** A vector as it is kept, apart from any graph. */
export interface RawVector {
  /** Little-endian floats; or signed bytes; or bits, the first component lowest, filled up to whole words of 64. */
  readonly bytes: Uint8Array;
  /** The length of the vector that was given; 1 if that was all zeros. */
  readonly norm: number;
  /** The greatest absolute component, which the byte 127 stands for: of `int8` alone. */
  readonly range: number | undefined;
}

/**
 * What no component of a normalised vector reaches, not even where its length was so small that squares of 32 bits were
 * rounded by much. Greater ones would lead to distances that are no numbers.
 */
export const BEYOND_COMPONENTS = 2;

/** How many bytes {@link RawVector.bytes} has. */
export function rawByteLength(dimension: number, quantisation: Quantisation): number {
  if (quantisation === 'f32') return dimension * 4;
  return quantisation === 'int8' ? dimension : Math.ceil(dimension / 64) * 8;
}

const { fround } = Math;

/**
 * Makes the vector one of length 1, in place, and returns the length it had; of all zeros nothing is changed, and 1
 * returned. Sums are rounded to 32 bits at every step, as Redis does it, so that the same bytes are kept. O(dimension).
 */
export function normalise(vector: Float32Array): number {
  let sum = 0;
  let at = 0;
  for (; at + 3 < vector.length; at += 4) {
    const first = fround(vector[at]! * vector[at]!);
    const second = fround(vector[at + 1]! * vector[at + 1]!);
    const third = fround(vector[at + 2]! * vector[at + 2]!);
    const fourth = fround(vector[at + 3]! * vector[at + 3]!);
    sum = fround(sum + fround(fround(fround(first + second) + third) + fourth));
  }
  for (; at < vector.length; at++) sum = fround(sum + fround(vector[at]! * vector[at]!));
  if (sum === 0) return 1;
  const norm = fround(Math.sqrt(sum));
  for (let each = 0; each < vector.length; each++) vector[each] = vector[each]! / norm;
  return norm;
}
