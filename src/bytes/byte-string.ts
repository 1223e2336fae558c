/**
 * The one form in which byte strings live inside lodis.
 *
 * A `ByteString` is an ordinary JavaScript string that names a sequence of bytes, and does so uniquely:
 *
 * - well-formed text stands for its UTF-8 bytes (so plain text passes from door to door untouched);
 * - a lone surrogate U+DC80…U+DCFF stands for the single byte 0x80…0xFF where the bytes are not valid UTF-8.
 *
 *     bytes   61 C3 A9 FF          "aé" then one byte that is no UTF-8
 *     string  'a' 'é' '\uDCFF'
 *
 * Invariants:
 *
 * 1. Two byte sequences are equal exactly if their ByteStrings are `===`.
 * 2. No other lone surrogate ever occurs, and the escapes never spell valid UTF-8 (joining two byte
 *    strings may bring that about, so join with {@link concat}, never with `+`).
 * 3. `a < b` is byte order as long as neither holds a unit from U+D800 up; otherwise use {@link compareBytes}.
 */
export type ByteString = string;

/** What callers may hand in wherever Redis takes bytes: text (its UTF-8 bytes) or the bytes themselves. */
export type Bytes = string | Uint8Array;

const encoder = new TextEncoder();
/** Puts U+FFFD for what is not UTF-8. */
const lossyDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

const ESCAPE_BASE = 0xdc00;
const REPLACEMENT = '\ufffd';
const SCRATCH_SIZE = 4096;
const scratch = new Uint8Array(SCRATCH_SIZE);
const MOST_BYTES_PER_UNIT = 3;
/** From here on it is worth looking at the first bytes before all are decoded. */
const LONG_LENGTH = 1024;
const BEGINNING_LENGTH = 32;
/** Of so many units at once strings are made where a loop finds them: a call has only so many arguments. */
const PIECE_LENGTH = 1024;
/** Up to here a loop over the units beats a call into the host's encoder. */
const SHORT_LENGTH = 48;
/** Up to here it beats a regular expression too. */
const SHORTEST_LENGTH = 10;
/** Up to here units from a loop beat a call into the host's decoder. */
const SHORT_DECODE_LENGTH = 32;
/** The same for what is not ASCII. */
const SHORTER_DECODE_LENGTH = 16;
/** For each short length an array of so many units, used again and again. */
const shortUnits = Array.from({ length: SHORT_DECODE_LENGTH + 1 }, (_, length) =>
  new Array<number>(length).fill(0),
);

/**
 * The canonical form of what a caller handed in.
 *
 * @throws TypeError if it is neither a string nor a `Uint8Array`.
 */
export function toByteString(input: Bytes): ByteString {
  if (typeof input === 'string') {
    // A lone surrogate in text has no UTF-8 form; encoders everywhere write U+FFFD for it.
    return input.isWellFormed() ? input : input.toWellFormed();
  }
  if (input instanceof Uint8Array) return fromBytes(input);
  const hint =
    typeof input === 'number' || typeof input === 'bigint'
      ? ' (write String(…) if its digits are meant)'
      : '';
  throw new TypeError(`expected a string or a Uint8Array, got ${describe(input)}${hint}`);
}

/** What a caller handed in instead of what was expected, for error messages. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') {
    return `the ${typeof value} ${String(value)}`;
  }
  return Array.isArray(value) ? 'an array' : typeof value;
}

/** V8's longest string, a little less than the longest that Redis has. */
export const LONGEST_TEXT = 2 ** 29 - 24;

/** The text of UTF-8, `undefined` where the bytes are none, or more than a string can hold. O(n). */
export function textOf(bytes: Uint8Array): string | undefined {
  return bytes.length > LONGEST_TEXT ? undefined : decodeText(bytes, 0, bytes.length);
}

/**
 * The byte string of `bytes[start, end)`. O(n).
 *
 * @throws RangeError if it would be longer than a string can be
 */
export function fromBytes(bytes: Uint8Array, start = 0, end = bytes.length): ByteString {
  const length = end - start;
  if (length <= SHORT_DECODE_LENGTH) {
    // All at once: unit added to unit would make a rope, of many times the memory.
    const units = shortUnits[length]!;
    let seen = 0;
    for (let at = 0; at < length; at++) {
      const byte = bytes[start + at]!;
      seen |= byte;
      units[at] = byte;
    }
    if (seen <= 0x7f) return String.fromCharCode.apply(null, units);
    if (length <= SHORTER_DECODE_LENGTH) return decodePiece(bytes, start, end, end);
  }
  return decodeLong(bytes, start, end);
}

