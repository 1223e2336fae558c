import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VectorGraph } from '../../../src/structures/vector-sets/vector-graph.ts';
import {
  clusteredVectors,
  namesOf,
  newGraph,
  plainSimilarity,
  QUANTISATIONS,
  recallAtTen,
  seededRandom,
  uniformVectors,
} from './support.ts';

const SEED = 20_260_812;

function fill(graph: VectorGraph, count: number, make: () => Float32Array, ef = 200): void {
  for (let at = 0; at < count; at++) graph.insert(`e${at}`, make(), ef);
}

describe('recall at 10', () => {
  it.each([
    ['clustered', 'f32', 100, 0.99],
    ['clustered', 'int8', 100, 0.99],
    ['clustered', 'bin', 100, 0.97],
    ['uniform', 'f32', 100, 0.9],
    ['uniform', 'int8', 100, 0.9],
    ['uniform', 'int8', 400, 0.99],
    ['uniform', 'bin', 100, 0.8],
  ] as const)('of %s vectors as %s with ef %i is at least %f', (kind, quantisation, ef, least) => {
    const random = seededRandom(SEED);
    const make = kind === 'uniform' ? uniformVectors(48, random) : clusteredVectors(48, 40, 0.6, random);
    const graph = newGraph(48, quantisation, random);
    fill(graph, 1200, make, 100);
    graph.checkInvariants();
    expect(recallAtTen(graph, Array.from({ length: 40 }, make), ef)).toBeGreaterThanOrEqual(least);
  });

  it('stays after many deletions, and after many updates', () => {
    const random = seededRandom(SEED + 1);
    const make = uniformVectors(32, random);
    const queries = Array.from({ length: 60 }, make);
    const graph = newGraph(32, 'int8', random);
    fill(graph, 1600, make, 100);
    for (let at = 0; at < 1600; at++) if (at % 4 !== 0) graph.delete(`e${at}`);
    graph.checkInvariants();
    expect(graph.size).toBe(400);
    expect(recallAtTen(graph, queries, 100)).toBeGreaterThanOrEqual(0.95);
    for (let round = 0; round < 2; round++) {
      for (const node of [...graph.nodes()]) graph.update(node, make(), 100);
    }
    graph.checkInvariants();
    expect(recallAtTen(graph, queries, 100)).toBeGreaterThanOrEqual(0.95);
  });
});

describe('levels', () => {
  it('have a quarter of the nodes of the one below, about', () => {
    const random = seededRandom(SEED + 2);
    const graph = newGraph(2, 'bin', random, 4);
    fill(graph, 4000, uniformVectors(2, random), 4);
    const counts = [0, 0, 0];
    for (const { level } of graph.nodes()) for (let at = 0; at <= Math.min(level, 2); at++) counts[at]!++;
    expect(counts[1]! / counts[0]!).toBeGreaterThan(0.22);
    expect(counts[1]! / counts[0]!).toBeLessThan(0.28);
    expect(counts[2]! / counts[1]!).toBeGreaterThan(0.2);
    expect(counts[2]! / counts[1]!).toBeLessThan(0.3);
    expect(graph.maxLevel).toBe(Math.max(...[...graph.nodes()].map(({ level }) => level)));
  });

  it('end at 15, however the lots fall', () => {
    const graph = newGraph(1, 'f32', () => 0);
    graph.insert('a', new Float32Array([1]), 10);
    graph.insert('b', new Float32Array([2]), 10);
    expect(graph.maxLevel).toBe(15);
    graph.checkInvariants();
    graph.delete('a');
    graph.delete('b');
    expect(graph.maxLevel).toBe(0);
    graph.checkInvariants();
  });
});

type Step =
  | { kind: 'insert' | 'update' | 'delete'; name: number; vector: number }
  | { kind: 'clone' }
  | { kind: 'restore' };

const named = (kind: 'insert' | 'update' | 'delete') =>
  fc.record({ kind: fc.constant(kind), name: fc.nat({ max: 60 }), vector: fc.nat({ max: 40 }) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: named('insert') },
  { weight: 3, arbitrary: named('update') },
  { weight: 8, arbitrary: named('delete') },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'clone' }, { kind: 'restore' }) },
);

