import type { RawString } from '../strings/raw-string.ts';
import { raiseInWords } from './dense-registers.ts';
import { REGISTER_COUNT } from './element-place.ts';

/**
 * Registers as runs of equal ones, for a HyperLogLog that has seen few elements. A run is one opcode:
 *
 *     00nnnnnn            ZERO    n + 1 registers hold 0, up to 64
 *     01nnnnnn nnnnnnnn   XZERO   n + 1 registers hold 0, up to 16384
 *     1vvvvvnn            VAL     n + 1 registers hold v + 1, up to 4 of them and up to 32
 *
 *     PFADD k x y z   →   XZERO:8581  VAL:1,1  XZERO:6350  VAL:3,1  XZERO:1441  VAL:2,1  ZERO:9
 *
 * They stand from {@link HEADER_BYTES} to the end of a string that anybody may have written. Hence nothing here relies on
 * the following, which holds for what was made by commands on HyperLogLogs:
 *
 * 1. The runs are those of all registers, of no more and no fewer.
 * 2. The last opcode is complete. (Where it is not, what is missing counts as zero, as in Redis.)
 *
 * Which opcodes stand for given registers depends on the order in which they came. Redis's are exactly these.
 */

/** Where registers begin, in either encoding. */
export const HEADER_BYTES = 16;

const MAX_ZEROS = 64;
const MAX_XZEROS = 16384;
/** The highest value of a register that has an opcode. */
export const MAX_SPARSE_VALUE = 32;
const MAX_VALUES = 4;

/** What came of setting a register. */
export const SparseOutcome = {
  /** It holds as much already. */
  unchanged: 0,
  changed: 1,
  /** There is no such register, because the opcodes are damaged. */
  damaged: 2,
  /** It would take more bytes than are allowed, or has no opcode. Nothing was changed. */
  doesNotFit: 3,
} as const;
export type SparseOutcome = (typeof SparseOutcome)[keyof typeof SparseOutcome];

/** What the registers of an opcode hold, 0 where it is one of zeros. */
const VALUES = Uint8Array.from({ length: 256 }, (_, opcode) =>
  opcode < 0x80 ? 0 : ((opcode >> 2) & 0x1f) + 1,
);
/** How many registers an opcode of one byte is for; 0 for those of two. */
const COUNTS = Uint8Array.from({ length: 256 }, (_, opcode) => {
  if (opcode >= 0x80) return (opcode & 3) + 1;
  return opcode < 0x40 ? opcode + 1 : 0;
});

function valueOpcode(value: number, count: number): number {
  return 0x80 | ((value - 1) << 2) | (count - 1);
}

/** How many registers the XZERO at `at` is for. */
function xzeroCount(bytes: Uint8Array, at: number, end: number): number {
  return (((bytes[at]! & 0x3f) << 8) | (at + 1 < end ? bytes[at + 1]! : 0)) + 1;
}

/** Bytes of a header, and opcodes that say that all registers hold 0. */
export function noSparseRegisters(): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + 2);
  writeXzero(bytes, HEADER_BYTES, MAX_XZEROS);
  return bytes;
}

function writeXzero(bytes: Uint8Array, at: number, count: number): void {
  bytes[at] = 0x40 | ((count - 1) >> 8);
  bytes[at + 1] = (count - 1) & 0xff;
}

/** Writes what says that so many registers hold the value; returns where that ends. */
function writeRun(bytes: Uint8Array, at: number, value: number, count: number): number {
  if (value === 0 && count > MAX_ZEROS) {
    writeXzero(bytes, at, count);
    return at + 2;
  }
  bytes[at] = value === 0 ? count - 1 : valueOpcode(value, count);
  return at + 1;
}

/**
 * Counts in `histogram` how many registers hold each value. O(bytes).
 *
 * @returns false if the opcodes are damaged
 */
export function countSparse(raw: RawString, histogram: Int32Array): boolean {
  const bytes = raw.storage;
  const end = raw.length;
  let register = 0;
  for (let at = HEADER_BYTES; at < end; at++) {
    const opcode = bytes[at]!;
    let count = COUNTS[opcode]!;
    if (count === 0) count = xzeroCount(bytes, at++, end);
    register += count;
    if (register > REGISTER_COUNT) return false;
    histogram[VALUES[opcode]!]! += count;
  }
  return register === REGISTER_COUNT;
}

/**
 * Raises each of `words` (see {@link mergeDense}) to what it is here, if that is more. O(bytes).
 *
 * @returns false if the opcodes are damaged; some registers may have been raised then
 */
export function mergeSparse(raw: RawString, words: Int32Array): boolean {
  const bytes = raw.storage;
  const end = raw.length;
  let register = 0;
  for (let at = HEADER_BYTES; at < end; at++) {
    const opcode = bytes[at]!;
    let count = COUNTS[opcode]!;
    if (count === 0) count = xzeroCount(bytes, at++, end);
    const next = register + count;
    if (next > REGISTER_COUNT) return false;
    const value = VALUES[opcode]!;
    if (value === 0) register = next;
    else for (; register < next; register++) raiseInWords(words, register, value);
  }
  return register === REGISTER_COUNT;
}

/** The opcodes in words: `z:9` for ZERO, `Z:8581` for XZERO, `v:3,1` for one register that holds 3. O(bytes). */
export function describeSparse(raw: RawString): string {
  const words: string[] = [];
  const bytes = raw.storage;
  for (let at = HEADER_BYTES; at < raw.length; at++) {
    const opcode = bytes[at]!;
    const count = COUNTS[opcode]!;
    if (count === 0) words.push(`Z:${xzeroCount(bytes, at++, raw.length)}`);
    else words.push(opcode < 0x40 ? `z:${count}` : `v:${VALUES[opcode]},${count}`);
  }
  return words.join(' ');
}

