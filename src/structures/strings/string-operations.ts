import { type ByteString, type Bytes, byteLength, sliceBytes } from '../../bytes/byte-string.ts';
import { type Many, manyOf, type Pairs, pairsOf } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { requireInteger, requireOptions } from '../../keyspace/arguments.ts';
import type { Database } from '../../keyspace/database.ts';
import { NEVER, type Stored, typeOf } from '../../keyspace/entry.ts';
import { events } from '../../keyspace/events.ts';
import { hit, usedForWrite } from '../../keyspace/eviction/uses.ts';
import {
  type ExpiryOptions,
  expiryAtMs,
  expiryFrom,
  namesExpiry,
  requireAtMostOne,
  timeInteger,
} from '../../keyspace/expiry-options.ts';
import { findToReadAndWrite } from '../../keyspace/lookups.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import type { RawString } from './raw-string.ts';
import { holds, requireComparisons } from './string-conditions.ts';
import {
  type ComparisonOptions,
  GETEX_EXPIRIES,
  type GetexOptions,
  type MsetexOptions,
  SET_CONDITIONS,
  SET_EXPIRIES,
  type SetOptions,
} from './string-options.ts';
import {
  editableString,
  entriesHoldText,
  lengthOf,
  putString,
  putStringExpiring,
  putStringKeepingExpiry,
  STRING,
  stringOf,
} from './string-value.ts';

/** What a SET decided: whether it was done, and what the key held before. */
interface SetResult {
  readonly isDone: boolean;
  readonly old: Stored | undefined;
}

/** The string commands. */
export abstract class StringOperations<O extends Output = Text> extends Operations<O> {
  /**
   * The string a key holds, or `null` if there is none. O(1). Redis 1.0.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else
   */
  get(key: Bytes): O['string'] | null {
    const database = this.database;
    if (typeof key !== 'string' || !database.hasOnlyTextKeys)
      return this.outputString(database.findToRead(this.input(key)));
    const found = database.map.get(key);
    if (typeof found === 'string') {
      this.keyspace.hitCount++;
      return this.outputText(found);
    }
    if (typeof found === 'number') return this.outputText(database.readText(found));
    if (found !== undefined) {
      if (found.expiresAtMs !== NEVER && database.live(key, found) === undefined)
        return this.outputString(database.missed(key));
      const { keyspace } = this;
      keyspace.hitCount++;
      if (keyspace.access !== undefined) found.access = keyspace.access.read(found.access);
      // What is a string of JavaScript is of no other type.
      const { value } = found;
      return entriesHoldText && typeof value === 'string' ? this.outputText(value) : this.outputString(found);
    }
    return this.outputString(
      key.isWellFormed() ? database.missed(key) : database.findToRead(this.input(key)),
    );
  }

  private outputString(stored: Stored | undefined): O['string'] | null {
    if (stored === undefined) return null;
    const value = stringOf(stored);
    return typeof value === 'string' ? this.output(value) : this.outputBytes(value.bytes);
  }

  /**
   * Makes a key hold this string, whatever it held before; its TTL goes unless `keepttl` is given. O(1). Redis 1.0.0.
   *
   * @returns `'OK'`, or `null` if a condition (`nx`, `xx`, `ifeq`, …) did not hold and nothing was changed
   * @throws ReplyError if options exclude each other, or an expiry is not positive; WRONGTYPE if a comparison meets
   * another type
   */
  set(key: Bytes, value: Bytes, options?: SetOptions): 'OK' | null {
    this.makeRoom();
    if (options !== undefined)
      return this.setWith(this.input(key), this.input(value), options, false).isDone ? 'OK' : null;
    const database = this.database;
    const isUsual = typeof key === 'string' && typeof value === 'string' && value.isWellFormed();
    if (isUsual && database.setPlainly(key, value)) return 'OK';
    const name = this.input(key);
    const old = replacedBy(database, name);
    if (typeof value === 'string' && value.isWellFormed()) database.putText(name, value);
    else putString(database, name, this.input(value));
    tellReplaced(database, name, old);
    if (database.changed(name, events.set)) database.effect('SET', name, value);
    return 'OK';
  }

  /**
   * Like `set`, but returns what the key held before, `null` for nothing. That is the same whether or not a
   * condition held. O(1). Redis 6.2.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else than a string; nothing is changed then
   */
  setGet(key: Bytes, value: Bytes, options: SetOptions = {}): O['string'] | null {
    this.makeRoom();
    const name = this.input(key);
    const held = this.database.find(name);
    const heldValue = held === undefined ? undefined : typeof held === 'string' ? held : held.value;
    const { old } = this.setWith(name, this.input(value), options, true);
    // The entry may have been used again for the new value.
    if (old === undefined) return null;
    if (typeof heldValue === 'string') return this.output(heldValue);
    return this.outputBytes((heldValue as RawString).bytes);
  }

