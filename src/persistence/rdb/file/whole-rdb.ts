import { type ByteString, describe, fromBytes } from '../../../bytes/byte-string.ts';
import { Database } from '../../../keyspace/database.ts';
import { NEVER, type Stored } from '../../../keyspace/entry.ts';
import { events } from '../../../keyspace/events.ts';
import { emptyLike } from '../../../keyspace/eviction/candidates.ts';
import { TextSlots } from '../../../keyspace/eviction/text-slots.ts';
import { accessOf } from '../../../keyspace/eviction/uses.ts';
import { timeInteger } from '../../../keyspace/expiry-options.ts';
import type { Keyspace } from '../../../keyspace/keyspace.ts';
import type { Operations, Output } from '../../../keyspace/operations.ts';
import { requireOwnKeyspace } from '../../../keyspace/own-keyspace.ts';
import { engineOf, startedEngineOf } from '../../../scripting/engine-of.ts';
import { ByteWriter } from '../byte-writer.ts';
import { sealPayload } from '../payload.ts';
import { writeString } from '../strings.ts';
import { RDB_VERSION_7_0 } from '../value-form.ts';
import { writeValue } from '../values.ts';
import { beginRdb, noteNeededVersion, type RdbFileOptions } from './begin-rdb.ts';
import { KeyspaceTarget, readContextOf, requireScripting } from './keyspace-target.ts';
import { FUNCTION } from './opcodes.ts';
import { raisedVersion } from './raised-version.ts';
import { RdbReader } from './rdb-reader.ts';
import { CHUNK_BYTES } from './rdb-writer.ts';

/**
 * All that a store holds, as the bytes of an RDB file: every database with its TTLs, and the libraries of functions. A Redis
 * that is started with it as its `dump.rdb` has the same. O(n), at once.
 *
 * @throws ReplyError if there is a vector set whose projection has a matrix of more than 512 MB
 * @example
 * await writeFile('dump.rdb', writeRdb(store));
 */
export function writeRdb(store: Operations<Output>, options: RdbFileOptions = {}): Uint8Array {
  const { keyspace } = store;
  requireOwnKeyspace(keyspace);
  const writer = beginRdb(keyspace, options);
  const chunks: Uint8Array[] = [];
  for (const database of keyspace.databases) {
    for (const [key, held] of database.map) {
      const stored = database.storedOf(held)!;
      const expiresAtMs = typeof stored === 'string' ? NEVER : stored.expiresAtMs;
      writer.key(database.index, key, stored, expiresAtMs, accessOf(database, held));
      if (writer.bufferedBytes >= CHUNK_BYTES) chunks.push(writer.take());
    }
  }
  writer.end();
  chunks.push(writer.take());
  const bytes = joined(chunks, writer.lengthBytes);
  noteNeededVersion(keyspace, writer.neededVersion);
  const raised = raisedVersion(writer);
  if (raised !== undefined) {
    bytes.set(raised.header);
    bytes.set(raised.checksum, bytes.length - raised.checksum.length);
  }
  return bytes;
}

/** What was loaded. */
export interface LoadedRdb {
  /** How many keys. */
  readonly keys: number;
  /** How many more there were in the file, whose time was over. */
  readonly expiredKeys: number;
}

/**
 * Makes a store hold what is in an RDB file, and nothing else: as FLUSHALL does and RESTORE of every key, at one moment.
 * Nothing is changed unless the whole file is good. O(n), at once.
 *
 * @throws RdbError if the file is damaged or newer than what is known here, holds functions and the store runs none, or has
 * more databases; TypeError if these are no bytes; Error inside a transaction
 * @example
 * readRdb(store, await readFile('dump.rdb'));
 */
