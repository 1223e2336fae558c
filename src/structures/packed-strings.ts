import type { ByteString } from '../bytes/byte-string.ts';

/**
 * A few short byte strings in one JavaScript string: how small hashes and sets are kept while nobody is busy with them.
 *
 * An engine's string costs a header of 12–16 bytes, rounding, and a pointer from wherever it is held; a small hash of
 * five fields as objects is mostly headers. Packed, it is one string, which costs a header once and one unit per text:
 *
 *     tag·64 + count   length  text        length  text
 *     ┌──────────────┬───────┬───────────┬───────┬─────────┬ ─ ─
 *     │ U+0001       │   4   │ n a m e   │   3   │ A d a   │
 *     └──────────────┴───────┴───────────┴───────┴─────────┴ ─ ─
 *       unit 0         offset 1            offset 6
 *
 * A *packed* string is a value: changing it makes a new one. An *offset* is the index of a text's length unit.
 * The count is of entries, which are one text each in a set and two (field, value) in a hash.
 *
 * Invariants:
 *
 * 1. Unit 0 is `tag * 64 + count` with `0 <= count <= 63` and `0 <= tag <= 3`; the texts that follow fill the string
 *    to its end exactly.
 * 2. No text is longer than {@link PACKED_TEXT_MAX_LENGTH}, so header and lengths are Latin-1 and the whole stays at
 *    one byte per unit in the engine unless a text itself needs two.
 * 3. What these functions return is flat, not a rope that still holds the pieces it was made of.
 *
 * It is not a ByteString (joined texts need not be canonical); each text read out of it is, unchanged.
 */
export type Packed = string;

/** The longest text, in units, that a packed string can hold. */
export const PACKED_TEXT_MAX_LENGTH = 255;

const COUNT_SIZE = 64;
const FIRST_OFFSET = 1;
const MAX_HEADER = 255;

/** The strings of one unit 0…255, ready made. */
const units: readonly string[] = Array.from({ length: MAX_HEADER + 1 }, (_, unit) =>
  String.fromCharCode(unit),
);

/** No entries, with `tag` (0…3) as the two bits the owner may keep in it. */
export function emptyPacked(tag: number): Packed {
  return units[tag * COUNT_SIZE]!;
}

/** The number of entries. O(1). */
export function packedCount(packed: Packed): number {
  return packed.charCodeAt(0) % COUNT_SIZE;
}

/** The owner's two bits. O(1). */
export function packedTag(packed: Packed): number {
  return packed.charCodeAt(0) >> 6;
}

/** The same entries with another tag. O(length). */
export function withTag(packed: Packed, tag: number): Packed {
  return flat(units[tag * COUNT_SIZE + packedCount(packed)]! + packed.substring(FIRST_OFFSET));
}

/** The text whose length unit is at `offset`. */
export function textAt(packed: Packed, offset: number): ByteString {
  const start = offset + 1;
  return packed.substring(start, start + packed.charCodeAt(offset));
}

/** The offset just behind the text at `offset`: the next text's, or the packed string's length. */
export function offsetAfter(packed: Packed, offset: number): number {
  return offset + 1 + packed.charCodeAt(offset);
}

/** The offset of the text number `index` (which must exist), counting from 0. O(index). */
export function offsetOfText(packed: Packed, index: number): number {
  let offset = FIRST_OFFSET;
  for (let skipped = 0; skipped < index; skipped++) offset = offsetAfter(packed, offset);
  return offset;
}

/** The offset of `text` among all texts, or -1. O(length). */
export function findText(packed: Packed, text: ByteString): number {
  const end = packed.length;
  const length = text.length;
  // Texts of one length mostly differ in their last unit. (The empty text's last is its length unit, which is 0.)
  const last = length === 0 ? 0 : text.charCodeAt(length - 1);
  let offset = FIRST_OFFSET;
  while (offset < end) {
    const found = packed.charCodeAt(offset);
    if (
      found === length &&
      packed.charCodeAt(offset + length) === last &&
      packed.startsWith(text, offset + 1)
    ) {
      return offset;
    }
    offset += 1 + found;
  }
  return -1;
}

/** The offset of `field` among every other text, beginning with the first, or -1. O(length). */
export function findField(packed: Packed, field: ByteString): number {
  const end = packed.length;
  const length = field.length;
  // Texts of one length mostly differ in their last unit. (The empty text's last is its length unit, which is 0.)
  const last = length === 0 ? 0 : field.charCodeAt(length - 1);
  let offset = FIRST_OFFSET;
  while (offset < end) {
    const found = packed.charCodeAt(offset);
    if (
      found === length &&
      packed.charCodeAt(offset + length) === last &&
      packed.startsWith(field, offset + 1)
    ) {
      return offset;
    }
    offset += 1 + found;
    offset += 1 + packed.charCodeAt(offset);
  }
  return -1;
}

/** These texts, an entry each. O(length). */
export function packTexts(tag: number, texts: readonly ByteString[]): Packed {
  let joined = units[tag * COUNT_SIZE + texts.length]!;
  for (let index = 0; index < texts.length; index++) {
    const text = texts[index]!;
    joined += units[text.length]! + text;
  }
  return flat(joined);
}

/** These fields, each followed by its value; as many of one as of the other. O(length). */
export function packPairs(tag: number, fields: readonly ByteString[], values: readonly ByteString[]): Packed {
  let joined = units[tag * COUNT_SIZE + fields.length]!;
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index]!;
    const value = values[index]!;
    joined += units[field.length]! + field + (units[value.length]! + value);
  }
  return flat(joined);
}

/** With `text` in place of the text at `offset`. O(length). */
export function withTextAt(packed: Packed, offset: number, text: ByteString): Packed {
  const rest = packed.substring(offsetAfter(packed, offset));
  return flat(packed.substring(0, offset) + units[text.length]! + text + rest);
}

/** Without the one entry that lies from offset `start` to offset `end`. O(length). */
export function withoutEntry(packed: Packed, start: number, end: number): Packed {
  const before = packed.substring(FIRST_OFFSET, start);
  return flat(units[packed.charCodeAt(0) - 1]! + before + packed.substring(end));
}

/** All texts, in order. */
export function unpack(packed: Packed): ByteString[] {
  const texts: ByteString[] = [];
  for (let offset = FIRST_OFFSET; offset < packed.length; offset = offsetAfter(packed, offset)) {
    texts.push(textAt(packed, offset));
  }
  return texts;
}

/** Throws if an invariant does not hold; `textsPerEntry` is 1 for a set and 2 for a hash. For tests. */
export function checkPacked(packed: Packed, textsPerEntry: number): void {
  if (!(packed.charCodeAt(0) <= MAX_HEADER)) throw new Error('packed: no header');
  let offset = FIRST_OFFSET;
  let texts = 0;
  while (offset < packed.length) {
    if (packed.charCodeAt(offset) > PACKED_TEXT_MAX_LENGTH) throw new Error(`packed: no length at ${offset}`);
    offset = offsetAfter(packed, offset);
    texts++;
  }
  if (offset !== packed.length) throw new Error('packed: the last text is cut short');
  if (texts !== packedCount(packed) * textsPerEntry) throw new Error('packed: the count is wrong');
}

/**
 * Engines join strings lazily, as a tree of the pieces; reading a unit makes them copy it into one piece. The unit
 * read has to matter, or an optimizing compiler leaves the reading out.
 */
function flat(joined: Packed): Packed {
  if (joined.charCodeAt(0) > MAX_HEADER) throw new Error('packed: no header');
  return joined;
}
