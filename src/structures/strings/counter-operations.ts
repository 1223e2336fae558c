import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { requireInt64, requireOptions } from '../../keyspace/arguments.ts';
import type { Database } from '../../keyspace/database.ts';
import { NEVER, type Stored } from '../../keyspace/entry.ts';
import { events, type KeyEvent } from '../../keyspace/events.ts';
import { expiryAtMs, requireAtMostOne, timeInteger } from '../../keyspace/expiry-options.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import { addDecimal } from '../../numbers/decimal.ts';
import { addInt64, type Integer, isIntegerText, negateInt64, parseInteger } from '../../numbers/integer.ts';
import { addWithinDecimals, addWithinIntegers } from './bounded-increment.ts';
import { RawString } from './raw-string.ts';
import {
  GETEX_EXPIRIES,
  type IncrexExpiryOptions,
  type IncrexFloatOptions,
  type IncrexOptions,
} from './string-options.ts';
import {
  byteStringOf,
  putString,
  putStringExpiring,
  putStringKeepingExpiry,
  stringOf,
} from './string-value.ts';

const INCREX_OPTIONS: ReadonlySet<string> = new Set([
  ...['byint', 'byfloat', 'lbound', 'ubound', 'saturate', 'enx'],
  ...GETEX_EXPIRIES,
]);

