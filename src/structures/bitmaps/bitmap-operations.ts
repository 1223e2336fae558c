import type { ByteString, Bytes } from '../../bytes/byte-string.ts';
import { toBytes } from '../../bytes/byte-string.ts';
import type { Many } from '../../bytes/many.ts';
import { errors } from '../../errors.ts';
import { requireInteger, requireOptions } from '../../keyspace/arguments.ts';
import { typeOf } from '../../keyspace/entry.ts';
import { events } from '../../keyspace/events.ts';
import { Operations, type Output, type Text } from '../../keyspace/operations.ts';
import { RawString } from '../strings/raw-string.ts';
import {
  bytesUnder,
  editableString,
  lengthOf,
  putString,
  STRING,
  stringOf,
} from '../strings/string-value.ts';
import { countBits } from './bit-count.ts';
import { type BitOperation, combineBits } from './bit-operation.ts';
import { findBit } from './bit-position.ts';
import { spanOf } from './bit-range.ts';
import type { BitRange, BitsFrom } from './bitmap-options.ts';

/** The commands that look at a string as a row of bits, of which bit 0 is the highest of the first byte. */
export abstract class BitmapOperations<O extends Output = Text> extends Operations<O> {
  /**
   * Sets or clears a bit of the string, which grows as far as needed, and returns what the bit was. It is edited in place: O(1),
   * O(n of what is new) where it grows. Redis 2.2.0.
   *
   * @param offset from 0 to 4294967295 (or as far as `proto-max-bulk-len` allows)
   * @throws ReplyError if the offset or the bit is none; WRONGTYPE
   */
  setbit(key: Bytes, offset: number, bit: 0 | 1): 0 | 1 {
    this.makeRoom();
    this.requireBitOffset(offset);
    if (bit !== 0 && bit !== 1) throw errors.bitNotAnInteger();
    const name = this.input(key);
    const database = this.database;
    const found = database.findForWrite(name);
    const index = Math.floor(offset / 8);
    const mask = 0x80 >> (offset % 8);
    const before = found === undefined ? undefined : editedByteAt(stringOf(found), index);
    if (before !== undefined) {
      // Nothing to do for a string that has been edited already: then it need not be saved, either.
      const isSet = (before & mask) !== 0;
      if (isSet === (bit === 1)) return bit;
    }
    const oldLength = found === undefined ? 0 : lengthOf(stringOf(found));
    const bytes = editableString(database, name, found, index + 1).edit(index + 1);
    const old = (bytes[index]! & mask) === 0 ? 0 : 1;
    if (old === bit && index < oldLength) return old;
    bytes[index] = bit === 1 ? bytes[index]! | mask : bytes[index]! & ~mask;
    if (database.changed(name, events.setBit)) database.effect('SETBIT', name, String(offset), String(bit));
    return old;
  }

  /**
   * A bit of the string; 0 beyond its end. O(1), O(n) for the first bit of long text. Redis 2.2.0.
   *
   * @throws ReplyError if the offset is none; WRONGTYPE
   */
  getbit(key: Bytes, offset: number): 0 | 1 {
    this.requireBitOffset(offset);
    const name = this.input(key);
    const database = this.database;
    const found = database.findToRead(name);
    if (found === undefined) return 0;
    const value = stringOf(found);
    const index = Math.floor(offset / 8);
    const byte = typeof value === 'string' ? bytesUnder(database, name, found)[index] : value.byteAt(index);
    return byte === undefined || (byte & (0x80 >> (offset % 8))) === 0 ? 0 : 1;
  }

  private requireBitOffset(offset: number): void {
    const isOffset =
      Number.isInteger(offset) &&
      offset >= 0 &&
      Math.floor(offset / 8) < this.keyspace.limits.protoMaxBulkLengthBytes;
    if (!isOffset) throw errors.bitOffset();
  }

  /**
   * How many bits of the string are set, or of a part of it. O(n of the part). Redis 2.6.0.
   *
   * @throws ReplyError if an end of the range is no integer; WRONGTYPE
   */
  bitcount(key: Bytes, range?: BitRange): number {
    if (range !== undefined) {
      requireOptions(range, RANGE_OPTIONS);
      requireInteger(range.start);
      requireInteger(range.end);
    }
    const name = this.input(key);
    const found = this.database.findToRead(name);
    if (found === undefined) return 0;
    const bytes = bytesUnder(this.database, name, found);
    if (range === undefined) return countBits(bytes);
    const { start, end, bit } = range;
    if (start < 0 && end < 0 && start > end) return 0;
    const { from, to } = spanOf(bytes.length, start, end, bit === true);
    return countBits(bytes, from, to);
  }

