import type { ByteString } from '../../../bytes/byte-string.ts';
import { Entry, NEVER, type Stored } from '../../../keyspace/entry.ts';
import type { Integer } from '../../../numbers/integer.ts';
import { HASH } from '../../../structures/hashes/hash-value.ts';
import { ByteReader } from '../byte-reader.ts';
import { CorruptValue, demand, EmptyValue } from '../corrupt-value.ts';
import { type Checksum, crc64 } from '../crc64.ts';
import { readHashByReference, readHashOfValkey, readTemplateFields } from '../hash-form.ts';
import { readLength, readLengthExact } from '../lengths.ts';
import { readString } from '../strings.ts';
import type { ReadContext } from '../value-form.ts';
import { readValueOfType } from '../values.ts';
import { MODULE_ID } from '../vector-set-form.ts';
import { ByteBacklog } from './byte-backlog.ts';
import {
  type Dialect,
  HEADER_BYTES,
  NEWEST_VERSION,
  OLDEST_VERSION_WRITTEN,
  parseHeader,
  VERSION_WITH_CHECKSUM,
  versionOfType,
} from './header.ts';
import { moduleName } from './module-name.ts';
import * as opcodes from './opcodes.ts';
import { RdbError } from './rdb-error.ts';
import type { RdbTarget } from './rdb-target.ts';

/** How an RDB file is read. */
export interface RdbReaderOptions {
  /** Whether the checksum is looked at (`rdbchecksum`). Default: true. */
  readonly checksChecksum?: boolean;
  /** How many bytes there will be, where that is known: what cannot fit into them is then refused at once. */
  readonly totalBytes?: number;
}

/**
 * Reads an RDB file of any version from 1 on, as its bytes come in, and tells a target what is in it.
 *
 *     fed │ records … record │ part of a record │ ← what comes next
 *                            ↑ start            ↑ end
 *
 * A record is one opcode with what belongs to it, or one key. One that ends too early is tried again when there is more: when
 * there are as many bytes as it is known to need, and at least twice as many as before, so that a value which comes in many
 * chunks is not begun with each of them.
 *
 * Nothing is believed: what is wrong in any way is refused with an {@link RdbError}, and nothing is reserved in memory for
 * what a length says before there are so many bytes.
 *
 * Invariants:
 *
 * 1. All bytes before {@link position} have been told to the target, and are in {@link #checksum} until the file has ended.
 * 2. A record is told once, as a whole.
 */
export class RdbReader {
  readonly #target: RdbTarget;
  readonly #context: ReadContext;
  readonly #checksChecksum: boolean;
  readonly #totalBytes: number;
  readonly #backlog = new ByteBacklog();
  /** In the file. */
  #position = 0;
  /** So many bytes must be there for the next attempt. */
  #neededBytes = HEADER_BYTES;
  #checksum: Checksum = [0, 0];
  #dialect: Dialect = 'redis';
  #version = 0;
  #isVerified = false;
  #isOver = false;
  #neededVersion = OLDEST_VERSION_WRITTEN;
  #keyCount = 0;
  #emptyKeyCount = 0;
  #templates = new Map<Integer, readonly ByteString[]>();
  // What is said before a key.
  #database = 0;
  #expiresAtMs: number = NEVER;
  #idleSeconds = -1;
  #frequency = -1;

  constructor(target: RdbTarget, context: ReadContext, options: RdbReaderOptions = {}) {
    this.#target = target;
    this.#context = context;
    this.#checksChecksum = options.checksChecksum ?? true;
    this.#totalBytes = options.totalBytes ?? Number.POSITIVE_INFINITY;
  }

  // ── what it has found ────────────────────────────────────────────────────────────────────────────────────

  /** Whether it has read to the end. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** How many bytes of the file it has read: all of it, once it is over. */
  get position(): number {
    return this.#position;
  }

  /** The version of the file, once that is known. */
  get version(): number {
    return this.#version;
  }

  /** Whether the file has a checksum, which was right. */
  get isVerified(): boolean {
    return this.#isVerified;
  }

  /** How many keys it has told. */
  get keyCount(): number {
    return this.#keyCount;
  }

  /** How many keys it has left out because they held an empty collection, as files of servers with defects have them. */
  get emptyKeyCount(): number {
    return this.#emptyKeyCount;
  }

  /** The version that a file with the same values may need. */
  get neededVersion(): number {
    return this.#neededVersion;
  }

  /** What was fed and not read: what follows the file, once it is over. A view, until the next call. */
  get rest(): Uint8Array {
    return this.#backlog.bytes;
  }

  /** How many bytes more it needs at least before it can go on. */
  get missingBytes(): number {
    return this.#isOver ? 0 : Math.max(0, this.#neededBytes - this.#backlog.length);
  }

  // ── reading ──────────────────────────────────────────────────────────────────────────────────────────────

