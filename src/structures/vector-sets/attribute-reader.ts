import type { ByteString } from '../../bytes/byte-string.ts';
import { parseCNumber } from './c-number.ts';
import { type FilterValue, INNER_ARRAY } from './filter-value.ts';
import { unescaped } from './unescape.ts';

/**
 * Reads the fields that a filter names from the JSON text of an element's attributes.
 *
 *     {"year": 1984, "tags": ["a", 1], "more": {"x": 1}, oops
 *      ─────────────  ────────────────  ────────────────  from here on there are no fields
 *
 * Nothing of what is not asked for is turned into values, and the text is never checked as a whole: whoever wrote it may
 * have written anything, and what can be read before it stops making sense counts. Values are numbers (true is 1, false
 * 0), strings, null, and arrays of these; an object is no value.
 *
 * The text is walked once, without recursion: O(length), whatever is in it.
 */
export class AttributeReader {
  private readonly indexes: ReadonlyMap<ByteString, number>;
  private readonly values: (FilterValue | undefined)[];
  private text: ByteString = '';
  private at = 0;

  constructor(fields: readonly ByteString[]) {
    this.indexes = new Map(fields.map((field, index) => [field, index]));
    this.values = new Array<FilterValue | undefined>(fields.length).fill(undefined);
  }

  /**
   * The values of the fields, in their order, in an array that the next call fills again; `undefined` if one of them is
   * missing or no value. A field without a name is never there.
   */
  read(text: ByteString): readonly FilterValue[] | undefined {
    const { values, indexes } = this;
    let missing = indexes.size;
    if (missing === 0) return values as FilterValue[];
    values.fill(undefined);
    this.text = text;
    this.at = 0;
    this.skipBlanks();
    if (!this.accept(OPEN_BRACE)) return undefined;
    for (;;) {
      const name = this.name();
      if (name === undefined) return undefined;
      const index = name === '' ? undefined : indexes.get(name);
      const start = this.at;
      // Of fields of the same name the first one counts.
      if (index !== undefined && values[index] === undefined) {
        const value = this.value();
        if (value === undefined) return undefined;
        values[index] = value;
        if (--missing === 0) return values as FilterValue[];
        this.at = start;
      }
      if (!this.skipValue()) return undefined;
      this.skipBlanks();
      if (!this.accept(COMMA)) return undefined;
    }
  }

  private skipBlanks(): void {
    const { text } = this;
    while (isBlank(text.charCodeAt(this.at))) this.at++;
  }

  private accept(code: number): boolean {
    if (this.text.charCodeAt(this.at) !== code) return false;
    this.at++;
    return true;
  }

  /** The name of the next field, as it is spelled; its value comes next. `undefined` if there is no further one. */
  private name(): ByteString | undefined {
    this.skipBlanks();
    const start = this.at + 1;
    if (!this.skipString()) return undefined;
    const name = this.text.slice(start, this.at - 1);
    this.skipBlanks();
    if (!this.accept(COLON)) return undefined;
    this.skipBlanks();
    return name;
  }

  // ── passing over values ──────────────────────────────────────────────────────────────────────────────────

  private skipValue(): boolean {
    switch (this.text.charCodeAt(this.at)) {
      case QUOTE:
        return this.skipString();
      case OPEN_BRACE:
        return this.skipBracketed(OPEN_BRACE, CLOSE_BRACE);
      case OPEN_BRACKET:
        return this.skipBracketed(OPEN_BRACKET, CLOSE_BRACKET);
      case LETTER_T:
        return this.skipWord('true');
      case LETTER_F:
        return this.skipWord('false');
      case LETTER_N:
        return this.skipWord('null');
      default:
        return this.skipNumber() > 0;
    }
  }

  private skipString(): boolean {
    const { text } = this;
    if (!this.accept(QUOTE)) return false;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (this.at >= text.length) return false;
      this.at += code === BACKSLASH ? 2 : 1;
      if (code === QUOTE) return true;
    }
  }

  /** To the bracket that closes the one here. Only brackets of its kind are counted, and none in strings. */
  private skipBracketed(open: number, close: number): boolean {
    const { text } = this;
    let depth = 0;
    while (this.at < text.length) {
      const code = text.charCodeAt(this.at);
      if (code === QUOTE) {
        if (!this.skipString()) return false;
        continue;
      }
      this.at++;
      if (code === open) depth++;
      else if (code === close && --depth === 0) return true;
    }
    return false;
  }

  private skipWord(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  /** Passes over what may stand in a number, and tells how much that was. */
  private skipNumber(longest = Number.POSITIVE_INFINITY): number {
    const start = this.at;
    while (isNumberUnit(this.text.charCodeAt(this.at)) && this.at - start < longest) this.at++;
    return this.at - start;
  }

  // ── reading values ───────────────────────────────────────────────────────────────────────────────────────

  private value(): FilterValue | undefined {
    return this.text.charCodeAt(this.at) === OPEN_BRACKET ? this.array() : this.scalar();
  }

  private scalar(): number | ByteString | null | undefined {
    const code = this.text.charCodeAt(this.at);
    switch (code) {
      case QUOTE:
        return this.string();
      case LETTER_T:
        return this.word('true') ? 1 : undefined;
      case LETTER_F:
        return this.word('false') ? 0 : undefined;
      case LETTER_N:
        return this.word('null') ? null : undefined;
      default: {
        if (!isDigit(code) && code !== MINUS && code !== PLUS) return undefined;
        const start = this.at;
        this.skipNumber(LONGEST_NUMBER);
        return parseCNumber(this.text.slice(start, this.at));
      }
    }
  }

  private string(): ByteString | undefined {
    const start = this.at + 1;
    if (!this.skipString()) return undefined;
    const inside = this.text.slice(start, this.at - 1);
    return inside.includes('\\') ? unescaped(inside) : inside;
  }

  /** A word that ends where a value may end. */
  private word(word: string): boolean {
    if (!this.skipWord(word)) return false;
    const code = this.text.charCodeAt(this.at);
    return (
      this.at >= this.text.length ||
      isBlank(code) ||
      code === COMMA ||
      code === CLOSE_BRACKET ||
      code === CLOSE_BRACE
    );
  }

  /** An array of values. Of those inside of it only the brackets are followed, by counting. */
  private array(): readonly FilterValue[] | undefined {
    const elements: FilterValue[] = [];
    let depth = 0;
    for (;;) {
      // Here a value begins.
      this.skipBlanks();
      if (this.accept(OPEN_BRACKET)) {
        depth++;
        this.skipBlanks();
        if (!this.accept(CLOSE_BRACKET)) continue;
        depth--;
        if (depth === 1) elements.push(INNER_ARRAY);
      } else {
        const element = this.scalar();
        if (element === undefined) return undefined;
        if (depth === 1) elements.push(element);
      }
      // Here one has ended.
      for (;;) {
        if (depth === 0) return elements;
        this.skipBlanks();
        if (this.accept(COMMA)) break;
        if (!this.accept(CLOSE_BRACKET)) return undefined;
        depth--;
        if (depth === 1) elements.push(INNER_ARRAY);
      }
    }
  }
}

const LONGEST_NUMBER = 255;

const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const LETTER_F = 0x66;
const LETTER_N = 0x6e;
const LETTER_T = 0x74;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isNumberUnit(code: number): boolean {
  return isDigit(code) || code === MINUS || code === PLUS || code === DOT || (code | 0x20) === 0x65;
}
