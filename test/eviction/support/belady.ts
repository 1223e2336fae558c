import type { Trace } from './traces.ts';

/**
 * The best any cache of this size could do that knew the future, as a hit rate in per cent: the key goes that is asked
 * for again latest (Belady). Of traces without writes and lifetimes.
 */
export function beladyHitRate(trace: Trace, capacity: number): number {
  const { keys, keyCount } = trace;
  const never = keys.length;
  const nextUses = new Uint32Array(keys.length);
  const next = new Uint32Array(keyCount).fill(never);
  for (let at = keys.length - 1; at >= 0; at--) {
    nextUses[at] = next[keys[at]!]!;
    next[keys[at]!] = at;
  }
  // Which key is asked for next at each position, of those that are there: the latest is the first to go.
  const present = new Uint8Array(keyCount);
  const heap = new LatestFirst();
  let size = 0;
  let hits = 0;
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at]!;
    if (present[key] === 1) {
      hits++;
    } else {
      if (size === capacity) {
        // Records of a use that has been are smaller than all of now, so what comes first is always true,
        const latest = heap.takeLatest();
        present[latest === never ? heap.takeUnused() : keys[latest]!] = 0;
      } else size++;
      present[key] = 1;
    }
    const nextUse = nextUses[at]!;
    heap.add(nextUse);
    // and of the keys that are never used again any may go.
    if (nextUse === never) heap.addUnused(key);
  }
  return (100 * hits) / keys.length;
}

/** A binary heap of positions in the trace, the latest on top. */
class LatestFirst {
  private readonly items: number[] = [];
  private readonly unused: number[] = [];

  addUnused(key: number): void {
    this.unused.push(key);
  }

  takeUnused(): number {
    return this.unused.pop()!;
  }

  add(item: number): void {
    const { items } = this;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (items[parent]! >= item) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }

  takeLatest(): number {
    const { items } = this;
    const latest = items[0]!;
    const last = items.pop()!;
    const { length } = items;
    if (length === 0) return latest;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && items[child + 1]! > items[child]!) child++;
      if (items[child]! <= last) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = last;
    return latest;
  }
}