function decodeLong(bytes: Uint8Array, start: number, end: number): ByteString {
  if (end - start > LONGEST_TEXT) {
    // Else the host is asked for gigabytes first, and says the same half a minute later.
    throw new RangeError(`${end - start} bytes are more than a string can hold here: ${LONGEST_TEXT}`);
  }
  return decodeText(bytes, start, end) ?? decodeEscaping(bytes, start, end);
}

/** The text of UTF-8, `undefined` where it is none. */
function decodeText(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (bytes[end - 1]! > 0x7f && endsInvalid(bytes, start, end)) return undefined;
  if (end - start >= LONG_LENGTH && !isUtf8(bytes, start, start + BEGINNING_LENGTH, end)) return undefined;
  const part = start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end);
  // A decoder that throws takes twenty times as long where it does; this one leaves a mark, which may have been there.
  const text = lossyDecoder.decode(part);
  return !text.includes(REPLACEMENT) || isUtf8(bytes, start, end, end) ? text : undefined;
}

/** Whether the last bytes tell that not all are UTF-8, as those of numbers and checksums often do. O(1). */
function endsInvalid(bytes: Uint8Array, start: number, end: number): boolean {
  let at = end - 1;
  // One more than follow on a first byte.
  const least = Math.max(start, end - 4);
  while (at >= least && isContinuation(bytes[at]!)) at--;
  return at < least || at + sequenceLength(bytes, at, end) !== end;
}

/** Whether the sequences that begin before `to` are valid. O(n), but only until the first byte that belongs to none. */
function isUtf8(bytes: Uint8Array, start: number, to: number, end: number): boolean {
  let at = start;
  while (at < to) {
    const length = bytes[at]! < 0x80 ? 1 : sequenceLength(bytes, at, end);
    if (length === 0) return false;
    at += length;
  }
  return true;
}

/** UTF-8 as RFC 3629 has it; each byte that belongs to no valid sequence becomes its escape. O(n). */
function decodeEscaping(bytes: Uint8Array, start: number, end: number): ByteString {
  const length = end - start;
  // No sequence of bytes stands for more units than it has bytes.
  if (length <= PIECE_LENGTH) return decodePiece(bytes, start, end, end);
  const pieces: string[] = [];
  for (let from = start; from < end; ) {
    const to = pieceEnd(bytes, from, end);
    pieces.push(decodePiece(bytes, from, to, end));
    from = to;
  }
  return pieces.join('');
}

/** Where a piece may end that begins at `from`: not within a sequence. */
function pieceEnd(bytes: Uint8Array, from: number, end: number): number {
  const most = from + PIECE_LENGTH;
  if (most >= end) return end;
  for (let at = most - 3; at < most; at++) if (at + sequenceLength(bytes, at, end) > most) return at;
  return most;
}

function decodePiece(bytes: Uint8Array, start: number, to: number, end: number): ByteString {
  const units = new Array<number>(to - start);
  let count = 0;
  let at = start;
  while (at < to) {
    const first = bytes[at]!;
    if (first < 0x80) {
      units[count++] = first;
      at++;
      continue;
    }
    const length = sequenceLength(bytes, at, end);
    if (length === 0) {
      units[count++] = ESCAPE_BASE + first;
      at++;
      continue;
    }
    if (length === 2) {
      units[count++] = ((first & 0x1f) << 6) | lowSix(bytes, at + 1);
    } else if (length === 3) {
      units[count++] = ((first & 0x0f) << 12) | lowTwelve(bytes, at + 1);
    } else {
      const codePoint = ((first & 0x07) << 18) | (lowSix(bytes, at + 1) << 12) | lowTwelve(bytes, at + 2);
      units[count++] = 0xd7c0 + (codePoint >> 10);
      units[count++] = 0xdc00 | (codePoint & 0x3ff);
    }
    at += length;
  }
  return String.fromCharCode.apply(null, count === units.length ? units : units.slice(0, count));
}

function lowSix(bytes: Uint8Array, at: number): number {
  return bytes[at]! & 0x3f;
}

function lowTwelve(bytes: Uint8Array, at: number): number {
  return (lowSix(bytes, at) << 6) | lowSix(bytes, at + 1);
}

/** The string of units that these bytes are. O(n). */
function textOfUnits(bytes: Uint8Array, length = bytes.length): string {
  const pieces: string[] = [];
  for (let from = 0; from < length; from += PIECE_LENGTH) {
    const units = new Array<number>(Math.min(PIECE_LENGTH, length - from));
    for (let at = 0; at < units.length; at++) units[at] = bytes[from + at]!;
    pieces.push(String.fromCharCode.apply(null, units));
  }
  return pieces.length === 1 ? pieces[0]! : pieces.join('');
}

