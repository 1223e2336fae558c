/** A small generator of random numbers (xorshift), the same in every run. */
export class Chance {
  private state: number;

  constructor(seed = 1) {
    this.state = seed | 1;
  }

  /** A whole number in [0, limit). */
  below(limit: number): number {
    let state = this.state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.state = state;
    return Math.floor(((state >>> 0) / 2 ** 32) * limit);
  }
}

/** A flat string of its own, as one read from a socket is: neither a rope nor a slice, nor shared. */
export function freshString(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** `prefix:0` to `prefix:<count - 1>`. */
export function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, number) => freshString(`${prefix}:${number}`));
}

/** The same, in another order (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], chance = new Chance(7)): T[] {
  const result = [...items];
  for (let at = result.length - 1; at > 0; at--) {
    const other = chance.below(at + 1);
    [result[at], result[other]] = [result[other]!, result[at]!];
  }
  return result;
}

/** So many keys that one run is long enough to be timed: all of them, in an order of its own, perhaps repeatedly. */
export function visits(keys: readonly string[], least = 100_000): string[] {
  const result: string[] = [];
  for (let round = 0; result.length < least; round++)
    for (const key of shuffled(keys, new Chance(round * 2 + 3))) result.push(key);
  return result;
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** 1 thousand, 100 thousand and 1 million; without the last where it must be quick. */
export function sizes(isQuick: boolean): number[] {
  return isQuick ? [1000, 100_000] : [1000, 100_000, 1_000_000];
}
