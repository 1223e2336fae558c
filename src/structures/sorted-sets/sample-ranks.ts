/**
 * So many different ranks below `size`, every choice as likely as any other; `count` must be less than `size`.
 * O(count), by Floyd's method; O(size), by one pass over the ranks, where that is no more than a few times `count`.
 */
export function sampleRanks(size: number, count: number, random: () => number): number[] {
  if (count * 3 > size) {
    const ranks: number[] = [];
    for (let rank = 0; ranks.length < count; rank++) {
      if (random() * (size - rank) < count - ranks.length) ranks.push(rank);
    }
    return ranks;
  }
  const chosen = new Set<number>();
  for (let last = size - count; last < size; last++) {
    const rank = Math.floor(random() * (last + 1));
    chosen.add(chosen.has(rank) ? last : rank);
  }
  return [...chosen];
}
