import type { ByteString } from '../bytes/byte-string.ts';
import type { Database } from '../keyspace/database.ts';
import type { ValueKind } from '../keyspace/entry.ts';

/** What must be said of a wait. */
export interface BlockedDescription<T> {
  readonly database: Database;
  /** The keys in their order; one given twice is waited for once. */
  readonly keys: readonly ByteString[];
  /** What the keys must hold. */
  readonly kind: ValueKind<unknown>;
  /** How long to wait; 0 for ever. */
  readonly timeoutMs: number;
  /**
   * After which changes it is worth another attempt: once a value of the kind has come under the key (`'new'`), or
   * whatever happened to the key (`'any'`), because the value may not be enough, or because its going matters.
   */
  readonly wakesOn?: 'new' | 'any';
  /**
   * Tries to have what is waited for from this key, by the operation proper, so that events and effects are those of
   * the command that does not wait. What it throws ends the wait.
   *
   * @returns the result, or `null` if the wait goes on, and then nothing has been changed
   */
  readonly attempt: (key: ByteString) => T | null;
  /**
   * From when on, in Unix milliseconds, another attempt is worth making though nothing changes; `undefined` if there is
   * no such time. Asked when the wait begins and after each attempt. Default: never.
   */
  readonly nextAttemptAtMs?: () => number | undefined;
}

/**
 * What a blocking command answers when there is nothing for it yet: the description of a wait, and nothing done so far.
 * Whoever ran the command either has it wait ({@link Waiters.wait}), or, where nobody may wait, takes it for `null`.
 */
export class Blocked<T> {
  readonly database: Database;
  readonly keys: ReadonlySet<ByteString>;
  readonly kind: ValueKind<unknown>;
  readonly timeoutMs: number;
  readonly wakesOn: 'new' | 'any';
  readonly attempt: (key: ByteString) => T | null;
  readonly nextAttemptAtMs: (() => number | undefined) | undefined;

  constructor(description: BlockedDescription<T>) {
    this.database = description.database;
    this.keys = new Set(description.keys);
    this.kind = description.kind;
    this.timeoutMs = description.timeoutMs;
    this.wakesOn = description.wakesOn ?? 'new';
    this.attempt = description.attempt;
    this.nextAttemptAtMs = description.nextAttemptAtMs;
  }
}

/** What a blocking command answers: its result at once, or what it would wait for. */
export type Outcome<T> = T | Blocked<T>;