describe.each(QUANTISATIONS)('a graph of %s', (quantisation) => {
  it.each([1, 2, 9])('agrees with a plain list under any steps, in %i dimensions', (dimension) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), fc.nat(), (steps, seed) => {
        const random = seededRandom(seed);
        // Few vectors for many names: there are equal ones, and the last few are of zeros.
        const make = uniformVectors(dimension, random);
        const vectors = Array.from({ length: 41 }, (_, at) =>
          at > 37 ? new Float32Array(dimension) : make(),
        );
        let graph = newGraph(dimension, quantisation, random, 4);
        const model = new Map<string, Float32Array>();
        const ids = new Map<string, number>();
        for (const each of steps) {
          if (each.kind === 'clone') graph = graph.clone();
          else if (each.kind === 'restore') {
            graph = restored(graph, random);
          } else {
            const name = `n${each.name}`;
            const vector = vectors[each.vector]!;
            const node = graph.get(name);
            expect(node?.id).toBe(ids.get(name));
            if (each.kind === 'delete') {
              expect(graph.delete(name)).toBe(model.delete(name));
              ids.delete(name);
            } else if (each.kind === 'insert' ? node === undefined : node !== undefined) {
              const made =
                node === undefined ? graph.insert(name, vector, 20) : graph.update(node, vector, 20);
              expect(made.id).toBe(graph.lastId);
              model.set(name, vector);
              ids.set(name, made.id);
            }
          }
        }
        graph.checkInvariants();
        expect(new Set(namesOf([...graph.nodes()].map((node) => ({ node }))))).toEqual(new Set(model.keys()));
        const query = make();
        for (const found of [
          graph.searchExact(query, { count: 100 }),
          graph.search(query, { count: 5, ef: 100 }).slice(0, 100),
        ]) {
          expect(new Set(namesOf(found)).size).toBe(found.length);
          for (const { node, similarity } of found) {
            const expected = plainSimilarity(model.get(node.name)!, query, quantisation);
            expect(Math.abs(similarity - expected)).toBeLessThan(quantisation === 'int8' ? 0.01 : 1e-5);
          }
          for (let at = 1; at < found.length; at++) {
            expect(found[at]!.similarity).toBeLessThanOrEqual(found[at - 1]!.similarity);
          }
        }
        expect(graph.searchExact(query, { count: 100 })).toHaveLength(model.size);
        expect(graph.search(query, { count: 5, ef: 1 })).toHaveLength(Math.min(5, model.size));
      }),
      { seed: SEED, numRuns: 25 },
    );
  });

  it('stays whole while nearly all of it is deleted, again and again', () => {
    const random = seededRandom(SEED + 3);
    for (const make of [uniformVectors(3, random), clusteredVectors(12, 3, 0.01, random)]) {
      const graph = newGraph(make().length, quantisation, random, 4);
      for (let round = 0; round < 4; round++) {
        for (let at = 0; at < 300; at++) {
          if (graph.get(`e${at}`) === undefined) graph.insert(`e${at}`, make(), 20);
        }
        graph.checkInvariants();
        while (graph.size > 10) {
          graph.delete(graph.randomNode(random).name);
          if (graph.size % 20 === 0) graph.checkInvariants();
        }
      }
      while (graph.size > 0) {
        graph.delete(graph.randomNode(random).name);
        graph.checkInvariants();
      }
      expect(graph.search(make(), { count: 10, ef: 10 })).toEqual([]);
    }
  });

  it('finds others beside a thousand equal ones', () => {
    const random = seededRandom(SEED + 4);
    const make = uniformVectors(16, random);
    const same = make();
    const graph = newGraph(16, quantisation, random);
    for (let at = 0; at < 1000; at++) {
      graph.insert(`same${at}`, same, 50);
      if (at % 5 === 0) graph.insert(`other${at}`, make(), 50);
    }
    graph.checkInvariants();
    expect(graph.search(same, { count: 5, ef: 20 }).every(({ node }) => node.name.startsWith('same'))).toBe(
      true,
    );
    let found = 0;
    for (let at = 0; at < 1000; at += 5) {
      const query = graph.vectorOf(graph.get(`other${at}`)!);
      const best = graph.searchExact(query, { count: 1 })[0]!.similarity;
      if (graph.search(query, { count: 1, ef: 100 })[0]!.similarity === best) found++;
    }
    expect(found).toBeGreaterThanOrEqual(165);
    for (let at = 0; at < 990; at++) graph.delete(`same${at}`);
    graph.checkInvariants();
  });
});

