import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { eventsOf, type KeyEvent } from '../../keyspace/events.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import {
  EVERYTHING,
  lexRange,
  lexWindow,
  limited,
  type RankWindow,
  rankBound,
  rankWindow,
  scoreRange,
  scoreWindow,
} from './sorted-set-bounds.ts';
import type {
  LexBound,
  RangeBound,
  RangeLimit,
  ScoreBound,
  ScoredMember,
  ZrangeLimitOptions,
  ZrangeOptions,
} from './sorted-set-options.ts';
import { type SortedSetValue, ZSET } from './sorted-set-value.ts';
import { storeMembers } from './store-members.ts';

const event = eventsOf('z');
const ZRANGESTORE = event('zrangestore');
const ZREMRANGEBYRANK = event('zremrangebyrank');
const ZREMRANGEBYSCORE = event('zremrangebyscore');
const ZREMRANGEBYLEX = event('zremrangebylex');

/** Where a range lies in a sorted set, found out after its bounds were read. */
type Locate = (value: SortedSetValue) => RankWindow;

/** The commands on ranges of a sorted set. */
export abstract class SortedSetRangeOperations<O extends Output = Text> extends Operations<O> {
  /** How many members have scores in a range. O(log n). Redis 2.0.0. @throws ReplyError if a bound is no number; WRONGTYPE */
  zcount(key: Bytes, min: ScoreBound, max: ScoreBound): number {
    const range = scoreRange(this.inputBound(min), this.inputBound(max));
    const value = this.database.getToRead(this.input(key), ZSET);
    return value === undefined ? 0 : lengthOf(scoreWindow(value, range));
  }

  /**
   * How many members are in a range in byte order; means something only if all scores are equal. O(log n). Redis 2.8.9.
   *
   * @throws ReplyError if a bound begins with none of `[`, `(`, `-` and `+`; WRONGTYPE
   */
  zlexcount(key: Bytes, min: LexBound, max: LexBound): number {
    const range = lexRange(this.input(min), this.input(max));
    const value = this.database.getToRead(this.input(key), ZSET);
    return value === undefined ? 0 : lengthOf(lexWindow(value, range));
  }

  /**
   * The members in a range: of ranks; with `by`, of scores or of members. O(log n + answer). Redis 1.2.0; options 6.2.0.
   *
   * @throws ReplyError if a bound is none of its kind, or options do not go together; WRONGTYPE
   * @example
   * store.zrange('board', 0, 9, { rev: true }); // the ten best
   * store.zrange('board', '(5', '+inf', { by: 'score' });
   */
  zrange(key: Bytes, start: RangeBound, stop: RangeBound, options: ZrangeOptions = {}): O['string'][] {
    return this.membersIn(key, this.locate(start, stop, options, false), options.rev === true);
  }

  /**
   * `zrange`, with the scores. O(log n + answer). Redis 1.2.0; options 6.2.0.
   *
   * @throws ReplyError if a bound is none of its kind, or options do not go together; WRONGTYPE
   */
  zrangeWithScores(
    key: Bytes,
    start: RangeBound,
    stop: RangeBound,
    options: ZrangeOptions = {},
  ): ScoredMember<O['string']>[] {
    return this.scoredIn(key, this.locate(start, stop, options, true), options.rev === true);
  }

  /**
   * Makes `destination` a sorted set of what `zrange` of `source` answers, whatever it held before; if that is nothing,
   * there is no such key then. O(log n + answer). Redis 6.2.0.
   *
   * @returns how many members it has
   * @throws ReplyError if a bound is none of its kind, or options do not go together; WRONGTYPE
   */
  zrangestore(
    destination: Bytes,
    source: Bytes,
    start: RangeBound,
    stop: RangeBound,
    options: ZrangeOptions = {},
  ): number {
    this.makeRoom();
    const locate = this.locate(start, stop, options, false);
    const from = this.input(source);
    const database = this.database;
    const value = database.getToRead(from, ZSET);
    const members: ByteString[] = [];
    const scores: number[] = [];
    let ranks = ['0', '-1'];
    if (value !== undefined) {
      const { first, last } = locate(value);
      ranks = [String(first), String(last)];
      value.forEach(first, last, false, (member, score) => {
        members.push(member);
        scores.push(score);
      });
    }
    const to = this.input(destination);
    const { limits } = this.keyspace;
    if (storeMembers(database, to, members, scores, limits, ZRANGESTORE)) {
      database.effectOf(['ZRANGESTORE', to, from, ...ranks]);
    }
    return members.length;
  }

