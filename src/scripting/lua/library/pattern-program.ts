import { ANY_BYTE, type ByteSet, bracketSet, classSet, isClass, literalSet } from './string-classes.ts';

/*
 * A pattern, read once. The items of a pattern are tried strictly one after the other, so what a capture's number is, which one
 * a `)` closes and whether `%1` is known can all be told beforehand. An item that is wrong becomes an ERROR, raised only when
 * the match gets there, as in the reference: `('b'):find('a[')` finds nothing and says nothing.
 *
 *   "(%a+)=%1"   OPEN 0 · PLUS %a (then "=") · CLOSE 0 · LITERAL "=" · BACK_REFERENCE 0 · END
 *
 * A zero byte ends the pattern.
 */

export const END = 0;
export const LITERAL = 1;
export const SINGLE = 2;
export const STAR = 3;
export const PLUS = 4;
export const MINUS = 5;
export const OPTIONAL = 6;
export const OPEN = 7;
export const CLOSE = 8;
export const POSITION = 9;
export const BACK_REFERENCE = 10;
export const BALANCE = 11;
export const FRONTIER = 12;
export const END_OF_SUBJECT = 13;
export const FAIL = 14;
export const ERROR = 15;

/** No byte is known to be needed next. */
export const UNKNOWN = -1;
export const MOST_CAPTURES = 32;

/** What is in a capture when it is asked for. */
export const UNFINISHED = 0;
const FINISHED = 1;
export const IS_POSITION = 2;

