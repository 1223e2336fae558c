import { typedArrayBytes } from '../../bytes/heap-bytes.ts';

/**
 * The nodes of a tree over numbered slots, as rows: how they lie in memory, and what is done to one or two of them.
 *
 * All nodes, leaves and inner ones alike, are rows of the same width in two shared columns, so that a node is a number,
 * a tree of a million slots is a dozen arrays, and the garbage collector has nothing to trace.
 *
 *                  row of an inner node    row of a leaf
 *     entries      nodes                   slots
 *     keys         first score beneath     their scores
 *
 * From a slot, `leafOf` and `parent` lead upward without a comparison. From a score, the keys lead downward.
 *
 * Invariants:
 *
 * 1. Of a slot that is in the tree, `leafOf[slot]` is the leaf whose row holds `slot`, exactly once.
 * 2. In an inner node's row an entry is a child whose `parent` is that node, and its key is the score of the first
 *    slot beneath the child, exactly. `firstLeaf` is the leftmost leaf beneath (a leaf's own is itself).
 *    Keys name no slot, so slots can be renumbered without touching inner nodes.
 * 3. `count` is the number of slots beneath a node; all leaves are at level 0, each parent one above its children.
 * 4. `next` and `previous` chain the leaves from left to right. Free nodes are chained by `next`.
 */
export abstract class NodeRows {
  protected leafOf: Int32Array;

  protected nodeCapacity = 0;
  protected nodesUsed = 0;
  protected freeNode = NONE;
  protected entries = new Int32Array(0);
  protected keys = new Float64Array(0);
  protected length = new Int32Array(0);
  protected count = new Int32Array(0);
  protected parent = new Int32Array(0);
  protected firstLeaf = new Int32Array(0);
  protected next = new Int32Array(0);
  protected previous = new Int32Array(0);
  protected level = new Uint8Array(0);

  /** @param slots how many slots there is room for. */
  constructor(slots: number) {
    this.leafOf = new Int32Array(slots);
  }

  /** Becomes a copy of other rows. O(n), by copying columns. */
  protected copyRows(other: NodeRows): void {
    this.leafOf = other.leafOf.slice();
    this.nodeCapacity = other.nodeCapacity;
    this.nodesUsed = other.nodesUsed;
    this.freeNode = other.freeNode;
    this.entries = other.entries.slice();
    this.keys = other.keys.slice();
    this.length = other.length.slice();
    this.count = other.count.slice();
    this.parent = other.parent.slice();
    this.firstLeaf = other.firstLeaf.slice();
    this.next = other.next.slice();
    this.previous = other.previous.slice();
    this.level = other.level.slice();
  }

  /** What the columns take of the host's memory. O(1). */
  protected get rowsBytes(): number {
    return typedArrayBytes(10, this.leafOf.byteLength + this.nodeCapacity * NODE_BYTES);
  }

  // — places —

  protected positionOf(slot: number, leaf: number): number {
    const entries = this.entries;
    const base = leaf << WIDTH_BITS;
    let at = base;
    while (entries[at] !== slot) at++;
    return at - base;
  }

  protected indexInParent(node: number): number {
    const entries = this.entries;
    const base = this.parent[node]! << WIDTH_BITS;
    let at = base;
    while (entries[at] !== node) at++;
    return at - base;
  }

  protected countBefore(node: number, index: number): number {
    const entries = this.entries;
    const count = this.count;
    const base = node << WIDTH_BITS;
    let sum = 0;
    for (let at = base; at < base + index; at++) sum += count[entries[at]!]!;
    return sum;
  }

  // — rows —

  /** Makes room for `number` entries at `position`; the length is the caller's to change. */
  protected shiftUp(node: number, position: number, number: number): void {
    const entries = this.entries;
    const keys = this.keys;
    const base = node << WIDTH_BITS;
    const from = base + position;
    for (let at = base + this.length[node]! - 1; at >= from; at--) {
      entries[at + number] = entries[at]!;
      keys[at + number] = keys[at]!;
    }
  }

  /** Closes the gap of `number` entries at `position`; the length is the caller's to change. */
  protected shiftDown(node: number, position: number, number: number): void {
    const entries = this.entries;
    const keys = this.keys;
    const base = node << WIDTH_BITS;
    const end = base + this.length[node]!;
    for (let at = base + position + number; at < end; at++) {
      entries[at - number] = entries[at]!;
      keys[at - number] = keys[at]!;
    }
  }

