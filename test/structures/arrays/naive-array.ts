/** The same by a Map, one index after the other. */
export class NaiveArray {
  readonly values = new Map<bigint, string>();
  cursor: bigint | undefined = undefined;

  set(index: bigint, value: string): boolean {
    const isNew = !this.values.has(index);
    this.values.set(index, value);
    return isNew;
  }

  get length(): bigint {
    let greatest = -1n;
    for (const index of this.values.keys()) if (index > greatest) greatest = index;
    return greatest + 1n;
  }

  deleteRange(low: bigint, high: bigint): number {
    const gone = [...this.values.keys()].filter((index) => index >= low && index <= high);
    for (const index of gone) this.values.delete(index);
    return gone.length;
  }

  scan(from: bigint, to: bigint): [bigint, string][] {
    const [low, high] = from <= to ? [from, to] : [to, from];
    const found = [...this.values].filter(([index]) => index >= low && index <= high);
    found.sort(([a], [b]) => (a < b ? -1 : 1));
    return from <= to ? found : found.reverse();
  }

  ring(size: bigint, values: readonly string[]): bigint {
    const span = this.length;
    const next = this.cursor === undefined ? 0n : this.cursor + 1n;
    const shrinks = size < span;
    const goesOn = size > span && this.cursor !== undefined && next < span;
    if (span > 0n && (shrinks || goesOn)) {
      const most = shrinks ? size : span;
      let at = this.cursor === undefined ? span - 1n : this.cursor % span;
      const kept: string[] = [];
      while (BigInt(kept.length) < most && this.values.has(at)) {
        kept.unshift(this.values.get(at)!);
        at = at === 0n ? span - 1n : at - 1n;
      }
      this.values.clear();
      for (const [index, value] of kept.entries()) this.values.set(BigInt(index), value);
      this.cursor = kept.length === 0 ? undefined : BigInt(kept.length - 1);
    }
    let last = 0n;
    for (const value of values) {
      last = (this.cursor === undefined ? 0n : this.cursor + 1n) % size;
      this.values.set(last, value);
      this.cursor = last;
    }
    return last;
  }
}
