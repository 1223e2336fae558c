/** 32-bit floats as FP32 has them on every host: four bytes each, the low one first. O(n). */
export function floatBytes(vector: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(vector.length * FLOAT_BYTES);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < vector.length; at++) view.setFloat32(at * FLOAT_BYTES, vector[at]!, true);
  return bytes;
}

/** The floats that such bytes are, `undefined` if they are no whole number of floats. O(n). */
export function floatsOf(bytes: Uint8Array): Float32Array | undefined {
  if (bytes.length % FLOAT_BYTES !== 0) return undefined;
  const vector = new Float32Array(bytes.length / FLOAT_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < vector.length; at++) vector[at] = view.getFloat32(at * FLOAT_BYTES, true);
  return vector;
}

const FLOAT_BYTES = 4;
