import type { ByteString, Bytes } from '../bytes/byte-string.ts';
import { type Many, manyOf } from '../bytes/many.ts';
import { errors } from '../errors.ts';
import type { Database } from './database.ts';
import { Entry, type Stored, typeOf } from './entry.ts';
import { events } from './events.ts';
import { accessOf } from './eviction/uses.ts';
import type { CopyOptions } from './key-options.ts';
import { findToSee } from './lookups.ts';
import { Operations, type Output, type Text } from './operations.ts';

/** The commands on keys, whatever they hold. */
export abstract class KeyOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Deletes keys; returns how many there were. O(keys), plus O(n) for a container. Redis 1.0.0.
   *
   * @throws ReplyError if no key is given
   */
  del(keys: Many): number {
    return deleteKeys(this.database, this.inputKeys(keys, 'del'), 'DEL');
  }

  /** Deletes keys. Redis lets go of their memory later; here it is `del`. O(keys). Redis 4.0.0. */
  unlink(keys: Many): number {
    return deleteKeys(this.database, this.inputKeys(keys, 'unlink'), 'UNLINK');
  }

  /**
   * How many of these keys exist; one given twice counts twice. O(keys). Redis 1.0.0.
   *
   * @throws ReplyError if no key is given
   */
  exists(keys: Many): number {
    let count = 0;
    for (const key of this.inputKeys(keys, 'exists'))
      if (findToSee(this.database, key) !== undefined) count++;
    return count;
  }

  /** Counts as an access to these keys; returns how many exist, as `exists` does. O(keys). Redis 3.2.1. */
  touch(keys: Many): number {
    let count = 0;
    for (const key of this.inputKeys(keys, 'touch')) if (this.database.findToRead(key) !== undefined) count++;
    return count;
  }

  private inputKeys(keys: Many, command: string): ByteString[] {
    const given = manyOf(keys);
    if (given.length === 0) throw errors.wrongArity(command);
    return given.map((key) => this.input(key));
  }

  /**
   * What kind of value a key holds: `'string'`, `'hash'`, `'list'`, `'set'`, `'zset'`, …, or `'none'`. O(1).
   * Redis 1.0.0.
   */
  type(key: Bytes): string {
    const found = findToSee(this.database, this.input(key));
    return found === undefined ? 'none' : typeOf(found);
  }

  /**
   * Gives a key another name, its TTL included; what had that name is gone. O(1), plus O(n) for the container that
   * is gone. Redis 1.0.0.
   *
   * @throws ReplyError if there is no such key
   */
  rename(key: Bytes, newKey: Bytes): 'OK' {
    const source = this.input(key);
    const target = this.input(newKey);
    const database = this.database;
    const stored = requireKey(database, source);
    if (source === target) return 'OK';
    const replaced = database.find(target);
    const access = takeOut(database, source);
    // A key that is replaced goes first: Redis tells of a new one.
    if (replaced !== undefined) database.remove(target);
    place(database, target, stored, access);
    database.changed(source, events.renameFrom);
    if (database.changed(target, events.renameTo)) database.effect('RENAME', source, target);
    if (replaced !== undefined) database.overwritten(target, typeOf(replaced), typeOf(stored));
    return 'OK';
  }

  /**
   * Gives a key another name unless that exists. Returns 1 if it was done, 0 if not. O(1). Redis 1.0.0.
   *
   * @throws ReplyError if there is no such key
   */
  renamenx(key: Bytes, newKey: Bytes): number {
    const source = this.input(key);
    const target = this.input(newKey);
    const database = this.database;
    const stored = requireKey(database, source);
    if (source === target || database.findForWrite(target) !== undefined) return 0;
    place(database, target, stored, takeOut(database, source));
    database.changed(source, events.renameFrom);
    if (database.changed(target, events.renameTo)) database.effect('RENAMENX', source, target);
    return 1;
  }

  /**
   * Copies what a key holds, its TTL included. Returns 1 if it was copied; 0 if there is no such key, or the
   * destination exists and `replace` was not given. O(n of the value). Redis 6.2.0.
   *
   * @throws ReplyError if there is no database `db`, or the key would be copied onto itself
   */
  copy(source: Bytes, destination: Bytes, options: CopyOptions = {}): number {
    this.makeRoom();
    const { db = this.database.index, replace = false } = options;
    const from = this.input(source);
    const to = this.input(destination);
    const database = this.database;
    const target = this.databaseOf(db);
    if (from === to && database === target) throw errors.sameObject();
    const stored = database.findToRead(from);
    if (stored === undefined) return 0;
    const replaced = target.findForWrite(to);
    if (replaced !== undefined && !replace) return 0;
    const copy = cloneOf(stored);
    if (replaced !== undefined) target.remove(to);
    place(target, to, copy, 0);
    if (target.changed(to, events.copyTo)) {
      const other = database === target ? [] : ['DB', String(db)];
      database.effect('COPY', from, to, ...other, ...(replace ? ['REPLACE'] : []));
    }
    if (replaced !== undefined) target.overwritten(to, typeOf(replaced), typeOf(stored));
    return 1;
  }

  /**
   * Moves a key to another database, its TTL included. Returns 1 if it was moved; 0 if there is no such key, or the
   * other database has one of that name. O(1). Redis 1.0.0.
   *
   * @throws ReplyError if there is no database `db`, or it is the selected one
   */
  move(key: Bytes, db: number): number {
    const name = this.input(key);
    const database = this.database;
    const target = this.databaseOf(db);
    if (database === target) throw errors.sameObject();
    const stored = database.findForWrite(name);
    if (stored === undefined || target.has(name)) return 0;
    place(target, name, stored, takeOut(database, name));
    const isRecording = database.changed(name, events.moveFrom);
    target.changed(name, events.moveTo);
    if (isRecording) database.effect('MOVE', name, String(db));
    return 1;
  }

  private databaseOf(index: number): Database {
    if (!Number.isInteger(index)) throw errors.notAnInteger();
    const database = this.keyspace.databases[index];
    if (database === undefined) throw errors.databaseOutOfRange();
    return database;
  }
}

function deleteKeys(database: Database, keys: readonly ByteString[], command: 'DEL' | 'UNLINK'): number {
  let count = 0;
  for (const key of keys) {
    if (database.find(key) === undefined) continue;
    database.remove(key);
    count++;
    if (database.changed(key, events.del)) database.effect(command, key);
  }
  return count;
}

function requireKey(database: Database, key: ByteString): Stored {
  const stored = database.findForWrite(key);
  if (stored === undefined) throw errors.noSuchKey();
  return stored;
}

/** Removes the key. The answer is what was noted of its uses, which goes where the value goes. */
function takeOut(database: Database, key: ByteString): number {
  const access = accessOf(database, database.map.get(key));
  database.remove(key);
  return access;
}

/** Puts what was under another key under this one, its expiry and what was noted of its uses (unless 0) included. */
function place(database: Database, key: ByteString, stored: Stored, access: number): void {
  if (typeof stored === 'object') database.put(key, stored);
  else database.putText(key, stored, access);
}

/** A copy for another key, or another store. O(n of the value). */
export function cloneOf(stored: Stored): Stored {
  if (typeof stored === 'string') return stored;
  const copy = new Entry(stored.kind, stored.kind.clone(stored.value));
  copy.expiresAtMs = stored.expiresAtMs;
  return copy;
}
