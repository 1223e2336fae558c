import type { ByteString } from '../../bytes/byte-string.ts';
import { DenseSet } from '../dense-table.ts';
import { exceedsBytes, type ListpackLimits } from '../listpack-limits.ts';
import {
  checkPacked,
  emptyPacked,
  findText,
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
  withText,
} from '../packed-strings.ts';
import { isIntegerMember } from './integer-member.ts';

/**
 * The container behind a Redis set: distinct members.
 *
 * It has two physical forms:
 *
 *     small   one packed string       'red' 'green' 'blue'              see packed-strings.ts
 *     large   index and members       'red' → 0 …  [red, green, …]      see dense-table.ts
 *
 * A random member is O(1) in the large form, by its position. What OBJECT ENCODING answers is a matter apart: it follows
 * Redis's limits, which are handed in with whatever inserts, so that configuration may change at any time. (An intset is
 * in ascending order in Redis; here the order of a set says nothing.)
 *
 * Invariants:
 *
 * 1. Small: at most {@link SMALL_MAX_MEMBERS} members, none longer than {@link PACKED_TEXT_MAX_LENGTH} units, in all at
 *    most {@link SMALL_MAX_LENGTH} units; members are distinct.
 * 2. The form goes from small to large only, the encoding from intset to listpack to hashtable only (or directly).
 * 3. While the encoding is intset, every member is a 64-bit integer as Redis prints it.
 * 4. While the encoding is not hashtable, a scan visits everything in one step. Afterwards a small set does the same, and
 *    a large one is scanned by position downwards, which misses no member that is present throughout.
 */
export class MemberSet implements Iterable<ByteString> {
  #content: Packed | DenseSet = EMPTY;

  /** How many members there are. O(1). */
  get size(): number {
    const content = this.#content;
    return typeof content === 'string' ? packedCount(content) : content.size;
  }

  /** What OBJECT ENCODING answers. */
  get encoding(): SetEncoding {
    return ENCODINGS[this.#encodingRank]!;
  }

  /** O(1), for small sets O(members). */
  has(member: ByteString): boolean {
    const content = this.#content;
    return typeof content === 'string' ? findText(content, member) >= 0 : content.has(member);
  }

  /** Adds the member; whether it is new. O(1), for small sets O(members). */
  add(member: ByteString, limits: SetLimits = DEFAULT_SET_LIMITS): boolean {
    const content = this.#content;
    if (typeof content === 'string') {
      if (findText(content, member) >= 0) return false;
      if (packedTag(content) !== HASHTABLE) this.#reconsiderEncoding(member, limits);
      this.#addSmall(this.#content as Packed, member);
      return true;
    }
    if (content.tag === HASHTABLE) return content.add(member);
    if (content.has(member)) return false;
    this.#reconsiderEncoding(member, limits);
    return content.add(member);
  }

  /** Removes the member; whether it was there. O(1), for small sets O(members). */
  delete(member: ByteString): boolean {
    const content = this.#content;
    if (typeof content !== 'string') return content.remove(member) >= 0;
    const offset = findText(content, member);
    if (offset < 0) return false;
    this.#content = withoutEntry(content, offset, offsetAfter(content, offset));
    return true;
  }

  /**
   * Tells that a command is about to add `memberCount` members, new or not, beginning with `first`: Redis decides on the
   * number of arguments before it looks at them.
   */
  prepareFor(memberCount: number, first: ByteString, limits: SetLimits = DEFAULT_SET_LIMITS): void {
    const rank = this.#encodingRank;
    if (rank === HASHTABLE) return;
    if (this.size === 0) {
      if (memberCount <= limits.intsetEntries && isIntegerMember(first)) return;
      this.#encodingRank = memberCount <= limits.listpackEntries ? LISTPACK : HASHTABLE;
    } else if (memberCount > (rank === INTSET ? limits.intsetEntries : limits.listpackEntries)) {
      this.#encodingRank = HASHTABLE;
    }
  }

  /** Visits every member once. `visit` must not change the set. O(size). */
  forEach(visit: (member: ByteString) => void): void {
    const content = this.#content;
    if (typeof content === 'string') {
      for (const member of unpack(content)) visit(member);
    } else {
      for (let position = 0; position < content.size; position++) visit(content.keyAt(position));
    }
  }

  /** Every member once. The set must not change meanwhile. */
  [Symbol.iterator](): IterableIterator<ByteString> {
    const content = this.#content;
    return (typeof content === 'string' ? unpack(content) : content.allKeys()).values();
  }

  /**
   * Visits some of the members and returns the cursor to go on with: 0 begins, and 0 is returned at the end. A member that
   * is present from the beginning to the end is visited at least once, whatever changes between the steps; the scan ends
   * after at most as many steps as there were members. `visit` must not change the set. O(count) with the encoding
   * hashtable, else everything is visited at once as in Redis.
   */
  scan(cursor: number, count: number, visit: (member: ByteString) => void): number {
    const content = this.#content;
    if (typeof content === 'string' || content.tag !== HASHTABLE) {
      this.forEach(visit);
      return 0;
    }
    return content.scanPositions(cursor, count, (position) => visit(content.keyAt(position)));
  }

  /** The member at a position from 0 to size - 1; positions hold until the next change. O(1), small O(members). */
  memberAt(position: number): ByteString {
    const content = this.#content;
    return typeof content === 'string'
      ? textAt(content, offsetOfText(content, position))
      : content.keyAt(position);
  }

  /** A member, each as likely as any other; `random` answers in [0, 1). O(1). */
  memberAtRandom(random: () => number): ByteString | undefined {
    const size = this.size;
    return size === 0 ? undefined : this.memberAt(Math.floor(random() * size));
  }

  /** Removes and returns a member, each as likely as any other; `random` answers in [0, 1). O(1). */
  popRandom(random: () => number): ByteString | undefined {
    const member = this.memberAtRandom(random);
    if (member !== undefined) this.delete(member);
    return member;
  }

  /** The same members and encoding in a set of its own. O(size), for small sets O(1). */
  clone(): MemberSet {
    const copy = new MemberSet();
    copy.#content = typeof this.#content === 'string' ? this.#content : this.#content.clone();
    return copy;
  }

  /** Throws if an invariant does not hold. For tests. */
  checkInvariants(): void {
    const content = this.#content;
    if (typeof content === 'string') {
      checkPacked(content, 1);
      if (packedCount(content) > SMALL_MAX_MEMBERS) throw new Error('set: too many members to be small');
      if (content.length > SMALL_MAX_LENGTH) throw new Error('set: too long to be small');
      if (new Set(unpack(content)).size !== packedCount(content))
        throw new Error('set: a member occurs twice');
    } else {
      content.checkInvariants();
    }
    if (this.#encodingRank === INTSET) {
      for (const member of this)
        if (!isIntegerMember(member)) throw new Error('set: no integer in an intset');
    }
  }

  #addSmall(packed: Packed, member: ByteString): void {
    if (
      member.length <= PACKED_TEXT_MAX_LENGTH &&
      packed.length + member.length + 1 <= SMALL_MAX_LENGTH &&
      packedCount(packed) < SMALL_MAX_MEMBERS
    ) {
      this.#content = withText(packed, member);
      return;
    }
    const members = new DenseSet(packedTag(packed));
    for (const text of unpack(packed)) members.add(text);
    members.add(member);
    this.#content = members;
  }

