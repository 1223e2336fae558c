import type { ByteString } from '../../bytes/byte-string.ts';
import { objectBytes } from '../../bytes/heap-bytes.ts';
import { textBytes } from '../../bytes/text-bytes.ts';
import type { Timer } from '../../ttl/timer-wheel.ts';
import { DenseTable, UNINDEXED_MAX_SIZE } from '../dense-table.ts';
import { exceedsBytes, type ListpackLimits } from '../listpack-limits.ts';
import {
  checkPacked,
  emptyPacked,
  findField,
  offsetAfter,
  offsetOfText,
  PACKED_TEXT_MAX_LENGTH,
  type Packed,
  packedCount,
  packedTag,
  textAt,
  unpack,
  withoutEntry,
  withTag,
  withTextAt,
} from '../packed-strings.ts';
import { enterRing, leaveRing, type Packable, touchWarms } from '../warm-containers.ts';
import { FieldExpiries } from './field-expiries.ts';

/**
 * The container behind a Redis hash: field → value, where a field may have a time at which it expires.
 *
 * It has three physical forms:
 *
 *     packed   one string                     'name' 'Ada' 'age' '36'       see packed-strings.ts
 *     warm     fields and values              [name, age] [Ada, 36]         see dense-table.ts
 *     large    the same and an index          'name' → 0, 'age' → 1, …
 *
 * A small hash is warm while it is worked on and packed when it has been left alone (see warm-containers.ts): packed it
 * takes a third of the memory of a Map, warm it is as fast as one. It becomes large when it has more fields
 * than are worth searching one by one, and stays so. A small one with a text too long to pack stays warm, and so does one
 * that ever had a field with an expiry.
 *
 * What OBJECT ENCODING answers is a matter apart: it follows Redis's limits, which are handed in with whatever inserts,
 * so that configuration may change at any time.
 *
 * Invariants:
 *
 * 1. Packed or warm, it has at most {@link UNINDEXED_MAX_SIZE} fields. Whatever its form, its fields are in the order of
 *    their insertion while the encoding is not hashtable: Redis shows a listpack so.
 * 2. Large is for good. The encoding goes from listpack to listpackex to hashtable only (or directly).
 * 3. Every field that has an expiry is present; `#expiries` is undefined while there is none, unless the owner has left a
 *    timer in it.
 * 4. While there are expiries, it is neither packed nor in the ring.
 * 5. A scan visits everything in one step, as Redis does, while the encoding is not hashtable; and while the hash is not
 *    large, so that nothing seen from outside depends on whether it is packed. Otherwise it goes by position downwards,
 *    which misses no field that is present throughout.
 */
export class HashTable implements Packable {
  #content: Packed | DenseTable = EMPTY;
  #expiries: FieldExpiries | undefined = undefined;

  /** How many fields there are, expired ones that nobody has removed included. O(1). */
  get size(): number {
    const content = this.#content;
    return typeof content === 'string' ? packedCount(content) : content.size;
  }

