import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise } from '../../../src/structures/vector-sets/quantisation.ts';
import { newGraph, plainSimilarity, QUANTISATIONS, seededRandom, uniformVectors } from './support.ts';

const SEED = 20_260_811;
const never = () => 0.99;

const component = fc.oneof(
  fc.float({ min: -10, max: 10, noNaN: true }),
  fc.constantFrom(0, -0, 1, -1, 127, 0.5, -0.5),
);
const pairOfVectors = fc.integer({ min: 1, max: 70 }).chain((dimension) =>
  fc.tuple(
    fc.float32Array({ minLength: dimension, maxLength: dimension, noNaN: true, min: -10, max: 10 }),
    fc.array(component, { minLength: dimension, maxLength: dimension }).map((all) => Float32Array.from(all)),
  ),
);

describe('normalising', () => {
  it('makes the length 1 and tells what it was', () => {
    const vector = new Float32Array([3, 4]);
    expect(normalise(vector)).toBe(5);
    expect([...vector]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
  });

  it('leaves all zeros alone, of length 1', () => {
    const vector = new Float32Array(9);
    expect(normalise(vector)).toBe(1);
    expect(vector.every((each) => each === 0)).toBe(true);
  });
});

describe.each(QUANTISATIONS)('vectors as %s', (quantisation) => {
  it('are as similar as the definition says', () => {
    fc.assert(
      fc.property(pairOfVectors, ([one, other]) => {
        // Squares of what is smaller than this are too small for 32 bits, where the length is lost.
        fc.pre([...one, ...other].every((each) => each === 0 || Math.abs(each) > 1e-15));
        const graph = newGraph(one.length, quantisation, never);
        graph.insert('one', one, 10);
        const [found] = graph.searchExact(other, { count: 1 });
        const expected = plainSimilarity(one, other, quantisation);
        // A component may be just between two bytes, where rounding it to 32 bits first decides.
        expect(Math.abs(found!.similarity - expected)).toBeLessThan(quantisation === 'int8' ? 0.01 : 1e-5);
      }),
      { seed: SEED, numRuns: 150 },
    );
  });

  it('come back in their length, as far as they are known', () => {
    const random = seededRandom(SEED);
    for (const dimension of [1, 2, 7, 8, 9, 31, 32, 33, 63, 64, 65, 300]) {
      const vector = uniformVectors(dimension, random)();
      const graph = newGraph(dimension, quantisation, never);
      const back = graph.vectorOf(graph.insert('one', vector, 10));
      const range = Math.max(...vector.map(Math.abs));
      const error = { f32: 1e-6 * range, int8: range / 253, bin: 0 }[quantisation];
      vector.forEach((each, at) => {
        const expected = quantisation === 'bin' ? (each > 0 ? 1 : -1) : each;
        expect(Math.abs(back[at]! - expected)).toBeLessThanOrEqual(error);
      });
    }
  });

  it('of zeros are as similar to anything as what is at a right angle, but for signs', () => {
    const graph = newGraph(3, quantisation, never);
    graph.insert('zero', new Float32Array(3), 10);
    const [found] = graph.search(new Float32Array([1, -1, 1]), { count: 1, ef: 10 });
    expect(found!.similarity).toBeCloseTo(quantisation === 'bin' ? 1 / 3 : 0.5, 6);
    expect(graph.rawOf(found!.node).norm).toBe(1);
    expect([...graph.vectorOf(found!.node)]).toEqual(quantisation === 'bin' ? [-1, -1, -1] : [0, 0, 0]);
  });

  it('of other lengths in the same direction are the same', () => {
    const graph = newGraph(4, quantisation, never);
    graph.insert('short', new Float32Array([1, -2, 3, 4]), 10);
    graph.insert('long', new Float32Array([1000, -2000, 3000, 4000]), 10);
    for (const { similarity } of graph.search(new Float32Array([0.1, -0.2, 0.3, 0.4]), {
      count: 2,
      ef: 10,
    })) {
      expect(similarity).toBeCloseTo(1, 2);
    }
  });
});

describe('what is kept', () => {
  it('is, of int8, bytes and a range', () => {
    const graph = newGraph(4, 'int8', never);
    const raw = graph.rawOf(graph.insert('x', new Float32Array([0.1, 1, -1, 0.5]), 10));
    expect([...new Int8Array(raw.bytes.buffer)]).toEqual([13, 127, -127, 64]);
    expect(raw.norm).toBeCloseTo(Math.sqrt(2.26), 6);
    expect(raw.range).toBeCloseTo(1 / Math.sqrt(2.26), 6);
  });

  it('is, of f32, little-endian floats of a vector of length 1', () => {
    const graph = newGraph(2, 'f32', never);
    const raw = graph.rawOf(graph.insert('x', new Float32Array([3, 4]), 10));
    const view = new DataView(raw.bytes.buffer);
    expect([view.getFloat32(0, true), view.getFloat32(4, true)]).toEqual([
      Math.fround(0.6),
      Math.fround(0.8),
    ]);
    expect(raw).toMatchObject({ norm: 5, range: undefined });
  });

  it('is, of bin, a bit for each component, in words of 64', () => {
    const graph = newGraph(66, 'bin', never);
    const vector = new Float32Array(66).fill(-1);
    for (const at of [0, 9, 63, 65]) vector[at] = 2;
    const raw = graph.rawOf(graph.insert('x', vector, 10));
    expect([...raw.bytes]).toEqual([1, 2, 0, 0, 0, 0, 0, 128, 2, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe('similarities of int8', () => {
  it('of the extremes are exact, without overflow', () => {
    for (const dimension of [512, 65_536]) {
      const graph = newGraph(dimension, 'int8', never);
      const ones = new Float32Array(dimension).fill(1);
      graph.insert('same', ones, 10);
      graph.insert(
        'opposite',
        ones.map((each) => -each),
        10,
      );
      graph.insert(
        'across',
        ones.map((each, at) => (at % 2 === 0 ? each : -each)),
        10,
      );
      const found = graph.search(ones, { count: 3, ef: 10 });
      expect(found.map(({ node }) => node.name)).toEqual(['same', 'across', 'opposite']);
      for (const [at, expected] of [1, 0.5, 0].entries())
        expect(found[at]!.similarity).toBeCloseTo(expected, 4);
    }
  });
});
