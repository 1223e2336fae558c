import { type ByteString, type Bytes, byteLength } from '../../bytes/byte-string.ts';
import { isRecord, type Many, type Pairs, pairsOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import { addDecimal } from '../../numbers/decimal.ts';
import { addInt64, parseInteger, toInteger } from '../../numbers/integer.ts';
import { createHash, findHashForWrite, findHashToRead, hashForWrite, hashLimits } from './hash-access.ts';
import { hashEvents } from './hash-events.ts';
import { HASH, NO_EXPIRY, scheduleExpiry } from './hash-value.ts';

/** The commands on fields of hashes and their values. */
export abstract class HashOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Sets fields, and removes their TTLs. O(fields). Redis 2.0.0.
   *
   * @returns how many of the fields are new
   * @throws ReplyError WRONGTYPE if the key holds something else; an error if no field is given
   * @example
   * store.hset('user:1', { name: 'Ada', born: '1815' }); // 2
   */
  hset(key: Bytes, values: Pairs): number {
    this.makeRoom();
    if (isRecord(values)) {
      // One field of an object is what loops do; no array of pairs is made for it.
      const names = Object.keys(values);
      if (names.length === 1) {
        const name = names[0]!;
        return this.setField(key, name, values[name]!);
      }
    }
    return this.setFields(key, values, 'HSET');
  }

  /** The older form of `hset`, which does not say how many fields are new. O(fields). Redis 2.0.0. */
  hmset(key: Bytes, values: Pairs): 'OK' {
    this.makeRoom();
    this.setFields(key, values, 'HMSET');
    return 'OK';
  }

  private setField(key: Bytes, field: Bytes, value: Bytes): number {
    const name = this.input(key);
    const given = this.input(field);
    const text = this.input(value);
    const database = this.database;
    const hash = hashForWrite(database, name);
    const isNew = hash.set(given, text, hashLimits(this.keyspace));
    if (hash.nextExpiryMs !== NO_EXPIRY && hash.clearExpiry(given)) scheduleExpiry(database.home, name, hash);
    if (database.changed(name, hashEvents.set, given)) database.effect('HSET', name, given, text);
    return isNew ? 1 : 0;
  }

  private setFields(key: Bytes, values: Pairs, command: 'HSET' | 'HMSET'): number {
    const name = this.input(key);
    const given: ByteString[] = [];
    for (const [field, value] of pairsOf(values)) given.push(this.input(field), this.input(value));
    if (given.length === 0) throw errors.wrongArity(command.toLowerCase());
    const database = this.database;
    const hash = hashForWrite(database, name);
    const limits = hashLimits(this.keyspace);
    hash.prepareFor(given.length / 2, limits);
    let added = 0;
    for (let at = 0; at < given.length; at += 2) {
      if (hash.set(given[at]!, given[at + 1]!, limits)) added++;
    }
    if (hash.nextExpiryMs !== NO_EXPIRY) {
      for (let at = 0; at < given.length; at += 2) hash.clearExpiry(given[at]!);
      scheduleExpiry(database.home, name, hash);
    }
    const names = database.keyspace.observed ? given.filter((_, at) => at % 2 === 0) : undefined;
    if (database.changed(name, hashEvents.set, names)) database.effectOf([command, name, ...given]);
    return added;
  }

  /**
   * Sets a field unless it exists: returns 1 if it was set, else 0. O(1). Redis 2.0.0.
   *
   * @throws ReplyError WRONGTYPE
   */
  hsetnx(key: Bytes, field: Bytes, value: Bytes): number {
    this.makeRoom();
    const name = this.input(key);
    const given = this.input(field);
    const text = this.input(value);
    const database = this.database;
    const hash = findHashForWrite(database, name);
    if (hash?.has(given) === true) return 0;
    (hash ?? createHash(database, name)).set(given, text, hashLimits(this.keyspace));
    if (database.changed(name, hashEvents.set, given)) database.effect('HSETNX', name, given, text);
    return 1;
  }

  /**
   * The value of a field, `null` if there is none. O(1). Redis 2.0.0.
   *
   * @throws ReplyError WRONGTYPE
   */
  hget(key: Bytes, field: Bytes): O['string'] | null {
    const given = this.input(field);
    const value = findHashToRead(this.database, this.input(key))?.get(given);
    return value === undefined ? null : this.output(value);
  }

  /**
   * The values of several fields, `null` for each that does not exist. O(fields). Redis 2.0.0.
   *
   * @throws ReplyError WRONGTYPE; an error if no field is given
   */
  hmget(key: Bytes, fields: Many): (O['string'] | null)[] {
    const given = this.inputMany(fields);
    if (given.length === 0) throw errors.wrongArity('hmget');
    const hash = findHashToRead(this.database, this.input(key));
    return given.map((field) => {
      const value = hash?.get(field);
      return value === undefined ? null : this.output(value);
    });
  }

  /**
   * All fields with their values, as an object without a prototype (in `store.bytes` as an array of pairs); empty if
   * there is no such key. Any JavaScript object has names like `'7'` first; `hkeys` tells the order of the hash. O(n).
   * Redis 2.0.0.
   *
   * @throws ReplyError WRONGTYPE
   */
  hgetall(key: Bytes): O['record'] {
    const record = this.startRecord();
    findHashToRead(this.database, this.input(key))?.forEach((field, value) => {
      this.addToRecord(record, field, value);
    });
    return record;
  }

  /**
   * Removes fields; returns how many there were. A hash without fields is gone. O(fields). Redis 2.0.0.
   *
   * @throws ReplyError WRONGTYPE; an error if no field is given
   */
  hdel(key: Bytes, fields: Many): number {
    const name = this.input(key);
    const given = this.inputMany(fields);
    if (given.length === 0) throw errors.wrongArity('hdel');
    const database = this.database;
    const hash = findHashForWrite(database, name);
    if (hash === undefined) return 0;
    const deleted = given.filter((field) => hash.delete(field));
    if (deleted.length === 0) return 0;
    scheduleExpiry(database.home, name, hash);
    if (database.changed(name, hashEvents.delete, deleted)) database.effectOf(['HDEL', name, ...deleted]);
    database.removeIfEmpty(name, HASH, hash);
    return deleted.length;
  }

  /**
   * 1 if the field exists, else 0. O(1). Redis 2.0.0.
   *
   * @throws ReplyError WRONGTYPE
   */
  hexists(key: Bytes, field: Bytes): number {
    const given = this.input(field);
    return findHashToRead(this.database, this.input(key))?.has(given) === true ? 1 : 0;
  }

  /**
   * How many fields the hash has, 0 if there is none. O(1). Redis 2.0.0.
   *
   * @throws ReplyError WRONGTYPE
   */
  hlen(key: Bytes): number {
    return findHashToRead(this.database, this.input(key))?.size ?? 0;
  }

  /**
   * How many bytes the value of a field has, 0 if there is none. O(1), O(n of the value) beyond short text.
   * Redis 3.2.0.
   *
   * @throws ReplyError WRONGTYPE
   */
  hstrlen(key: Bytes, field: Bytes): number {
    const given = this.input(field);
    const value = findHashToRead(this.database, this.input(key))?.get(given);
    return value === undefined ? 0 : byteLength(value);
  }

  /**
   * All fields, in no particular order. O(n). Redis 2.0.0.
   *
   * @throws ReplyError WRONGTYPE
   */
  hkeys(key: Bytes): O['string'][] {
    const fields: O['string'][] = [];
    findHashToRead(this.database, this.input(key))?.forEach((field) => {
      fields.push(this.output(field));
    });
    return fields;
  }

  /**
   * All values, in the order of `hkeys`. O(n). Redis 2.0.0.
   *
   * @throws ReplyError WRONGTYPE
   */
  hvals(key: Bytes): O['string'][] {
    const values: O['string'][] = [];
    findHashToRead(this.database, this.input(key))?.forEach((_field, value) => {
      values.push(this.output(value));
    });
    return values;
  }

  /**
   * Adds to the integer that a field holds, 0 if there is none, and returns the result. The field's TTL stays. O(1).
   * Redis 2.0.0.
   *
   * @throws ReplyError if the field holds no 64-bit integer, or the result would be none; WRONGTYPE
   * @throws RangeError if the result is beyond 2^53 (call it on `store.bigints`); nothing is changed then
   */
  hincrby(key: Bytes, field: Bytes, increment: number | bigint): O['integer'] {
    this.makeRoom();
    const by = toInteger(increment);
    if (by === undefined) throw errors.notAnInteger();
    const name = this.input(key);
    const given = this.input(field);
    const database = this.database;
    const hash = findHashForWrite(database, name);
    const current = parseInteger(hash?.get(given) ?? '0');
    if (current === undefined) throw errors.hashValueNotAnInteger();
    const sum = addInt64(current, by);
    if (sum === undefined) throw errors.wouldOverflow();
    const result = this.outputInteger(sum);
    (hash ?? hashForWrite(database, name)).set(given, String(sum), hashLimits(this.keyspace));
    if (database.changed(name, hashEvents.incrBy, given)) database.effect('HINCRBY', name, given, String(by));
    return result;
  }

  /**
   * Adds a decimal to the number that a field holds, 0 if there is none, and returns the result as text, which is exact
   * where a `number` is not: 0.1 and 0.2 make `'0.3'`. The field's TTL stays. O(1). Redis 2.6.0.
   *
   * @param increment as text, or as a number that is then written out
   * @throws ReplyError if either is no number, or the sum is not finite; WRONGTYPE
   */
  hincrbyfloat(key: Bytes, field: Bytes, increment: number | Bytes): O['string'] {
    this.makeRoom();
    const by = typeof increment === 'number' ? String(increment) : this.input(increment);
    requireFinite(by);
    const name = this.input(key);
    const given = this.input(field);
    const database = this.database;
    const hash = findHashForWrite(database, name);
    const added = addDecimal(hash?.get(given) ?? '0', by);
    if ('failure' in added) {
      throw added.failure === 'first-invalid' ? errors.hashValueNotAFloat() : errors.notFinite();
    }
    const { sum } = added;
    const target = hash ?? hashForWrite(database, name);
    target.set(given, sum, hashLimits(this.keyspace));
    if (database.changed(name, hashEvents.incrByFloat, given)) {
      // The sum as it is, since another machine may add otherwise; and HSET would take the TTL away.
      if (target.expiresAt(given) === undefined) database.effect('HSET', name, given, sum);
      else database.effect('HSETEX', name, 'KEEPTTL', 'FIELDS', '1', given, sum);
    }
    return this.outputText(sum);
  }
}

/** Says what Redis does of an increment before it looks at the key. */
function requireFinite(increment: ByteString): void {
  const added = addDecimal('0', increment);
  if ('failure' in added) {
    throw added.failure === 'not-finite' ? errors.incrementNotFinite() : errors.notAFloat();
  }
}