  /** Reads bounds and options; says what is wrong with them, in Redis's order. */
  private locate(start: RangeBound, stop: RangeBound, options: ZrangeOptions, isWithScores: boolean): Locate {
    const { by, rev = false, limit = EVERYTHING } = options;
    requireLimit(limit);
    if (by === undefined && limit.count !== -1) throw errors.limitNeedsByscoreOrBylex();
    if (by === 'lex' && isWithScores) throw errors.withscoresAndBylex();
    const [min, max] = rev && by !== undefined ? [stop, start] : [start, stop];
    const first = this.inputBound(min);
    const last = this.inputBound(max);
    if (by === undefined) {
      const [from, to] = [rankBound(first), rankBound(last)];
      return (value) => rankWindow(value.size, from, to, rev);
    }
    if (by === 'score') {
      const range = scoreRange(first, last);
      return (value) => limited(scoreWindow(value, range), rev, limit);
    }
    if (by !== 'lex') throw errors.syntax();
    const range = lexRange(first, last);
    return (value) => lexWindow(value, range, rev, limit);
  }

  private inputBound(bound: RangeBound): number | ByteString {
    return typeof bound === 'number' ? bound : this.input(bound);
  }

  private membersIn(key: Bytes, locate: Locate, reverse: boolean): O['string'][] {
    const found: O['string'][] = [];
    const value = this.database.getToRead(this.input(key), ZSET);
    if (value === undefined) return found;
    const { first, last } = locate(value);
    value.forEach(first, last, reverse, (member) => {
      found.push(this.output(member));
    });
    return found;
  }

  private scoredIn(key: Bytes, locate: Locate, reverse: boolean): ScoredMember<O['string']>[] {
    const found: ScoredMember<O['string']>[] = [];
    const value = this.database.getToRead(this.input(key), ZSET);
    if (value === undefined) return found;
    const { first, last } = locate(value);
    value.forEach(first, last, reverse, (member, score) => {
      found.push({ member: this.output(member), score });
    });
    return found;
  }

  /**
   * The members in a range of ranks, the greatest score first. O(log n + answer). Redis 1.2.0; `zrange` with `rev`
   * serves better.
   *
   * @throws ReplyError if a rank is no integer; WRONGTYPE
   */
  zrevrange(key: Bytes, start: number, stop: number): O['string'][] {
    return this.zrange(key, start, stop, REVERSE);
  }

  /** `zrevrange`, with the scores. O(log n + answer). Redis 1.2.0. @throws ReplyError if a rank is no integer; WRONGTYPE */
  zrevrangeWithScores(key: Bytes, start: number, stop: number): ScoredMember<O['string']>[] {
    return this.zrangeWithScores(key, start, stop, REVERSE);
  }

  /**
   * The members in a range of scores. O(log n + answer). Redis 1.0.5; `zrange` with `by: 'score'` serves better.
   *
   * @throws ReplyError if a bound is no number; WRONGTYPE
   */
  zrangebyscore(
    key: Bytes,
    min: ScoreBound,
    max: ScoreBound,
    options: ZrangeLimitOptions = {},
  ): O['string'][] {
    return this.zrange(key, min, max, optionsBy('score', false, options));
  }

  /** `zrangebyscore`, with the scores. O(log n + answer). Redis 1.0.5. @throws ReplyError if a bound is no number; WRONGTYPE */
  zrangebyscoreWithScores(
    key: Bytes,
    min: ScoreBound,
    max: ScoreBound,
    options: ZrangeLimitOptions = {},
  ): ScoredMember<O['string']>[] {
    return this.zrangeWithScores(key, min, max, optionsBy('score', false, options));
  }

  /**
   * The members in a range of scores, the greatest first. O(log n + answer). Redis 2.2.0; `zrange` serves better.
   *
   * @throws ReplyError if a bound is no number; WRONGTYPE
   */
  zrevrangebyscore(
    key: Bytes,
    max: ScoreBound,
    min: ScoreBound,
    options: ZrangeLimitOptions = {},
  ): O['string'][] {
    return this.zrange(key, max, min, optionsBy('score', true, options));
  }