  /** These bytes come next. They must not be changed before all of them have been read or more are fed. */
  feed(bytes: Uint8Array): void {
    this.#backlog.add(bytes);
  }

  /**
   * Reads so many records, as far as they are there, but none that begins behind so many bytes.
   *
   * @returns whether there may be more to read; else it is over, or needs more bytes
   * @throws RdbError if the file is damaged, newer than what is known here, or holds something that cannot be
   */
  step(most: number, mostBytes = Number.POSITIVE_INFINITY): boolean {
    if (this.#isOver || this.#backlog.length < this.#neededBytes) return false;
    return this.#read(most, mostBytes, false);
  }

  /** {@link feed}, and reads all that is there. @throws RdbError as {@link step} */
  push(bytes: Uint8Array): void {
    this.feed(bytes);
    while (this.step(Number.POSITIVE_INFINITY));
  }

  /** No more bytes come: reads what is left. @throws RdbError as {@link step}, and if the file is not whole */
  end(): void {
    while (!this.#isOver && this.#read(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, true));
    if (!this.#isOver) throw this.#error(ENDS_TOO_EARLY, this.#position);
  }

  /**
   * For a file behind which nothing should come. What follows a good checksum is of no matter; without one, the end itself
   * may be what is damaged.
   *
   * @throws RdbError if there are more bytes, in all, than were read
   */
  requireWhole(totalBytes: number): void {
    if (!this.#isVerified && totalBytes > this.#position)
      throw this.#error('Bytes follow the end of a file without a checksum', this.#position);
  }

  #read(most: number, mostBytes: number, isFinal: boolean): boolean {
    const { bytes } = this.#backlog;
    const reader = new ByteReader(bytes);
    const stopAt = Math.min(mostBytes, bytes.length);
    // Up to where records are whole.
    let read = 0;
    try {
      for (let left = most; left > 0 && read < stopAt && !this.#isOver; left--) {
        if (this.#position + read < HEADER_BYTES) this.#readHeader(reader);
        else this.#readRecord(reader);
        read = reader.position;
      }
      this.#neededBytes = 1;
    } catch (error) {
      if (!(error instanceof CorruptValue)) throw error;
      const wanted = reader.wantedEnd;
      if (wanted === 0) throw this.#error(error.message, this.#position + reader.position);
      if (isFinal || this.#position + wanted > this.#totalBytes)
        throw this.#error(ENDS_TOO_EARLY, this.#position + read);
      this.#neededBytes = Math.max(wanted - read, 2 * (bytes.length - read));
    }
    if (!this.#isOver) this.#checksum = crc64(bytes, 0, read, this.#checksum);
    this.#position += read;
    this.#backlog.drop(read);
    return !this.#isOver && this.#backlog.length >= this.#neededBytes;
  }

  #error(reason: string, offset: number): RdbError {
    return new RdbError(reason, offset);
  }

  #readHeader(reader: ByteReader): void {
    const header = parseHeader(reader.readBytes(HEADER_BYTES));
    demand(header !== undefined, 'Wrong signature trying to load DB from file');
    const { dialect, version } = header;
    demand(
      version >= 1 && version <= NEWEST_VERSION[dialect],
      `Can't handle RDB format version ${version}${dialect === 'valkey' ? ' of Valkey' : ''}`,
    );
    this.#dialect = dialect;
    this.#version = version;
  }

  #readRecord(reader: ByteReader): void {
    const opcode = reader.readByte();
    if (opcode < opcodes.HASH_TEMPLATE) this.#readKey(opcode, reader);
    else this.#readOpcode(opcode, reader);
  }

  #readKey(type: number, reader: ByteReader): void {
    const name = readString(reader);
    const stored = this.#readValue(type, reader);
    if (stored === undefined) this.#emptyKeyCount++;
    else {
      this.#keyCount++;
      this.#target.key(this.#database, name, stored, this.#expiresAtMs, this.#idleSeconds, this.#frequency);
    }
    this.#expiresAtMs = NEVER;
    this.#idleSeconds = -1;
    this.#frequency = -1;
  }

  /** `undefined` if it is an empty collection. */
  #readValue(type: number, reader: ByteReader): Stored | undefined {
    const needed = versionOfType(type);
    if (needed > this.#neededVersion) this.#neededVersion = needed;
    try {
      if (type === MODULE) requireVectorSet(reader);
      if (type === 30 || type === 32) {
        return new Entry(HASH, readHashByReference(type, reader, this.#context, this.#fieldsOf)) as Entry;
      }
      if (type === 22 && this.#dialect === 'valkey') {
        return new Entry(HASH, readHashOfValkey(reader, this.#context)) as Entry;
      }
      return readValueOfType(type, reader, this.#context);
    } catch (error) {
      if (error instanceof EmptyValue) return undefined;
      throw error;
    }
  }

  readonly #fieldsOf = (template: Integer): readonly ByteString[] => {
    const fields = this.#templates.get(template);
    if (fields === undefined) throw new CorruptValue(`Invalid hash template ID ${template}`);
    return fields;
  };

  #readOpcode(opcode: number, reader: ByteReader): void {
    switch (opcode) {
      case opcodes.END:
        this.#readEnd(reader);
        break;
      case opcodes.SELECT_DATABASE:
        this.#database = readLength(reader);
        break;
      case opcodes.EXPIRES_MS:
        this.#expiresAtMs = timeOf(Number(reader.readInt64()));
        break;
      case opcodes.EXPIRES_SECONDS: {
        const seconds = reader.readInt32();
        this.#expiresAtMs = timeOf(seconds === -1 ? -1 : seconds * 1000);
        break;
      }
      case opcodes.IDLE:
        this.#idleSeconds = readLength(reader);
        break;
      case opcodes.FREQUENCY:
        this.#frequency = reader.readByte();
        break;
      case opcodes.RESIZE: {
        const keys = readLength(reader);
        const expiring = readLength(reader);
        this.#target.size?.(this.#database, keys, expiring);
        break;
      }
      case opcodes.AUX: {
        const name = readString(reader);
        const value = readString(reader);
        this.#target.aux?.(name, value);
        break;
      }
      case opcodes.FUNCTION:
        this.#target.library(readString(reader));
        break;
      case opcodes.FUNCTION_BEFORE_RELEASE:
        throw new CorruptValue('Pre-release function format not supported.');
      case opcodes.MODULE_AUX:
        skipModuleAux(reader);
        break;
      case opcodes.SLOT_INFO:
        for (let left = 3; left > 0; left--) readLengthExact(reader);
        break;
      case opcodes.KEY_METADATA_OR_SLOT_IMPORT:
        demand(
          this.#dialect === 'valkey',
          'The RDB file contains metadata of modules for a key, which is not supported',
        );
        skipSlotImport(reader);
        break;
      case opcodes.HASH_TEMPLATE:
        this.#readTemplate(reader);
        break;
    }
  }

  #readTemplate(reader: ByteReader): void {
    const template = readLengthExact(reader);
    const fields = readTemplateFields(reader);
    demand(!this.#templates.has(template), `Duplicate hash template ID ${template}`);
    this.#templates.set(template, fields);
  }

  #readEnd(reader: ByteReader): void {
    if (this.#version >= VERSION_WITH_CHECKSUM) {
      const [high, low] = crc64(reader.bytes, 0, reader.position, this.#checksum);
      const readLow = reader.readUint32();
      const readHigh = reader.readUint32();
      if (this.#checksChecksum && (readLow !== 0 || readHigh !== 0)) {
        demand(
          readLow === low && readHigh === high,
          `Wrong RDB checksum expected: (${hex(high, low)}) but got (${hex(readHigh, readLow)}).`,
        );
        this.#isVerified = true;
      }
    }
    this.#isOver = true;
  }
}

/** A value of a module, which it must be read by. Here there is one. */
function requireVectorSet(reader: ByteReader): void {
  const peek = new ByteReader(reader.bytes, reader.position, reader.end);
  if (peek.remaining < LONGEST_LENGTH_BYTES) return;
  const id = BigInt(readLengthExact(peek));
  if (id === MODULE_ID) return;
  throw new CorruptValue(
    `The RDB file contains module data I can't load: no matching module type '${moduleName(id)}'`,
  );
}

/** What a module keeps beside its keys. That it keeps nothing is no reason to have it. */
function skipModuleAux(reader: ByteReader): void {
  const id = BigInt(readLengthExact(reader));
  // When in the file: an unsigned integer, which is led by a mark.
  for (let left = 2; left > 0; left--) readLengthExact(reader);
  if (readLength(reader) === END_OF_MODULE_DATA) return;
  throw new CorruptValue(
    `The RDB file contains AUX module data I can't load: no matching module '${moduleName(id)}'`,
  );
}

/** Which slots were on their way here when the file was written: a matter of clusters. */
function skipSlotImport(reader: ByteReader): void {
  readString(reader);
  const ranges = readLength(reader);
  reader.requireRemaining(ranges * 2, 'more ranges than bytes');
  for (let left = 2 * ranges; left > 0; left--) readLengthExact(reader);
}

/** -1 is no time, as in Redis. All others before 1970 are long over. */
function timeOf(timeMs: number): number {
  if (timeMs === -1) return NEVER;
  return timeMs <= 0 ? 1 : timeMs;
}

function hex(high: number, low: number): string {
  return ((BigInt(high) << 32n) | BigInt(low)).toString(16);
}

const MODULE = 7;
const END_OF_MODULE_DATA = 0;
const LONGEST_LENGTH_BYTES = 9;
const ENDS_TOO_EARLY = 'Unexpected EOF reading RDB file';