const SPECIAL = /[\^$*+?.([%-]/;

export class PatternProgram {
  /** What each item does. */
  readonly operations: Uint8Array;
  /**
   * LITERAL: the byte. OPEN, CLOSE, POSITION, BACK_REFERENCE: the capture. BALANCE: both bytes, the second one × 256.
   * ERROR: which text. Repetitions: the byte that must follow, or UNKNOWN.
   */
  readonly operands: Int32Array;
  /** The bytes an item matches, for those that match one at a time. */
  readonly sets: readonly ByteSet[];
  readonly errors: readonly string[];
  /** What each of its captures is at the end. */
  readonly captures: readonly number[];
  /** Whether it begins with `^`. */
  readonly isAnchored: boolean;
  /** The byte every match begins with, or UNKNOWN. */
  readonly firstByte: number;
  /** The bytes a match may begin with; undefined if that is any, or none are needed. */
  readonly firstSet: ByteSet | undefined;

  constructor(pattern: string, mayBeAnchored: boolean) {
    const zero = pattern.indexOf('\0');
    const reader = new PatternReader(zero < 0 ? pattern : pattern.slice(0, zero));
    this.isAnchored = mayBeAnchored && pattern.charCodeAt(0) === CARET;
    reader.read(this.isAnchored ? 1 : 0);
    this.operations = Uint8Array.from(reader.operations);
    this.operands = Int32Array.from(reader.operands);
    this.sets = reader.sets;
    this.errors = reader.errors;
    this.captures = reader.captures;
    let first = 0;
    while (this.operations[first] === OPEN || this.operations[first] === POSITION) first++;
    const operation = this.operations[first]!;
    this.firstByte = operation === LITERAL ? this.operands[first]! : UNKNOWN;
    this.firstSet = undefined;
    if (operation === LITERAL || operation === SINGLE || operation === PLUS) this.firstSet = this.sets[first];
    for (let at = 0; at < this.operations.length; at++) this.foresee(at);
  }

  /** Finds out which byte must follow a repetition. */
  private foresee(at: number): void {
    const operation = this.operations[at]!;
    if (operation !== STAR && operation !== PLUS && operation !== MINUS) return;
    let next = at + 1;
    while (
      this.operations[next] === OPEN ||
      this.operations[next] === CLOSE ||
      this.operations[next] === POSITION
    )
      next++;
    if (this.operations[next] === LITERAL) this.operands[at] = this.operands[next]!;
  }
}

/** Whether a pattern is but a text to be found. Its specials count only up to a zero byte, though the text goes on. */
export function isPlain(pattern: string): boolean {
  if (!SPECIAL.test(pattern)) return true;
  const zero = pattern.indexOf('\0');
  return zero >= 0 && !SPECIAL.test(pattern.slice(0, zero));
}

const PERCENT = 0x25;
const CARET = 0x5e;
const DOLLAR = 0x24;
const DOT = 0x2e;
const OPENING = 0x28;
const CLOSING = 0x29;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const LETTER_B = 0x62;
const LETTER_F = 0x66;

class PatternReader {
  readonly operations: number[] = [];
  readonly operands: number[] = [];
  readonly sets: ByteSet[] = [];
  readonly errors: string[] = [];
  readonly captures: number[] = [];
  private readonly pattern: string;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  read(from: number): void {
    let at = from;
    while (at >= 0 && at < this.pattern.length) at = this.readItem(at);
    // After an error nothing is reached.
    if (at >= 0) this.add(END, 0);
  }

  private add(operation: number, operand: number, set: ByteSet = ANY_BYTE): void {
    this.operations.push(operation);
    this.operands.push(operand);
    this.sets.push(set);
  }

  private fail(message: string): number {
    this.add(ERROR, this.errors.length);
    this.errors.push(message);
    return -1;
  }

  /** Reads the item at a place. Returns where the next one is, or -1 if there is none because this one is wrong. */
  private readItem(at: number): number {
    const { pattern } = this;
    switch (pattern.charCodeAt(at)) {
      case OPENING:
        return this.readOpening(at);
      case CLOSING: {
        const capture = this.captures.lastIndexOf(UNFINISHED);
        if (capture < 0) return this.fail('invalid pattern capture');
        this.captures[capture] = FINISHED;
        this.add(CLOSE, capture);
        return at + 1;
      }
      case DOLLAR:
        if (at + 1 < pattern.length) return this.readSingle(at);
        this.add(END_OF_SUBJECT, 0);
        return at + 1;
      case PERCENT:
        return this.readEscape(at);
      default:
        return this.readSingle(at);
    }
  }

  private readOpening(at: number): number {
    if (this.captures.length >= MOST_CAPTURES) return this.fail('too many captures');
    const isPosition = this.pattern.charCodeAt(at + 1) === CLOSING;
    this.add(isPosition ? POSITION : OPEN, this.captures.length);
    this.captures.push(isPosition ? IS_POSITION : UNFINISHED);
    return isPosition ? at + 2 : at + 1;
  }

  private readEscape(at: number): number {
    const { pattern } = this;
    const code = pattern.charCodeAt(at + 1);
    if (code === LETTER_B) {
      if (at + 3 >= pattern.length) return this.fail('unbalanced pattern');
      this.add(BALANCE, pattern.charCodeAt(at + 2) + pattern.charCodeAt(at + 3) * 256);
      return at + 4;
    }
    if (code === LETTER_F) {
      if (pattern.charCodeAt(at + 2) !== OPENING_BRACKET)
        return this.fail("missing '[' after '%f' in pattern");
      const end = this.endOfSingle(at + 2);
      if (end > 0) this.add(FRONTIER, 0, bracketSet(pattern, at + 2, end));
      return end;
    }
    if (!(code >= DIGIT_0 && code <= DIGIT_9)) return this.readSingle(at);
    const capture = code - DIGIT_0 - 1;
    const state = this.captures[capture];
    if (state === undefined || state === UNFINISHED) return this.fail('invalid capture index');
    // A position is never found again.
    if (state === IS_POSITION) this.add(FAIL, 0);
    else this.add(BACK_REFERENCE, capture);
    return at + 2;
  }

  /** A byte or a set of bytes, and how often. */
  private readSingle(at: number): number {
    const { pattern } = this;
    const end = this.endOfSingle(at);
    if (end < 0) return end;
    let set: ByteSet;
    let literal = UNKNOWN;
    const code = pattern.charCodeAt(at);
    if (code === OPENING_BRACKET) {
      set = bracketSet(pattern, at, end);
    } else if (code === PERCENT) {
      const letter = pattern.charCodeAt(at + 1);
      set = classSet(letter);
      if (!isClass(letter)) literal = letter;
    } else if (code === DOT) {
      set = ANY_BYTE;
    } else {
      set = literalSet(code);
      literal = code;
    }
    switch (pattern[end]) {
      case '*':
        this.add(STAR, UNKNOWN, set);
        return end + 1;
      case '+':
        this.add(PLUS, UNKNOWN, set);
        return end + 1;
      case '-':
        this.add(MINUS, UNKNOWN, set);
        return end + 1;
      case '?':
        this.add(OPTIONAL, 0, set);
        return end + 1;
      default:
        if (literal >= 0) this.add(LITERAL, literal, set);
        else this.add(SINGLE, 0, set);
        return end;
    }
  }

  /** Where what matches one byte ends, or -1 if it does not. */
  private endOfSingle(from: number): number {
    const { pattern } = this;
    const code = pattern.charCodeAt(from);
    let at = from + 1;
    if (code === PERCENT) {
      return at < pattern.length ? at + 1 : this.fail("malformed pattern (ends with '%')");
    }
    if (code !== OPENING_BRACKET) return at;
    if (pattern.charCodeAt(at) === CARET) at++;
    do {
      if (at >= pattern.length) return this.fail("malformed pattern (missing ']')");
      if (pattern.charCodeAt(at++) === PERCENT && at < pattern.length) at++;
    } while (pattern.charCodeAt(at) !== CLOSING_BRACKET);
    return at + 1;
  }
}

/** Longer patterns are not kept. */
const LONGEST_KEPT = 512;
const MOST_KEPT = 64;

/** The patterns used of late: when there are many, the older half is forgotten. */
class PatternCache {
  private readonly mayBeAnchored: boolean;
  private recent = new Map<string, PatternProgram>();
  private older = new Map<string, PatternProgram>();
  private lastPattern: string | undefined = undefined;
  private last: PatternProgram | undefined = undefined;

  constructor(mayBeAnchored: boolean) {
    this.mayBeAnchored = mayBeAnchored;
  }

  get(pattern: string): PatternProgram {
    if (pattern === this.lastPattern) return this.last!;
    let program = this.recent.get(pattern);
    if (program === undefined) {
      program = this.older.get(pattern) ?? new PatternProgram(pattern, this.mayBeAnchored);
      if (pattern.length > LONGEST_KEPT) return program;
      if (this.recent.size >= MOST_KEPT) {
        this.older = this.recent;
        this.recent = new Map();
      }
      this.recent.set(pattern, program);
    }
    this.lastPattern = pattern;
    this.last = program;
    return program;
  }
}

const anchorable = new PatternCache(true);
const unanchorable = new PatternCache(false);

/** The program of a pattern, where `^` at its beginning ties it to the beginning, or (in `gmatch`) means itself. */
export function programOf(pattern: string, mayBeAnchored: boolean): PatternProgram {
  return (mayBeAnchored ? anchorable : unanchorable).get(pattern);
}

/** About how many bytes the program of a pattern takes, at most. */
export function programBytes(pattern: string): number {
  return pattern.length * 96;
}