  /** `zrevrangebyscore`, with the scores. O(log n + answer). Redis 2.2.0. @throws ReplyError if a bound is no number; WRONGTYPE */
  zrevrangebyscoreWithScores(
    key: Bytes,
    max: ScoreBound,
    min: ScoreBound,
    options: ZrangeLimitOptions = {},
  ): ScoredMember<O['string']>[] {
    return this.zrangeWithScores(key, max, min, optionsBy('score', true, options));
  }

  /**
   * The members in a range in byte order; means something only if all scores are equal. O(log n + answer).
   * Redis 2.8.9; `zrange` with `by: 'lex'` serves better.
   *
   * @throws ReplyError if a bound begins with none of `[`, `(`, `-` and `+`; WRONGTYPE
   */
  zrangebylex(key: Bytes, min: LexBound, max: LexBound, options: ZrangeLimitOptions = {}): O['string'][] {
    return this.zrange(key, min, max, optionsBy('lex', false, options));
  }

  /**
   * `zrangebylex`, the greatest first. O(log n + answer). Redis 2.8.9; `zrange` serves better.
   *
   * @throws ReplyError if a bound begins with none of `[`, `(`, `-` and `+`; WRONGTYPE
   */
  zrevrangebylex(key: Bytes, max: LexBound, min: LexBound, options: ZrangeLimitOptions = {}): O['string'][] {
    return this.zrange(key, max, min, optionsBy('lex', true, options));
  }

  /**
   * Removes the members in a range of ranks; returns how many. O(log n + removed). Redis 2.0.0.
   *
   * @throws ReplyError if a rank is no integer; WRONGTYPE
   */
  zremrangebyrank(key: Bytes, start: number, stop: number): number {
    const [first, last] = [rankBound(this.inputBound(start)), rankBound(this.inputBound(stop))];
    return this.removeRange(key, (value) => rankWindow(value.size, first, last, false), ZREMRANGEBYRANK);
  }

  /**
   * Removes the members with scores in a range; returns how many. O(log n + removed). Redis 1.2.0.
   *
   * @throws ReplyError if a bound is no number; WRONGTYPE
   */
  zremrangebyscore(key: Bytes, min: ScoreBound, max: ScoreBound): number {
    const range = scoreRange(this.inputBound(min), this.inputBound(max));
    return this.removeRange(key, (value) => scoreWindow(value, range), ZREMRANGEBYSCORE);
  }

  /**
   * Removes the members in a range in byte order; returns how many. Means something only if all scores are equal.
   * O(log n + removed). Redis 2.8.9.
   *
   * @throws ReplyError if a bound begins with none of `[`, `(`, `-` and `+`; WRONGTYPE
   */
  zremrangebylex(key: Bytes, min: LexBound, max: LexBound): number {
    const range = lexRange(this.input(min), this.input(max));
    return this.removeRange(key, (value) => lexWindow(value, range), ZREMRANGEBYLEX);
  }

  private removeRange(key: Bytes, locate: Locate, removal: KeyEvent): number {
    const name = this.input(key);
    const database = this.database;
    const value = database.getForWrite(name, ZSET);
    if (value === undefined) return 0;
    const { first, last } = locate(value);
    const removed = value.deleteRange(first, last);
    if (removed === 0) return 0;
    if (database.changed(name, removal)) {
      database.effect('ZREMRANGEBYRANK', name, String(first), String(first + removed - 1));
    }
    database.removeIfEmpty(name, ZSET, value);
    return removed;
  }
}

const REVERSE: ZrangeOptions = { rev: true };

function optionsBy(by: 'score' | 'lex', rev: boolean, { limit }: ZrangeLimitOptions): ZrangeOptions {
  return limit === undefined ? { by, rev } : { by, rev, limit };
}

function requireLimit({ offset, count }: RangeLimit): void {
  if (!Number.isInteger(offset) || !Number.isInteger(count)) throw errors.notAnInteger();
}

function lengthOf({ first, last }: RankWindow): number {
  return Math.max(0, last - first + 1);
}
