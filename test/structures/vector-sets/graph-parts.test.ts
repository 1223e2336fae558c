import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NodeParts, VectorGraph } from '../../../src/structures/vector-sets/vector-graph.ts';
import { newGraph, QUANTISATIONS, seededRandom, uniformVectors } from './support.ts';

const SEED = 20_260_813;
const options = { dimension: 2, quantisation: 'int8', maxLinks: 4, random: () => 0.9 } as const;

function part(
  id: number,
  links: readonly (readonly number[])[],
  changes: Partial<NodeParts> = {},
): NodeParts {
  const raw = { bytes: new Uint8Array([127, id]), norm: 2, range: 0.5 };
  return { name: `n${id}`, id, attributes: undefined, raw, links, ...changes };
}

describe.each(QUANTISATIONS)('a graph of %s', (quantisation) => {
  it('is the same again from its parts', () => {
    const random = seededRandom(SEED);
    const make = uniformVectors(70, random);
    const graph = newGraph(70, quantisation, random, 8);
    for (let at = 0; at < 400; at++) graph.insert(`e${at}`, make(), 50);
    for (let at = 0; at < 400; at += 3) graph.delete(`e${at}`);
    graph.get('e1')!.attributes = '{"a":1}';
    const parts = [...graph.nodes()].map((node) => graph.partsOf(node));
    const again = VectorGraph.fromParts({ dimension: 70, quantisation, maxLinks: 8, random }, parts);
    again.checkInvariants();
    expect([...again.nodes()].map((node) => again.partsOf(node))).toEqual(parts);
    expect([again.size, again.maxLevel]).toEqual([graph.size, graph.maxLevel]);
    // The last node is gone: nothing tells that there was one.
    expect(again.lastId).toBe(399);
    again.insert('new', make(), 50);
    expect(again.get('new')!.id).toBe(400);
    again.checkInvariants();
  });
});