/** How many opcodes Redis looks at, from the one before a change on, for runs that have become one. */
const MERGE_REACH = 5;
/** No change puts more bytes in the place of an opcode: XZERO, VAL, XZERO. */
const MAX_REPLACEMENT = 5;
const replacement = new Uint8Array(MAX_REPLACEMENT);

/**
 * Sets registers, one at a time. Remembers about where the last one was, so that going up through many of them is
 * O(bytes) for all. For a single one it is O(bytes).
 */
export class SparseWriter {
  private readonly raw: RawString;
  private readonly maxBytes: number;
  /** Where an opcode begins that is before the one last found, and its first register. */
  private knownAt = HEADER_BYTES;
  private knownFirst = 0;
  /** The opcode that was found: where it is, where the one before it is (itself, if there is none), its registers. */
  private at = 0;
  private previousAt = 0;
  private first = 0;
  private count = 0;

  /** @param maxBytes how long the whole string may become */
  constructor(raw: RawString, maxBytes: number) {
    this.raw = raw;
    this.maxBytes = maxBytes;
  }

  /** What {@link raise} would come to; nothing is changed. */
  probe(register: number, value: number): SparseOutcome {
    if (value > MAX_SPARSE_VALUE) return SparseOutcome.doesNotFit;
    if (!this.find(register)) return SparseOutcome.damaged;
    return VALUES[this.raw.storage[this.at]!]! >= value ? SparseOutcome.unchanged : SparseOutcome.changed;
  }

  /** Makes the register hold the value, 1 to 63, if it holds less. */
  raise(register: number, value: number): SparseOutcome {
    const outcome = this.probe(register, value);
    if (outcome !== SparseOutcome.changed) return outcome;
    const { raw, at } = this;
    const opcode = raw.storage[at]!;
    const isOneByte = COUNTS[opcode] !== 0;
    if (isOneByte && this.count === 1) {
      raw.edit()[at] = valueOpcode(value, 1);
      this.mergeRuns();
      return SparseOutcome.changed;
    }
    const length = this.splitRun(VALUES[opcode]!, register, value);
    const replaced = isOneByte ? 1 : 2;
    const growth = length - replaced;
    if (growth > 0 && raw.length + growth > this.maxBytes) return SparseOutcome.doesNotFit;
    this.replace(replaced, length);
    this.mergeRuns();
    return SparseOutcome.changed;
  }

  /** Finds the opcode of a register. */
  private find(register: number): boolean {
    if (register < this.knownFirst) this.forget();
    if (!this.findFromKnown(register)) return false;
    if (this.previousAt === this.at && this.at !== HEADER_BYTES) {
      // The opcode before it is not known.
      this.forget();
      this.findFromKnown(register);
    }
    this.knownAt = this.previousAt;
    return true;
  }

  private forget(): void {
    this.knownAt = HEADER_BYTES;
    this.knownFirst = 0;
  }

  private findFromKnown(register: number): boolean {
    const bytes = this.raw.storage;
    const end = this.raw.length;
    let at = this.knownAt;
    let first = this.knownFirst;
    let previousAt = at;
    let previousFirst = first;
    while (at < end) {
      const short = COUNTS[bytes[at]!]!;
      const count = short === 0 ? xzeroCount(bytes, at, end) : short;
      const next = first + count;
      if (next > register) {
        this.at = at;
        this.previousAt = previousAt;
        this.first = first;
        this.count = count;
        this.knownFirst = previousFirst;
        return true;
      }
      previousAt = at;
      previousFirst = first;
      at += short === 0 ? 2 : 1;
      first = next;
    }
    return false;
  }

  /** Writes to {@link replacement} what the run found, of `old`, becomes; returns how many bytes that is. */
  private splitRun(old: number, register: number, value: number): number {
    const before = register - this.first;
    const after = this.first + this.count - 1 - register;
    let length = before === 0 ? 0 : writeRun(replacement, 0, old, before);
    replacement[length++] = valueOpcode(value, 1);
    if (after > 0) length = writeRun(replacement, length, old, after);
    return length;
  }

  /** Puts the first `length` bytes of {@link replacement} in the place of the opcode found, which has `replaced`. */
  private replace(replaced: number, length: number): void {
    const { raw, at } = this;
    const end = raw.length;
    const newEnd = end + length - replaced;
    const bytes = raw.edit(Math.max(end, newEnd));
    bytes.copyWithin(at + length, at + replaced, end);
    // Only where the last opcode is incomplete they are more than there is room for: Redis's string ends there, too.
    for (let index = 0; index < length && at + index < newEnd; index++)
      bytes[at + index] = replacement[index]!;
    if (newEnd < end) raw.cut(newEnd);
  }

  /** Makes one run of neighbours that hold the same. */
  private mergeRuns(): void {
    const { raw } = this;
    const bytes = raw.storage;
    let end = raw.length;
    let at = this.previousAt;
    for (let left = MERGE_REACH; at < end && left > 0; left--) {
      const opcode = bytes[at]!;
      const value = VALUES[opcode]!;
      if (value === 0) {
        at += COUNTS[opcode] === 0 ? 2 : 1;
        continue;
      }
      const next = at + 1 < end ? bytes[at + 1]! : 0;
      const count = COUNTS[opcode]! + COUNTS[next]!;
      if (VALUES[next] === value && count <= MAX_VALUES) {
        bytes[at + 1] = valueOpcode(value, count);
        bytes.copyWithin(at, at + 1, end);
        end--;
      } else {
        at++;
      }
    }
    if (end < raw.length) raw.cut(end);
  }
}
