import type { ByteString } from '../../../bytes/byte-string.ts';
import { NEVER, type Stored } from '../../../keyspace/entry.ts';
import type { AccessTracker } from '../../../keyspace/eviction/access-tracker.ts';
import { timeInteger } from '../../../keyspace/expiry-options.ts';
import { ByteWriter } from '../byte-writer.ts';
import { type Checksum, crc64 } from '../crc64.ts';
import { writeLength } from '../lengths.ts';
import { writeString } from '../strings.ts';
import type { WriteOptions } from '../value-form.ts';
import { writeValue } from '../values.ts';
import { headerOf, OLDEST_VERSION_WRITTEN } from './header.ts';
import * as opcodes from './opcodes.ts';

/** How an RDB file is written. */
export interface RdbWriterOptions extends WriteOptions {
  /** The version that the header says: see {@link RdbWriter.neededVersion}. */
  readonly version: number;
  /** Whether there is a checksum at the end (`rdbchecksum`); else there are eight zeros. */
  readonly checksum: boolean;
  /** What understands what is noted of the uses of keys: then it is written with them. */
  readonly uses?: AccessTracker | undefined;
}

/**
 * Writes an RDB file from its beginning to its end, and hands out the bytes in chunks.
 *
 *     REDIS0010 │ aux │ … │ library │ … │ select database, how many keys │ key │ key │ … │ select … │ end │ checksum 8
 *
 * Databases may come more than once and in any order: a key that is about to be changed is written wherever we are.
 *
 * Invariants:
 *
 * 1. {@link #checksum} is that of the first {@link #summed} bytes of what is buffered, and of all that was handed out before.
 * 2. After {@link end} nothing is written any more.
 */
export class RdbWriter {
  readonly version: number;
  readonly #options: RdbWriterOptions;
  readonly #writer = new ByteWriter(CHUNK_ROOM_BYTES);
  #database = -1;
  /** Of the databases of which there was no key yet. */
  readonly #sizes = new Map<number, { readonly keys: number; readonly expiring: number }>();
  #neededVersion = OLDEST_VERSION_WRITTEN;
  #handedOutBytes = 0;
  #checksum: Checksum = [0, 0];
  #summed = 0;
  #keyCount = 0;
  #hasEnded = false;

  constructor(options: RdbWriterOptions) {
    this.#options = options;
    this.version = options.version;
    this.#writer.writeBytes(headerOf(options.version));
  }

  /** How many bytes the file has so far. */
  get lengthBytes(): number {
    return this.#handedOutBytes + this.#writer.length;
  }

  /** How many of them {@link take} would answer. */
  get bufferedBytes(): number {
    return this.#writer.length;
  }

  /** How many keys have been written. */
  get keyCount(): number {
    return this.#keyCount;
  }

  /**
   * The version that a reader must know to understand all that was written so far. If that is more than the header says, then
   * the header, which comes before all else, must be put right: see `raisedVersion`.
   */
  get neededVersion(): number {
    return this.#neededVersion;
  }

  get hasChecksum(): boolean {
    return this.#options.checksum;
  }

  /** The checksum of the whole file, once it has ended. */
  get checksum(): Checksum {
    return this.#checksum;
  }

