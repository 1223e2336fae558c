import type { ByteString, Bytes } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import { STRING } from '../structures/strings/string-value.ts';
import { requireOptions } from './arguments.ts';
import type { Database } from './database.ts';
import { NEVER, type Stored } from './entry.ts';
import { events } from './events.ts';
import { MAX_TIME_MS, timeInteger } from './expiry-options.ts';
import type { ExpireOptions } from './key-options.ts';
import type { Keyspace } from './keyspace.ts';
import { expiryToSee } from './lookups.ts';
import { Operations, type Output, type Text } from './operations.ts';

const SECOND_MS = 1000;
const NO_KEY = -2;
const NO_EXPIRY = -1;

/** The commands on the time a key has left. */
export abstract class ExpiryOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Lets a key live so many more seconds; a number below one deletes it. Returns 1 if that was done, 0 if there is no
   * such key or a condition did not hold. O(1). Redis 1.0.0; the conditions 7.0.0.
   *
   * @throws ReplyError if conditions exclude each other, or `seconds` is no integer or too large
   */
  expire(key: Bytes, seconds: number, options?: ExpireOptions): number {
    const atMs = expiryAt(this.keyspace, seconds, SECOND_MS, true, options, 'expire');
    return expireAt(this.database, this.input(key), atMs, options);
  }

  /** Lets a key live so many more milliseconds: see `expire`. O(1). Redis 2.6.0. */
  pexpire(key: Bytes, milliseconds: number, options?: ExpireOptions): number {
    const atMs = expiryAt(this.keyspace, milliseconds, 1, true, options, 'pexpire');
    return expireAt(this.database, this.input(key), atMs, options);
  }

  /** Lets a key live until a Unix time in seconds; a past one deletes it: see `expire`. O(1). Redis 1.2.0. */
  expireat(key: Bytes, unixTimeSeconds: number, options?: ExpireOptions): number {
    const atMs = expiryAt(this.keyspace, unixTimeSeconds, SECOND_MS, false, options, 'expireat');
    return expireAt(this.database, this.input(key), atMs, options);
  }

  /** Lets a key live until a Unix time in milliseconds; a past one deletes it: see `expire`. O(1). Redis 2.6.0. */
  pexpireat(key: Bytes, unixTimeMilliseconds: number, options?: ExpireOptions): number {
    const atMs = expiryAt(this.keyspace, unixTimeMilliseconds, 1, false, options, 'pexpireat');
    return expireAt(this.database, this.input(key), atMs, options);
  }

  /** How many seconds a key has left, rounded: -1 if it never expires, -2 if there is no such key. O(1). Redis 1.0.0. */
  ttl(key: Bytes): number {
    const atMs = expiryToSee(this.database, this.input(key));
    if (atMs === undefined) return NO_KEY;
    return atMs === NEVER ? NO_EXPIRY : toSeconds(Math.max(0, atMs - this.keyspace.now()));
  }

  /** How many milliseconds a key has left: -1 if it never expires, -2 if there is no such key. O(1). Redis 2.6.0. */
  pttl(key: Bytes): O['integer'] {
    const atMs = expiryToSee(this.database, this.input(key));
    if (atMs === undefined) return this.outputInteger(NO_KEY);
    if (atMs === NEVER) return this.outputInteger(NO_EXPIRY);
    return this.outputInteger(timeInteger(Math.max(0, atMs - this.keyspace.now())));
  }

  /**
   * The Unix time in seconds, rounded, at which a key expires: -1 if it never does, -2 if there is no such key. O(1).
   * Redis 7.0.0.
   */
  expiretime(key: Bytes): number {
    const atMs = expiryToSee(this.database, this.input(key));
    if (atMs === undefined) return NO_KEY;
    return atMs === NEVER ? NO_EXPIRY : toSeconds(atMs);
  }

  /** The Unix time in milliseconds at which a key expires: see `expiretime`. O(1). Redis 7.0.0. */
  pexpiretime(key: Bytes): O['integer'] {
    const atMs = expiryToSee(this.database, this.input(key));
    if (atMs === undefined) return this.outputInteger(NO_KEY);
    return this.outputInteger(atMs === NEVER ? NO_EXPIRY : timeInteger(atMs));
  }

  /** Takes a key's TTL away. Returns 1 if it had one, 0 if not. O(1). Redis 2.2.0. */
  persist(key: Bytes): number {
    const database = this.database;
    const name = this.input(key);
    const found = database.findForWrite(name);
    if (typeof found !== 'object' || found.expiresAtMs === NEVER) return 0;
    database.setExpiry(name, found, NEVER);
    if (database.changed(name, events.persist)) database.effect('PERSIST', name);
    return 1;
  }
}

function toSeconds(durationMs: number): number {
  return Math.floor((durationMs + SECOND_MS / 2) / SECOND_MS);
}

/** The Unix time in milliseconds that is meant. Whatever is wrong with the arguments is said here, the key unseen. */
function expiryAt(
  keyspace: Keyspace,
  value: number,
  unitMs: number,
  isRelative: boolean,
  options: ExpireOptions | undefined,
  command: string,
): number {
  if (options !== undefined) requireCompatible(options);
  if (!Number.isInteger(value)) throw errors.notAnInteger();
  keyspace.expireSome();
  const timeMs = value * unitMs;
  if (timeMs > MAX_TIME_MS || timeMs < -MAX_TIME_MS) throw errors.invalidExpireTime(command);
  if (!isRelative) return timeMs;
  const atMs = timeMs + keyspace.now();
  if (atMs >= MAX_TIME_MS) throw errors.invalidExpireTime(command);
  return atMs;
}

const EXPIRE_OPTIONS: ReadonlySet<string> = new Set(['nx', 'xx', 'gt', 'lt']);

function requireCompatible(options: ExpireOptions): void {
  requireOptions(options, EXPIRE_OPTIONS);
  const { nx, xx, gt, lt } = options;
  if (nx === true && (xx === true || gt === true || lt === true)) throw errors.expireNxWithOthers();
  if (gt === true && lt === true) throw errors.expireGtAndLt();
}

function expireAt(
  database: Database,
  key: ByteString,
  atMs: number,
  options: ExpireOptions | undefined,
): number {
  const found = database.findForWrite(key);
  if (found === undefined) return 0;
  if (options !== undefined && !isWanted(found, atMs, options)) return 0;
  if (database.keyspace.isOver(atMs)) {
    database.remove(key);
    if (database.changed(key, events.del)) database.effect('DEL', key);
    return 1;
  }
  database.setExpiry(key, database.entryOf(key, found, STRING), atMs);
  if (database.changed(key, events.expire)) database.effect('PEXPIREAT', key, String(timeInteger(atMs)));
  return 1;
}

function isWanted(stored: Stored, atMs: number, { nx, xx, gt, lt }: ExpireOptions): boolean {
  const currentMs = typeof stored === 'string' ? NEVER : stored.expiresAtMs;
  if (nx === true && currentMs !== NEVER) return false;
  if (xx === true && currentMs === NEVER) return false;
  if (gt === true && (currentMs === NEVER || atMs <= currentMs)) return false;
  return !(lt === true && currentMs !== NEVER && atMs >= currentMs);
}
