import { describe } from '../../bytes/byte-string.ts';
import { errors } from '../../errors.ts';
import type { Integer } from '../../numbers/integer.ts';
import { addUnsigned, MAX_UINT64, toUnsigned } from '../../numbers/unsigned.ts';
import type {
  ArrayBound,
  ArrayIndex,
  ArrayRange,
  IndexedValues,
  ManyIndexes,
  ManyRanges,
} from './array-options.ts';

// What the commands on arrays ask of their arguments, whether they come from typed callers or over the wire.

/** The greatest index there is. */
export const MAX_INDEX = MAX_UINT64 - 1n;

/**
 * An index in its one form.
 *
 * @param greatest where one more is allowed
 * @throws ReplyError if it is no index: no whole number, too small or too large, or a number that is not exact
 */
export function requireIndex(index: ArrayIndex, greatest = MAX_INDEX): Integer {
  if (typeof index === 'number') {
    // Adding 0 turns -0 into 0.
    if (Number.isSafeInteger(index) && index >= 0) return index + 0;
  } else if (typeof index === 'bigint' && index >= 0n && index <= greatest) {
    return toUnsigned(index);
  }
  throw errors.invalidArrayIndex();
}

/** @throws ReplyError if this is neither an index nor `'-'` nor `'+'` */
export function requireBound(bound: ArrayBound): Integer | '-' | '+' {
  return bound === '-' || bound === '+' ? bound : requireIndex(bound);
}

/** @throws ReplyError if one of them is no index, or there are none */
export function requireIndexes(indexes: ManyIndexes, command: string): Integer[] {
  if (typeof indexes !== 'object' || indexes === null) return [requireIndex(indexes)];
  const read: Integer[] = [];
  // Not by `map`, which passes over the holes of an array.
  for (const index of indexes) read.push(requireIndex(index));
  if (read.length === 0) throw errors.wrongArity(command);
  return read;
}

/** @throws ReplyError if one of them is no index, or there are none; TypeError if one is no pair */
export function requireRanges(ranges: ManyRanges, command: string): [Integer, Integer][] {
  if (!Array.isArray(ranges)) throw new TypeError(`expected [start, end], got ${describe(ranges)}`);
  const list = isRange(ranges) ? [ranges] : (ranges as readonly ArrayRange[]);
  const read: [Integer, Integer][] = [];
  for (const range of list) {
    if (!Array.isArray(range) || range.length !== 2)
      throw new TypeError(`expected [start, end], got ${describe(range)}`);
    read.push([requireIndex(range[0] as ArrayIndex), requireIndex(range[1] as ArrayIndex)]);
  }
  if (read.length === 0) throw errors.wrongArity(command);
  return read;
}

function isRange(ranges: ManyRanges): ranges is ArrayRange {
  return ranges.length === 2 && !Array.isArray(ranges[0]);
}

const DIGITS = /^(0|[1-9]\d*)$/;

/**
 * The pairs one by one, in whichever form they were given.
 *
 * @throws TypeError if it is none of these forms
 */
export function indexedValuesOf(values: IndexedValues): Iterable<readonly [ArrayIndex, unknown]> {
  if (values instanceof Map) return values as ReadonlyMap<ArrayIndex, unknown>;
  if (Array.isArray(values)) {
    for (const pair of values) {
      if (!Array.isArray(pair))
        throw new TypeError(`expected [index, value] in the array, got ${describe(pair)}`);
    }
    return values as readonly (readonly [ArrayIndex, unknown])[];
  }
  if (typeof values !== 'object' || values === null || values instanceof Uint8Array)
    throw new TypeError(`expected an array of pairs, a Map or an object, got ${describe(values)}`);
  return Object.entries(values).map(([name, value]) => {
    if (!DIGITS.test(name)) throw errors.invalidArrayIndex();
    return [toUnsigned(BigInt(name)), value] as const;
  });
}

/** The index so many after another. @throws ReplyError if there is none */
export function indexAfter(start: Integer, distance: number, error = errors.arrayIndexOverflow): Integer {
  const index = addUnsigned(start, distance);
  if (typeof index === 'bigint' && index > MAX_INDEX) throw error();
  return index;
}
