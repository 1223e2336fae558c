import { allocation } from './allocation.ts';
import { addressOf, hashOfNumber, hashOfString } from './key-hash.ts';
import { LuaError } from './lua-error.ts';
import { lookedAt } from './metering.ts';
import { bitsFor, emptyNodes, NO_NODES, tooBig } from './table-nodes.ts';
import type { LuaValue } from './value.ts';

/*
 * A table of Lua, in the very order of the reference implementation (5.1): scripts store what `pairs` gives them, and
 * `#` of a table with holes depends on how it is laid out. So the layout is the reference's, slot by slot:
 *
 *   array   [ v1 v2 v3 nil v5 … ]        the keys 1 to arraySize, values only
 *   nodes   [ key value next hash | key value next hash | … ]       all other keys: 0 or 2^n nodes, flat, four
 *             ▲           │                                         places each; `next` is where the next node
 *             └───────────┘ chained scatter with Brent's variation  of the chain begins, or -1
 *
 * A new key goes to its main position. If a value is there already, a free node is sought from the end downwards
 * (`lastFree` never goes up); the one there moves out if it is not in its own main position, else the new key takes the free one.
 * Only when there is no free node are both parts sized anew and everything put in again, from the last node to the first:
 * the array part becomes the largest n (a power of 2) of which more than half would be used.
 * A value set to nil leaves its key behind, until the next resize or until a key with that main position comes.
 *
 * What is kept besides: the hash of each key that is a string or has an address, since a string's costs up to 32 steps.
 *
 * Invariants:
 *  1. `array.length` is `arraySize`; no key from 1 to arraySize is in a node that has a value.
 *  2. `nodes` has 4 × nodeCount places, nodeCount 0 or a power of 2 (for 0 there is one node, shared, never written to).
 *  3. A node with a value is reached from the main position of its key, and no key has two nodes.
 *  4. Every chain ends. 5. No node at or after lastFree is without a key, unless it never had one and it is reached by
 *     main position only (lastFree may pass over it no more than once).
 *
 * One thing is not imitated: the garbage collector of the reference forgets removed keys at times nobody foresees, after which
 * the same key, set again, can get another node than the one it left.
 */

const KEY = 0;
const VALUE = 1;
const NEXT = 2;
const HASH = 3;
/** Nodes are four places wide. */
const WIDTH_BITS = 2;
const NONE = -1;

/** The most slots the array part may have, as in the reference. */
const LONGEST_ARRAY_BITS = 26;
/** So many keys without values in a row are worth paying for when a traversal passes over them. */
const LONG_GAP = 64;
/** The size of a slot in bytes: as a shift. */
const SLOT_BITS = 3;
/** What a table takes by itself, a slot of its array, and a node. */
const TABLE_BYTES = 112;
const SLOT_BYTES = 8;
const NODE_BYTES = 32;

/** An array part that has nothing in it. Never written to. */
const NO_SLOTS: LuaValue[] = [];

/** How many of the keys being counted for a resize lie in (2^(n-1), 2^n]. Else all 0. */
const slices = new Int32Array(LONGEST_ARRAY_BITS + 1);

/** A table. Getting and setting are raw: metatables and `isReadonly` are the business of the callers. */
export class LuaTable {
  metatable: LuaTable | undefined = undefined;
  /** Whether scripts are refused to change it: who sets on behalf of a script has to ask. */
  isReadonly = false;
  /**
   * Which metamethods this table, as a metatable, is known not to have, a bit for each: bits are set by who looks them
   * up, and all are cleared by any set of a string key.
   */
  absentMetamethods = 0;
  /** The values of the keys 1 to {@link arraySize}, from index 0 on. May be written to within that size. */
  array: LuaValue[] = NO_SLOTS;
  arraySize = 0;
  private nodes: LuaValue[] = NO_NODES;
  /** Nodes there are, 0 if nothing was ever set outside the array part. Read only. */
  nodeCount = 0;
  /** nodeCount - 1, and 0 if there are none. */
  private mask = 0;
  /** All nodes from this index on (counted in nodes) are taken. */
  private lastFree = 0;
  /** The position the last traversal is at, so that `next` need not look for the key. */
  private visited = 0;

