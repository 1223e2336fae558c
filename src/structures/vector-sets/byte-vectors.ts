import { BEYOND_COMPONENTS, type RawVector, rawByteLength } from './quantisation.ts';
import { chunksBytes, makeRoom, SlotLayout } from './slot-layout.ts';
import type { Query, Vectors } from './vectors.ts';

const { fround } = Math;

/**
 * Vectors of signed bytes, each with a range: the byte 127 stands for the greatest absolute component. Products of bytes
 * are summed exactly; what follows is rounded to 32 bits where Redis rounds, so that similarities are Redis's to the
 * last digit.
 *
 * Four bytes are kept in a word, the first one lowest, and words are filled up with zeros to an even number: to read a
 * word and take it apart is faster than to read each byte.
 */
export class ByteVectors implements Vectors<Int32Array> {
  readonly quantisation = 'int8';
  readonly dimension: number;
  /** In words. */
  readonly #width: number;
  readonly #layout: SlotLayout;
  readonly #chunks: Int32Array[] = [];
  /** By slot: the range divided by 127, which is all that distances need; and the range. */
  #scales = new Float64Array(0);
  #ranges = new Float32Array(0);
  /** Whether any byte was ever -128, of which two pairs do not fit: only vectors that were restored may have such. */
  #hasLeast = false;

  constructor(dimension: number) {
    this.dimension = dimension;
    this.#width = 2 * Math.ceil(dimension / 8);
    this.#layout = new SlotLayout(this.#width);
  }