function restored(graph: VectorGraph, random: () => number): VectorGraph {
  const { dimension, quantisation, maxLinks } = graph;
  const parts = [...graph.nodes()].map((node) => graph.partsOf(node));
  const Graph = graph.constructor as typeof VectorGraph;
  return Graph.fromParts({ dimension, quantisation, maxLinks, random }, parts);
}

describe('a search', () => {
  const random = seededRandom(SEED + 5);
  const make = clusteredVectors(24, 20, 0.5, random);
  const graph = newGraph(24, 'int8', random);
  fill(graph, 1200, make, 100);
  const query = make();
  const isEven = ({ id }: { readonly id: number }) => id % 2 === 0;

  it('finds only what is accepted, by way of the others', () => {
    const truth = namesOf(graph.searchExact(query, { count: 20, accept: isEven }));
    expect(namesOf(graph.search(query, { count: 20, ef: 100, accept: isEven }))).toEqual(truth);
    const rare = ({ id }: { readonly id: number }) => id % 500 === 0;
    expect(namesOf(graph.search(query, { count: 10, ef: 10, accept: rare }))).toEqual(
      namesOf(graph.searchExact(query, { count: 10, accept: rare })),
    );
    expect(graph.search(query, { count: 10, ef: 10, accept: () => false })).toEqual([]);
  });

  it('goes on from no more candidates than it may', () => {
    for (const maxTested of [1, 2, 10, 100]) {
      let asked = 0;
      const accept = () => {
        asked++;
        return false;
      };
      expect(graph.search(query, { count: 10, ef: 100, accept, maxTested })).toEqual([]);
      expect(asked).toBeLessThanOrEqual(1 + maxTested * 2 * graph.maxLinks);
      expect(asked).toBeGreaterThan(1);
    }
    let asked = 0;
    const accept = () => {
      asked++;
      return false;
    };
    graph.search(query, { count: 10, ef: 100, accept, maxTested: 0 });
    expect(asked).toBe(graph.size);
  });

  it('may be within another one', () => {
    const expected = namesOf(graph.search(query, { count: 50, ef: 50 }));
    const accept = () => graph.search(make(), { count: 3, ef: 3 }).length === 3;
    expect(namesOf(graph.search(query, { count: 50, ef: 50, accept }))).toEqual(expected);
  });

  it('finds what lies just there', () => {
    for (const node of [...graph.nodes()].slice(0, 200)) {
      expect(graph.search(graph.vectorOf(node), { count: 1, ef: 20 })[0]!.node).toBe(node);
    }
  });

  it('throws when the query has another dimension', () => {
    expect(() => graph.search(new Float32Array(23), { count: 1, ef: 1 })).toThrow(RangeError);
    expect(() => graph.searchExact(new Float32Array(25), { count: 1 })).toThrow(RangeError);
  });

  it('for none finds none', () => {
    expect(graph.search(query, { count: 0, ef: 1 })).toEqual([]);
    expect(graph.searchExact(query, { count: 0 })).toEqual([]);
  });
});

describe('links', () => {
  it('are at most M on a level, twice as many on the lowest, and go both ways', () => {
    const random = seededRandom(SEED + 6);
    const graph = newGraph(8, 'f32', random, 6);
    fill(graph, 800, uniformVectors(8, random));
    for (const node of graph.nodes()) {
      const levels = graph.links(node);
      expect(levels).toHaveLength(node.level + 1);
      levels.forEach((neighbours, level) => {
        expect(neighbours.length).toBeLessThanOrEqual(level === 0 ? 12 : 6);
        for (const { node: other, similarity } of neighbours) {
          const back = graph.links(other)[level]!.find(({ node: each }) => each === node);
          expect(back?.similarity).toBe(similarity);
        }
      });
    }
  });
});

