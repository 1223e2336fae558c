import { type ByteString, compareBytes, sortsByUnits } from '../../bytes/byte-string.ts';

/**
 * Members in order of (score, bytes), with ranks: an order-statistic B+ tree over numbered slots.
 *
 * A member lives in a **slot**; slots are numbered from 0 and index three parallel columns. The tree holds
 * slot numbers only. All nodes, leaves and inner ones alike, are rows of the same width in two shared columns, so
 * that a node is a number, a million members make a dozen arrays, and the garbage collector has nothing to trace
 * but the members themselves.
 *
 *     slot      0      1      2                    row of an inner node    row of a leaf
 *     members   'bob'  'amy'  'cyd'    entries     nodes                   slots
 *     scores    7      3      7        keys        first score beneath     their scores
 *     leafOf    4      4      4
 *
 * From a slot, `leafOf` and `parent` lead upward without a comparison: rank, removal and small moves never look at
 * a member's bytes. From a score, the keys lead downward; only where scores tie are members compared.
 *
 * Invariants:
 *
 * 1. A member's slot only ever falls: who walks slots downward meets every member that stays. Slots that were given up
 *    are free, hold no member, and are chained by `leafOf` (a negative number there) for members to come. When three
 *    quarters are free, members from the highest slots move into the lowest free ones, and no slot is free.
 * 2. Of a slot that is taken, `leafOf[slot]` is the leaf whose row holds `slot`, exactly once, beside a key equal to `scores[slot]`.
 * 3. Leaves read from left to right are strictly ascending by (score, bytes); `next` and `previous` chain them so.
 * 4. In an inner node's row an entry is a child whose `parent` is that node, and its key is the score of the first
 *    member beneath the child, exactly. `firstLeaf` is the leftmost leaf beneath (a leaf's own is itself).
 *    Keys name no slot, so slots can be renumbered without touching inner nodes.
 * 5. `count` is the number of members beneath a node; all leaves are at level 0, each parent one above its children.
 * 6. A node has at most `WIDTH` entries and at least `LEAST`, except that the last leaf may have as few as one (it
 *    is what appending splits off), an inner root two, and a root that is a leaf any number.
 * 7. While `byUnits` holds, every member ever put in satisfied `sortsByUnits`, so the host's `<` was byte order
 *    among all of them. When one arrives that does not, the order built so far is therefore byte order already, and
 *    `compareBytes` takes over without moving anything. The flag never goes back up.
 */
export class ScoreTree {
  /** The member in each slot; of a free slot, the empty string. */
  readonly members: ByteString[];
  /** The score of each slot's member; longer than the number of members. */
  scores: Float64Array;

  #byUnits: boolean;
  #leafOf: Int32Array;
  #freeSlot = NONE;
  #freeSlots = 0;

  #root = 0;
  #nodeCapacity = 0;
  #nodesUsed = 0;
  #freeNode = NONE;
  #entries = new Int32Array(0);
  #keys = new Float64Array(0);
  #length = new Int32Array(0);
  #count = new Int32Array(0);
  #parent = new Int32Array(0);
  #firstLeaf = new Int32Array(0);
  #next = new Int32Array(0);
  #previous = new Int32Array(0);
  #level = new Uint8Array(0);

  /**
   * @param members distinct, strictly ascending by (score, bytes); the array is taken over.
   * @param scores the scores beside them; only the first `members.length` are read.
   * @param byUnits whether all of `members` satisfy `sortsByUnits`.
   */
  constructor(members: ByteString[], scores: ArrayLike<number>, byUnits: boolean) {
    const size = members.length;
    this.members = members;
    this.#byUnits = byUnits;
    const capacity = Math.max(LEAST_SLOTS, size);
    this.scores = new Float64Array(capacity);
    this.#leafOf = new Int32Array(capacity);
    for (let slot = 0; slot < size; slot++) this.scores[slot] = scores[slot]!;
    this.#build(Int32Array.from({ length: size }, (_, slot) => slot));
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
    return this.#leafOf[slot]! >= 0;
  }

