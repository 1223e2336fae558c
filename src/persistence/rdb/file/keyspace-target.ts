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
  /** Where the keys are put. Default: the store's databases. */
  readonly databases?: readonly Database[];
  /** What is done with the source of a library. Default: it is loaded. */
  readonly onLibrary?: (code: ByteString) => void;
  /** Whether keys and libraries of the file take the place of those that are there (DEBUG RELOAD MERGE). Default: false. */
  readonly replaces?: boolean;
}

/** Puts what is in an RDB file into a store, and tells nobody. */
export class KeyspaceTarget implements RdbTarget {
  /** How many keys were put there. */
  loadedCount = 0;
  /** How many were left out because their time is over. */
  expiredCount = 0;
  readonly #databases: readonly Database[];
  readonly #nowMs: number;
  readonly #replaces: boolean;
  readonly #onLibrary: (code: ByteString) => void;

  constructor(keyspace: Keyspace, options: LoadOptions = {}) {
    const { dropsExpired = true, replaces = false, databases = keyspace.databases } = options;
    this.#databases = databases;
    this.#nowMs = dropsExpired ? keyspace.now() : Number.NEGATIVE_INFINITY;
    this.#replaces = replaces;
    this.#onLibrary = options.onLibrary ?? ((code) => loadLibrary(keyspace, code, replaces));
  }

  library(code: ByteString): void {
    this.#onLibrary(code);
  }

  key(
    databaseIndex: number,
    name: ByteString,
    stored: Stored,
    expiresAtMs: number,
    idleSeconds: number,
    frequency: number,
  ): void {
    const database = this.#databases[databaseIndex];
    if (database === undefined) throw tooFewDatabases(this.#databases.length);
    if (expiresAtMs !== NEVER && expiresAtMs < this.#nowMs) {
      this.expiredCount++;
      return;
    }
    if (this.#replaces) database.remove(name);
    if (!placeKey(database, name, stored, expiresAtMs, idleSeconds, frequency))
      throw new CorruptValue(`RDB has duplicated key ${JSON.stringify(name)} in DB ${databaseIndex}`);
    this.loadedCount++;
  }
}

/** What values that are read need of the store. */
export function readContextOf(keyspace: Keyspace): ReadContext {
  const { limits, random } = keyspace;
  return { limits, random, vectorSets: vectorSetNumbers(keyspace) };
}

function tooFewDatabases(count: number): CorruptValue {
  return new CorruptValue(
    `Data file was created with a Redis server configured to handle more than ${count} databases`,
  );
}

/** @throws CorruptValue if it cannot be loaded, or the store runs no scripts */
function loadLibrary(keyspace: Keyspace, code: ByteString, isReplacing: boolean): void {
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
