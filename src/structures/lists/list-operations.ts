import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { type Many, manyOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { requireInteger } from '../../keyspace/arguments.ts';
import type { Database } from '../../keyspace/database.ts';
import { Entry } from '../../keyspace/entry.ts';
import { eventsOf, type KeyEvent } from '../../keyspace/events.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import {
  requireCount,
  requireEnd,
  requireMaxlen,
  requireMove,
  requirePositiveCount,
  requireRank,
} from './list-arguments.ts';
import type { ListEnd, LmovemOptions, LmpopOptions, LposCountOptions, LposOptions } from './list-options.ts';
import { LIST, ListValue } from './list-value.ts';

const event = eventsOf('l');

/** What pushing and popping at an end is called, as an event and as a command. */
const ENDS: Readonly<Record<ListEnd, { push: KeyEvent; pop: KeyEvent; PUSH: string; POP: string }>> = {
  left: { push: event('lpush'), pop: event('lpop'), PUSH: 'LPUSH', POP: 'LPOP' },
  right: { push: event('rpush'), pop: event('rpop'), PUSH: 'RPUSH', POP: 'RPOP' },
};
const SET = event('lset');
const INSERT = event('linsert');
const REMOVE = event('lrem');
const TRIM = event('ltrim');

/** The list commands that do not wait. */
export abstract class ListOperations<O extends Output = Text> extends Operations<O> {
  // ── pushing ──────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Adds elements at the head of a list, one after the other, so that the last one given comes first; returns the
   * list's length. The list is created if there is none. O(1) for each. Redis 1.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  lpush(key: Bytes, elements: Many): number {
    return this.pushElements('lpush', 'left', key, elements, false);
  }

  /**
   * Adds elements at the tail of a list and returns its length. The list is created if there is none.
   * O(1) for each. Redis 1.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  rpush(key: Bytes, elements: Many): number {
    return this.pushElements('rpush', 'right', key, elements, false);
  }

  /** `lpush`, but only if there is a list: returns 0 if not. O(1) for each. Redis 2.2.0. @throws ReplyError WRONGTYPE */
  lpushx(key: Bytes, elements: Many): number {
    return this.pushElements('lpushx', 'left', key, elements, true);
  }

  /** `rpush`, but only if there is a list: returns 0 if not. O(1) for each. Redis 2.2.0. @throws ReplyError WRONGTYPE */
  rpushx(key: Bytes, elements: Many): number {
    return this.pushElements('rpushx', 'right', key, elements, true);
  }

  private pushElements(
    command: string,
    end: ListEnd,
    key: Bytes,
    elements: Many,
    mustExist: boolean,
  ): number {
    this.makeRoom();
    const name = this.input(key);
    const maxListpackSize = this.keyspace.limits.listMaxListpackSize;
    // One element is the usual case, and makes no array.
    const only = typeof elements === 'string' || elements instanceof Uint8Array ? elements : undefined;
    const value = only === undefined ? '' : this.input(only);
    const values = only === undefined ? this.inputElements(command, elements) : undefined;
    const database = this.database;
    const found = database.getForWrite(name, LIST);
    if (found === undefined && mustExist) return 0;
    const list = found ?? new ListValue();
    if (values === undefined) list.push(end, value, maxListpackSize);
    else list.pushAll(end, values, maxListpackSize);
    if (found === undefined) database.put(name, new Entry(LIST, list) as Entry);
    const length = list.size;
    if (database.changed(name, ENDS[end].push)) {
      // Not spread into arguments: there may be a million of them.
      this.keyspace.record(database, [ENDS[end].PUSH, name, ...(values ?? [value])]);
    }
    return length;
  }

  private inputElements(command: string, elements: Many): ByteString[] {
    const given = manyOf(elements);
    if (given.length === 0) throw errors.wrongArity(command);
    return given.map((element) => this.input(element));
  }

  // ── popping ──────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Removes and returns the first element; `null` if there is no list. O(1). Redis 1.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  lpop(key: Bytes): O['string'] | null {
    return this.popElement('left', key);
  }

  /** Removes and returns the last element; `null` if there is no list. O(1). Redis 1.0.0. @throws ReplyError WRONGTYPE */
  rpop(key: Bytes): O['string'] | null {
    return this.popElement('right', key);
  }

  private popElement(end: ListEnd, key: Bytes): O['string'] | null {
    const name = this.input(key);
    const database = this.database;
    const list = database.getForWrite(name, LIST);
    if (list === undefined) return null;
    const value = list.pop(end);
    this.afterPopping(database, end, name, list, 1);
    return this.output(value);
  }

  /**
   * Removes and returns the first `count` elements, or as many as there are; `null` if there is no list.
   * O(result). Redis 6.2.0.
   *
   * @throws ReplyError if `count` is negative; WRONGTYPE
   */
  lpopCount(key: Bytes, count: number): O['string'][] | null {
    return this.popElements('left', key, count);
  }

  /**
   * Removes and returns the last `count` elements, the last one first, or as many as there are; `null` if there is no
   * list. O(result). Redis 6.2.0.
   *
   * @throws ReplyError if `count` is negative; WRONGTYPE
   */
  rpopCount(key: Bytes, count: number): O['string'][] | null {
    return this.popElements('right', key, count);
  }

  private popElements(end: ListEnd, key: Bytes, count: number): O['string'][] | null {
    if (!(Number.isInteger(count) && count >= 0)) throw errors.mustBePositive();
    const name = this.input(key);
    const list = this.database.getForWrite(name, LIST);
    if (list === undefined) return null;
    return count === 0 ? [] : this.popFrom(end, name, list, count);
  }

  /** Pops up to `count` elements, at least one, and tells of it. */
  private popFrom(end: ListEnd, key: ByteString, list: ListValue, count: number): O['string'][] {
    const amount = Math.min(count, list.size);
    const popped: O['string'][] = new Array(amount);
    for (let at = 0; at < amount; at++) popped[at] = this.output(list.pop(end));
    this.afterPopping(this.database, end, key, list, amount);
    return popped;
  }

  private afterPopping(
    database: Database,
    end: ListEnd,
    key: ByteString,
    list: ListValue,
    amount: number,
  ): void {
    const isRecording = database.changed(key, ENDS[end].pop);
    this.shrinkOrRemove(database, key, list);
    if (isRecording) {
      if (amount === 1) database.effect(ENDS[end].POP, key);
      else database.effect(ENDS[end].POP, key, String(amount));
    }
  }

  /** Elements have gone, and that was told: so goes an empty list, and a small one may be encoded otherwise. */
  private shrinkOrRemove(database: Database, key: ByteString, list: ListValue): void {
    if (!database.removeIfEmpty(key, LIST, list)) list.shrink(this.keyspace.limits.listMaxListpackSize);
  }

  /**
   * Removes and returns elements from one end of the first of several lists that exists: its key, and up to `count`
   * of its elements, or `null` if there is none of the lists. O(keys + result). Redis 7.0.0.
   *
   * @throws ReplyError if no key is given, or `count` is not positive; WRONGTYPE if what is met first is no list
   */
  lmpop(
    keys: Many,
    where: ListEnd,
    options: LmpopOptions = {},
  ): { key: O['string']; elements: O['string'][] } | null {
    const names = manyOf(keys).map((key) => this.input(key));
    if (names.length === 0) throw errors.numkeysMustBePositive();
    requireEnd(where);
    const { count = 1 } = options;
    requirePositiveCount(count);
    for (const name of names) {
      const list = this.database.getForWrite(name, LIST);
      if (list !== undefined)
        return { key: this.output(name), elements: this.popFrom(where, name, list, count) };
    }
    return null;
  }

  // ── reading ──────────────────────────────────────────────────────────────────────────────────────────────

  /** How many elements a list has, 0 if there is none. O(1). Redis 1.0.0. @throws ReplyError WRONGTYPE */
  llen(key: Bytes): number {
    return this.database.getToRead(this.input(key), LIST)?.size ?? 0;
  }

  /**
   * The element at an index; -1 is the last one, -2 the one before it, …; `null` if there is none.
   * O(log n), O(1) near the ends. Redis 1.0.0.
   *
   * @throws ReplyError if `index` is no integer; WRONGTYPE
   */
  lindex(key: Bytes, index: number): O['string'] | null {
    const list = this.database.getToRead(this.input(key), LIST);
    if (list === undefined) return null;
    requireInteger(index);
    const size = list.size;
    const at = index < 0 ? index + size : index;
    return at >= 0 && at < size ? this.output(list.elements.get(at)) : null;
  }

  /**
   * The elements from `start` to `stop`, both included; negative indexes count from the end.
   * O(log n + result). Redis 1.0.0.
   *
   * @throws ReplyError if an index is no integer; WRONGTYPE
   */
  lrange(key: Bytes, start: number, stop: number): O['string'][] {
    requireInteger(start);
    requireInteger(stop);
    const list = this.database.getToRead(this.input(key), LIST);
    if (list === undefined) return [];
    const size = list.size;
    const from = Math.max(0, start < 0 ? start + size : start);
    const to = Math.min(size - 1, stop < 0 ? stop + size : stop);
    if (from > to) return [];
    const result: O['string'][] = new Array(to - from + 1);
    let at = 0;
    list.elements.forEach(from, result.length, (value) => {
      result[at++] = this.output(value);
    });
    return result;
  }

  /**
   * The index of the first element that is `element`, or of another one if `rank` says so; `null` if there is none.
   * O(n), O(maxlen). Redis 6.0.6.
   *
   * @throws ReplyError if an option is out of its range; WRONGTYPE
   */
  lpos(key: Bytes, element: Bytes, options: LposOptions = {}): number | null {
    return this.findElements(key, element, options, 1)[0] ?? null;
  }

  /**
   * The indexes of all elements that are `element`, or of `count` of them, in the order in which they are found.
   * O(n), O(maxlen). Redis 6.0.6.
   *
   * @throws ReplyError if an option is out of its range; WRONGTYPE
   */
  lposCount(key: Bytes, element: Bytes, options: LposCountOptions = {}): number[] {
    const { count = 0 } = options;
    requireCount(count);
    return this.findElements(key, element, options, count);
  }

  private findElements(key: Bytes, element: Bytes, options: LposOptions, count: number): number[] {
    const { rank = 1, maxlen = 0 } = options;
    requireRank(rank);
    requireMaxlen(maxlen);
    const name = this.input(key);
    const value = this.input(element);
    const elements = this.database.getToRead(name, LIST)?.elements;
    const found: number[] = [];
    if (elements === undefined) return found;
    const limit = count === 0 ? Number.POSITIVE_INFINITY : count;
    let matchesToSkip = Math.abs(rank) - 1;
    let left = maxlen === 0 ? elements.size : maxlen;
    elements.findIndex(rank > 0 ? 0 : elements.size - 1, rank > 0 ? 1 : -1, (candidate, index) => {
      if (candidate === value && --matchesToSkip < 0) found.push(index);
      return --left === 0 || found.length === limit;
    });
    return found;
  }

  // ── editing ──────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Replaces the element at an index; negative indexes count from the end. O(log n), O(1) near the ends. Redis 1.0.0.
   *
   * @throws ReplyError if there is no such key, or no such index, or it is no integer; WRONGTYPE
   */
  lset(key: Bytes, index: number, element: Bytes): 'OK' {
    this.makeRoom();
    const name = this.input(key);
    const value = this.input(element);
    const database = this.database;
    const list = database.getForWrite(name, LIST);
    if (list === undefined) throw errors.noSuchKey();
    requireInteger(index);
    const maxListpackSize = this.keyspace.limits.listMaxListpackSize;
    list.prepareFor(value, maxListpackSize);
    const at = index < 0 ? index + list.size : index;
    if (at < 0 || at >= list.size) throw errors.indexOutOfRange();
    list.replace(at, value);
    list.shrink(maxListpackSize);
    if (database.changed(name, SET)) database.effect('LSET', name, String(index), value);
    return 'OK';
  }

  /**
   * Inserts an element before or after the first one that is `pivot`, and returns the list's length: -1 if there is
   * no `pivot`, 0 if there is no list. O(n). Redis 2.2.0.
   *
   * @throws ReplyError WRONGTYPE
   */
  linsert(key: Bytes, where: 'before' | 'after', pivot: Bytes, element: Bytes): number {
    this.makeRoom();
    if (where !== 'before' && where !== 'after') throw errors.syntax();
    const name = this.input(key);
    const pivotValue = this.input(pivot);
    const value = this.input(element);
    const database = this.database;
    const list = database.getForWrite(name, LIST);
    if (list === undefined) return 0;
    list.prepareFor(value, this.keyspace.limits.listMaxListpackSize);
    const at = list.elements.indexOf(pivotValue);
    if (at < 0) return -1;
    list.insert(where === 'before' ? at : at + 1, value);
    const length = list.size;
    if (database.changed(name, INSERT))
      database.effect('LINSERT', name, where.toUpperCase(), pivotValue, value);
    return length;
  }

  /**
   * Removes elements that are `element` and returns how many it were: the first `count`, the last `-count` if it is
   * negative, all if it is 0. O(n). Redis 1.0.0.
   *
   * @throws ReplyError if `count` is no integer; WRONGTYPE
   */
  lrem(key: Bytes, count: number, element: Bytes): number {
    requireInteger(count);
    const name = this.input(key);
    const value = this.input(element);
    const database = this.database;
    const list = database.getForWrite(name, LIST);
    if (list === undefined) return 0;
    const removed = list.removeMatching(value, count);
    if (removed === 0) return 0;
    const isRecording = database.changed(name, REMOVE);
    this.shrinkOrRemove(database, name, list);
    if (isRecording) database.effect('LREM', name, String(count), value);
    return removed;
  }

  /**
   * Keeps the elements from `start` to `stop`, both included, and removes the others; negative indexes count from the
   * end. O(elements removed). Redis 1.0.0.
   *
   * @throws ReplyError if an index is no integer; WRONGTYPE
   */
  ltrim(key: Bytes, start: number, stop: number): 'OK' {
    requireInteger(start);
    requireInteger(stop);
    const name = this.input(key);
    const database = this.database;
    const list = database.getForWrite(name, LIST);
    if (list === undefined) return 'OK';
    const size = list.size;
    const from = Math.max(0, start < 0 ? start + size : start);
    const to = Math.min(size - 1, stop < 0 ? stop + size : stop);
    if (from > to) {
      list.deleteRange(0, size);
    } else {
      if (to + 1 < size) list.deleteRange(to + 1, size - to - 1);
      if (from > 0) list.deleteRange(0, from);
    }
    const isRecording = database.changed(name, TRIM);
    const isShorter = list.size < size;
    this.shrinkOrRemove(database, name, list);
    if (isRecording && isShorter) database.effect('LTRIM', name, String(start), String(stop));
    return 'OK';
  }

  // ── moving ───────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Moves an element from one end of a list to one end of another, or of the same, and returns it; `null` if there is
   * nothing to move. O(1). Redis 6.2.0.
   *
   * @throws ReplyError WRONGTYPE if a key holds something else; nothing is moved then
   */
  lmove(source: Bytes, destination: Bytes, wherefrom: ListEnd, whereto: ListEnd): O['string'] | null {
    this.makeRoom();
    requireEnd(wherefrom);
    requireEnd(whereto);
    const sourceName = this.input(source);
    const destinationName = this.input(destination);
    const database = this.database;
    const from = database.getForWrite(sourceName, LIST);
    if (from === undefined) return null;
    const to = database.getForWrite(destinationName, LIST);
    const value = from.pop(wherefrom);
    this.pushMoved(database, destinationName, to, whereto, [value]);
    if (this.afterMoving(database, sourceName, from, wherefrom)) {
      database.effect('LMOVE', sourceName, destinationName, wherefrom.toUpperCase(), whereto.toUpperCase());
    }
    return this.output(value);
  }

  /** Moves the last element of a list to the head of another: see `lmove`. O(1). Redis 1.2.0; `lmove` serves better. */
  rpoplpush(source: Bytes, destination: Bytes): O['string'] | null {
    return this.lmove(source, destination, 'right', 'left');
  }

  /**
   * Moves elements from one end of a list to one end of another, or of the same, and returns them in the order in
   * which they now stand there; `null` if nothing was moved. Without options it moves one. O(elements). Redis 8.10.0.
   *
   * @throws ReplyError if the options do not say either `count` or `exactly`, if that is not positive, or without an
   * `order`; WRONGTYPE if a key holds something else; nothing is moved then
   * @example
   * store.rpush('a', ['1', '2', '3', '4']);
   * store.lmovem('a', 'b', 'left', 'right', { count: 3, order: 'bulk' }); // ['1', '2', '3']
   */
  lmovem(
    source: Bytes,
    destination: Bytes,
    wherefrom: ListEnd,
    whereto: ListEnd,
    options?: LmovemOptions,
  ): O['string'][] | null {
    this.makeRoom();
    requireEnd(wherefrom);
    requireEnd(whereto);
    if (options !== undefined) requireMove(options);
    const sourceName = this.input(source);
    const destinationName = this.input(destination);
    const database = this.database;
    const from = database.getForWrite(sourceName, LIST);
    if (from === undefined) return null;
    const size = from.size;
    if (options?.exactly !== undefined && options.exactly > size) return null;
    const to = database.getForWrite(destinationName, LIST);
    const amount = Math.min(size, options?.count ?? options?.exactly ?? 1);
    const start = wherefrom === 'left' ? 0 : size - amount;
    const moved = from.elements.toArray(start, start + amount - 1);
    from.deleteRange(start, amount);
    // One by one they are only turned round if they leave and arrive at the same end.
    if (options?.order === 'obo' && wherefrom === whereto) moved.reverse();
    const pushed = whereto === 'left' ? moved.toReversed() : moved;
    this.pushMoved(database, destinationName, to, whereto, pushed);
    if (this.afterMoving(database, sourceName, from, wherefrom)) {
      const command: Bytes[] = ['LMOVEM', sourceName, destinationName];
      command.push(wherefrom.toUpperCase(), whereto.toUpperCase());
      if (options !== undefined) command.push('COUNT', String(amount), options.order.toUpperCase());
      database.effectOf(command);
    }
    return moved.map((value) => this.output(value));
  }

  /** The second half of a move: what was taken from the source arrives. */
  private pushMoved(
    database: Database,
    key: ByteString,
    found: ListValue | undefined,
    end: ListEnd,
    values: readonly ByteString[],
  ): void {
    const list = found ?? new ListValue();
    list.pushAll(end, values, this.keyspace.limits.listMaxListpackSize);
    if (found === undefined) database.put(key, new Entry(LIST, list) as Entry);
    database.changed(key, ENDS[end].push);
  }

  /** The end of a move: the pop is told after the push. Whether an effect is wanted. */
  private afterMoving(database: Database, key: ByteString, list: ListValue, end: ListEnd): boolean {
    const isRecording = database.changed(key, ENDS[end].pop);
    this.shrinkOrRemove(database, key, list);
    return isRecording;
  }
}