  /**
   * Where the first bit of this kind is in the string, or in a part of it, counted from the beginning of the string; -1 if there is
   * none. Without an `end` the string counts as followed by zeros, so that a 0 is found behind one of ones alone. (But not behind
   * one that is empty, or in a part that is.) Without a string a 0 is found at 0. O(n of what is passed over). Redis 2.8.7.
   *
   * @throws ReplyError if the bit is none, or an end of the range is no integer; WRONGTYPE
   */
  bitpos(key: Bytes, bit: 0 | 1, range?: BitRange | BitsFrom): number {
    if (bit !== 0 && bit !== 1) throw errors.bitMustBe1Or0();
    if (range !== undefined) {
      requireOptions(range, RANGE_OPTIONS);
      requireInteger(range.start);
      if (range.end !== undefined) requireInteger(range.end);
      else if (range.bit !== undefined) throw errors.syntax();
    }
    const name = this.input(key);
    const found = this.database.findToRead(name);
    if (found === undefined) return bit === 0 ? 0 : -1;
    const bytes = bytesUnder(this.database, name, found);
    const { from, to } = spanOf(bytes.length, range?.start ?? 0, range?.end ?? -1, range?.bit === true);
    if (from >= to) return -1;
    const position = findBit(bytes, bit, from, to);
    return position < 0 && bit === 0 && range?.end === undefined ? to : position;
  }

  /**
   * Makes a key hold the bits of the sources combined, whatever it held before, without a TTL; where that is the empty string, the
   * key goes. Shorter sources, and those that do not exist, count as followed by zeros. Returns the length in bytes, which is
   * that of the longest source. O(n · sources). Redis 2.6.0; DIFF, DIFF1, ANDOR and ONE 8.2.0.
   *
   * @throws ReplyError if the operation is none or takes another number of sources; WRONGTYPE if a source is no string
   */
  bitop(operation: BitOperation, destination: Bytes, sources: Many): number {
    this.makeRoom();
    const least = LEAST_SOURCES.get(operation);
    if (least === undefined) throw errors.syntax();
    const key = this.input(destination);
    const names = this.inputMany(sources);
    if (names.length === 0) throw errors.wrongArity('bitop');
    if (operation === 'not' && names.length !== 1) throw errors.bitopNeedsOneSource();
    if (names.length < least) throw errors.bitopNeedsTwoSources(operation.toUpperCase());
    const result = combineBits(
      operation,
      names.map((name) => this.bitsOf(name)),
    );
    const database = this.database;
    const replaced = database.find(key);
    if (result.length === 0) {
      if (replaced === undefined) return 0;
      database.remove(key);
      if (database.changed(key, events.del)) database.effect('DEL', key);
      return 0;
    }
    const oldType = replaced === undefined ? undefined : typeOf(replaced);
    putString(database, key, RawString.of(result));
    if (oldType !== undefined) database.overwritten(key, oldType, STRING.type);
    // Its sources say what is stored, in fewer words than the bytes would.
    if (database.changed(key, events.set))
      database.effectOf(['BITOP', operation.toUpperCase(), key, ...names]);
    return result.length;
  }

  /** The bytes of a source, for reading, as long as nothing changes. */
  private bitsOf(name: ByteString): Uint8Array {
    const found = this.database.findToRead(name);
    if (found === undefined) return NOTHING;
    const value = stringOf(found);
    return typeof value === 'string' ? toBytes(value) : value.bytes;
  }
}

const RANGE_OPTIONS: ReadonlySet<string> = new Set(['start', 'end', 'bit']);
const NOTHING = new Uint8Array(0);
const LEAST_SOURCES: ReadonlyMap<BitOperation, number> = new Map([
  ['and', 1],
  ['or', 1],
  ['xor', 1],
  ['not', 1],
  ['diff', 2],
  ['diff1', 2],
  ['andor', 2],
  ['one', 1],
]);

/** The byte of a string that has been edited before; `undefined` of another, and beyond the end. */
function editedByteAt(value: ByteString | RawString, index: number): number | undefined {
  return typeof value === 'string' || value.isUntouched ? undefined : value.byteAt(index);
}
