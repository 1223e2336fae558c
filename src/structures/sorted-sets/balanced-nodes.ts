import { NONE, NodeRows, WIDTH, WIDTH_BITS } from './node-rows.ts';

/**
 * The shape of a B+ tree over numbered slots: every entry that comes or goes leaves nodes that are neither too full nor
 * too empty, all leaves equally deep. Where an entry belongs is for others to know: nothing is compared here.
 *
 *     full, one more      [·······|·······]   →   [·······] [·······]            split
 *     too few             [··] [······]       →   [········]                    join
 *     too few             [··] [·············]   →   [·······] [········]        even out
 *
 * Invariants, besides those of {@link NodeRows}:
 *
 * 1. A node has at most `WIDTH` entries and at least `LEAST`, except that the last leaf may have as few as one (it
 *    is what appending splits off), an inner root two, and a root that is a leaf any number.
 */
export abstract class BalancedNodes extends NodeRows {
  protected root = 0;

  // — putting in —

  /** Puts a slot that is in no leaf into this one at this position. O(log n), amortised. */
  protected insertEntry(leaf: number, index: number, slot: number, score: number): void {
    let node = leaf;
    let position = index;
    if (this.length[node] === WIDTH) {
      // Appending leaves full leaves behind, so that members which arrive in order are packed tight.
      const appending = position === WIDTH && this.next[node] === NONE;
      const right = this.split(node, appending ? WIDTH : HALF);
      const kept = this.length[node]!;
      if (position > kept || appending) {
        position -= kept;
        node = right;
      }
    }
    this.shiftUp(node, position, 1);
    const at = (node << WIDTH_BITS) + position;
    this.entries[at] = slot;
    this.keys[at] = score;
    this.length[node]!++;
    this.leafOf[slot] = node;
    this.addToCounts(node, 1);
    if (position === 0) this.refreshFirst(node);
  }

  /** Moves a node's entries from `index` on to a new right neighbour, which it returns. */
  protected split(node: number, index: number): number {
    const level = this.level[node]!;
    if (this.parent[node] === NONE) {
      const root = this.allocate(level + 1);
      this.entries[root << WIDTH_BITS] = node;
      this.keys[root << WIDTH_BITS] = this.keys[node << WIDTH_BITS]!;
      this.length[root] = 1;
      this.count[root] = this.count[node]!;
      this.firstLeaf[root] = this.firstLeaf[node]!;
      this.parent[node] = root;
      this.root = root;
    }
    const right = this.allocate(level);
    this.transfer(node, index, right, 0, this.length[node]! - index);
    if (level === 0) {
      const next = this.next[node]!;
      this.next[right] = next;
      this.previous[right] = node;
      this.next[node] = right;
      if (next !== NONE) this.previous[next] = right;
    } else {
      this.firstLeaf[right] = this.firstLeaf[this.entries[right << WIDTH_BITS]!]!;
    }
    this.insertChild(this.parent[node]!, this.indexInParent(node) + 1, right);
    return right;
  }

  /** Links a child whose members `parent` counts already. */
  protected insertChild(parent: number, index: number, child: number): void {
    let node = parent;
    let position = index;
    if (this.length[node] === WIDTH) {
      const right = this.split(node, HALF);
      if (position > HALF) {
        position -= HALF;
        this.count[node]! -= this.count[child]!;
        this.count[right]! += this.count[child]!;
        node = right;
      }
    }
    this.shiftUp(node, position, 1);
    const at = (node << WIDTH_BITS) + position;
    this.entries[at] = child;
    this.keys[at] = this.keys[child << WIDTH_BITS]!;
    this.length[node]!++;
    this.parent[child] = node;
  }

  // — taking out —

  /** Takes `number` entries from `position` on out of a leaf and restores the shape. */
  protected removeEntries(leaf: number, position: number, number: number): void {
    this.shiftDown(leaf, position, number);
    const length = this.length[leaf]! - number;
    this.length[leaf] = length;
    this.addToCounts(leaf, -number);
    if (position === 0 && length > 0) this.refreshFirst(leaf);
    if (length < LEAST) this.refill(leaf);
  }

