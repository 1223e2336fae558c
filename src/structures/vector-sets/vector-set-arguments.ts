import { type ByteString, describe } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { requireOptions } from '../../keyspace/arguments.ts';
import { Filter } from './filter.ts';
import { FilterSyntaxError } from './filter-tokens.ts';
import type { NameRange } from './name-order.ts';
import type { Quantisation } from './quantisation.ts';
import type { VaddOptions, VectorComponents, VsimOptions, VsimQuery } from './vector-set-options.ts';

// What the commands of vector sets ask of their arguments, whether they come from typed callers or over the wire.

const MOST_COMPONENTS = 2 ** 16;
const [LEAST_LINKS, MOST_LINKS] = [4, 4096];
const MOST_EF = 1_000_000;

/** Given by those who say nothing: nothing of it has to be checked. */
export const NO_OPTIONS = Object.freeze({});

function namesOf<T>(names: Readonly<Record<keyof T, true>>): ReadonlySet<string> {
  return new Set(Object.keys(names));
}

const VADD_OPTIONS = namesOf<VaddOptions>({
  reduce: true,
  cas: true,
  noquant: true,
  q8: true,
  bin: true,
  ef: true,
  setattr: true,
  m: true,
});
export const VSIM_OPTIONS = namesOf<VsimOptions>({
  count: true,
  epsilon: true,
  ef: true,
  filter: true,
  filterEf: true,
  truth: true,
  nothread: true,
});
/** The wire tells the method that it chose by options, which are none of a typed caller's; `vsim` itself knows none of them. */
export const VSIM_DETAILS_OPTIONS: ReadonlySet<string> = new Set([
  ...VSIM_OPTIONS,
  'withscores',
  'withattribs',
]);
const QUERY_KINDS: ReadonlySet<string> = new Set(['element', 'vector']);

/**
 * A vector as it was given, in 32-bit floats: a copy, if it was not that already.
 *
 * @throws ReplyError if it has no components or too many, or one that is no finite number
 * @throws TypeError if it is no list of numbers at all
 */
export function requireVector(components: VectorComponents): Float32Array {
  if (!(components instanceof Float32Array) && !Array.isArray(components)) {
    throw new TypeError(`expected a Float32Array or an array of numbers, got ${describe(components)}`);
  }
  const { length } = components;
  if (length === 0 || length > MOST_COMPONENTS) throw errors.invalidVector();
  const vector = components instanceof Float32Array ? components : new Float32Array(length);
  for (let at = 0; at < length; at++) {
    // Of an array with holes, or with texts for numbers, not one component passes unseen.
    const component: unknown = components[at];
    if (typeof component !== 'number') throw errors.invalidVector();
    vector[at] = component;
    if (!Number.isFinite(vector[at]!)) throw errors.invalidVector();
  }
  return vector;
}

/** What VADD is asked for, complete. */
export interface VaddRequest {
  readonly vector: Float32Array;
  readonly reduce: number | undefined;
  readonly quantisation: Quantisation;
  readonly ef: number;
  readonly m: number;
}

const DEFAULT_CONSTRUCTION_EF = 200;
const DEFAULT_LINKS = 16;

/** @throws ReplyError what Redis says of a vector or an option that cannot be */
export function requireVadd(components: VectorComponents, options: VaddOptions): VaddRequest {
  if (options !== NO_OPTIONS) requireOptions(options, VADD_OPTIONS);
  const { reduce, ef = DEFAULT_CONSTRUCTION_EF, m = DEFAULT_LINKS } = options;
  const vector = requireVector(components);
  if (reduce !== undefined && !isWithin(reduce, 1, vector.length)) throw errors.invalidVector();
  requireExploration(ef);
  requireLinks(m);
  return { vector, reduce, quantisation: quantisationOf(options), ef, m };
}

