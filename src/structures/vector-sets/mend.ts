import type { LinkRows } from './link-rows.ts';
import type { SearchMemory } from './search-memory.ts';
import type { Vectors } from './vectors.ts';

/**
 * How one level is mended that has lost a node: its former neighbours, each of which has lost a link, are linked with each
 * other, the nearest first, and what then may have been cut off is looked for and joined.
 *
 * 1. Kruskal's way: the nearest pair of neighbours that have room and are not in one part yet, until there is one part or no
 *    such pair.
 * 2. Those that have no new link by then are linked with the nearest that have none either.
 * 3. Parts that remain are mostly connected elsewhere. Two searches, one from each side in turn, meet after a few steps, or
 *    one of them ends: what it has seen is a part cut off, and is joined ({@link join}). That always can be done.
 */
export function mendLevel(
  vectors: Vectors,
  links: LinkRows,
  orphans: Int32Array,
  memory: SearchMemory,
  slotCount: number,
): void {
  if (orphans.length < 2) return;
  const parts = new Parts(orphans.length);
  const pairs = nearestPairs(vectors, links, orphans, parts);
  const gained = new Uint8Array(orphans.length);
  for (const pair of pairs) {
    if (parts.count === 1) break;
    if (parts.find(pair.first) === parts.find(pair.second)) continue;
    if (linkPair(links, orphans, pair, gained)) parts.unite(pair.first, pair.second);
  }
  for (const pair of pairs) {
    if (gained[pair.first] === 0 && gained[pair.second] === 0 && linkPair(links, orphans, pair, gained)) {
      parts.unite(pair.first, pair.second);
    }
  }
  for (let at = 1; at < orphans.length && parts.count > 1; at++) {
    if (parts.find(at) === parts.find(0)) continue;
    connectParts(links, orphans[0]!, orphans[at]!, memory, slotCount);
    parts.unite(0, at);
  }
}

interface Pair {
  readonly first: number;
  readonly second: number;
  readonly distance: number;
}

/** With more links than this a node is compared with so many of the others only. */
const COMPARED = 32;

/** The pairs that are not linked, by places among the orphans; those linked are made one part. */
function nearestPairs(vectors: Vectors, links: LinkRows, orphans: Int32Array, parts: Parts): Pair[] {
  const pairs: Pair[] = [];
  const steps = Math.min(COMPARED, orphans.length - 1);
  for (let first = 0; first < orphans.length; first++) {
    for (let step = 1; step <= steps; step++) {
      const second = (first + step) % orphans.length;
      // Each pair once, where the steps go all around.
      if (second < first && first - second <= steps) continue;
      if (links.isLinked(orphans[first]!, orphans[second]!)) {
        parts.unite(first, second);
        continue;
      }
      const distance = vectors.distanceBetween(orphans[first]!, orphans[second]!);
      pairs.push({ first, second, distance });
    }
  }
  return pairs.sort((one, other) => one.distance - other.distance);
}

function linkPair(links: LinkRows, orphans: Int32Array, pair: Pair, gained: Uint8Array): boolean {
  const slot = orphans[pair.first]!;
  const other = orphans[pair.second]!;
  if (links.isFull(slot) || links.isFull(other) || links.isLinked(slot, other)) return false;
  links.link(slot, other);
  gained[pair.first] = 1;
  gained[pair.second] = 1;
  return true;
}

/** Sees to it that there is a way between the two. */
export function connectParts(
  links: LinkRows,
  slot: number,
  other: number,
  memory: SearchMemory,
  slotCount: number,
): void {
  const marks = [memory.newMark(slotCount), memory.newMark(slotCount)] as const;
  const seen: readonly [number[], number[]] = [[slot], [other]];
  memory.marks[slot] = marks[0];
  memory.marks[other] = marks[1];
  for (let next = 0; ; next++) {
    for (const side of SIDES) {
      const from = seen[side][next];
      if (from === undefined) {
        join(links, seen[side], side === 0 ? other : slot);
        return;
      }
      for (const neighbour of links.linksOf(from)) {
        const mark = memory.marks[neighbour];
        if (mark === marks[1 - side]) return;
        if (mark === marks[side]) continue;
        memory.marks[neighbour] = marks[side]!;
        seen[side].push(neighbour);
      }
    }
  }
}

const SIDES = [0, 1] as const;

/**
 * Joins a part that is cut off, all of it, with a node outside it, whatever room there is.
 *
 * If no node of the part has room for two links, each has at least two, so there is a ring in it, of which any link may be
 * taken away.
 */
function join(links: LinkRows, part: readonly number[], outside: number): void {
  const withRoom = part.find((slot) => !links.isFull(slot));
  if (withRoom !== undefined && !links.isFull(outside)) {
    links.link(withRoom, outside);
    return;
  }
  const withTwo = part.find((slot) => links.countOf(slot) + 2 <= links.limit);
  const [beyond] = links.linksOf(outside);
  if (withTwo !== undefined) {
    // The node outside is full, so it has a link, which can be led through the part.
    links.unlink(outside, beyond!);
    links.link(outside, withTwo);
    links.link(withTwo, beyond!);
    return;
  }
  const [slot, next] = linkOfRing(links, part);
  links.unlink(slot, next);
  if (links.countOf(outside) + 2 <= links.limit) {
    links.link(outside, slot);
    links.link(outside, next);
    return;
  }
  links.unlink(outside, beyond!);
  links.link(outside, slot);
  links.link(beyond!, next);
}

/** A link whose ends stay connected without it. Going on to a node not seen yet must come to one seen, in so small a world. */
function linkOfRing(links: LinkRows, part: readonly number[]): [number, number] {
  const cameFrom = new Map<number, number>([[part[0]!, -1]]);
  const queue = [part[0]!];
  for (const slot of queue) {
    for (const next of links.linksOf(slot)) {
      if (next === cameFrom.get(slot)) continue;
      if (cameFrom.has(next)) return [slot, next];
      cameFrom.set(next, slot);
      queue.push(next);
    }
  }
  throw new Error('vector graph: a part without a ring');
}

/** Which of the places 0…count-1 are in one part: union and find. */
class Parts {
  count: number;
  readonly #parents: number[];

  constructor(count: number) {
    this.count = count;
    this.#parents = Array.from({ length: count }, (_, at) => at);
  }

  find(at: number): number {
    const parents = this.#parents;
    let root = at;
    while (parents[root] !== root) {
      parents[root] = parents[parents[root]!]!;
      root = parents[root]!;
    }
    return root;
  }

  unite(at: number, other: number): void {
    const root = this.find(at);
    const otherRoot = this.find(other);
    if (root === otherRoot) return;
    this.#parents[root] = otherRoot;
    this.count--;
  }
}
