import { type ByteString, describe, fromBytes } from '../../../bytes/byte-string.ts';
import { NEVER, type Stored } from '../../../keyspace/entry.ts';
import { events } from '../../../keyspace/events.ts';
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
import { databaseOf, duplicatedKey, readContextOf, requireScripting } from './keyspace-target.ts';
import { FUNCTION } from './opcodes.ts';
import { placeKey } from './place-key.ts';
import { raisedVersion } from './raised-version.ts';
import { RdbReader } from './rdb-reader.ts';
import type { RdbTarget } from './rdb-target.ts';
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
  const staged = new Staged(keyspace);
  const reader = new RdbReader(staged, readContextOf(keyspace), { totalBytes: bytes.length });
  reader.push(bytes);
  reader.end();
  reader.requireWhole(bytes.length);
  persistence?.begin();
  try {
    keyspace.atOneMoment(() => staged.put());
  } finally {
    persistence?.end();
  }
  noteNeededVersion(keyspace, reader.neededVersion);
  return { keys: staged.keys.length, expiredKeys: staged.expiredCount };
}

/** What is in a file, until it is known that all of that is good. */
class Staged implements RdbTarget {
  readonly keys: StagedKey[] = [];
  expiredCount = 0;
  readonly #keyspace: Keyspace;
  readonly #nowMs: number;
  readonly #names: Set<ByteString>[];
  readonly #libraries: ByteString[] = [];

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
    this.#nowMs = keyspace.now();
    this.#names = keyspace.databases.map(() => new Set());
  }

  library(code: ByteString): void {
    requireScripting(this.#keyspace);
    this.#libraries.push(code);
  }

  key(
    databaseIndex: number,
    name: ByteString,
    stored: Stored,
    expiresAtMs: number,
    idleSeconds: number,
    frequency: number,
  ): void {
    databaseOf(this.#keyspace, databaseIndex);
    if (expiresAtMs !== NEVER && expiresAtMs < this.#nowMs) {
      this.expiredCount++;
      return;
    }
    const names = this.#names[databaseIndex]!;
    if (names.has(name)) throw duplicatedKey(name, databaseIndex);
    names.add(name);
    this.keys.push({ databaseIndex, name, stored, expiresAtMs, idleSeconds, frequency });
  }

  /** Takes the place of what the store holds. @throws ReplyError if a library cannot be loaded; nothing has changed then */
  put(): void {
    const { databases } = this.#keyspace;
    this.#putLibraries();
    if (this.#keyspace.flush(databases)) databases[0]!.effect('FLUSHALL');
    for (const { databaseIndex, name, stored, expiresAtMs, idleSeconds, frequency } of this.keys) {
      const database = databases[databaseIndex]!;
      placeKey(database, name, stored, expiresAtMs, idleSeconds, frequency);
      if (database.changed(name, events.restore)) {
        const expiry = expiresAtMs === NEVER ? [] : ['ABSTTL'];
        database.effect('RESTORE', name, String(timeInteger(expiresAtMs)), this.#dumped(stored), ...expiry);
      }
    }
  }

  #putLibraries(): void {
    const keyspace = this.#keyspace;
    if (this.#libraries.length === 0) {
      if (startedEngineOf(keyspace)?.libraries().length) {
        engineOf(keyspace).deleteLibraries();
        if (keyspace.recording) keyspace.databases[0]!.effect('FUNCTION', 'FLUSH');
      }
      return;
    }
    const payload = dumpedLibraries(this.#libraries);
    engineOf(keyspace).restoreLibraries(payload, 'flush');
    if (keyspace.recording) keyspace.databases[0]!.effect('FUNCTION', 'RESTORE', fromBytes(payload), 'FLUSH');
  }

  #dumped(stored: Stored): ByteString {
    const { limits, dumps } = this.#keyspace;
    const writer = new ByteWriter();
    const version = writeValue(writer, stored, { limits, compress: dumps.compress });
    return fromBytes(sealPayload(writer, version));
  }
}

interface StagedKey {
  readonly databaseIndex: number;
  readonly name: ByteString;
  readonly stored: Stored;
  readonly expiresAtMs: number;
  readonly idleSeconds: number;
  readonly frequency: number;
}

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