function quantisationOf({ noquant, q8, bin }: VaddOptions): Quantisation {
  const asked = [noquant, q8, bin].filter(Boolean).length;
  // On the wire the last one counts; typed options have no last.
  if (asked > 1) throw errors.invalidVaddOption();
  if (noquant) return 'f32';
  return bin ? 'bin' : 'int8';
}

/** @throws ReplyError */
export function requireExploration(ef: number): void {
  if (!isWithin(ef, 1, MOST_EF)) throw errors.invalidExploration();
}

/** @throws ReplyError */
export function requireLinks(m: number): void {
  if (!isWithin(m, LEAST_LINKS, MOST_LINKS)) throw errors.invalidLinks();
}

/** @throws TypeError for callers without types */
export function requireVsimQuery(query: VsimQuery): void {
  const kinds = requireOptions(query, QUERY_KINDS);
  if (kinds !== 1) throw new TypeError('expected a query by { element } or by { vector }');
}

/** What VSIM is asked for, complete. */
export interface VsimRequest {
  readonly count: number;
  /** Distances up to this one, of which the greatest is 1. */
  readonly epsilon: number;
  readonly ef: number;
  readonly filter: Filter | undefined;
  readonly filterEf: number;
  readonly isExact: boolean;
}

const DEFAULT_COUNT = 10;
const DEFAULT_EPSILON = 2;
const DEFAULT_SEARCH_EF = 100;
const FILTERED_FOR_EACH = 100;

/** For callers without types. @throws TypeError if one of the options is not known */
export function requireVsimOptions(options: VsimOptions, known: ReadonlySet<string>): void {
  if (options !== NO_OPTIONS) requireOptions(options, known);
}

/**
 * @param filter the expression of the options, in its inner form
 * @throws ReplyError what Redis says of an option that cannot be
 */
export function requireVsim(options: VsimOptions, filter: ByteString | undefined): VsimRequest {
  const { count = DEFAULT_COUNT, epsilon = DEFAULT_EPSILON, ef = DEFAULT_SEARCH_EF, truth = false } = options;
  requireVsimCount(count);
  requireEpsilon(epsilon);
  requireExploration(ef);
  const { filterEf = count * FILTERED_FOR_EACH } = options;
  requireFilterExploration(filterEf);
  return {
    count,
    epsilon: Math.fround(epsilon),
    ef: Math.max(ef, count),
    filter: filter === undefined ? undefined : requireFilter(filter),
    filterEf,
    isExact: truth,
  };
}

/** @throws ReplyError */
export function requireVsimCount(count: number): void {
  if (!isWithin(count, 1, Number.MAX_VALUE)) throw errors.invalidVsimCount();
}

/** @throws ReplyError */
export function requireEpsilon(epsilon: number): void {
  if (!(epsilon > 0)) throw errors.invalidEpsilon();
}

/** @throws ReplyError */
export function requireFilterExploration(filterEf: number): void {
  if (!isWithin(filterEf, 1, Number.MAX_VALUE)) throw errors.invalidFilterExploration();
}

/** @throws ReplyError that quotes the expression from where it makes no sense */
export function requireFilter(expression: ByteString): Filter {
  try {
    return new Filter(expression);
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
    const { position } = error;
    throw errors.filterSyntax(position < expression.length ? expression.slice(position) : expression);
  }
}

/** A range of names as VRANGE is given it. @throws ReplyError if a bound is none, or stands in the wrong place */
export function requireNameRange(start: ByteString, end: ByteString): NameRange {
  if (!isBound(start)) throw errors.invalidRangeStart();
  if (!isBound(end)) throw errors.invalidRangeEnd();
  if (start === '+' || end === '-') throw errors.rangeEndsExchanged();
  return {
    min: start === '-' ? undefined : start.slice(1),
    max: end === '+' ? undefined : end.slice(1),
    isMinExclusive: start.startsWith('('),
    isMaxExclusive: end.startsWith('('),
  };
}

function isBound(bound: ByteString): boolean {
  if (bound === '-' || bound === '+') return true;
  return bound.length > 1 && (bound.startsWith('[') || bound.startsWith('('));
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
