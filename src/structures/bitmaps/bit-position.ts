/**
 * Where the first bit of this kind is among the bits `[from, to)`, which must lie within the bytes, or -1; bit 0 is the highest
 * of the first byte. O(position - from): eight words at a time are passed over.
 */
export function findBit(bytes: Uint8Array, bit: 0 | 1, from = 0, to = bytes.length * 8): number {
  if (from >= to) return -1;
  const first = Math.floor(from / 8);
  const end = Math.ceil(to / 8);
  // Looking for a 0 is looking for a 1 in the bits turned over.
  const turned = bit === 1 ? 0 : 0xff;
  const head = (bytes[first]! ^ turned) & (0xff >> (from % 8));
  const at = head === 0 ? passOver(bytes, turned, first + 1, end) : first;
  if (at === end) return -1;
  const position = at * 8 + Math.clz32(at === first ? head : bytes[at]! ^ turned) - 24;
  return position < to ? position : -1;
}

/** The first of the bytes `[start, end)` that is another than this one, which is 0 or 255; `end` if there is none. */
function passOver(bytes: Uint8Array, passed: number, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes.byteOffset + at) % 4 !== 0) {
    if (bytes[at] !== passed) return at;
    at++;
  }
  const wordCount = (end - at) >> 2;
  if (wordCount > 0) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, wordCount);
    at += 4 * (passed === 0 ? passZeros(words) : passOnes(words));
  }
  while (at < end && bytes[at] === passed) at++;
  return at;
}

function passZeros(words: Int32Array): number {
  let at = 0;
  for (const end = words.length - 7; at < end; at += 8) {
    const first = words[at]! | words[at + 1]! | words[at + 2]! | words[at + 3]!;
    const second = words[at + 4]! | words[at + 5]! | words[at + 6]! | words[at + 7]!;
    if ((first | second) !== 0) break;
  }
  while (at < words.length && words[at] === 0) at++;
  return at;
}

function passOnes(words: Int32Array): number {
  let at = 0;
  for (const end = words.length - 7; at < end; at += 8) {
    const first = words[at]! & words[at + 1]! & words[at + 2]! & words[at + 3]!;
    const second = words[at + 4]! & words[at + 5]! & words[at + 6]! & words[at + 7]!;
    if ((first & second) !== -1) break;
  }
  while (at < words.length && words[at] === -1) at++;
  return at;
}
