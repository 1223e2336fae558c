import type { LinkRows } from './link-rows.ts';
import type { Found, SearchMemory } from './search-memory.ts';
import type { Query, Vectors } from './vectors.ts';

/**
 * The node that a walk from `start` ends at which always goes to the neighbour nearest to the query, as long as that is
 * nearer. Visits are not remembered: each step comes nearer.
 */
export function descend(vectors: Vectors, links: LinkRows, query: Query<unknown>, start: number): number {
  let nearest = start;
  let nearestDistance = vectors.distance(query, start);
  for (;;) {
    const from = nearest;
    const row = links.rowOf(from);
    const chunk = links.chunkOf(row);
    const rowStart = links.startOf(row);
    const end = rowStart + chunk[rowStart]!;
    for (let at = rowStart + 1; at <= end; at++) {
      const slot = chunk[at]!;
      const distance = vectors.distance(query, slot);
      if (distance < nearestDistance) {
        nearestDistance = distance;
        nearest = slot;
      }
    }
    if (nearest === from) return nearest;
  }
}

/** A limit on a search, and which nodes it may return. */
export interface Restriction {
  readonly accept: (slot: number) => boolean;
  /** How many candidates are looked at; 0 for all. */
  readonly maxTested: number;
}

/**
 * The `ef` nodes nearest to the query, as far as a best-first walk from `start` comes upon them. With a restriction
 * nodes that are not accepted are walked all the same, and the walk goes on until `ef` accepted ones are found that no
 * candidate can beat, or enough candidates were tested.
 */
export function searchLevel(
  vectors: Vectors,
  links: LinkRows,
  query: Query<unknown>,
  start: number,
  ef: number,
  memory: SearchMemory,
  slotCount: number,
  restriction?: Restriction,
): Found {
  const { candidates, results } = memory;
  const mark = memory.newMark(slotCount);
  const { marks } = memory;
  candidates.clear();
  results.clear();
  const startDistance = vectors.distance(query, start);
  marks[start] = mark;
  candidates.push(startDistance, start);
  if (restriction === undefined || restriction.accept(start)) results.push(-startDistance, start);
  let mayTest = restriction === undefined || restriction.maxTested === 0 ? Infinity : restriction.maxTested;
  // Beyond this distance nothing is wanted: none, as long as there are too few results.
  let bound = results.size < ef ? Infinity : -results.keys[0]!;
  while (candidates.size > 0 && candidates.keys[0]! <= bound && mayTest-- > 0) {
    const from = candidates.slots[0]!;
    candidates.pop();
    const row = links.rowOf(from);
    const chunk = links.chunkOf(row);
    const rowStart = links.startOf(row);
    const end = rowStart + chunk[rowStart]!;
    for (let at = rowStart + 1; at <= end; at++) {
      const slot = chunk[at]!;
      if (marks[slot] === mark) continue;
      marks[slot] = mark;
      const distance = vectors.distance(query, slot);
      if (distance >= bound) continue;
      candidates.push(distance, slot);
      if (restriction !== undefined && !restriction.accept(slot)) continue;
      if (results.size < ef) results.push(-distance, slot);
      else results.replaceTop(-distance, slot);
      if (results.size >= ef) bound = -results.keys[0]!;
    }
  }
  return memory.takeResults();
}
