import { type ByteString, compareBytes, sortsByUnits } from '../../bytes/byte-string.ts';
import { typedArrayBytes } from '../../bytes/heap-bytes.ts';
import { BalancedNodes, check } from './balanced-nodes.ts';
import { NONE, resizeDoubles, resizeInts, WIDTH_BITS } from './node-rows.ts';

/**
 * Members in order of (score, bytes), with ranks: an order-statistic B+ tree over numbered slots.
 *
 * A member lives in a **slot**; slots are numbered from 0 and index three parallel columns. The tree holds slot numbers
 * only (see {@link NodeRows} for its nodes, {@link BalancedNodes} for its shape), here are the members and their order.
 *
 *     slot      0      1      2
 *     members   'bob'  'amy'  'cyd'
 *     scores    7      3      7
 *     leafOf    4      4      4
 *
 * Rank, removal and small moves never look at a member's bytes; only where scores tie are members compared.
 *
 * Invariants:
 *
 * 1. A member's slot only ever falls: who walks slots downward meets every member that stays. Slots that were given up
 *    are free, hold no member, and are chained by `leafOf` (a negative number there) for members to come. When three
 *    quarters are free, members from the highest slots move into the lowest free ones, and no slot is free.
 * 2. Leaves read from left to right are strictly ascending by (score, bytes), the key beside a slot being `scores[slot]`.
 * 3. While `byUnits` holds, every member ever put in satisfied `sortsByUnits`, so the host's `<` was byte order
 *    among all of them. When one arrives that does not, the order built so far is therefore byte order already, and
 *    `compareBytes` takes over without moving anything. The flag never goes back up.
 */
export class ScoreTree extends BalancedNodes {
  /** The member in each slot; of a free slot, the empty string. */
  readonly members: ByteString[];
  /** The score of each slot's member; longer than the number of members. */
  scores: Float64Array;

  #byUnits: boolean;
  #freeSlot = NONE;
  #freeSlots = 0;

  /**
   * @param members distinct, strictly ascending by (score, bytes); the array is taken over.
   * @param scores the scores beside them; only the first `members.length` are read.
   * @param byUnits whether all of `members` satisfy `sortsByUnits`.
   */
  constructor(members: ByteString[], scores: ArrayLike<number>, byUnits: boolean) {
    const size = members.length;
    const capacity = Math.max(LEAST_SLOTS, size);
    super(capacity);
    this.members = members;
    this.#byUnits = byUnits;
    this.scores = new Float64Array(capacity);
    for (let slot = 0; slot < size; slot++) this.scores[slot] = scores[slot]!;
    this.build(
      Int32Array.from({ length: size }, (_, slot) => slot),
      this.scores,
    );
  }

  get size(): number {
    return this.members.length - this.#freeSlots;
  }

  /** The slot in which the next member will be put. */
  get nextSlot(): number {
    return this.#freeSlot === NONE ? this.members.length : this.#freeSlot;
  }

  /** Whether there is a member in a slot. */
  isTaken(slot: number): boolean {
    return this.leafOf[slot]! >= 0;
  }

  get byUnits(): boolean {
    return this.#byUnits;
  }

  /** What its columns take of the host's memory, but for that of the members. O(1). */
  get columnsBytes(): number {
    return this.rowsBytes + typedArrayBytes(1, this.scores.byteLength);
  }

