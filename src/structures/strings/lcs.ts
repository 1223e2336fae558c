import { type ByteString, fromLatin1, toLatin1 } from '../../bytes/byte-string.ts';

/**
 * The longest common subsequence of two byte strings, as the LCS command finds it.
 *
 *            ""  b  a  c          length[i][j] for the first i bytes of a and j bytes of b.
 *       ""    0  0  0  0          Read back from the far corner: a common byte is taken; otherwise the step goes up
 *        a    0  0  1  1          only if that side is strictly longer, and left if not. This choice decides which
 *        c    0  0  1  2          of several longest subsequences, and which ranges, are answered.
 *
 * Only the choice is kept, one bit per cell, a thirty-second of the table Redis fills; and 32 cells are computed at a
 * time. All of it is O(a · b / 32) in time.
 */
export interface LcsMatch {
  /** First and last byte in `a`, both inclusive. */
  readonly a: readonly [first: number, last: number];
  /** First and last byte in `b`, both inclusive. */
  readonly b: readonly [first: number, last: number];
  /** How many bytes. */
  readonly length: number;
}

/** What LCS IDX answers: the matching ranges from the last to the first, and the length of the whole subsequence. */
export interface LcsRanges {
  readonly matches: LcsMatch[];
  readonly length: number;
}

/**
 * How many bytes Redis would take for its table, given the lengths in bytes. Above `proto-max-bulk-len` it refuses.
 */
export function lcsTableBytes(aLength: number, bLength: number): number {
  return (aLength + 1) * (bLength + 1) * 4;
}

/** The length in bytes of the longest common subsequence. O(a · b / 32) time, O(min(a, b)) memory. */
export function lcsLength(a: ByteString, b: ByteString): number {
  const x = toLatin1(a);
  const y = toLatin1(b);
  return x.length < y.length ? fillRows(y, x, undefined) : fillRows(x, y, undefined);
}

/** The longest common subsequence itself; which one, where there are several, is Redis's choice. */
export function lcsText(a: ByteString, b: ByteString): ByteString {
  const x = toLatin1(a);
  const y = toLatin1(b);
  const table = new ChoiceTable(x.length, y.length);
  const units = new Array<string>(fillRows(x, y, table));
  let at = units.length;
  walkBack(x, y, table, (i) => {
    units[--at] = x[i]!;
  });
  return fromLatin1(units.join(''));
}

/** The ranges in which both strings run in step, without those shorter than `minLength` bytes. */
export function lcsRanges(a: ByteString, b: ByteString, minLength = 0): LcsRanges {
  const x = toLatin1(a);
  const y = toLatin1(b);
  const table = new ChoiceTable(x.length, y.length);
  const total = fillRows(x, y, table);
  const matches: LcsMatch[] = [];
  let firstA = -1;
  let firstB = -1;
  let length = 0;
  const emit = () => {
    if (length > 0 && length >= minLength) {
      matches.push({ a: [firstA, firstA + length - 1], b: [firstB, firstB + length - 1], length });
    }
    length = 0;
  };
  walkBack(x, y, table, (i, j) => {
    if (i !== firstA - 1 || j !== firstB - 1) emit();
    firstA = i;
    firstB = j;
    length++;
  });
  emit();
  return { matches, length: total };
}

/** For each pair of bytes that differ, whether the longer rest lies with the byte of `a` left out: a bit each. */
class ChoiceTable {
  /** Rows begin at whole words. */
  readonly words: Uint32Array;
  readonly wordsPerRow: number;

  constructor(rows: number, columns: number) {
    this.wordsPerRow = Math.ceil(columns / 32);
    this.words = new Uint32Array(rows * this.wordsPerRow);
  }

  isUp(row: number, column: number): boolean {
    return ((this.words[row * this.wordsPerRow + (column >>> 5)]! >>> (column & 31)) & 1) === 1;
  }
}

/**
 * Computes the lengths of all pairs of beginnings, 32 at a time, and returns that of the whole strings.
 *
 * A row is kept as bits, one for each byte of `y`: clear where the length grows by one from that byte's left to the
 * byte itself. With M the bits of the bytes of `y` that equal the row's byte of `x`, the next row is
 * `(row + (row & M)) | (row & ~M)`, where the carry of the sum hands an increment on to the next match.
 * Where the bytes differ, the length grows exactly if the longer rest lies above: the clear bits are the choices.
 */
function fillRows(x: string, y: string, table: ChoiceTable | undefined): number {
  const columns = y.length;
  const wordCount = Math.ceil(columns / 32);
  const matches = matchesOf(y, wordCount);
  const none = new Uint32Array(wordCount);
  const row = new Uint32Array(wordCount).fill(0xffffffff);
  for (let i = 0; i < x.length; i++) {
    const match = matches.get(x.charCodeAt(i)) ?? none;
    let carry = 0;
    for (let word = 0; word < wordCount; word++) {
      const bits = row[word]!;
      const met = match[word]!;
      const sum = bits + ((bits & met) >>> 0) + carry;
      carry = sum > 0xffffffff ? 1 : 0;
      row[word] = sum | (bits & ~met);
    }
    if (table === undefined) continue;
    const firstWord = i * wordCount;
    for (let word = 0; word < wordCount; word++) table.words[firstWord + word] = ~row[word]!;
  }
  let length = 0;
  for (let j = 0; j < columns; j++) if (((row[j >>> 5]! >>> (j & 31)) & 1) === 0) length++;
  return length;
}

/** For each byte that occurs, the positions at which it does, as bits. */
function matchesOf(y: string, wordCount: number): Map<number, Uint32Array> {
  const matches = new Map<number, Uint32Array>();
  for (let j = 0; j < y.length; j++) {
    const unit = y.charCodeAt(j);
    let words = matches.get(unit);
    if (words === undefined) {
      words = new Uint32Array(wordCount);
      matches.set(unit, words);
    }
    words[j >>> 5] = words[j >>> 5]! | (1 << (j & 31));
  }
  return matches;
}

/** Visits the index pairs of the subsequence from the last to the first. */
function walkBack(x: string, y: string, table: ChoiceTable, visit: (i: number, j: number) => void): void {
  let i = x.length - 1;
  let j = y.length - 1;
  while (i >= 0 && j >= 0) {
    if (x[i] === y[j]) visit(i--, j--);
    else if (table.isUp(i, j)) i--;
    else j--;
  }
}
