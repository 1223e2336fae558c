import { BEYOND_COMPONENTS, type RawVector, rawByteLength } from './quantisation.ts';
import { chunksBytes, makeRoom, SlotLayout } from './slot-layout.ts';
import type { Query, Vectors } from './vectors.ts';

const { fround } = Math;

/** Vectors as they are, of 32-bit floats. */
export class FloatVectors implements Vectors<Float32Array> {
  readonly quantisation = 'f32';
  readonly dimension: number;
  readonly #layout: SlotLayout;
  readonly #chunks: Float32Array[] = [];

  constructor(dimension: number) {
    this.dimension = dimension;
    this.#layout = new SlotLayout(dimension);
  }

  put(slot: number, normalised: Float32Array): void {
    makeRoom(this.#layout, this.#chunks, slot, create);
    this.#chunks[slot >> this.#layout.shift]!.set(normalised, this.#start(slot));
  }

  putRaw(slot: number, raw: RawVector): boolean {
    const { bytes } = raw;
    if (bytes.length !== rawByteLength(this.dimension, 'f32') || raw.range !== undefined) return false;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const vector = new Float32Array(this.dimension);
    for (let at = 0; at < vector.length; at++) vector[at] = view.getFloat32(at * 4, true);
    if (!vector.every((component) => Math.abs(component) < BEYOND_COMPONENTS)) return false;
    this.put(slot, vector);
    return true;
  }

  raw(slot: number): Omit<RawVector, 'norm'> {
    const bytes = new Uint8Array(rawByteLength(this.dimension, 'f32'));
    const view = new DataView(bytes.buffer);
    const vector = this.#row(slot);
    for (let at = 0; at < vector.length; at++) view.setFloat32(at * 4, vector[at]!, true);
    return { bytes, range: undefined };
  }

  components(slot: number): Float32Array {
    return this.#row(slot).slice();
  }

  queryOf(normalised: Float32Array): Query<Float32Array> {
    return { words: normalised.slice(), start: 0, scale: 1 };
  }

  queryAt(slot: number): Query<Float32Array> {
    return { words: this.#chunks[slot >> this.#layout.shift]!, start: this.#start(slot), scale: 1 };
  }

  distance(query: Query<Float32Array>, slot: number): number {
    const dot = dotProduct(
      query.words,
      query.start,
      this.#chunks[slot >> this.#layout.shift]!,
      this.#start(slot),
      this.dimension,
    );
    return fround(1 - fround(dot));
  }

  distanceBetween(slot: number, other: number): number {
    const chunks = this.#chunks;
    const { shift } = this.#layout;
    const first = chunks[slot >> shift]!;
    const second = chunks[other >> shift]!;
    const dot = dotProduct(first, this.#start(slot), second, this.#start(other), this.dimension);
    return fround(1 - fround(dot));
  }

  get heapBytes(): number {
    return chunksBytes(this.#chunks);
  }

  clone(): FloatVectors {
    const copy = new FloatVectors(this.dimension);
    for (const chunk of this.#chunks) copy.#chunks.push(chunk.slice());
    return copy;
  }

  #start(slot: number): number {
    return (slot & this.#layout.mask) * this.dimension;
  }

  #row(slot: number): Float32Array {
    const start = this.#start(slot);
    return this.#chunks[slot >> this.#layout.shift]!.subarray(start, start + this.dimension);
  }
}

function create(length: number): Float32Array {
  return new Float32Array(length);
}

/** Four sums, lest each addition waits for the one before. */
function dotProduct(
  first: Float32Array,
  firstStart: number,
  second: Float32Array,
  secondStart: number,
  dimension: number,
): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let at = firstStart;
  let other = secondStart;
  const end = firstStart + dimension;
  for (; at + 7 < end; at += 8, other += 8) {
    sum0 += first[at]! * second[other]! + first[at + 4]! * second[other + 4]!;
    sum1 += first[at + 1]! * second[other + 1]! + first[at + 5]! * second[other + 5]!;
    sum2 += first[at + 2]! * second[other + 2]! + first[at + 6]! * second[other + 6]!;
    sum3 += first[at + 3]! * second[other + 3]! + first[at + 7]! * second[other + 7]!;
  }
  for (; at < end; at++, other++) sum0 += first[at]! * second[other]!;
  return sum0 + sum1 + (sum2 + sum3);
}
