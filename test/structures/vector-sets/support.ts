import type { ByteString } from '../../../src/bytes/byte-string.ts';
import type { Quantisation } from '../../../src/structures/vector-sets/quantisation.ts';
import { VectorGraph } from '../../../src/structures/vector-sets/vector-graph.ts';

export const QUANTISATIONS: readonly Quantisation[] = ['f32', 'int8', 'bin'];

/** The same numbers from 0 up to 1 for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** A normal deviate. */
export function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Makes vectors in all directions alike. */
export function uniformVectors(dimension: number, random: () => number): () => Float32Array {
  return () => Float32Array.from({ length: dimension }, () => gaussian(random));
}

/** Makes vectors around so many centres. */
export function clusteredVectors(
  dimension: number,
  clusters: number,
  spread: number,
  random: () => number,
): () => Float32Array {
  const centres = Array.from({ length: clusters }, uniformVectors(dimension, random));
  return () => {
    const centre = centres[Math.floor(random() * clusters)]!;
    return centre.map((component) => component + spread * gaussian(random));
  };
}

export function newGraph(
  dimension: number,
  quantisation: Quantisation,
  random: () => number,
  maxLinks = 16,
): VectorGraph {
  return new VectorGraph({ dimension, quantisation, maxLinks, random });
}

/** The share of the ten nearest, as an exact search finds them, that the graph finds. */
export function recallAtTen(graph: VectorGraph, queries: readonly Float32Array[], ef: number): number {
  let hits = 0;
  let all = 0;
  for (const query of queries) {
    const truth = graph.searchExact(query, { count: 10 });
    const least = truth.at(-1)!.similarity;
    all += truth.length;
    // Whoever is as near as the tenth is as good.
    hits += graph.search(query, { count: 10, ef }).filter(({ similarity }) => similarity >= least).length;
  }
  return hits / all;
}

export function cosine(one: Float32Array, other: Float32Array): number {
  let dot = 0;
  let oneSquares = 0;
  let otherSquares = 0;
  one.forEach((component, at) => {
    dot += component * other[at]!;
    oneSquares += component * component;
    otherSquares += other[at]! * other[at]!;
  });
  const squares = oneSquares * otherSquares;
  return squares === 0 ? 0 : dot / Math.sqrt(squares);
}

/** How similar two vectors are, by the definition of each quantisation, in numbers of 64 bits. */
export function plainSimilarity(one: Float32Array, other: Float32Array, quantisation: Quantisation): number {
  if (quantisation === 'bin') {
    const opposite = one.filter((component, at) => component > 0 !== other[at]! > 0).length;
    return 1 - opposite / one.length;
  }
  if (quantisation === 'f32') return (1 + cosine(one, other)) / 2;
  const product = cosine(rounded(one), rounded(other)) * stretch(one) * stretch(other);
  return Math.min(1, Math.max(0, (1 + product) / 2));
}

function rounded(vector: Float32Array): Float32Array {
  const range = Math.max(...vector.map(Math.abs));
  if (range === 0) return vector;
  return vector.map(
    (component) => (Math.sign(component) * Math.round((Math.abs(component) / range) * 127) * range) / 127,
  );
}

/** How much longer rounding has made the vector. */
function stretch(vector: Float32Array): number {
  const length = Math.hypot(...vector);
  return length === 0 ? 0 : Math.hypot(...rounded(vector)) / length;
}

export function namesOf(found: readonly { readonly node: { readonly name: ByteString } }[]): ByteString[] {
  return found.map(({ node }) => node.name);
}