describe('parts', () => {
  it('of nothing are an empty graph', () => {
    const graph = VectorGraph.fromParts(options, []);
    expect([graph.size, graph.maxLevel, graph.lastId]).toEqual([0, 0, 0]);
    graph.checkInvariants();
  });

  it('that are not connected are joined', () => {
    const ids = [1, 2, 3, 4, 5, 6];
    const graph = VectorGraph.fromParts(
      options,
      ids.map((id) => part(id, [[], []])),
    );
    graph.checkInvariants();
    expect(graph.search(new Float32Array([1, 1]), { count: 10, ef: 1 })).toHaveLength(6);
  });

  it('that are full rings of their own are joined', () => {
    // Ten nodes linked with eight others each, thrice; above, five linked with four each, thrice.
    const parts: NodeParts[] = [];
    for (let group = 0; group < 3; group++) {
      for (let at = 0; at < 10; at++) {
        const low = steps([1, 2, 3, 4, 6, 7, 8, 9], at, 10, group);
        const high = steps([1, 2, 3, 4], at, 5, group);
        parts.push(part(group * 10 + at + 1, at < 5 ? [low, high] : [low]));
      }
    }
    const graph = VectorGraph.fromParts(options, parts);
    graph.checkInvariants();
    for (let id = 1; id <= 30; id++) {
      expect(graph.links(graph.get(`n${id}`)!)[0]!.length).toBeLessThanOrEqual(8);
    }
  });

  it('that are full, beside some that are alone or in a row, are joined whatever their order', () => {
    const full = complete(9);
    const alone = [part(20, [[]]), part(21, [[]])];
    const row = Array.from({ length: 30 }, (_, at) =>
      part(100 + at, [[99 + at, 101 + at].filter((id) => id >= 100 && id < 130)]),
    );
    for (const parts of [
      [...full, ...alone],
      [...alone, ...full],
      [...full, ...row],
      [...row, ...full],
      [...full, ...row, ...alone],
    ]) {
      const graph = VectorGraph.fromParts(options, parts);
      graph.checkInvariants();
      expect(graph.search(new Float32Array([1, 1]), { count: 100, ef: 1 })).toHaveLength(parts.length);
      for (const { name } of [...graph.nodes()]) {
        graph.delete(name);
        graph.checkInvariants();
      }
    }
  });

  it('that have more links than there is room for, as nodes of Redis may, lose some', () => {
    const graph = VectorGraph.fromParts(options, complete(13));
    graph.checkInvariants();
    expect(graph.search(new Float32Array([1, 1]), { count: 20, ef: 1 })).toHaveLength(13);
    for (const node of graph.nodes()) expect(graph.links(node)[0]!.length).toBeLessThanOrEqual(8);
  });

  const bad: [string, readonly NodeParts[]][] = [
    ['a name twice', [part(1, [[]]), part(2, [[]], { name: 'n1' })]],
    ['an id twice', [part(1, [[]]), part(1, [[]], { name: 'other' })]],
    ['an id of 0', [part(0, [[]])]],
    ['an id that is no whole number', [part(1.5, [[]])]],
    ['an id that is too great', [part(2 ** 53, [[]])]],
    ['no levels', [part(1, [])]],
    ['too many levels', [part(1, new Array(18).fill([]))]],
    ['a link to itself', [part(1, [[1]])]],
    ['a link to nobody', [part(1, [[7]])]],
    ['a link to a place', [part(1, [[-1]]), part(2, [[]])]],
    ['a link twice', [part(1, [[2, 2]]), part(2, [[1]])]],
    ['a link that does not lead back', [part(1, [[2]]), part(2, [[]])]],
    ['a link to a node that is not on the level', [part(1, [[2], [2]]), part(2, [[1]])]],
    ['too many links', complete(14)],
    ['too few bytes', [part(1, [[]], { raw: { bytes: new Uint8Array(1), norm: 1, range: 1 } })]],
    ['too many bytes', [part(1, [[]], { raw: { bytes: new Uint8Array(3), norm: 1, range: 1 } })]],
    ['no range', [part(1, [[]], { raw: { bytes: new Uint8Array(2), norm: 1, range: undefined } })]],
    ['a negative range', [part(1, [[]], { raw: { bytes: new Uint8Array(2), norm: 1, range: -1 } })]],
    [
      'no number as range',
      [part(1, [[]], { raw: { bytes: new Uint8Array(2), norm: 1, range: Number.NaN } })],
    ],
    [
      'a range that no normalised vector has',
      [part(1, [[]], { raw: { bytes: new Uint8Array(2), norm: 1, range: 2 } })],
    ],
    ['no number as norm', [part(1, [[]], { raw: { bytes: new Uint8Array(2), norm: Number.NaN, range: 1 } })]],
  ];
  it.each(bad)('with %s are refused', (_, parts) => {
    expect(() => VectorGraph.fromParts(options, parts)).toThrow(RangeError);
  });

  it('of floats that no normalised vector has, or of signs of components that are not there, are refused', () => {
    const floats = new Uint8Array(new Float32Array([1, Number.POSITIVE_INFINITY]).buffer);
    const of = (bytes: Uint8Array) => [part(1, [[]], { raw: { bytes, norm: 1, range: undefined } })];
    expect(() => VectorGraph.fromParts({ ...options, quantisation: 'f32' }, of(floats))).toThrow(RangeError);
    const long = new Uint8Array(new Float32Array([1e20, 1]).buffer);
    expect(() => VectorGraph.fromParts({ ...options, quantisation: 'f32' }, of(long))).toThrow(RangeError);
    const signs = new Uint8Array([7, 0, 0, 0, 0, 0, 0, 0]);
    expect(() => VectorGraph.fromParts({ ...options, quantisation: 'bin' }, of(signs))).toThrow(RangeError);
    signs[0] = 3;
    expect(VectorGraph.fromParts({ ...options, quantisation: 'bin' }, of(signs)).size).toBe(1);
  });

  it('made of garbage are refused or make a whole graph', () => {
    const garbage = fc.array(
      fc.record({
        id: fc.integer({ min: 1, max: 9 }),
        links: fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 5 }), {
          minLength: 1,
          maxLength: 3,
        }),
      }),
      { maxLength: 9 },
    );
    let made = 0;
    fc.assert(
      fc.property(garbage, fc.boolean(), (nodes, mirrored) => {
        const distinct = nodes.filter(({ id }, at) => nodes.findIndex((each) => each.id === id) === at);
        const parts = (mirrored ? mirror(distinct) : distinct).map(({ id, links }) => part(id, links));
        let graph: VectorGraph;
        try {
          graph = VectorGraph.fromParts(options, parts);
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
          return;
        }
        made++;
        graph.checkInvariants();
        graph.insert('new', new Float32Array([1, 2]), 10);
        for (const { name } of [...graph.nodes()]) graph.delete(name);
        graph.checkInvariants();
      }),
      { seed: SEED, numRuns: 600 },
    );
    expect(made).toBeGreaterThan(100);
  });
});

/** The ids so many steps on, around a ring of `size` within a group of ten. */
function steps(distances: readonly number[], at: number, size: number, group: number): number[] {
  return distances.map((distance) => group * 10 + ((at + distance) % size) + 1);
}

/** Nodes that are all linked with each other. */
function complete(count: number): NodeParts[] {
  const ids = Array.from({ length: count }, (_, at) => at + 1);
  return ids.map((id) => part(id, [ids.filter((other) => other !== id)]));
}

interface Linked {
  readonly id: number;
  readonly links: readonly (readonly number[])[];
}

/** Those links alone that may be, in both directions. */
function mirror(nodes: readonly Linked[]): Linked[] {
  const isLinked = (one: Linked, other: Linked, level: number) =>
    one !== other &&
    one.links.length > level &&
    other.links.length > level &&
    (one.links[level]!.includes(other.id) || other.links[level]!.includes(one.id));
  return nodes.map((node) => ({
    id: node.id,
    links: node.links.map((_, level) =>
      nodes.filter((other) => isLinked(node, other, level)).map(({ id }) => id),
    ),
  }));
}
