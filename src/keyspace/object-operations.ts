import type { Bytes } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import { STRING } from '../structures/strings/string-value.ts';
import type { Stored } from './entry.ts';
import { accessOf } from './eviction/uses.ts';
import { Operations, type Output, type Text } from './operations.ts';

/** The commands that look at how a value is kept. None of them counts as an access to its key. */
export abstract class ObjectOperations<O extends Output = Text> extends Operations<O> {
  /**
   * The encoding Redis would have chosen for what a key holds: `'int'`, `'embstr'`, `'raw'`, `'listpack'`,
   * `'quicklist'`, `'intset'`, `'hashtable'`, `'skiplist'`, …; `null` if there is no such key. O(1), O(n) for some.
   * Redis 2.2.3.
   */
  objectEncoding(key: Bytes): string | null {
    const found = this.examined(key);
    if (found === undefined) return null;
    const { limits } = this.keyspace;
    return typeof found === 'string'
      ? STRING.encoding(found, limits)
      : found.kind.encoding(found.value, limits);
  }

  /** How many share what a key holds: always 1; `null` if there is no such key. O(1). Redis 2.2.3. */
  objectRefcount(key: Bytes): number | null {
    return this.examined(key) === undefined ? null : 1;
  }

  /**
   * How many seconds ago a key was last used or, with an `lrm` policy, written; `null` if there is no such key. These times
   * are kept while `maxMemoryPolicy` is an `lru` or `lrm` one; with one that does not need them the answer is 0. O(1),
   * O(log n) of the seconds for which they are kept. Redis 2.2.3.
   *
   * @throws ReplyError if the policy is an `lfu` one
   */
  objectIdletime(key: Bytes): number | null {
    const found = this.examined(key);
    if (found === undefined) return null;
    const { access } = this.keyspace;
    if (access === undefined) return 0;
    const seconds = access.idleSeconds(this.noted(key));
    if (seconds === undefined) throw errors.idleTimeNotTracked();
    return seconds;
  }

  /**
   * How often a key was used, on a logarithmic scale from 0 to 255; `null` if there is no such key. O(1). Redis 4.0.0.
   *
   * @throws ReplyError unless `maxMemoryPolicy` is an `lfu` one
   */
  objectFreq(key: Bytes): number | null {
    const found = this.examined(key);
    if (found === undefined) return null;
    const frequency = this.keyspace.access?.frequency(this.noted(key));
    if (frequency === undefined) throw errors.frequencyNotTracked();
    return frequency;
  }

  private noted(key: Bytes): number {
    const { database } = this;
    return accessOf(database, database.map.get(this.input(key)));
  }

  /** What the key holds. It counts as found or not, but neither as used, nor is anybody told that it is not there. */
  private examined(key: Bytes): Stored | undefined {
    const found = this.database.find(this.input(key));
    if (found === undefined) this.keyspace.missCount++;
    else this.keyspace.hitCount++;
    return found;
  }
}
