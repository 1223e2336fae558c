import { typedArrayBytes } from '../../bytes/heap-bytes.ts';

/**
 * The mapping of REDUCE: from vectors of many components to vectors of fewer, which keeps angles about as they are.
 *
 * Redis's matrix is not drawn at random but is a corner of the Hadamard matrix: row i, column j is +1 where i and j have
 * an even number of bits in common and -1 where they have an odd one, all divided by the square root of the width. So it
 * needs no room here, and two stores that were given the same commands hold the same vectors.
 *
 * A matrix that was restored may be any other, and is then kept.
 */
export class Projection {
  readonly inputDimension: number;
  readonly outputDimension: number;
  /** By rows, where it is not the usual one. */
  readonly #matrix: Float32Array | undefined;
  readonly #scale: number;

  private constructor(inputDimension: number, outputDimension: number, matrix: Float32Array | undefined) {
    this.inputDimension = inputDimension;
    this.outputDimension = outputDimension;
    this.#matrix = matrix;
    this.#scale = fround(1 / Math.sqrt(inputDimension));
  }

  /** The projection that Redis makes for these dimensions. */
  static create(inputDimension: number, outputDimension: number): Projection {
    requireDimension(inputDimension);
    requireDimension(outputDimension);
    return new Projection(inputDimension, outputDimension, undefined);
  }

  /**
   * The projection by a matrix as {@link matrix} gives it out, which is copied unless it is the usual one.
   *
   * @throws RangeError if it is not a matrix of these dimensions, or if not all numbers in it are finite.
   */
  static fromMatrix(inputDimension: number, outputDimension: number, matrix: Float32Array): Projection {
    const usual = Projection.create(inputDimension, outputDimension);
    if (matrix.length !== inputDimension * outputDimension) {
      throw new RangeError('projection: the matrix is of another size');
    }
    if (!matrix.every(Number.isFinite)) throw new RangeError('projection: not a finite number');
    if (usual.#isMatrix(matrix)) return usual;
    return new Projection(inputDimension, outputDimension, matrix.slice());
  }

  /**
   * The vector of `outputDimension` for one of `inputDimension`. Every sum is rounded to 32 bits at every step, in
   * Redis's order. O(inputDimension × outputDimension).
   */
  project(vector: Float32Array): Float32Array {
    const width = this.inputDimension;
    if (vector.length !== width) throw new RangeError('projection: a vector of another dimension');
    const output = new Float32Array(this.outputDimension);
    const matrix = this.#matrix;
    if (matrix === undefined) {
      this.#projectBySigns(vector, output);
      return output;
    }
    for (let row = 0; row < output.length; row++) {
      const start = row * width;
      let sum = 0;
      for (let at = 0; at < width; at++) sum = fround(sum + fround(matrix[start + at]! * vector[at]!));
      output[row] = sum;
    }
    return output;
  }

  /** About what it takes of the host's memory. O(1). */
  get heapBytes(): number {
    return PROJECTION_BYTES + (this.#matrix === undefined ? 0 : typedArrayBytes(1, this.#matrix.byteLength));
  }

  /** Row after row, for DUMP. O(inputDimension × outputDimension), also in memory. */
  matrix(): Float32Array {
    if (this.#matrix !== undefined) return this.#matrix.slice();
    const matrix = new Float32Array(this.inputDimension * this.outputDimension);
    const signs = new Float32Array(this.inputDimension);
    for (let row = 0; row < this.outputDimension; row++) {
      fillSigns(signs, row, this.#scale);
      matrix.set(signs, row * this.inputDimension);
    }
    return matrix;
  }

  #projectBySigns(vector: Float32Array, output: Float32Array): void {
    const signs = new Float32Array(vector.length);
    const scaled = vector.map((component) => fround(component * this.#scale));
    for (let row = 0; row < output.length; row++) {
      fillSigns(signs, row, 1);
      let sum = 0;
      for (let at = 0; at < scaled.length; at++) sum = fround(sum + signs[at]! * scaled[at]!);
      output[row] = sum;
    }
  }

  #isMatrix(matrix: Float32Array): boolean {
    const width = this.inputDimension;
    const signs = new Float32Array(width);
    for (let row = 0; row < this.outputDimension; row++) {
      fillSigns(signs, row, this.#scale);
      for (let at = 0; at < width; at++) if (signs[at] !== matrix[row * width + at]) return false;
    }
    return true;
  }
}

const { fround } = Math;
const PROJECTION_BYTES = 72;

/** A row of the Hadamard matrix, times `scale`: what lies behind a power of two repeats, or negates, what lies before. */
function fillSigns(signs: Float32Array, row: number, scale: number): void {
  signs[0] = scale;
  for (let bit = 1; bit < signs.length; bit *= 2) {
    const negates = (row & bit) !== 0;
    const end = Math.min(2 * bit, signs.length);
    for (let at = bit; at < end; at++) signs[at] = negates ? -signs[at - bit]! : signs[at - bit]!;
  }
}

function requireDimension(dimension: number): void {
  if (!Number.isSafeInteger(dimension) || dimension < 1)
    throw new RangeError(`projection: dimension ${dimension}`);
}
