import type { LinkRows } from './link-rows.ts';
import type { Found, SearchMemory } from './search-memory.ts';
import type { Vectors } from './vectors.ts';

/**
 * How a new node is linked on one level, so that the level stays connected.
 *
 * Links go both ways, so a node that is full can only be linked with by taking one of its links away. That must not cut
 * anything off, and two things never do:
 *
 *     a triangle loses a side            a link is led through the new node
 *
 *         n ─── x                            n ─────── x          n       x
 *          \   /     n ─ y ─ x remains                      →      \     /
 *            y                                   q                    q
 *
 * The first is what is done: the farther node of n is let go that y, which is nearer to both, leads to. The second is done
 * where a new node could be linked in no other way.
 */
export function connectNew(
  vectors: Vectors,
  links: LinkRows,
  slot: number,
  candidates: Found,
  wanted: number,
  memory: SearchMemory,
  slotCount: number,
): void {
  const { slots, distances } = candidates;
  const chosen = new Uint8Array(slots.length);
  const linked: number[] = [];
  // First those that are nearer to the new node than to any other chosen one: they lie in different directions.
  for (let at = 0; at < slots.length && linked.length < wanted; at++) {
    const candidate = slots[at]!;
    if (isNearerToAny(vectors, candidate, distances[at]!, linked)) continue;
    chosen[at] = 1;
    if (tryLink(vectors, links, slot, candidate, distances[at]!, memory, slotCount)) linked.push(candidate);
  }
  // Then the nearest of the others.
  for (let at = 0; at < slots.length && linked.length < wanted; at++) {
    if (chosen[at] === 1) continue;
    if (tryLink(vectors, links, slot, slots[at]!, distances[at]!, memory, slotCount)) linked.push(slots[at]!);
  }
  if (linked.length === 0) leadThrough(links, slots[0]!, slot);
}

function isNearerToAny(vectors: Vectors, slot: number, distance: number, others: readonly number[]): boolean {
  for (let at = 0; at < others.length; at++) {
    if (vectors.distanceBetween(slot, others[at]!) < distance) return true;
  }
  return false;
}

/** Links the two unless `full` is full and has nothing to let go for it. */
function tryLink(
  vectors: Vectors,
  links: LinkRows,
  slot: number,
  full: number,
  distance: number,
  memory: SearchMemory,
  slotCount: number,
): boolean {
  if (links.isFull(full) && !letGo(vectors, links, full, distance, memory, slotCount)) return false;
  links.link(slot, full);
  return true;
}

/**
 * Takes away the farthest link that is the longest side of a triangle, if it is farther than `distance`.
 *
 * Among equal vectors there is none, and those links stay that lead away from them. A node that is full of links to its
 * equals would be a dead end, and what came after a crowd of them could not be found; so they have half of the links, and
 * beyond that make room for who is not one of them.
 */
function letGo(
  vectors: Vectors,
  links: LinkRows,
  slot: number,
  distance: number,
  memory: SearchMemory,
  slotCount: number,
): boolean {
  const neighbours = links.linksOf(slot);
  const distances = new Float64Array(neighbours.length);
  const mark = memory.newMark(slotCount);
  for (let at = 0; at < neighbours.length; at++) {
    distances[at] = vectors.distanceBetween(slot, neighbours[at]!);
    memory.marks[neighbours[at]!] = mark;
  }
  for (let round = 0; round < neighbours.length; round++) {
    // The farthest first; which mostly is let go, so sorting all would be more than is needed.
    let farthest = 0;
    for (let at = 1; at < distances.length; at++) if (distances[at]! > distances[farthest]!) farthest = at;
    const farDistance = distances[farthest]!;
    if (farDistance <= distance) {
      if (round > 0) return false;
      const own = vectors.distanceBetween(slot, slot) + ROUNDING;
      return distance > own && letEqualGo(links, slot, neighbours, distances, own, mark, memory);
    }
    distances[farthest] = -1;
    const far = neighbours[farthest]!;
    const row = links.rowOf(far);
    const chunk = links.chunkOf(row);
    const start = links.startOf(row);
    const end = start + chunk[start]!;
    for (let at = start + 1; at <= end; at++) {
      const between = chunk[at]!;
      if (memory.marks[between] !== mark || vectors.distanceBetween(far, between) >= farDistance) continue;
      links.unlink(slot, far);
      return true;
    }
  }
  return false;
}

/** What rounding may make of distances that are the same. (A vector of bytes is not quite at 0 from itself.) */
const ROUNDING = 1e-6;

/** Takes away a link to an equal that another one leads to as well, if more than half of all are links to equals. */
function letEqualGo(
  links: LinkRows,
  slot: number,
  neighbours: Int32Array,
  distances: Float64Array,
  own: number,
  mark: number,
  memory: SearchMemory,
): boolean {
  let equals = 0;
  for (const each of distances) if (each <= own) equals++;
  if (2 * equals <= links.limit) return false;
  for (let at = 0; at < neighbours.length; at++) {
    if (distances[at]! > own) continue;
    const equal = neighbours[at]!;
    for (const between of links.linksOf(equal)) {
      if (memory.marks[between] !== mark) continue;
      links.unlink(slot, equal);
      return true;
    }
  }
  return false;
}

/** Puts a node that has no links between `slot` and the first that is linked with it. */
function leadThrough(links: LinkRows, slot: number, between: number): void {
  const [other] = links.linksOf(slot);
  links.unlink(slot, other!);
  links.link(slot, between);
  links.link(between, other!);
}
