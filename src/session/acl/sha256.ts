import { type ByteString, byteLength, writeBytes } from '../../bytes/byte-string.ts';

/**
 * SHA-256 (FIPS 180-4), which Redis keeps passwords as. The platform's own is asynchronous, and not everywhere; AUTH
 * answers at once. A password is short, so this one is written to be read.
 */

/** The first 32 bits of the fractions of the square and cube roots of the first primes. */
const INITIAL = /* @__PURE__ */ fractions(8, Math.sqrt);
const ROUND = /* @__PURE__ */ fractions(64, Math.cbrt);

const BLOCK_BYTES = 64;
/** What the padding takes at least: a bit that is set, and the length in 64 bits. */
const PADDING_BYTES = 9;

function fractions(count: number, root: (prime: number) => number): Uint32Array {
  const found = new Uint32Array(count);
  let known = 0;
  for (let candidate = 2; known < count; candidate++) {
    if (!isPrime(candidate)) continue;
    const value = root(candidate);
    found[known++] = Math.floor((value - Math.floor(value)) * 2 ** 32);
  }
  return found;
}

function isPrime(candidate: number): boolean {
  for (let divisor = 2; divisor * divisor <= candidate; divisor++)
    if (candidate % divisor === 0) return false;
  return true;
}

/** The digest of these bytes, in 64 lowercase hexadecimal digits. O(n). */
export function sha256Hex(text: ByteString): string {
  const state = Uint32Array.from(INITIAL);
  const message = padded(text);
  const schedule = new Uint32Array(64);
  for (let at = 0; at < message.byteLength; at += BLOCK_BYTES) mixBlock(state, message, at, schedule);
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}

/** The message, a bit that is set, zeros, and its length in bits: in whole blocks. */
function padded(text: ByteString): DataView {
  const length = byteLength(text);
  const blocks = Math.ceil((length + PADDING_BYTES) / BLOCK_BYTES);
  const bytes = new Uint8Array(blocks * BLOCK_BYTES);
  writeBytes(text, bytes, 0);
  bytes[length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(bytes.length - 8, BigInt(length) * 8n);
  return view;
}

function mixBlock(state: Uint32Array, message: DataView, offset: number, schedule: Uint32Array): void {
  for (let at = 0; at < 16; at++) schedule[at] = message.getUint32(offset + at * 4);
  for (let at = 16; at < 64; at++) {
    const near = schedule[at - 2]!;
    const far = schedule[at - 15]!;
    const fromFar = turned(far, 7) ^ turned(far, 18) ^ (far >>> 3);
    const fromNear = turned(near, 17) ^ turned(near, 19) ^ (near >>> 10);
    schedule[at] = schedule[at - 16]! + fromFar + schedule[at - 7]! + fromNear;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let at = 0; at < 64; at++) {
    const choice = (e & f) ^ (~e & g);
    const added =
      (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + choice + ROUND[at]! + schedule[at]!) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const mixed = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + added) | 0;
    d = c;
    c = b;
    b = a;
    a = (added + mixed) | 0;
  }
  for (const [at, word] of [a, b, c, d, e, f, g, h].entries()) state[at] = state[at]! + word;
}

/** The word turned to the right by so many bits. */
function turned(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}
