import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import type { Many } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { Entry, typeOf } from '../../keyspace/entry.ts';
import { events, type KeyEvent } from '../../keyspace/events.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import type { MemberSet } from './member-set.ts';
import {
  difference,
  differenceSize,
  intersection,
  intersectionSize,
  type Operand,
  storedDifference,
  storedIntersection,
  storedUnion,
  union,
  unionSize,
} from './set-algebra.ts';
import { setEvents } from './set-events.ts';
import type { SetCardOptions, SunioncardOptions } from './set-options.ts';
import { SET } from './set-value.ts';

/** The commands on several sets. A key that does not exist is an empty set to all of them. */
export abstract class SetAlgebraOperations<O extends Output = Text> extends Operations<O> {
  /**
   * The members that all of these sets have, in no particular order. O(smallest · sets). Redis 1.0.0.
   *
   * @throws ReplyError WRONGTYPE if a key holds something else, even where the result is empty anyway
   */
  sinter(keys: Many): O['string'][] {
    return this.outputSetMembers(intersection(this.setOperands(this.setKeys(keys, 'sinter'))));
  }

  /**
   * The members that any of these sets has, in no particular order. O(members of all). Redis 1.0.0.
   *
   * @throws ReplyError WRONGTYPE if a key holds something else
   */
  sunion(keys: Many): O['string'][] {
    return this.outputSetMembers(union(this.setOperands(this.setKeys(keys, 'sunion'))));
  }

  /**
   * The members of the first set that none of the others has, in no particular order. O(members of all).
   * Redis 1.0.0.
   *
   * @throws ReplyError WRONGTYPE if a key holds something else
   */
  sdiff(keys: Many): O['string'][] {
    return this.outputSetMembers(difference(this.setOperands(this.setKeys(keys, 'sdiff'))));
  }

  /**
   * Makes a key hold what `sinter` answers, whatever it held before, without a TTL; where that is nothing, the key
   * goes. Returns how many members there are. O(smallest · sets). Redis 1.0.0.
   *
   * @throws ReplyError WRONGTYPE if one of `keys` holds something else
   */
  sinterstore(destination: Bytes, keys: Many): number {
    this.makeRoom();
    const sources = this.setKeys(keys, 'sinterstore');
    const result = storedIntersection(this.setOperands(sources), this.keyspace.limits);
    return this.storeSet(destination, result, setEvents.sinterstore, 'SINTERSTORE', sources);
  }

  /**
   * Makes a key hold what `sunion` answers, whatever it held before, without a TTL; where that is nothing, the key
   * goes. Returns how many members there are. O(members of all). Redis 1.0.0.
   *
   * @throws ReplyError WRONGTYPE if one of `keys` holds something else
   */
  sunionstore(destination: Bytes, keys: Many): number {
    this.makeRoom();
    const sources = this.setKeys(keys, 'sunionstore');
    const result = storedUnion(this.setOperands(sources), this.keyspace.limits);
    return this.storeSet(destination, result, setEvents.sunionstore, 'SUNIONSTORE', sources);
  }

  /**
   * Makes a key hold what `sdiff` answers, whatever it held before, without a TTL; where that is nothing, the key
   * goes. Returns how many members there are. O(members of all). Redis 1.0.0.
   *
   * @throws ReplyError WRONGTYPE if one of `keys` holds something else
   */
  sdiffstore(destination: Bytes, keys: Many): number {
    this.makeRoom();
    const sources = this.setKeys(keys, 'sdiffstore');
    const result = storedDifference(this.setOperands(sources), this.keyspace.limits);
    return this.storeSet(destination, result, setEvents.sdiffstore, 'SDIFFSTORE', sources);
  }

  /**
   * How many members all of these sets have, at most `limit`. O(smallest · sets). Redis 7.0.0.
   *
   * @throws ReplyError if `limit` is no integer or negative; WRONGTYPE if a key holds something else
   */
  sintercard(keys: Many, options: SetCardOptions = {}): number {
    const limit = limitOf(options);
    return intersectionSize(this.setOperands(this.setKeys(keys, 'sintercard')), limit);
  }

  /**
   * How many members these sets have together, at most `limit`. Always exact, also with `approx`. O(members of all).
   * Redis 8.10.0.
   *
   * @throws ReplyError if `limit` is no integer or negative; WRONGTYPE if a key holds something else
   */
  sunioncard(keys: Many, options: SunioncardOptions = {}): number {
    const limit = limitOf(options);
    return unionSize(this.setOperands(this.setKeys(keys, 'sunioncard')), limit);
  }

  /**
   * How many members the first set has that none of the others has, at most `limit`. O(first · sets). Redis 8.10.0.
   *
   * @throws ReplyError if `limit` is no integer or negative; WRONGTYPE if a key holds something else
   */
  sdiffcard(keys: Many, options: SetCardOptions = {}): number {
    const limit = limitOf(options);
    return differenceSize(this.setOperands(this.setKeys(keys, 'sdiffcard')), limit);
  }

  private setKeys(keys: Many, command: string): ByteString[] {
    const given = this.inputMany(keys);
    if (given.length === 0) throw errors.wrongArity(command);
    return given;
  }

  /** What these keys hold: every one is looked at, so that a wrong type is always told. */
  private setOperands(keys: readonly ByteString[]): Operand[] {
    const database = this.database;
    return keys.map((key) => database.getToRead(key, SET));
  }

  private outputSetMembers(members: Iterable<ByteString>): O['string'][] {
    const answer: O['string'][] = [];
    for (const member of members) answer.push(this.output(member));
    return answer;
  }

  private storeSet(
    destination: Bytes,
    result: MemberSet,
    event: KeyEvent,
    command: string,
    sources: readonly ByteString[],
  ): number {
    const key = this.input(destination);
    const database = this.database;
    const replaced = database.find(key);
    if (result.size === 0) {
      if (replaced === undefined) return 0;
      database.remove(key);
      if (database.changed(key, events.del)) database.effect('DEL', key);
      return 0;
    }
    const oldType = replaced === undefined ? undefined : typeOf(replaced);
    database.put(key, new Entry<MemberSet>(SET, result) as Entry);
    if (oldType !== undefined) database.overwritten(key, oldType, SET.type);
    // Its sources say what is stored, in fewer words than the members would.
    if (database.changed(key, event)) database.effectOf([command, key, ...sources]);
    return result.size;
  }
}

/** @throws ReplyError if it is none */
function limitOf({ limit = 0 }: SetCardOptions): number {
  if (!Number.isInteger(limit) || limit < 0) throw errors.limitNegative();
  return limit === 0 ? Number.POSITIVE_INFINITY : limit;
}
