import type { ByteString } from '../bytes/byte-string.ts';
import type { Home } from './home.ts';
import type { KeyTimer } from './key-timer.ts';
import type { Limits } from './limits.ts';

/**
 * What the generic key commands (TYPE, OBJECT, COPY, …) need to know of a type of value.
 * One constant per Redis type, beside its operations; its identity is the type.
 */
export interface ValueKind<T> {
  /** What TYPE answers. */
  readonly type: string;
  /** Whether nothing is left in it, so that its key must go. Strings never are. */
  isEmpty(value: T): boolean;
  /** How many elements it has, as Redis counts them; of a string, its bytes. O(1), a string O(n). */
  size(value: T): number;
  /** An independent copy, for COPY and snapshots. O(n). */
  clone(value: T): T;
  /**
   * What makes, once and later, a copy of the value as it is now, where that can be left with less work than a whole copy:
   * most transactions are not undone. O(n).
   */
  save?(value: T): () => T;
  /** What OBJECT ENCODING answers. */
  encoding(value: T, limits: Limits): string;
  /**
   * About how many bytes of the host's memory the value takes, without the entry that holds it. O(1); a container may walk
   * through its elements when it is first asked, O(n), and keeps count from then on.
   */
  heapBytes(value: T): number;
  /** Its elements in its own order, for SORT: lists, sets and sorted sets have them. O(n). */
  elements?(value: T): ByteString[];
  /** What a field of it holds at this Unix time, for the patterns of SORT: hashes have fields. */
  field?(value: T, name: ByteString, nowMs: number): ByteString | undefined;
  /** Called when the value left its key for good (deleted, overwritten, expired), to let go of timers. */
  discard?(value: T): void;
  /** Called when the value has come under a key (COPY, RENAME, MOVE), so that timers of its parts follow. */
  adopt?(value: T, home: Home, key: ByteString): void;
}

/** No expiry. */
export const NEVER = 0;

/**
 * What a key holds, unless it is plain text without a TTL: that is kept as the bare string,
 * because one more object between key and value doubles the cost of reading it.
 */
export class Entry<T = unknown> {
  // What every read looks at comes first: a cache line has room for that.
  value: T;
  /** What {@link Keyspace.access} notes of it; of no meaning while there is none. */
  access = 0;
  /** Unix time in milliseconds from which on the key is gone, or {@link NEVER}. */
  expiresAtMs: number = NEVER;
  readonly kind: ValueKind<T>;
  /** Scheduled while there is an expiry; kept for the next one. */
  timer: KeyTimer | undefined = undefined;
  /** What it counts for in {@link Keyspace.memory} now; 0 while it is under no key, or nobody counts. */
  countedBytes = 0;
  /** Where it is in {@link Database.candidates}, or -1. */
  slot = -1;

  constructor(kind: ValueKind<T>, value: T) {
    this.kind = kind;
    this.value = value;
  }
}

/** What a key holds. A bare string is always well-formed text. */
export type Stored = string | Entry;

/** What TYPE answers for it. */
export function typeOf(stored: Stored): string {
  return typeof stored === 'string' ? 'string' : stored.kind.type;
}
