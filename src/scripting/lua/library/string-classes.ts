/**
 * Sets of bytes, as patterns use them: 256 places, 1 where the byte belongs to the set. Letters and the like are those of the C
 * locale, ASCII only.
 */
export type ByteSet = Uint8Array;

function setOf(includes: (code: number) => boolean): ByteSet {
  const set = new Uint8Array(256);
  for (let code = 0; code < 256; code++) if (includes(code)) set[code] = 1;
  return set;
}

const inRange = (from: string, to: string) => (code: number) =>
  code >= from.charCodeAt(0) && code <= to.charCodeAt(0);

const isDigit = inRange('0', '9');
const isLower = inRange('a', 'z');
const isUpper = inRange('A', 'Z');
const isAlpha = (code: number) => isLower(code) || isUpper(code);
const isAlphanumeric = (code: number) => isAlpha(code) || isDigit(code);

const CLASSES: Readonly<Record<string, (code: number) => boolean>> = {
  a: isAlpha,
  c: (code) => code < 32 || code === 127,
  d: isDigit,
  l: isLower,
  p: (code) => code > 32 && code < 127 && !isAlphanumeric(code),
  s: (code) => code === 32 || (code >= 9 && code <= 13),
  u: isUpper,
  w: isAlphanumeric,
  x: (code) => isDigit(code) || inRange('a', 'f')(code) || inRange('A', 'F')(code),
  z: (code) => code === 0,
};

/** The sets of `%a`, `%A`, `%.` and so on, by the byte after `%`: made when first asked for. */
const classes: (ByteSet | undefined)[] = new Array(256).fill(undefined);
const literals: (ByteSet | undefined)[] = new Array(256).fill(undefined);

/** The set of `.`. */
export const ANY_BYTE: ByteSet = new Uint8Array(256).fill(1);

/** The set of one byte. Shared: not to be changed. */
export function literalSet(code: number): ByteSet {
  const known = literals[code];
  if (known !== undefined) return known;
  const set = new Uint8Array(256);
  set[code] = 1;
  literals[code] = set;
  return set;
}

/** Whether a letter after `%` names a class; if not, it means itself. */
export function isClass(code: number): boolean {
  return String.fromCharCode(code).toLowerCase() in CLASSES;
}

/** The set `%x` means, by the byte after the `%`. Shared: not to be changed. */
export function classSet(code: number): ByteSet {
  const known = classes[code];
  if (known !== undefined) return known;
  const letter = String.fromCharCode(code);
  const includes = CLASSES[letter.toLowerCase()];
  let set = literalSet(code);
  if (includes !== undefined) set = setOf(isUpper(code) ? (byte) => !includes(byte) : includes);
  classes[code] = set;
  return set;
}

const PERCENT = 0x25;
const CARET = 0x5e;
const MINUS = 0x2d;

/** The set `[…]` means, which begins at `from` with its bracket and ends before `to` with the other one. */
export function bracketSet(pattern: string, from: number, to: number): ByteSet {
  const set = new Uint8Array(256);
  const last = to - 1;
  let at = from + 1;
  const isNegated = pattern.charCodeAt(at) === CARET;
  if (isNegated) at++;
  for (; at < last; at++) {
    const code = pattern.charCodeAt(at);
    if (code === PERCENT) {
      const other = classSet(pattern.charCodeAt(++at));
      for (let byte = 0; byte < 256; byte++) if (other[byte] === 1) set[byte] = 1;
    } else if (pattern.charCodeAt(at + 1) === MINUS && at + 2 < last) {
      at += 2;
      const end = pattern.charCodeAt(at);
      for (let byte = code; byte <= end; byte++) set[byte] = 1;
    } else {
      set[code] = 1;
    }
  }
  if (isNegated) for (let byte = 0; byte < 256; byte++) set[byte] = 1 - set[byte]!;
  return set;
}
