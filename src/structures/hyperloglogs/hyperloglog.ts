import type { RawString } from '../strings/raw-string.ts';
import {
  countDense,
  countWords,
  DENSE_REGISTER_BYTES,
  denseRegister,
  mergeDense,
  packDense,
  registerInWords,
  setDenseRegister,
  WORD_COUNT,
} from './dense-registers.ts';
import { REGISTER_COUNT, rankOf, registerOf } from './element-place.ts';
import { estimate } from './estimate.ts';
import {
  countSparse,
  describeSparse,
  HEADER_BYTES,
  mergeSparse,
  noSparseRegisters,
  SparseOutcome,
  SparseWriter,
} from './sparse-registers.ts';

/**
 * A HyperLogLog: a string of Redis's layout, which counts different elements in at most 12 KB.
 *
 *     0        4          5          8                 16
 *     H Y L L  encoding   (unused)   cached estimate   registers …
 *              0 dense               64 bits, little   dense: 16384 of six bits
 *              1 sparse              endian            sparse: opcodes for runs of them
 *
 * Each element chooses a register by a part of its hash, and raises it to a rank taken from the rest: rank r comes about
 * once in 2^r. How many elements there were is estimated from the registers.
 *
 * Invariants:
 *
 * 1. {@link isHyperLogLog} holds: the letters, one of the two encodings, and the one length that dense registers have.
 *    All functions here ask for that, and none for more: what else is damaged they say, or count as it is.
 * 2. The highest bit of the cached estimate is set where the estimate is not that of the registers.
 * 3. What was made by these functions alone has the registers in order: see `sparse-registers.ts`.
 */

const MAGIC = [0x48, 0x59, 0x4c, 0x4c] as const;
const ENCODING_AT = 4;
const CACHE_AT = 8;
const CACHE_BYTES = 8;
const STALE_AT = CACHE_AT + CACHE_BYTES - 1;
const STALE = 0x80;
const DENSE = 0;
const SPARSE = 1;
const DENSE_BYTES = HEADER_BYTES + DENSE_REGISTER_BYTES;
/** Values of six bits. */
const VALUE_COUNT = 64;

const histogram = new Int32Array(VALUE_COUNT);

/** What came of adding an element. */
export type Added = 'unchanged' | 'changed' | 'damaged';

/** The bytes of a HyperLogLog that has seen nothing. */
export function emptyHyperLogLog(): Uint8Array {
  const bytes = noSparseRegisters();
  bytes.set(MAGIC);
  bytes[ENCODING_AT] = SPARSE;
  return bytes;
}

/** Whether a string has the form of a HyperLogLog. What its registers say is not looked at. O(1). */
export function isHyperLogLog(raw: RawString): boolean {
  if (raw.length < HEADER_BYTES) return false;
  const bytes = raw.storage;
  if (
    bytes[0] !== MAGIC[0] ||
    bytes[1] !== MAGIC[1] ||
    bytes[2] !== MAGIC[2] ||
    bytes[3] !== MAGIC[3] ||
    bytes[ENCODING_AT]! > SPARSE
  )
    return false;
  return bytes[ENCODING_AT] === SPARSE || raw.length === DENSE_BYTES;
}

/** Whether it is in the dense encoding. */
export function isDense(raw: RawString): boolean {
  return raw.storage[ENCODING_AT] === DENSE;
}

/** Says that the cached estimate is none any longer. */
export function markStale(raw: RawString): void {
  if (raw.storage[STALE_AT]! < STALE) raw.edit()[STALE_AT]! |= STALE;
}

/** The estimate it had when it was last asked for, or `undefined` if it has changed since. O(1). */
export function cachedEstimate(raw: RawString): number | bigint | undefined {
  const bytes = raw.storage;
  if (bytes[STALE_AT]! >= STALE) return undefined;
  const low = (bytes[8]! | (bytes[9]! << 8) | (bytes[10]! << 16) | (bytes[11]! << 24)) >>> 0;
  const high = bytes[12]! | (bytes[13]! << 8) | (bytes[14]! << 16) | (bytes[15]! << 24);
  const value = high * 2 ** 32 + low;
  return Number.isSafeInteger(value) ? value : (BigInt(high) << 32n) | BigInt(low);
}

/** Remembers an estimate. */
export function cacheEstimate(raw: RawString, value: number | bigint): void {
  const bytes = raw.edit();
  const view = new DataView(bytes.buffer, bytes.byteOffset + CACHE_AT, CACHE_BYTES);
  view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
}

/** The estimate of these registers; `undefined` if they are damaged. O(registers). */
export function estimateOf(raw: RawString): number | bigint | undefined {
  histogram.fill(0);
  if (isDense(raw)) countDense(raw.storage, HEADER_BYTES, histogram);
  else if (!countSparse(raw, histogram)) return undefined;
  return estimate(histogram);
}

/** The estimate of merged registers. O(registers). */
export function estimateOfWords(words: Int32Array): number | bigint {
  histogram.fill(0);
  countWords(words, histogram);
  return estimate(histogram);
}

/** Merged registers that hold 0, for {@link mergeInto}. */
export function noWords(): Int32Array {
  return new Int32Array(WORD_COUNT);
}

/**
 * Raises each of the merged registers to what it is here, if that is more. O(registers).
 *
 * @returns false if the registers here are damaged; some of the others may have been raised then
 */
export function mergeInto(raw: RawString, words: Int32Array): boolean {
  if (!isDense(raw)) return mergeSparse(raw, words);
  mergeDense(raw.storage, HEADER_BYTES, words);
  return true;
}

