import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { isMany, type Many } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import type { Database } from '../../keyspace/database.ts';
import type { Entry } from '../../keyspace/entry.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import { matcher, requireCount, requireCursor } from '../../keyspace/scan-operations.ts';
import { samplePositions } from '../sample-positions.ts';
import { MemberSet } from './member-set.ts';
import { setEvents } from './set-events.ts';
import type { SscanOptions } from './set-options.ts';
import { createSet, SET } from './set-value.ts';

const DEFAULT_SCAN_COUNT = 10;

/** From so many popped for each one that stays, those that stay are moved instead. */
const MOST_POPPED = 5;

/** An engine ends the process, rather than throw, over an array that outgrows its memory. */
const LARGEST_ANSWER = 2 ** 26;

/** The commands on the members of one set. */
export abstract class SetOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Adds members to a set, which begins empty; returns how many of them are new. O(members given). Redis 1.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   * @example
   * store.sadd('tags', 'red');
   * store.sadd('tags', ['green', 'blue']);
   */
  sadd(key: Bytes, members: Many): number {
    this.makeRoom();
    const name = this.input(key);
    const database = this.database;
    if (isMany(members)) return this.saddAll(database, name, this.inputSetMembers(members, 'sadd'));
    const member = this.input(members);
    if (!database.getOrCreate(name, SET, createSet).add(member, this.keyspace.limits)) return 0;
    if (database.changed(name, setEvents.sadd)) database.effect('SADD', name, member);
    return 1;
  }

  private saddAll(database: Database, key: ByteString, members: readonly ByteString[]): number {
    const { limits } = this.keyspace;
    const set = database.getOrCreate(key, SET, createSet);
    const before = set.size;
    if (members.length > 1) set.prepareFor(members.length, members[0]!, limits);
    for (const member of members) set.add(member, limits);
    const added = set.size - before;
    if (added > 0 && database.changed(key, setEvents.sadd)) database.effectOf(['SADD', key, ...members]);
    return added;
  }

  /**
   * Removes members from a set; returns how many of them were there. O(members given). Redis 1.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  srem(key: Bytes, members: Many): number {
    const name = this.input(key);
    const removed = this.inputSetMembers(members, 'srem');
    const database = this.database;
    const set = database.getForWrite(name, SET);
    if (set === undefined) return 0;
    const before = set.size;
    for (const member of removed) set.delete(member);
    if (set.size === before) return 0;
    if (database.changed(name, setEvents.srem)) database.effectOf(['SREM', name, ...removed]);
    database.removeIfEmpty(name, SET, set);
    return before - set.size;
  }

  /** How many members a set has. O(1). Redis 1.0.0. @throws ReplyError WRONGTYPE if the key holds something else */
  scard(key: Bytes): number {
    return this.database.getToRead(this.input(key), SET)?.size ?? 0;
  }

  /**
   * Whether a set has this member: 1 or 0. O(1). Redis 1.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  sismember(key: Bytes, member: Bytes): number {
    const set = this.database.getToRead(this.input(key), SET);
    return set?.has(this.input(member)) === true ? 1 : 0;
  }

  /**
   * Whether a set has each of these members: 1 or 0, in the order given. O(members given). Redis 6.2.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  smismember(key: Bytes, members: Many): number[] {
    const asked = this.inputSetMembers(members, 'smismember');
    const set = this.database.getToRead(this.input(key), SET);
    return asked.map((member) => (set?.has(member) === true ? 1 : 0));
  }

  /**
   * All members of a set, in no particular order. O(n). Redis 1.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  smembers(key: Bytes): O['string'][] {
    return this.outputSet(this.database.getToRead(this.input(key), SET));
  }

  /**
   * Moves a member from one set to another. Returns 1 if it was in the source, else 0. O(1). Redis 1.0.0.
   *
   * @throws ReplyError WRONGTYPE if either key holds something else; not if the source does not exist
   */
  smove(source: Bytes, destination: Bytes, member: Bytes): number {
    const from = this.input(source);
    const to = this.input(destination);
    const moved = this.input(member);
    const database = this.database;
    const set = database.getForWrite(from, SET);
    if (set === undefined) {
      database.findForWrite(to);
      return 0;
    }
    database.get(to, SET);
    if (from === to) return set.has(moved) ? 1 : 0;
    if (!set.delete(moved)) {
      database.findForWrite(to);
      return 0;
    }
    const isRecording = database.changed(from, setEvents.srem);
    database.removeIfEmpty(from, SET, set);
    const target = database.getOrCreate(to, SET, createSet);
    if (target.add(moved, this.keyspace.limits)) database.changed(to, setEvents.sadd);
    if (isRecording) database.effect('SMOVE', from, to, moved);
    return 1;
  }

  /**
   * Removes a member chosen at random and returns it, `null` if there is no such set. O(1). Redis 1.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  spop(key: Bytes): O['string'] | null {
    const name = this.input(key);
    const database = this.database;
    const set = database.getForWrite(name, SET);
    if (set === undefined) return null;
    const member = set.popRandom(this.keyspace.random)!;
    const isRecording = database.changed(name, setEvents.spop);
    const isEmptied = database.removeIfEmpty(name, SET, set);
    if (isRecording) {
      if (isEmptied) database.effect('DEL', name);
      else database.effect('SREM', name, member);
    }
    return this.output(member);
  }

  /**
   * Removes up to `count` members chosen at random and returns them. O(count). Redis 3.2.0.
   *
   * @throws ReplyError if `count` is no integer or negative; WRONGTYPE if the key holds something else
   */
  spopCount(key: Bytes, count: number): O['string'][] {
    if (!Number.isInteger(count) || count < 0) throw errors.mustBePositive();
    const name = this.input(key);
    const database = this.database;
    const set = database.getForWrite(name, SET);
    if (set === undefined || count === 0) return [];
    if (count >= set.size) {
      if (database.changed(name, setEvents.spop)) database.effect('DEL', name);
      database.delete(name);
      return this.outputSet(set);
    }
    const popped = this.spopSome(database, name, set, count);
    if (database.changed(name, setEvents.spop)) database.effectOf(['SREM', name, ...popped]);
    return popped.map((member) => this.output(member));
  }

  /** Pops fewer members than there are. */
  private spopSome(database: Database, key: ByteString, set: MemberSet, count: number): ByteString[] {
    const { random, limits } = this.keyspace;
    const remaining = set.size - count;
    if (set.encoding === 'listpack' || remaining * MOST_POPPED > count) {
      return Array.from({ length: count }, () => set.popRandom(random)!);
    }
    // What stays makes a new set, as in Redis; so that here, and nowhere else, a hashtable becomes smaller again.
    // Its order stays too, for a scan that is under way must not find a member moved up behind it.
    const { size } = set;
    const kept = samplePositions(size, remaining, random).sort((a, b) => a - b);
    const staying: ByteString[] = [];
    const popped: ByteString[] = [];
    for (let position = 0; position < size; position++) {
      const isKept = position === kept[staying.length];
      (isKept ? staying : popped).push(set.memberAt(position));
    }
    const least = set.encoding === 'intset' ? 'intset' : 'listpack';
    const entry = database.find(key) as Entry<MemberSet>;
    entry.value = MemberSet.of(staying, limits, least);
    return popped;
  }

  /**
   * A member chosen at random, `null` if there is no such set. O(1). Redis 1.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  srandmember(key: Bytes): O['string'] | null {
    const member = this.database.getToRead(this.input(key), SET)?.memberAtRandom(this.keyspace.random);
    return member === undefined ? null : this.output(member);
  }

  /**
   * Members chosen at random: up to `count` different ones, or, where `count` is negative, exactly that many, each
   * chosen from all. O(|count|). Redis 2.6.0.
   *
   * @throws ReplyError if `count` is no integer, or asks for more than 2^26 repeated members; WRONGTYPE if the key holds
   * something else
   */
  srandmemberCount(key: Bytes, count: number): O['string'][] {
    if (!Number.isInteger(count)) throw errors.notAnInteger();
    const set = this.database.getToRead(this.input(key), SET);
    if (set === undefined || count === 0) return [];
    if (count >= set.size) return this.outputSet(set);
    const { random } = this.keyspace;
    if (count > 0) return set.sample(count, random).map((member) => this.output(member));
    if (-count > LARGEST_ANSWER) throw errors.outOfRange();
    if (-count < set.size) {
      return Array.from({ length: -count }, () => this.output(set.memberAtRandom(random)!));
    }
    const members = this.outputSet(set);
    return Array.from({ length: -count }, () => members[Math.floor(random() * members.length)]!);
  }

  /**
   * One step through the members: begins with cursor 0, and has seen them all when the cursor it returns is 0. A member
   * that is there throughout is returned at least once; one that comes or goes meanwhile may or may not be. O(count),
   * for small sets all at once. Redis 2.8.0.
   *
   * @returns the cursor of the next step, and the members this one found, perhaps none
   * @throws ReplyError if `count` is no integer or below 1; WRONGTYPE if the key holds something else
   */
  sscan(key: Bytes, cursor: number, options: SscanOptions = {}): [cursor: number, members: O['string'][]] {
    requireCursor(cursor);
    const set = this.database.getToRead(this.input(key), SET);
    if (set === undefined) return [0, []];
    const { match, count = DEFAULT_SCAN_COUNT } = options;
    requireCount(count);
    const matches = match === undefined ? undefined : matcher(this.input(match));
    const found: O['string'][] = [];
    const next = set.scan(cursor, count, (member) => {
      if (matches === undefined || matches(member)) found.push(this.output(member));
    });
    return [next, found];
  }

  /**
   * Every member, one by one, by as many steps of `sscan` as it takes; the set may change meanwhile.
   *
   * @throws ReplyError if `count` is no integer or below 1; WRONGTYPE if the key holds something else
   * @example
   * for (const member of store.sscanIterator('online', { match: 'guest:*' })) store.srem('online', member);
   */
  *sscanIterator(key: Bytes, options: SscanOptions = {}): Generator<O['string'], void, undefined> {
    let cursor = 0;
    do {
      const [next, found] = this.sscan(key, cursor, options);
      yield* found;
      cursor = next;
    } while (cursor !== 0);
  }

  private inputSetMembers(members: Many, command: string): ByteString[] {
    const given = this.inputMany(members);
    if (given.length === 0) throw errors.wrongArity(command);
    return given;
  }

  private outputSet(set: MemberSet | undefined): O['string'][] {
    const members: O['string'][] = [];
    set?.forEach((member) => {
      members.push(this.output(member));
    });
    return members;
  }
}
