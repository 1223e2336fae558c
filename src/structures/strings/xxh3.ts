import { type ByteString, toBytes } from '../../bytes/byte-string.ts';

/**
 * XXH3, 64 bits, seed 0, with the default secret: the hash behind DIGEST, SET … IFDEQ and DELEX.
 * The algorithm is Yann Collet's; see the xxHash specification for why it mixes as it does.
 *
 *     length      0   1…3   4…8   9…16   17…128   129…240        241…
 *     route       ────── one or two words ──────  16 at a time   64-byte stripes into eight lanes
 *
 * Up to 240 bytes it is BigInt arithmetic (a few µs). The lanes of long inputs are pairs of 32-bit halves.
 */

const SECRET_HEX =
  'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221' +
  'b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8' +
  'a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb' +
  '170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e';
const SECRET_SIZE = 192;
const secret = new Uint8Array(SECRET_SIZE);
for (let at = 0; at < SECRET_SIZE; at++) {
  secret[at] = Number.parseInt(SECRET_HEX.slice(2 * at, 2 * at + 2), 16);
}
const secretView = new DataView(secret.buffer);

const PRIME32_1 = 0x9e3779b1;
const PRIME32_2 = 0x85ebca77;
const PRIME32_3 = 0xc2b2ae3d;
const PRIME64_1 = 0x9e3779b185ebca87n;
const PRIME64_2 = 0xc2b2ae3d27d4eb4fn;
const PRIME64_3 = 0x165667b19e3779f9n;
const PRIME64_4 = 0x85ebca77c2b2ae63n;
const PRIME64_5 = 0x27d4eb2f165667c5n;
const PRIME_MX1 = 0x165667919e3779f9n;
const PRIME_MX2 = 0x9fb21c651e98df25n;
const MASK = 0xffff_ffff_ffff_ffffn;

const STRIPE = 64;
const STRIPES_PER_BLOCK = (SECRET_SIZE - STRIPE) / 8;
const BLOCK = STRIPE * STRIPES_PER_BLOCK;

/** The hash as DIGEST shows it: 16 lowercase hexadecimal digits. O(length). */
export function digest(value: ByteString | Uint8Array): string {
  return xxh3(typeof value === 'string' ? toBytes(value) : value)
    .toString(16)
    .padStart(16, '0');
}

/** The 64-bit hash, unsigned. O(length). */
export function xxh3(bytes: Uint8Array): bigint {
  const length = bytes.length;
  const input = new DataView(bytes.buffer, bytes.byteOffset, length);
  if (length > 240) return hashLong(input);
  if (length > 128) return hash129To240(input);
  if (length > 16) return hash17To128(input);
  if (length > 8) return hash9To16(input);
  if (length > 3) return hash4To8(input);
  if (length > 0) return hash1To3(input);
  return avalanche64(secretWord(56) ^ secretWord(64));
}

function word(view: DataView, at: number): bigint {
  return view.getBigUint64(at, true);
}

function half(view: DataView, at: number): number {
  return view.getUint32(at, true);
}

function secretWord(at: number): bigint {
  return word(secretView, at);
}

/** The two halves of the 128-bit product, xored. */
function foldedProduct(a: bigint, b: bigint): bigint {
  const product = a * b;
  return (product & MASK) ^ (product >> 64n);
}

function avalanche64(hash: bigint): bigint {
  const first = ((hash ^ (hash >> 33n)) * PRIME64_2) & MASK;
  const second = ((first ^ (first >> 29n)) * PRIME64_3) & MASK;
  return second ^ (second >> 32n);
}

function avalanche(hash: bigint): bigint {
  const mixed = ((hash ^ (hash >> 37n)) * PRIME_MX1) & MASK;
  return mixed ^ (mixed >> 32n);
}

function rotateLeft(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & MASK;
}

function swapBytes(value: bigint): bigint {
  scratch.setBigUint64(0, value, true);
  return scratch.getBigUint64(0, false);
}

const scratch = new DataView(new ArrayBuffer(8));

function hash1To3(input: DataView): bigint {
  const length = input.byteLength;
  const first = input.getUint8(0);
  const middle = input.getUint8(length >> 1);
  const last = input.getUint8(length - 1);
  const combined = ((first << 16) | (middle << 24) | last | (length << 8)) >>> 0;
  return avalanche64(BigInt((combined ^ half(secretView, 0) ^ half(secretView, 4)) >>> 0));
}

function hash4To8(input: DataView): bigint {
  const length = input.byteLength;
  const ends = BigInt(half(input, length - 4)) | (BigInt(half(input, 0)) << 32n);
  const keyed = ends ^ secretWord(8) ^ secretWord(16);
  let hash = ((keyed ^ rotateLeft(keyed, 49n) ^ rotateLeft(keyed, 24n)) * PRIME_MX2) & MASK;
  hash = ((hash ^ ((hash >> 35n) + BigInt(length))) * PRIME_MX2) & MASK;
  return hash ^ (hash >> 28n);
}

function hash9To16(input: DataView): bigint {
  const length = input.byteLength;
  const low = word(input, 0) ^ secretWord(24) ^ secretWord(32);
  const high = word(input, length - 8) ^ secretWord(40) ^ secretWord(48);
  return avalanche((BigInt(length) + swapBytes(low) + high + foldedProduct(low, high)) & MASK);
}

