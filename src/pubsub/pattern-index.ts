import type { ByteString } from '../bytes/byte-string.ts';
import { compileGlob, type GlobMatcher, globPrefix, globSuffix } from '../keyspace/glob.ts';
import { AffixTree } from './affix-tree.ts';

/**
 * Finds, among many glob patterns, those that match a subject, without trying those that cannot.
 *
 * Patterns are filed under the literal text they begin with, and then under the literal text they end with:
 *
 *     news.*          'news.'  ''             *.created     ''       '.created'
 *     user:*:name     'user:'  ':name'        *urgent*      ''       ''
 *
 * Only those of which the subject has both are tried, which settles what lies between. So the cost is that of the
 * subject's length and of the patterns tried; linear in the patterns are only those with wildcards at both ends.
 *
 * Invariants:
 *
 * 1. Every pattern is in the bucket of its prefix and suffix, once.
 * 2. No bucket, and no tree of suffixes, is empty.
 */
export class PatternIndex<T> {
  private readonly byPrefix = new AffixTree<AffixTree<Set<IndexedPattern<T>>>>('start');
  private readonly byPattern = new Map<ByteString, IndexedPattern<T>>();
  /** Used again for every subject. */
  private readonly suffixTrees: AffixTree<Set<IndexedPattern<T>>>[] = [];
  private readonly buckets: Set<IndexedPattern<T>>[] = [];
  private added = 0;

  /** How many patterns there are. */
  get size(): number {
    return this.byPattern.size;
  }

  /** What is filed under exactly this pattern. */
  get(pattern: ByteString): T | undefined {
    return this.byPattern.get(pattern)?.value;
  }

  /** Files a value under a pattern that is not there yet. O(pattern). */
  add(pattern: ByteString, value: T): void {
    const prefix = globPrefix(pattern);
    const suffix = globSuffix(pattern);
    const indexed = { prefix, suffix, matches: compileGlob(pattern), value, number: this.added++ };
    this.byPattern.set(pattern, indexed);
    this.byPrefix
      .getOrCreate(prefix, () => new AffixTree('end'))
      .getOrCreate(suffix, () => new Set())
      .add(indexed);
  }

  /** Takes a pattern out. O(pattern). */
  delete(pattern: ByteString): void {
    const indexed = this.byPattern.get(pattern);
    if (indexed === undefined) return;
    this.byPattern.delete(pattern);
    const { prefix, suffix } = indexed;
    const bySuffix = this.byPrefix.getOrCreate(prefix, () => new AffixTree('end'));
    const bucket = bySuffix.getOrCreate(suffix, () => new Set());
    bucket.delete(indexed);
    if (bucket.size === 0) bySuffix.delete(suffix);
    if (bySuffix.size === 0) this.byPrefix.delete(prefix);
  }

  /** The values of the patterns that match, in the order in which they were added. */
  match(subject: ByteString): readonly T[] {
    const { suffixTrees, buckets } = this;
    suffixTrees.length = 0;
    buckets.length = 0;
    this.byPrefix.collect(subject, suffixTrees);
    for (const bySuffix of suffixTrees) bySuffix.collect(subject, buckets);
    const matched: IndexedPattern<T>[] = [];
    for (const bucket of buckets) {
      for (const indexed of bucket) if (indexed.matches(subject)) matched.push(indexed);
    }
    if (matched.length === 0) return NONE;
    if (matched.length > 1) matched.sort((a, b) => a.number - b.number);
    return matched.map(({ value }) => value);
  }

  /** All values, in the order in which they were added. */
  *values(): Generator<T> {
    for (const { value } of this.byPattern.values()) yield value;
  }

  /** For tests: throws if an invariant does not hold. */
  checkInvariants(): void {
    this.byPrefix.checkInvariants();
    for (const [pattern, indexed] of this.byPattern) {
      const bySuffix = this.byPrefix.getOrCreate(indexed.prefix, () => {
        throw new Error(`nothing is filed under the prefix of ${pattern}`);
      });
      bySuffix.checkInvariants();
      const bucket = bySuffix.getOrCreate(indexed.suffix, () => {
        throw new Error(`nothing is filed under the suffix of ${pattern}`);
      });
      if (!bucket.has(indexed)) throw new Error(`${pattern} is not where it belongs`);
    }
    if (this.byPattern.size === 0 && this.byPrefix.size > 0) throw new Error('a bucket is empty');
  }
}

/** Most subjects match nothing. */
const NONE: readonly never[] = [];

interface IndexedPattern<T> {
  readonly prefix: ByteString;
  readonly suffix: ByteString;
  readonly matches: GlobMatcher;
  readonly value: T;
  /** Which it was of all that were added. */
  readonly number: number;
}
