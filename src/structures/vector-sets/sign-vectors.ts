import { type RawVector, rawByteLength } from './quantisation.ts';
import { chunksBytes, makeRoom, SlotLayout } from './slot-layout.ts';
import type { Query, Vectors } from './vectors.ts';

const { fround } = Math;

/** The signs of vectors: a bit for each component, set where that is positive. */
export class SignVectors implements Vectors<Int32Array> {
  readonly quantisation = 'bin';
  readonly dimension: number;
  /** In words of 32 bits, an even number of them. */
  readonly #width: number;
  readonly #layout: SlotLayout;
  readonly #chunks: Int32Array[] = [];

  constructor(dimension: number) {
    this.dimension = dimension;
    this.#width = rawByteLength(dimension, 'bin') / 4;
    this.#layout = new SlotLayout(this.#width);
  }

  put(slot: number, normalised: Float32Array): void {
    fillSigns(normalised, this.#rowFor(slot));
  }

  putRaw(slot: number, raw: RawVector): boolean {
    const { bytes } = raw;
    if (bytes.length !== rawByteLength(this.dimension, 'bin') || raw.range !== undefined) return false;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const row = new Int32Array(this.#width);
    for (let at = 0; at < row.length; at++) row[at] = view.getInt32(at * 4, true);
    for (let at = this.dimension; at < row.length * 32; at++) {
      // A bit behind the last component would count as one.
      if (bitAt(row, at) !== 0) return false;
    }
    this.#rowFor(slot).set(row);
    return true;
  }

  raw(slot: number): Omit<RawVector, 'norm'> {
    const bytes = new Uint8Array(rawByteLength(this.dimension, 'bin'));
    const view = new DataView(bytes.buffer);
    const row = this.#row(slot);
    for (let at = 0; at < row.length; at++) view.setInt32(at * 4, row[at]!, true);
    return { bytes, range: undefined };
  }

  components(slot: number): Float32Array {
    const row = this.#row(slot);
    return Float32Array.from({ length: this.dimension }, (_, at) => (bitAt(row, at) === 0 ? -1 : 1));
  }

  queryOf(normalised: Float32Array): Query<Int32Array> {
    const words = new Int32Array(this.#width);
    fillSigns(normalised, words);
    return { words, start: 0, scale: 1 };
  }

  queryAt(slot: number): Query<Int32Array> {
    return { words: this.#chunks[slot >> this.#layout.shift]!, start: this.#start(slot), scale: 1 };
  }

  distance(query: Query<Int32Array>, slot: number): number {
    const chunk = this.#chunks[slot >> this.#layout.shift]!;
    return this.#toDistance(differences(query.words, query.start, chunk, this.#start(slot), this.#width));
  }

  distanceBetween(slot: number, other: number): number {
    const chunks = this.#chunks;
    const { shift } = this.#layout;
    const first = chunks[slot >> shift]!;
    const second = chunks[other >> shift]!;
    return this.#toDistance(differences(first, this.#start(slot), second, this.#start(other), this.#width));
  }

  get heapBytes(): number {
    return chunksBytes(this.#chunks);
  }

  clone(): SignVectors {
    const copy = new SignVectors(this.dimension);
    for (const chunk of this.#chunks) copy.#chunks.push(chunk.slice());
    return copy;
  }

  #toDistance(count: number): number {
    return fround((count * 2) / this.dimension);
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

function create(length: number): Int32Array {
  return new Int32Array(length);
}

function bitAt(row: Int32Array, at: number): number {
  return (row[at >> 5]! >>> (at & 31)) & 1;
}

function fillSigns(vector: Float32Array, row: Int32Array): void {
  row.fill(0);
  for (let at = 0; at < vector.length; at++) {
    if (vector[at]! > 0) row[at >> 5] = row[at >> 5]! | (1 << (at & 31));
  }
}

/** In how many bits the rows differ. */
function differences(
  first: Int32Array,
  firstStart: number,
  second: Int32Array,
  secondStart: number,
  width: number,
): number {
  let count = 0;
  for (let at = 0; at < width; at++) {
    let bits = first[firstStart + at]! ^ second[secondStart + at]!;
    bits -= (bits >>> 1) & 0x55555555;
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    bits = (bits + (bits >>> 4)) & 0x0f0f0f0f;
    count += Math.imul(bits, 0x01010101) >>> 24;
  }
  return count;
}
