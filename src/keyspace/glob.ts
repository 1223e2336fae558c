import { type ByteString, fromLatin1, toLatin1 } from '../bytes/byte-string.ts';

/**
 * Glob patterns, as KEYS, SCAN MATCH and PSUBSCRIBE have them, over bytes:
 *
 * - `*` any run of bytes, `?` any one byte;
 * - `[abc]`, `[a-z]`, `[^abc]` one byte (not) of a class. A `]` always ends it, so `[]` matches nothing and `[^]`
 *   anything; a class that never ends, ends with the pattern; a reversed range is turned around; bytes from 0x80 up
 *   sort below zero in ranges, as C's signed chars on x86-64 do;
 * - `\` takes the next byte literally, also in a class; the last byte of a pattern is literal even if it is `\`.
 *
 * Two oddities are Redis's own: the empty subject matches the empty pattern only, not even `*` (KEYS and SCAN treat
 * the pattern `*` as "no pattern", which their callers must do too), and a pattern that needs more than 1000 stars
 * matches nothing.
 *
 * A pattern is compiled to one number per matched byte:
 *
 *     a*[x-z]?      97  STAR  CLASS+0  ANY
 *
 * and matched by retrying from the latest star only: an earlier star could but give the later one a smaller rest.
 * O(pattern · subject) at worst, whatever the pattern.
 */
export type GlobMatcher = (subject: ByteString) => boolean;

const STAR = 256;
const ANY = 257;
/** Plus the index of the class. */
const CLASS = 258;

const STAR_LIMIT = 1000;
/** A bit for each byte. */
const CLASS_BYTES = 32;

interface Glob {
  readonly items: readonly number[];
  /** For each class, {@link CLASS_BYTES} of bits: which bytes are in it. In one array, as a pattern may have millions. */
  readonly classes: Uint8Array;
  readonly ignoreCase: boolean;
}

