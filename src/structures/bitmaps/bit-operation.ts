/** How bitmaps are combined. X is the first source, Y are the others. */
export type BitOperation =
  /** The bits that all have. */
  | 'and'
  /** The bits that any has. */
  | 'or'
  /** The bits that an odd number of them has. */
  | 'xor'
  /** The bits that the only source does not have. */
  | 'not'
  /** The bits of X that no Y has. */
  | 'diff'
  /** The bits of any Y that X does not have. */
  | 'diff1'
  /** The bits of X that any Y has, too. */
  | 'andor'
  /** The bits that exactly one has. */
  | 'one';

/**
 * The bits of the sources combined, in bytes of their own, as many as the longest source has: where a source ends, zeros follow.
 * O(length · sources). One source after the other is folded into the result, in words of 32 bits.
 *
 * @param sources at least one; NOT looks at the first alone
 */
export function combineBits(operation: BitOperation, sources: readonly Uint8Array[]): Uint8Array {
  const length = sources.reduce((longest, source) => Math.max(longest, source.length), 0);
  const [first, ...others] = sources as readonly [Uint8Array, ...Uint8Array[]];
  // Zeros are behind the last byte, so that the last word is one like the others.
  const result = new Int32Array(Math.ceil(length / 4));
  const bytes = new Uint8Array(result.buffer, 0, length);
  switch (operation) {
    case 'diff1':
    case 'andor':
      for (const other of others) fold(or, result, other);
      fold(operation === 'diff1' ? andNot : and, result, first);
      break;
    case 'one':
      bytes.set(first);
      keepSingle(result, others);
      break;
    case 'not':
      bytes.set(first);
      turnOver(result);
      break;
    default:
      bytes.set(first);
      for (const other of others) fold(FOLDS[operation], result, other);
  }
  return bytes;
}

/** Changes the first words of the target by those of the source. */
type Fold = (target: Int32Array, source: Int32Array) => void;

function and(target: Int32Array, source: Int32Array): void {
  for (let at = 0; at < source.length; at++) target[at]! &= source[at]!;
}

function or(target: Int32Array, source: Int32Array): void {
  for (let at = 0; at < source.length; at++) target[at]! |= source[at]!;
}

function xor(target: Int32Array, source: Int32Array): void {
  for (let at = 0; at < source.length; at++) target[at]! ^= source[at]!;
}

function andNot(target: Int32Array, source: Int32Array): void {
  for (let at = 0; at < source.length; at++) target[at]! &= ~source[at]!;
}

const FOLDS = { and, or, xor, diff: andNot } as const;

/** The same for a source of bytes, which is shorter than the target or as long. */
function fold(change: Fold, target: Int32Array, source: Uint8Array): void {
  const words = wholeWords(source);
  change(target, words);
  let done = words.length;
  const rest = source.subarray(4 * done);
  if (rest.length > 0) {
    const last = new Int32Array(1);
    new Uint8Array(last.buffer).set(rest);
    change(target.subarray(done), last);
    done++;
  }
  if (change === and) target.fill(0, done);
}

/** As many words as the bytes fill; a copy where they do not begin where words do. */
function wholeWords(bytes: Uint8Array): Int32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
}

/** Leaves the bits that were set in the target or in one of the others, and in no two of them. */
function keepSingle(target: Int32Array, others: readonly Uint8Array[]): void {
  const repeated = new Int32Array(target.length);
  const common = new Int32Array(target.length);
  const commonBytes = new Uint8Array(common.buffer);
  for (const other of others) {
    commonBytes.fill(0);
    commonBytes.set(other);
    and(common, target);
    or(repeated, common);
    fold(or, target, other);
  }
  andNot(target, repeated);
}

function turnOver(words: Int32Array): void {
  for (let at = 0; at < words.length; at++) words[at] = ~words[at]!;
}
