import type { ByteString } from '../bytes/byte-string.ts';
import { parseInteger } from '../numbers/integer.ts';
import type { KeySpec } from './grammar/piece.ts';
import { isKeyword } from './grammar/token-reader.ts';

/** A key among the tokens of a command. */
export interface KeyPosition {
  /** Counted from the command's name, which is 0. */
  readonly index: number;
  /** What the command does with it, in the words of its key specification. */
  readonly flags: readonly string[];
}

/**
 * Where the keys are among these tokens (name included), by the key specifications of their command. `undefined` if
 * the tokens do not fit them: a number of keys that is none, or is larger than the command is long. O(tokens).
 */
export function keyPositions(
  specs: readonly KeySpec[],
  tokens: readonly ByteString[],
): KeyPosition[] | undefined {
  const positions: KeyPosition[] = [];
  for (const spec of specs) {
    const flags = spec.flagsOf?.(tokens) ?? spec.flags;
    if (spec.locate !== undefined) {
      for (const index of spec.locate(tokens)) positions.push({ index, flags });
      continue;
    }
    const range = rangeOf(spec, tokens);
    if (range === 'none') continue;
    if (range === 'bad') return undefined;
    for (let index = range.first; index <= range.last; index += range.step) positions.push({ index, flags });
  }
  return positions;
}

interface Range {
  readonly first: number;
  /** Included. */
  readonly last: number;
  readonly step: number;
}

function rangeOf({ begin, find }: KeySpec, tokens: readonly ByteString[]): Range | 'none' | 'bad' {
  if (begin === 'unknown' || find === 'unknown') return 'none';
  const start =
    'index' in begin
      ? begin.index
      : begin.search === undefined
        ? afterKeyword(begin.keyword, begin.startFrom, tokens)
        : begin.search(tokens) + 1 || -1;
  if (start < 0) return 'none';
  if (start >= tokens.length) return 'bad';
  const range =
    'lastKey' in find ? lastKeyRange(find, start, tokens.length) : countedRange(find, start, tokens);
  if (range === undefined || range.first >= tokens.length || range.last >= tokens.length) return 'bad';
  return range.last < range.first ? 'bad' : range;
}

/** The position behind a keyword, -1 without one. A negative start counts from the end, and searches backward. */
function afterKeyword(keyword: string, startFrom: number, tokens: readonly ByteString[]): number {
  const step = startFrom < 0 ? -1 : 1;
  for (
    let at = startFrom < 0 ? tokens.length + startFrom : startFrom;
    at > 0 && at < tokens.length;
    at += step
  ) {
    if (isKeyword(tokens[at]!, keyword)) return at + 1;
  }
  return -1;
}

type Find = Exclude<KeySpec['find'], 'unknown'>;

function lastKeyRange(find: Extract<Find, { lastKey: number }>, first: number, length: number): Range {
  const { lastKey, step, limit } = find;
  if (lastKey >= 0) return { first, last: first + lastKey, step };
  // A limit of two means the first half of what follows, and so on.
  const end = limit <= 1 ? length : first + Math.floor((length - first) / limit);
  return { first, last: end + lastKey, step };
}

function countedRange(
  find: Extract<Find, { keyNumberIndex: number }>,
  start: number,
  tokens: readonly ByteString[],
): Range | undefined {
  const count = parseInteger(tokens[start + find.keyNumberIndex] ?? '');
  if (typeof count !== 'number' || count < 1) return undefined;
  const first = start + find.firstKey;
  return { first, last: first + (count - 1) * find.step, step: find.step };
}

/** The older and coarser way to say where keys are: from the first to the last, so far apart. */
export interface LegacyKeyRange {
  readonly first: number;
  /** Negative: counted from the end. */
  readonly last: number;
  readonly step: number;
  /** Whether there are keys it does not cover (the flag `movablekeys`). */
  readonly isMovable: boolean;
}

/** What COMMAND INFO gives as first key, last key and step. */
export function legacyKeyRange(specs: readonly KeySpec[]): LegacyKeyRange {
  let first = 0;
  let last = 0;
  let step = 0;
  let isMovable = false;
  for (const { begin, find } of specs) {
    if (begin === 'unknown' || !('index' in begin) || find === 'unknown' || !('lastKey' in find)) {
      isMovable = true;
      continue;
    }
    const end = find.lastKey >= 0 ? begin.index + find.lastKey : find.lastKey;
    if (first === 0) {
      first = begin.index;
      last = end;
      step = find.step;
    } else if (last + 1 === begin.index && step === 1 && find.step === 1) {
      last = end;
    } else {
      isMovable = true;
    }
  }
  return { first, last, step, isMovable };
}
