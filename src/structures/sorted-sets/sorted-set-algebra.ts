import { type ByteString, compareBytes, sortsByUnits } from '../../bytes/byte-string.ts';
import type { MemberSet } from '../sets/member-set.ts';
import { SortedSet } from './sorted-set.ts';
import type { Aggregate } from './sorted-set-options.ts';

/**
 * Unions, intersections and differences of sorted sets. A plain set takes part with the score 1 for each member.
 *
 * Sums of doubles depend on the order in which they are added: as in Redis, that is from the smallest input to the
 * largest, and as they were given where these are equal.
 */

/** What can take part: `undefined` is a key that does not exist. */
export type AlgebraSource = SortedSet | MemberSet | undefined;

/** Members with their scores, in order of (score, bytes). */
export interface AlgebraResult {
  readonly members: ByteString[];
  readonly scores: number[];
}

/** One input with what its scores are multiplied with. */
interface Weighted {
  readonly source: SortedSet | MemberSet;
  readonly weight: number;
}

/** Every member of any source. O(n log n) for all members together. */
export function union(
  sources: readonly AlgebraSource[],
  weights: readonly number[] | undefined,
  aggregate: Aggregate,
): AlgebraResult {
  const scores = new Map<ByteString, number>();
  for (const { source, weight } of fromSmallest(sources, weights)) {
    const visit = (member: ByteString, score: number): void => {
      const value = orZero(contribution(aggregate, weight, score));
      const soFar = scores.get(member);
      scores.set(member, soFar === undefined ? value : joined(aggregate, soFar, value));
    };
    forEach(source, visit);
  }
  return ordered(scores);
}

/** The members that every source has. O(smallest · sources), and the order of the result. */
export function intersection(
  sources: readonly AlgebraSource[],
  weights: readonly number[] | undefined,
  aggregate: Aggregate,
): AlgebraResult {
  const scores = new Map<ByteString, number>();
  const inputs = fromSmallest(sources, weights);
  if (inputs.length < sources.length) return ordered(scores);
  const [smallest, ...others] = inputs as [Weighted, ...Weighted[]];
  forEach(smallest.source, (member, score) => {
    let total = orZero(contribution(aggregate, smallest.weight, score));
    for (const { source, weight } of others) {
      const other = scoreIn(source, member);
      if (other === undefined) return;
      total = joined(aggregate, total, contribution(aggregate, weight, other));
    }
    scores.set(member, total);
  });
  return ordered(scores);
}

/** The members of the first source that no other has, with their scores there. O(first · sources). */
export function difference([first, ...others]: readonly AlgebraSource[]): AlgebraResult {
  const scores = new Map<ByteString, number>();
  if (first !== undefined) {
    forEach(first, (member, score) => {
      if (!others.some((other) => other?.has(member))) scores.set(member, score);
    });
  }
  return ordered(scores);
}

/** How many members every source has; counting ends at `limit`, if that is not 0. O(smallest · sources). */
export function intersectionSize(sources: readonly AlgebraSource[], limit: number): number {
  const inputs = fromSmallest(sources, undefined);
  if (inputs.length < sources.length) return 0;
  const [smallest, ...others] = inputs as [Weighted, ...Weighted[]];
  let count = 0;
  const isFull = (member: ByteString): boolean => {
    if (others.every(({ source }) => source.has(member))) count++;
    return limit > 0 && count === limit;
  };
  const { source } = smallest;
  if (source instanceof SortedSet) {
    source.forEach(0, source.size - 1, false, (member) => !isFull(member));
  } else {
    for (const member of source) if (isFull(member)) break;
  }
  return count;
}

/** The sources that are there, with their weights. */
function fromSmallest(sources: readonly AlgebraSource[], weights: readonly number[] | undefined): Weighted[] {
  const inputs: Weighted[] = [];
  sources.forEach((source, at) => {
    if (source !== undefined) inputs.push({ source, weight: weights?.[at] ?? 1 });
  });
  return inputs.sort((a, b) => a.source.size - b.source.size);
}

function forEach(source: SortedSet | MemberSet, visit: (member: ByteString, score: number) => void): void {
  if (source instanceof SortedSet) {
    source.forEach(0, source.size - 1, false, visit);
  } else {
    for (const member of source) visit(member, 1);
  }
}

function scoreIn(source: SortedSet | MemberSet, member: ByteString): number | undefined {
  if (source instanceof SortedSet) return source.score(member);
  return source.has(member) ? 1 : undefined;
}

function contribution(aggregate: Aggregate, weight: number, score: number): number {
  return aggregate === 'count' ? weight : weight * score;
}

function joined(aggregate: Aggregate, total: number, value: number): number {
  // Not Math.min: what is not a number leaves the total as it is.
  if (aggregate === 'min') return value < total ? value : total;
  if (aggregate === 'max') return value > total ? value : total;
  return orZero(total + value);
}

/** Infinities that cancel each other out, or meet a weight of 0, count as nothing. */
function orZero(score: number): number {
  return Number.isNaN(score) ? 0 : score;
}

function ordered(scores: ReadonlyMap<ByteString, number>): AlgebraResult {
  const entries = [...scores];
  const byUnits = entries.every(([member]) => sortsByUnits(member));
  entries.sort(([a, x], [b, y]) => {
    if (x !== y) return x < y ? -1 : 1;
    if (byUnits) return a < b ? -1 : 1;
    return compareBytes(a, b);
  });
  return { members: entries.map(([member]) => member), scores: entries.map(([, score]) => score) };
}
