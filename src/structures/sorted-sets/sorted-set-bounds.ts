import { type ByteString, compareBytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { parseDouble } from '../../numbers/double.ts';
import { readFloat } from '../../numbers/float-syntax.ts';
import { parseInteger } from '../../numbers/integer.ts';
import type { RangeLimit } from './sorted-set-options.ts';
import type { SortedSetValue } from './sorted-set-value.ts';

/** Ranks of a range, both included; empty if `first > last`. They may lie outside of the set. */
export interface RankWindow {
  readonly first: number;
  readonly last: number;
}

const EMPTY: RankWindow = { first: 0, last: -1 };

// ── ranks ────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * A rank as it was given: a number, or digits.
 *
 * @throws ReplyError if it is no integer
 */
export function rankBound(bound: number | ByteString): number {
  const value = typeof bound === 'number' ? bound : parseInteger(bound);
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  if (typeof value !== 'bigint') throw errors.notAnInteger();
  return value < 0n ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
}

/** The ranks from `start` to `stop`, negative ones counted from the end, in a set of `size` members. */
export function rankWindow(size: number, start: number, stop: number, reverse: boolean): RankWindow {
  const first = Math.max(0, start < 0 ? start + size : start);
  const last = Math.min(size - 1, stop < 0 ? stop + size : stop);
  if (first > last) return EMPTY;
  return reverse ? { first: size - 1 - last, last: size - 1 - first } : { first, last };
}

// ── scores ───────────────────────────────────────────────────────────────────────────────────────────────

/** A range of scores. */
export interface ScoreRange {
  readonly min: number;
  readonly isMinExclusive: boolean;
  readonly max: number;
  readonly isMaxExclusive: boolean;
}

/** @throws ReplyError if a bound is no number */
export function scoreRange(min: number | ByteString, max: number | ByteString): ScoreRange {
  return {
    min: scoreOf(min),
    isMinExclusive: isExclusive(min),
    max: scoreOf(max),
    isMaxExclusive: isExclusive(max),
  };
}

function isExclusive(bound: number | ByteString): boolean {
  return typeof bound === 'string' && bound.charCodeAt(0) === PARENTHESIS;
}

function scoreOf(bound: number | ByteString): number {
  if (typeof bound === 'number') {
    if (Number.isNaN(bound)) throw errors.scoreBoundNotAFloat();
    return bound;
  }
  const text = isExclusive(bound) ? bound.slice(1) : bound;
  const value = parseDouble(text) ?? parseLeniently(text);
  if (value === undefined) throw errors.scoreBoundNotAFloat();
  return value;
}

const LEADING_BLANKS = /^[ \t\n\v\f\r]+/;

/**
 * What C's `strtod` takes besides: nothing at all for zero, blanks before, and what is too large or too small. A zero
 * byte ends the text.
 */
function parseLeniently(token: ByteString): number | undefined {
  const end = token.indexOf('\0');
  const text = end < 0 ? token : token.slice(0, end);
  if (text === '') return 0;
  const trimmed = text.replace(LEADING_BLANKS, '');
  const value = parseDouble(trimmed);
  if (value !== undefined) return value;
  const read = readFloat(trimmed);
  if (read === undefined || typeof read === 'string') return undefined;
  if (!read.hexadecimal) return Number(trimmed);
  const magnitude = read.digits.length * 4 + read.exponent > 0 ? Number.POSITIVE_INFINITY : 0;
  return read.negative ? -magnitude : magnitude;
}

/** The ranks of the members whose scores are in the range. O(log n). */
export function scoreWindow(value: SortedSetValue, range: ScoreRange): RankWindow {
  const first = value.countBelowScore(range.min, range.isMinExclusive);
  const last = value.countBelowScore(range.max, !range.isMaxExclusive) - 1;
  return { first, last };
}

// ── members ──────────────────────────────────────────────────────────────────────────────────────────────

/** One end of a range of members: a member, with or without itself, or the end of everything. */
interface LexEnd {
  /** -1 and 1: before and after every member. */
  readonly extreme: -1 | 0 | 1;
  readonly member: ByteString;
  readonly isExclusive: boolean;
}

/** A range of members in byte order. */
export interface LexRange {
  readonly min: LexEnd;
  readonly max: LexEnd;
}

/** @throws ReplyError if a bound begins with none of `[`, `(`, `-` and `+` */
export function lexRange(min: number | ByteString, max: number | ByteString): LexRange {
  return { min: lexEnd(min), max: lexEnd(max) };
}

const LEAST: LexEnd = { extreme: -1, member: '', isExclusive: false };
const GREATEST: LexEnd = { extreme: 1, member: '', isExclusive: false };
const PARENTHESIS = 0x28;
const BRACKET = 0x5b;

function lexEnd(bound: number | ByteString): LexEnd {
  if (bound === '-') return LEAST;
  if (bound === '+') return GREATEST;
  if (typeof bound === 'string') {
    const first = bound.charCodeAt(0);
    if (first === PARENTHESIS) return { extreme: 0, member: bound.slice(1), isExclusive: true };
    if (first === BRACKET) return { extreme: 0, member: bound.slice(1), isExclusive: false };
  }
  if (typeof bound === 'string' && bound.startsWith('-\0')) return LEAST;
  if (typeof bound === 'string' && bound.startsWith('+\0')) return GREATEST;
  throw errors.lexBoundInvalid();
}

function isAtLeast(member: ByteString, { extreme, member: bound, isExclusive: isOut }: LexEnd): boolean {
  if (extreme !== 0) return extreme < 0;
  return isOut ? compareBytes(member, bound) > 0 : compareBytes(member, bound) >= 0;
}

function isAtMost(member: ByteString, { extreme, member: bound, isExclusive: isOut }: LexEnd): boolean {
  if (extreme !== 0) return extreme > 0;
  return isOut ? compareBytes(member, bound) < 0 : compareBytes(member, bound) <= 0;
}

/**
 * The ranks of the members in the range, of which `limit` takes a part. O(log n) where all scores are equal. Where
 * they are not, Redis leaves the answer open; a listpack's is imitated.
 */
export function lexWindow(
  value: SortedSetValue,
  range: LexRange,
  reverse = false,
  limit: RangeLimit = EVERYTHING,
): RankWindow {
  const { min, max } = range;
  const { size } = value;
  if (!value.isSkiplist && value.scoreAt(0) !== value.scoreAt(size - 1)) {
    return unevenLexWindow(value, range, reverse, limit);
  }
  const first =
    min.extreme !== 0 ? (min.extreme < 0 ? 0 : size) : value.countBelowMember(min.member, min.isExclusive);
  const last =
    max.extreme !== 0
      ? max.extreme < 0
        ? -1
        : size - 1
      : value.countBelowMember(max.member, !max.isExclusive) - 1;
  return limited({ first, last }, reverse, limit);
}

/** Redis looks for the first member that is not below the range, and goes on from there while members are not above. */
function unevenLexWindow(
  value: SortedSetValue,
  range: LexRange,
  reverse: boolean,
  { offset, count }: RangeLimit,
): RankWindow {
  if (offset < 0 || isEmpty(range)) return EMPTY;
  const highest = value.size - 1;
  if (!isAtLeast(value.memberAt(highest)!, range.min) || !isAtMost(value.memberAt(0)!, range.max))
    return EMPTY;
  const members: ByteString[] = [];
  value.forEach(0, highest, reverse, (member) => {
    members.push(member);
  });
  const hasBegun = (member: ByteString): boolean =>
    reverse ? isAtMost(member, range.max) : isAtLeast(member, range.min);
  const hasNotEnded = (member: ByteString): boolean =>
    reverse ? isAtLeast(member, range.min) : isAtMost(member, range.max);
  const start = members.findIndex(hasBegun);
  if (start < 0 || !hasNotEnded(members[start]!)) return EMPTY;
  const from = start + offset;
  const end = count < 0 ? members.length : Math.min(members.length, from + count);
  let to = from;
  while (to < end && hasNotEnded(members[to]!)) to++;
  return reverse ? { first: highest - (to - 1), last: highest - from } : { first: from, last: to - 1 };
}

function isEmpty({ min, max }: LexRange): boolean {
  if (min.extreme !== 0 || max.extreme !== 0) return min.extreme > 0 || max.extreme < 0;
  const order = compareBytes(min.member, max.member);
  return order > 0 || (order === 0 && (min.isExclusive || max.isExclusive));
}

// ── parts ────────────────────────────────────────────────────────────────────────────────────────────────

/** No limit. */
export const EVERYTHING: RangeLimit = { offset: 0, count: -1 };

/** The part of a window that a limit leaves, in the direction in which it is read. */
export function limited(window: RankWindow, reverse: boolean, { offset, count }: RangeLimit): RankWindow {
  if (offset < 0) return EMPTY;
  const { first, last } = window;
  if (reverse) {
    const end = last - offset;
    return { first: count < 0 ? first : Math.max(first, end - count + 1), last: end };
  }
  const start = first + offset;
  return { first: start, last: count < 0 ? last : Math.min(last, start + count - 1) };
}
