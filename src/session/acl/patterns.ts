import type { ByteString } from '../../bytes/byte-string.ts';
import { PatternIndex } from '../../pubsub/pattern-index.ts';

/** What may be done with a key, or is done with it: the bits of a set. */
export const READ = 1;
export const WRITE = 2;

/**
 * Which keys may be touched, and how: `~user:*`, `%R~cache:*`.
 *
 * Permissions of two patterns do not add up: what a command does to a key must be allowed by one of those that match
 * it. Patterns are tried only where the key begins and ends as they do.
 */
export class KeyPatterns {
  /** `~*` and `allkeys`. */
  allowsAll = false;
  private readonly permissions = new Map<ByteString, number>();
  private index: PatternIndex<ByteString> | undefined = undefined;

  clone(): KeyPatterns {
    const copy = new KeyPatterns();
    copy.allowsAll = this.allowsAll;
    for (const [pattern, permission] of this.permissions) copy.permissions.set(pattern, permission);
    return copy;
  }

  /** Allows all keys: no pattern says anything then. */
  allowAll(): void {
    this.clear();
    this.allowsAll = true;
  }

  clear(): void {
    this.allowsAll = false;
    this.permissions.clear();
    this.index = undefined;
  }

  /** Adds a pattern, or a permission to it. */
  add(pattern: ByteString, permission: number): void {
    this.permissions.set(pattern, (this.permissions.get(pattern) ?? 0) | permission);
    this.index = undefined;
  }

  /** Whether a command that does this to the key may. */
  permits(key: ByteString, needed: number): boolean {
    if (this.allowsAll) return true;
    this.index ??= indexOf(this.permissions.keys());
    for (const pattern of this.index.match(key)) {
      if (((this.permissions.get(pattern) ?? 0) & needed) === needed) return true;
    }
    return false;
  }

  /** Whether every key may be read, whatever its name: only `*` says so. */
  get allowsReadingAll(): boolean {
    return this.allowsAll || ((this.permissions.get('*') ?? 0) & READ) !== 0;
  }

  /** As rules. */
  describe(): string {
    if (this.allowsAll) return '~*';
    return Array.from(this.permissions, ([pattern, permission]) => {
      if (permission === READ) return `%R~${pattern}`;
      return permission === WRITE ? `%W~${pattern}` : `~${pattern}`;
    }).join(' ');
  }
}

/** Which channels may be used: `&news.*`. */
export class ChannelPatterns {
  /** `&*` and `allchannels`. */
  allowsAll = false;
  private readonly patterns = new Set<ByteString>();
  private index: PatternIndex<ByteString> | undefined = undefined;

  clone(): ChannelPatterns {
    const copy = new ChannelPatterns();
    copy.allowsAll = this.allowsAll;
    for (const pattern of this.patterns) copy.patterns.add(pattern);
    return copy;
  }

  allowAll(): void {
    this.clear();
    this.allowsAll = true;
  }

  clear(): void {
    this.allowsAll = false;
    this.patterns.clear();
    this.index = undefined;
  }

  add(pattern: ByteString): void {
    this.patterns.add(pattern);
    this.index = undefined;
  }

  /** Whether this channel may be used. */
  permits(channel: ByteString): boolean {
    if (this.allowsAll) return true;
    this.index ??= indexOf(this.patterns);
    return this.index.match(channel).length > 0;
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
    return this.allowsAll ? '&*' : Array.from(this.patterns, (pattern) => `&${pattern}`).join(' ');
  }
}

function indexOf(patterns: Iterable<ByteString>): PatternIndex<ByteString> {
  const index = new PatternIndex<ByteString>();
  for (const pattern of patterns) index.add(pattern, pattern);
  return index;
}
