import type { LinkRows } from './link-rows.ts';
import type { Vectors } from './vectors.ts';

/**
 * Sets the links of one level to those read from elsewhere: `links[slot][level]`.
 *
 * Redis's nodes may have M links more than ours, where a new one could be linked in no other way. Of those that have more
 * than there is room for the farthest are let go; what is cut off by that is to be joined again.
 *
 * @throws RangeError if a link leads to no node of the level, to the node itself, twice to the same, or not back, or if there
 * are more than even Redis has
 */
export function restoreLinks(
  vectors: Vectors,
  rows: LinkRows,
  members: readonly number[],
  links: readonly (readonly (readonly number[])[])[],
  level: number,
  maxLinks: number,
): void {
  const known = new Map<number, Set<number>>();
  for (const slot of members) {
    const own = links[slot]![level]!;
    if (own.length > rows.limit + maxLinks) throw new RangeError('vector graph: too many links');
    const others = new Set(own);
    if (others.size !== own.length) throw new RangeError('vector graph: a link twice');
    known.set(slot, others);
  }
  for (const [slot, others] of known) {
    for (const other of others) {
      const back = known.get(other);
      if (back === undefined || other === slot) throw new RangeError('vector graph: a link to nowhere');
      if (!back.has(slot)) throw new RangeError('vector graph: a link that does not lead back');
    }
  }
  for (const [slot, others] of known) {
    const excess = others.size - rows.limit;
    if (excess > 0) letGo(vectors, known, slot, excess);
  }
  for (const [slot, others] of known) rows.restore(slot, [...others]);
}

/** Takes away the farthest links. */
function letGo(vectors: Vectors, known: Map<number, Set<number>>, slot: number, excess: number): void {
  const own = known.get(slot)!;
  const query = vectors.queryAt(slot);
  const byDistance = [...own].map((other) => ({ other, distance: vectors.distance(query, other) }));
  byDistance.sort((one, other) => other.distance - one.distance);
  for (const { other } of byDistance.slice(0, excess)) {
    own.delete(other);
    known.get(other)!.delete(slot);
  }
}
