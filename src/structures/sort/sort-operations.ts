import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { manyOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { Entry, typeOf } from '../../keyspace/entry.ts';
import { events } from '../../keyspace/events.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import { LIST, ListValue } from '../lists/list-value.ts';
import { SortedSetValue } from '../sorted-sets/sorted-set-value.ts';
import type { SortOptions, SortStoreOptions } from './sort-options.ts';
import { sorted } from './sort-order.ts';
import { isVariable, lookupOf } from './sort-pattern.ts';

/** SORT, which reads lists, sets and sorted sets, and what patterns of keys lead to. */
export abstract class SortOperations<O extends Output = Text> extends Operations<O> {
  /**
   * The elements of a list, set or sorted set in order, as numbers unless `alpha` is given; of what `get` leads to,
   * `null` where that is nothing. O(n log n + answer × patterns). Redis 1.0.0.
   *
   * @throws ReplyError if a weight is no number and `alpha` is not given, or an option is none of its values; WRONGTYPE
   * @example
   * store.sort('users', { by: 'age:*', get: ['#', 'name:*'], limit: { offset: 0, count: 10 } });
   */
  sort(key: Bytes, options: SortOptions = {}): (O['string'] | null)[] {
    this.makeRoom();
    return this.sortRo(key, options);
  }

  /** The same, for those who may only read. Redis 7.0.0. */
  sortRo(key: Bytes, options: SortOptions = {}): (O['string'] | null)[] {
    return this.sortedUnder(key, options).map((value) => (value === undefined ? null : this.output(value)));
  }

  /**
   * Makes the key `store` a list of what `sort` answers, empty strings for nulls, whatever it held; or removes it if
   * that is nothing. Returns how many elements it has. O(n log n + answer × patterns). Redis 1.0.0.
   *
   * @throws ReplyError as `sort` does; nothing is changed then
   */
  sortStore(key: Bytes, options: SortStoreOptions): number {
    this.makeRoom();
    const database = this.database;
    const destination = this.input(options.store);
    const values = this.sortedUnder(key, options).map((value) => value ?? '');
    const replaced = database.find(destination);
    if (values.length === 0) {
      if (database.delete(destination) && database.keyspace.observed) database.effect('DEL', destination);
      return 0;
    }
    const list = new ListValue();
    list.pushAll('right', values, this.keyspace.limits.listMaxListpackSize);
    database.put(destination, new Entry(LIST, list) as Entry);
    if (replaced !== undefined) database.overwritten(destination, typeOf(replaced), LIST.type);
    if (database.changed(destination, events.sortStore)) {
      if (replaced !== undefined) database.effect('DEL', destination);
      database.effectOf(['RPUSH', destination, ...values]);
    }
    return values.length;
  }

  /** The answer in its inner form. With `store` among the options, as it is stored. */
  private sortedUnder(
    key: Bytes,
    options: SortOptions & Partial<SortStoreOptions>,
  ): readonly (ByteString | undefined)[] {
    const { limit, get, order = 'asc', alpha = false } = options;
    const by = options.by === undefined ? undefined : this.input(options.by);
    const patterns = get === undefined ? [] : manyOf(get).map((pattern) => this.input(pattern));
    const isForStore = options.store !== undefined;
    if (order !== 'asc' && order !== 'desc') throw errors.syntax();
    if (limit !== undefined && !(Number.isInteger(limit.offset) && Number.isInteger(limit.count))) {
      throw errors.notAnInteger();
    }
    const database = this.database;
    const name = this.input(key);
    const stored = database.findToRead(name);
    if (stored === undefined) return [];
    if (typeof stored === 'string' || stored.kind.elements === undefined) throw errors.wrongType();

    // SORT reads no listpack of scores: it makes a skiplist of it, for good.
    if (stored.value instanceof SortedSetValue && !stored.value.isSkiplist) {
      database.beforeChangeInPlace(name);
      stored.value.isSkiplist = true;
    }
    const isDescending = order === 'desc';
    const isSet = stored.kind.type === 'set';
    let elements = stored.kind.elements(stored.value);
    if (by === undefined || isVariable(by)) {
      const weigh = by === undefined ? undefined : lookupOf(database, by);
      elements = sorted(elements, { weigh, isAlpha: alpha, isDescending, isForStore });
    } else if (isSet && (isForStore || this.keyspace.isRunningScript)) {
      // A set has no order of its own that one could rely on, and what is stored, or done by a script, must not depend on
      // chance.
      elements = sorted(elements, { weigh: undefined, isAlpha: true, isDescending, isForStore });
    } else if (isDescending && !isSet) {
      elements.reverse();
    }

    const chosen = limit === undefined ? elements : slice(elements, limit.offset, limit.count);
    if (patterns.length === 0) return chosen;
    const lookups = patterns.map((pattern) => lookupOf(database, pattern));
    return chosen.flatMap((element) => lookups.map((lookup) => lookup(element)));
  }
}

function slice(elements: readonly ByteString[], offset: number, count: number): readonly ByteString[] {
  const start = Math.max(0, offset);
  return elements.slice(start, count < 0 ? undefined : start + count);
}