  get byUnits(): boolean {
    return this.#byUnits;
  }

  /** An independent copy. O(n), by copying columns. */
  clone(): ScoreTree {
    const copy = new ScoreTree([], [], this.#byUnits);
    for (const member of this.members) copy.members.push(member);
    copy.scores = this.scores.slice();
    copy.#leafOf = this.#leafOf.slice();
    copy.#freeSlot = this.#freeSlot;
    copy.#freeSlots = this.#freeSlots;
    copy.#root = this.#root;
    copy.#nodeCapacity = this.#nodeCapacity;
    copy.#nodesUsed = this.#nodesUsed;
    copy.#freeNode = this.#freeNode;
    copy.#entries = this.#entries.slice();
    copy.#keys = this.#keys.slice();
    copy.#length = this.#length.slice();
    copy.#count = this.#count.slice();
    copy.#parent = this.#parent.slice();
    copy.#firstLeaf = this.#firstLeaf.slice();
    copy.#next = this.#next.slice();
    copy.#previous = this.#previous.slice();
    copy.#level = this.#level.slice();
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
      this.#freeSlot = nextFree(this.#leafOf[slot]!);
      this.#freeSlots--;
      this.members[slot] = member;
    }
    this.scores[slot] = score;
    this.#place(slot, score);
  }

  /** Gives a slot's member another score. O(log n); O(1) where it stays among its neighbours in the leaf. */
  move(slot: number, score: number): void {
    const leaf = this.#leafOf[slot]!;
    const position = this.#positionOf(slot, leaf);
    const target = this.#positionWithin(leaf, position, slot, score);
    this.scores[slot] = score;
    if (target < 0) {
      this.#removeEntries(leaf, position, 1);
      this.#place(slot, score);
      return;
    }
    const entries = this.#entries;
    const keys = this.#keys;
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
    if (position === 0 || target === 0) this.#refreshFirst(leaf);
  }

  /**
   * Takes out a slot's member. O(log n), amortised.
   *
   * @param moved is called with each member that changed its slot, and that slot.
   */
  delete(slot: number, moved: (member: ByteString, slot: number) => void): void {
    const leaf = this.#leafOf[slot]!;
    this.#removeEntries(leaf, this.#positionOf(slot, leaf), 1);
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
    const entries = this.#entries;
    const count = this.#count;
    const parents = this.#parent;
    let node = this.#leafOf[slot]!;
    let rank = this.#positionOf(slot, node);
    for (let parent = parents[node]!; parent !== NONE; parent = parents[node]!) {
      for (let at = parent << WIDTH_BITS; entries[at] !== node; at++) rank += count[entries[at]!]!;
      node = parent;
    }
    return rank;
  }

  /** The slot of the member at a rank from 0 to size - 1. O(log n). */
  slotAt(rank: number): number {
    const node = this.#leafAt(rank);
    return this.#entries[(node << WIDTH_BITS) + rank - this.#ranksBefore]!;
  }

