import { type ByteString, compareBytes, sortsByUnits } from '../../bytes/byte-string.ts';

/**
 * Names in the order of their bytes, for who walks through them. Sorted once; what comes and goes later is put in its
 * place, which moves those behind it.
 *
 * Invariants:
 *
 * 1. {@link names} ascend strictly in byte order.
 * 2. While {@link isByUnits}, the host's own comparison of strings is that order.
 */
export class NameOrder {
  private readonly names: ByteString[];
  private isByUnits: boolean;

  /** O(n log n). */
  constructor(names: Iterable<ByteString>) {
    this.names = [...names];
    this.isByUnits = this.names.every(sortsByUnits);
    if (this.isByUnits) this.names.sort();
    else this.names.sort(compareBytes);
  }

  /** Adds a name that is not there. O(log n), and n moves. */
  add(name: ByteString): void {
    this.isByUnits &&= sortsByUnits(name);
    this.names.splice(this.firstFrom(name), 0, name);
  }

  /** Removes a name that is there. O(log n), and n moves. */
  delete(name: ByteString): void {
    this.names.splice(this.firstFrom(name), 1);
  }

  /** The names in a range, at most so many. O(log n + names returned). */
  range({ min, max, isMinExclusive, isMaxExclusive }: NameRange, most: number): ByteString[] {
    const start = min === undefined ? 0 : this.firstFrom(min, isMinExclusive);
    const end = max === undefined ? this.names.length : this.firstFrom(max, !isMaxExclusive);
    return start >= end ? [] : this.names.slice(start, Math.min(end, start + most));
  }

  /** The position of the first name that is not less, or that is greater. */
  private firstFrom(name: ByteString, isGreater = false): number {
    const { names } = this;
    const isByUnits = this.isByUnits && sortsByUnits(name);
    let low = 0;
    let high = names.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = names[middle]!;
      const isBefore = isByUnits ? other < name : compareBytes(other, name) < 0;
      if (isBefore || (isGreater && other === name)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** For tests: throws if an invariant does not hold. O(n). */
  checkInvariants(): void {
    for (let at = 1; at < this.names.length; at++) {
      if (compareBytes(this.names[at - 1]!, this.names[at]!) >= 0) throw new Error('names are out of order');
    }
    if (this.isByUnits && !this.names.every(sortsByUnits)) throw new Error('not all names sort by units');
  }
}

/** A range of names; without a bound it is open on that side. */
export interface NameRange {
  readonly min: ByteString | undefined;
  readonly max: ByteString | undefined;
  readonly isMinExclusive: boolean;
  readonly isMaxExclusive: boolean;
}
