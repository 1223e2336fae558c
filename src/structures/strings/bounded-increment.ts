import type { ByteString } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import { addLongDoubles, formatLongDouble, type LongDouble, parseLongDouble } from '../../numbers/decimal.ts';
import { addInt64, type Integer, MAX_INT64, MIN_INT64, toInteger } from '../../numbers/integer.ts';

/** What INCREX makes of a value. */
export interface BoundedStep<T> {
  /** Whether anything is to be changed. */
  readonly isDone: boolean;
  readonly value: T;
  /** By how much the value changed. */
  readonly applied: T;
}

/**
 * `current + by`, if that lies between the bounds (and is a 64-bit integer); else nothing, or with `isSaturating`
 * the bound it would have passed.
 *
 * @throws ReplyError if the way to the bound is no 64-bit integer
 */
export function addWithinIntegers(
  current: Integer,
  by: Integer,
  lower: Integer | undefined,
  upper: Integer | undefined,
  isSaturating: boolean,
): BoundedStep<Integer> {
  const sum = BigInt(current) + BigInt(by);
  const least = lower ?? MIN_INT64;
  const greatest = upper ?? MAX_INT64;
  const stop = sum < least ? least : sum > greatest ? greatest : undefined;
  if (stop === undefined) return { isDone: true, value: addInt64(current, by)!, applied: by };
  if (!isSaturating) return { isDone: false, value: current, applied: 0 };
  const applied = toInteger(BigInt(stop) - BigInt(current));
  if (applied === undefined) throw errors.appliedWouldOverflow();
  return { isDone: true, value: toInteger(stop)!, applied };
}

/**
 * The same in decimals. Everything but the current value is checked before that is looked at, as Redis does: hence
 * two steps.
 *
 * @throws ReplyError if the increment or a bound is no number, or the bounds are crossed; from the second step, if
 * the value is none
 */
export function addWithinDecimals(
  by: ByteString,
  bounds: { readonly lower: ByteString | undefined; readonly upper: ByteString | undefined },
  isSaturating: boolean,
): (current: ByteString) => BoundedStep<ByteString> {
  const increment = parseLongDouble(by);
  if (increment === undefined) throw errors.incrementNotAFloat();
  if (increment.infinite) throw errors.incrementInfinite();
  const lower = decimalBound(bounds.lower, 'LBOUND');
  const upper = decimalBound(bounds.upper, 'UBOUND');
  if (lower !== undefined && upper !== undefined && compare(lower, upper) > 0) throw errors.boundsCrossed();
  return (current) => {
    const value = parseLongDouble(current);
    if (value === undefined) throw errors.notAFloat();
    if (value.infinite) throw errors.valueInfinite();
    const sum = addLongDoubles(value, increment);
    const isBelow = sum === undefined ? increment.negative : lower !== undefined && compare(sum, lower) < 0;
    const isAbove = sum === undefined ? !increment.negative : upper !== undefined && compare(sum, upper) > 0;
    if (sum !== undefined && !isBelow && !isAbove) return stepTo(value, sum);
    const stop = isBelow ? lower : upper;
    if (!isSaturating || stop === undefined || stop.infinite) {
      return { isDone: false, value: formatLongDouble(value), applied: '0' };
    }
    return stepTo(value, stop);
  };
}

function stepTo(from: LongDouble, to: LongDouble): BoundedStep<ByteString> {
  const applied = addLongDoubles(to, negated(from));
  if (applied === undefined) throw errors.appliedWouldOverflow();
  return { isDone: true, value: formatLongDouble(to), applied: formatLongDouble(applied) };
}

function decimalBound(text: ByteString | undefined, name: 'LBOUND' | 'UBOUND'): LongDouble | undefined {
  if (text === undefined) return undefined;
  const parsed = parseLongDouble(text);
  if (parsed === undefined) throw errors.boundNotAFloat(name);
  return parsed;
}

function negated(value: LongDouble): LongDouble {
  return { ...value, negative: !value.negative };
}

function compare(a: LongDouble, b: LongDouble): number {
  if (a.infinite || b.infinite) return rank(a) - rank(b);
  const gap = addLongDoubles(a, negated(b));
  // No gap that can be said is a gap all the same.
  if (gap === undefined) return a.negative ? -1 : 1;
  return gap.mantissa === 0n ? 0 : gap.negative ? -1 : 1;
}

function rank(value: LongDouble): number {
  return value.infinite ? (value.negative ? -1 : 1) : 0;
}
