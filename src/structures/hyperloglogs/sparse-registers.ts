import type { RawString } from '../strings/raw-string.ts';
import { setDenseRegister } from './dense-registers.ts';
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

function isZero(opcode: number): boolean {
  return opcode < 0x40;
}

function isValue(opcode: number): boolean {
  return opcode >= 0x80;
}

function valueIn(opcode: number): number {
  return ((opcode >> 2) & 0x1f) + 1;
}

function valueCount(opcode: number): number {
  return (opcode & 3) + 1;
}

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

/** Writes what says that so many registers hold 0; returns where that ends. */
function writeZeros(bytes: Uint8Array, at: number, count: number): number {
  if (count > MAX_ZEROS) {
    writeXzero(bytes, at, count);
    return at + 2;
  }
  bytes[at] = count - 1;
  return at + 1;
}

/**
 * Walks over the runs.
 *
 * @param visit is given each run: its registers' value (0 where it is one of zeros), its first register and their number
 * @returns whether the runs are those of all registers
 */
function walk(
  bytes: Uint8Array,
  end: number,
  visit: (value: number, first: number, count: number) => void,
): boolean {
  let register = 0;
  for (let at = HEADER_BYTES; at < end; ) {
    const opcode = bytes[at]!;
    let count: number;
    let value = 0;
    if (isValue(opcode)) {
      count = valueCount(opcode);
      value = valueIn(opcode);
      at++;
    } else if (isZero(opcode)) {
      count = opcode + 1;
      at++;
    } else {
      count = xzeroCount(bytes, at, end);
      at += 2;
    }
    if (register + count > REGISTER_COUNT) return false;
    visit(value, register, count);
    register += count;
  }
  return register === REGISTER_COUNT;
}

/**
 * Counts in `histogram` how many registers hold each value. O(bytes).
 *
 * @returns false if the opcodes are damaged
 */
export function countSparse(raw: RawString, histogram: Int32Array): boolean {
  return walk(raw.storage, raw.length, (value, _first, count) => {
    histogram[value]! += count;
  });
}

/**
 * Raises each of `registers`, a byte for each, to what it is here, if that is more. O(bytes).
 *
 * @returns false if the opcodes are damaged; some registers may have been raised then
 */
export function mergeSparse(raw: RawString, registers: Uint8Array): boolean {
  return walk(raw.storage, raw.length, (value, first, count) => {
    if (value === 0) return;
    for (let register = first; register < first + count; register++)
      if (value > registers[register]!) registers[register] = value;
  });
}

/**
 * Writes the registers in six bits each behind the header of `target`, where all of them are 0. O(bytes).
 *
 * @returns false if the opcodes are damaged
 */
export function unpackSparse(raw: RawString, target: Uint8Array): boolean {
  return walk(raw.storage, raw.length, (value, first, count) => {
    if (value === 0) return;
    for (let register = first; register < first + count; register++)
      setDenseRegister(target, HEADER_BYTES, register, value);
  });
}

/** The opcodes in words: `z:9` for ZERO, `Z:8581` for XZERO, `v:3,1` for one register that holds 3. O(bytes). */
export function describeSparse(raw: RawString): string {
  const words: string[] = [];
  const bytes = raw.storage;
  for (let at = HEADER_BYTES; at < raw.length; at++) {
    const opcode = bytes[at]!;
    if (isValue(opcode)) words.push(`v:${valueIn(opcode)},${valueCount(opcode)}`);
    else if (isZero(opcode)) words.push(`z:${opcode + 1}`);
    else words.push(`Z:${xzeroCount(bytes, at++, raw.length)}`);
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

  /** Makes the register hold the value, 1 to 63, if it holds less. */
  raise(register: number, value: number): SparseOutcome {
    if (value > MAX_SPARSE_VALUE) return SparseOutcome.doesNotFit;
    if (!this.find(register)) return SparseOutcome.damaged;
    const { raw, at } = this;
    const opcode = raw.storage[at]!;
    if (isValue(opcode) && valueIn(opcode) >= value) return SparseOutcome.unchanged;
    if (this.count === 1 && (isValue(opcode) || isZero(opcode))) {
      raw.edit()[at] = valueOpcode(value, 1);
      this.mergeRuns();
      return SparseOutcome.changed;
    }
    const length = this.splitRun(opcode, register, value);
    const replaced = isValue(opcode) || isZero(opcode) ? 1 : 2;
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
      const opcode = bytes[at]!;
      const isLong = (opcode & 0xc0) === 0x40;
      const count = isLong ? xzeroCount(bytes, at, end) : isValue(opcode) ? valueCount(opcode) : opcode + 1;
      if (register < first + count) {
        this.at = at;
        this.previousAt = previousAt;
        this.first = first;
        this.count = count;
        this.knownFirst = previousFirst;
        return true;
      }
      previousAt = at;
      previousFirst = first;
      at += isLong ? 2 : 1;
      first += count;
    }
    return false;
  }

  /** Writes to {@link replacement} what the run found becomes; returns how many bytes that is. */
  private splitRun(opcode: number, register: number, value: number): number {
    const before = register - this.first;
    const after = this.first + this.count - 1 - register;
    let length = 0;
    if (isValue(opcode)) {
      const old = valueIn(opcode);
      if (before > 0) replacement[length++] = valueOpcode(old, before);
      replacement[length++] = valueOpcode(value, 1);
      if (after > 0) replacement[length++] = valueOpcode(old, after);
    } else {
      if (before > 0) length = writeZeros(replacement, length, before);
      replacement[length++] = valueOpcode(value, 1);
      if (after > 0) length = writeZeros(replacement, length, after);
    }
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
      if (!isValue(opcode)) {
        at += isZero(opcode) ? 1 : 2;
        continue;
      }
      const next = at + 1 < end ? bytes[at + 1]! : 0;
      const count = valueCount(opcode) + valueCount(next);
      if (isValue(next) && valueIn(next) === valueIn(opcode) && count <= MAX_VALUES) {
        bytes[at + 1] = valueOpcode(valueIn(opcode), count);
        bytes.copyWithin(at, at + 1, end);
        end--;
      } else {
        at++;
      }
    }
    if (end < raw.length) raw.cut(end);
  }
}
