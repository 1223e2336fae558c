import type { ByteString } from '../../bytes/byte-string.ts';
import { objectBytes } from '../../bytes/heap-bytes.ts';
import { textBytes } from '../../bytes/text-bytes.ts';
import { DenseSet, UNINDEXED_MAX_SIZE } from '../dense-table.ts';
import { exceedsBytes } from '../listpack-limits.ts';
import {
  checkPacked,
  emptyPacked,
  findText,
  offsetAfter,
  offsetOfText,
  type Packed,
  packedCount,
  packedTag,
  textAt,
  unpack,
  withoutEntry,
  withTag,
} from '../packed-strings.ts';
import { samplePositions } from '../sample-positions.ts';
import { enterRing, leaveRing, type Packable, touchWarms } from '../warm-containers.ts';
import { compareIntegerMembers, isIntegerMember } from './integer-member.ts';

/**
 * The container behind a Redis set: distinct members.
 *
 * It has three physical forms:
 *
 *     packed   one string                'red' 'green' 'blue'           see packed-strings.ts
 *     warm     members                   [red, green, blue]             see dense-table.ts
 *     large    the same and an index     'red' → 0, 'green' → 1, …
 *
 * A small set is warm while it is worked on and packed when it has been left alone (see warm-containers.ts). It becomes
 * large when it has more members than are worth searching one by one, and stays so. A small one with a
 * member too long to pack stays warm.
 *
 * A random member is O(1) by its position. What OBJECT ENCODING answers is a matter apart: it follows
 * Redis's limits, which are handed in with whatever inserts, so that configuration may change at any time. But what Redis
 * promises to nobody and everybody sees is the same here: an intset is visited in ascending order, being sorted by the
 * first visit after an addition, and a listpack in the order in which its members came.
 *
 * Invariants:
 *
 * 1. Packed or warm, it has at most {@link UNINDEXED_MAX_SIZE} members. Whatever its form, its members are in the order
 *    of their insertion while the encoding is listpack, behind those of the intset that it was before.
 * 2. Large is for good. The encoding goes from intset to listpack to hashtable only (or directly).
 * 3. While the encoding is intset, every member is a 64-bit integer as Redis prints it, and visits are in their order.
 * 4. A scan visits everything in one step, as Redis does, while the encoding is not hashtable; and while the set is not
 *    large, so that nothing seen from outside depends on whether it is packed. Otherwise it goes by position downwards,
 *    which misses no member that is present throughout.
 */
export class MemberSet implements Iterable<ByteString>, Packable {
  #content: Packed | DenseSet = EMPTY;