  /** An independent copy. O(n), by copying columns. */
  clone(): ScoreTree {
    const copy = new ScoreTree([], [], this.#byUnits);
    for (const member of this.members) copy.members.push(member);
    copy.scores = this.scores.slice();
    copy.#freeSlot = this.#freeSlot;
    copy.#freeSlots = this.#freeSlots;
    copy.copyRows(this);
    copy.root = this.root;
    return copy;
  }

  /** Puts in a member that is not here yet, in {@link nextSlot}. O(log n). */
  add(member: ByteString, score: number): void {
    if (this.#byUnits && !sortsByUnits(member)) this.#byUnits = false;
    let slot = this.#freeSlot;
    if (slot === NONE) {
      slot = this.members.length;
      if (slot === this.scores.length) this.#resizeSlots(slot + (slot >> 1));
      this.members.push(member);
    } else {
      this.#freeSlot = nextFree(this.leafOf[slot]!);
      this.#freeSlots--;
      this.members[slot] = member;
    }
    this.scores[slot] = score;
    this.#place(slot, score);
  }

  /** Gives a slot's member another score. O(log n); O(1) where it stays among its neighbours in the leaf. */
  move(slot: number, score: number): void {
    const leaf = this.leafOf[slot]!;
    const position = this.positionOf(slot, leaf);
    const target = this.#positionWithin(leaf, position, slot, score);
    this.scores[slot] = score;
    if (target < 0) {
      this.removeEntries(leaf, position, 1);
      this.#place(slot, score);
      return;
    }
    const entries = this.entries;
    const keys = this.keys;
    const base = leaf << WIDTH_BITS;
    let at = base + position;
    const end = base + target;
    for (; at < end; at++) {
      entries[at] = entries[at + 1]!;
      keys[at] = keys[at + 1]!;
    }
    for (; at > end; at--) {
      entries[at] = entries[at - 1]!;
      keys[at] = keys[at - 1]!;
    }
    entries[at] = slot;
    keys[at] = score;
    if (position === 0 || target === 0) this.refreshFirst(leaf);
  }

  /**
   * Takes out a slot's member. O(log n), amortised.
   *
   * @param moved is called with each member that changed its slot, and that slot.
   */
  delete(slot: number, moved: (member: ByteString, slot: number) => void): void {
    const leaf = this.leafOf[slot]!;
    this.removeEntries(leaf, this.positionOf(slot, leaf), 1);
    this.#freeUp(slot);
    this.#shrink(moved);
  }

  /**
   * Takes out `count` members from `rank` on, all of which must be there. O(count + log n), amortised.
   *
   * @param gone is called with each member taken out, `moved` with each that changed its slot, and that slot.
   */
  deleteRange(
    rank: number,
    count: number,
    gone: (member: ByteString) => void,
    moved: (member: ByteString, slot: number) => void,
  ): void {
    for (const slot of this.#cut(rank, count)) {
      gone(this.members[slot]!);
      this.#freeUp(slot);
    }
    this.#shrink(moved);
  }

  /** How many members come before a slot's. O(log n), without comparing anything. */
  rankOf(slot: number): number {
    const entries = this.entries;
    const count = this.count;
    const parents = this.parent;
    let node = this.leafOf[slot]!;
    let rank = this.positionOf(slot, node);
    for (let parent = parents[node]!; parent !== NONE; parent = parents[node]!) {
      for (let at = parent << WIDTH_BITS; entries[at] !== node; at++) rank += count[entries[at]!]!;
      node = parent;
    }
    return rank;
  }

  /** The slot of the member at a rank from 0 to size - 1. O(log n). */
  slotAt(rank: number): number {
    const node = this.#leafAt(rank);
    return this.entries[(node << WIDTH_BITS) + rank - this.#ranksBefore]!;
  }

  /** How many members score less than `score`, or, if inclusive, at most that. O(log n). */
  countBelowScore(score: number, inclusive: boolean): number {
    let node = this.root;
    let rank = 0;
    for (;;) {
      const keys = this.keys;
      const base = node << WIDTH_BITS;
      let low = 0;
      let high = this.length[node]!;
      while (low < high) {
        const middle = (low + high) >>> 1;
        const key = keys[base + middle]!;
        if (key < score || (inclusive && key === score)) low = middle + 1;
        else high = middle;
      }
      if (this.level[node] === 0) return rank + low;
      // The bound may fall inside the last child that starts below it, or right at its end.
      if (low > 0) low--;
      rank += this.countBefore(node, low);
      node = this.entries[base + low]!;
    }
  }

  /**
   * How many members are less than `member` in byte order, or, if inclusive, at most that. O(log n).
   * Meaningful where all scores are equal; otherwise some number from 0 to size.
   */
  countBelowMember(member: ByteString, inclusive: boolean): number {
    const byUnits = this.#byUnits && sortsByUnits(member);
    let node = this.root;
    let rank = 0;
    for (;;) {
      const base = node << WIDTH_BITS;
      let low = 0;
      let high = this.length[node]!;
      while (low < high) {
        const middle = (low + high) >>> 1;
        const other = this.#firstMember(node, base + middle);
        const below = byUnits ? other < member : compareBytes(other, member) < 0;
        if (below || (inclusive && other === member)) low = middle + 1;
        else high = middle;
      }
      if (this.level[node] === 0) return rank + low;
      if (low > 0) low--;
      rank += this.countBefore(node, low);
      node = this.entries[base + low]!;
    }
  }

  /** Visits the ranks `start` to `stop`, both there, upward or downward, until `visit` answers false. */
  forEach(
    start: number,
    stop: number,
    reverse: boolean,
    visit: (member: ByteString, score: number) => unknown,
  ): void {
    const members = this.members;
    let remaining = stop - start + 1;
    const first = reverse ? stop : start;
    let leaf = this.#leafAt(first);
    const entries = this.entries;
    const keys = this.keys;
    let at = (leaf << WIDTH_BITS) + first - this.#ranksBefore;
    if (reverse) {
      for (;;) {
        for (const end = leaf << WIDTH_BITS; at >= end; at--) {
          if (visit(members[entries[at]!]!, keys[at]!) === false || --remaining === 0) return;
        }
        leaf = this.previous[leaf]!;
        at = (leaf << WIDTH_BITS) + this.length[leaf]! - 1;
      }
    }
    for (;;) {
      for (const end = (leaf << WIDTH_BITS) + this.length[leaf]!; at < end; at++) {
        if (visit(members[entries[at]!]!, keys[at]!) === false || --remaining === 0) return;
      }
      leaf = this.next[leaf]!;
      at = leaf << WIDTH_BITS;
    }
  }

  /** Visits those that score at least `from` and less than `below`, upward, until `visit` answers false. */
  forEachScoring(from: number, below: number, visit: (member: ByteString, score: number) => unknown): void {
    const { keys, entries, members } = this;
    let node = this.root;
    let low: number;
    for (;;) {
      const base = node << WIDTH_BITS;
      low = 0;
      let high = this.length[node]!;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (keys[base + middle]! < from) low = middle + 1;
        else high = middle;
      }
      if (this.level[node] === 0) break;
      node = entries[base + (low > 0 ? low - 1 : 0)]!;
    }
    let at = (node << WIDTH_BITS) + low;
    for (;;) {
      for (const end = (node << WIDTH_BITS) + this.length[node]!; at < end; at++) {
        if (keys[at]! >= below || visit(members[entries[at]!]!, keys[at]!) === false) return;
      }
      node = this.next[node]!;
      if (node === NONE) return;
      at = node << WIDTH_BITS;
    }
  }

  // — finding —

  #precedes(a: ByteString, b: ByteString): boolean {
    return this.#byUnits ? a < b : compareBytes(a, b) < 0;
  }

  /** The first member at or beneath the entry at `at` in the row of `node`. */
  #firstMember(node: number, at: number): ByteString {
    const entry = this.entries[at]!;
    if (this.level[node] === 0) return this.members[entry]!;
    return this.members[this.entries[this.firstLeaf[entry]! << WIDTH_BITS]!]!;
  }