  /** Says something of the file. Readers that do not know the name pass over it. */
  aux(name: ByteString, value: ByteString): void {
    this.#writer.writeByte(opcodes.AUX);
    writeString(this.#writer, name, this.#options);
    writeString(this.#writer, value, this.#options);
  }

  /** The source of a library of functions. Before all keys. */
  library(code: ByteString): void {
    this.#writer.writeByte(opcodes.FUNCTION);
    writeString(this.#writer, code, this.#options);
  }

  /** Says, with its first key, how many keys a database has: whoever loads them can make room. */
  size(databaseIndex: number, keys: number, expiring: number): void {
    this.#sizes.set(databaseIndex, { keys, expiring });
  }

  /**
   * One key with all it holds, as it is now. O(n).
   *
   * @param expiresAtMs Unix time in milliseconds, or {@link NEVER}
   * @param access what is noted of its uses, or 0
   * @throws ReplyError if it is a vector set whose projection has a matrix of more than 512 MB. The file is of no use then
   */
  key(
    databaseIndex: number,
    name: ByteString,
    stored: Stored,
    expiresAtMs: number = NEVER,
    access = 0,
  ): void {
    const writer = this.#writer;
    if (databaseIndex !== this.#database) this.#select(databaseIndex);
    if (expiresAtMs !== NEVER) {
      writer.writeByte(opcodes.EXPIRES_MS);
      writer.writeUint64(timeInteger(expiresAtMs));
    }
    if (access !== 0) this.#writeUse(access);
    // The type comes before the name, but it is with the value that it is known.
    if (typeof stored === 'string') {
      writer.writeByte(TYPE_STRING);
      writeString(writer, name, this.#options);
      writeString(writer, stored, this.#options);
    } else this.#writeEntry(name, stored);
    this.#keyCount++;
  }

  #writeEntry(name: ByteString, stored: Stored): void {
    scratch.clear();
    const version = writeValue(scratch, stored, this.#options);
    if (version > this.#neededVersion) this.#neededVersion = version;
    const value = scratch.written;
    this.#writer.writeByte(value[0]!);
    writeString(this.#writer, name, this.#options);
    this.#writer.writeBytes(value.subarray(1));
    // Lest the room of the largest value be held for ever.
    scratch.clear();
  }

  #writeUse(access: number): void {
    const { uses } = this.#options;
    const idleSeconds = uses?.idleSeconds(access);
    const frequency = uses?.frequency(access);
    if (idleSeconds !== undefined) {
      this.#writer.writeByte(opcodes.IDLE);
      writeLength(this.#writer, idleSeconds);
    } else if (frequency !== undefined) {
      this.#writer.writeByte(opcodes.FREQUENCY);
      this.#writer.writeByte(frequency);
    }
  }

  #select(databaseIndex: number): void {
    this.#database = databaseIndex;
    this.#writer.writeByte(opcodes.SELECT_DATABASE);
    writeLength(this.#writer, databaseIndex);
    const size = this.#sizes.get(databaseIndex);
    if (size === undefined) return;
    this.#sizes.delete(databaseIndex);
    this.#writer.writeByte(opcodes.RESIZE);
    writeLength(this.#writer, size.keys);
    writeLength(this.#writer, size.expiring);
  }

  /** Ends the file. What {@link take} then answers is the rest. */
  end(): void {
    if (this.#hasEnded) throw new Error('the file has ended');
    this.#hasEnded = true;
    this.#writer.writeByte(opcodes.END);
    this.#sum();
    const [high, low] = this.#options.checksum ? this.#checksum : [0, 0];
    this.#writer.writeUint32(low);
    this.#writer.writeUint32(high);
  }

  /** All that was written since it was last asked: an array that is the caller's. May be empty. */
  take(): Uint8Array {
    if (!this.#hasEnded) this.#sum();
    this.#summed = 0;
    const chunk = this.#writer.handOver(this.#hasEnded ? 0 : CHUNK_ROOM_BYTES);
    this.#handedOutBytes += chunk.length;
    return chunk;
  }

  #sum(): void {
    if (!this.#options.checksum) return;
    this.#checksum = crc64(this.#writer.written, this.#summed, this.#writer.length, this.#checksum);
    this.#summed = this.#writer.length;
  }
}

/** Of a chunk that is worth writing; then {@link RdbWriter.take} copies nothing. */
export const CHUNK_BYTES = 2 ** 18;
const CHUNK_ROOM_BYTES = CHUNK_BYTES + 2 ** 14;
const TYPE_STRING = 0;
/** Values one after the other. What one left that failed, the next wipes. */
const scratch = new ByteWriter();
