import type { ByteString } from '../../bytes/byte-string.ts';
import { PatternIndex } from '../../pubsub/pattern-index.ts';

/** What may be done with a key, or is done with it: the bits of a set. */
export const READ = 1;
export const WRITE = 2;

/** Patterns, each with what it stands for, or a rule that makes all of them idle. They are tried only where a name begins and ends as they do. */
abstract class Patterns<T> {
  /** `~*` and `allkeys`, `&*` and `allchannels`. */
  allowsAll = false;
  protected readonly patterns = new Map<ByteString, T>();
  private index: PatternIndex<ByteString> | undefined = undefined;

  /** Allows all names: no pattern says anything then. */
  allowAll(): void {
    this.clear();
    this.allowsAll = true;
  }

  clear(): void {
    this.allowsAll = false;
    this.patterns.clear();
    this.index = undefined;
  }

  protected copyTo<C extends Patterns<T>>(copy: C): C {
    copy.allowsAll = this.allowsAll;
    for (const [pattern, meaning] of this.patterns) copy.patterns.set(pattern, meaning);
    return copy;
  }

  protected set(pattern: ByteString, meaning: T): void {
    this.patterns.set(pattern, meaning);
    this.index = undefined;
  }

  protected matching(name: ByteString): readonly ByteString[] {
    if (this.index === undefined) {
      this.index = new PatternIndex();
      for (const pattern of this.patterns.keys()) this.index.add(pattern, pattern);
    }
    return this.index.match(name);
  }
}

/**
 * Which keys may be touched, and how: `~user:*`, `%R~cache:*`.
 *
 * Permissions of two patterns do not add up: what a command does to a key must be allowed by one of those that match
 * it.
 */
export class KeyPatterns extends Patterns<number> {
  clone(): KeyPatterns {
    return this.copyTo(new KeyPatterns());
  }

  /** Adds a pattern, or a permission to it. */
  add(pattern: ByteString, permission: number): void {
    this.set(pattern, (this.patterns.get(pattern) ?? 0) | permission);
  }

  /** Whether a command that does this to the key may. */
  permits(key: ByteString, needed: number): boolean {
    if (this.allowsAll) return true;
    for (const pattern of this.matching(key)) {
      if (((this.patterns.get(pattern) ?? 0) & needed) === needed) return true;
    }
    return false;
  }

  /** Whether every key may be read, whatever its name: only `*` says so. */
  get allowsReadingAll(): boolean {
    return this.allowsAll || ((this.patterns.get('*') ?? 0) & READ) !== 0;
  }

  /** As rules. */
  describe(): string {
    if (this.allowsAll) return '~*';
    return Array.from(this.patterns, ([pattern, permission]) => {
      if (permission === READ) return `%R~${pattern}`;
      return permission === WRITE ? `%W~${pattern}` : `~${pattern}`;
    }).join(' ');
  }
}

/** Which channels may be used: `&news.*`. */
export class ChannelPatterns extends Patterns<true> {
  clone(): ChannelPatterns {
    return this.copyTo(new ChannelPatterns());
  }

  add(pattern: ByteString): void {
    this.set(pattern, true);
  }

  /** Whether this channel may be used. */
  permits(channel: ByteString): boolean {
    if (this.allowsAll) return true;
    return this.matching(channel).length > 0;
  }

  /** Whether a subscription to this pattern may be made: what it matches is not known, so it must be one of these itself. */
  permitsPattern(pattern: ByteString): boolean {
    return this.allowsAll || this.patterns.has(pattern);
  }

  /** Whether no channel may be used. */
  get isEmpty(): boolean {
    return !this.allowsAll && this.patterns.size === 0;
  }

  /** As rules, without the `resetchannels` that ACL LIST puts before them. */
  describe(): string {
    return this.allowsAll ? '&*' : Array.from(this.patterns.keys(), (pattern) => `&${pattern}`).join(' ');
  }
}
