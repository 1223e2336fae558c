import { describe, expect, it } from 'vitest';
import { Projection } from '../../../src/structures/vector-sets/projection.ts';
import { cosine, gaussian, seededRandom, uniformVectors } from './support.ts';

/** The definition, element by element. */
function sign(row: number, column: number): number {
  let bits = 0;
  for (let both = row & column; both > 0; both >>>= 1) bits += both & 1;
  return bits % 2 === 0 ? 1 : -1;
}

describe('a projection', () => {
  it('multiplies by a corner of the Hadamard matrix', () => {
    for (const [input, output] of [
      [1, 1],
      [5, 3],
      [8, 8],
      [300, 100],
      [3, 40],
    ] as const) {
      const matrix = Projection.create(input, output).matrix();
      const scale = Math.fround(1 / Math.sqrt(input));
      expect(matrix).toHaveLength(input * output);
      matrix.forEach((element, at) => {
        if (element !== sign(Math.floor(at / input), at % input) * scale) expect.fail(`element ${at}`);
      });
    }
  });

  it('gives the products of rows and vector', () => {
    const random = seededRandom(5);
    const projection = Projection.create(77, 20);
    const matrix = projection.matrix();
    const vector = uniformVectors(77, random)();
    const projected = projection.project(vector);
    expect(projected).toHaveLength(20);
    projected.forEach((component, row) => {
      const products = vector.map((each, at) => each * matrix[row * 77 + at]!);
      expect(component).toBeCloseTo(
        products.reduce((sum, each) => sum + each, 0),
        4,
      );
    });
  });

  it('keeps angles about as they are', () => {
    const random = seededRandom(6);
    const projection = Projection.create(256, 128);
    let worst = 0;
    for (let round = 0; round < 50; round++) {
      const one = uniformVectors(256, random)();
      const other = one.map((component) => component + gaussian(random) * round * 0.05);
      const projected = cosine(projection.project(one), projection.project(other));
      worst = Math.max(worst, Math.abs(projected - cosine(one, other)));
    }
    expect(worst).toBeLessThan(0.25);
  });

  it('is the same again when it was restored, and keeps another matrix that was', () => {
    const vector = new Float32Array([1, 2, 3]);
    const usual = Projection.create(3, 2);
    const restored = Projection.fromMatrix(3, 2, usual.matrix());
    expect(restored.project(vector)).toEqual(usual.project(vector));
    expect(restored.matrix()).toEqual(usual.matrix());

    const given = new Float32Array([1, 0, 0, 0, 0.5, 2]);
    const other = Projection.fromMatrix(3, 2, given);
    expect([...other.project(vector)]).toEqual([1, 7]);
    given.fill(9);
    other.matrix().fill(9);
    expect([...other.matrix()]).toEqual([1, 0, 0, 0, 0.5, 2]);
  });

  it('refuses what is none', () => {
    expect(() => Projection.create(0, 1)).toThrow(RangeError);
    expect(() => Projection.create(2, 1.5)).toThrow(RangeError);
    expect(() => Projection.fromMatrix(2, 2, new Float32Array(3))).toThrow(RangeError);
    expect(() => Projection.fromMatrix(1, 1, new Float32Array([Number.NaN]))).toThrow(RangeError);
    expect(() => Projection.create(3, 2).project(new Float32Array(2))).toThrow(RangeError);
  });
});
