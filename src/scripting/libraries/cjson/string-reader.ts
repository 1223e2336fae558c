/*
 * Strings of JSON text. Nearly all have no escape: they are found by looking for the quote, and cut out.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

/** What an escape of one letter stands for. */
const ESCAPES: ReadonlyMap<number, string> = new Map(
  Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', t: '\t', n: '\n', f: '\f', r: '\r' }).map(
    ([letter, meaning]) => [letter.charCodeAt(0), meaning],
  ),
);

/** The digit's value, or -1. Not a number is no digit. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** The number of four hexadecimal digits, or -1. */
function hex4(text: string, at: number): number {
  let value = 0;
  for (let index = at; index < at + 4; index++) {
    const digit = hexDigit(text.charCodeAt(index));
    if (digit < 0) return -1;
    value = (value << 4) | digit;
  }
  return value;
}

/** A code point in UTF-8, a char for each byte. */
function utf8(point: number): string {
  if (point < 0x80) return String.fromCharCode(point);
  if (point < 0x800) return String.fromCharCode(0xc0 | (point >> 6), 0x80 | (point & 0x3f));
  if (point < 0x1_0000) {
    return String.fromCharCode(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
  }
  return String.fromCharCode(
    0xf0 | (point >> 18),
    0x80 | ((point >> 12) & 0x3f),
    0x80 | ((point >> 6) & 0x3f),
    0x80 | (point & 0x3f),
  );
}

/** Reads the strings of one text. */
export class StringReader {
  private readonly text: string;
  /** The string that was read. */
  value = '';
  /** After the string's closing quote; or where it went wrong. */
  end = 0;
  /** What went wrong. */
  wrong = '';

  constructor(text: string) {
    this.text = text;
  }

  /** Reads the string whose first byte after the opening quote is here. Whether it could. */
  read(start: number): boolean {
    const { text } = this;
    for (let at = start; ; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.value = text.slice(start, at);
        this.end = at + 1;
        return true;
      }
      if (code === BACKSLASH) return this.readEscaped(start, at);
      if (code === 0 || at >= text.length) return this.fail('unexpected end of string', at);
    }
  }

  /** The same, where the first backslash is known. */
  private readEscaped(start: number, first: number): boolean {
    const { text } = this;
    let value = text.slice(start, first);
    let at = first;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH) {
        const letter = text.charCodeAt(at + 1);
        if (letter === LETTER_U) {
          const point = this.codePoint(at);
          if (point < 0) return this.fail('invalid unicode escape code', at);
          value += utf8(point);
          at += point > 0xffff ? 12 : 6;
        } else {
          const meaning = ESCAPES.get(letter);
          if (meaning === undefined) return this.fail('invalid escape code', at);
          value += meaning;
          at += 2;
        }
      } else if (code === QUOTE) {
        this.value = value;
        this.end = at + 1;
        return true;
      } else if (code === 0 || at >= text.length) return this.fail('unexpected end of string', at);
      else {
        const clean = at;
        at = this.endOfClean(at);
        value += text.slice(clean, at);
      }
    }
  }

  /** Where the next quote, backslash or end is. */
  private endOfClean(from: number): number {
    const { text } = this;
    let at = from;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === QUOTE || code === BACKSLASH || code === 0 || at >= text.length) return at;
      at++;
    }
  }

  /** The code point of an escape of four hex digits, or of a pair of surrogates written so, whose backslash is here; -1 if it is none. */
  private codePoint(at: number): number {
    const { text } = this;
    const unit = hex4(text, at + 2);
    if (unit < 0xd800 || unit > 0xdfff) return unit;
    if (unit >= 0xdc00 || !text.startsWith('\\u', at + 6)) return -1;
    const low = hex4(text, at + 8);
    if (low < 0xdc00 || low > 0xdfff) return -1;
    return 0x1_0000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
  }

  private fail(wrong: string, at: number): false {
    this.wrong = wrong;
    this.end = at;
    return false;
  }
}
