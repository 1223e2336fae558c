import type { Bytes } from '../../bytes/byte-string.ts';

/** A member of a sorted set with its score. */
export interface ScoredMember<S = string> {
  readonly member: S;
  readonly score: number;
}

/**
 * Members with their scores, as callers give them: `{ ada: 10, bob: 7 }`, a `Map`, or an array of `{ member, score }`
 * (for members that are bytes, and as every method here returns them).
 */
export type ScoredMembers =
  | Readonly<Record<string, number>>
  | ReadonlyMap<Bytes, number>
  | readonly ScoredMember<Bytes>[];

/**
 * The end of a range of scores: a number, which is included, or text as Redis writes it: `'(1.5'` for one that is
 * not, `'-inf'`, `'+inf'`.
 */
export type ScoreBound = number | string;

/**
 * The end of a range of members in byte order: `'[a'` with `a`, `'(a'` without it, `'-'` before and `'+'` after every
 * member.
 */
export type LexBound = string | Uint8Array;

/** The end of a range of `zrange`: a rank (negative ones count from the end), a {@link ScoreBound} or a {@link LexBound}. */
export type RangeBound = number | Bytes;

/** Conditions of `zadd` and `zaddIncr`. `nx` stands alone, and `gt` and `lt` exclude each other. */
export interface ZaddConditions {
  /** Only add members. */
  nx?: boolean;
  /** Only change members that are there. */
  xx?: boolean;
  /** Change a member that is there only to a greater score. Others are added. */
  gt?: boolean;
  /** Change a member that is there only to a lesser score. Others are added. */
  lt?: boolean;
}

/** Options of `zadd`. */
export interface ZaddOptions extends ZaddConditions {
  /** Count not only the members added, but also those whose scores changed. */
  ch?: boolean;
}

/** A part of a range. */
export interface RangeLimit {
  /** How many to skip. Where it is negative, nothing is left. */
  offset: number;
  /** How many to take at most; all of them where it is negative. */
  count: number;
}

/** Options of the ranges by score and by member. */
export interface ZrangeLimitOptions {
  /** Only a part of the range. */
  limit?: RangeLimit;
}

/** Options of `zrange`, `zrangeWithScores` and `zrangestore`. */
export interface ZrangeOptions extends ZrangeLimitOptions {
  /** What the range is of: scores, or members in byte order (if all scores are equal). Default: ranks. */
  by?: 'score' | 'lex';
  /** From the greatest to the least; the greater bound is then given first (except for ranks). */
  rev?: boolean;
}

/** Options of `zmpop`. */
export interface ZmpopOptions {
  /** How many members to take at most. Default 1. */
  count?: number;
}

/** What `zmpop` took, and from where. */
export interface ZmpopResult<S = string> {
  readonly key: S;
  readonly members: readonly ScoredMember<S>[];
}

/** The place of a member, and its score. */
export interface RankWithScore {
  readonly rank: number;
  readonly score: number;
}

/** Options of `zscan` and `zscanIterator`. */
export interface ZscanOptions {
  /** Only members that match this glob pattern. */
  match?: Bytes;
  /** About how many members a step looks at. Default 10. */
  count?: number;
}

/** How the scores that a member has in several sorted sets become one. */
export type Aggregate = 'sum' | 'min' | 'max' | 'count';

/** Options of the unions and intersections. */
export interface ZaggregateOptions {
  /** For each key, what its scores are multiplied with. Default 1. */
  weights?: readonly number[];
  /** How scores are joined. Default `'sum'`. `'count'` adds up the weights and leaves the scores out (Redis 8.8). */
  aggregate?: Aggregate;
}

/** Options of `zintercard`. */
export interface ZintercardOptions {
  /** Stop counting there; 0 for no limit. */
  limit?: number;
}