/** The length of the valid UTF-8 sequence at `at` and before `end`, or 0 if there is none. */
function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4 || at + 1 >= end) return 0;
  const second = bytes[at + 1]!;
  if (first < 0xe0) return isContinuation(second) ? 2 : 0;
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest || at + 2 >= end || !isContinuation(bytes[at + 2]!)) return 0;
  if (first < 0xf0) return 3;
  return at + 3 < end && isContinuation(bytes[at + 3]!) ? 4 : 0;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** The bytes themselves, in a fresh array. O(n). */
export function toBytes(value: ByteString): Uint8Array {
  if (value.isWellFormed()) return encoder.encode(value);
  if (value.length * MOST_BYTES_PER_UNIT <= SCRATCH_SIZE)
    return scratch.slice(0, writeEscaped(value, scratch, 0));
  const singles = new Uint8Array(value.length);
  if (writeSingles(value, singles)) return singles;
  const bytes = new Uint8Array(countBytes(value, 0));
  writeEscaped(value, bytes, 0);
  return bytes;
}

/** Writes the bytes into `target` from `offset` on, where {@link byteLength} bytes must fit; returns the end offset. */
export function writeBytes(value: ByteString, target: Uint8Array, offset: number): number {
  if (value.length <= SHORT_LENGTH) {
    let at = 0;
    while (at < value.length) {
      const unit = value.charCodeAt(at);
      if (unit > 0x7f) break;
      target[offset + at] = unit;
      at++;
    }
    if (at === value.length) return offset + at;
  }
  if (value.isWellFormed()) return offset + encoder.encodeInto(value, target.subarray(offset)).written;
  return writeEscaped(value, target, offset);
}

/** Writes what is ASCII and escapes, a byte for each unit; whether it is nothing else, as listpacks of text are. */
function writeSingles(value: ByteString, target: Uint8Array): boolean {
  for (let at = 0; at < target.length; at++) {
    const unit = value.charCodeAt(at);
    // A low surrogate that is no escape has a high one before it.
    if (unit > 0x7f && (unit < 0xdc00 || unit > 0xdfff)) return false;
    target[at] = unit;
  }
  return true;
}

/** Unit by unit: what no encoder of the host's does where there are escapes. */
function writeEscaped(value: ByteString, target: Uint8Array, offset: number): number {
  let at = offset;
  for (let index = 0; index < value.length; index++) {
    const unit = value.charCodeAt(index);
    if (unit < 0x80) target[at++] = unit;
    // A low surrogate that follows a high one was read along with it.
    else if (unit >= 0xdc00 && unit <= 0xdfff) target[at++] = unit - ESCAPE_BASE;
    else if (isHighSurrogate(unit)) {
      const low = value.charCodeAt(++index);
      at = writeCodePoint(((unit - 0xd7c0) << 10) | (low & 0x3ff), target, at);
    } else at = writeCodePoint(unit, target, at);
  }
  return at;
}

/** Of a code point from U+0080 up. */
function writeCodePoint(codePoint: number, target: Uint8Array, offset: number): number {
  let at = offset;
  if (codePoint < 0x800) {
    target[at++] = 0xc0 | (codePoint >> 6);
    target[at++] = 0x80 | (codePoint & 0x3f);
  } else if (codePoint < 0x10000) {
    target[at++] = 0xe0 | (codePoint >> 12);
    target[at++] = 0x80 | ((codePoint >> 6) & 0x3f);
    target[at++] = 0x80 | (codePoint & 0x3f);
  } else {
    target[at++] = 0xf0 | (codePoint >> 18);
    target[at++] = 0x80 | ((codePoint >> 12) & 0x3f);
    target[at++] = 0x80 | ((codePoint >> 6) & 0x3f);
    target[at++] = 0x80 | (codePoint & 0x3f);
  }
  return at;
}

/** How many bytes it stands for. O(n), at the host encoder's speed for long strings. */
export function byteLength(value: ByteString): number {
  if (value.length <= SHORT_LENGTH) {
    let at = 0;
    while (at < value.length && value.charCodeAt(at) <= 0x7f) at++;
    return at === value.length ? at : at + countBytes(value, at);
  }
  if (!value.isWellFormed()) return countBytes(value, 0);
  let total = 0;
  let rest = value;
  while (rest.length > 0) {
    const { read, written } = encoder.encodeInto(rest, scratch);
    total += written;
    if (read === rest.length) break;
    rest = rest.slice(read);
  }
  return total;
}

