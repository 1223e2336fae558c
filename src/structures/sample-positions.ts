/**
 * `count` distinct positions below `size`, at least as large; every choice of them is equally likely, their order is not
 * random. O(count).
 *
 * @param random a number in [0, 1)
 */
export function samplePositions(size: number, count: number, random: () => number): number[] {
  // After the step for `last`, what is picked is a fair choice among the positions up to it (Floyd's algorithm).
  const picked = new Set<number>();
  for (let last = size - count; last < size; last++) {
    const position = Math.floor(random() * (last + 1));
    picked.add(picked.has(position) ? last : position);
  }
  return [...picked];
}
