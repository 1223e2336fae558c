/**
 * Cuts a source into tokens: one at a time, with at most one looked at in advance.
 *
 * Errors name the place as the reference does: the line is the one the lexer has reached, and a name, number or string is
 * shown as it was read so far (a string with its escapes already turned into what they mean).
 */

import { LuaError } from '../values/lua-error.ts';
import { payFor } from '../values/metering.ts';
import { numberOfText } from '../values/number-text.ts';
import { SYNTAX_ERROR_SIZE, shortChunkName, untilZero } from './chunk-name.ts';
import {
  ASSIGN,
  CLOSING_BRACKET,
  DOT,
  GREATER,
  LESS,
  MINUS,
  OPENING_BRACKET,
  PLUS,
  TOKEN_CONCAT,
  TOKEN_DOTS,
  TOKEN_END_OF_SOURCE,
  TOKEN_EQUAL,
  TOKEN_GREATER_OR_EQUAL,
  TOKEN_LESS_OR_EQUAL,
  TOKEN_NAME,
  TOKEN_NOT_EQUAL,
  TOKEN_NUMBER,
  TOKEN_STRING,
  tokenText,
} from './tokens.ts';
import { asPropertyName, FIRST_HASH, nextHash, wordAt } from './words.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const BACKSLASH = 92;
const TILDE = 126;

/** Of so much of the source is paid at a time. */
const PAID_AT_ONCE = 4096;
/** About how many steps of the machine, and how many bytes of memory, a byte of the source takes until it is a function. */
const STEPS_OF_BYTE = 4;
const BYTES_OF_BYTE = 40;

/** What a character may be part of, as bits. */
const LETTER = 1;
const DIGIT = 2;
const SPACE = 4;
const CLASSES = new Uint8Array(256);
for (const char of ' \t\v\f') CLASSES[char.charCodeAt(0)] = SPACE;
for (const char of '0123456789') CLASSES[char.charCodeAt(0)] = DIGIT;
for (const char of 'abcdefghijklmnopqrstuvwxyz') CLASSES[char.charCodeAt(0)] = LETTER;
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ_') CLASSES[char.charCodeAt(0)] = LETTER;

