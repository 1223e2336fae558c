import { type ByteString, type Bytes, toText } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import { NEVER, typeOf } from './entry.ts';
import { compileGlob, type GlobMatcher } from './glob.ts';
import type { ScanOptions } from './key-options.ts';
import { Operations, type Output, type Text } from './operations.ts';

const DEFAULT_COUNT = 10;

/** The commands that look for keys. */
export abstract class ScanOperations<O extends Output = Text> extends Operations<O> {
  /** All keys that match a glob pattern, in no particular order. O(keys of the database). Redis 1.0.0. */
  keys(pattern: Bytes): O['string'][] {
    const matches = matcher(this.input(pattern));
    const found: O['string'][] = [];
    const nowMs = this.database.expiringCount === 0 ? 0 : this.keyspace.now();
    for (const [key, stored] of this.database.map) {
      if (typeof stored === 'object' && stored.expiresAtMs !== NEVER && nowMs >= stored.expiresAtMs) continue;
      if (matches === undefined || matches(key)) found.push(this.output(key));
    }
    return found;
  }

  /**
   * One step through the keys: begins with cursor 0, and has seen them all when the cursor it returns is 0. A key that
   * is there throughout is returned at least once, rarely twice; a key that comes or goes meanwhile may or may not
   * be. O(count). Redis 2.8.0; `type` 6.0.0.
   *
   * @returns the cursor of the next step, and the keys this one found, perhaps none
   * @throws ReplyError if `count` is no integer or below 1
   */
  scan(cursor: number, options: ScanOptions = {}): [cursor: number, keys: O['string'][]] {
    const { match, count = DEFAULT_COUNT, type } = options;
    requireCursor(cursor);
    requireCount(count);
    const matches = match === undefined ? undefined : matcher(this.input(match));
    const wantedType = type === undefined ? undefined : toText(this.input(type)).toLowerCase();
    const found: O['string'][] = [];
    const next = this.database.scan(cursor, count, (key, stored) => {
      if (matches !== undefined && !matches(key)) return;
      if (wantedType !== undefined && typeOf(stored) !== wantedType) return;
      found.push(this.output(key));
    });
    return [next, found];
  }

  /**
   * Every key, one by one, by as many steps of `scan` as it takes; the database may change meanwhile.
   *
   * @throws ReplyError if `count` is no integer or below 1
   * @example
   * for (const key of store.scanIterator({ match: 'user:*' })) store.del(key);
   */
  *scanIterator(options: ScanOptions = {}): Generator<O['string'], void, undefined> {
    let cursor = 0;
    do {
      const [next, found] = this.scan(cursor, options);
      yield* found;
      cursor = next;
    } while (cursor !== 0);
  }

  /** A key chosen at random, or `null` if there is none. O(1). Redis 1.0.0. */
  randomkey(): O['string'] | null {
    const key = this.database.randomKey();
    return key === undefined ? null : this.output(key);
  }
}

/** The matcher of a pattern, `undefined` if it is `*`: all keys then, the empty one included. */
export function matcher(pattern: ByteString): GlobMatcher | undefined {
  return pattern === '*' ? undefined : compileGlob(pattern);
}

/** @throws ReplyError if a typed caller gave what is no cursor */
export function requireCursor(cursor: number): void {
  if (!Number.isSafeInteger(cursor) || cursor < 0) throw errors.invalidCursor();
}

/** @throws ReplyError if a typed caller gave what is no count */
export function requireCount(count: number): void {
  if (!Number.isInteger(count)) throw errors.notAnInteger();
  if (count < 1) throw errors.syntax();
}
