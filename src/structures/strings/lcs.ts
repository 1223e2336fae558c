import { type ByteString, fromLatin1, toLatin1 } from '../../bytes/byte-string.ts';

/**
 * The longest common subsequence of two byte strings, as the LCS command finds it.
 *
 *            ""  b  a  c          length[i][j] for the first i bytes of a and j bytes of b.
 *       ""    0  0  0  0          Read back from the far corner: a common byte is taken; otherwise the step goes up
 *        a    0  0  1  1          only if that side is strictly longer, and left if not. This choice decides which
 *        c    0  0  1  2          of several longest subsequences, and which ranges, are answered.
 *
 * Only the choice is kept, one bit per cell, and two rows of lengths: a thirty-second of the table Redis fills.
 * All of it is O(a · b) in time.
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

/** The length in bytes of the longest common subsequence. O(a · b) time, O(min(a, b)) memory. */
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

/** For each pair of bytes that differ, whether the longer rest lies with the byte of `a` left out. */
class ChoiceTable {
  readonly #bits: Uint32Array;
  readonly #columns: number;

  constructor(rows: number, columns: number) {
    this.#columns = columns;
    this.#bits = new Uint32Array(Math.ceil((rows * columns) / 32));
  }

  chooseUp(row: number, column: number): void {
    const cell = row * this.#columns + column;
    const at = Math.floor(cell / 32);
    this.#bits[at] = this.#bits[at]! | (1 << (cell % 32));
  }

  isUp(row: number, column: number): boolean {
    const cell = row * this.#columns + column;
    return ((this.#bits[Math.floor(cell / 32)]! >>> (cell % 32)) & 1) === 1;
  }
}

/** Computes all lengths row by row, notes the choices, and returns the last length. */
function fillRows(x: string, y: string, table: ChoiceTable | undefined): number {
  const columns = y.length;
  // One row serves as the one above and the one being written; `diagonal` saves the cell just overwritten.
  const row = new Uint32Array(columns + 1);
  const units = Uint8Array.from({ length: columns }, (_, column) => y.charCodeAt(column));
  for (let i = 0; i < x.length; i++) {
    const unit = x.charCodeAt(i);
    let diagonal = 0;
    let left = 0;
    for (let j = 0; j < columns; j++) {
      const up = row[j + 1]!;
      if (units[j] === unit) {
        left = diagonal + 1;
      } else if (up > left) {
        left = up;
        table?.chooseUp(i, j);
      }
      row[j + 1] = left;
      diagonal = up;
    }
  }
  return row[columns]!;
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
