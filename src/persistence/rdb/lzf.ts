import { demand } from './corrupt-value.ts';

/**
 * LZF, the compression of strings. What is compressed is a row of pieces, each beginning with a control byte:
 *
 *     000lllll                     l + 1 bytes follow, which are to be taken as they are
 *     lllooooo oooooooo            l + 2 bytes (3 … 8) as they stood o + 1 bytes before
 *     111ooooo llllllll oooooooo   l + 9 bytes (9 … 264) as they stood o + 1 bytes before
 *
 * There are many ways to compress the same bytes. This one finds the same repetitions as Redis's: three bytes are
 * looked up in a table by a hash of them, which tells where such a hash was seen last.
 */

/** The compressed bytes, or undefined if that does not save four bytes. O(n). The result is a view, valid until the next call. */
export function lzfCompress(input: Uint8Array): Uint8Array | undefined {
  const length = input.length;
  const limit = length - LEAST_SAVING;
  if (limit <= 0 || length > LONGEST_BYTES) return undefined;
  const table = takeTable(length);
  const base = nextBase - length - 1;
  const output = roomFor(length);
  // Where the bytes begin that are to be taken as they are, and how many.
  let written = 1;
  let plain = 0;
  let at = 0;
  const lastLookup = length - 2;
  while (at < lastLookup) {
    const first = input[at]!;
    const second = input[at + 1]!;
    const third = input[at + 2]!;
    const slot = slotOf(first, second, third);
    const seen = table[slot]! - base;
    table[slot] = base + at;
    const distance = at - seen - 1;
    if (
      seen > 0 &&
      distance < MOST_DISTANCE &&
      input[seen] === first &&
      input[seen + 1] === second &&
      input[seen + 2] === third
    ) {
      if (written + 4 >= limit && written - (plain === 0 ? 1 : 0) + 4 >= limit) return undefined;
      if (plain === 0) written--;
      else output[written - plain - 1] = plain - 1;
      const most = mostRepeated(length - at);
      let repeated = 3;
      while (repeated < most && input[seen + repeated] === input[at + repeated]) repeated++;
      const code = repeated - 2;
      if (code < 7) {
        output[written++] = (code << 5) | (distance >> 8);
      } else {
        output[written++] = 0xe0 | (distance >> 8);
        output[written++] = code - 7;
      }
      output[written++] = distance;
      written++;
      plain = 0;
      at += repeated;
      if (at >= lastLookup) break;
      // The last two places within the repetition are remembered; those before are not.
      table[slotOf(input[at - 2]!, input[at - 1]!, input[at]!)] = base + at - 2;
      table[slotOf(input[at - 1]!, input[at]!, input[at + 1]!)] = base + at - 1;
    } else {
      if (written >= limit) return undefined;
      output[written++] = first;
      plain++;
      at++;
      if (plain === MOST_PLAIN) {
        output[written - plain - 1] = plain - 1;
        plain = 0;
        written++;
      }
    }
  }
  if (written + 3 > limit) return undefined;
  while (at < length) {
    output[written++] = input[at++]!;
    plain++;
    if (plain === MOST_PLAIN) {
      output[written - plain - 1] = plain - 1;
      plain = 0;
      written++;
    }
  }
  if (plain === 0) written--;
  else output[written - plain - 1] = plain - 1;
  return output.subarray(0, written);
}

/**
 * The bytes that were compressed, which are to be `length`. O(length), and the claim is checked before memory is taken.
 *
 * @throws CorruptValue if they are not so many, or the compressed bytes make no sense
 */
export function lzfDecompress(input: Uint8Array, length: number): Uint8Array {
  // Three bytes stand for 264 at most.
  demand(length <= input.length * 88, 'a compressed string claims to be longer than it can be');
  demand(length <= LONGEST_STRING_BYTES, 'a compressed string claims to be longer than any may be');
  const output = new Uint8Array(length);
  let written = 0;
  let at = 0;
  while (at < input.length) {
    const control = input[at++]!;
    if (control < 32) {
      const count = control + 1;
      demand(at + count <= input.length && written + count <= length, 'a compressed string breaks off');
      for (let left = count; left > 0; left--) output[written++] = input[at++]!;
      continue;
    }
    let repeated = control >> 5;
    demand(at + (repeated === 7 ? 2 : 1) <= input.length, 'a compressed string breaks off');
    if (repeated === 7) repeated += input[at++]!;
    repeated += 2;
    let from = written - (((control & 0x1f) << 8) | input[at++]!) - 1;
    demand(from >= 0 && written + repeated <= length, 'a compressed string repeats what is not there');
    for (let left = repeated; left > 0; left--) output[written++] = output[from++]!;
  }
  demand(written === length, 'a compressed string is shorter than it claims');
  return output;
}

/**
 * How many bytes a repetition may have that has so many before it until the end. Redis leaves the last two out, unless it
 * comes to them in the first 16 bytes after the third, of which it does not keep count if there are about so many.
 */
function mostRepeated(remaining: number): number {
  const most = Math.min(remaining - 2, MOST_REPEATED);
  return most > UNCOUNTED ? Math.max(most, UNCOUNTED + 3) : most;
}

/** Of three bytes, a place in the table. */
function slotOf(first: number, second: number, third: number): number {
  const three = (first << 16) | (second << 8) | third;
  return ((three >> 8) - three * 5) & (SLOTS - 1);
}

/** Fewer bytes saved are not worth the trouble. */
const LEAST_SAVING = 4;
const MOST_PLAIN = 32;
const MOST_DISTANCE = 8192;
const MOST_REPEATED = 264;
const UNCOUNTED = 16;
const SLOTS = 65536;
/** Redis's own limit. Without it, some bytes would become 88 times as many. */
const LONGEST_STRING_BYTES = 2 ** 29;
const LARGEST_PLACE = 2 ** 31 - 1;
/** Longer strings are left as they are: their places would not fit into the table. */
const LONGEST_BYTES = LARGEST_PLACE - 1;

/**
 * Where each hash was seen last. It serves all calls, and need not be wiped for each: a call counts its places from a
 * base that is beyond all places of the calls before.
 */
let table: Int32Array | undefined;
let nextBase = 0;

function takeTable(length: number): Int32Array {
  table ??= new Int32Array(SLOTS);
  if (nextBase > LARGEST_PLACE - length - 1) {
    table.fill(0);
    nextBase = 0;
  }
  nextBase += length + 1;
  return table;
}

const ROOM_KEPT_BYTES = 65536;
let room = new Uint8Array(0);

function roomFor(bytes: number): Uint8Array {
  if (bytes > ROOM_KEPT_BYTES) return new Uint8Array(bytes);
  if (room.length === 0) room = new Uint8Array(ROOM_KEPT_BYTES);
  return room;
}