  put(slot: number, normalised: Float32Array): void {
    const range = quantise(normalised, this.#rowFor(slot));
    this.#setRange(slot, range);
  }

  putRaw(slot: number, raw: RawVector): boolean {
    const { bytes, range } = raw;
    if (bytes.length !== rawByteLength(this.dimension, 'int8') || range === undefined) return false;
    if (!(range >= 0 && range < BEYOND_COMPONENTS)) return false;
    const row = this.#rowFor(slot);
    row.fill(0);
    for (let at = 0; at < bytes.length; at++) setByte(row, at, bytes[at]!);
    if (bytes.includes(LEAST_BYTE)) this.#hasLeast = true;
    this.#setRange(slot, range);
    return true;
  }

  raw(slot: number): Omit<RawVector, 'norm'> {
    const row = this.#row(slot);
    const bytes = new Uint8Array(this.dimension);
    for (let at = 0; at < bytes.length; at++) bytes[at] = byteAt(row, at);
    return { bytes, range: this.#ranges[slot]! };
  }

  components(slot: number): Float32Array {
    const range = this.#ranges[slot]!;
    const row = this.#row(slot);
    const vector = new Float32Array(this.dimension);
    for (let at = 0; at < vector.length; at++) vector[at] = fround(byteAt(row, at) * range) / 127;
    return vector;
  }

  queryOf(normalised: Float32Array): Query<Int32Array> {
    const row = new Int32Array(this.#width);
    const range = quantise(normalised, row);
    return { words: pairsOf(row), start: 0, scale: fround(range / 127) };
  }

  queryAt(slot: number): Query<Int32Array> {
    return { words: pairsOf(this.#row(slot)), start: 0, scale: this.#scales[slot]! };
  }

  distance(query: Query<Int32Array>, slot: number): number {
    const chunk = this.#chunks[slot >> this.#layout.shift]!;
    const start = this.#start(slot);
    const dot = this.#hasLeast
      ? plainProduct(query.words, chunk, start, this.#width)
      : pairProduct(query.words, chunk, start, this.#width);
    return toDistance(dot, query.scale, this.#scales[slot]!);
  }

  distanceBetween(slot: number, other: number): number {
    const chunks = this.#chunks;
    const { shift } = this.#layout;
    const first = chunks[slot >> shift]!;
    const second = chunks[other >> shift]!;
    const dot = dotProduct(first, this.#start(slot), second, this.#start(other), this.#width);
    return toDistance(dot, this.#scales[slot]!, this.#scales[other]!);
  }

  get heapBytes(): number {
    return chunksBytes(this.#chunks) + chunksBytes([this.#ranges]) + chunksBytes([this.#scales]);
  }

  clone(): ByteVectors {
    const copy = new ByteVectors(this.dimension);
    for (const chunk of this.#chunks) copy.#chunks.push(chunk.slice());
    copy.#ranges = this.#ranges.slice();
    copy.#scales = this.#scales.slice();
    copy.#hasLeast = this.#hasLeast;
    return copy;
  }

  #setRange(slot: number, range: number): void {
    if (slot >= this.#ranges.length) {
      const length = Math.max(4, slot + 1 + (slot >> 1));
      const ranges = new Float32Array(length);
      ranges.set(this.#ranges);
      this.#ranges = ranges;
      const scales = new Float64Array(length);
      scales.set(this.#scales);
      this.#scales = scales;
    }
    this.#ranges[slot] = range;
    this.#scales[slot] = fround(range / 127);
  }

  #start(slot: number): number {
    return (slot & this.#layout.mask) * this.#width;
  }

  #row(slot: number): Int32Array {
    const start = this.#start(slot);
    return this.#chunks[slot >> this.#layout.shift]!.subarray(start, start + this.#width);
  }

  #rowFor(slot: number): Int32Array {
    makeRoom(this.#layout, this.#chunks, slot, create);
    return this.#row(slot);
  }
}

/** -128, unsigned. */
const LEAST_BYTE = 0x80;

function create(length: number): Int32Array {
  return new Int32Array(length);
}

function setByte(row: Int32Array, at: number, byte: number): void {
  row[at >> 2] = row[at >> 2]! | ((byte & 0xff) << ((at & 3) * 8));
}

/** Signed. */
function byteAt(row: Int32Array, at: number): number {
  return (row[at >> 2]! << (24 - (at & 3) * 8)) >> 24;
}

/** Fills in the bytes and returns the range. */
function quantise(vector: Float32Array, row: Int32Array): number {
  row.fill(0);
  let range = 0;
  for (let at = 0; at < vector.length; at++) range = Math.max(range, Math.abs(vector[at]!));
  if (range === 0) return 0;
  const scale = fround(127 / range);
  for (let at = 0; at < vector.length; at++) {
    const scaled = fround(vector[at]! * scale);
    // Halves go away from zero.
    setByte(row, at, scaled < 0 ? -Math.floor(0.5 - scaled) : Math.floor(scaled + 0.5));
  }
  return range;
}

function toDistance(dot: number, scale: number, otherScale: number): number {
  const distance = fround(1 - fround(fround(dot) * fround(scale * otherScale)));
  if (distance < 0) return 0;
  return distance > 2 ? 2 : distance;
}

/**
 * A vector taken apart, once for all those that it is compared with: of each word two pairs, of its first byte and its third, and
 * of its second and its fourth, in numbers of which the upper half is one and the lower half the other. The halves of those
 * words that are compared with it are the other way round, so that the upper half of a product
 *
 *     (first · 2^16 + third) · (third' · 2^16 + first')
 *
 * is two products and their sum: one multiplication for two, and half as much taking apart.
 */
function pairsOf(row: Int32Array): Int32Array {
  const pairs = new Int32Array(2 * row.length);
  for (let at = 0; at < row.length; at++) {
    const word = row[at]!;
    pairs[2 * at] = ((word << 24) >> 8) + ((word << 8) >> 24);
    pairs[2 * at + 1] = (((word << 16) >> 24) << 16) + (word >> 24);
  }
  return pairs;
}

/** The sum is exact: the upper half holds two products of at most 127 · 127, and rounding takes the lower half away. */
function pairProduct(pairs: Int32Array, words: Int32Array, start: number, width: number): number {
  const { imul } = Math;
  let sum0 = 0;
  let sum1 = 0;
  const end = start + width;
  for (let at = 0, other = start; other < end; at += 2, other++) {
    const word = words[other]!;
    // Two bytes at a time get their signs: bit 7 is turned over, and then counts as it should once it is taken away.
    const odd = (((word & 0xff00ff) ^ 0x800080) - 0x800080) | 0;
    const even = ((((word >>> 8) & 0xff00ff) ^ 0x800080) - 0x800080) | 0;
    sum0 = (sum0 + ((imul(pairs[at]!, odd) + 0x8000) >> 16)) | 0;
    sum1 = (sum1 + ((imul(pairs[at + 1]!, even) + 0x8000) >> 16)) | 0;
  }
  return (sum0 + sum1) | 0;
}

/** The same for any bytes. */
function plainProduct(pairs: Int32Array, words: Int32Array, start: number, width: number): number {
  let sum = 0;
  for (let at = 0; at < 4 * width; at++) {
    const pair = pairs[2 * (at >> 2) + (at & 1)]!;
    const second = (pair << 16) >> 16;
    const byte = (at & 2) === 0 ? (pair - second) >> 16 : second;
    const word = words[start + (at >> 2)]!;
    sum += byte * ((word << (24 - (at & 3) * 8)) >> 24);
  }
  return sum;
}

/** The sum is exact: at most 65,536 products of at most 2^14. Two sums, lest each addition waits for the one before. */
function dotProduct(
  first: Int32Array,
  firstStart: number,
  second: Int32Array,
  secondStart: number,
  width: number,
): number {
  const { imul } = Math;
  let sum0 = 0;
  let sum1 = 0;
  const end = firstStart + width;
  for (let at = firstStart, other = secondStart; at < end; at += 2, other += 2) {
    const a = first[at]!;
    const b = second[other]!;
    const c = first[at + 1]!;
    const d = second[other + 1]!;
    sum0 =
      (sum0 +
        imul((a << 24) >> 24, (b << 24) >> 24) +
        imul((a << 16) >> 24, (b << 16) >> 24) +
        imul((a << 8) >> 24, (b << 8) >> 24) +
        imul(a >> 24, b >> 24)) |
      0;
    sum1 =
      (sum1 +
        imul((c << 24) >> 24, (d << 24) >> 24) +
        imul((c << 16) >> 24, (d << 16) >> 24) +
        imul((c << 8) >> 24, (d << 8) >> 24) +
        imul(c >> 24, d >> 24)) |
      0;
  }
  return (sum0 + sum1) | 0;
}
