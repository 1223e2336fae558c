/*
 * Doubles, floats and integers of 64 bits as byte strings, the highest byte first.
 *
 * JavaScript does not show the sign of a NaN. It is written with a minus, as the processors Redis mostly runs on make it
 * of `0/0`.
 */

const view = new DataView(new ArrayBuffer(8));
const NAN_OF_FLOAT = '\xff\xc0\0\0';
const NAN_OF_DOUBLE = '\xff\xf8\0\0\0\0\0\0';

/** The first so many bytes of the scratch room. */
function taken(size: 4 | 8): string {
  const high = String.fromCharCode(view.getUint8(0), view.getUint8(1), view.getUint8(2), view.getUint8(3));
  if (size === 4) return high;
  return high + String.fromCharCode(view.getUint8(4), view.getUint8(5), view.getUint8(6), view.getUint8(7));
}

function put(bytes: string, at: number, size: number): void {
  for (let index = 0; index < size; index++) view.setUint8(index, bytes.charCodeAt(at + index));
}

/** The 4 bytes of the nearest float. */
export function floatToBytes(value: number): string {
  if (Number.isNaN(value)) return NAN_OF_FLOAT;
  view.setFloat32(0, value);
  return taken(4);
}

/** The 8 bytes of a double. */
export function doubleToBytes(value: number): string {
  if (Number.isNaN(value)) return NAN_OF_DOUBLE;
  view.setFloat64(0, value);
  return taken(8);
}

/** The float whose 4 bytes are here. */
export function bytesToFloat(bytes: string, at: number): number {
  put(bytes, at, 4);
  return view.getFloat32(0);
}

/** The double whose 8 bytes are here. */
export function bytesToDouble(bytes: string, at: number): number {
  put(bytes, at, 8);
  return view.getFloat64(0);
}

/** The 4 bytes of an integer, of which the low 32 bits count. */
export function uint32ToBytes(value: number): string {
  return String.fromCharCode(
    (value >>> 24) & 0xff,
    (value >>> 16) & 0xff,
    (value >>> 8) & 0xff,
    value & 0xff,
  );
}

/** The 4 bytes here as an unsigned integer. */
export function bytesToUint32(bytes: string, at: number): number {
  return (
    ((bytes.charCodeAt(at) << 24) |
      (bytes.charCodeAt(at + 1) << 16) |
      (bytes.charCodeAt(at + 2) << 8) |
      bytes.charCodeAt(at + 3)) >>>
    0
  );
}

/** The 8 bytes, in two's complement, of an integer from -2^63 to below 2^64. */
export function int64ToBytes(value: number): string {
  return uint32ToBytes(Math.floor(value / 2 ** 32)) + uint32ToBytes(value);
}
