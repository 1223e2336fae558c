import type { Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import { matcher, requireCount, requireCursor } from '../../keyspace/scan-operations.ts';
import { samplePositions } from '../sample-positions.ts';
import { findHashToRead } from './hash-access.ts';
import type { HscanOptions } from './hash-options.ts';

const DEFAULT_SCAN_COUNT = 10;
/** Redis counts fields and values together, in 64 bits. */
const MAX_COUNT_WITH_VALUES = 2 ** 62;
/** As many fields as an answer may repeat: Redis would go on until it runs out of memory. */
const LARGEST_ANSWER = 2 ** 26;

/** The commands that go through a hash, or pick from it. */
export abstract class HashScanOperations<O extends Output = Text> extends Operations<O> {
  /**
   * A field chosen at random, `null` if there is none. O(1). Redis 6.2.0.
   *
   * @throws ReplyError WRONGTYPE
   */
  hrandfield(key: Bytes): O['string'] | null {
    const hash = findHashToRead(this.database, this.input(key));
    return hash === undefined
      ? null
      : this.output(hash.fieldAt(randomBelow(hash.size, this.keyspace.random)));
  }

  /**
   * Up to `count` different fields chosen at random; or, with a negative `count`, exactly that many, the same one
   * perhaps several times. O(count). Redis 6.2.0.
   *
   * @throws ReplyError WRONGTYPE; an error if `count` is no integer, or asks for more than 2^26 repeated fields
   */
  hrandfieldCount(key: Bytes, count: number): O['string'][] {
    if (!Number.isInteger(count)) throw errors.notAnInteger();
    const hash = findHashToRead(this.database, this.input(key));
    if (hash === undefined) return [];
    const positions = randomPositions(hash.size, count, this.keyspace.random);
    return positions.map((position) => this.output(hash.fieldAt(position)));
  }

  /**
   * `hrandfieldCount` with the values: pairs of a field and its value. O(count). Redis 6.2.0.
   *
   * @throws ReplyError WRONGTYPE; an error if `count` is no integer, beyond 2^62, or asks for more than 2^26 repeated
   * fields
   */
  hrandfieldWithValues(key: Bytes, count: number): [field: O['string'], value: O['string']][] {
    if (!Number.isInteger(count)) throw errors.notAnInteger();
    if (count >= MAX_COUNT_WITH_VALUES || count <= -MAX_COUNT_WITH_VALUES) throw errors.outOfRange();
    const hash = findHashToRead(this.database, this.input(key));
    if (hash === undefined) return [];
    const positions = randomPositions(hash.size, count, this.keyspace.random);
    return positions.map((position) => [
      this.output(hash.fieldAt(position)),
      this.output(hash.valueAt(position)),
    ]);
  }

  /**
   * One step through the fields: begins with cursor 0, and has seen them all when the cursor it returns is 0. A field
   * that is there throughout is returned at least once, rarely twice; a field that comes or goes meanwhile may or may
   * not be. O(count); O(n) for a small hash, which is gone through in one step. Redis 2.8.0.
   *
   * @returns the cursor of the next step, and the fields this one found with their values, perhaps none
   * @throws ReplyError WRONGTYPE; an error if `count` is no integer or below 1
   */
  hscan(
    key: Bytes,
    cursor: number,
    options?: HscanOptions,
  ): [cursor: number, entries: [field: O['string'], value: O['string']][]] {
    const entries: [O['string'], O['string']][] = [];
    const next = this.scanFields(key, cursor, options, (field, value) => {
      entries.push([this.output(field), this.output(value)]);
    });
    return [next, entries];
  }

  /**
   * `hscan` without the values: each step returns fields only. O(count). Redis 7.4.0.
   *
   * @throws ReplyError WRONGTYPE; an error if `count` is no integer or below 1
   */
  hscanNoValues(key: Bytes, cursor: number, options?: HscanOptions): [cursor: number, fields: O['string'][]] {
    const fields: O['string'][] = [];
    const next = this.scanFields(key, cursor, options, (field) => {
      fields.push(this.output(field));
    });
    return [next, fields];
  }

  /**
   * Every field with its value, one by one, by as many steps of `hscan` as it takes; the hash may change meanwhile.
   *
   * @throws ReplyError WRONGTYPE; an error if `count` is no integer or below 1
   * @example
   * for (const [field, value] of store.hscanIterator('user:1', { match: 'address.*' })) print(field, value);
   */
  *hscanIterator(
    key: Bytes,
    options: HscanOptions = {},
  ): Generator<[field: O['string'], value: O['string']], void, undefined> {
    let cursor = 0;
    do {
      const [next, entries] = this.hscan(key, cursor, options);
      yield* entries;
      cursor = next;
    } while (cursor !== 0);
  }

  private scanFields(
    key: Bytes,
    cursor: number,
    options: HscanOptions = {},
    visit: (field: string, value: string) => void,
  ): number {
    requireCursor(cursor);
    const hash = findHashToRead(this.database, this.input(key));
    // What is wrong with the options matters only where there is a hash, as in Redis.
    if (hash === undefined) return 0;
    const { match, count = DEFAULT_SCAN_COUNT } = options;
    requireCount(count);
    const matches = match === undefined ? undefined : matcher(this.input(match));
    return hash.scan(cursor, count, (field, value) => {
      if (matches === undefined || matches(field)) visit(field, value);
    });
  }
}

/** Different positions below `size`; or, with a negative `count`, exactly so many that may be the same. */
function randomPositions(size: number, count: number, random: () => number): number[] {
  if (-count > LARGEST_ANSWER) throw errors.outOfRange();
  if (count < 0) return Array.from({ length: -count }, () => randomBelow(size, random));
  if (count >= size) return Array.from({ length: size }, (_, position) => position);
  return samplePositions(size, count, random);
}

function randomBelow(limit: number, random: () => number): number {
  return Math.floor(random() * limit);
}