  private setWith(key: ByteString, value: ByteString, options: SetOptions, isGet: boolean): SetResult {
    requireCompatible(options);
    const database = this.database;
    const nowMs = namesExpiry(options) ? this.keyspace.now() : undefined;
    const atMs = nowMs === undefined ? undefined : expiryFrom(nowMs, options, 'set');
    if (nowMs !== undefined) this.keyspace.expireSome();
    const old = nowMs === undefined ? database.find(key) : database.findAt(key, nowMs);
    if (isGet) {
      if (old === undefined) database.missed(key);
      else {
        hit(database, key);
        stringOf(old);
      }
    }
    usedForWrite(database, key);
    if (options.nx === true && old !== undefined) return { isDone: false, old };
    if (options.xx === true && old === undefined) return { isDone: false, old };
    if (hasComparison(options) && !holds(options, old, (bytes) => this.input(bytes)))
      return { isDone: false, old };
    if (atMs !== undefined) {
      this.putExpiring(database, key, old, value, atMs, nowMs!);
    } else {
      if (options.keepttl === true) putStringKeepingExpiry(database, key, old, value);
      else putString(database, key, value);
      tellReplaced(database, key, old);
      if (database.changed(key, events.set)) {
        database.effect('SET', key, value, ...(options.keepttl === true ? ['KEEPTTL'] : []));
      }
    }
    return { isDone: true, old };
  }

  /** Puts a string with an expiry, or (if that is over already) makes sure there is none. `old` is what is there. */
  private putExpiring(
    database: Database,
    key: ByteString,
    old: Stored | undefined,
    value: ByteString,
    atMs: number,
    nowMs: number,
  ): void {
    if (this.keyspace.isOver(atMs, nowMs)) {
      if (database.remove(key) !== undefined && database.changed(key, events.del))
        database.effect('DEL', key);
      return;
    }
    putStringExpiring(database, key, old, value, atMs);
    tellReplaced(database, key, old);
    database.changed(key, events.set);
    if (database.changed(key, events.expire))
      database.effect('SET', key, value, 'PXAT', String(timeInteger(atMs)));
  }

  /**
   * `set` with `nx`: returns 1 if the key was set, 0 if it existed already. O(1). Redis 1.0.0; `set` serves better.
   */
  setnx(key: Bytes, value: Bytes): number {
    this.makeRoom();
    return this.setWith(this.input(key), this.input(value), { nx: true }, false).isDone ? 1 : 0;
  }

  /**
   * `set` with `ex`: the key expires in so many seconds. O(1). Redis 2.0.0; `set` serves better.
   *
   * @throws ReplyError if `seconds` is not a positive integer
   */
  setex(key: Bytes, seconds: number, value: Bytes): 'OK' {
    return this.setExpiring(key, { ex: seconds }, value, 'setex');
  }

  /**
   * `set` with `px`: the key expires in so many milliseconds. O(1). Redis 2.6.0; `set` serves better.
   *
   * @throws ReplyError if `milliseconds` is not a positive integer
   */
  psetex(key: Bytes, milliseconds: number, value: Bytes): 'OK' {
    return this.setExpiring(key, { px: milliseconds }, value, 'psetex');
  }

  private setExpiring(key: Bytes, expiry: ExpiryOptions, value: Bytes, command: string): 'OK' {
    this.makeRoom();
    const nowMs = this.keyspace.now();
    const atMs = expiryFrom(nowMs, expiry, command);
    this.keyspace.expireSome();
    const name = this.input(key);
    const database = this.database;
    const old = database.findAt(name, nowMs);
    usedForWrite(database, name);
    this.putExpiring(database, name, old, this.input(value), atMs, nowMs);
    return 'OK';
  }

  /**
   * Sets a string and returns what the key held before. O(1). Redis 1.0.0; `setGet` serves better.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else than a string
   */
  getset(key: Bytes, value: Bytes): O['string'] | null {
    return this.setGet(key, value);
  }

  /**
   * Returns the string a key holds, and deletes the key. O(1). Redis 6.2.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else; it is not deleted then
   */
  getdel(key: Bytes): O['string'] | null {
    const name = this.input(key);
    const database = this.database;
    const found = database.findToRead(name);
    if (found === undefined) return null;
    const value = this.outputString(found);
    database.remove(name);
    if (database.changed(name, events.del)) database.effect('DEL', name);
    return value;
  }

