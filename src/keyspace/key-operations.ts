import type { Bytes } from '../bytes/byte-string.ts';
import { type Many, manyOf } from '../bytes/many.ts';
import { NEVER } from './entry.ts';
import { Operations, type Output, type Text } from './operations.ts';

/** The commands on keys whatever they hold, and on whole databases. */
export abstract class KeyOperations<O extends Output = Text> extends Operations<O> {
  /** Deletes keys; returns how many there were. O(keys), plus O(n) for a container. Redis 1.0.0. */
  del(keys: Many): number {
    let count = 0;
    const database = this.database;
    for (const key of manyOf(keys)) if (database.delete(this.input(key))) count++;
    return count;
  }

  /** How many of these keys exist; one given twice counts twice. O(keys). Redis 1.0.0. */
  exists(keys: Many): number {
    let count = 0;
    for (const key of manyOf(keys)) if (this.database.has(this.input(key))) count++;
    return count;
  }

  /** What kind of value a key holds: `'string'`, `'hash'`, `'list'`, `'set'`, `'zset'`, …, or `'none'`. O(1). Redis 1.0.0. */
  type(key: Bytes): string {
    const found = this.database.find(this.input(key));
    if (found === undefined) return 'none';
    return typeof found === 'string' ? 'string' : found.kind.type;
  }

  /**
   * How many milliseconds a key has left: -1 if it never expires, -2 if there is no such key. O(1). Redis 2.6.0.
   */
  pttl(key: Bytes): O['integer'] {
    const atMs = this.database.expiryOf(this.input(key));
    if (atMs === undefined) return this.outputInteger(-2);
    return this.outputInteger(atMs === NEVER ? -1 : Math.max(0, atMs - this.keyspace.now()));
  }

  /** How many keys the database has. O(1). Redis 1.0.0. */
  dbsize(): number {
    return this.database.size;
  }
}