  /**
   * A table with room for so many values of the keys 1, 2, 3…, and for so many other keys (rounded up to a power of 2).
   */
  constructor(arraySize = 0, hashSize = 0) {
    allocation.bytes += TABLE_BYTES;
    if (arraySize > 0) this.setArraySize(arraySize);
    if (hashSize > 0) this.makeNodes(hashSize);
  }

  /** The value of a key, or nil. O(1). */
  get(key: LuaValue): LuaValue {
    switch (typeof key) {
      case 'string':
        return this.getHashed(key, hashOfString(key));
      case 'number':
        return this.getNumber(key);
      case 'undefined':
        return undefined;
      default: {
        const at = this.find(key);
        return at < 0 ? undefined : this.nodes[at + VALUE];
      }
    }
  }

  getString(key: string): LuaValue {
    return this.getHashed(key, hashOfString(key));
  }

  /** As {@link getString}, for who knows the key's {@link hashOfString} already. */
  getHashed(key: string, hash: number): LuaValue {
    const { nodes } = this;
    let at = (hash & this.mask) << WIDTH_BITS;
    do {
      if (nodes[at] === key) return nodes[at + VALUE];
      at = nodes[at + NEXT] as number;
    } while (at >= 0);
    return undefined;
  }

  /** NaN has no value. */
  getNumber(key: number): LuaValue {
    const index = key - 1;
    if (index >= 0 && index < this.arraySize && (index | 0) === index) return this.array[index];
    const { nodes } = this;
    let at = this.mainOfNumber(key);
    do {
      if (nodes[at] === key) return nodes[at + VALUE];
      at = nodes[at + NEXT] as number;
    } while (at >= 0);
    return undefined;
  }

  /**
   * Sets the value of a key. Nil leaves the key its place, and gives one even to a key that was not there, as in the reference.
   *
   * @throws LuaError if the key is nil or NaN; its text has no position, so who knows where should ask before
   */
  set(key: LuaValue, value: LuaValue): void {
    switch (typeof key) {
      case 'string':
        this.setHashed(key, hashOfString(key), value);
        break;
      case 'number':
        this.setNumber(key, value);
        break;
      case 'undefined':
        throw new LuaError('table index is nil');
      default: {
        const at = this.find(key);
        if (at >= 0) this.nodes[at + VALUE] = value;
        else {
          const hash = typeof key === 'boolean' ? 0 : addressOf(key as object);
          this.insert(key, hash, this.mainPosition(key, hash), value);
        }
      }
    }
  }

  setString(key: string, value: LuaValue): void {
    this.setHashed(key, hashOfString(key), value);
  }

  /** As {@link setString}, for who knows the key's {@link hashOfString} already. */
  setHashed(key: string, hash: number, value: LuaValue): void {
    this.absentMetamethods = 0;
    const { nodes } = this;
    let at = (hash & this.mask) << WIDTH_BITS;
    do {
      if (nodes[at] === key) {
        nodes[at + VALUE] = value;
        return;
      }
      at = nodes[at + NEXT] as number;
    } while (at >= 0);
    this.insert(key, hash, (hash & this.mask) << WIDTH_BITS, value);
  }

  setNumber(key: number, value: LuaValue): void {
    const index = key - 1;
    if (index >= 0 && index < this.arraySize && (index | 0) === index) {
      this.array[index] = value;
      return;
    }
    const { nodes } = this;
    let at = this.mainOfNumber(key);
    do {
      if (nodes[at] === key) {
        nodes[at + VALUE] = value;
        return;
      }
      at = nodes[at + NEXT] as number;
    } while (at >= 0);
    if (Number.isNaN(key)) throw new LuaError('table index is NaN');
    this.insert(key, 0, this.mainOfNumber(key), value);
  }