  /**
   * Returns the string a key holds, and sets or (with `persist`) removes its expiry. O(1). Redis 6.2.0.
   *
   * @throws ReplyError WRONGTYPE if the key holds something else; an error if an expiry is not positive
   */
  getex(key: Bytes, options: GetexOptions = {}): O['string'] | null {
    requireOptions(options, GETEX_OPTIONS);
    requireAtMostOne(options, GETEX_EXPIRIES);
    const name = this.input(key);
    const database = this.database;
    const found = findToReadAndWrite(database, name);
    if (found === undefined) return null;
    const value = this.outputString(found);
    const atMs = expiryAtMs(this.keyspace, options, 'getex');
    if (atMs !== undefined) {
      if (this.keyspace.isOver(atMs)) {
        database.remove(name);
        if (database.changed(name, events.del)) database.effect('DEL', name);
      } else {
        putStringExpiring(database, name, found, stringOf(found), atMs);
        if (database.changed(name, events.expire))
          database.effect('PEXPIREAT', name, String(timeInteger(atMs)));
      }
    } else if (options.persist === true && typeof found === 'object' && found.expiresAtMs !== NEVER) {
      putString(database, name, stringOf(found));
      if (database.changed(name, events.persist)) database.effect('PERSIST', name);
    }
    return value;
  }

  /**
   * The strings under several keys; `null` for each that holds none, or something else. O(keys). Redis 1.0.0.
   *
   * @throws ReplyError if no key is given
   */
  mget(keys: Many): (O['string'] | null)[] {
    const database = this.database;
    const given = manyOf(keys);
    if (given.length === 0) throw errors.wrongArity('mget');
    return given.map((key) => {
      const found = database.findToRead(this.input(key));
      if (typeof found === 'string') return this.outputText(found);
      return found === undefined || found.kind.type !== 'string' ? null : this.outputString(found);
    });
  }

  /**
   * Sets several keys at once; their TTLs go. O(keys). Redis 1.0.1.
   *
   * @throws ReplyError if no key is given
   */
  mset(values: Pairs): 'OK' {
    this.makeRoom();
    const database = this.database;
    this.putAll(database, this.inputPairs(values, 'mset'), 'MSET');
    return 'OK';
  }

  /**
   * Sets several keys at once if none of them exists: returns 1 then, else 0. O(keys). Redis 1.0.1.
   *
   * @throws ReplyError if no key is given
   */
  msetnx(values: Pairs): number {
    this.makeRoom();
    const database = this.database;
    const given = this.inputPairs(values, 'msetnx');
    if (given.some(([key]) => database.findForWrite(key) !== undefined)) return 0;
    this.putAll(database, given, 'MSET');
    return 1;
  }

  private inputPairs(values: Pairs, command: string): [ByteString, ByteString][] {
    const given = Array.from(pairsOf(values), ([key, value]): [ByteString, ByteString] => [
      this.input(key),
      this.input(value),
    ]);
    if (given.length === 0) throw errors.wrongArity(command);
    return given;
  }

  private putAll(
    database: Database,
    given: readonly (readonly [ByteString, ByteString])[],
    effect: string,
  ): void {
    let isRecording = false;
    for (const [key, value] of given) {
      const old = replacedBy(database, key);
      putString(database, key, value);
      tellReplaced(database, key, old);
      isRecording = database.changed(key, events.set);
    }
    if (isRecording) database.effectOf([effect, ...given.flat()]);
  }

  /**
   * Sets several keys at once, with one expiry and under one condition. Returns 1 if they were set, 0 if not.
   * O(keys). Redis 8.4.0.
   *
   * @throws ReplyError if no key is given, options exclude each other, or the expiry is not positive
   */
  msetex(values: Pairs, options: MsetexOptions = {}): number {
    this.makeRoom();
    requireOptions(options, MSETEX_OPTIONS);
    requireAtMostOne(options, ['nx', 'xx']);
    requireAtMostOne(options, SET_EXPIRIES);
    const database = this.database;
    const given = this.inputPairs(values, 'msetex');
    const nowMs = namesExpiry(options) ? this.keyspace.now() : undefined;
    const atMs = nowMs === undefined ? undefined : expiryFrom(nowMs, options, 'msetex');
    if (nowMs !== undefined) this.keyspace.expireSome();
    if (options.nx === true && given.some(([key]) => database.findForWrite(key) !== undefined)) return 0;
    if (options.xx === true && !given.every(([key]) => database.findForWrite(key) !== undefined)) return 0;
    if (atMs !== undefined) {
      for (const [key, value] of given)
        this.putExpiring(database, key, database.findAt(key, nowMs!), value, atMs, nowMs!);
    } else if (options.keepttl === true) {
      for (const [key, value] of given) {
        const old = database.find(key);
        putStringKeepingExpiry(database, key, old, value);
        tellReplaced(database, key, old);
        if (database.changed(key, events.set)) database.effect('SET', key, value, 'KEEPTTL');
      }
    } else {
      this.putAll(database, given, 'MSET');
    }
    return 1;
  }

