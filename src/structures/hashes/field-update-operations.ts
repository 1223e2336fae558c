import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { type Many, type Pairs, pairsOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { requireOptions } from '../../keyspace/arguments.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import { withFieldNames } from './field-effects.ts';
import { countGiven, namedFieldTime } from './field-time.ts';
import { findHash, findHashForWrite, hashForWrite, hashLimits } from './hash-access.ts';
import { hashEvents } from './hash-events.ts';
import {
  HGETEX_EXPIRIES,
  type HgetexOptions,
  HSETEX_CONDITIONS,
  HSETEX_EXPIRIES,
  type HsetexOptions,
  ONLY_ONE_OF,
} from './hash-options.ts';
import type { HashTable } from './hash-table.ts';
import { HASH, NO_EXPIRY, scheduleExpiry } from './hash-value.ts';

const HGETEX_OPTIONS: ReadonlySet<string> = new Set(HGETEX_EXPIRIES);
const HSETEX_OPTIONS: ReadonlySet<string> = new Set([...HSETEX_CONDITIONS, ...HSETEX_EXPIRIES]);

/** The commands that read or write fields of a hash and do something about their existence or TTL in the same step. */
export abstract class FieldUpdateOperations<O extends Output = Text> extends Operations<O> {
  /**
   * The values of fields, `null` for each that does not exist; the fields are deleted. O(fields). Redis 8.0.0.
   *
   * @throws ReplyError WRONGTYPE; an error if no field is given
   */
  hgetdel(key: Bytes, fields: Many): (O['string'] | null)[] {
    const name = this.input(key);
    const given = this.inputMany(fields);
    if (given.length === 0) throw errors.wrongArity('hgetdel');
    const hash = findHashForWrite(this.database, name);
    if (hash === undefined) return given.map(() => null);
    const deleted: ByteString[] = [];
    const values = given.map((field) => {
      const value = hash.get(field);
      if (value === undefined) return null;
      hash.delete(field);
      deleted.push(field);
      return this.output(value);
    });
    this.tellDeleted(name, hash, deleted);
    return values;
  }

  /**
   * The values of fields, `null` for each that does not exist; and sets or (with `persist`) removes their TTLs. A time
   * that is over deletes the fields. Without options it is `hmget`. O(fields · log n). Redis 8.0.0.
   *
   * @throws ReplyError WRONGTYPE; an error if options exclude each other, a time is no integer, negative or too large, or
   * no field is given
   */
  hgetex(key: Bytes, fields: Many, options: HgetexOptions = {}): (O['string'] | null)[] {
    requireOptions(options, HGETEX_OPTIONS);
    if (countGiven(options, HGETEX_EXPIRIES) > 1) throw errors.onlyOneOf(ONLY_ONE_OF.hgetexExpiries);
    const name = this.input(key);
    const given = this.inputMany(fields);
    if (given.length === 0) throw errors.wrongArity('hgetex');
    const time = namedFieldTime(this.keyspace, options, 'hgetex');
    const isWrite = time !== undefined || options.persist === true;
    const hash = isWrite ? findHashForWrite(this.database, name) : findHash(this.database, name);
    if (hash === undefined) return given.map(() => null);
    if (isWrite) hash.prepareForExpiries();
    const changed: ByteString[] = [];
    const values = given.map((field) => {
      const value = hash.get(field);
      if (value === undefined) return null;
      if (time?.isPast === true) hash.delete(field);
      else if (time !== undefined) hash.setExpiry(field, time.atMs);
      if (time !== undefined || (options.persist === true && hash.clearExpiry(field))) changed.push(field);
      return this.output(value);
    });
    if (time?.isPast === true) this.tellDeleted(name, hash, changed);
    else if (changed.length > 0) this.tellTimed(name, hash, changed, time?.atMs);
    return values;
  }

  /** Fields were deleted, perhaps none, perhaps the last one. */
  private tellDeleted(key: ByteString, hash: HashTable, deleted: readonly ByteString[]): void {
    if (deleted.length === 0) return;
    const database = this.database;
    scheduleExpiry(database.home, key, hash);
    if (database.changed(key, hashEvents.delete, deleted)) database.effectOf(['HDEL', key, ...deleted]);
    database.removeIfEmpty(key, HASH, hash);
  }

  /** Fields got a TTL, or lost it. */
  private tellTimed(
    key: ByteString,
    hash: HashTable,
    changed: readonly ByteString[],
    atMs: number | undefined,
  ): void {
    const database = this.database;
    scheduleExpiry(database.home, key, hash);
    const event = atMs === undefined ? hashEvents.persist : hashEvents.expire;
    if (!database.changed(key, event, changed)) return;
    const command = atMs === undefined ? ['HPERSIST', key] : ['HPEXPIREAT', key, String(atMs)];
    database.effectOf(withFieldNames(command, changed));
  }

  /**
   * Sets fields under one condition, with one TTL for all of them; without a time or `keepttl` their TTLs go. A time that
   * is over deletes the fields. O(fields · log n). Redis 8.0.0.
   *
   * @returns 1 if that was done, 0 if the condition did not hold and nothing was changed
   * @throws ReplyError WRONGTYPE; an error if options exclude each other, a time is no integer, negative or too large, or
   * no field is given
   */
  hsetex(key: Bytes, values: Pairs, options: HsetexOptions = {}): number {
    this.makeRoom();
    requireOptions(options, HSETEX_OPTIONS);
    if (countGiven(options, HSETEX_CONDITIONS) > 1) throw errors.onlyOneOf(ONLY_ONE_OF.hsetexConditions);
    if (countGiven(options, HSETEX_EXPIRIES) > 1) throw errors.onlyOneOf(ONLY_ONE_OF.hsetexExpiries);
    const name = this.input(key);
    const fields: ByteString[] = [];
    const texts: ByteString[] = [];
    for (const [field, value] of pairsOf(values)) {
      fields.push(this.input(field));
      texts.push(this.input(value));
    }
    if (fields.length === 0) throw errors.wrongArity('hsetex');
    const time = namedFieldTime(this.keyspace, options, 'hsetex');
    const database = this.database;
    const found = findHashForWrite(database, name);
    if (options.fnx === true && fields.some((field) => found?.has(field) === true)) return 0;
    if (options.fxx === true && !fields.every((field) => found?.has(field) === true)) return 0;

    const hash = found ?? hashForWrite(database, name);
    const limits = hashLimits(this.keyspace);
    hash.prepareFor(fields.length, limits);
    fields.forEach((field, at) => {
      hash.set(field, texts[at]!, limits);
    });
    if (time === undefined) {
      if (options.keepttl !== true && hash.nextExpiryMs !== NO_EXPIRY) {
        for (const field of fields) hash.clearExpiry(field);
        scheduleExpiry(database.home, name, hash);
      }
      if (database.changed(name, hashEvents.set, fields)) this.recordSet(name, fields, texts, options);
      return 1;
    }

    hash.prepareForExpiries();
    if (time.isPast) {
      database.changed(name, hashEvents.set, fields);
      const deleted = fields.filter((field) => hash.delete(field));
      this.tellDeleted(name, hash, deleted);
      return 1;
    }
    for (const field of fields) hash.setExpiry(field, time.atMs);
    scheduleExpiry(database.home, name, hash);
    database.changed(name, hashEvents.set, fields);
    if (database.changed(name, hashEvents.expire, fields))
      this.recordSet(name, fields, texts, options, time.atMs);
    return 1;
  }

  private recordSet(
    key: ByteString,
    fields: readonly ByteString[],
    texts: readonly ByteString[],
    options: HsetexOptions,
    atMs?: number,
  ): void {
    const command = ['HSETEX', key];
    if (options.fnx === true) command.push('FNX');
    if (options.fxx === true) command.push('FXX');
    if (options.keepttl === true) command.push('KEEPTTL');
    if (atMs !== undefined) command.push('PXAT', String(atMs));
    command.push('FIELDS', String(fields.length));
    fields.forEach((field, at) => {
      command.push(field, texts[at]!);
    });
    this.database.effectOf(command);
  }
}
