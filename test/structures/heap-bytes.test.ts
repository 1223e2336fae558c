import { describe, expect, test } from 'vitest';
import { pushedSlots } from '../../src/bytes/heap-bytes.ts';
import { textBytes } from '../../src/bytes/text-bytes.ts';
import { SparseArray } from '../../src/structures/arrays/sparse-array.ts';
import { VectorGraph } from '../../src/structures/vector-sets/vector-graph.ts';
import { VectorSet } from '../../src/structures/vector-sets/vector-set.ts';
import { seededRandom } from './vector-sets/support.ts';

// What containers say they take, where it can be told exactly by how much that has to change.

const LIMITS = { arraySliceSize: 4096, arraySparseKmax: 10, arraySparseKmin: 5 };

test('an array that grows by pushing has room for what is in it, and not for twice as much and more', () => {
  expect(pushedSlots(0)).toBe(0);
  let before = 0;
  for (let length = 1; length < 5000; length++) {
    const slots = pushedSlots(length);
    expect(slots).toBeGreaterThanOrEqual(Math.max(length, before));
    expect(slots).toBeLessThanOrEqual(length * 1.5 + 17);
    before = slots;
  }
});

describe('an array', () => {
  test('takes nothing besides the slot for a small integer, and the text for everything else', () => {
    const array = new SparseArray(LIMITS);
    array.set(0, '1', LIMITS);
    const one = array.heapBytes;
    array.set(0, '999999999', LIMITS);
    expect(array.heapBytes).toBe(one);
    const text = 'x'.repeat(1000);
    array.set(0, text, LIMITS);
    expect(array.heapBytes).toBe(one + textBytes(text));
    array.set(0, '2', LIMITS);
    expect(array.heapBytes).toBe(one);
  });

  test('that is emptied takes what it took when it was empty', () => {
    const array = new SparseArray(LIMITS);
    const empty = array.heapBytes;
    for (let at = 0; at < 1000; at++) array.set(at * 1000, `value ${at}`, LIMITS);
    expect(array.heapBytes).toBeGreaterThan(empty + 1000 * textBytes('value 1'));
    array.deleteRange(0, 2n ** 64n - 2n, LIMITS);
    expect(array.heapBytes).toBe(empty);
  });
});

describe('a vector set', () => {
  const options = { inputDimension: 100, reduce: undefined, maxLinks: 16, numbers: { next: 0 } };
  const vectors = (count: number) =>
    Array.from({ length: count }, (_, at) => Float32Array.from({ length: 100 }, (__, i) => Math.sin(at + i)));

  test.each([
    ['f32', 400],
    ['int8', 104],
    ['bin', 16],
  ] as const)('takes the bytes of its vectors, %s', (quantisation, vectorBytes) => {
    const set = VectorSet.create({ ...options, quantisation, random: seededRandom(1) });
    vectors(64).forEach((vector, at) => {
      set.put(`element ${at}`, vector, 10);
    });
    const links = 4 * 33;
    const least = 64 * (vectorBytes + links + textBytes('element 10'));
    expect(set.heapBytes).toBeGreaterThan(least);
    expect(set.heapBytes).toBeLessThan(least + 64 * 350);
    set.checkInvariants();
  });

  test('takes the text of attributes, until they are taken away', () => {
    const set = VectorSet.create({ ...options, quantisation: 'f32', random: seededRandom(1) });
    const attributes = JSON.stringify({ about: 'x'.repeat(500) });
    set.put('element', vectors(1)[0]!, 10);
    const before = set.heapBytes;
    const node = set.graph.get('element')!;
    set.setAttributes(node, attributes);
    expect(set.heapBytes).toBe(before + textBytes(attributes));
    set.setAttributes(node, '');
    expect(set.heapBytes).toBe(before);
  });

  test('with very many links takes what they take', () => {
    const many = { dimension: 100, quantisation: 'f32', maxLinks: 200, random: seededRandom(2) } as const;
    const graph = new VectorGraph(many);
    vectors(120).forEach((vector, at) => {
      graph.insert(`element ${at}`, vector, 100);
    });
    graph.checkInvariants();
    expect(graph.clone().heapBytes).toBe(graph.heapBytes);
  });
});
