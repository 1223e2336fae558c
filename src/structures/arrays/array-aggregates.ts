import type { ByteString } from '../../bytes/byte-string.ts';
import type { LongDouble } from '../../numbers/decimal.ts';
import { type Integer, MAX_INT64, MIN_INT64, parseInteger, toInteger } from '../../numbers/integer.ts';
import {
  addExtended,
  compareExtended,
  type ExtendedNumber,
  extendedOfElement,
  extendedOfInteger,
  formatExtended,
  truncateExtended,
} from '../../numbers/long-double-text.ts';

/** What AROP makes of numbers, one after the other. */
export interface Aggregate<T> {
  /** Takes in an element, given as an array keeps it; what is no number is passed over. */
  add(slot: string | number): void;
  /** What came of it, `null` if there was no number. */
  result(): T | null;
}

/** SUM: plain integers are added as such for as long as that is exact, everything else as `long double`s. */
export class Sum implements Aggregate<ByteString> {
  private isEmpty = true;
  private integer = 0;
  /** Once integers do not do: the sum. */
  private extended: ExtendedNumber | undefined = undefined;

  add(slot: string | number): void {
    if (typeof slot === 'number' && this.extended === undefined) {
      const sum = this.integer + slot;
      if (Number.isSafeInteger(sum)) {
        this.integer = sum;
        this.isEmpty = false;
        return;
      }
    }
    const value = numberOf(slot);
    if (value === undefined) return;
    if (this.isEmpty) this.extended = value;
    else this.extended = addExtended(this.extended ?? extendedOfInteger(this.integer), value);
    this.isEmpty = false;
  }

  result(): ByteString | null {
    if (this.isEmpty) return null;
    return this.extended === undefined ? String(this.integer) : formatExtended(this.extended);
  }
}

/**
 * MIN and MAX. Of equal numbers the first one counts.
 *
 * To make a `long double` of a text is slow. Most need none: rounding to a double keeps the order, so what is behind the
 * best as a double is behind it.
 */
export class Extreme implements Aggregate<ByteString> {
  /** 1 for the greatest, -1 for the least. */
  private readonly direction: 1 | -1;
  private best: number | LongDouble | undefined = undefined;
  /** The best, rounded to a double; not a number as long as that is not known. */
  private rounded = Number.NaN;

  constructor(direction: 1 | -1) {
    this.direction = direction;
  }

  add(slot: string | number): void {
    const { best, direction } = this;
    if (typeof slot === 'number' && (best === undefined || typeof best === 'number')) {
      if (best === undefined || (slot - best) * direction > 0) this.take(slot, slot);
      return;
    }
    const rounded = typeof slot === 'number' || PLAIN_NUMBER.test(slot) ? Number(slot) : Number.NaN;
    if ((rounded - this.rounded) * direction < 0) return;
    const value = numberOf(slot);
    if (value === undefined) return;
    const known = typeof best === 'number' ? extendedOfInteger(best) : best;
    if (known === undefined || compareExtended(value, known) * direction > 0) this.take(value, rounded);
  }

  private take(value: number | LongDouble, rounded: number): void {
    this.best = value;
    this.rounded = rounded;
  }

  result(): ByteString | null {
    const { best } = this;
    if (best === undefined) return null;
    return typeof best === 'number' ? String(best) : formatExtended(best);
  }
}

/** What is the same number to the host and to C. */
const PLAIN_NUMBER = /^-?\d{1,50}(\.\d{1,50})?$/;

export type BitwiseOperator = 'and' | 'or' | 'xor';

/** AND, OR and XOR of integers of 64 bits. Other numbers are cut off at the point; what is too large is passed over. */
export class Bitwise implements Aggregate<Integer> {
  private readonly operator: BitwiseOperator;
  private isEmpty = true;
  /** The result while all were small: the host's operators have 32 bits, and slots 31. */
  private small = 0;
  private large: bigint | undefined = undefined;

  constructor(operator: BitwiseOperator) {
    this.operator = operator;
  }

  add(slot: string | number): void {
    if (typeof slot === 'number' && this.large === undefined) {
      if (this.isEmpty) this.small = slot;
      else if (this.operator === 'and') this.small &= slot;
      else if (this.operator === 'or') this.small |= slot;
      else this.small ^= slot;
      this.isEmpty = false;
      return;
    }
    const value = wholeOf(slot);
    if (value === undefined) return;
    const before = this.large ?? BigInt(this.small);
    if (this.isEmpty) this.large = value;
    else if (this.operator === 'and') this.large = before & value;
    else if (this.operator === 'or') this.large = before | value;
    else this.large = before ^ value;
    this.isEmpty = false;
  }

  result(): Integer | null {
    if (this.isEmpty) return null;
    return this.large === undefined ? this.small : toInteger(this.large)!;
  }
}

function numberOf(slot: string | number): LongDouble | undefined {
  const integer = typeof slot === 'number' ? slot : parseInteger(slot);
  return integer === undefined ? extendedOfElement(slot as string) : extendedOfInteger(integer);
}

function wholeOf(slot: string | number): bigint | undefined {
  const integer = typeof slot === 'number' ? slot : parseInteger(slot);
  if (integer !== undefined) return BigInt(integer);
  const value = extendedOfElement(slot as string);
  if (value === undefined || value.infinite) return undefined;
  // Also what lies less than one beyond the bounds is too large.
  if (compareExtended(value, GREATEST) > 0 || compareExtended(value, LEAST) < 0) return undefined;
  return truncateExtended(value);
}

const GREATEST = extendedOfInteger(MAX_INT64);
const LEAST = extendedOfInteger(MIN_INT64);