  /** How many members score less than `score`, or, if inclusive, at most that. O(log n). */
  countBelowScore(score: number, inclusive: boolean): number {
    let node = this.#root;
    let rank = 0;
    for (;;) {
      const keys = this.#keys;
      const base = node << WIDTH_BITS;
      let low = 0;
      let high = this.#length[node]!;
      while (low < high) {
        const middle = (low + high) >>> 1;
        const key = keys[base + middle]!;
        if (key < score || (inclusive && key === score)) low = middle + 1;
        else high = middle;
      }
      if (this.#level[node] === 0) return rank + low;
      // The bound may fall inside the last child that starts below it, or right at its end.
      if (low > 0) low--;
      rank += this.#countBefore(node, low);
      node = this.#entries[base + low]!;
    }
  }

  /**
   * How many members are less than `member` in byte order, or, if inclusive, at most that. O(log n).
   * Meaningful where all scores are equal; otherwise some number from 0 to size.
   */
  countBelowMember(member: ByteString, inclusive: boolean): number {
    const byUnits = this.#byUnits && sortsByUnits(member);
    let node = this.#root;
    let rank = 0;
    for (;;) {
      const base = node << WIDTH_BITS;
      let low = 0;
      let high = this.#length[node]!;
      while (low < high) {
        const middle = (low + high) >>> 1;
        const other = this.#firstMember(node, base + middle);
        const below = byUnits ? other < member : compareBytes(other, member) < 0;
        if (below || (inclusive && other === member)) low = middle + 1;
        else high = middle;
      }
      if (this.#level[node] === 0) return rank + low;
      if (low > 0) low--;
      rank += this.#countBefore(node, low);
      node = this.#entries[base + low]!;
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
    const entries = this.#entries;
    const keys = this.#keys;
    let at = (leaf << WIDTH_BITS) + first - this.#ranksBefore;
    if (reverse) {
      for (;;) {
        for (const end = leaf << WIDTH_BITS; at >= end; at--) {
          if (visit(members[entries[at]!]!, keys[at]!) === false || --remaining === 0) return;
        }
        leaf = this.#previous[leaf]!;
        at = (leaf << WIDTH_BITS) + this.#length[leaf]! - 1;
      }
    }
    for (;;) {
      for (const end = (leaf << WIDTH_BITS) + this.#length[leaf]!; at < end; at++) {
        if (visit(members[entries[at]!]!, keys[at]!) === false || --remaining === 0) return;
      }
      leaf = this.#next[leaf]!;
      at = leaf << WIDTH_BITS;
    }
  }

  // — finding —

  #precedes(a: ByteString, b: ByteString): boolean {
    return this.#byUnits ? a < b : compareBytes(a, b) < 0;
  }

  /** The first member at or beneath the entry at `at` in the row of `node`. */
  #firstMember(node: number, at: number): ByteString {
    const entry = this.#entries[at]!;
    if (this.#level[node] === 0) return this.members[entry]!;
    return this.members[this.#entries[this.#firstLeaf[entry]! << WIDTH_BITS]!]!;
  }

  /** The first place from `low` to `high` in the row of `node` that is not below (score, member); `high` if none. */
  #lowerBound(node: number, score: number, member: ByteString, low: number, high: number): number {
    const keys = this.#keys;
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

  #positionOf(slot: number, leaf: number): number {
    const entries = this.#entries;
    const base = leaf << WIDTH_BITS;
    let at = base;
    while (entries[at] !== slot) at++;
    return at - base;
  }

  /** Where in its own leaf the entry at `position` belongs with a new score, or -1 if perhaps in another leaf. */
  #positionWithin(leaf: number, position: number, slot: number, score: number): number {
    const keys = this.#keys;
    const member = this.members[slot]!;
    const base = leaf << WIDTH_BITS;
    if (score > keys[base + position]!) {
      const length = this.#length[leaf]!;
      const target = this.#lowerBound(leaf, score, member, position + 1, length);
      const next = this.#next[leaf]!;
      // Ties with the next leaf's first are left to the descent.
      if (target === length && next !== NONE && score >= keys[next << WIDTH_BITS]!) return -1;
      return target - 1;
    }
    const target = this.#lowerBound(leaf, score, member, 0, position);
    const previous = this.#previous[leaf]!;
    if (target > 0 || previous === NONE) return target;
    return score > keys[(previous << WIDTH_BITS) + this.#length[previous]! - 1]! ? 0 : -1;
  }

  #countBefore(node: number, index: number): number {
    const entries = this.#entries;
    const count = this.#count;
    const base = node << WIDTH_BITS;
    let sum = 0;
    for (let at = base; at < base + index; at++) sum += count[entries[at]!]!;
    return sum;
  }

  /** How many members come before the leaf that {@link #leafAt} found last. */
  #ranksBefore = 0;

  #leafAt(rank: number): number {
    const entries = this.#entries;
    const count = this.#count;
    let node = this.#root;
    let before = 0;
    while (this.#level[node] !== 0) {
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

  #indexInParent(node: number): number {
    const entries = this.#entries;
    const base = this.#parent[node]! << WIDTH_BITS;
    let at = base;
    while (entries[at] !== node) at++;
    return at - base;
  }

  // — putting in —

  /** Puts a slot that is in no leaf where (score, its member) belongs. */
  #place(slot: number, score: number): void {
    const member = this.members[slot]!;
    let node = this.#root;
    while (this.#level[node] !== 0) {
      const at = this.#lowerBound(node, score, member, 0, this.#length[node]!);
      node = this.#entries[(node << WIDTH_BITS) + (at > 0 ? at - 1 : 0)]!;
    }
    let position = this.#lowerBound(node, score, member, 0, this.#length[node]!);
    if (this.#length[node] === WIDTH) {
      // Appending leaves full leaves behind, so that members which arrive in order are packed tight.
      const appending = position === WIDTH && this.#next[node] === NONE;
      const right = this.#split(node, appending ? WIDTH : HALF);
      const kept = this.#length[node]!;
      if (position > kept || appending) {
        position -= kept;
        node = right;
      }
    }
    this.#shiftUp(node, position, 1);
    const at = (node << WIDTH_BITS) + position;
    this.#entries[at] = slot;
    this.#keys[at] = score;
    this.#length[node]!++;
    this.#leafOf[slot] = node;
    this.#addToCounts(node, 1);
    if (position === 0) this.#refreshFirst(node);
  }

