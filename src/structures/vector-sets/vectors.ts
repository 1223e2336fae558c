import type { Quantisation, RawVector } from './quantisation.ts';

/** A vector that others are compared with, as they are kept. */
export interface Query<Words> {
  readonly words: Words;
  /** Where in them it begins. */
  readonly start: number;
  /** The range of `int8`, divided by 127; otherwise of no meaning. */
  readonly scale: number;
}

/**
 * Where a graph keeps its vectors, by slot: small whole numbers that the graph gives out, and uses again.
 * A distance is `1 - cosine`: 0 for the same direction, 2 for the opposite one.
 */
export interface Vectors<Words = unknown> {
  readonly dimension: number;
  readonly quantisation: Quantisation;
  /** Keeps a vector of length 1 (or all zeros). */
  put(slot: number, normalised: Float32Array): void;
  /** Keeps a vector as {@link raw} gave it out; whether it may be one. */
  putRaw(slot: number, raw: RawVector): boolean;
  /** What there is to know of a vector but its norm. */
  raw(slot: number): Omit<RawVector, 'norm'>;
  /** The vector of about length 1, as far as it is known; signs alone give ±1. */
  components(slot: number): Float32Array;
  /** For a vector of length 1. */
  queryOf(normalised: Float32Array): Query<Words>;
  /** For the vector in a slot, which must not be written meanwhile. */
  queryAt(slot: number): Query<Words>;
  /** O(dimension). */
  distance(query: Query<Words>, slot: number): number;
  /** O(dimension). */
  distanceBetween(slot: number, other: number): number;
  /** About what they take of the host's memory, with the slots that are free. O(1). */
  readonly heapBytes: number;
  clone(): Vectors<Words>;
}