  /** Moves entries between the rows of two nodes of one level, with lengths and counts. The source keeps its gap. */
  protected transfer(from: number, fromIndex: number, to: number, toIndex: number, number: number): void {
    const entries = this.entries;
    const source = (from << WIDTH_BITS) + fromIndex;
    const target = (to << WIDTH_BITS) + toIndex;
    entries.copyWithin(target, source, source + number);
    this.keys.copyWithin(target, source, source + number);
    let members = number;
    if (this.level[from] === 0) {
      const leafOf = this.leafOf;
      for (let at = target; at < target + number; at++) leafOf[entries[at]!] = to;
    } else {
      members = 0;
      for (let at = target; at < target + number; at++) {
        this.parent[entries[at]!] = to;
        members += this.count[entries[at]!]!;
      }
    }
    this.length[from]! -= number;
    this.length[to]! += number;
    this.count[from]! -= members;
    this.count[to]! += members;
  }

  protected addToCounts(leaf: number, change: number): void {
    const count = this.count;
    const parents = this.parent;
    for (let node = leaf; node !== NONE; node = parents[node]!) count[node]! += change;
  }

  /** Tells the ancestors of a node that its first entry has changed. */
  protected refreshFirst(start: number): void {
    let node = start;
    const score = this.keys[node << WIDTH_BITS]!;
    if (this.level[node] !== 0) {
      this.firstLeaf[node] = this.firstLeaf[this.entries[node << WIDTH_BITS]!]!;
    }
    const firstLeaf = this.firstLeaf[node]!;
    for (let parent = this.parent[node]!; parent !== NONE; parent = this.parent[node]!) {
      const index = this.indexInParent(node);
      this.keys[(parent << WIDTH_BITS) + index] = score;
      if (index !== 0) return;
      this.firstLeaf[parent] = firstLeaf;
      node = parent;
    }
  }

  // — memory —

  protected allocate(level: number): number {
    let node = this.freeNode;
    if (node !== NONE) {
      this.freeNode = this.next[node]!;
    } else {
      node = this.nodesUsed;
      if (node === this.nodeCapacity) this.resizeNodes(node + (node >> 1) + 1);
    }
    this.nodesUsed++;
    this.level[node] = level;
    this.length[node] = 0;
    this.count[node] = 0;
    this.parent[node] = NONE;
    this.firstLeaf[node] = node;
    this.next[node] = NONE;
    this.previous[node] = NONE;
    return node;
  }

  protected release(node: number): void {
    this.next[node] = this.freeNode;
    this.freeNode = node;
    this.nodesUsed--;
  }

  protected resizeNodes(capacity: number): void {
    this.nodeCapacity = capacity;
    this.entries = resizeInts(this.entries, capacity << WIDTH_BITS);
    this.keys = resizeDoubles(this.keys, capacity << WIDTH_BITS);
    this.length = resizeInts(this.length, capacity);
    this.count = resizeInts(this.count, capacity);
    this.parent = resizeInts(this.parent, capacity);
    this.firstLeaf = resizeInts(this.firstLeaf, capacity);
    this.next = resizeInts(this.next, capacity);
    this.previous = resizeInts(this.previous, capacity);
    const level = new Uint8Array(capacity);
    level.set(this.level.length > capacity ? this.level.subarray(0, capacity) : this.level);
    this.level = level;
  }
}

/** Entries in a node, a power of two: {@link WIDTH_BITS} says which. */
export const WIDTH_BITS = 6;
export const WIDTH = 1 << WIDTH_BITS;
/** What a node has in all columns: a row of entries and one of keys, six numbers and its level. */
const NODE_BYTES = WIDTH * (4 + 8) + 6 * 4 + 1;
/** No node, and no slot. */
export const NONE = -1;

export function resizeInts(column: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const resized = new Int32Array(length);
  resized.set(column.length > length ? column.subarray(0, length) : column);
  return resized;
}

export function resizeDoubles(column: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const resized = new Float64Array(length);
  resized.set(column.length > length ? column.subarray(0, length) : column);
  return resized;
}
