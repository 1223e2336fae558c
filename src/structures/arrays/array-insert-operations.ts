import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import type { Many } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { requireInt64, requireOptions } from '../../keyspace/arguments.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import { MAX_UINT64, predecessor, toUnsigned } from '../../numbers/unsigned.ts';
import { indexAfter, MAX_INDEX, requireIndex } from './array-arguments.ts';
import { arrayEvents } from './array-events.ts';
import type { ArlastitemsOptions, ArrayIndex } from './array-options.ts';
import { ARRAY } from './array-value.ts';
import { SparseArray } from './sparse-array.ts';

/** The most places that an answer tells of, where most of them may be empty. */
const MOST_PLACES = 1_000_000;

const lastItemsOptions = new Set<string>(['rev'] satisfies (keyof ArlastitemsOptions)[]);

/** The commands that insert where something was inserted last: logs and rings. */
export abstract class ArrayInsertOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Inserts values into an array behind what was inserted last, at first at index 0; the array begins empty. Returns the
   * index of the last one. O(values). Redis 8.8.0.
   *
   * @throws ReplyError if no index is left for one of them, or nothing is given; WRONGTYPE if the key holds something else;
   * RangeError if a number cannot say the index exactly
   */
  arinsert(key: Bytes, values: Many): O['integer'] {
    this.makeRoom();
    const name = this.input(key);
    const given = this.inputInserted(values, 'arinsert');
    const database = this.database;
    const { limits } = this.keyspace;
    const found = database.getForWrite(name, ARRAY);
    const start = found === undefined ? 0 : found.next;
    const last = indexAfter(start, given.length - 1, errors.insertIndexOverflow);
    const answer = this.outputInteger(last);
    const array = found ?? database.getOrCreate(name, ARRAY, () => new SparseArray(limits));
    array.setAll(start, given, limits);
    array.cursor = last;
    if (database.changed(name, arrayEvents.arinsert)) database.effectOf(['ARINSERT', name, ...given]);
    return answer;
  }

  /**
   * Inserts values into an array as into a ring of so many places: behind what was inserted last, and after the last
   * place at index 0 again, over what is there. If the ring had another size, what was inserted last moves to the
   * beginning of the array, in its order, as much of it as there is without a gap and finds room. Returns the index of the
   * last value. O(values), and O(size) where that changes. Redis 8.8.0.
   *
   * @throws ReplyError if the size is no integer or not positive, or nothing is given; WRONGTYPE if the key holds something
   * else; RangeError if a number cannot say the index exactly
   * @example
   * store.arring('readings', 3, ['a', 'b', 'c', 'd']); // 0
   * store.arlastitems('readings', 3); // ['b', 'c', 'd']
   */
  arring(key: Bytes, size: number | bigint, values: Many): O['integer'] {
    this.makeRoom();
    const name = this.input(key);
    const given = this.inputInserted(values, 'arring');
    const asked = requireInt64(size, errors.ringSizeInvalid);
    if (asked <= 0) throw errors.ringSizeNotPositive();
    const places = toUnsigned(BigInt(asked));
    const database = this.database;
    const { limits } = this.keyspace;
    const found = database.getForWrite(name, ARRAY);
    // An index below 2^53 every view can say.
    if (typeof places === 'bigint')
      this.outputInteger((found ?? new SparseArray(limits)).lastInRing(places, given.length));
    const array = found ?? database.getOrCreate(name, ARRAY, () => new SparseArray(limits));
    const last = array.insertIntoRing(places, given, limits);
    if (database.changed(name, arrayEvents.arring))
      database.effectOf(['ARRING', name, String(places), ...given]);
    return this.outputInteger(last);
  }

  /**
   * The index at which {@link arinsert} would insert, 0 without the key, `null` if none is left. O(1). Redis 8.8.0.
   *
   * @throws RangeError if a number cannot say it exactly; ReplyError WRONGTYPE if the key holds something else
   */
  arnext(key: Bytes): O['integer'] | null {
    const array = this.database.getToRead(this.input(key), ARRAY);
    if (array === undefined) return this.outputInteger(0);
    return array.cursor === MAX_INDEX ? null : this.outputInteger(array.next);
  }

  /**
   * Has {@link arinsert} and {@link arring} go on at this index, up to 2^64 - 1, at which nothing can be inserted.
   * Returns 1, or 0 without the key, of which then nothing is remembered. O(1). Redis 8.8.0.
   *
   * @throws ReplyError if the index is none; WRONGTYPE if the key holds something else
   */
  arseek(key: Bytes, index: ArrayIndex): number {
    const name = this.input(key);
    const next = requireIndex(index, MAX_UINT64);
    const database = this.database;
    const array = database.getForWrite(name, ARRAY);
    if (array === undefined) return 0;
    array.cursor = predecessor(next);
    if (database.changed(name, arrayEvents.arseek)) database.effect('ARSEEK', name, String(next));
    return 1;
  }

  /**
   * What stands at up to `count` places before and at where something was inserted last, oldest first: the last values
   * of a ring or a log. At a place without a value there is `null`; before index 0 comes the last index that has one.
   * Without an insertion, and where it is no more, it counts as done at that index. O(count). Redis 8.8.0.
   *
   * @throws ReplyError if `count` is no integer, or asks for more than a million places of an array with fewer values;
   * WRONGTYPE if the key holds something else
   */
  arlastitems(key: Bytes, count: number, options: ArlastitemsOptions = {}): (O['string'] | null)[] {
    requireOptions(options, lastItemsOptions);
    if (!Number.isInteger(count)) throw errors.invalidCount();
    if (count <= 0) return [];
    const array = this.database.getToRead(this.input(key), ARRAY);
    if (array === undefined) return [];
    const { length } = array;
    const places = Number(count > length ? length : count);
    if (places > array.count && places > MOST_PLACES) throw errors.tooManyLastItems(MOST_PLACES);
    const end = predecessor(length)!;
    let index = array.cursor === undefined || array.cursor >= length ? end : array.cursor;
    const found: (O['string'] | null)[] = [];
    for (let at = 0; at < places; at++) {
      const value = array.get(index);
      found.push(value === undefined ? null : this.output(value));
      index = predecessor(index) ?? end;
    }
    return options.rev ? found : found.reverse();
  }

  private inputInserted(values: Many, command: string): ByteString[] {
    const given = this.inputMany(values);
    if (given.length === 0) throw errors.wrongArity(command);
    return given;
  }
}
