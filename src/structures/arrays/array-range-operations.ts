import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { type Many, manyOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { requireInteger, requireOptions } from '../../keyspace/arguments.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import type { Integer } from '../../numbers/integer.ts';
import { exactDifference, predecessor } from '../../numbers/unsigned.ts';
import { type Aggregate, Bitwise, Extreme, Sum } from './array-aggregates.ts';
import { requireBound, requireIndex } from './array-arguments.ts';
import type {
  ArgrepOptions,
  ArrayArithmetic,
  ArrayBitwise,
  ArrayBound,
  ArrayCounting,
  ArrayElement,
  ArrayIndex,
  ArscanOptions,
} from './array-options.ts';
import { predicate } from './array-predicates.ts';
import { slotOf, valueIn } from './array-slot.ts';
import { ARRAY } from './array-value.ts';

/** The most indexes that one range may be read of, with or without values. */
const MOST_INDEXES = 1_000_000;

const scanOptionNames = new Set<string>(['limit'] satisfies (keyof ArscanOptions)[]);
const searchOptionNames = new Set<string>([
  'exact',
  'match',
  'glob',
  're',
  'combine',
  'limit',
  'nocase',
] satisfies (keyof ArgrepOptions)[]);
/** Over the wire the option that asks for values comes along. */
const valuesOptionNames = new Set([...searchOptionNames, 'withvalues']);

const AGGREGATES: Readonly<Record<ArrayArithmetic, () => Aggregate<ByteString>>> = {
  sum: () => new Sum(),
  min: () => new Extreme(-1),
  max: () => new Extreme(1),
};
const BITWISE = new Set<string>(['and', 'or', 'xor'] satisfies ArrayBitwise[]);

/** The commands on ranges of arrays: reading, searching, reckoning. */
export abstract class ArrayRangeOperations<O extends Output = Text> extends Operations<O> {
  /**
   * What stands at each index of an array from `start` to `end`, `null` where there is no value; downwards if `end` is
   * less. Of values alone {@link arscan} tells. O(|end - start|). Redis 8.8.0.
   *
   * @throws ReplyError if an index is none, or these are more than a million; WRONGTYPE if the key holds something else
   */
  argetrange(key: Bytes, start: ArrayIndex, end: ArrayIndex): (O['string'] | null)[] {
    const from = requireIndex(start);
    const to = requireIndex(end);
    const array = this.database.getToRead(this.input(key), ARRAY);
    const isDownwards = from > to;
    const last = isDownwards ? exactDifference(from, to) : exactDifference(to, from);
    if (last >= MOST_INDEXES) throw errors.rangeTooLarge(MOST_INDEXES);
    const found = new Array<O['string'] | null>(Number(last) + 1).fill(null);
    array?.forEach(from, to, (slot, index) => {
      const at = Number(isDownwards ? exactDifference(from, index) : exactDifference(index, from));
      found[at] = this.output(valueIn(slot));
      return true;
    });
    return found;
  }

  /**
   * The elements of an array from one index to another; downwards if `end` is less. O(elements), however wide the range.
   * Redis 8.8.0.
   *
   * @throws ReplyError if an index is none, or the limit is no integer or not positive; WRONGTYPE if the key holds
   * something else; RangeError if a number cannot say an index exactly
   */
  arscan(key: Bytes, start: ArrayIndex, end: ArrayIndex, options: ArscanOptions = {}): ArrayElement<O>[] {
    requireOptions(options, scanOptionNames);
    const from = requireIndex(start);
    const to = requireIndex(end);
    const limit = requireLimit(options.limit);
    const found: ArrayElement<O>[] = [];
    this.database.getToRead(this.input(key), ARRAY)?.forEach(from, to, (slot, index) => {
      found.push({ index: this.outputInteger(index), value: this.output(valueIn(slot)) });
      return found.length < limit;
    });
    return found;
  }

  /**
   * The indexes between two bounds whose values are what is looked for; downwards if `end` is less. The time it takes
   * grows with the size of the values times that of the patterns, whatever these are. Redis 8.8.0.
   *
   * @throws ReplyError if a bound is none; if nothing is looked for, or more than 250 things; if a regular expression is
   * none, longer than 2048 bytes, or refers to its groups; if the limit is no integer or not positive; WRONGTYPE if the key
   * holds something else; RangeError if a number cannot say an index exactly
   * @example
   * store.argrep('log', '-', '+', { match: 'error', nocase: true });
   * store.argrep('log', '+', '-', { re: ['^warn', '^error'], limit: 10 });
   */
  argrep(key: Bytes, start: ArrayBound, end: ArrayBound, options: ArgrepOptions): O['integer'][] {
    requireOptions(options, searchOptionNames);
    const found: O['integer'][] = [];
    this.searchArray(key, start, end, options, (index) => found.push(this.outputInteger(index)));
    return found;
  }

  /**
   * {@link argrep}, with the values. Redis 8.8.0.
   *
   * @throws as {@link argrep}
   */
  argrepWithValues(
    key: Bytes,
    start: ArrayBound,
    end: ArrayBound,
    options: ArgrepOptions,
  ): ArrayElement<O>[] {
    requireOptions(options, valuesOptionNames);
    const found: ArrayElement<O>[] = [];
    this.searchArray(key, start, end, options, (index, value) =>
      found.push({ index: this.outputInteger(index), value: this.output(value) }),
    );
    return found;
  }

  private searchArray(
    key: Bytes,
    start: ArrayBound,
    end: ArrayBound,
    options: ArgrepOptions,
    take: (index: Integer, value: ByteString) => void,
  ): void {
    const from = requireBound(start);
    const to = requireBound(end);
    const { exact, match, glob, re, combine = 'or' } = options;
    if (combine !== 'or' && combine !== 'and') throw errors.syntax();
    let left = requireLimit(options.limit);
    const matches = predicate({
      exact: this.inputSought(exact),
      match: this.inputSought(match),
      glob: this.inputSought(glob),
      re: this.inputSought(re),
      mustBeAll: combine === 'and',
      ignoreCase: options.nocase === true,
    });
    const array = this.database.getToRead(this.input(key), ARRAY);
    if (array === undefined) return;
    const last = predecessor(array.length)!;
    const resolve = (bound: Integer | '-' | '+') => (bound === '-' ? 0 : bound === '+' ? last : bound);
    array.forEach(resolve(from), resolve(to), (slot, index) => {
      const value = valueIn(slot);
      if (!matches(value)) return true;
      take(index, value);
      left--;
      return left > 0;
    });
  }

  private inputSought(sought: Many | undefined): ByteString[] {
    return sought === undefined ? [] : this.inputMany(manyOf(sought));
  }

  /**
   * The sum, the least or the greatest of the numbers among the values from one index of an array to another, as Redis
   * prints a `long double`; `null` if there are none. O(elements). Redis 8.8.0.
   *
   * @throws ReplyError if an index is none, or the operation is not known; WRONGTYPE if the key holds something else
   * @example
   * store.arop('scores', 0, 9, 'sum');
   */
  arop(key: Bytes, start: ArrayIndex, end: ArrayIndex, operation: ArrayArithmetic): O['string'] | null {
    const from = requireIndex(start);
    const to = requireIndex(end);
    if (!Object.hasOwn(AGGREGATES, operation)) throw errors.unknownOperation();
    const result = this.aggregateArray(key, from, to, AGGREGATES[operation]());
    return result === null ? null : this.outputText(result);
  }

  /**
   * The numbers among the values from one index of an array to another, put together bit by bit: as integers of 64 bits,
   * of other numbers what is before the point. `null` if there are none. O(elements). Redis 8.8.0.
   *
   * @throws ReplyError if an index is none, or the operation is not known; WRONGTYPE if the key holds something else;
   * RangeError if a number cannot say the result exactly
   */
  aropBitwise(key: Bytes, start: ArrayIndex, end: ArrayIndex, operation: ArrayBitwise): O['integer'] | null {
    const from = requireIndex(start);
    const to = requireIndex(end);
    if (!BITWISE.has(operation)) throw errors.unknownOperation();
    const result = this.aggregateArray(key, from, to, new Bitwise(operation));
    return result === null ? null : this.outputInteger(result);
  }

  private aggregateArray<T>(key: Bytes, from: Integer, to: Integer, aggregate: Aggregate<T>): T | null {
    this.database.getToRead(this.input(key), ARRAY)?.forEach(from, to, (slot) => {
      aggregate.add(slot);
      return true;
    });
    return aggregate.result();
  }

  /**
   * How many values there are from one index of an array to another: `'used'`, or how many that are equal to one:
   * `{ match: value }`. O(elements). Redis 8.8.0.
   *
   * @throws ReplyError if an index is none, or the operation is not known; WRONGTYPE if the key holds something else
   */
  aropCount(key: Bytes, start: ArrayIndex, end: ArrayIndex, counting: ArrayCounting): number {
    const from = requireIndex(start);
    const to = requireIndex(end);
    const wanted = counting === 'used' ? undefined : slotOf(this.input(soughtValue(counting)));
    let count = 0;
    this.database.getToRead(this.input(key), ARRAY)?.forEach(from, to, (slot) => {
      if (wanted === undefined || slot === wanted) count++;
      return true;
    });
    return count;
  }
}

const countingNames = new Set<string>(['match']);

function soughtValue(counting: { readonly match: Bytes }): Bytes {
  if (typeof counting !== 'object' || counting === null) throw errors.unknownOperation();
  requireOptions(counting, countingNames);
  if (counting.match === undefined) throw errors.matchNeedsValue();
  return counting.match;
}

function requireLimit(limit: number | undefined): number {
  if (limit === undefined) return Number.POSITIVE_INFINITY;
  requireInteger(limit);
  if (limit <= 0) throw errors.limitNotPositive();
  return limit;
}
