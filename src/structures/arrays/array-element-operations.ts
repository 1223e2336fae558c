import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { isMany, type Many } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import type { Integer } from '../../numbers/integer.ts';
import {
  indexAfter,
  indexedValuesOf,
  MAX_INDEX,
  requireIndex,
  requireIndexes,
  requireRanges,
} from './array-arguments.ts';
import { arrayEvents } from './array-events.ts';
import type {
  ArrayFullInfo,
  ArrayIndex,
  ArrayInfo,
  IndexedValues,
  ManyIndexes,
  ManyRanges,
} from './array-options.ts';
import { ARRAY } from './array-value.ts';
import { SparseArray } from './sparse-array.ts';

/** The commands on single elements of arrays, and on what an array is like. */
export abstract class ArrayElementOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Has a value stand at an index of an array, or several at that and the following ones; the array begins empty. Returns
   * how many of these indexes had no value before. O(values). Redis 8.8.0.
   *
   * @throws ReplyError if the index is none, or the last one would be; WRONGTYPE if the key holds something else
   * @example
   * store.arset('lines', 0, ['first', 'second']); // 2
   */
  arset(key: Bytes, index: ArrayIndex, values: Many): number {
    this.makeRoom();
    const name = this.input(key);
    const database = this.database;
    const { limits } = this.keyspace;
    if (!isMany(values)) {
      const value = this.input(values);
      const at = requireIndex(index);
      const isNew = database.getOrCreate(name, ARRAY, () => new SparseArray(limits)).set(at, value, limits);
      if (database.changed(name, arrayEvents.arset)) database.effect('ARSET', name, String(at), value);
      return isNew ? 1 : 0;
    }
    const given = this.inputArrayValues(values, 'arset');
    const start = requireIndex(index);
    indexAfter(start, given.length - 1);
    const array = database.getOrCreate(name, ARRAY, () => new SparseArray(limits));
    const added = array.setAll(start, given, limits);
    if (database.changed(name, arrayEvents.arset))
      database.effectOf(['ARSET', name, String(start), ...given]);
    return added;
  }

  /**
   * Has values stand at any indexes of an array, which begins empty. Of an index that is given twice the last value
   * counts. Returns how many indexes had no value before. O(values). Redis 8.8.0.
   *
   * @throws ReplyError if nothing is given, or an index is none; WRONGTYPE if the key holds something else
   * @example
   * store.armset('metrics', { 0: '10', 5: '20', 100: '30' });
   * store.armset('metrics', [[2n ** 60n, '40']]);
   */
  armset(key: Bytes, values: IndexedValues): number {
    this.makeRoom();
    const name = this.input(key);
    const given: [Integer, ByteString][] = [];
    for (const [index, value] of indexedValuesOf(values))
      given.push([requireIndex(index), this.input(value as Bytes)]);
    if (given.length === 0) throw errors.wrongArity('armset');
    const database = this.database;
    const { limits } = this.keyspace;
    const array = database.getOrCreate(name, ARRAY, () => new SparseArray(limits));
    const before = array.count;
    for (const [index, value] of given) array.set(index, value, limits);
    if (database.changed(name, arrayEvents.armset)) {
      database.effectOf(['ARMSET', name, ...given.flatMap(([index, value]) => [String(index), value])]);
    }
    return array.count - before;
  }

  /**
   * The value at an index of an array, `null` if there is none. O(1). Redis 8.8.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else; if the index is none
   */
  arget(key: Bytes, index: ArrayIndex): O['string'] | null {
    const array = this.database.getToRead(this.input(key), ARRAY);
    const value = array === undefined ? missing(index) : array.get(requireIndex(index));
    return value === undefined ? null : this.output(value);
  }

  /**
   * The values at several indexes of an array, `null` where there is none. O(indexes). Redis 8.8.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else; if an index is none, or nothing is asked for
   */
  armget(key: Bytes, indexes: ManyIndexes): (O['string'] | null)[] {
    const array = this.database.getToRead(this.input(key), ARRAY);
    return requireIndexes(indexes, 'armget').map((index) => {
      const value = array?.get(index);
      return value === undefined ? null : this.output(value);
    });
  }

  /**
   * Takes the values away from indexes of an array; returns how many there were. O(indexes). Redis 8.8.0.
   *
   * @throws ReplyError if an index is none, or nothing is asked for; WRONGTYPE if the key holds something else
   */
  ardel(key: Bytes, indexes: ManyIndexes): number {
    const name = this.input(key);
    const asked = requireIndexes(indexes, 'ardel');
    const database = this.database;
    const array = database.getForWrite(name, ARRAY);
    if (array === undefined) return 0;
    const { limits } = this.keyspace;
    const deleted = asked.filter((index) => array.delete(index, limits));
    if (deleted.length === 0) return 0;
    const isRecording = database.changed(name, arrayEvents.ardel);
    database.removeIfEmpty(name, ARRAY, array);
    if (isRecording) database.effectOf(['ARDEL', name, ...deleted.map(String)]);
    return deleted.length;
  }

  /**
   * Takes away all values from one index of an array to another, or in several such ranges; returns how many there were.
   * The ends belong to a range, in either order. O(values deleted + slices touched), however wide it is. Redis 8.8.0.
   *
   * @throws ReplyError if an index is none, or nothing is asked for; WRONGTYPE if the key holds something else
   * @example
   * store.ardelrange('log', [0, 99]);
   * store.ardelrange('log', [[200, 299], [1000, 500]]);
   */
  ardelrange(key: Bytes, ranges: ManyRanges): number {
    const name = this.input(key);
    const asked = requireRanges(ranges, 'ardelrange');
    const database = this.database;
    const array = database.getForWrite(name, ARRAY);
    if (array === undefined) return 0;
    const { limits } = this.keyspace;
    let deleted = 0;
    for (const [start, end] of asked) {
      deleted += start <= end ? array.deleteRange(start, end, limits) : array.deleteRange(end, start, limits);
    }
    if (deleted === 0) return 0;
    const isRecording = database.changed(name, arrayEvents.ardelrange);
    database.removeIfEmpty(name, ARRAY, array);
    if (isRecording) database.effectOf(['ARDELRANGE', name, ...asked.flat().map(String)]);
    return deleted;
  }

  /**
   * The length of an array: one more than the greatest index that has a value, 0 without the key. O(1). Redis 8.8.0.
   *
   * @throws RangeError if a number cannot say it exactly; ReplyError WRONGTYPE if the key holds something else
   */
  arlen(key: Bytes): O['integer'] {
    return this.outputInteger(this.database.getToRead(this.input(key), ARRAY)?.length ?? 0);
  }

  /**
   * How many values an array has. O(1). Redis 8.8.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  arcount(key: Bytes): number {
    return this.database.getToRead(this.input(key), ARRAY)?.count ?? 0;
  }

  /**
   * What an array is like inside. O(1). Redis 8.8.0.
   *
   * @throws ReplyError if there is no such key; WRONGTYPE if it holds something else; RangeError if a number cannot say it
   */
  arinfo(key: Bytes): ArrayInfo<O> {
    return this.infoOfArray(this.arrayToInspect(key));
  }

  /**
   * {@link arinfo}, and what its slices are like. O(slices). Redis 8.8.0.
   *
   * @throws ReplyError if there is no such key; WRONGTYPE if it holds something else; RangeError if a number cannot say it
   */
  arinfoFull(key: Bytes): ArrayFullInfo<O> {
    const array = this.arrayToInspect(key);
    const { denseSlices, sparseSlices, ...averages } = array.statistics();
    return {
      ...this.infoOfArray(array),
      denseSlices,
      sparseSlices,
      avgDenseSize: averages.averageDenseSize,
      avgDenseFill: averages.averageDenseFill,
      avgSparseSize: averages.averageSparseSize,
    };
  }

  private arrayToInspect(key: Bytes): SparseArray {
    const array = this.database.getToRead(this.input(key), ARRAY);
    if (array === undefined) throw errors.noSuchKey();
    return array;
  }

  private infoOfArray(array: SparseArray): ArrayInfo<O> {
    const isExhausted = array.cursor === MAX_INDEX;
    return {
      count: array.count,
      len: this.outputInteger(array.length),
      nextInsertIndex: this.outputInteger(isExhausted ? 0 : array.next),
      ...array.layout(),
    };
  }

  private inputArrayValues(values: Many, command: string): ByteString[] {
    const given = this.inputMany(values);
    if (given.length === 0) throw errors.wrongArity(command);
    return given;
  }
}

/** Without an array nothing stands at any index, but it must be one. */
function missing(index: ArrayIndex): undefined {
  requireIndex(index);
}
