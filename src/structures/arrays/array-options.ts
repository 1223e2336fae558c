import type { Bytes } from '../../bytes/byte-string.ts';
import type { Many } from '../../bytes/many.ts';
import type { Output, Text } from '../../keyspace/operations.ts';

/** An index of an array: a whole number from 0 to 2^64 - 2, as a `bigint` from 2^53 on. */
export type ArrayIndex = number | bigint;

/** One index, or several. */
export type ManyIndexes = ArrayIndex | readonly ArrayIndex[];

/** Two indexes and all between them; the greater one may come first. */
export type ArrayRange = readonly [start: ArrayIndex, end: ArrayIndex];

/** One range, or several. */
export type ManyRanges = ArrayRange | readonly ArrayRange[];

/** Where a search begins or ends: an index, `'-'` for the first one, `'+'` for the last one that has a value. */
export type ArrayBound = ArrayIndex | '-' | '+';

/** Indexes with their values: pairs, a `Map`, or an object with indexes as its names. */
export type IndexedValues =
  | readonly (readonly [index: ArrayIndex, value: Bytes])[]
  | ReadonlyMap<ArrayIndex, Bytes>
  | Readonly<Record<number, Bytes>>;

/** An element of an array and where it stands. */
export interface ArrayElement<O extends Output = Text> {
  readonly index: O['integer'];
  readonly value: O['string'];
}

/** Options of `arscan`. */
export interface ArscanOptions {
  /** The most elements to answer with; from 1. */
  limit?: number;
}

/** Options of `arlastitems`. */
export interface ArlastitemsOptions {
  /** The newest first. */
  rev?: boolean;
}

/** Options of `argrep` and `argrepWithValues`, what they look for: at least one of `exact`, `match`, `glob` and `re`, each one or several. */
export interface ArgrepOptions {
  /** Values equal to this. */
  exact?: Many;
  /** Values that have this in them. */
  match?: Many;
  /** Values that match this glob pattern. */
  glob?: Many;
  /** Values in which this POSIX extended regular expression matches something. */
  re?: Many;
  /** Whether a value must be all of these, or one of them. Default: one. */
  combine?: 'and' | 'or';
  /** The most elements to answer with; from 1. */
  limit?: number;
  /** Whether ASCII letters are the same in both cases. */
  nocase?: boolean;
}

/** What AROP works out in numbers. */
export type ArrayArithmetic = 'sum' | 'min' | 'max';
/** What AROP works out bit by bit. */
export type ArrayBitwise = 'and' | 'or' | 'xor';
/** What AROP counts: elements, or those that are equal to a value. */
export type ArrayCounting = 'used' | { readonly match: Bytes };

/** What ARINFO tells of an array. */
export interface ArrayInfo<O extends Output = Text> {
  /** How many elements it has. */
  readonly count: number;
  /** One more than its greatest index. */
  readonly len: O['integer'];
  /** Where ARINSERT would insert; 0 also where no index is left. */
  readonly nextInsertIndex: O['integer'];
  /** How many of its slices have elements. */
  readonly slices: number;
  /** How many slices, or blocks of slices, its directory has room for. */
  readonly directorySize: number;
  /** How many blocks of slices its directory has, if it has blocks. */
  readonly superDirEntries: number;
  /** How many indexes are a slice. */
  readonly sliceSize: number;
}

/** What ARINFO FULL tells of an array. */
export interface ArrayFullInfo<O extends Output = Text> extends ArrayInfo<O> {
  /** How many of its slices have a window of slots. */
  readonly denseSlices: number;
  /** How many of its slices have pairs of offset and value. */
  readonly sparseSlices: number;
  /** How many slots a window has, on average. */
  readonly avgDenseSize: number;
  /** Which part of the slots of windows has elements. */
  readonly avgDenseFill: number;
  /** For how many pairs a sparse slice has room, on average. */
  readonly avgSparseSize: number;
}
