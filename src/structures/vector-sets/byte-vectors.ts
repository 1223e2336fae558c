import { type RawVector, rawByteLength } from './quantisation.ts';
import { makeRoom, SlotLayout } from './slot-layout.ts';
import type { Query, Vectors } from './vectors.ts';

const { fround } = Math;

/**
 * Vectors of signed bytes, each with a range: the byte 127 stands for the greatest absolute component. Products of bytes
 * are summed exactly; what follows is rounded to 32 bits where Redis rounds, so that similarities are Redis's to the
 * last digit.
 */
export class ByteVectors implements Vectors<Int8Array> {
  readonly quantisation = 'int8';
  readonly dimension: number;
  readonly #layout: SlotLayout;
  readonly #chunks: Int8Array[] = [];
  /** By slot: the range, and the range divided by 127. */
  readonly #ranges: number[] = [];
  readonly #scales: number[] = [];

  constructor(dimension: number) {
    this.dimension = dimension;
    this.#layout = new SlotLayout(dimension);
  }

  put(slot: number, normalised: Float32Array): void {
    const row = this.#rowFor(slot);
    this.#setRange(slot, quantise(normalised, row));
  }

  putRaw(slot: number, raw: RawVector): boolean {
    const { bytes, range } = raw;
    if (bytes.length !== rawByteLength(this.dimension, 'int8') || range === undefined) return false;
    // A component of a vector of length 1 is at most 1, up to rounding.
    if (!(range >= 0 && range < 1.01) || fround(range) !== range) return false;
    this.#rowFor(slot).set(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length));
    this.#setRange(slot, range);
    return true;
  }

  raw(slot: number): Omit<RawVector, 'norm'> {
    const row = this.#row(slot);
    return {
      bytes: new Uint8Array(row.buffer, row.byteOffset, row.length).slice(),
      range: this.#ranges[slot]!,
    };
  }

  components(slot: number): Float32Array {
    const range = this.#ranges[slot]!;
    return Float32Array.from(this.#row(slot), (byte) => fround(byte * range) / 127);
  }

  queryOf(normalised: Float32Array): Query<Int8Array> {
    const words = new Int8Array(this.dimension);
    const range = quantise(normalised, words);
    return { words, scale: fround(range / 127) };
  }

  queryAt(slot: number): Query<Int8Array> {
    return { words: this.#row(slot), scale: this.#scales[slot]! };
  }

  distance(query: Query<Int8Array>, slot: number): number {
    const chunk = this.#chunks[slot >> this.#layout.shift]!;
    const dot = dotProduct(query.words, 0, chunk, this.#start(slot), this.dimension);
    return toDistance(dot, query.scale, this.#scales[slot]!);
  }

  distanceBetween(slot: number, other: number): number {
    const chunks = this.#chunks;
    const { shift } = this.#layout;
    const first = chunks[slot >> shift]!;
    const second = chunks[other >> shift]!;
    const dot = dotProduct(first, this.#start(slot), second, this.#start(other), this.dimension);
    return toDistance(dot, this.#scales[slot]!, this.#scales[other]!);
  }

  clone(): ByteVectors {
    const copy = new ByteVectors(this.dimension);
    for (const chunk of this.#chunks) copy.#chunks.push(chunk.slice());
    for (let slot = 0; slot < this.#ranges.length; slot++) copy.#setRange(slot, this.#ranges[slot]!);
    return copy;
  }

  #setRange(slot: number, range: number): void {
    this.#ranges[slot] = range;
    this.#scales[slot] = fround(range / 127);
  }

  #start(slot: number): number {
    return (slot & this.#layout.mask) * this.dimension;
  }

  #row(slot: number): Int8Array {
    const start = this.#start(slot);
    return this.#chunks[slot >> this.#layout.shift]!.subarray(start, start + this.dimension);
  }

  #rowFor(slot: number): Int8Array {
    makeRoom(this.#layout, this.#chunks, slot, create);
    return this.#row(slot);
  }
}

function create(length: number): Int8Array {
  return new Int8Array(length);
}

/** Fills in the bytes and returns the range. */
function quantise(vector: Float32Array, bytes: Int8Array): number {
  let range = 0;
  for (let at = 0; at < vector.length; at++) range = Math.max(range, Math.abs(vector[at]!));
  if (range === 0) {
    bytes.fill(0);
    return 0;
  }
  const scale = fround(127 / range);
  for (let at = 0; at < vector.length; at++) {
    const scaled = fround(vector[at]! * scale);
    // Halves go away from zero. Denormal ranges have an infinite scale: they do not occur in a vector of length 1.
    bytes[at] = scaled < 0 ? -Math.floor(0.5 - scaled) : Math.floor(scaled + 0.5);
  }
  return range;
}

function toDistance(dot: number, scale: number, otherScale: number): number {
  const distance = fround(1 - fround(fround(dot) * fround(scale * otherScale)));
  if (distance < 0) return 0;
  return distance > 2 ? 2 : distance;
}

/** The sum is exact: at most 65,536 products of at most 2^14. Two sums, lest each addition waits for the one before. */
function dotProduct(
  first: Int8Array,
  firstStart: number,
  second: Int8Array,
  secondStart: number,
  dimension: number,
): number {
  const { imul } = Math;
  let sum0 = 0;
  let sum1 = 0;
  let at = firstStart;
  let other = secondStart;
  const end = firstStart + dimension;
  for (; at + 7 < end; at += 8, other += 8) {
    sum0 =
      (sum0 +
        imul(first[at]!, second[other]!) +
        imul(first[at + 1]!, second[other + 1]!) +
        imul(first[at + 2]!, second[other + 2]!) +
        imul(first[at + 3]!, second[other + 3]!)) |
      0;
    sum1 =
      (sum1 +
        imul(first[at + 4]!, second[other + 4]!) +
        imul(first[at + 5]!, second[other + 5]!) +
        imul(first[at + 6]!, second[other + 6]!) +
        imul(first[at + 7]!, second[other + 7]!)) |
      0;
  }
  for (; at < end; at++, other++) sum0 = (sum0 + imul(first[at]!, second[other]!)) | 0;
  return (sum0 + sum1) | 0;
}