  /** What the encoding becomes by a new member, which is about to be added. */
  #reconsiderEncoding(member: ByteString, limits: SetLimits): void {
    const rank = this.#encodingRank;
    const size = this.size + 1;
    if (rank === INTSET && isIntegerMember(member)) {
      if (size <= limits.intsetEntries) return;
      // A set that would begin as an intset too small for one member may begin as a listpack.
      if (size > 1) {
        this.#encodingRank = HASHTABLE;
        return;
      }
    }
    const listpack =
      size <= limits.listpackEntries &&
      !exceedsBytes(member, limits.listpackValueBytes) &&
      !(rank === INTSET && this.#hasIntegerLongerThan(limits.listpackValueBytes));
    const next = listpack ? LISTPACK : HASHTABLE;
    if (next !== rank) this.#encodingRank = next;
  }

  #hasIntegerLongerThan(limitBytes: number): boolean {
    if (limitBytes >= INTEGER_MAX_BYTES) return false;
    for (const member of this) if (member.length > limitBytes) return true;
    return false;
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

/** How Redis would keep the set. */
export type SetEncoding = 'intset' | 'listpack' | 'hashtable';

/** Up to where Redis keeps a set as an intset or a listpack: what its `set-max-…` settings are. */
export interface SetLimits extends ListpackLimits {
  /** The most members of an intset. */
  readonly intsetEntries: number;
}

/** Redis's defaults. */
export const DEFAULT_SET_LIMITS: SetLimits = {
  intsetEntries: 512,
  listpackEntries: 128,
  listpackValueBytes: 64,
};

/** Up to here a search of the packed string is about as fast as a Set among many sets; see bench/. */
const SMALL_MAX_MEMBERS = 32;
/** Every change writes the whole string anew, so its length is bounded too. */
const SMALL_MAX_LENGTH = 1024;
/** Of a 64-bit integer in decimal. */
const INTEGER_MAX_BYTES = 20;

const ENCODINGS: readonly SetEncoding[] = ['intset', 'listpack', 'hashtable'];
const INTSET = 0;
const LISTPACK = 1;
const HASHTABLE = 2;
const EMPTY = emptyPacked(INTSET);
