import type { Bytes } from '../../bytes/byte-string.ts';
import type { Quantisation } from './quantisation.ts';

/** The components of a vector: 1 to 65,536 finite numbers, each kept as a 32-bit float. */
export type VectorComponents = Float32Array | readonly number[];

/**
 * What elements are to be similar to: a vector, or an element of the set, by its name.
 *
 * @example
 * store.vsim('words', { element: 'apple' });
 * store.vsim('words', { vector: [0.1, 0.9, 0.4] });
 */
export type VsimQuery = { readonly element: Bytes } | { readonly vector: VectorComponents };

/** Options of `vadd`. Those that describe the whole set must be the same whenever something is added to it. */
export interface VaddOptions {
  /** Project vectors to this many components, at most as many as they have. The set's, once and for all. */
  reduce?: number;
  /** Accepted for Redis's sake: there are no threads that it could be left to. */
  cas?: boolean;
  /** Keep components as 32-bit floats. The set's, once and for all. */
  noquant?: boolean;
  /** Keep components as 8-bit integers: the default. The set's, once and for all. */
  q8?: boolean;
  /** Keep only the signs of components: least room, least precision. The set's, once and for all. */
  bin?: boolean;
  /** How many near elements are looked at to find those that it is linked with: 1 to 1,000,000. Default 200. */
  ef?: number;
  /** Attributes, JSON text, as {@link VsimOptions.filter} reads them. Empty removes those of an element that is there. */
  setattr?: Bytes;
  /** How many links an element may have: 4 to 4096; on the lowest level twice as many. Default 16. The set's, once and for all. */
  m?: number;
}

/** Options of `vsim` and its kin. */
export interface VsimOptions {
  /** How many elements at most. Default 10. */
  count?: number;
  /** Only elements at most this far away: 1 - their score, so that `0.2` means a score of at least 0.8. */
  epsilon?: number;
  /** How many elements are kept in view during the search: more find better ones, and take longer. 1 to 1,000,000. Default 100. */
  ef?: number;
  /**
   * Only elements of whose attributes this is true: `.year >= 1980 and .genre in ["action", "drama"]`. An element that
   * lacks a field, or all attributes, is left out.
   */
  filter?: Bytes;
  /** How many elements a filter looks at, at most. Default 100 times `count`. */
  filterEf?: number;
  /** Look at every element, instead of searching the graph: slow, and exact. */
  truth?: boolean;
  /** Accepted for Redis's sake: there are no threads. */
  nothread?: boolean;
}

/** An element, and how similar it is: from 0 (the opposite direction) to 1 (the same). */
export interface ScoredElement<S = string> {
  readonly element: S;
  readonly score: number;
}

/** An element with its attributes, `null` if it has none. */
export interface AttributedElement<S = string> {
  readonly element: S;
  readonly attributes: S | null;
}

/** An element with both. */
export interface ScoredAttributedElement<S = string> extends ScoredElement<S>, AttributedElement<S> {}

/** A vector as it is kept. */
export interface RawEmbedding<S = string> {
  /** How its components are kept: `'f32'`, `'int8'` or `'bin'`. */
  readonly quantisation: Quantisation;
  /** 32-bit floats, low byte first; signed bytes; or bits, in 64-bit words, low byte first. */
  readonly data: S;
  /** The length of the vector that was given; what is kept is normalised to length 1. */
  readonly norm: number;
  /** With `'int8'`, what the byte 127 stands for; else `null`. */
  readonly range: number | null;
}

/** What VINFO tells. */
export interface VectorSetInfo {
  readonly quantType: Quantisation;
  /** How many links an element may have on each level but the lowest. */
  readonly hnswM: number;
  /** How many components the vectors have that are kept. */
  readonly vectorDim: number;
  /** How many those have that are given; 0 if they are not projected. */
  readonly projectionInputDim: number;
  readonly size: number;
  readonly maxLevel: number;
  /** How many elements have attributes. */
  readonly attributesCount: number;
  readonly vsetUid: number;
  readonly hnswMaxNodeUid: number;
}