describe('nodes', () => {
  it('keep their attributes in an update, and lose them in a deletion', () => {
    const graph = newGraph(2, 'f32', () => 0.9);
    const node = graph.insert('a', new Float32Array([1, 0]), 10);
    node.attributes = '{"x":1}';
    node.parsed = { x: 1 };
    const updated = graph.update(node, new Float32Array([0, 3]), 10);
    expect(updated).toMatchObject({ name: 'a', id: 2, norm: 3, attributes: '{"x":1}', parsed: { x: 1 } });
    expect(graph.get('a')).toBe(updated);
    graph.delete('a');
    expect(graph.insert('a', new Float32Array([1, 0]), 10)).toMatchObject({ id: 3, attributes: undefined });
  });

  it('are unchanged when a vector of another dimension, or a name twice, is refused', () => {
    const graph = newGraph(2, 'f32', () => 0.9);
    const node = graph.insert('a', new Float32Array([1, 0]), 10);
    expect(() => graph.insert('b', new Float32Array(3), 10)).toThrow(RangeError);
    expect(() => graph.update(node, new Float32Array(1), 10)).toThrow(RangeError);
    expect(() => graph.insert('a', new Float32Array(2), 10)).toThrow(Error);
    expect(graph.get('a')).toBe(node);
    expect(graph.lastId).toBe(1);
    graph.checkInvariants();
  });

  it('are drawn at random, each as likely', () => {
    const random = seededRandom(SEED + 7);
    const graph = newGraph(2, 'f32', random);
    fill(graph, 20, uniformVectors(2, random));
    const draws = new Map<string, number>();
    for (let round = 0; round < 4000; round++) {
      const { name } = graph.randomNode(random);
      draws.set(name, (draws.get(name) ?? 0) + 1);
    }
    for (const { name } of graph.nodes()) {
      expect(draws.get(name)).toBeGreaterThan(140);
      expect(draws.get(name)).toBeLessThan(260);
    }
  });
});

describe('a clone', () => {
  it('has the same in it, and goes its own way', () => {
    const random = seededRandom(SEED + 8);
    const make = uniformVectors(6, random);
    const graph = newGraph(6, 'int8', random);
    fill(graph, 500, make);
    for (let at = 0; at < 500; at += 3) graph.delete(`e${at}`);
    const partsOf = (of: VectorGraph) => [...of.nodes()].map((node) => of.partsOf(node));
    const before = partsOf(graph);
    const copy = graph.clone();
    expect(partsOf(copy)).toEqual(before);
    expect(copy.lastId).toBe(graph.lastId);
    for (let at = 1; at < 500; at += 3) copy.delete(`e${at}`);
    for (let at = 0; at < 500; at += 3) copy.insert(`e${at}`, make(), 50);
    copy.get('e2')!.attributes = '{}';
    copy.checkInvariants();
    expect(partsOf(graph)).toEqual(before);
    graph.checkInvariants();
    const copied = partsOf(copy);
    for (const { name } of [...graph.nodes()]) graph.delete(name);
    expect(partsOf(copy)).toEqual(copied);
    copy.checkInvariants();
  });
});

describe('options', () => {
  it('out of their range are refused', () => {
    for (const [dimension, maxLinks] of [
      [0, 16],
      [65_537, 16],
      [1.5, 16],
      [2, 3],
      [2, 4097],
      [Number.NaN, 16],
    ]) {
      expect(() => newGraph(dimension!, 'f32', Math.random, maxLinks!)).toThrow(RangeError);
    }
  });

  it('at their limits are not', () => {
    const random = seededRandom(SEED + 9);
    const make = uniformVectors(65_536, random);
    for (const quantisation of QUANTISATIONS) {
      const graph = newGraph(65_536, quantisation, random, 4096);
      fill(graph, 3, make, 10);
      graph.checkInvariants();
      graph.delete('e1');
      expect(graph.search(make(), { count: 5, ef: 5 })).toHaveLength(2);
    }
  });
});

it.each([77, 308, 385])('a crowd of equal vectors does not hide what comes after it (%i)', (seed) => {
  const random = seededRandom(seed);
  const make = uniformVectors(16, random);
  const same = make();
  const graph = newGraph(16, 'f32', random);
  for (let at = 0; at < 1650; at++) graph.insert(`e${at}`, at < 1500 ? same : make(), 200);
  graph.checkInvariants();
  expect(recallAtTen(graph, Array.from({ length: 60 }, make), 50)).toBeGreaterThan(0.95);
});
