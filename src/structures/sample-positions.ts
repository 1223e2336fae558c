/** From one position in so many on, going through all of them beats remembering which are chosen. */
const DENSE_SAMPLE = 3;

/**
 * `count` distinct positions below `size`, at least as large; every choice of them is equally likely, their order is not
 * random. O(count).
 *
 * @param random a number in [0, 1)
 */
export function samplePositions(size: number, count: number, random: () => number): number[] {
  return count * DENSE_SAMPLE > size ? sampleInOrder(size, count, random) : sampleFew(size, count, random);
}

/** Each position is taken with the chance that it is one of as many as are still wanted among those left. */
function sampleInOrder(size: number, count: number, random: () => number): number[] {
  const picked: number[] = [];
  for (let position = 0; picked.length < count; position++) {
    if (random() * (size - position) < count - picked.length) picked.push(position);
  }
  return picked;
}

function sampleFew(size: number, count: number, random: () => number): number[] {
  // After the step for `last`, what is picked is a fair choice among the positions up to it (Floyd's algorithm).
  const picked = new Set<number>();
  for (let last = size - count; last < size; last++) {
    const position = Math.floor(random() * (last + 1));
    picked.add(picked.has(position) ? last : position);
  }
  return [...picked];
}