  /** What OBJECT ENCODING answers. */
  get encoding(): HashEncoding {
    return ENCODINGS[this.#encodingRank]!;
  }

  /** O(1), for small hashes O(fields). */
  get(field: ByteString): ByteString | undefined {
    const content = this.#content;
    if (typeof content !== 'string') return content.get(field);
    if (touchWarms()) return this.#warm(content).get(field);
    const offset = findField(content, field);
    return offset < 0 ? undefined : textAt(content, offsetAfter(content, offset));
  }

  /** O(1), for small hashes O(fields). */
  has(field: ByteString): boolean {
    const content = this.#content;
    if (typeof content !== 'string') return content.has(field);
    return touchWarms() ? this.#warm(content).has(field) : findField(content, field) >= 0;
  }

  /**
   * Sets the field's value and leaves its expiry, if it has one, alone. O(1), for small hashes O(fields).
   *
   * @returns whether the field is new.
   */
  set(field: ByteString, value: ByteString, limits: ListpackLimits = DEFAULT_HASH_LIMITS): boolean {
    let content = this.#content;
    if (typeof content === 'string') {
      if (this.#setPacked(content, field, value, limits)) return false;
      content = this.#warm(content);
    }
    const wasPackable = content.packable;
    const isNew = content.set(field, value);
    if (wasPackable && !content.packable) leaveRing(this);
    if (content.tag !== HASHTABLE && exceeds(limits, content.size, field, value)) content.tag = HASHTABLE;
    return isNew;
  }

  /** Removes the field and its expiry; whether it was there. O(1), for small hashes O(fields). */
  delete(field: ByteString): boolean {
    const content = this.#content;
    if (typeof content !== 'string') {
      if (!(content.tag === HASHTABLE ? content.delete(field) : content.deleteInOrder(field))) return false;
    } else {
      const offset = findField(content, field);
      if (offset < 0) return false;
      this.#content = withoutEntry(content, offset, offsetAfter(content, offsetAfter(content, offset)));
    }
    if (this.#expiries !== undefined) this.clearExpiry(field);
    return true;
  }

  /**
   * Tells that a command is about to set `fieldCount` fields, new or not: with more than the limit Redis turns to a
   * hashtable before it looks at them.
   */
  prepareFor(fieldCount: number, limits: ListpackLimits = DEFAULT_HASH_LIMITS): void {
    if (fieldCount > limits.listpackEntries && this.#encodingRank !== HASHTABLE)
      this.#encodingRank = HASHTABLE;
  }

  /** Visits every field with its value, each once. `visit` must not change the hash. O(size). */
  forEach(visit: (field: ByteString, value: ByteString) => void): void {
    const content = this.#content;
    if (typeof content === 'string') {
      forEachPair(content, visit);
    } else {
      for (let position = 0; position < content.size; position++) {
        visit(content.keyAt(position), content.valueAt(position));
      }
    }
  }

  /**
   * Visits some of the fields and returns the cursor to go on with: 0 begins, and 0 is returned at the end. A field that
   * is present from the beginning to the end is visited at least once, whatever changes between the steps; the scan ends
   * after at most as many steps as there were fields. `visit` must not change the hash. O(count) when
   * large and with the encoding hashtable, else everything is visited at once.
   */
  scan(cursor: number, count: number, visit: (field: ByteString, value: ByteString) => void): number {
    const content = this.#content;
    if (typeof content === 'string' || content.tag !== HASHTABLE || !content.isIndexed) {
      this.forEach(visit);
      return 0;
    }
    return content.scanPositions(cursor, count, (position) =>
      visit(content.keyAt(position), content.valueAt(position)),
    );
  }

  /** The field at a position from 0 to size - 1; positions hold until the next change. O(1), small O(fields). */
  fieldAt(position: number): ByteString {
    const content = this.#content;
    return typeof content === 'string'
      ? textAt(content, offsetOfText(content, 2 * position))
      : content.keyAt(position);
  }

  /** The value of the field at the position. O(1), for small hashes O(fields). */
  valueAt(position: number): ByteString {
    const content = this.#content;
    return typeof content === 'string'
      ? textAt(content, offsetOfText(content, 2 * position + 1))
      : content.valueAt(position);
  }

  /** When the field expires, in ms since the epoch; undefined if it does not, or is not there. O(1). */
  expiresAt(field: ByteString): number | undefined {
    return this.#expiries?.get(field);
  }

  /** Lets the field expire at `atMs`, past or future; nothing is removed. Whether the field is there. O(log n). */
  setExpiry(field: ByteString, atMs: number): boolean {
    const content = this.#content;
    if (typeof content === 'string' && findField(content, field) < 0) return false;
    // The table's own string is taken, lest there be two of it.
    const own = (typeof content === 'string' ? this.#stayWarm() : content).ownKey(field);
    if (own === undefined) return false;
    if (this.#expiries === undefined) {
      this.#stayWarm();
      this.#expiries = new FieldExpiries();
    }
    this.#expiries.set(own, atMs);
    this.prepareForExpiries();
    return true;
  }

  /** The ring must not hold on to a hash whose timer holds on to the whole store. */
  #stayWarm(): DenseTable {
    let content = this.#content;
    if (typeof content === 'string') {
      content = DenseTable.unpack(content);
      this.#content = content;
    } else if (content.packable) {
      leaveRing(this);
    }
    content.stopPacking();
    return content;
  }

  /** Lets the field live; whether it had an expiry. O(log n). */
  clearExpiry(field: ByteString): boolean {
    const expiries = this.#expiries;
    if (expiries === undefined || !expiries.delete(field)) return false;
    if (expiries.size === 0 && expiries.timer === undefined) this.#expiries = undefined;
    return true;
  }

  /**
   * Tells that a command is about to let fields expire, whether or not it will find any: Redis turns to a listpackex
   * before it looks.
   */
  prepareForExpiries(): void {
    if (this.#encodingRank === LISTPACK) this.#encodingRank = LISTPACKEX;
  }

  /**
   * A place for what the owner has scheduled for {@link nextExpiryMs}. There is one only while a field has an expiry,
   * and for as long as a timer is left in it.
   */
  get expiryTimer(): Timer | undefined {
    return this.#expiries?.timer;
  }

  set expiryTimer(timer: Timer | undefined) {
    const expiries = this.#expiries;
    if (expiries === undefined) return;
    expiries.timer = timer;
    if (timer === undefined && expiries.size === 0) this.#expiries = undefined;
  }

  /** The earliest expiry of any field, in ms since the epoch, exactly; `Infinity` if there is none. O(1). */
  get nextExpiryMs(): number {
    return this.#expiries === undefined ? Number.POSITIVE_INFINITY : this.#expiries.nextMs;
  }

  /** How many fields have an expiry. O(1). */
  get expiringCount(): number {
    return this.#expiries === undefined ? 0 : this.#expiries.size;
  }

  /** Visits the fields that expire at or before `nowMs`, in no order. `visit` must not change the hash. O(visited). */
  forEachExpired(nowMs: number, visit: (field: ByteString, atMs: number) => void): void {
    this.#expiries?.forEachUntil(nowMs, visit);
  }

  /** Removes up to `limit` fields that expire at or before `nowMs`, the earliest first, and returns them. */
  takeExpired(nowMs: number, limit = Number.POSITIVE_INFINITY): ByteString[] {
    const taken: ByteString[] = [];
    while (taken.length < limit && this.#expiries !== undefined && this.#expiries.nextMs <= nowMs) {
      const field = this.#expiries.nextField!;
      this.delete(field);
      taken.push(field);
    }
    return taken;
  }

  /**
   * About how many bytes of the host's memory it takes, whatever form it has at the moment. O(size) when first asked; from
   * then on it is kept, and O(1).
   */
  get heapBytes(): number {
    const content = this.#content;
    const contentBytes = typeof content === 'string' ? textBytes(content) : content.heapBytes;
    return OBJECT_BYTES + contentBytes + (this.#expiries === undefined ? 0 : this.#expiries.heapBytes);
  }

  /** The same fields, values, expiries and encoding in a hash of its own. O(size), for small hashes O(1). */
  clone(): HashTable {
    const copy = new HashTable();
    const content = this.#content;
    copy.#content =
      typeof content === 'string' ? content : content.packable ? content.pack() : content.clone();
    if (this.expiringCount > 0) {
      copy.#stayWarm();
      copy.#expiries = this.#expiries!.clone();
    }
    return copy;
  }

  /** What makes a {@link clone} of what is here now, once, later. O(size), with far less work. */
  save(): () => HashTable {
    const content = this.#content;
    if (typeof content === 'string' || content.packable) {
      const copy = this.clone();
      return () => copy;
    }
    const restore = content.save();
    const expiries = this.expiringCount > 0 ? this.#expiries!.clone() : undefined;
    return () => {
      const copy = new HashTable();
      copy.#content = restore();
      if (expiries !== undefined) {
        copy.#stayWarm();
        copy.#expiries = expiries;
      }
      return copy;
    };
  }

  /** Throws if an invariant does not hold. For tests. */
  checkInvariants(): void {
    const content = this.#content;
    if (typeof content === 'string') {
      checkPacked(content, 2);
      if (packedCount(content) > UNINDEXED_MAX_SIZE) throw new Error('hash: too many fields to be packed');
      const fields = new Set(unpack(content).filter((_, index) => index % 2 === 0));
      if (fields.size !== packedCount(content)) throw new Error('hash: a field occurs twice');
    } else {
      content.checkInvariants();
    }
    this.#expiries?.checkInvariants();
    if (this.#expiries?.size === 0 && this.#expiries.timer === undefined)
      throw new Error('hash: expiries without any');
    this.forEachExpired(Number.POSITIVE_INFINITY, (field) => {
      if (!this.has(field)) throw new Error('hash: an expiry without its field');
    });
    if (this.#expiries !== undefined && (typeof content === 'string' || content.packable)) {
      throw new Error('hash: expiries in what may be packed');
    }
    if (this.expiringCount > 0 && this.#encodingRank === LISTPACK) {
      throw new Error('hash: a listpack with expiries');
    }
  }

  /** For the ring of warm containers alone. */
  cool(): void {
    const content = this.#content;
    if (typeof content !== 'string' && content.packable) this.#content = content.pack();
  }

  /** Replaces the value of a field that is there, in the packed form, if that is the thing to do. */
  #setPacked(packed: Packed, field: ByteString, value: ByteString, limits: ListpackLimits): boolean {
    if (packed === EMPTY || value.length > PACKED_TEXT_MAX_LENGTH || touchWarms()) return false;
    const offset = findField(packed, field);
    if (offset < 0) return false;
    this.#content = withTextAt(packed, offsetAfter(packed, offset), value);
    if (packedTag(packed) !== HASHTABLE && exceeds(limits, packedCount(packed), field, value)) {
      this.#encodingRank = HASHTABLE;
    }
    return true;
  }

  #warm(packed: Packed): DenseTable {
    const content = DenseTable.unpack(packed);
    this.#content = content;
    enterRing(this);
    return content;
  }

  get #encodingRank(): number {
    const content = this.#content;
    return typeof content === 'string' ? packedTag(content) : content.tag;
  }

  set #encodingRank(rank: number) {
    const content = this.#content;
    if (typeof content === 'string') this.#content = withTag(content, rank);
    else content.tag = rank;
  }
}

/** How Redis would keep the hash: listpackex is a listpack with field expiries. */
export type HashEncoding = 'listpack' | 'listpackex' | 'hashtable';

/** Redis's defaults. */
export const DEFAULT_HASH_LIMITS: ListpackLimits = { listpackEntries: 512, listpackValueBytes: 64 };

const ENCODINGS: readonly HashEncoding[] = ['listpack', 'listpackex', 'hashtable'];
const LISTPACK = 0;
const LISTPACKEX = 1;
const HASHTABLE = 2;
const EMPTY: Packed = emptyPacked(LISTPACK);
const OBJECT_BYTES = objectBytes(3);

function exceeds(limits: ListpackLimits, size: number, field: ByteString, value: ByteString): boolean {
  return (
    size > limits.listpackEntries ||
    exceedsBytes(field, limits.listpackValueBytes) ||
    exceedsBytes(value, limits.listpackValueBytes)
  );
}

function forEachPair(packed: Packed, visit: (field: ByteString, value: ByteString) => void): void {
  let offset = 1;
  while (offset < packed.length) {
    const valueOffset = offsetAfter(packed, offset);
    visit(textAt(packed, offset), textAt(packed, valueOffset));
    offset = offsetAfter(packed, valueOffset);
  }
}