  /** The first place from `low` to `high` in the row of `node` that is not below (score, member); `high` if none. */
  #lowerBound(node: number, score: number, member: ByteString, low: number, high: number): number {
    const keys = this.keys;
    const base = node << WIDTH_BITS;
    let from = low;
    let to = high;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const key = keys[base + middle]!;
      if (key < score || (key === score && this.#precedes(this.#firstMember(node, base + middle), member))) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /** Where in its own leaf the entry at `position` belongs with a new score, or -1 if perhaps in another leaf. */
  #positionWithin(leaf: number, position: number, slot: number, score: number): number {
    const keys = this.keys;
    const member = this.members[slot]!;
    const base = leaf << WIDTH_BITS;
    if (score > keys[base + position]!) {
      const length = this.length[leaf]!;
      const target = this.#lowerBound(leaf, score, member, position + 1, length);
      const next = this.next[leaf]!;
      // Ties with the next leaf's first are left to the descent.
      if (target === length && next !== NONE && score >= keys[next << WIDTH_BITS]!) return -1;
      return target - 1;
    }
    const target = this.#lowerBound(leaf, score, member, 0, position);
    const previous = this.previous[leaf]!;
    if (target > 0 || previous === NONE) return target;
    return score > keys[(previous << WIDTH_BITS) + this.length[previous]! - 1]! ? 0 : -1;
  }

  /** How many members come before the leaf that {@link #leafAt} found last. */
  #ranksBefore = 0;

  #leafAt(rank: number): number {
    const entries = this.entries;
    const count = this.count;
    let node = this.root;
    let before = 0;
    while (this.level[node] !== 0) {
      let at = node << WIDTH_BITS;
      let child = entries[at]!;
      for (let beneath = count[child]!; before + beneath <= rank; beneath = count[child]!) {
        before += beneath;
        child = entries[++at]!;
      }
      node = child;
    }
    this.#ranksBefore = before;
    return node;
  }

