/**
 * The hashes of the reference implementation, which decide the order `pairs` gives, and so what scripts write.
 */

import { LONG_TEXT, lookedAt } from './metering.ts';

/** As many bits of a hash as any table needs, and as every engine keeps in a small integer. */
const KEPT_BITS = 0x3fff_ffff;

/** From this length on, hashes are remembered. */
const LONG = 20;
/** The strings whose hashes are remembered: any one has a single place, by its length and some of its chars. */
const REMEMBERED = 64;
const remembered: string[] = new Array<string>(REMEMBERED).fill('');
const rememberedHashes = new Int32Array(REMEMBERED);
/** Whether a text is remembered that should not be kept for long. */
let remembersLarge = false;

/**
 * The string's hash. Redis's Lua looks at every char, from the last one to the first, where that of others skips most chars of long strings:
 * O(n) for what has not been asked for lately.
 */
export function hashOfString(text: string): number {
  const { length } = text;
  if (length >= LONG) return hashOfLongString(text);
  let hash = length;
  for (let at = length - 1; at >= 0; at--) {
    hash ^= (hash << 5) + (hash >>> 2) + text.charCodeAt(at);
  }
  return hash & KEPT_BITS;
}

function hashOfLongString(text: string): number {
  const { length } = text;
  if (length > LONG_TEXT) {
    lookedAt(length);
    remembersLarge = true;
  }
  // Keys mostly differ at their ends, and otherwise in the middle.
  const place =
    (length + text.charCodeAt(length - 1) + 7 * text.charCodeAt(length - 2) + text.charCodeAt(length >> 1)) &
    (REMEMBERED - 1);
  if (remembered[place] === text) return rememberedHashes[place]!;
  let hash = length;
  for (let at = length - 1; at >= 0; at--) {
    hash ^= (hash << 5) + (hash >>> 2) + text.charCodeAt(at);
  }
  remembered[place] = text;
  rememberedHashes[place] = hash & KEPT_BITS;
  return hash & KEPT_BITS;
}

/** Lets go of the strings whose hashes are remembered, if one is large: for the end of a run. */
export function forgetHashes(): void {
  if (!remembersLarge) return;
  remembersLarge = false;
  remembered.fill('');
  rememberedHashes.fill(0);
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
