import type { ByteString } from '../../bytes/byte-string.ts';
import { objectBytes, pushedArrayBytes } from '../../bytes/heap-bytes.ts';
import { textBytes } from '../../bytes/text-bytes.ts';
import { MapRoom } from '../map-room.ts';
import { ScoreTree } from './score-tree.ts';
import type { SetOutcome } from './set-outcome.ts';

/**
 * Many members: an index from member to slot over a {@link ScoreTree}, which keeps the order and the scores.
 *
 *     index 'amy' → slot 1 → members[1], scores[1], and upward from its leaf: the rank
 *
 * Invariants:
 *
 * 1. The index maps exactly the members in the tree, each to the slot that holds it.
 * 2. The index holds the very strings the tree's column holds, so a member costs one string.
 * 3. `#memberBytes` is {@link UNCOUNTED} until {@link heapBytes} is asked for, then what the members take.
 */
export class LargeSortedSet {
  readonly #index: Map<ByteString, number>;
  readonly #tree: ScoreTree;
  /** Of the index, as from when the members were counted. */
  #indexRoom: MapRoom | undefined = undefined;
  #memberBytes = UNCOUNTED;

  readonly #moved = (member: ByteString, slot: number): void => {
    this.#index.set(member, slot);
  };

  private constructor(index: Map<ByteString, number>, tree: ScoreTree) {
    this.#index = index;
    this.#tree = tree;
  }

  /** Of members that are in order already; the array is taken over. Undefined if some member is there twice. O(n). */
  static fromSorted(
    members: ByteString[],
    scores: ArrayLike<number>,
    byUnits: boolean,
  ): LargeSortedSet | undefined {
    const index = new Map<ByteString, number>();
    for (let slot = 0; slot < members.length; slot++) index.set(members[slot]!, slot);
    if (index.size !== members.length) return undefined;
    return new LargeSortedSet(index, new ScoreTree(members, scores, byUnits));
  }

  /** About how many bytes of the host's memory it takes. O(n) when first asked, then O(log n). */
  get heapBytes(): number {
    const tree = this.#tree;
    if (this.#memberBytes === UNCOUNTED) this.#memberBytes = this.#countMembers();
    this.#indexRoom ??= new MapRoom(this.#index.size);
    const containersBytes = this.#indexRoom.heapBytes + pushedArrayBytes(tree.members.length);
    return OBJECT_BYTES + containersBytes + tree.columnsBytes + this.#memberBytes;
  }

  /** Free slots hold the empty string, which takes nothing. */
  #countMembers(): number {
    let bytes = 0;
    for (const member of this.#tree.members) bytes += textBytes(member);
    return bytes;
  }

  #countIn(member: ByteString): void {
    this.#memberBytes += textBytes(member);
    this.#indexRoom?.added(this.#index.size);
  }

  #countOut(member: ByteString): void {
    this.#memberBytes -= textBytes(member);
    this.#indexRoom?.deleted(this.#index.size);
  }

  get size(): number {
    return this.#tree.size;
  }

  get byUnits(): boolean {
    return this.#tree.byUnits;
  }

  score(member: ByteString): number | undefined {
    const slot = this.#index.get(member);
    return slot === undefined ? undefined : this.#tree.scores[slot];
  }

  set(member: ByteString, score: number): SetOutcome {
    const slot = this.#index.get(member);
    if (slot === undefined) {
      // The index first: should the host refuse a Map of this size, nothing has changed.
      this.#index.set(member, this.#tree.nextSlot);
      this.#tree.add(member, score);
      if (this.#memberBytes !== UNCOUNTED) this.#countIn(member);
      return 'added';
    }
    if (this.#tree.scores[slot] === score) return 'same';
    this.#tree.move(slot, score);
    return 'moved';
  }

  delete(member: ByteString): boolean {
    const slot = this.#index.get(member);
    if (slot === undefined) return false;
    this.#index.delete(member);
    this.#tree.delete(slot, this.#moved);
    if (this.#memberBytes !== UNCOUNTED) this.#countOut(member);
    return true;
  }

  rank(member: ByteString): number {
    const slot = this.#index.get(member);
    return slot === undefined ? -1 : this.#tree.rankOf(slot);
  }

  memberAt(rank: number): ByteString {
    return this.#tree.members[this.#tree.slotAt(rank)]!;
  }

  scoreAt(rank: number): number {
    return this.#tree.scores[this.#tree.slotAt(rank)]!;
  }

  countBelowScore(score: number, inclusive: boolean): number {
    return this.#tree.countBelowScore(score, inclusive);
  }

  countBelowMember(member: ByteString, inclusive: boolean): number {
    return this.#tree.countBelowMember(member, inclusive);
  }

  forEach(
    start: number,
    stop: number,
    reverse: boolean,
    visit: (member: ByteString, score: number) => unknown,
  ): void {
    this.#tree.forEach(start, stop, reverse, visit);
  }

  forEachScoring(from: number, below: number, visit: (member: ByteString, score: number) => unknown): void {
    this.#tree.forEachScoring(from, below, visit);
  }

  deleteRange(start: number, stop: number): void {
    const index = this.#index;
    const gone = (member: ByteString): void => {
      index.delete(member);
      if (this.#memberBytes !== UNCOUNTED) this.#countOut(member);
    };
    this.#tree.deleteRange(start, stop - start + 1, gone, this.#moved);
  }

  scan(cursor: number, count: number, visit: (member: ByteString, score: number) => unknown): number {
    const tree = this.#tree;
    const { members, scores } = tree;
    let slot = cursor === 0 || cursor > members.length ? members.length : cursor;
    for (let left = count; slot > 0 && left > 0; ) {
      slot--;
      if (!tree.isTaken(slot)) continue;
      visit(members[slot]!, scores[slot]!);
      left--;
    }
    return slot;
  }

  /** By rank, for slots may be free. */
  memberAtRandom(random: () => number): ByteString {
    return this.memberAt(Math.floor(random() * this.#tree.size));
  }

  clone(): LargeSortedSet {
    return new LargeSortedSet(new Map(this.#index), this.#tree.clone());
  }

  /** What makes a {@link clone} of what is here now, once, later. O(n), but without the index, which is most of the work. */
  save(): () => LargeSortedSet {
    const tree = this.#tree.clone();
    return () => {
      const index = new Map<ByteString, number>();
      tree.members.forEach((member, slot) => {
        if (tree.isTaken(slot)) index.set(member, slot);
      });
      return new LargeSortedSet(index, tree);
    };
  }

  /** @throws Error naming the first invariant that does not hold. O(n). */
  checkInvariants(): void {
    this.#tree.checkInvariants();
    const { members } = this.#tree;
    if (this.#index.size !== this.#tree.size)
      throw new Error('broken sorted set: the index has another size');
    members.forEach((member, slot) => {
      if (this.#tree.isTaken(slot) && this.#index.get(member) !== slot)
        throw new Error(`broken sorted set: slot ${slot} is not in the index`);
    });
    const counted = this.#memberBytes;
    if (counted !== UNCOUNTED && counted !== this.#countMembers())
      throw new Error(`broken sorted set: ${counted} bytes are miscounted`);
  }
}

const UNCOUNTED = -1;
/** With the tree's own, and what is called for members that move. */
const OBJECT_BYTES = objectBytes(6) + objectBytes(22) + 64;
