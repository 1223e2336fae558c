/** Nodes with their distances, nearest first. */
export interface Found {
  readonly slots: Int32Array;
  readonly distances: Float64Array;
}

/**
 * What a search needs beside the graph: marks of the nodes that were seen, and two heaps. It is kept from one search to the
 * next, by all graphs together; a search inside another one (of an `accept` that searches) has its own.
 *
 * A mark is the number of the search that set it, so a new search begins with nothing marked without touching the marks.
 */
export class SearchMemory {
  /** Candidates, the nearest on top. */
  readonly candidates = new SlotHeap();
  /** Results, the farthest on top: kept by negated distances. */
  readonly results = new SlotHeap();
  /** By slot. */
  marks = new Uint32Array(0);
  #mark = 0;

  /** A mark that no node has yet, when nodes have slots below `slots`. */
  newMark(slots: number): number {
    if (this.marks.length < slots) {
      this.marks = new Uint32Array(Math.max(64, slots + (slots >> 1)));
      this.#mark = 0;
    }
    if (this.#mark === 0xffffffff) {
      this.marks.fill(0);
      this.#mark = 0;
    }
    return ++this.#mark;
  }

  /** Empties the results. */
  takeResults(): Found {
    const { results } = this;
    const count = results.size;
    // Each pop leaves what it took behind the others, so what was nearest is in front at the end.
    while (results.size > 0) results.pop();
    const distances = results.keys.slice(0, count);
    for (let at = 0; at < count; at++) distances[at] = -distances[at]!;
    return { slots: results.slots.slice(0, count), distances };
  }
}

let idle: SearchMemory | undefined;

/** Up to here memory is kept for the next search: 16 MB of marks at most, and heaps of 1 MB. */
const KEPT_SLOTS = 1 << 22;
const KEPT_HEAP = 1 << 16;

/** Runs `work` with memory that nobody else uses meanwhile. */
export function withSearchMemory<Result>(work: (memory: SearchMemory) => Result): Result {
  const memory = idle ?? new SearchMemory();
  idle = undefined;
  try {
    return work(memory);
  } finally {
    const heapSize = Math.max(memory.candidates.keys.length, memory.results.keys.length);
    if (memory.marks.length <= KEPT_SLOTS && heapSize <= KEPT_HEAP) idle = memory;
  }
}

/** A binary heap of slots, the least key on top, in two flat arrays. */
export class SlotHeap {
  size = 0;
  keys = new Float64Array(256);
  slots = new Int32Array(256);

  clear(): void {
    this.size = 0;
  }

  push(key: number, slot: number): void {
    let at = this.size++;
    if (at === this.keys.length) this.#grow();
    const { keys, slots } = this;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentKey = keys[parent]!;
      if (parentKey <= key) break;
      keys[at] = parentKey;
      slots[at] = slots[parent]!;
      at = parent;
    }
    keys[at] = key;
    slots[at] = slot;
  }

  /** Removes the top, which is still to be read at place `size` afterwards. */
  pop(): void {
    const { keys, slots } = this;
    const last = --this.size;
    const topKey = keys[0]!;
    const topSlot = slots[0]!;
    this.#sink(keys[last]!, slots[last]!);
    keys[last] = topKey;
    slots[last] = topSlot;
  }

  /** Instead of the top. */
  replaceTop(key: number, slot: number): void {
    this.#sink(key, slot);
  }

  #sink(key: number, slot: number): void {
    const { keys, slots, size } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && keys[child + 1]! < keys[child]!) child++;
      const childKey = keys[child]!;
      if (childKey >= key) break;
      keys[at] = childKey;
      slots[at] = slots[child]!;
      at = child;
    }
    keys[at] = key;
    slots[at] = slot;
  }

  #grow(): void {
    const keys = new Float64Array(this.keys.length * 2);
    keys.set(this.keys);
    this.keys = keys;
    const slots = new Int32Array(this.slots.length * 2);
    slots.set(this.slots);
    this.slots = slots;
  }
}