  /** Puts a slot that is in no leaf where (score, its member) belongs. */
  #place(slot: number, score: number): void {
    const member = this.members[slot]!;
    let node = this.root;
    while (this.level[node] !== 0) {
      const at = this.#lowerBound(node, score, member, 0, this.length[node]!);
      node = this.entries[(node << WIDTH_BITS) + (at > 0 ? at - 1 : 0)]!;
    }
    this.insertEntry(node, this.#lowerBound(node, score, member, 0, this.length[node]!), slot, score);
  }

  /** Takes a range out of the tree, leaf by leaf; returns its slots in order, which stay taken for now. */
  #cut(rank: number, count: number): Int32Array {
    const slots = new Int32Array(count);
    for (let done = 0; done < count; ) {
      const leaf = this.#leafAt(rank);
      const position = rank - this.#ranksBefore;
      const here = Math.min(count - done, this.length[leaf]! - position);
      const base = (leaf << WIDTH_BITS) + position;
      slots.set(this.entries.subarray(base, base + here), done);
      this.removeEntries(leaf, position, here);
      done += here;
    }
    return slots;
  }

  // — slots —

  /** Moves the content of slot `from` to slot `to`; `from` must be in the tree and `to` must not. */
  #renumber(from: number, to: number): ByteString {
    const leaf = this.leafOf[from]!;
    const member = this.members[from]!;
    this.entries[(leaf << WIDTH_BITS) + this.positionOf(from, leaf)] = to;
    this.leafOf[to] = leaf;
    this.members[to] = member;
    this.scores[to] = this.scores[from]!;
    return member;
  }

  #resizeSlots(capacity: number): void {
    this.scores = resizeDoubles(this.scores, capacity);
    this.leafOf = resizeInts(this.leafOf, capacity);
  }

  #freeUp(slot: number): void {
    this.members[slot] = '';
    this.leafOf[slot] = nextFree(this.#freeSlot);
    this.#freeSlot = slot;
    this.#freeSlots++;
  }

  /** Gives memory back once three quarters of it lie idle. Amortised over the removals that made it so. */
  #shrink(moved: (member: ByteString, slot: number) => void): void {
    const { size } = this;
    if (size << 2 < this.scores.length && this.scores.length > LEAST_SLOTS) {
      if (this.#freeSlots > 0) this.#closeUp(moved);
      this.#resizeSlots(Math.max(LEAST_SLOTS, size << 1));
    }
    if (this.isMostlyIdle) this.build(this.slotsInOrder(), this.scores);
  }

  /** Moves members from the highest slots to the free ones below, until none is free. */
  #closeUp(moved: (member: ByteString, slot: number) => void): void {
    const { size } = this;
    const leafOf = this.leafOf;
    let highest = this.members.length;
    for (let slot = 0; slot < size; slot++) {
      if (leafOf[slot]! >= 0) continue;
      do highest--;
      while (leafOf[highest]! < 0);
      moved(this.#renumber(highest, slot), slot);
    }
    this.members.length = size;
    this.#freeSlot = NONE;
    this.#freeSlots = 0;
  }

  /** @throws Error naming the first invariant that does not hold. O(n). */
  checkInvariants(): void {
    const { size, members } = this;
    const slots = members.length;
    check(this.scores.length >= slots && this.leafOf.length >= slots, 'slot columns are too short');
    check(this.count[this.root] === size, `the root counts ${this.count[this.root]} of ${size} members`);
    let freeSlots = 0;
    for (let slot = this.#freeSlot; slot !== NONE; slot = nextFree(this.leafOf[slot]!)) {
      check(this.leafOf[slot]! < 0 && members[slot] === '', `free slot ${slot} is taken`);
      freeSlots++;
      check(freeSlots <= this.#freeSlots, 'free slots go round in a circle');
    }
    check(freeSlots === this.#freeSlots, 'a free slot is lost');
    this.checkNodes(slots, this.scores);
    let before: number | undefined;
    for (const slot of this.slotsInOrder()) {
      if (before !== undefined) {
        const [a, b] = [this.scores[before]!, this.scores[slot]!];
        const ordered = a < b || (a === b && compareBytes(this.members[before]!, this.members[slot]!) < 0);
        check(ordered, `slots ${before} and ${slot} are out of order`);
      }
      before = slot;
    }
    if (this.#byUnits) check(this.members.every(sortsByUnits), 'a member does not sort by units');
  }
}

const LEAST_SLOTS = 96;

/**
 * From a free slot's `leafOf` to the free slot after it, {@link NONE} after the last; and back: it is its own inverse.
 * Both -1 and what lies below are no leaf.
 */
function nextFree(link: number): number {
  return -2 - link;
}