/**
 * Adds an element, given by its place. O(1) for dense registers, O(bytes) for sparse ones, which may become dense on
 * the way. The cached estimate is left as it is.
 *
 * @param maxSparseBytes up to which length it stays sparse
 */
export function addPlace(raw: RawString, place: number, maxSparseBytes: number): Added {
  const register = registerOf(place);
  const rank = rankOf(place);
  if (isDense(raw)) return raiseDense(raw, register, rank);
  switch (new SparseWriter(raw, maxSparseBytes).raise(register, rank)) {
    case SparseOutcome.unchanged:
      return 'unchanged';
    case SparseOutcome.changed:
      return 'changed';
    case SparseOutcome.damaged:
      return 'damaged';
    default:
      return makeDense(raw) ? raiseDense(raw, register, rank) : 'damaged';
  }
}

/**
 * The same for several elements, in this order. O(elements) for dense registers; O(bytes + elements · log elements) for
 * sparse ones, and O(bytes) for each element that changes them.
 *
 * @returns `'damaged'` if any of them could not be added; nothing has been changed then
 */
export function addPlaces(raw: RawString, places: readonly number[], maxSparseBytes: number): Added {
  const isChanging = isDense(raw) ? undefined : changingPlaces(raw, places, maxSparseBytes);
  if (isChanging === 'damaged') return 'damaged';
  if (isChanging?.size === 0) return 'unchanged';
  const before = isChanging === undefined ? undefined : raw.bytes.slice();
  let isChanged = false;
  for (const place of places) {
    if (isChanging !== undefined && !isChanging.has(place)) continue;
    const added = addPlace(raw, place, maxSparseBytes);
    if (added === 'changed') isChanged = true;
    else if (added === 'damaged') {
      // Only sparse registers are ever damaged.
      raw.replace(before!);
      return 'damaged';
    }
  }
  return isChanged ? 'changed' : 'unchanged';
}

/**
 * Those of the places that would change sparse registers as they are now: in a counter that has run for some time hardly
 * any. In their order they are found by going over the opcodes once.
 */
function changingPlaces(
  raw: RawString,
  places: readonly number[],
  maxSparseBytes: number,
): ReadonlySet<number> | 'damaged' {
  const changing = new Set<number>();
  const writer = new SparseWriter(raw, maxSparseBytes);
  for (const place of Int32Array.from(places).sort()) {
    const outcome = writer.probe(registerOf(place), rankOf(place));
    if (outcome === SparseOutcome.damaged) return 'damaged';
    if (outcome !== SparseOutcome.unchanged) changing.add(place);
  }
  return changing;
}

function raiseDense(raw: RawString, register: number, value: number): Added {
  if (denseRegister(raw.storage, HEADER_BYTES, register) >= value) return 'unchanged';
  setDenseRegister(raw.edit(), HEADER_BYTES, register, value);
  return 'changed';
}

/**
 * Gives it the dense encoding, if it has the other. O(registers).
 *
 * @returns false if the registers are damaged; nothing has been changed then
 */
export function makeDense(raw: RawString): boolean {
  if (isDense(raw)) return true;
  const words = noWords();
  if (!mergeSparse(raw, words)) return false;
  const bytes = new Uint8Array(DENSE_BYTES);
  bytes.set(raw.storage.subarray(0, HEADER_BYTES));
  bytes[ENCODING_AT] = DENSE;
  packDense(words, bytes, HEADER_BYTES);
  raw.replace(bytes);
  return true;
}

/**
 * Raises the registers, which are not damaged, to these, of which none is lower than here. O(registers).
 *
 * @param maxSparseBytes up to which length it stays sparse
 */
export function raiseTo(raw: RawString, words: Int32Array, maxSparseBytes: number): void {
  if (!isDense(raw)) {
    const writer = new SparseWriter(raw, maxSparseBytes);
    for (let register = 0; register < REGISTER_COUNT; register++) {
      const value = registerInWords(words, register);
      if (value === 0 || writer.raise(register, value) !== SparseOutcome.doesNotFit) continue;
      makeDense(raw);
      break;
    }
  }
  if (isDense(raw)) packDense(words, raw.edit(), HEADER_BYTES);
}

/** What each of the registers of a dense one holds. O(registers). */
export function registersOf(raw: RawString): number[] {
  const values = new Array<number>(REGISTER_COUNT);
  for (let register = 0; register < REGISTER_COUNT; register++)
    values[register] = denseRegister(raw.storage, HEADER_BYTES, register);
  return values;
}

/** The opcodes of a sparse one, in words. O(bytes). */
export function opcodesOf(raw: RawString): string {
  return describeSparse(raw);
}

/** For tests: throws unless all invariants hold, those of what was made by these functions alone included. O(registers). */
export function checkHyperLogLog(raw: RawString): void {
  raw.checkInvariants();
  if (!isHyperLogLog(raw)) throw new Error('this has not the form of a HyperLogLog');
  const counted = estimateOf(raw);
  if (counted === undefined) throw new Error('the runs are not those of all registers');
  const cached = cachedEstimate(raw);
  if (cached !== undefined && cached !== counted) throw new Error(`cached ${cached}, but it is ${counted}`);
  if (isDense(raw)) return;
  const words = describeSparse(raw).split(' ');
  for (const word of words) {
    if (word.startsWith('Z') && Number(word.slice(2)) <= 64) throw new Error(`${word} is too long an opcode`);
  }
}
