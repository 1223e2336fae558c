import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import { matcher, requireCount, requireCursor } from '../../keyspace/scan-operations.ts';
import { samplePositions } from '../sample-positions.ts';
import type { ScoredMember, ZscanOptions } from './sorted-set-options.ts';
import { ZSET } from './sorted-set-value.ts';

const DEFAULT_SCAN_COUNT = 10;

/** As many members as an answer may repeat: Redis would go on until it runs out of memory. */
const LARGEST_ANSWER = 2 ** 26;

/** Half of what a signed 64-bit integer holds: Redis counts members and scores apart. */
const MOST_PAIRS = 2 ** 62;

/** The commands that go through a sorted set, or pick from it. */
export abstract class SortedSetScanOperations<O extends Output = Text> extends Operations<O> {
  /** A member chosen at random, or `null` if there is none. O(log n). Redis 6.2.0. @throws ReplyError WRONGTYPE */
  zrandmember(key: Bytes): O['string'] | null {
    const value = this.database.getToRead(this.input(key), ZSET);
    return value === undefined ? null : this.output(value.memberAtRandom(this.keyspace.random));
  }

  /**
   * Members chosen at random. A positive `count` asks for so many different ones, or all there are; a negative one for
   * exactly so many, which may repeat. O(count · log n). Redis 6.2.0.
   *
   * @throws ReplyError WRONGTYPE, or if `count` is no integer, or asks for more than 2^26 repeated members
   */
  zrandmemberCount(key: Bytes, count: number): O['string'][] {
    return this.sampleScored(key, count, (member) => this.output(member));
  }

  /** `zrandmemberCount`, with the scores. O(count · log n). Redis 6.2.0. @throws ReplyError as `zrandmemberCount` does */
  zrandmemberWithScores(key: Bytes, count: number): ScoredMember<O['string']>[] {
    if (Math.abs(count) > MOST_PAIRS) throw errors.outOfRange();
    return this.sampleScored(key, count, (member, score) => ({ member: this.output(member), score }));
  }

  private sampleScored<T>(key: Bytes, count: number, result: (member: ByteString, score: number) => T): T[] {
    if (!Number.isInteger(count)) throw errors.notAnInteger();
    const value = this.database.getToRead(this.input(key), ZSET);
    const chosen: T[] = [];
    if (value === undefined || count === 0) return chosen;
    const { size } = value;
    const { random } = this.keyspace;
    if (count >= size) {
      value.forEach(0, size - 1, false, (member, score) => {
        chosen.push(result(member, score));
      });
    } else if (count > 0) {
      for (const rank of samplePositions(size, count, random)) {
        chosen.push(result(value.memberAt(rank)!, value.scoreAt(rank)!));
      }
    } else {
      if (-count > LARGEST_ANSWER) throw errors.outOfRange();
      for (let left = -count; left > 0; left--) {
        const member = value.memberAtRandom(random);
        chosen.push(result(member, value.score(member)!));
      }
    }
    return chosen;
  }

  /**
   * One step through the members: begins with cursor 0, and has seen them all when the cursor it returns is 0. A
   * member that is there throughout is returned at least once; one that comes or goes meanwhile may or may not be.
   * A small set is returned in one step. O(count). Redis 2.8.0.
   *
   * @returns the cursor of the next step, and the members this one found, perhaps none
   * @throws ReplyError WRONGTYPE; an error if `count` is no integer or below 1
   */
  zscan(
    key: Bytes,
    cursor: number,
    options: ZscanOptions = {},
  ): [cursor: number, members: ScoredMember<O['string']>[]] {
    requireCursor(cursor);
    const value = this.database.getToRead(this.input(key), ZSET);
    const found: ScoredMember<O['string']>[] = [];
    if (value === undefined) return [0, found];
    const { match, count = DEFAULT_SCAN_COUNT } = options;
    requireCount(count);
    const matches = match === undefined ? undefined : matcher(this.input(match));
    const visit = (member: ByteString, score: number): void => {
      if (matches === undefined || matches(member)) found.push({ member: this.output(member), score });
    };
    if (value.isSkiplist) return [value.scan(cursor, count, visit), found];
    value.forEach(0, value.size - 1, false, visit);
    return [0, found];
  }

  /**
   * Every member with its score, one by one, by as many steps of `zscan` as it takes; the set may change meanwhile.
   *
   * @throws ReplyError WRONGTYPE; an error if `count` is no integer or below 1
   * @example
   * for (const { member, score } of store.zscanIterator('board')) console.log(member, score);
   */
  *zscanIterator(
    key: Bytes,
    options: ZscanOptions = {},
  ): Generator<ScoredMember<O['string']>, void, undefined> {
    let cursor = 0;
    do {
      const [next, found] = this.zscan(key, cursor, options);
      yield* found;
      cursor = next;
    } while (cursor !== 0);
  }
}