  /**
   * A set of these members, all different, in an encoding that is at least the one given: as Redis builds a result
   * whose size it knows. O(members).
   */
  static of(
    members: readonly ByteString[],
    limits: SetLimits = DEFAULT_SET_LIMITS,
    least: SetEncoding = 'intset',
  ): MemberSet {
    const set = new MemberSet();
    const rank = ENCODINGS.indexOf(least);
    if (rank > INTSET) set.#encodingRank = rank;
    else if (members.length > 0) set.prepareFor(members.length, members[0]!, limits);
    for (let at = 0; at < members.length; at++) set.add(members[at]!, limits);
    return set;
  }

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
    if (typeof content !== 'string') return content.has(member);
    return touchWarms() ? this.#warm(content).has(member) : findText(content, member) >= 0;
  }

  /** Adds the member; whether it is new. O(1), for small sets O(members). */
  add(member: ByteString, limits: SetLimits = DEFAULT_SET_LIMITS): boolean {
    let content = this.#content;
    if (typeof content === 'string') {
      if (findText(content, member) >= 0) return false;
      content = this.#warm(content);
    }
    if (content.tag === HASHTABLE && !content.packable) return content.add(member);
    if (content.has(member)) return false;
    const rank = encodingWith(content, member, limits);
    // A listpack begins with the members of an intset in their order.
    if (rank === LISTPACK && content.tag === INTSET) content.sort(compareIntegerMembers);
    content.tag = rank;
    const wasPackable = content.packable;
    content.add(member);
    if (wasPackable && !content.packable) leaveRing(this);
    return true;
  }

  /** Removes the member; whether it was there. O(1), for small sets O(members). */
  delete(member: ByteString): boolean {
    const content = this.#content;
    if (typeof content !== 'string') {
      return content.tag === HASHTABLE ? content.delete(member) : content.deleteInOrder(member);
    }
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
      if (memberCount <= limits.setMaxIntsetEntries && isIntegerMember(first)) return;
      this.#encodingRank = memberCount <= limits.setMaxListpackEntries ? LISTPACK : HASHTABLE;
    } else if (memberCount > (rank === INTSET ? limits.setMaxIntsetEntries : limits.setMaxListpackEntries)) {
      this.#encodingRank = HASHTABLE;
    }
  }

  /** Visits every member once. `visit` must not change the set. O(size). */
  forEach(visit: (member: ByteString) => void): void {
    const members = this.#members();
    for (let position = 0; position < members.length; position++) visit(members[position]!);
  }

  /** Every member once. The set must not change meanwhile. */
  [Symbol.iterator](): IterableIterator<ByteString> {
    return this.#members().values();
  }

  /**
   * Visits some of the members and returns the cursor to go on with: 0 begins, and 0 is returned at the end. A member that
   * is present from the beginning to the end is visited at least once, whatever changes between the steps; the scan ends
   * after at most as many steps as there were members. `visit` must not change the set. O(count) when
   * large and with the encoding hashtable, else everything is visited at once.
   */
  scan(cursor: number, count: number, visit: (member: ByteString) => void): number {
    const content = this.#content;
    if (typeof content === 'string' || content.tag !== HASHTABLE || !content.isIndexed) {
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

  /**
   * `count` different members (no more than there are), each choice of them as likely as any other, in an order that
   * says nothing; `random` answers in [0, 1). O(count).
   */
  sample(count: number, random: () => number): ByteString[] {
    return samplePositions(this.size, count, random).map((position) => this.memberAt(position));
  }

  /**
   * About how many bytes of the host's memory it takes, whatever form it has at the moment. O(size) when first asked; from
   * then on it is kept, and O(1).
   */
  get heapBytes(): number {
    const content = this.#content;
    return OBJECT_BYTES + (typeof content === 'string' ? textBytes(content) : content.heapBytes);
  }

  /** The same members and encoding in a set of its own. O(size), for small sets O(1). */
  clone(): MemberSet {
    const copy = new MemberSet();
    const content = this.#content;
    copy.#content =
      typeof content === 'string' ? content : content.packable ? content.pack() : content.clone();
    return copy;
  }

  /** What makes a {@link clone} of what is here now, once, later. O(size), with far less work. */
  save(): () => MemberSet {
    const content = this.#content;
    if (typeof content === 'string' || content.packable) {
      const copy = this.clone();
      return () => copy;
    }
    const restore = content.save();
    return () => {
      const copy = new MemberSet();
      copy.#content = restore();
      return copy;
    };
  }

  /** Throws if an invariant does not hold. For tests. */
  checkInvariants(): void {
    const content = this.#content;
    if (typeof content === 'string') {
      checkPacked(content, 1);
      if (packedCount(content) > UNINDEXED_MAX_SIZE) throw new Error('set: too many members to be packed');
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

  /** For the ring of warm containers alone. */
  cool(): void {
    const content = this.#content;
    if (typeof content !== 'string' && content.packable) this.#content = content.pack();
  }

  /** All members in the order of a visit, live: not to be kept across a change. */
  #members(): readonly ByteString[] {
    const content = this.#content;
    if (typeof content === 'string') {
      const members = unpack(content);
      return packedTag(content) === INTSET ? members.sort(compareIntegerMembers) : members;
    }
    if (content.tag === INTSET) content.sort(compareIntegerMembers);
    return content.allKeys();
  }

  #warm(packed: Packed): DenseSet {
    const content = DenseSet.unpack(packed);
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

/** How Redis would keep the set. */
export type SetEncoding = 'intset' | 'listpack' | 'hashtable';

/**
 * Up to where Redis keeps a set as an intset or a listpack. Named as its settings are, so that the keyspace's limits can
 * be handed in as they stand.
 */
export interface SetLimits {
  /** The most members of an intset. */
  readonly setMaxIntsetEntries: number;
  /** The most members of a listpack. */
  readonly setMaxListpackEntries: number;
  /** The longest member of a listpack, in bytes. */
  readonly setMaxListpackValueBytes: number;
}

/** Redis's defaults. */
export const DEFAULT_SET_LIMITS: SetLimits = {
  setMaxIntsetEntries: 512,
  setMaxListpackEntries: 128,
  setMaxListpackValueBytes: 64,
};

/** Of a 64-bit integer in decimal. */
const INTEGER_MAX_BYTES = 20;

const ENCODINGS: readonly SetEncoding[] = ['intset', 'listpack', 'hashtable'];
const INTSET = 0;
const LISTPACK = 1;
const HASHTABLE = 2;
const EMPTY: Packed = emptyPacked(INTSET);
const OBJECT_BYTES = objectBytes(2);

/** What the encoding becomes by a new member, which is about to be added. */
function encodingWith(members: DenseSet, added: ByteString, limits: SetLimits): number {
  const rank = members.tag;
  if (rank === HASHTABLE) return HASHTABLE;
  const size = members.size + 1;
  if (rank === INTSET && isIntegerMember(added)) {
    if (size <= limits.setMaxIntsetEntries) return INTSET;
    // Where not even one member makes an intset, a set may still begin as a listpack.
    if (size > 1) return HASHTABLE;
  }
  const fits =
    size <= limits.setMaxListpackEntries &&
    !exceedsBytes(added, limits.setMaxListpackValueBytes) &&
    !(rank === INTSET && hasIntegerLongerThan(members, limits.setMaxListpackValueBytes));
  return fits ? LISTPACK : HASHTABLE;
}

function hasIntegerLongerThan(members: DenseSet, limitBytes: number): boolean {
  if (limitBytes >= INTEGER_MAX_BYTES) return false;
  return members.allKeys().some((member) => member.length > limitBytes);
}