function countBytes(value: ByteString, from: number): number {
  let total = 0;
  for (let index = from; index < value.length; index++) {
    const unit = value.charCodeAt(index);
    if (unit < 0x80) total += 1;
    else if (unit < 0x800) total += 2;
    else if (unit >= 0xd800 && unit <= 0xdbff) {
      total += 4;
      index++;
    } else total += unit >= 0xdc00 && unit <= 0xdfff ? 1 : 3;
  }
  return total;
}

/** Whether every byte is below 0x80, so that bytes and units coincide. O(n). */
export function isAscii(value: ByteString): boolean {
  if (value.length <= SHORTEST_LENGTH) return shortestIsAscii(value);
  if (value.length <= SHORT_LENGTH) return !BEYOND_ASCII.test(value);
  // An escape is one unit for one byte too, but never well-formed.
  return value.isWellFormed() && byteLength(value) === value.length;
}

const BEYOND_ASCII = /[\u0080-\uffff]/;

function shortestIsAscii(value: ByteString): boolean {
  for (let at = 0; at < value.length; at++) if (value.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** The text to show for it: exact where the bytes are UTF-8, with U+FFFD where they are not. */
export function toText(value: ByteString): string {
  return value.isWellFormed() ? value : lossyDecoder.decode(toBytes(value));
}

/** The bytes of `a` followed by those of `b`. */
export function concat(a: ByteString, b: ByteString): ByteString {
  if (a.isWellFormed() || b.isWellFormed()) {
    // Escapes on one side only can still complete nothing: a sequence split between the two has escapes on both.
    return a + b;
  }
  return fromBytes(joinBytes(toBytes(a), toBytes(b)));
}

function joinBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** The bytes `[start, end)`, both within the length. O(n), O(1) for short ASCII. */
export function sliceBytes(value: ByteString, start: number, end: number): ByteString {
  if (isAscii(value)) return value.slice(start, end);
  return fromBytes(toBytes(value), start, end);
}

/**
 * Whether the host's `<` on this string is byte order against any other such string.
 * True for all text without characters from U+D800 up (private use, emoji, …) and without escapes.
 */
export function sortsByUnits(value: ByteString): boolean {
  if (value.length > SHORT_LENGTH) return !HIGH_UNITS.test(value);
  for (let at = 0; at < value.length; at++) if (value.charCodeAt(at) >= 0xd800) return false;
  return true;
}

const HIGH_UNITS = /[\ud800-\uffff]/;

/** Byte order, as memcmp has it: negative, zero or positive. O(common prefix). */
export function compareBytes(a: ByteString, b: ByteString): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x !== y) {
      if (x < 0x80 || y < 0x80 || (x < 0xd800 && y < 0xd800)) return x - y;
      return compareFrom(a, b, at);
    }
  }
  return a.length - b.length;
}

/** The strings differ at `at` in units above ASCII: surrogates and escapes order by the bytes they stand for. */
function compareFrom(a: ByteString, b: ByteString, at: number): number {
  // Step back to where a character starts on both sides, then compare a character's worth of bytes.
  const from = at > 0 && isHighSurrogate(a.charCodeAt(at - 1)) ? at - 1 : at;
  const x = toBytes(a.slice(from, at + 5));
  const y = toBytes(b.slice(from, at + 5));
  const shorter = Math.min(x.length, y.length);
  for (let index = 0; index < shorter; index++) {
    if (x[index] !== y[index]) return x[index]! - y[index]!;
  }
  return x.length - y.length;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** One unit per byte (U+0000…U+00FF): for algorithms that walk over bytes. The same string if it is ASCII. */
export function toLatin1(value: ByteString): string {
  if (isAscii(value)) return value;
  const singles = singlesOf(value);
  if (singles !== undefined) return singles;
  if (value.length * MOST_BYTES_PER_UNIT > SCRATCH_SIZE) return textOfUnits(toBytes(value));
  return textOfUnits(scratch, writeEscaped(value, scratch, 0));
}

/** Of a short string of ASCII and escapes only, as packed numbers and lists mostly are; else `undefined`. */
function singlesOf(value: ByteString): string | undefined {
  const { length } = value;
  if (length > PIECE_LENGTH) return undefined;
  const units = new Array<number>(length);
  for (let at = 0; at < length; at++) {
    const unit = value.charCodeAt(at);
    // A low surrogate that is no escape has a high one before it.
    if (unit > 0x7f && (unit < 0xdc00 || unit > 0xdfff)) return undefined;
    units[at] = unit & 0xff;
  }
  return String.fromCharCode.apply(null, units);
}

/** The inverse of {@link toLatin1}. */
export function fromLatin1(text: string): ByteString {
  if (isAscii(text)) return text;
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return fromBytes(bytes);
}