/** Sixteen bytes of input against sixteen of the secret. */
function mix16(input: DataView, at: number, secretAt: number): bigint {
  return foldedProduct(
    word(input, at) ^ secretWord(secretAt),
    word(input, at + 8) ^ secretWord(secretAt + 8),
  );
}

function hash17To128(input: DataView): bigint {
  const length = input.byteLength;
  let sum = BigInt(length) * PRIME64_1;
  // Pairs from both ends inwards, as many as reach the middle.
  const pairs = Math.ceil(length / 32);
  for (let pair = 0; pair < pairs; pair++) {
    sum += mix16(input, 16 * pair, 32 * pair) + mix16(input, length - 16 * (pair + 1), 32 * pair + 16);
  }
  return avalanche(sum & MASK);
}

function hash129To240(input: DataView): bigint {
  const length = input.byteLength;
  const rounds = Math.floor(length / 16);
  let sum = BigInt(length) * PRIME64_1;
  for (let round = 0; round < 8; round++) sum += mix16(input, 16 * round, 16 * round);
  sum = avalanche(sum & MASK);
  for (let round = 8; round < rounds; round++) sum += mix16(input, 16 * round, 16 * (round - 8) + 3);
  return avalanche((sum + mix16(input, length - 16, 119)) & MASK);
}

/** Eight 64-bit lanes; lane `i` is `halves[2i] + 2^32 · halves[2i + 1]`. */
type Lanes = Uint32Array;

function hashLong(input: DataView): bigint {
  const length = input.byteLength;
  const lanes: Lanes = new Uint32Array(16);
  const starts = [PRIME32_3, PRIME64_1, PRIME64_2, PRIME64_3, PRIME64_4, PRIME32_2, PRIME64_5, PRIME32_1];
  starts.forEach((start, lane) => {
    lanes[2 * lane] = Number(BigInt(start) & 0xffff_ffffn);
    lanes[2 * lane + 1] = Number(BigInt(start) >> 32n);
  });

  const blocks = Math.floor((length - 1) / BLOCK);
  for (let block = 0; block < blocks; block++) {
    for (let stripe = 0; stripe < STRIPES_PER_BLOCK; stripe++) {
      accumulate(lanes, input, block * BLOCK + stripe * STRIPE, 8 * stripe);
    }
    scramble(lanes);
  }
  const stripes = Math.floor((length - 1 - blocks * BLOCK) / STRIPE);
  for (let stripe = 0; stripe < stripes; stripe++) {
    accumulate(lanes, input, blocks * BLOCK + stripe * STRIPE, 8 * stripe);
  }
  // The last stripe may overlap the one before.
  accumulate(lanes, input, length - STRIPE, SECRET_SIZE - STRIPE - 7);

  let sum = BigInt(length) * PRIME64_1;
  for (let lane = 0; lane < 8; lane += 2) {
    sum += foldedProduct(
      laneValue(lanes, lane) ^ secretWord(11 + 8 * lane),
      laneValue(lanes, lane + 1) ^ secretWord(19 + 8 * lane),
    );
  }
  return avalanche(sum & MASK);
}

function laneValue(lanes: Lanes, lane: number): bigint {
  return BigInt(lanes[2 * lane]!) | (BigInt(lanes[2 * lane + 1]!) << 32n);
}

/** For each lane: adds the input to its neighbour, and the product of the keyed input's halves to itself. */
function accumulate(lanes: Lanes, input: DataView, at: number, secretAt: number): void {
  for (let lane = 0; lane < 8; lane++) {
    const low = input.getUint32(at + 8 * lane, true);
    const high = input.getUint32(at + 8 * lane + 4, true);
    add(lanes, lane ^ 1, low, high);
    const a = (low ^ secretView.getUint32(secretAt + 8 * lane, true)) >>> 0;
    const b = (high ^ secretView.getUint32(secretAt + 8 * lane + 4, true)) >>> 0;
    add(lanes, lane, Math.imul(a, b) >>> 0, highProduct(a, b));
  }
}

function add(lanes: Lanes, lane: number, low: number, high: number): void {
  const sum = lanes[2 * lane]! + low;
  lanes[2 * lane] = sum;
  lanes[2 * lane + 1] = lanes[2 * lane + 1]! + high + (sum > 0xffff_ffff ? 1 : 0);
}

/** The upper 32 bits of the product of two unsigned 32-bit numbers. */
function highProduct(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aLow * bHigh + ((aLow * bLow) >>> 16);
  return aHigh * bHigh + (middle >>> 16) + ((aHigh * bLow + (middle & 0xffff)) >>> 16);
}

function scramble(lanes: Lanes): void {
  for (let lane = 0; lane < 8; lane++) {
    const high = lanes[2 * lane + 1]!;
    const secretAt = SECRET_SIZE - STRIPE + 8 * lane;
    // x ^= x >> 47 touches the lower half only.
    const a = (lanes[2 * lane]! ^ (high >>> 15) ^ half(secretView, secretAt)) >>> 0;
    const b = (high ^ half(secretView, secretAt + 4)) >>> 0;
    lanes[2 * lane] = Math.imul(a, PRIME32_1);
    lanes[2 * lane + 1] = Math.imul(b, PRIME32_1) + highProduct(a, PRIME32_1);
  }
}