  /** Moves a node's entries from `index` on to a new right neighbour, which it returns. */
  #split(node: number, index: number): number {
    const level = this.#level[node]!;
    if (this.#parent[node] === NONE) {
      const root = this.#allocate(level + 1);
      this.#entries[root << WIDTH_BITS] = node;
      this.#keys[root << WIDTH_BITS] = this.#keys[node << WIDTH_BITS]!;
      this.#length[root] = 1;
      this.#count[root] = this.#count[node]!;
      this.#firstLeaf[root] = this.#firstLeaf[node]!;
      this.#parent[node] = root;
      this.#root = root;
    }
    const right = this.#allocate(level);
    this.#transfer(node, index, right, 0, this.#length[node]! - index);
    if (level === 0) {
      const next = this.#next[node]!;
      this.#next[right] = next;
      this.#previous[right] = node;
      this.#next[node] = right;
      if (next !== NONE) this.#previous[next] = right;
    } else {
      this.#firstLeaf[right] = this.#firstLeaf[this.#entries[right << WIDTH_BITS]!]!;
    }
    this.#insertChild(this.#parent[node]!, this.#indexInParent(node) + 1, right);
    return right;
  }

  /** Links a child whose members `parent` counts already. */
  #insertChild(parent: number, index: number, child: number): void {
    let node = parent;
    let position = index;
    if (this.#length[node] === WIDTH) {
      const right = this.#split(node, HALF);
      if (position > HALF) {
        position -= HALF;
        this.#count[node]! -= this.#count[child]!;
        this.#count[right]! += this.#count[child]!;
        node = right;
      }
    }
    this.#shiftUp(node, position, 1);
    const at = (node << WIDTH_BITS) + position;
    this.#entries[at] = child;
    this.#keys[at] = this.#keys[child << WIDTH_BITS]!;
    this.#length[node]!++;
    this.#parent[child] = node;
  }

  // — taking out —

  /** Takes `number` entries from `position` on out of a leaf and restores the shape. */
  #removeEntries(leaf: number, position: number, number: number): void {
    this.#shiftDown(leaf, position, number);
    const length = this.#length[leaf]! - number;
    this.#length[leaf] = length;
    this.#addToCounts(leaf, -number);
    if (position === 0 && length > 0) this.#refreshFirst(leaf);
    if (length < LEAST) this.#refill(leaf);
  }

  /** Takes a range out of the tree, leaf by leaf; returns its slots in order, which stay taken for now. */
  #cut(rank: number, count: number): Int32Array {
    const slots = new Int32Array(count);
    for (let done = 0; done < count; ) {
      const leaf = this.#leafAt(rank);
      const position = rank - this.#ranksBefore;
      const here = Math.min(count - done, this.#length[leaf]! - position);
      const base = (leaf << WIDTH_BITS) + position;
      slots.set(this.#entries.subarray(base, base + here), done);
      this.#removeEntries(leaf, position, here);
      done += here;
    }
    return slots;
  }

  /** Joins nodes that have become too short with a neighbour, or evens the two out, from `start` upward. */
  #refill(start: number): void {
    for (let node = start; this.#length[node]! < LEAST; ) {
      const parent = this.#parent[node]!;
      if (parent === NONE) {
        if (this.#level[node] !== 0 && this.#length[node] === 1) {
          this.#root = this.#entries[node << WIDTH_BITS]!;
          this.#parent[this.#root] = NONE;
          this.#release(node);
        }
        return;
      }
      const index = this.#indexInParent(node);
      const isLast = index + 1 === this.#length[parent];
      const leftIndex = isLast ? index - 1 : index;
      const left = this.#entries[(parent << WIDTH_BITS) + leftIndex]!;
      const right = this.#entries[(parent << WIDTH_BITS) + leftIndex + 1]!;
      const leftLength = this.#length[left]!;
      const rightLength = this.#length[right]!;
      if (leftLength + rightLength > MOST_JOINED && leftLength > 0 && rightLength > 0) {
        this.#evenOut(left, right);
        return;
      }
      this.#join(parent, leftIndex, left, right);
      node = parent;
    }
  }

  /** Moves everything in `right` to the end of `left`, its neighbour at `leftIndex`, and drops `right`. */
  #join(parent: number, leftIndex: number, left: number, right: number): void {
    const leftLength = this.#length[left]!;
    this.#transfer(right, 0, left, leftLength, this.#length[right]!);
    this.#shiftDown(parent, leftIndex + 1, 1);
    this.#length[parent]!--;
    if (this.#level[left] === 0) {
      const next = this.#next[right]!;
      this.#next[left] = next;
      if (next !== NONE) this.#previous[next] = left;
    }
    this.#release(right);
    if (leftLength === 0 && this.#length[left]! > 0) this.#refreshFirst(left);
  }

  #evenOut(left: number, right: number): void {
    const leftLength = this.#length[left]!;
    const rightLength = this.#length[right]!;
    if (leftLength > rightLength) {
      const number = (leftLength - rightLength) >> 1;
      this.#shiftUp(right, 0, number);
      this.#transfer(left, leftLength - number, right, 0, number);
    } else {
      const number = (rightLength - leftLength) >> 1;
      this.#transfer(right, 0, left, leftLength, number);
      const base = right << WIDTH_BITS;
      this.#entries.copyWithin(base, base + number, base + rightLength);
      this.#keys.copyWithin(base, base + number, base + rightLength);
    }
    this.#refreshFirst(right);
  }

  /** Moves the content of slot `from` to slot `to`; `from` must be in the tree and `to` must not. */
  #renumber(from: number, to: number): ByteString {
    const leaf = this.#leafOf[from]!;
    const member = this.members[from]!;
    this.#entries[(leaf << WIDTH_BITS) + this.#positionOf(from, leaf)] = to;
    this.#leafOf[to] = leaf;
    this.members[to] = member;
    this.scores[to] = this.scores[from]!;
    return member;
  }

  // — rows —

  /** Makes room for `number` entries at `position`; the length is the caller's to change. */
  #shiftUp(node: number, position: number, number: number): void {
    const entries = this.#entries;
    const keys = this.#keys;
    const base = node << WIDTH_BITS;
    const from = base + position;
    for (let at = base + this.#length[node]! - 1; at >= from; at--) {
      entries[at + number] = entries[at]!;
      keys[at + number] = keys[at]!;
    }
  }

  /** Closes the gap of `number` entries at `position`; the length is the caller's to change. */
  #shiftDown(node: number, position: number, number: number): void {
    const entries = this.#entries;
    const keys = this.#keys;
    const base = node << WIDTH_BITS;
    const end = base + this.#length[node]!;
    for (let at = base + position + number; at < end; at++) {
      entries[at - number] = entries[at]!;
      keys[at - number] = keys[at]!;
    }
  }

  /** Moves entries between the rows of two nodes of one level, with lengths and counts. The source keeps its gap. */
  #transfer(from: number, fromIndex: number, to: number, toIndex: number, number: number): void {
    const entries = this.#entries;
    const source = (from << WIDTH_BITS) + fromIndex;
    const target = (to << WIDTH_BITS) + toIndex;
    entries.copyWithin(target, source, source + number);
    this.#keys.copyWithin(target, source, source + number);
    let members = number;
    if (this.#level[from] === 0) {
      const leafOf = this.#leafOf;
      for (let at = target; at < target + number; at++) leafOf[entries[at]!] = to;
    } else {
      members = 0;
      for (let at = target; at < target + number; at++) {
        this.#parent[entries[at]!] = to;
        members += this.#count[entries[at]!]!;
      }
    }
    this.#length[from]! -= number;
    this.#length[to]! += number;
    this.#count[from]! -= members;
    this.#count[to]! += members;
  }

  #addToCounts(leaf: number, change: number): void {
    const count = this.#count;
    const parents = this.#parent;
    for (let node = leaf; node !== NONE; node = parents[node]!) count[node]! += change;
  }

  /** Tells the ancestors of a node that its first entry has changed. */
  #refreshFirst(start: number): void {
    let node = start;
    const score = this.#keys[node << WIDTH_BITS]!;
    if (this.#level[node] !== 0) {
      this.#firstLeaf[node] = this.#firstLeaf[this.#entries[node << WIDTH_BITS]!]!;
    }
    const firstLeaf = this.#firstLeaf[node]!;
    for (let parent = this.#parent[node]!; parent !== NONE; parent = this.#parent[node]!) {
      const index = this.#indexInParent(node);
      this.#keys[(parent << WIDTH_BITS) + index] = score;
      if (index !== 0) return;
      this.#firstLeaf[parent] = firstLeaf;
      node = parent;
    }
  }

  // — memory —

  #allocate(level: number): number {
    let node = this.#freeNode;
    if (node !== NONE) {
      this.#freeNode = this.#next[node]!;
    } else {
      node = this.#nodesUsed;
      if (node === this.#nodeCapacity) this.#resizeNodes(node + (node >> 1) + 1);
    }
    this.#nodesUsed++;
    this.#level[node] = level;
    this.#length[node] = 0;
    this.#count[node] = 0;
    this.#parent[node] = NONE;
    this.#firstLeaf[node] = node;
    this.#next[node] = NONE;
    this.#previous[node] = NONE;
    return node;
  }

  #release(node: number): void {
    this.#next[node] = this.#freeNode;
    this.#freeNode = node;
    this.#nodesUsed--;
  }

  #resizeNodes(capacity: number): void {
    this.#nodeCapacity = capacity;
    this.#entries = resizeInts(this.#entries, capacity << WIDTH_BITS);
    this.#keys = resizeDoubles(this.#keys, capacity << WIDTH_BITS);
    this.#length = resizeInts(this.#length, capacity);
    this.#count = resizeInts(this.#count, capacity);
    this.#parent = resizeInts(this.#parent, capacity);
    this.#firstLeaf = resizeInts(this.#firstLeaf, capacity);
    this.#next = resizeInts(this.#next, capacity);
    this.#previous = resizeInts(this.#previous, capacity);
    const level = new Uint8Array(capacity);
    level.set(this.#level.length > capacity ? this.#level.subarray(0, capacity) : this.#level);
    this.#level = level;
  }

  #resizeSlots(capacity: number): void {
    this.scores = resizeDoubles(this.scores, capacity);
    this.#leafOf = resizeInts(this.#leafOf, capacity);
  }

  #freeUp(slot: number): void {
    this.members[slot] = '';
    this.#leafOf[slot] = nextFree(this.#freeSlot);
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
    if (this.#nodesUsed << 2 < this.#nodeCapacity && this.#nodeCapacity > LEAST_NODES_KEPT) {
      this.#build(this.#slotsInOrder());
    }
  }

  /** Moves members from the highest slots to the free ones below, until none is free. */
  #closeUp(moved: (member: ByteString, slot: number) => void): void {
    const { size } = this;
    const leafOf = this.#leafOf;
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

  #slotsInOrder(): Int32Array {
    const slots = new Int32Array(this.#count[this.#root]!);
    let done = 0;
    for (let leaf = this.#firstLeaf[this.#root]!; leaf !== NONE; leaf = this.#next[leaf]!) {
      const base = leaf << WIDTH_BITS;
      slots.set(this.#entries.subarray(base, base + this.#length[leaf]!), done);
      done += this.#length[leaf]!;
    }
    return slots;
  }

  /** Builds all nodes anew over slots in order, filled evenly with a little room in each. O(n). */
  #build(slots: Int32Array): void {
    const leaves = Math.max(1, Math.ceil(slots.length / BUILT_LENGTH));
    let needed = leaves;
    for (let width = leaves; width > 1; needed += width) width = Math.ceil(width / BUILT_LENGTH);
    this.#nodesUsed = 0;
    this.#freeNode = NONE;
    this.#resizeNodes(needed);
    for (let leaf = 0; leaf < leaves; leaf++) {
      const from = Math.floor((slots.length * leaf) / leaves);
      const to = Math.floor((slots.length * (leaf + 1)) / leaves);
      this.#allocate(0);
      const base = leaf << WIDTH_BITS;
      for (let index = from; index < to; index++) {
        const slot = slots[index]!;
        this.#entries[base + index - from] = slot;
        this.#keys[base + index - from] = this.scores[slot]!;
        this.#leafOf[slot] = leaf;
      }
      this.#length[leaf] = to - from;
      this.#count[leaf] = to - from;
      this.#previous[leaf] = leaf - 1;
      this.#next[leaf] = leaf + 1 < leaves ? leaf + 1 : NONE;
    }
    let firstNode = 0;
    let width = leaves;
    for (let level = 1; width > 1; level++) {
      const parents = Math.ceil(width / BUILT_LENGTH);
      for (let index = 0; index < parents; index++) {
        const from = firstNode + Math.floor((width * index) / parents);
        const to = firstNode + Math.floor((width * (index + 1)) / parents);
        const parent = this.#allocate(level);
        for (let child = from; child < to; child++) {
          this.#count[parent]! += this.#count[child]!;
          this.#insertChild(parent, child - from, child);
        }
        this.#firstLeaf[parent] = this.#firstLeaf[from]!;
      }
      firstNode += width;
      width = parents;
    }
    this.#root = firstNode;
  }

  /** @throws Error naming the first invariant that does not hold. O(n). */
  checkInvariants(): void {
    const { size, members } = this;
    const slots = members.length;
    check(this.scores.length >= slots && this.#leafOf.length >= slots, 'slot columns are too short');
    check(this.#count[this.#root] === size, `the root counts ${this.#count[this.#root]} of ${size} members`);
    check(this.#parent[this.#root] === NONE, 'the root has a parent');
    const seen = new Uint8Array(slots);
    let freeSlots = 0;
    for (let slot = this.#freeSlot; slot !== NONE; slot = nextFree(this.#leafOf[slot]!)) {
      check(this.#leafOf[slot]! < 0 && members[slot] === '', `free slot ${slot} is taken`);
      freeSlots++;
      check(freeSlots <= this.#freeSlots, 'free slots go round in a circle');
    }
    check(freeSlots === this.#freeSlots, 'a free slot is lost');
    const leaves: number[] = [];
    const nodes = this.#checkNode(this.#root, seen, leaves);
    check(nodes === this.#nodesUsed, `${nodes} nodes are reachable, ${this.#nodesUsed} are in use`);
    let free = 0;
    for (let node = this.#freeNode; node !== NONE; node = this.#next[node]!) free++;
    check(nodes + free <= this.#nodeCapacity, 'more nodes than room for them');
    leaves.forEach((leaf, index) => {
      check(this.#previous[leaf] === (leaves[index - 1] ?? NONE), `leaf ${leaf} has a wrong previous`);
      check(this.#next[leaf] === (leaves[index + 1] ?? NONE), `leaf ${leaf} has a wrong next`);
    });
    let before: number | undefined;
    for (const slot of this.#slotsInOrder()) {
      if (before !== undefined) {
        const [a, b] = [this.scores[before]!, this.scores[slot]!];
        const ordered = a < b || (a === b && compareBytes(this.members[before]!, this.members[slot]!) < 0);
        check(ordered, `slots ${before} and ${slot} are out of order`);
      }
      before = slot;
    }
    if (this.#byUnits) check(this.members.every(sortsByUnits), 'a member does not sort by units');
  }

  #checkNode(node: number, seen: Uint8Array, leaves: number[]): number {
    const base = node << WIDTH_BITS;
    const length = this.#length[node]!;
    const level = this.#level[node]!;
    const least =
      node === this.#root ? (level === 0 ? 0 : 2) : level === 0 && this.#next[node] === NONE ? 1 : LEAST;
    check(length >= least && length <= WIDTH, `node ${node} has ${length} entries`);
    if (level === 0) {
      leaves.push(node);
      check(this.#count[node] === length, `leaf ${node} counts wrongly`);
      check(this.#firstLeaf[node] === node, `leaf ${node} is not its own first leaf`);
      for (let at = base; at < base + length; at++) {
        const slot = this.#entries[at]!;
        check(seen[slot] === 0, `slot ${slot} is there twice or not at all`);
        seen[slot] = 1;
        check(this.#leafOf[slot] === node, `slot ${slot} does not know its leaf`);
        check(Object.is(this.#keys[at], this.scores[slot]), `slot ${slot} has two scores`);
      }
      return 1;
    }
    let nodes = 1;
    let count = 0;
    for (let at = base; at < base + length; at++) {
      const child = this.#entries[at]!;
      check(this.#parent[child] === node, `node ${child} does not know its parent`);
      check(this.#level[child] === level - 1, `node ${child} is at a wrong level`);
      check(
        this.#keys[at] === this.#keys[child << WIDTH_BITS],
        `node ${child} does not start where its key says`,
      );
      nodes += this.#checkNode(child, seen, leaves);
      count += this.#count[child]!;
    }
    check(this.#count[node] === count, `node ${node} counts wrongly`);
    check(
      this.#firstLeaf[node] === this.#firstLeaf[this.#entries[base]!],
      `node ${node} has a wrong first leaf`,
    );
    return nodes;
  }
}

/** Entries in a node, a power of two: {@link WIDTH_BITS} says which. */
const WIDTH_BITS = 6;
const WIDTH = 1 << WIDTH_BITS;
const HALF = WIDTH >> 1;
const LEAST = WIDTH >> 2;
/** Two neighbours are joined if together they have at most this many, so that a joined node is not split at once. */
const MOST_JOINED = (WIDTH * 3) >> 2;
/** How far nodes are filled when built in bulk: a full one would split at the first member that lands in it. */
const BUILT_LENGTH = (WIDTH * 7) >> 3;
const LEAST_SLOTS = 96;
const LEAST_NODES_KEPT = 4;
const NONE = -1;

/**
 * From a free slot's `leafOf` to the free slot after it, {@link NONE} after the last; and back: it is its own inverse.
 * Both -1 and what lies below are no leaf.
 */
function nextFree(link: number): number {
  return -2 - link;
}

function resizeInts(column: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const resized = new Int32Array(length);
  resized.set(column.length > length ? column.subarray(0, length) : column);
  return resized;
}

function resizeDoubles(column: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const resized = new Float64Array(length);
  resized.set(column.length > length ? column.subarray(0, length) : column);
  return resized;
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`broken sorted set: ${otherwise}`);
}
