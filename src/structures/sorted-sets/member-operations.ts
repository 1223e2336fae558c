import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import type { Many } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import type { Database } from '../../keyspace/database.ts';
import { Entry } from '../../keyspace/entry.ts';
import { eventsOf } from '../../keyspace/events.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import { formatDouble } from '../../numbers/double.ts';
import { putMembers, ZADD } from './put-members.ts';
import type {
  RankWithScore,
  ScoredMember,
  ScoredMembers,
  ZaddConditions,
  ZaddOptions,
} from './sorted-set-options.ts';
import { type SortedSetLimits, SortedSetValue, ZSET } from './sorted-set-value.ts';
import { type PutOutcome, putUnder, requireConditions } from './zadd-conditions.ts';

const event = eventsOf('z');
const ZINCR = event('zincr');
const ZREM = event('zrem');

// Hosts make more of this in a loop over an object's names than of `Object.hasOwn`: half the time.
const { hasOwnProperty: isOwn } = Object.prototype;
const NO_OPTIONS: ZaddOptions = {};

/** The commands on members of a sorted set that are named. */
export abstract class SortedSetMemberOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Gives members scores, adding those that are not there. O(log n) for each. Redis 1.2.0; `gt` and `lt` 6.2.0.
   *
   * @returns how many members were added; with `ch`, how many were added or got another score
   * @throws ReplyError if options exclude each other, a score is not a number, or no member is given; WRONGTYPE. Nothing
   * is changed then
   * @example
   * store.zadd('board', { ada: 10, bob: 7 });
   * store.zadd('board', [{ member: name, score }]); // where names vary, hosts make more of this than of `{ [name]: score }`
   */
  zadd(key: Bytes, members: ScoredMembers, options?: ZaddOptions): number {
    this.makeRoom();
    const name = this.input(key);
    if (options !== undefined) requireConditions(options);
    const given = this.inputScores(members, 'zadd');
    if (given.count === 1) {
      const outcome = this.putScore(name, given.member, given.score, options, false);
      return outcome === 'added' || (outcome === 'moved' && options?.ch === true) ? 1 : 0;
    }
    return putMembers(
      this.database,
      name,
      given.members,
      given.scores,
      options ?? NO_OPTIONS,
      this.keyspace.limits,
    );
  }

  /**
   * Adds to the score of one member, which begins at 0, under the conditions of `zadd`. O(log n). Redis 1.2.0.
   *
   * @returns its new score, or `null` if a condition did not hold and nothing was changed
   * @throws ReplyError if options exclude each other, or there is not exactly one member; if the increment or the
   * new score is not a number; WRONGTYPE
   */
  zaddIncr(key: Bytes, members: ScoredMembers, options: ZaddOptions = NO_OPTIONS): number | null {
    this.makeRoom();
    const name = this.input(key);
    requireConditions(options);
    const given = this.inputScores(members, 'zadd');
    if (given.count > 1) throw errors.zaddIncrPairs();
    const { member, score: increment } = given;
    const current = this.database.get(name, ZSET)?.score(member);
    if (current !== undefined && options.nx === true) return null;
    const score = current === undefined ? increment : current + increment;
    if (Number.isNaN(score)) throw errors.scoreNotANumber();
    return this.putScore(name, member, score, options, true) === 'refused' ? null : score;
  }

  /**
   * Adds to the score of a member, which begins at 0; returns its new score. O(log n). Redis 1.2.0.
   *
   * @throws ReplyError if the increment or the new score is not a number; WRONGTYPE
   */
  zincrby(key: Bytes, increment: number, member: Bytes): number {
    this.makeRoom();
    const name = this.input(key);
    const text = this.input(member);
    if (!isNumber(increment)) throw errors.notAFloat();
    const database = this.database;
    const value = database.getForWrite(name, ZSET);
    const current = value?.score(text);
    const score = current === undefined ? increment : current + increment;
    if (Number.isNaN(score)) throw errors.scoreNotANumber();
    const { limits } = this.keyspace;
    if (value === undefined) {
      createWith(database, name, text, score, limits);
    } else {
      value.prepareFor(1, limits);
      if (value.put(text, score, limits) === 'same') return score;
    }
    if (database.changed(name, ZINCR)) database.effect('ZADD', name, formatDouble(score), text);
    return score;
  }

  /** One member's score, put under a sorted set, made anew if need be. */
  private putScore(
    name: ByteString,
    member: ByteString,
    score: number,
    conditions: ZaddConditions | undefined,
    isIncrement: boolean,
  ): PutOutcome {
    const database = this.database;
    const { limits } = this.keyspace;
    const value = database.getForWrite(name, ZSET);
    let outcome: PutOutcome;
    if (value !== undefined) {
      value.prepareFor(1, limits);
      outcome =
        conditions === undefined
          ? value.put(member, score, limits)
          : putUnder(conditions, value, member, score, limits);
      if (outcome === 'same' || outcome === 'refused') return outcome;
    } else {
      if (conditions?.xx === true) return 'refused';
      createWith(database, name, member, score, limits);
      outcome = 'added';
    }
    if (database.changed(name, isIncrement ? ZINCR : ZADD)) {
      database.effect('ZADD', name, formatDouble(score), member);
    }
    return outcome;
  }

  /** What a caller gave, checked and in its inner form. One member comes without arrays. */
  private inputScores(members: ScoredMembers, command: string): GivenScores {
    const given: GivenScores = { count: 0, member: '', score: 0, members: NONE, scores: NONE };
    if (Array.isArray(members)) {
      for (const { member, score } of members as readonly ScoredMember<Bytes>[]) {
        addScore(given, this.input(member), score);
      }
    } else if (members instanceof Map) {
      for (const [member, score] of members) addScore(given, this.input(member), score);
    } else {
      const record = members as Readonly<Record<string, number>>;
      for (const member in record) {
        if (isOwn.call(record, member)) addScore(given, this.input(member), record[member]!);
      }
    }
    if (given.count === 0) throw errors.wrongArity(command);
    return given;
  }

  /**
   * Removes members; returns how many there were. The key goes with the last one. O(log n) for each. Redis 1.2.0.
   *
   * @throws ReplyError WRONGTYPE, or if no member is given
   */
  zrem(key: Bytes, members: Many): number {
    const name = this.input(key);
    const given = this.inputMany(members);
    if (given.length === 0) throw errors.wrongArity('zrem');
    const database = this.database;
    const value = database.getForWrite(name, ZSET);
    if (value === undefined) return 0;
    const removed = given.filter((member) => value.delete(member));
    if (removed.length === 0) return 0;
    if (database.changed(name, ZREM)) database.effectOf(['ZREM', name, ...removed]);
    database.removeIfEmpty(name, ZSET, value);
    return removed.length;
  }

  /** How many members there are. O(1). Redis 1.2.0. @throws ReplyError WRONGTYPE */
  zcard(key: Bytes): number {
    return this.database.getToRead(this.input(key), ZSET)?.size ?? 0;
  }

  /** The score of a member, or `null` if it is not there. O(1). Redis 1.2.0. @throws ReplyError WRONGTYPE */
  zscore(key: Bytes, member: Bytes): number | null {
    return this.database.getToRead(this.input(key), ZSET)?.score(this.input(member)) ?? null;
  }

  /**
   * The scores of several members, `null` for each that is not there. O(members). Redis 6.2.0.
   *
   * @throws ReplyError WRONGTYPE, or if no member is given
   */
  zmscore(key: Bytes, members: Many): (number | null)[] {
    const given = this.inputMany(members);
    if (given.length === 0) throw errors.wrongArity('zmscore');
    const value = this.database.getToRead(this.input(key), ZSET);
    return given.map((member) => value?.score(member) ?? null);
  }

  /** How many members score less than this one, or `null` if it is not there. O(log n). Redis 2.0.0. @throws ReplyError WRONGTYPE */
  zrank(key: Bytes, member: Bytes): number | null {
    const rank = this.database.getToRead(this.input(key), ZSET)?.rank(this.input(member)) ?? -1;
    return rank < 0 ? null : rank;
  }

  /** `zrank`, and the score beside it. O(log n). Redis 7.2.0. @throws ReplyError WRONGTYPE */
  zrankWithScore(key: Bytes, member: Bytes): RankWithScore | null {
    return this.rankAndScore(key, member, false);
  }

  /** How many members score more than this one, or `null` if it is not there. O(log n). Redis 2.0.0. @throws ReplyError WRONGTYPE */
  zrevrank(key: Bytes, member: Bytes): number | null {
    const value = this.database.getToRead(this.input(key), ZSET);
    const rank = value?.rank(this.input(member)) ?? -1;
    return rank < 0 ? null : value!.size - 1 - rank;
  }

  /** `zrevrank`, and the score beside it. O(log n). Redis 7.2.0. @throws ReplyError WRONGTYPE */
  zrevrankWithScore(key: Bytes, member: Bytes): RankWithScore | null {
    return this.rankAndScore(key, member, true);
  }

  private rankAndScore(key: Bytes, member: Bytes, reverse: boolean): RankWithScore | null {
    const value = this.database.getToRead(this.input(key), ZSET);
    const text = this.input(member);
    const score = value?.score(text);
    if (value === undefined || score === undefined) return null;
    const rank = value.rank(text);
    return { rank: reverse ? value.size - 1 - rank : rank, score };
  }
}

/** What `zadd` was given. The arrays are filled from the second member on. */
interface GivenScores {
  count: number;
  member: ByteString;
  score: number;
  members: ByteString[];
  scores: number[];
}

const NONE: never[] = [];

function addScore(given: GivenScores, member: ByteString, score: number): void {
  if (!isNumber(score)) throw errors.notAFloat();
  if (given.count === 0) {
    given.member = member;
    given.score = score;
  } else {
    if (given.count === 1) {
      given.members = [given.member];
      given.scores = [given.score];
    }
    given.members.push(member);
    given.scores.push(score);
  }
  given.count++;
}

function isNumber(score: unknown): boolean {
  return typeof score === 'number' && !Number.isNaN(score);
}

/** Puts a sorted set of one member under a key that holds nothing. */
function createWith(
  database: Database,
  name: ByteString,
  member: ByteString,
  score: number,
  limits: SortedSetLimits,
): void {
  const value = SortedSetValue.forMembers(1, member, limits);
  value.put(member, score, limits);
  database.put(name, new Entry(ZSET, value) as Entry);
}