export function readRdb(store: Operations<Output>, bytes: Uint8Array): LoadedRdb {
  const { keyspace } = store;
  requireOwnKeyspace(keyspace);
  if (!(bytes instanceof Uint8Array))
    throw new TypeError(`expected the bytes of an RDB file, got ${describe(bytes)}`);
  if (keyspace.journal !== undefined) throw new Error('an RDB file cannot be read inside a transaction');
  const { persistence } = keyspace;
  persistence?.requireWritable();
  const staging = new Staging(keyspace);
  try {
    const reader = new RdbReader(staging.target, readContextOf(keyspace), { totalBytes: bytes.length });
    reader.push(bytes);
    reader.end();
    reader.requireWhole(bytes.length);
    persistence?.begin();
    try {
      keyspace.atOneMoment(() => staging.put());
    } finally {
      persistence?.end();
      // Where this is a promise, nobody here can wait for it, as with all typed methods.
      persistence?.beforeReply()?.catch(ignore);
    }
    noteNeededVersion(keyspace, reader.neededVersion);
    return { keys: staging.target.loadedCount, expiredKeys: staging.target.expiredCount };
  } finally {
    staging.clear();
  }
}

/**
 * Where the content of a file is until it is known that all of that is good: databases beside those of the store, with which
 * they are exchanged then.
 */
class Staging {
  readonly target: KeyspaceTarget;
  readonly #keyspace: Keyspace;
  readonly #libraries: ByteString[] = [];
  readonly #databases: readonly Database[];

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
    this.#databases = keyspace.databases.map(besideOf);
    this.target = new KeyspaceTarget(keyspace, {
      databases: this.#databases,
      onLibrary: (code) => {
        requireScripting(keyspace);
        this.#libraries.push(code);
      },
    });
  }

  /** Takes the place of what the store holds. @throws ReplyError if a library cannot be loaded; nothing has changed then */
  put(): void {
    const { databases } = this.#keyspace;
    this.#putLibraries();
    if (this.#keyspace.flush(databases)) databases[0]!.effect('FLUSHALL');
    for (const database of databases) database.exchange(this.#databases[database.index]!);
    for (const database of databases) this.#tell(database);
  }

  /** Lets go of what is here: nothing, once it has been put in its place. */
  clear(): void {
    for (const database of this.#databases) {
      database.clear();
      database.tableRoom?.cleared();
    }
  }

  /** The engine tells of it. */
  #putLibraries(): void {
    const keyspace = this.#keyspace;
    if (this.#libraries.length > 0) {
      engineOf(keyspace).restoreLibraries(dumpedLibraries(this.#libraries), 'flush');
    } else if (startedEngineOf(keyspace)?.libraries().length) {
      engineOf(keyspace).deleteLibraries();
    }
  }

  /** As RESTORE would of each key. */
  #tell(database: Database): void {
    const { keyspace, map } = database;
    if (!keyspace.observed) {
      keyspace.dirty += map.size;
      return;
    }
    // Whoever hears of it may change something.
    for (const [key, held] of [...map]) {
      const stored = database.storedOf(held)!;
      if (!database.changed(key, events.restore)) continue;
      const expiresAtMs = typeof stored === 'string' ? NEVER : stored.expiresAtMs;
      const expiry = expiresAtMs === NEVER ? [] : ['ABSTTL'];
      database.effect('RESTORE', key, String(timeInteger(expiresAtMs)), this.#dumped(stored), ...expiry);
    }
  }

  #dumped(stored: Stored): ByteString {
    const { limits, dumps } = this.#keyspace;
    const writer = new ByteWriter();
    const version = writeValue(writer, stored, { limits, compress: dumps.compress });
    return fromBytes(sealPayload(writer, version));
  }
}

/** A database like this one, which is empty, and belongs to nobody. */
function besideOf({ keyspace, index, candidates, texts }: Database): Database {
  const beside = new Database(keyspace, index);
  beside.candidates = emptyLike(candidates);
  if (texts !== undefined) beside.texts = new TextSlots();
  keyspace.memory?.countTables(beside);
  return beside;
}

function ignore(): void {}

/** As FUNCTION DUMP would answer. */
function dumpedLibraries(codes: readonly ByteString[]): Uint8Array {
  const writer = new ByteWriter();
  for (const code of codes) {
    writer.writeByte(FUNCTION);
    writeString(writer, code, { compress: false });
  }
  return sealPayload(writer, RDB_VERSION_7_0);
}

function joined(chunks: readonly Uint8Array[], lengthBytes: number): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const bytes = new Uint8Array(lengthBytes);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
