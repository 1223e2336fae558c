import type { ByteString, Bytes } from '../bytes/byte-string.ts';
import type { Database } from './database.ts';
import type { KeyEvent } from './events.ts';

/** One field of a hash, or several. */
export type Subkeys = ByteString | readonly ByteString[];

/**
 * Somebody who must know of changes: WATCH, waiting commands, notifications, persistence, replicas.
 * Called synchronously, after the change has been made and before the command returns; for what changed in a
 * transaction, when that is committed.
 */
export interface Observer {
  /**
   * A key changed. Called for every event of {@link Database.changed}.
   *
   * @param subkeys the field of a hash to which it happened, or several
   */
  changed?(database: Database, key: ByteString, event: KeyEvent, subkeys?: Subkeys): void;
  /** The deterministic command that repeats what has just been done, whichever way it was asked for. */
  effect?(database: Database, command: readonly Bytes[]): void;
  /**
   * All keys of these databases are about to go. Called at once, inside a transaction that may be undone too: whatever
   * follows from it must wait for `Keyspace.whenCommitted`.
   */
  flushing?(databases: readonly Database[]): void;
  /** Two databases are about to exchange what they hold. Called as {@link flushing} is. */
  exchanging?(first: Database, second: Database): void;
  /** All keys of these databases are gone, or (SWAPDB) have changed places. */
  flushed?(databases: readonly Database[]): void;
  /** A command that reads looked for a key and did not find it. */
  readonly missed?: ((database: Database, key: ByteString) => void) | undefined;
}
