import type { ByteString } from '../../../bytes/byte-string.ts';
import { ReplyError } from '../../../errors.ts';
import type { Database } from '../../../keyspace/database.ts';
import { NEVER, type Stored } from '../../../keyspace/entry.ts';
import type { Keyspace } from '../../../keyspace/keyspace.ts';
import { engineOf } from '../../../scripting/engine-of.ts';
import { vectorSetNumbers } from '../../../structures/vector-sets/vector-set-numbers.ts';
import { CorruptValue } from '../corrupt-value.ts';
import type { ReadContext } from '../value-form.ts';
import { placeKey } from './place-key.ts';
import type { RdbTarget } from './rdb-target.ts';

/** How a file is loaded. */
export interface LoadOptions {
  /**
   * Whether keys whose time is over are left out, as a file is loaded that stands for itself. What is loaded as the base of an
   * append-only file has them all: what follows may be about them. Default: true.
   */
  readonly dropsExpired?: boolean;
  /** Whether keys and libraries of the file take the place of those that are there (DEBUG RELOAD MERGE). Default: false. */
  readonly replaces?: boolean;
}

/** Puts what is in an RDB file into a store, and tells nobody. */
export class KeyspaceTarget implements RdbTarget {
  /** How many keys were put there. */
  loadedCount = 0;
  /** How many were left out because their time is over. */
  expiredCount = 0;
  readonly #keyspace: Keyspace;
  readonly #nowMs: number;
  readonly #replaces: boolean;

  constructor(keyspace: Keyspace, { dropsExpired = true, replaces = false }: LoadOptions = {}) {
    this.#keyspace = keyspace;
    this.#nowMs = dropsExpired ? keyspace.now() : Number.NEGATIVE_INFINITY;
    this.#replaces = replaces;
  }

  library(code: ByteString): void {
    loadLibrary(this.#keyspace, code, this.#replaces);
  }

  key(
    databaseIndex: number,
    name: ByteString,
    stored: Stored,
    expiresAtMs: number,
    idleSeconds: number,
    frequency: number,
  ): void {
    const database = databaseOf(this.#keyspace, databaseIndex);
    if (expiresAtMs !== NEVER && expiresAtMs < this.#nowMs) {
      this.expiredCount++;
      return;
    }
    if (database.map.has(name)) {
      if (!this.#replaces) throw duplicatedKey(name, databaseIndex);
      database.remove(name);
    }
    placeKey(database, name, stored, expiresAtMs, idleSeconds, frequency);
    this.loadedCount++;
  }
}

/** What values that are read need of the store. */
export function readContextOf(keyspace: Keyspace): ReadContext {
  const { limits, random } = keyspace;
  return { limits, random, vectorSets: vectorSetNumbers(keyspace) };
}

/** @throws CorruptValue if the store has no such database */
export function databaseOf({ databases }: Keyspace, index: number): Database {
  const database = databases[index];
  if (database === undefined) {
    throw new CorruptValue(
      `Data file was created with a Redis server configured to handle more than ${databases.length} databases`,
    );
  }
  return database;
}

export function duplicatedKey(name: ByteString, databaseIndex: number): CorruptValue {
  return new CorruptValue(`RDB has duplicated key ${JSON.stringify(name)} in DB ${databaseIndex}`);
}

/** @throws CorruptValue if it cannot be loaded, or the store runs no scripts */
export function loadLibrary(keyspace: Keyspace, code: ByteString, isReplacing: boolean): void {
  requireScripting(keyspace);
  try {
    engineOf(keyspace).loadLibrary(code, isReplacing);
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error;
    throw new CorruptValue(`Failed creating the library: ${error.message}`);
  }
}

/** @throws CorruptValue if the store runs no scripts, and so can have no functions */
export function requireScripting(keyspace: Keyspace): void {
  if (keyspace.scripting !== undefined) return;
  throw new CorruptValue(
    "The RDB file contains functions, and this store runs none: give it the option { scripting: lua() }, with lua from 'lodis/scripting'",
  );
}
