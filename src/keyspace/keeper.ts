import type { ByteString } from '../bytes/byte-string.ts';
import type { Database } from './database.ts';

/**
 * Somebody who keeps what keys held before they are changed: the journal of a transaction, a save that is under way, a
 * snapshot. Told before every change of the store, whoever makes it (commands, expiry, eviction).
 */
export interface Keeper {
  /** The key is about to hold something else, or its entry another value or expiry. It may hold nothing yet. */
  save(database: Database, key: ByteString): void;
  /** The value under the key is about to be changed in place. May be called though there is none. */
  saveValue(database: Database, key: ByteString): void;
  /**
   * All keys of the database are about to go, for good or put aside. Its map, its texts and what the entries hold stay as
   * they are: the database takes new ones. Nobody saves its keys one by one.
   */
  clearing?(database: Database): void;
}

/** Several in the place of one. */
export class Keepers implements Keeper {
  private readonly all: readonly Keeper[];

  constructor(all: readonly Keeper[]) {
    this.all = all;
  }

  save(database: Database, key: ByteString): void {
    for (const keeper of this.all) keeper.save(database, key);
  }

  saveValue(database: Database, key: ByteString): void {
    for (const keeper of this.all) keeper.saveValue(database, key);
  }

  clearing(database: Database): void {
    for (const keeper of this.all) keeper.clearing?.(database);
  }
}
