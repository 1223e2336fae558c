import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import type { Many } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { requireOptions } from '../../keyspace/arguments.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import { withFieldNames } from './field-effects.ts';
import { countGiven, EXPIRY_FORMATS, fieldTime, type TimeFormat } from './field-time.ts';
import { findHashForWrite, findHashToRead } from './hash-access.ts';
import { hashEvents } from './hash-events.ts';
import { FIELD_EXPIRE_CONDITIONS, type FieldExpireOptions } from './hash-options.ts';
import { HASH, scheduleExpiry } from './hash-value.ts';

const SECOND_MS = 1000;

const NO_FIELD = -2;
const NO_TTL = -1;
const CONDITION_NOT_MET = 0;
const DONE = 1;
const DELETED = 2;

const FIELD_EXPIRE_OPTIONS: ReadonlySet<string> = new Set(FIELD_EXPIRE_CONDITIONS);

/** The commands on the time that fields of a hash have left. */
export abstract class FieldExpiryOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Lets fields live so many more seconds; 0 deletes them. Fields that are written anew live on without a TTL.
   * O(fields · log n). Redis 7.4.0.
   *
   * @returns for each field in turn: 1 if that was done, 2 if the field was deleted, 0 if the condition did not hold,
   * -2 if there is no such field (or key)
   * @throws ReplyError WRONGTYPE; an error if `seconds` is no integer, negative or too large (the year 4199 is the last
   * one), conditions exclude each other, or no field is given
   */
  hexpire(key: Bytes, seconds: number, fields: Many, options?: FieldExpireOptions): number[] {
    return this.expireFieldsAt(key, seconds, EXPIRY_FORMATS.ex, fields, options, 'hexpire');
  }

  /** Lets fields live so many more milliseconds: see `hexpire`. O(fields · log n). Redis 7.4.0. */
  hpexpire(key: Bytes, milliseconds: number, fields: Many, options?: FieldExpireOptions): number[] {
    return this.expireFieldsAt(key, milliseconds, EXPIRY_FORMATS.px, fields, options, 'hpexpire');
  }

  /**
   * Lets fields live until a Unix time in seconds; a past one deletes them: see `hexpire`. O(fields · log n).
   * Redis 7.4.0.
   */
  hexpireat(key: Bytes, unixTimeSeconds: number, fields: Many, options?: FieldExpireOptions): number[] {
    return this.expireFieldsAt(key, unixTimeSeconds, EXPIRY_FORMATS.exat, fields, options, 'hexpireat');
  }

  /**
   * Lets fields live until a Unix time in milliseconds; a past one deletes them: see `hexpire`. O(fields · log n).
   * Redis 7.4.0.
   */
  hpexpireat(key: Bytes, unixTimeMilliseconds: number, fields: Many, options?: FieldExpireOptions): number[] {
    return this.expireFieldsAt(key, unixTimeMilliseconds, EXPIRY_FORMATS.pxat, fields, options, 'hpexpireat');
  }

  private expireFieldsAt(
    key: Bytes,
    value: number,
    format: TimeFormat,
    fields: Many,
    options: FieldExpireOptions = {},
    command: string,
  ): number[] {
    const name = this.input(key);
    const given = this.inputFieldNames(fields, command);
    const database = this.database;
    const hash = findHashForWrite(database, name);
    const { atMs, isPast } = fieldTime(this.keyspace, value, format, command);
    requireOptions(options, FIELD_EXPIRE_OPTIONS);
    if (countGiven(options, FIELD_EXPIRE_CONDITIONS) > 1) throw errors.multipleConditions();
    if (hash === undefined) return given.map(() => NO_FIELD);

    hash.prepareForExpiries();
    const changed: ByteString[] = [];
    const results = given.map((field) => {
      if (!hash.has(field)) return NO_FIELD;
      if (!isWanted(hash.expiresAt(field), atMs, options)) return CONDITION_NOT_MET;
      changed.push(field);
      if (isPast) hash.delete(field);
      else hash.setExpiry(field, atMs);
      return isPast ? DELETED : DONE;
    });
    if (changed.length === 0) return results;
    scheduleExpiry(database.home, name, hash);
    if (!isPast) {
      if (database.changed(name, hashEvents.expire, changed)) {
        database.effectOf(withFieldNames(['HPEXPIREAT', name, String(atMs)], changed));
      }
    } else {
      if (database.changed(name, hashEvents.delete, changed)) database.effectOf(['HDEL', name, ...changed]);
      database.removeIfEmpty(name, HASH, hash);
    }
    return results;
  }

  private inputFieldNames(fields: Many, command: string): ByteString[] {
    const given = this.inputMany(fields);
    if (given.length === 0) throw errors.wrongArity(command);
    return given;
  }

  /**
   * How many seconds each of the fields has left, rounded up: -1 if it never expires, -2 if there is no such field (or
   * key). O(fields). Redis 7.4.0.
   *
   * @throws ReplyError WRONGTYPE; an error if no field is given
   */
  httl(key: Bytes, fields: Many): number[] {
    const nowMs = this.keyspace.now();
    return this.readExpiries(key, fields, 'httl', (atMs) => toSeconds(atMs - nowMs));
  }

  /** How many milliseconds each of the fields has left: see `httl`. O(fields). Redis 7.4.0. */
  hpttl(key: Bytes, fields: Many): number[] {
    const nowMs = this.keyspace.now();
    return this.readExpiries(key, fields, 'hpttl', (atMs) => atMs - nowMs);
  }

  /** The Unix time in seconds, rounded up, at which each of the fields expires: see `httl`. O(fields). Redis 7.4.0. */
  hexpiretime(key: Bytes, fields: Many): number[] {
    return this.readExpiries(key, fields, 'hexpiretime', toSeconds);
  }

  /** The Unix time in milliseconds at which each of the fields expires: see `httl`. O(fields). Redis 7.4.0. */
  hpexpiretime(key: Bytes, fields: Many): number[] {
    return this.readExpiries(key, fields, 'hpexpiretime', (atMs) => atMs);
  }

  private readExpiries(
    key: Bytes,
    fields: Many,
    command: string,
    answer: (atMs: number) => number,
  ): number[] {
    const given = this.inputFieldNames(fields, command);
    const hash = findHashToRead(this.database, this.input(key));
    return given.map((field) => {
      if (hash?.has(field) !== true) return NO_FIELD;
      const atMs = hash.expiresAt(field);
      return atMs === undefined ? NO_TTL : answer(atMs);
    });
  }

  /**
   * Takes the TTLs of fields away: for each field in turn 1 if it had one, -1 if not, -2 if there is no such field (or
   * key). O(fields · log n). Redis 7.4.0.
   *
   * @throws ReplyError WRONGTYPE; an error if no field is given
   */
  hpersist(key: Bytes, fields: Many): number[] {
    const name = this.input(key);
    const given = this.inputFieldNames(fields, 'hpersist');
    const database = this.database;
    const hash = findHashForWrite(database, name);
    if (hash === undefined) return given.map(() => NO_FIELD);
    const changed: ByteString[] = [];
    const results = given.map((field) => {
      if (!hash.has(field)) return NO_FIELD;
      if (!hash.clearExpiry(field)) return NO_TTL;
      changed.push(field);
      return DONE;
    });
    if (changed.length === 0) return results;
    scheduleExpiry(database.home, name, hash);
    if (database.changed(name, hashEvents.persist, changed)) {
      database.effectOf(withFieldNames(['HPERSIST', name], changed));
    }
    return results;
  }
}

function toSeconds(timeMs: number): number {
  return Math.ceil(timeMs / SECOND_MS);
}

function isWanted(currentMs: number | undefined, atMs: number, options: FieldExpireOptions): boolean {
  if (currentMs === undefined) return options.xx !== true && options.gt !== true;
  if (options.nx === true) return false;
  if (options.gt === true) return atMs > currentMs;
  return options.lt !== true || atMs < currentMs;
}