/** The commands that count in a string. */
export abstract class CounterOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Adds 1 to the integer a key holds, 0 if there is none, and returns the result. O(1). Redis 1.0.0.
   *
   * @throws ReplyError if the key holds no 64-bit integer, or the result would be none
   * @throws RangeError if the result is beyond 2^53 (call it on `store.bigints`); nothing is changed then
   */
  incr(key: Bytes): O['integer'] {
    return this.add(this.input(key), 1);
  }

  /** Subtracts 1. See `incr`. O(1). Redis 1.0.0. */
  decr(key: Bytes): O['integer'] {
    return this.add(this.input(key), -1);
  }

  /** Adds an integer. See `incr`. O(1). Redis 1.0.0. */
  incrby(key: Bytes, increment: number | bigint): O['integer'] {
    return this.add(this.input(key), requireInt64(increment));
  }

  /** Subtracts an integer. See `incr`. O(1). Redis 1.0.0. */
  decrby(key: Bytes, decrement: number | bigint): O['integer'] {
    const increment = negateInt64(requireInt64(decrement));
    if (increment === undefined) throw errors.decrementWouldOverflow();
    return this.add(this.input(key), increment);
  }

  private add(key: ByteString, increment: Integer): O['integer'] {
    this.makeRoom();
    const database = this.database;
    const found = database.findForWrite(key);
    const sum = addInt64(integerIn(found), increment);
    if (sum === undefined) throw errors.wouldOverflow();
    const result = this.outputInteger(sum);
    putStringKeepingExpiry(database, key, found, String(sum));
    if (database.changed(key, events.incrBy)) database.effect('INCRBY', key, String(increment));
    return result;
  }

  /**
   * Adds a decimal to the number a key holds, 0 if there is none, and returns the result as text, which is exact
   * where a `number` is not: 0.1 and 0.2 make `'0.3'`. O(1). Redis 2.6.0.
   *
   * @param increment as text, or as a number that is then written out
   * @throws ReplyError if either is no number, or the sum is not finite; WRONGTYPE
   */
  incrbyfloat(key: Bytes, increment: number | Bytes): O['string'] {
    this.makeRoom();
    const name = this.input(key);
    const database = this.database;
    const found = database.findForWrite(name);
    const current = found === undefined ? '0' : byteStringOf(stringOf(found));
    const added = addDecimal(current, this.inputDecimal(increment));
    if ('failure' in added) throw added.failure === 'not-finite' ? errors.notFinite() : errors.notAFloat();
    // Redis never holds the result as an integer, even if it is one, and OBJECT ENCODING tells.
    const sum = isIntegerText(added.sum) ? RawString.madeOf(added.sum) : added.sum;
    putStringKeepingExpiry(database, name, found, sum);
    if (database.changed(name, events.incrByFloat)) database.effect('SET', name, added.sum, 'KEEPTTL');
    return this.outputText(added.sum);
  }

  private inputDecimal(value: number | Bytes): ByteString {
    return typeof value === 'number' ? String(value) : this.input(value);
  }

  /**
   * Adds an integer within bounds, and sets or removes the expiry in the same step: a rate limiter in one call.
   * Where the result would pass a bound nothing at all is changed, unless `saturate` is given: then it stops there.
   * O(1). Redis 8.8.0.
   *
   * @returns the value, and by how much it was changed
   * @throws ReplyError if the key holds no integer, the bounds are crossed, or options exclude each other
   * @throws RangeError if a result is beyond 2^53 (call it on `store.bigints`); nothing is changed then
   */
  increx(key: Bytes, options: IncrexOptions = {}): [value: O['integer'], applied: O['integer']] {
    this.makeRoom();
    const by = requireInt64(options.byint ?? 1, errors.incrementNotAnInteger);
    const lower = bound(options.lbound, 'LBOUND');
    const upper = bound(options.ubound, 'UBOUND');
    if (lower !== undefined && upper !== undefined && lower > upper) throw errors.boundsCrossed();
    const atMs = this.increxExpiry(options);
    const name = this.input(key);
    const found = this.database.findForWrite(name);
    const step = addWithinIntegers(integerIn(found), by, lower, upper, options.saturate === true);
    const result: [O['integer'], O['integer']] = [
      this.outputInteger(step.value),
      this.outputInteger(step.applied),
    ];
    if (step.isDone) this.putIncremented(name, found, String(step.value), events.incrBy, options, atMs);
    return result;
  }

  /**
   * `increx` with a decimal increment, `byfloat`. Values go in and come out as text, which is exact. O(1). Redis 8.8.0.
   *
   * @throws ReplyError if the key holds no number, the bounds are crossed, or options exclude each other
   */
  increxFloat(key: Bytes, options: IncrexFloatOptions): [value: O['string'], applied: O['string']] {
    this.makeRoom();
    const decimal = (value: number | Bytes | undefined) =>
      value === undefined ? undefined : this.inputDecimal(value);
    const bounds = { lower: decimal(options.lbound), upper: decimal(options.ubound) };
    const plan = addWithinDecimals(this.inputDecimal(options.byfloat), bounds, options.saturate === true);
    const atMs = this.increxExpiry(options);
    const name = this.input(key);
    const found = this.database.findForWrite(name);
    const step = plan(found === undefined ? '0' : byteStringOf(stringOf(found)));
    if (step.isDone) this.putIncremented(name, found, step.value, events.incrByFloat, options, atMs);
    return [this.outputText(step.value), this.outputText(step.applied)];
  }

  private increxExpiry(options: IncrexExpiryOptions): number | undefined {
    requireOptions(options, INCREX_OPTIONS);
    requireAtMostOne(options, GETEX_EXPIRIES);
    requireAtMostOne(options, ['persist', 'enx']);
    const hasExpiry = [options.ex, options.px, options.exat, options.pxat].some(
      (value) => value !== undefined,
    );
    if (options.enx === true && !hasExpiry) throw errors.enxNeedsExpiry();
    return expiryAtMs(this.keyspace, options, 'increx');
  }

  private putIncremented(
    key: ByteString,
    found: Stored | undefined,
    value: ByteString,
    event: KeyEvent,
    options: IncrexExpiryOptions,
    atMs: number | undefined,
  ): void {
    const database = this.database;
    const hadExpiry = typeof found === 'object' && found.expiresAtMs !== NEVER;
    if (atMs !== undefined && !(options.enx === true && hadExpiry)) {
      this.putIncrementedExpiring(database, key, found, value, event, atMs);
    } else if (options.persist === true && hadExpiry) {
      putString(database, key, value);
      database.changed(key, event);
      if (database.changed(key, events.persist)) database.effect('SET', key, value);
    } else {
      putStringKeepingExpiry(database, key, found, value);
      if (database.changed(key, event)) database.effect('SET', key, value, 'KEEPTTL');
    }
  }

  private putIncrementedExpiring(
    database: Database,
    key: ByteString,
    old: Stored | undefined,
    value: ByteString,
    event: KeyEvent,
    atMs: number,
  ): void {
    if (this.keyspace.isOver(atMs)) {
      if (database.remove(key) !== undefined && database.changed(key, events.del))
        database.effect('DEL', key);
      return;
    }
    putStringExpiring(database, key, old, value, atMs);
    database.changed(key, event);
    if (database.changed(key, events.expire))
      database.effect('SET', key, value, 'PXAT', String(timeInteger(atMs)));
  }
}

/** The integer that the key's string spells, 0 without a key. */
function integerIn(found: Stored | undefined): Integer {
  if (found === undefined) return 0;
  const current = parseInteger(byteStringOf(stringOf(found)));
  if (current === undefined) throw errors.notAnInteger();
  return current;
}

function bound(value: number | bigint | undefined, name: 'LBOUND' | 'UBOUND'): Integer | undefined {
  return value === undefined ? undefined : requireInt64(value, () => errors.boundNotAnInteger(name));
}