  /** Joins nodes that have become too short with a neighbour, or evens the two out, from `start` upward. */
  protected refill(start: number): void {
    for (let node = start; this.length[node]! < LEAST; ) {
      const parent = this.parent[node]!;
      if (parent === NONE) {
        if (this.level[node] !== 0 && this.length[node] === 1) {
          this.root = this.entries[node << WIDTH_BITS]!;
          this.parent[this.root] = NONE;
          this.release(node);
        }
        return;
      }
      const index = this.indexInParent(node);
      const isLast = index + 1 === this.length[parent];
      const leftIndex = isLast ? index - 1 : index;
      const left = this.entries[(parent << WIDTH_BITS) + leftIndex]!;
      const right = this.entries[(parent << WIDTH_BITS) + leftIndex + 1]!;
      const leftLength = this.length[left]!;
      const rightLength = this.length[right]!;
      if (leftLength + rightLength > MOST_JOINED && leftLength > 0 && rightLength > 0) {
        this.evenOut(left, right);
        return;
      }
      this.join(parent, leftIndex, left, right);
      node = parent;
    }
  }

  /** Moves everything in `right` to the end of `left`, its neighbour at `leftIndex`, and drops `right`. */
  protected join(parent: number, leftIndex: number, left: number, right: number): void {
    const leftLength = this.length[left]!;
    this.transfer(right, 0, left, leftLength, this.length[right]!);
    this.shiftDown(parent, leftIndex + 1, 1);
    this.length[parent]!--;
    if (this.level[left] === 0) {
      const next = this.next[right]!;
      this.next[left] = next;
      if (next !== NONE) this.previous[next] = left;
    }
    this.release(right);
    if (leftLength === 0 && this.length[left]! > 0) this.refreshFirst(left);
  }

  protected evenOut(left: number, right: number): void {
    const leftLength = this.length[left]!;
    const rightLength = this.length[right]!;
    if (leftLength > rightLength) {
      const number = (leftLength - rightLength) >> 1;
      this.shiftUp(right, 0, number);
      this.transfer(left, leftLength - number, right, 0, number);
    } else {
      const number = (rightLength - leftLength) >> 1;
      this.transfer(right, 0, left, leftLength, number);
      const base = right << WIDTH_BITS;
      this.entries.copyWithin(base, base + number, base + rightLength);
      this.keys.copyWithin(base, base + number, base + rightLength);
    }
    this.refreshFirst(right);
  }

  // — all at once —

  /** Whether more than three quarters of the memory held for nodes lie idle. */
  protected get isMostlyIdle(): boolean {
    return this.nodesUsed << 2 < this.nodeCapacity && this.nodeCapacity > LEAST_NODES_KEPT;
  }

  protected slotsInOrder(): Int32Array {
    const slots = new Int32Array(this.count[this.root]!);
    let done = 0;
    for (let leaf = this.firstLeaf[this.root]!; leaf !== NONE; leaf = this.next[leaf]!) {
      const base = leaf << WIDTH_BITS;
      slots.set(this.entries.subarray(base, base + this.length[leaf]!), done);
      done += this.length[leaf]!;
    }
    return slots;
  }

  /** Builds all nodes anew over slots in order, filled evenly with a little room in each. O(n). */
  protected build(slots: Int32Array, scores: Float64Array): void {
    const leaves = Math.max(1, Math.ceil(slots.length / BUILT_LENGTH));
    let needed = leaves;
    for (let width = leaves; width > 1; needed += width) width = Math.ceil(width / BUILT_LENGTH);
    this.nodesUsed = 0;
    this.freeNode = NONE;
    this.resizeNodes(needed);
    for (let leaf = 0; leaf < leaves; leaf++) {
      const from = Math.floor((slots.length * leaf) / leaves);
      const to = Math.floor((slots.length * (leaf + 1)) / leaves);
      this.allocate(0);
      const base = leaf << WIDTH_BITS;
      for (let index = from; index < to; index++) {
        const slot = slots[index]!;
        this.entries[base + index - from] = slot;
        this.keys[base + index - from] = scores[slot]!;
        this.leafOf[slot] = leaf;
      }
      this.length[leaf] = to - from;
      this.count[leaf] = to - from;
      this.previous[leaf] = leaf - 1;
      this.next[leaf] = leaf + 1 < leaves ? leaf + 1 : NONE;
    }
    let firstNode = 0;
    let width = leaves;
    for (let level = 1; width > 1; level++) {
      const parents = Math.ceil(width / BUILT_LENGTH);
      for (let index = 0; index < parents; index++) {
        const from = firstNode + Math.floor((width * index) / parents);
        const to = firstNode + Math.floor((width * (index + 1)) / parents);
        const parent = this.allocate(level);
        for (let child = from; child < to; child++) {
          this.count[parent]! += this.count[child]!;
          this.insertChild(parent, child - from, child);
        }
        this.firstLeaf[parent] = this.firstLeaf[from]!;
      }
      firstNode += width;
      width = parents;
    }
    this.root = firstNode;
  }