function lowerCase(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

const NO_CLASSES = new Uint8Array(0);

/** `pattern` has one unit per byte. */
function parse(pattern: string, ignoreCase: boolean): Glob {
  const items: number[] = [];
  let classes = NO_CLASSES;
  let classCount = 0;
  let at = 0;
  while (at < pattern.length) {
    const unit = pattern[at];
    if (unit === '*') {
      if (items[items.length - 1] !== STAR) items.push(STAR);
      at++;
    } else if (unit === '?') {
      items.push(ANY);
      at++;
    } else if (unit === '[') {
      const members = new Uint8Array(256);
      at = parseClass(pattern, at + 1, members, ignoreCase);
      items.push(CLASS + classCount);
      const from = classCount++ * CLASS_BYTES;
      if (from === classes.length) {
        const grown = new Uint8Array(Math.max(2 * from, CLASS_BYTES));
        grown.set(classes);
        classes = grown;
      }
      for (let byte = 0; byte < 256; byte++) classes[from + (byte >> 3)]! |= members[byte]! << (byte & 7);
    } else {
      if (unit === '\\' && at + 1 < pattern.length) at++;
      const byte = pattern.charCodeAt(at++);
      items.push(ignoreCase ? lowerCase(byte) : byte);
    }
  }
  return { items, classes, ignoreCase };
}

/** Fills in the members of the class whose inside begins at `from`; returns where the pattern goes on. */
function parseClass(pattern: string, from: number, members: Uint8Array, ignoreCase: boolean): number {
  const end = pattern.length;
  const negated = pattern[from] === '^';
  let at = negated ? from + 1 : from;
  for (; at < end && pattern[at] !== ']'; at++) {
    if (pattern[at] === '\\' && at + 1 < end) {
      // An escaped byte is compared as it is, even where case is ignored.
      members[pattern.charCodeAt(++at)] = 1;
    } else if (pattern[at + 1] === '-' && at + 2 < end) {
      addRange(members, pattern.charCodeAt(at), pattern.charCodeAt(at + 2), ignoreCase);
      at += 2;
    } else {
      addByte(members, pattern.charCodeAt(at), ignoreCase);
    }
  }
  if (negated) for (let byte = 0; byte < 256; byte++) members[byte] = 1 - members[byte]!;
  return at < end ? at + 1 : end;
}

function addByte(members: Uint8Array, byte: number, ignoreCase: boolean): void {
  members[byte] = 1;
  if (!ignoreCase) return;
  for (let other = 0; other < 256; other++) if (lowerCase(other) === lowerCase(byte)) members[other] = 1;
}

function addRange(members: Uint8Array, first: number, last: number, ignoreCase: boolean): void {
  const a = signed(first);
  const b = signed(last);
  let low = Math.min(a, b);
  let high = Math.max(a, b);
  if (ignoreCase) {
    low = lowerCase(low);
    high = lowerCase(high);
  }
  for (let byte = 0; byte < 256; byte++) {
    const value = signed(ignoreCase ? lowerCase(byte) : byte);
    if (value >= low && value <= high) members[byte] = 1;
  }
}

function signed(byte: number): number {
  return byte < 0x80 ? byte : byte - 256;
}

/** `subject` has one unit per byte. */
function matches({ items, classes, ignoreCase }: Glob, subject: string): boolean {
  const length = subject.length;
  const count = items.length;
  if (length === 0) return count === 0;
  let at = 0;
  let item = 0;
  let stars = 0;
  let retryItem = -1;
  let retryAt = 0;
  while (at < length) {
    const wanted = item < count ? items[item]! : -1;
    if (wanted === STAR) {
      if (++item === count) return true;
      if (++stars > STAR_LIMIT) return false;
      retryItem = item;
      retryAt = at;
      continue;
    }
    const byte = subject.charCodeAt(at);
    const fits =
      wanted >= CLASS
        ? ((classes[(wanted - CLASS) * CLASS_BYTES + (byte >> 3)]! >> (byte & 7)) & 1) === 1
        : wanted === ANY || wanted === (ignoreCase ? lowerCase(byte) : byte);
    if (fits) {
      at++;
      item++;
    } else if (retryItem >= 0) {
      at = ++retryAt;
      item = retryItem;
    } else {
      return false;
    }
  }
  while (item < count && items[item] === STAR) item++;
  return item === count;
}

/** Whether the whole subject matches. To match many subjects use {@link compileGlob}. O(pattern · subject). */
export function matchGlob(pattern: ByteString, subject: ByteString, ignoreCase = false): boolean {
  return matches(parse(toLatin1(pattern), ignoreCase), toLatin1(subject));
}

/**
 * A matcher for many subjects. Patterns of the forms `literal`, `prefix*`, `*suffix`, `*infix*` and `prefix*suffix`
 * run at the speed of the host's own string search.
 */
export function compileGlob(pattern: ByteString, ignoreCase = false): GlobMatcher {
  const glob = parse(toLatin1(pattern), ignoreCase);
  return (
    (ignoreCase ? undefined : simpleMatcher(glob.items)) ?? ((subject) => matches(glob, toLatin1(subject)))
  );
}

/** The matcher of a pattern of at most three literal or starred parts, otherwise `undefined`. */
function simpleMatcher(items: readonly number[]): GlobMatcher | undefined {
  if (items.some((item) => item > STAR)) return undefined;
  const firstStar = items.indexOf(STAR);
  if (firstStar < 0) {
    const literal = textOf(items);
    return (subject) => subject === literal;
  }
  const lastStar = items.lastIndexOf(STAR);
  const head = textOf(items.slice(0, firstStar));
  const tail = textOf(items.slice(lastStar + 1));
  const middle = firstStar < lastStar ? textOf(items.slice(firstStar + 1, lastStar)) : undefined;
  // Units and bytes align only where the literal is text: half a character would be found in escapes alone.
  if (!head.isWellFormed() || !tail.isWellFormed()) return undefined;
  if (middle === undefined) {
    if (head === '' && tail === '') return (subject) => subject !== '';
    if (tail === '') return (subject) => subject.startsWith(head);
    if (head === '') return (subject) => subject.endsWith(tail);
    const least = head.length + tail.length;
    return (subject) => subject.length >= least && subject.startsWith(head) && subject.endsWith(tail);
  }
  const infixOnly = head === '' && tail === '' && !items.slice(firstStar + 1, lastStar).includes(STAR);
  return infixOnly && middle.isWellFormed() ? (subject) => subject.includes(middle) : undefined;
}

function textOf(items: readonly number[]): ByteString {
  let bytes = '';
  for (const item of items) bytes += String.fromCharCode(item);
  return fromLatin1(bytes);
}

/** The one subject that a pattern without wildcards matches, with its escapes resolved; otherwise `undefined`. */
export function globLiteral(pattern: ByteString): ByteString | undefined {
  const { items } = parse(toLatin1(pattern), false);
  return items.some((item) => item >= STAR) ? undefined : textOf(items);
}

/**
 * Text with which every matching subject starts (by `startsWith`), possibly empty: the literal bytes before the
 * first wildcard, up to the last whole character.
 */
export function globPrefix(pattern: ByteString): ByteString {
  const { items } = parse(toLatin1(pattern), false);
  const wildcard = items.findIndex((item) => item >= STAR);
  const prefix = textOf(wildcard < 0 ? items : items.slice(0, wildcard));
  // Up to the first unit that stands for a byte of no character.
  const text = prefix.toWellFormed();
  let end = 0;
  while (end < prefix.length && prefix[end] === text[end]) end++;
  return prefix.slice(0, end);
}

/**
 * Text with which every matching subject ends (by `endsWith`), possibly empty: the literal bytes after the last
 * wildcard, from the first whole character. Empty for a pattern without wildcards, whose {@link globPrefix} says all.
 */
export function globSuffix(pattern: ByteString): ByteString {
  const { items } = parse(toLatin1(pattern), false);
  const wildcard = items.findLastIndex((item) => item >= STAR);
  if (wildcard < 0) return '';
  const suffix = textOf(items.slice(wildcard + 1));
  // From behind the last unit that stands for a byte of no character.
  const text = suffix.toWellFormed();
  let start = suffix.length;
  while (start > 0 && suffix[start - 1] === text[start - 1]) start--;
  return suffix.slice(start);
}