  /**
   * A border: 0 if 1 is nil, else some n where n is not nil and n + 1 is. With holes there are several, and this is the one
   * the reference finds. O(log n).
   */
  length(): number {
    const { array, arraySize } = this;
    if (arraySize > 0 && array[arraySize - 1] === undefined) {
      let low = 0;
      let high = arraySize;
      while (high - low > 1) {
        const middle = (low + high) >>> 1;
        if (array[middle - 1] === undefined) high = middle;
        else low = middle;
      }
      return low;
    }
    return this.nodeCount === 0 ? arraySize : this.lengthBeyondArray();
  }

  private lengthBeyondArray(): number {
    let low = this.arraySize;
    let high = low + 1;
    while (this.getNumber(high) !== undefined) {
      low = high;
      high *= 2;
      if (high > 0x7fff_ffff) {
        // Somebody made the table for this: then it is searched from the beginning.
        let at = 1;
        while (this.getNumber(at) !== undefined) at++;
        return at - 1;
      }
    }
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.getNumber(middle) === undefined) high = middle;
      else low = middle;
    }
    return low;
  }

  /**
   * Where a key is in the order of traversal: 0 for nil, which is before the first; -1 if the key has no place. A key whose value
   * was set to nil since keeps its place until a new key is set.
   */
  positionOf(key: LuaValue): number {
    if (key === undefined) return 0;
    const { visited } = this;
    if (visited > 0 && this.keyAt(visited) === key) return visited;
    if (typeof key === 'number' && key >= 1 && key <= this.arraySize && (key | 0) === key) return key;
    const at = this.find(key);
    return at < 0 || this.nodeCount === 0 ? -1 : this.arraySize + (at >> WIDTH_BITS) + 1;
  }

  /** The next position after this one (0: from the beginning) that has a value, or 0 if there is none. */
  nextPosition(position: number): number {
    const { array, arraySize } = this;
    let next = position;
    while (next < arraySize) {
      if (array[next++] !== undefined) {
        this.visited = next;
        if (next - position > LONG_GAP) lookedAt((next - position) << SLOT_BITS);
        return next;
      }
    }
    const { nodes } = this;
    const end = this.nodeCount << WIDTH_BITS;
    for (let at = (next - arraySize) << WIDTH_BITS; at < end; at += 1 << WIDTH_BITS) {
      if (nodes[at + VALUE] !== undefined) {
        this.visited = arraySize + (at >> WIDTH_BITS) + 1;
        if (this.visited - position > LONG_GAP) lookedAt((this.visited - position) << SLOT_BITS);
        return this.visited;
      }
    }
    const passed = arraySize + this.nodeCount - position;
    if (passed > LONG_GAP) lookedAt(passed << SLOT_BITS);
    return 0;
  }

  /** The key at a position; nil where there is none. */
  keyAt(position: number): LuaValue {
    if (position <= this.arraySize) return position > 0 ? position : undefined;
    const index = position - this.arraySize - 1;
    return index < this.nodeCount ? this.nodes[(index << WIDTH_BITS) + KEY] : undefined;
  }

  /** The value at a position; nil where there is none. */
  valueAt(position: number): LuaValue {
    if (position <= this.arraySize) return position > 0 ? this.array[position - 1] : undefined;
    const index = position - this.arraySize - 1;
    return index < this.nodeCount ? this.nodes[(index << WIDTH_BITS) + VALUE] : undefined;
  }

  /**
   * Makes the array part so big at least: what a constructor does for its items, whose size is not a power of 2.
   */
  growArray(size: number): void {
    if (size > this.arraySize) this.resize(size, this.nodeCount);
  }

  /** Where the node of a key that is neither nil nor in the array part begins, or -1. */
  private find(key: LuaValue): number {
    const { nodes } = this;
    let at = this.mainPosition(key, typeof key === 'string' ? hashOfString(key) : NONE);
    do {
      if (nodes[at] === key) return at;
      at = nodes[at + NEXT] as number;
    } while (at >= 0);
    return NONE;
  }

  /** Where the chain of a key begins. The hash is that of a string, or the address (-1 if it has to be looked up). */
  private mainPosition(key: LuaValue, hash: number): number {
    switch (typeof key) {
      case 'string':
        return (hash & this.mask) << WIDTH_BITS;
      case 'number':
        return this.mainOfNumber(key);
      case 'boolean':
        return key ? (1 & this.mask) << WIDTH_BITS : 0;
      default:
        return ((hash < 0 ? addressOf(key as object) : hash) % (this.mask | 1)) << WIDTH_BITS;
    }
  }

  private mainOfNumber(key: number): number {
    // All unsigned, else it would be a division of doubles.
    return (hashOfNumber(key) % ((this.mask | 1) >>> 0)) << WIDTH_BITS;
  }

  /** Adds a key that has no place, whose main position is `main`. */
  private insert(key: LuaValue, hash: number, main: number, value: LuaValue): void {
    const { nodes } = this;
    let at = main;
    if (this.nodeCount === 0 || nodes[at + VALUE] !== undefined) {
      const free = this.takeFreeNode();
      if (free < 0) {
        this.rehash(key);
        if (typeof key === 'string') this.setHashed(key, hash, value);
        else this.set(key, value);
        return;
      }
      let other = this.mainPosition(nodes[at], nodes[at + HASH] as number);
      if (other === at) {
        nodes[free + NEXT] = nodes[at + NEXT];
        nodes[at + NEXT] = free;
        at = free;
      } else {
        // The one there is not where it belongs: it moves to the free node.
        while (nodes[other + NEXT] !== at) other = nodes[other + NEXT] as number;
        nodes[other + NEXT] = free;
        nodes[free] = nodes[at];
        nodes[free + VALUE] = nodes[at + VALUE];
        nodes[free + NEXT] = nodes[at + NEXT];
        nodes[free + HASH] = nodes[at + HASH];
        nodes[at + NEXT] = NONE;
      }
    }
    nodes[at] = key;
    nodes[at + VALUE] = value;
    nodes[at + HASH] = hash;
  }

  /** The last node that never had a key, or -1. */
  private takeFreeNode(): number {
    while (this.lastFree > 0) {
      const at = --this.lastFree << WIDTH_BITS;
      if (this.nodes[at] === undefined) return at;
    }
    return NONE;
  }

  /** Sizes both parts so that what is there and one more key fit. */
  private rehash(extra: LuaValue): void {
    const inArray = this.countArray();
    let total = inArray + 1;
    let integers = inArray + countIfIndex(extra);
    const { nodes } = this;
    const end = this.nodeCount << WIDTH_BITS;
    for (let at = 0; at < end; at += 1 << WIDTH_BITS) {
      if (nodes[at + VALUE] === undefined) continue;
      total++;
      integers += countIfIndex(nodes[at]);
    }
    let arraySize = 0;
    let inNewArray = 0;
    let below = 0;
    for (let bits = 0; 2 ** bits / 2 < integers; bits++) {
      below += slices[bits]!;
      if (slices[bits]! > 0 && below > 2 ** bits / 2) {
        arraySize = 2 ** bits;
        inNewArray = below;
      }
      if (below === integers) break;
    }
    if (integers > 0) slices.fill(0);
    this.resize(arraySize, total - inNewArray);
  }

  private countArray(): number {
    const { array, arraySize } = this;
    let total = 0;
    let index = 0;
    for (let bits = 0; index < arraySize; bits++) {
      const end = Math.min(2 ** bits, arraySize);
      let used = 0;
      for (; index < end; index++) if (array[index] !== undefined) used++;
      slices[bits] = used;
      total += used;
    }
    return total;
  }

  private resize(arraySize: number, hashSize: number): void {
    const { array, arraySize: oldArraySize, nodes, nodeCount } = this;
    if (arraySize > oldArraySize) this.setArraySize(arraySize);
    this.makeNodes(hashSize);
    if (arraySize < oldArraySize) {
      this.arraySize = arraySize;
      for (let index = arraySize; index < oldArraySize; index++) {
        if (array[index] !== undefined) this.insert(index + 1, 0, this.mainOfNumber(index + 1), array[index]);
      }
      array.length = arraySize;
      allocation.bytes -= (oldArraySize - arraySize) * SLOT_BYTES;
    }
    for (let at = (nodeCount - 1) << WIDTH_BITS; at >= 0; at -= 1 << WIDTH_BITS) {
      if (nodes[at + VALUE] === undefined) continue;
      const key = nodes[at];
      if (typeof key === 'number') this.setNumber(key, nodes[at + VALUE]);
      else {
        const hash = nodes[at + HASH] as number;
        this.insert(key, hash, this.mainPosition(key, hash), nodes[at + VALUE]);
      }
    }
  }

  private setArraySize(size: number): void {
    if (size > 2 ** LONGEST_ARRAY_BITS) throw tooBig();
    allocation.bytes += (size - this.arraySize) * SLOT_BYTES;
    if (this.arraySize === 0) this.array = [];
    const { array } = this;
    for (let index = this.arraySize; index < size; index++) array.push(undefined);
    this.arraySize = size;
  }

  /** New nodes for so many keys. The old ones are for the caller to see to. */
  private makeNodes(hashSize: number): void {
    let count = 0;
    if (hashSize > 0) count = 2 ** bitsFor(hashSize);
    this.nodes = emptyNodes(count);
    allocation.bytes += (count - this.nodeCount) * NODE_BYTES;
    this.nodeCount = count;
    this.mask = count === 0 ? 0 : count - 1;
    this.lastFree = count;
  }

  /** For tests. @throws Error if an invariant does not hold */
  checkInvariants(): void {
    const { nodes, nodeCount } = this;
    const check = (holds: boolean, what: string) => {
      if (!holds) throw new Error(`table: ${what}`);
    };
    check(this.array.length === this.arraySize, '1: the size of the array part');
    check(nodes.length === Math.max(nodeCount, 1) << WIDTH_BITS, '2: the places of the nodes');
    check(nodeCount === 0 || nodeCount === 2 ** bitsFor(nodeCount), '2: the number of nodes');
    check(this.mask === Math.max(nodeCount - 1, 0), '2: the mask');
    if (nodeCount === 0)
      check(
        nodes === NO_NODES && nodes.every((place, at) => place === [undefined, undefined, NONE, 0][at]),
        '2: the shared node',
      );
    check(this.lastFree >= 0 && this.lastFree <= nodeCount, '5: lastFree');
    const seen = new Set<LuaValue>();
    for (let at = 0; at < nodeCount << WIDTH_BITS; at += 1 << WIDTH_BITS) {
      let length = 0;
      for (let next = at; next >= 0; next = nodes[next + NEXT] as number) {
        check(length++ <= nodeCount, '4: a chain without end');
      }
      const key = nodes[at];
      if (nodes[at + VALUE] === undefined) continue;
      check(key !== undefined, '3: a value without a key');
      check(
        !(typeof key === 'number' && key >= 1 && key <= this.arraySize && Number.isInteger(key)),
        '1: in the array',
      );
      check(!seen.has(key), '3: a key with two nodes');
      seen.add(key);
      check(this.find(key) === at, '3: a key that is not found');
      if (typeof key === 'string') check(nodes[at + HASH] === hashOfString(key), 'the hash kept');
    }
  }
}

/** Counts a key for a resize if it could be in the array part. Returns 1 if so, else 0. */
function countIfIndex(key: LuaValue): number {
  if (typeof key !== 'number' || (key | 0) !== key || key < 1 || key > 2 ** LONGEST_ARRAY_BITS) return 0;
  slices[bitsFor(key)]!++;
  return 1;
}