  /** @throws Error naming the first invariant that does not hold. O(n). */
  protected checkNodes(slots: number, scores: Float64Array): void {
    check(this.parent[this.root] === NONE, 'the root has a parent');
    const leaves: number[] = [];
    const nodes = this.#checkNode(this.root, scores, new Uint8Array(slots), leaves);
    check(nodes === this.nodesUsed, `${nodes} nodes are reachable, ${this.nodesUsed} are in use`);
    let free = 0;
    for (let node = this.freeNode; node !== NONE; node = this.next[node]!) free++;
    check(nodes + free <= this.nodeCapacity, 'more nodes than room for them');
    leaves.forEach((leaf, index) => {
      check(this.previous[leaf] === (leaves[index - 1] ?? NONE), `leaf ${leaf} has a wrong previous`);
      check(this.next[leaf] === (leaves[index + 1] ?? NONE), `leaf ${leaf} has a wrong next`);
    });
  }

  #checkNode(node: number, scores: Float64Array, seen: Uint8Array, leaves: number[]): number {
    const base = node << WIDTH_BITS;
    const length = this.length[node]!;
    const level = this.level[node]!;
    const least =
      node === this.root ? (level === 0 ? 0 : 2) : level === 0 && this.next[node] === NONE ? 1 : LEAST;
    check(length >= least && length <= WIDTH, `node ${node} has ${length} entries`);
    if (level === 0) {
      leaves.push(node);
      check(this.count[node] === length, `leaf ${node} counts wrongly`);
      check(this.firstLeaf[node] === node, `leaf ${node} is not its own first leaf`);
      for (let at = base; at < base + length; at++) {
        const slot = this.entries[at]!;
        check(seen[slot] === 0, `slot ${slot} is there twice or not at all`);
        seen[slot] = 1;
        check(this.leafOf[slot] === node, `slot ${slot} does not know its leaf`);
        check(Object.is(this.keys[at], scores[slot]), `slot ${slot} has two scores`);
      }
      return 1;
    }
    let nodes = 1;
    let count = 0;
    for (let at = base; at < base + length; at++) {
      const child = this.entries[at]!;
      check(this.parent[child] === node, `node ${child} does not know its parent`);
      check(this.level[child] === level - 1, `node ${child} is at a wrong level`);
      check(
        this.keys[at] === this.keys[child << WIDTH_BITS],
        `node ${child} does not start where its key says`,
      );
      nodes += this.#checkNode(child, scores, seen, leaves);
      count += this.count[child]!;
    }
    check(this.count[node] === count, `node ${node} counts wrongly`);
    check(
      this.firstLeaf[node] === this.firstLeaf[this.entries[base]!],
      `node ${node} has a wrong first leaf`,
    );
    return nodes;
  }
}

const HALF = WIDTH >> 1;
const LEAST = WIDTH >> 2;
/** Two neighbours are joined if together they have at most this many, so that a joined node is not split at once. */
const MOST_JOINED = (WIDTH * 3) >> 2;
/** How far nodes are filled when built in bulk: a full one would split at the first member that lands in it. */
const BUILT_LENGTH = (WIDTH * 7) >> 3;
const LEAST_NODES_KEPT = 4;

/** @throws Error, for tests */
export function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`broken sorted set: ${otherwise}`);
}
