import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import type { Many } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { eventsOf } from '../../keyspace/events.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import type { ScoredMember, ZmpopOptions, ZmpopResult } from './sorted-set-options.ts';
import { type SortedSetValue, ZSET } from './sorted-set-value.ts';

const event = eventsOf('z');
const POPS = { min: event('zpopmin'), max: event('zpopmax') } as const;

/** The commands that take members from the ends of a sorted set. */
export abstract class SortedSetPopOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Removes the members with the least scores, and returns them with these, the least first. O(count · log n).
   * Redis 5.0.0.
   *
   * @param count how many at most; default 1
   * @throws ReplyError WRONGTYPE, or if `count` is negative or no integer
   */
  zpopmin(key: Bytes, count = 1): ScoredMember<O['string']>[] {
    return this.popScoredFrom(key, count, 'min');
  }

  /**
   * Removes the members with the greatest scores, and returns them with these, the greatest first. O(count · log n).
   * Redis 5.0.0.
   *
   * @param count how many at most; default 1
   * @throws ReplyError WRONGTYPE, or if `count` is negative or no integer
   */
  zpopmax(key: Bytes, count = 1): ScoredMember<O['string']>[] {
    return this.popScoredFrom(key, count, 'max');
  }

  private popScoredFrom(key: Bytes, count: number, where: 'min' | 'max'): ScoredMember<O['string']>[] {
    if (!Number.isInteger(count) || count < 0) throw errors.mustBePositive();
    const name = this.input(key);
    const value = this.database.getForWrite(name, ZSET);
    return value === undefined || count === 0 ? [] : this.popScored(name, value, count, where);
  }

  private popScored(
    name: ByteString,
    value: SortedSetValue,
    count: number,
    where: 'min' | 'max',
  ): ScoredMember<O['string']>[] {
    const database = this.database;
    const { size } = value;
    const members: ByteString[] = [];
    const popped: ScoredMember<O['string']>[] = [];
    if (count === 1) {
      const rank = where === 'min' ? 0 : size - 1;
      const member = value.memberAt(rank)!;
      members.push(member);
      popped.push({ member: this.output(member), score: value.scoreAt(rank)! });
      value.delete(member);
    } else {
      const [first, last] =
        where === 'min' ? [0, Math.min(count, size) - 1] : [Math.max(0, size - count), size - 1];
      value.forEach(first, last, where === 'max', (member, score) => {
        members.push(member);
        popped.push({ member: this.output(member), score });
      });
      value.deleteRange(first, last);
    }
    if (database.changed(name, POPS[where])) database.effectOf(['ZREM', name, ...members]);
    database.removeIfEmpty(name, ZSET, value);
    return popped;
  }

  /**
   * Pops from the first of these sorted sets that is there: the least scores (`'min'`) or the greatest (`'max'`).
   * O(keys + count · log n). Redis 7.0.0.
   *
   * @returns the key and what was popped from it, or `null` if all are empty
   * @throws ReplyError if no key is given or `count` is not positive; WRONGTYPE if a key before the first sorted set holds
   * something else
   */
  zmpop(keys: Many, where: 'min' | 'max', options: ZmpopOptions = {}): ZmpopResult<O['string']> | null {
    const names = this.inputMany(keys);
    const { count = 1 } = options;
    if (names.length === 0) throw errors.numkeysMustBePositive();
    if (where !== 'min' && where !== 'max') throw errors.syntax();
    if (!Number.isInteger(count) || count < 1) throw errors.countMustBePositive();
    for (const name of names) {
      const value = this.database.getForWrite(name, ZSET);
      if (value === undefined) continue;
      return { key: this.output(name), members: this.popScored(name, value, count, where) };
    }
    return null;
  }
}