  /**
   * Adds bytes to the end of the string, which begins empty, and returns its length in bytes. Amortised O(n of the
   * addition). Redis 2.0.0.
   *
   * @throws ReplyError WRONGTYPE; an error if the string would grow beyond 512 MB
   */
  append(key: Bytes, value: Bytes): number {
    this.makeRoom();
    const name = this.input(key);
    const added = this.input(value);
    const database = this.database;
    const found = database.findForWrite(name);
    let length: number;
    if (found === undefined) {
      putString(database, name, added);
      length = byteLength(added);
    } else {
      const old = stringOf(found);
      this.requireLength(lengthOf(old) + byteLength(added));
      const raw = editableString(database, name, found);
      raw.append(added);
      length = raw.length;
    }
    if (database.changed(name, events.append)) database.effect('APPEND', name, added);
    return length;
  }

  private requireLength(length: number): void {
    if (length > this.keyspace.limits.protoMaxBulkLengthBytes) throw errors.stringTooLong();
  }

  /** How many bytes the string has, 0 if there is none. O(n), O(1) for short text. Redis 2.2.0. */
  strlen(key: Bytes): number {
    const found = this.database.findToRead(this.input(key));
    return found === undefined ? 0 : lengthOf(stringOf(found));
  }

  /**
   * The bytes from `start` to `end`, both included; negative positions count from the end. O(n of the value), because
   * positions are in bytes; O(n of the answer) after APPEND or SETRANGE. Redis 2.4.0.
   *
   * @throws ReplyError WRONGTYPE; an error if a position is no integer
   */
  getrange(key: Bytes, start: number, end: number): O['string'] {
    requireInteger(start);
    requireInteger(end);
    const found = this.database.findToRead(this.input(key));
    if (found === undefined) return this.outputText('');
    const value = stringOf(found);
    const length = lengthOf(value);
    if (start < 0 && end < 0 && start > end) return this.outputText('');
    const from = Math.max(0, start < 0 ? start + length : start);
    const to = Math.min(length - 1, Math.max(0, end < 0 ? end + length : end));
    if (from > to || length === 0) return this.outputText('');
    return this.output(
      typeof value === 'string' ? sliceBytes(value, from, to + 1) : value.slice(from, to + 1),
    );
  }

  /** The older name of `getrange`. Redis 1.0.0. */
  substr(key: Bytes, start: number, end: number): O['string'] {
    return this.getrange(key, start, end);
  }

  /**
   * Writes bytes over the string from `offset` on, filling with zero bytes where it is shorter; returns its length.
   * O(n of the value). Redis 2.2.0.
   *
   * @throws ReplyError if `offset` is negative, or the string would grow beyond 512 MB; WRONGTYPE
   */
  setrange(key: Bytes, offset: number, value: Bytes): number {
    this.makeRoom();
    requireInteger(offset);
    if (offset < 0) throw errors.offsetOutOfRange();
    const name = this.input(key);
    const written = this.input(value);
    const database = this.database;
    const found = database.findForWrite(name);
    const length = found === undefined ? 0 : lengthOf(stringOf(found));
    if (written === '') return length;
    const end = offset + byteLength(written);
    this.requireLength(end);
    const raw = editableString(database, name, found, end);
    raw.write(offset, written);
    if (database.changed(name, events.setRange)) database.effect('SETRANGE', name, String(offset), written);
    return raw.length;
  }
}

/** What is about to be replaced, where somebody wants to know; an expired key is told to have expired. */
function replacedBy(database: Database, key: ByteString): Stored | undefined {
  return database.keyspace.observed ? database.find(key) : undefined;
}

/** Once a string has taken its place. */
function tellReplaced(database: Database, key: ByteString, old: Stored | undefined): void {
  if (old !== undefined) database.overwritten(key, typeOf(old), STRING.type);
}

/** Whether any of the comparing conditions is given. */
function hasComparison(options: ComparisonOptions): boolean {
  return (
    options.ifeq !== undefined ||
    options.ifne !== undefined ||
    options.ifdeq !== undefined ||
    options.ifdne !== undefined
  );
}

const GETEX_OPTIONS: ReadonlySet<string> = new Set(GETEX_EXPIRIES);
const MSETEX_OPTIONS: ReadonlySet<string> = new Set(['nx', 'xx', ...SET_EXPIRIES]);
const SET_OPTIONS: ReadonlySet<string> = new Set([...SET_CONDITIONS, ...SET_EXPIRIES, 'get']);

function requireCompatible(options: SetOptions): void {
  const count = requireOptions(options, SET_OPTIONS);
  requireComparisons(options);
  // The checks walk over names; most calls give a single option, which cannot conflict.
  if (count < 2) return;
  requireAtMostOne(options, SET_CONDITIONS);
  requireAtMostOne(options, SET_EXPIRIES);
}
