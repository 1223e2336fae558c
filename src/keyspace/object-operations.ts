import type { Bytes } from '../bytes/byte-string.ts';
import { errors } from '../errors.ts';
import { STRING } from '../structures/strings/string-value.ts';
import { Operations, type Output, type Text } from './operations.ts';

/** The commands that look at how a value is kept. None of them counts as an access to its key. */
export abstract class ObjectOperations<O extends Output = Text> extends Operations<O> {
  /**
   * The encoding Redis would have chosen for what a key holds: `'int'`, `'embstr'`, `'raw'`, `'listpack'`,
   * `'quicklist'`, `'intset'`, `'hashtable'`, `'skiplist'`, …; `null` if there is no such key. O(1), O(n) for some.
   * Redis 2.2.3.
   */
  objectEncoding(key: Bytes): string | null {
    const found = this.database.find(this.input(key));
    if (found === undefined) return null;
    const { limits } = this.keyspace;
    return typeof found === 'string'
      ? STRING.encoding(found, limits)
      : found.kind.encoding(found.value, limits);
  }

  /** How many share what a key holds: always 1; `null` if there is no such key. O(1). Redis 2.2.3. */
  objectRefcount(key: Bytes): number | null {
    return this.database.has(this.input(key)) ? 1 : null;
  }

  /**
   * How many seconds ago a key was last accessed, `null` if there is no such key. Nobody keeps these times while no
   * eviction policy needs them: the answer is then 0. O(1). Redis 2.2.3.
   */
  objectIdletime(key: Bytes): number | null {
    return this.database.has(this.input(key)) ? 0 : null;
  }

  /**
   * How often a key was accessed, on a logarithmic scale; `null` if there is no such key. O(1). Redis 4.0.0.
   *
   * @throws ReplyError if no eviction policy counts accesses
   */
  objectFreq(key: Bytes): number | null {
    if (this.database.has(this.input(key))) throw errors.frequencyNotTracked();
    return null;
  }
}