/** What a letter after a backslash means, where it is not itself. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

export class Lexer {
  private readonly source: string;
  private readonly chunkName: string;
  /** Where the character is that is read next. */
  private position = 0;
  /** Up to where reading was paid for. */
  private paidUntil = PAID_AT_ONCE;
  /** Up to where the memory it takes was told. */
  private heldUntil = PAID_AT_ONCE;
  /** Where the token read last begins. */
  private start = 0;

  /** The kind of the current token. */
  token = TOKEN_END_OF_SOURCE;
  /** The text of the current token, if it is a name or a string. */
  text = '';
  /** Its value, if it is a number. */
  number = 0;
  /** The line the lexer has reached: that of the end of the current token, or of the one after it if that was looked at. */
  line = 1;
  /** The line that was reached when the token before the current one was. */
  lastLine = 1;

  private hasNext = false;
  private nextToken = TOKEN_END_OF_SOURCE;
  private nextText = '';
  private nextNumber = 0;

  constructor(source: string, chunkName: string) {
    this.source = source;
    this.chunkName = chunkName;
  }

  /** Goes on to the next token. */
  advance(): void {
    this.lastLine = this.line;
    if (this.hasNext) {
      this.hasNext = false;
      this.token = this.nextToken;
      this.text = this.nextText;
      this.number = this.nextNumber;
    } else {
      this.token = this.read();
    }
  }

  /** The kind of the token after the current one, which stays the current one. To be asked once for a token. */
  peek(): number {
    const { text, number } = this;
    this.nextToken = this.read();
    this.nextText = this.text;
    this.nextNumber = this.number;
    this.hasNext = true;
    this.text = text;
    this.number = number;
    return this.nextToken;
  }

  /** The error of a token where something else had to be. To be thrown. */
  syntaxError(message: string): LuaError {
    // The reference takes the token of a zero byte for none.
    if (this.token === 0) return this.error(message);
    return this.errorNear(message, this.currentText());
  }

  /** An error that is nobody's token's. To be thrown. */
  error(message: string): LuaError {
    return new LuaError(`${shortChunkName(this.chunkName, SYNTAX_ERROR_SIZE)}:${this.line}: ${message}`);
  }

  private errorNear(message: string, near: string): LuaError {
    return this.error(`${message} near '${untilZero(near)}'`);
  }

  private currentText(): string {
    switch (this.token) {
      case TOKEN_NAME:
      case TOKEN_NUMBER:
        return this.source.slice(this.start, this.position);
      case TOKEN_STRING: {
        const first = this.source[this.start]!;
        if (first !== '[') return first + this.text + first;
        const opening = this.source.slice(this.start, this.source.indexOf('[', this.start + 1) + 1);
        return opening + this.text + opening.replaceAll('[', ']');
      }
      default:
        return tokenText(this.token);
    }
  }

  /** Reads the next token; its text or number too. */
  private read(): number {
    const { source } = this;
    if (this.position > this.paidUntil) this.pay();
    for (;;) {
      const at = this.position;
      if (at >= source.length) return TOKEN_END_OF_SOURCE;
      const char = source.charCodeAt(at);
      const charClass = CLASSES[char]!;
      if (charClass === SPACE) {
        this.position = at + 1;
        continue;
      }
      this.start = at;
      if (charClass === LETTER) return this.readName(at);
      if (charClass === DIGIT) return this.readNumber(at);
      switch (char) {
        case LINE_FEED:
        case CARRIAGE_RETURN:
          this.skipLineEnd(char);
          continue;
        case MINUS:
          this.position = at + 1;
          if (source.charCodeAt(at + 1) !== MINUS) return MINUS;
          this.position = at + 2;
          this.skipComment();
          continue;
        case OPENING_BRACKET: {
          const level = this.readBracket(char);
          if (level >= 0) {
            this.text = this.readLongString(level, true);
            return TOKEN_STRING;
          }
          if (level === -1) return OPENING_BRACKET;
          throw this.errorNear('invalid long string delimiter', source.slice(at, this.position));
        }
        case ASSIGN:
          return this.readPair(char, TOKEN_EQUAL);
        case LESS:
          return this.readPair(char, TOKEN_LESS_OR_EQUAL);
        case GREATER:
          return this.readPair(char, TOKEN_GREATER_OR_EQUAL);
        case TILDE:
          return this.readPair(char, TOKEN_NOT_EQUAL);
        case DOUBLE_QUOTE:
        case SINGLE_QUOTE:
          this.readString(char);
          return TOKEN_STRING;
        case DOT:
          if (CLASSES[source.charCodeAt(at + 1)] === DIGIT) return this.readNumber(at);
          if (source.charCodeAt(at + 1) !== DOT) {
            this.position = at + 1;
            return DOT;
          }
          if (source.charCodeAt(at + 2) !== DOT) {
            this.position = at + 2;
            return TOKEN_CONCAT;
          }
          this.position = at + 3;
          return TOKEN_DOTS;
        default:
          this.position = at + 1;
          return char;
      }
    }
  }

  /**
   * Pays for what was read, and for what the parser and the compiler make of it.
   *
   * @throws Interruption if a script has it read, and may not have that much
   */
  private pay(): void {
    const { position } = this;
    payFor(STEPS_OF_BYTE * (position - this.paidUntil + PAID_AT_ONCE), 0);
    if (position > this.heldUntil) {
      // All of it, for no script can reach it yet; therefore less often the longer it gets.
      payFor(0, BYTES_OF_BYTE * position);
      this.heldUntil = position + Math.max(PAID_AT_ONCE, position >>> 1);
    }
    this.paidUntil = this.position + PAID_AT_ONCE;
  }

  /** A character by itself, or with `=` after it. */
  private readPair(alone: number, withAssign: number): number {
    if (this.source.charCodeAt(this.position + 1) !== ASSIGN) {
      this.position++;
      return alone;
    }
    this.position += 2;
    return withAssign;
  }

  private readName(start: number): number {
    const { source } = this;
    const { length } = source;
    let hash = nextHash(FIRST_HASH, source.charCodeAt(start));
    let end = start + 1;
    while (end < length) {
      const char = source.charCodeAt(end);
      if ((CLASSES[char]! & (LETTER | DIGIT)) === 0) break;
      hash = nextHash(hash, char);
      end++;
    }
    this.position = end;
    const word = wordAt(source, start, end, hash);
    this.text = word.text;
    return word.token;
  }

  /** Takes everything that may look like a number, then asks whether it is one: `3x` is no 3. */
  private readNumber(start: number): number {
    const { source } = this;
    let end = start;
    let char = source.charCodeAt(end);
    while (CLASSES[char] === DIGIT || char === DOT) char = source.charCodeAt(++end);
    // e and E
    if ((char | 32) === 101) {
      char = source.charCodeAt(++end);
      if (char === PLUS || char === MINUS) end++;
    }
    const wordStart = end;
    while ((CLASSES[source.charCodeAt(end)]! & (LETTER | DIGIT)) !== 0) end++;
    this.position = end;
    const text = source.slice(start, end);
    // What JavaScript reads otherwise than C has letters: hexadecimal numbers have, and with them prefixes C does not know.
    let isDecimal = true;
    for (let at = wordStart; at < end; at++) if (CLASSES[source.charCodeAt(at)] !== DIGIT) isDecimal = false;
    const number = isDecimal ? Number(text) : (numberOfText(text) ?? Number.NaN);
    if (Number.isNaN(number)) throw this.errorNear('malformed number', text);
    this.number = number;
    return TOKEN_NUMBER;
  }

  /** Steps over the end of a line: one character, or two that are not the same. */
  private skipLineEnd(char: number): void {
    const second = this.source.charCodeAt(this.position + 1);
    const isPair = second !== char && (second === LINE_FEED || second === CARRIAGE_RETURN);
    this.position += isPair ? 2 : 1;
    this.line++;
  }

  private skipComment(): void {
    const { source } = this;
    if (source.charCodeAt(this.position) === OPENING_BRACKET) {
      const level = this.readBracket(OPENING_BRACKET);
      if (level >= 0) {
        this.readLongString(level, false);
        return;
      }
    }
    let at = this.position;
    while (at < source.length) {
      const char = source.charCodeAt(at);
      if (char === LINE_FEED || char === CARRIAGE_RETURN) break;
      at++;
    }
    this.position = at;
  }

  /**
   * Steps over a bracket and the `=` after it, up to where a second bracket would be.
   *
   * @returns how many `=` there are if the second bracket follows; otherwise -1 less that
   */
  private readBracket(bracket: number): number {
    const { source } = this;
    const first = this.position + 1;
    let at = first;
    while (source.charCodeAt(at) === ASSIGN) at++;
    this.position = at;
    const level = at - first;
    return source.charCodeAt(at) === bracket ? level : -level - 1;
  }

  /**
   * Reads a long string or comment from its second bracket on, and answers what is in it (nothing for a comment). Brackets
   * that open another mean nothing in it: 5.1's "nesting of [[...]] is deprecated" is gone from the server's Lua since 8.2.2.
   */
  private readLongString(level: number, isString: boolean): string {
    const { source } = this;
    this.position++;
    const first = source.charCodeAt(this.position);
    if (first === LINE_FEED || first === CARRIAGE_RETURN) this.skipLineEnd(first);
    let text = '';
    let from = this.position;
    while (this.position < source.length) {
      const char = source.charCodeAt(this.position);
      switch (char) {
        case CLOSING_BRACKET:
          if (this.readBracket(char) === level) {
            this.position++;
            return isString ? text + source.slice(from, this.position - level - 2) : '';
          }
          break;
        case LINE_FEED:
        case CARRIAGE_RETURN: {
          const end = this.position;
          this.skipLineEnd(char);
          if (char === LINE_FEED && this.position === end + 1) break;
          if (isString) text += `${source.slice(from, end)}\n`;
          from = this.position;
          break;
        }
        default:
          this.position++;
      }
    }
    throw this.errorNear(`unfinished long ${isString ? 'string' : 'comment'}`, '<eof>');
  }

  private readString(quote: number): void {
    const { source } = this;
    let text = '';
    let from = this.position + 1;
    let hash = FIRST_HASH;
    for (let at = from; at < source.length; ) {
      const char = source.charCodeAt(at);
      if (char === quote) {
        this.text =
          text === '' ? wordAt(source, from, at, hash).text : asPropertyName(text + source.slice(from, at));
        this.position = at + 1;
        return;
      }
      if (char === LINE_FEED || char === CARRIAGE_RETURN) {
        const read = String.fromCharCode(quote) + text + source.slice(from, at);
        throw this.errorNear('unfinished string', read);
      }
      if (char === BACKSLASH) {
        text += source.slice(from, at);
        this.position = at + 1;
        text += this.readEscape(quote, text);
        at = this.position;
        from = at;
        hash = FIRST_HASH;
      } else {
        hash = nextHash(hash, char);
        at++;
      }
    }
    throw this.errorNear('unfinished string', '<eof>');
  }

  /** What the characters after a backslash mean. */
  private readEscape(quote: number, textBefore: string): string {
    const { source } = this;
    const start = this.position;
    // The string that is not finished is an error; the backslash at its end is none.
    if (start >= source.length) return '';
    const char = source.charCodeAt(start);
    if (char === LINE_FEED || char === CARRIAGE_RETURN) {
      this.skipLineEnd(char);
      return '\n';
    }
    if (CLASSES[char] !== DIGIT) {
      this.position = start + 1;
      const letter = source[start]!;
      return ESCAPES.get(letter) ?? letter;
    }
    let end = start + 1;
    while (end < start + 3 && CLASSES[source.charCodeAt(end)] === DIGIT) end++;
    this.position = end;
    const code = Number(source.slice(start, end));
    if (code > 255)
      throw this.errorNear('escape sequence too large', String.fromCharCode(quote) + textBefore);
    return String.fromCharCode(code);
  }
}
