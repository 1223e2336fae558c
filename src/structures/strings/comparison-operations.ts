import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { requireInteger } from '../../keyspace/arguments.ts';
import { events } from '../../keyspace/events.ts';
import { requireAtMostOne } from '../../keyspace/expiry-options.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import { lcsLength, lcsRanges, lcsTableBytes, lcsText } from './lcs.ts';
import { holds, requireComparisons } from './string-conditions.ts';
import {
  COMPARISONS,
  type ComparisonOptions,
  type LcsMatches,
  type LcsMatchesOptions,
  type LcsMatchWithLength,
} from './string-options.ts';
import { byteStringOf, digestOf, lengthOf, type StringValue, stringOf } from './string-value.ts';

/** The commands that compare strings: by value, by digest, with each other. */
export abstract class ComparisonOperations<O extends Output = Text> extends Operations<O> {
  /**
   * The XXH3 hash of the string, as 16 hexadecimal digits, to be compared by `ifdeq` and `ifdne`; `null` if there is
   * none. O(n). Redis 8.4.0.
   *
   * @throws ReplyError WRONGTYPE
   */
  digest(key: Bytes): O['string'] | null {
    const found = this.database.findToRead(this.input(key));
    return found === undefined ? null : this.outputText(digestOf(stringOf(found)));
  }

  /**
   * Deletes a key, whatever it holds; or, with a condition, only if it is a string for which that holds. Returns 1 if
   * it was deleted, else 0. O(1), O(n) for digests. Redis 8.4.0.
   *
   * @throws ReplyError if there is a condition and the key holds something else than a string
   */
  delex(key: Bytes, options: ComparisonOptions = {}): number {
    requireComparisons(options);
    requireAtMostOne(options, COMPARISONS);
    const name = this.input(key);
    const database = this.database;
    const found = database.findForWrite(name);
    if (found === undefined) return 0;
    const given = Object.keys(options);
    if (given.length > 0) {
      if (typeof found === 'object' && found.kind.type !== 'string') throw errors.delexNeedsString();
      if (given.some((condition) => !(COMPARISONS as readonly string[]).includes(condition))) {
        throw errors.delexCondition();
      }
      if (!holds(options, found, (bytes) => this.input(bytes))) return 0;
    }
    database.remove(name);
    if (database.changed(name, events.del)) database.effect('DEL', name);
    return 1;
  }

  /**
   * A longest sequence of bytes that two strings have in common (not necessarily side by side). Missing keys count as
   * empty. O(n · m). Redis 7.0.0.
   *
   * @throws ReplyError if a key holds something else than a string, or (n + 1) · (m + 1) is beyond 2^27
   */
  lcs(key1: Bytes, key2: Bytes): O['string'] {
    const [a, b] = this.lcsStrings(key1, key2);
    return this.output(lcsText(a, b));
  }

  /** The length in bytes of `lcs`. O(n · m). Redis 7.0.0. @throws ReplyError as `lcs` does */
  lcsLength(key1: Bytes, key2: Bytes): number {
    const [a, b] = this.lcsStrings(key1, key2);
    return lcsLength(a, b);
  }

  /**
   * Where the matches of `lcs` are: ranges of byte positions in both strings, last match first. O(n · m). Redis 7.0.0.
   *
   * @throws ReplyError as `lcs` does, or if `minmatchlen` is no integer
   */
  lcsMatches(key1: Bytes, key2: Bytes, options: LcsMatchesOptions = {}): LcsMatches {
    const { matches, length } = this.lcsMatchesWithLengths(key1, key2, options);
    return { matches: matches.map(({ a, b }) => ({ a, b })), length };
  }

  /** The same, with the length of each match. O(n · m). Redis 7.0.0. @throws ReplyError as `lcsMatches` does */
  lcsMatchesWithLengths(
    key1: Bytes,
    key2: Bytes,
    options: LcsMatchesOptions = {},
  ): LcsMatches<LcsMatchWithLength> {
    const { minmatchlen = 0 } = options;
    requireInteger(minmatchlen);
    const [a, b] = this.lcsStrings(key1, key2);
    return lcsRanges(a, b, Math.max(0, minmatchlen));
  }

  private lcsStrings(key1: Bytes, key2: Bytes): [ByteString, ByteString] {
    const both = [key1, key2].map((key) => this.database.findToRead(this.input(key)));
    const [a, b] = both.map((found) => {
      if (typeof found === 'object' && found.kind.type !== 'string') throw errors.lcsNeedsStrings();
      return found === undefined ? '' : stringOf(found);
    }) as [StringValue, StringValue];
    // What is kept is less than in Redis, but the time it takes is the same.
    if (lcsTableBytes(lengthOf(a), lengthOf(b)) > this.keyspace.limits.protoMaxBulkLengthBytes) {
      throw errors.lcsTooLarge();
    }
    return [byteStringOf(a), byteStringOf(b)];
  }
}
