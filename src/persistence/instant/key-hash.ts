import type { ByteString } from '../../bytes/byte-string.ts';

/** Of longer keys some units are left out. */
const MOST_UNITS = 32;

/** FNV-1a over the units, the last of them for certain: 32 bits, signed. About 1 ns for a unit. */
export function hashOf(key: ByteString): number {
  const { length } = key;
  const stride = length <= MOST_UNITS ? 1 : Math.ceil(length / MOST_UNITS);
  let mixed = 0x811c9dc5 ^ length;
  for (let at = length - 1; at >= 0; at -= stride) mixed = Math.imul(mixed ^ key.charCodeAt(at), 0x01000193);
  // The low bits of a product know nothing of the high ones.
  return mixed ^ (mixed >>> 15);
}

/** How many parts it takes for so many keys, if there should be so many in each: a power of two. */
export function partCount(keyCount: number, keysPerPart: number): number {
  const most = 2 ** Math.ceil(Math.log2(Math.max(1, keyCount / keysPerPart)));
  return Math.min(most, MOST_PARTS);
}

/** So that no table of them is large. */
const MOST_PARTS = 2 ** 14;
