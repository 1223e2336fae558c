/**
 * The hashes of the reference implementation, which decide the order `pairs` gives, and so what scripts write.
 */

/** As many bits of a hash as any table needs, and as every engine keeps in a small integer. */
const KEPT_BITS = 0x3fff_ffff;

/** The string's hash. At most 32 chars are looked at, spread over the string, the last one first. */
export function hashOfString(text: string): number {
  const { length } = text;
  const step = (length >>> 5) + 1;
  let hash = length;
  for (let at = length; at >= step; at -= step) {
    hash ^= (hash << 5) + (hash >>> 2) + text.charCodeAt(at - 1);
  }
  return hash & KEPT_BITS;
}

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

/** The sum of the two halves of the double, of 32 bits. 0 and -0 alike have 0. */
export function hashOfNumber(value: number): number {
  // Adding 0 turns -0 into 0, whose bits are all 0.
  double[0] = value + 0;
  return (halves[0]! + halves[1]!) >>> 0;
}

const addresses = new WeakMap<object, number>();
let lastAddress = 0;

/**
 * What stands for the address of a table, a function, a coroutine or a userdata: no two have the same one, and nobody
 * can foresee it. The reference implementation orders such keys by where they happen to lie in memory.
 */
export function addressOf(value: object): number {
  const known = addresses.get(value);
  if (known !== undefined) return known;
  lastAddress = (lastAddress + 1) & KEPT_BITS;
  addresses.set(value, lastAddress);
  return lastAddress;
}
