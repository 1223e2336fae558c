/** A regular expression that cannot be: its message is what Redis's engine says of it. */
export class RegexError extends Error {
  override readonly name = 'RegexError';
}

/** What the engine says, by what is wrong. */
export const REGEX_PROBLEMS = {
  pattern: 'Invalid regexp',
  collating: 'Unknown collating element',
  className: 'Unknown character class name',
  escape: 'Trailing backslash',
  reference: 'Invalid back reference',
  bracket: "Missing ']'",
  parenthesis: "Missing ')'",
  brace: "Missing '}'",
  bounds: 'Invalid contents of {}',
  range: 'Invalid character range',
  memory: 'Out of memory',
  repetition: 'Invalid use of repetition operators',
  tooMany: 'Maximum repetition in {} larger than 255',
} as const;

/** A place between bytes that must be of some kind. */
export type Assertion = 'begin' | 'end' | 'wordBegin' | 'wordEnd' | 'boundary' | 'noBoundary';

/** For each of the 256 bytes, whether it is in the set. */
export type ByteSet = Uint8Array;

/** A regular expression that has been read. Repetitions have no greatest count where `most` is `undefined`. */
export type RegexNode =
  | { readonly kind: 'set'; readonly set: ByteSet }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'sequence'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly parts: readonly RegexNode[] }
  | {
      readonly kind: 'repeated';
      readonly part: RegexNode;
      readonly least: number;
      readonly most: number | undefined;
    };

export interface ParsedRegex {
  readonly root: RegexNode;
  readonly hasReferences: boolean;
}

const EMPTY: RegexNode = { kind: 'sequence', parts: [] };
const MOST_REPETITIONS = 255;
/** So deep groups may lie in each other: reading them takes the host's stack. */
const MOST_NESTED = 400;
const BYTES = 256;

const CLASSES: Readonly<Record<string, (byte: number) => boolean>> = {
  alnum: (byte) => isLetter(byte) || isDigit(byte),
  alpha: isLetter,
  cntrl: (byte) => byte < 0x20 || byte === 0x7f,
  digit: isDigit,
  graph: (byte) => byte > 0x20 && byte < 0x7f,
  lower: isLower,
  print: (byte) => byte >= 0x20 && byte < 0x7f,
  punct: (byte) => byte > 0x20 && byte < 0x7f && !isLetter(byte) && !isDigit(byte),
  space: isSpace,
  upper: isUpper,
  xdigit: (byte) => isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66),
};

const ESCAPED_BYTES: Readonly<Record<string, number>> = {
  t: 0x09,
  n: 0x0a,
  r: 0x0d,
  f: 0x0c,
  a: 0x07,
  e: 0x1b,
};

const ESCAPED_SETS: Readonly<Record<string, (byte: number) => boolean>> = {
  w: isWordByte,
  W: (byte) => !isWordByte(byte),
  s: isSpace,
  S: (byte) => !isSpace(byte),
  d: isDigit,
  D: (byte) => !isDigit(byte),
};

const ESCAPED_ASSERTIONS: Readonly<Record<string, Assertion>> = {
  b: 'boundary',
  B: 'noBoundary',
  '<': 'wordBegin',
  '>': 'wordEnd',
};

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isUpper(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

function isLower(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a;
}

function isLetter(byte: number): boolean {
  return isUpper(byte) || isLower(byte);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

/** Whether words are made of it. */
export function isWordByte(byte: number): boolean {
  return isLetter(byte) || isDigit(byte) || byte === 0x5f;
}

function setOf(has: (byte: number) => boolean): ByteSet {
  return Uint8Array.from({ length: BYTES }, (_, byte) => (has(byte) ? 1 : 0));
}

/** The other case of a letter, or itself. */
function otherCase(byte: number): number {
  return isLetter(byte) ? byte ^ 0x20 : byte;
}

/**
 * Reads a regular expression as Redis's engine (TRE) does: POSIX's extended ones, over bytes, with what that engine adds:
 * `\w \d \s` and their opposites, `\b \B \< \>`, `\t \n \x41 \x{41}`, `\Q…\E`, `(?:…)`, `(?i)`, `(?#…)`, `*?`. Without its
 * approximate matching, which Redis builds it without, and with no more than a note of references to groups, which Redis
 * refuses. O(length).
 *
 * Some of its ways are its own, and kept: `*` after nothing repeats nothing, a `)` without its partner is itself, `\` in
 * brackets is itself, and options within a group, `(?i)`, reach to the group's end.
 *
 * @param pattern with one unit per byte
 * @throws RegexError if it is none
 */
export function parseRegex(pattern: string, ignoreCase: boolean): ParsedRegex {
  return new RegexParser(pattern, ignoreCase).parse();
}

class RegexParser {
  private readonly text: string;
  private at = 0;
  /** How many groups are open. */
  private depth = 0;
  private nesting = 0;
  private groups = 0;
  private greatestReference = -1;
  private ignoreCase: boolean;
  private stopsAtNewlines = false;

  constructor(text: string, ignoreCase: boolean) {
    this.text = text;
    this.ignoreCase = ignoreCase;
  }

  parse(): ParsedRegex {
    const root = this.parseChoice();
    if (this.depth > 0) throw new RegexError(REGEX_PROBLEMS.parenthesis);
    if (this.greatestReference > this.groups) throw new RegexError(REGEX_PROBLEMS.reference);
    return { root, hasReferences: this.greatestReference >= 0 };
  }

  private get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Branches, up to the end of the expression or of the group; that is taken, too. */
  private parseChoice(): RegexNode {
    const parts = [this.parseSequence()];
    while (this.text[this.at] === '|') {
      this.at++;
      parts.push(this.parseSequence());
    }
    if (this.text[this.at] === ')') this.at++;
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  }

  private parseSequence(): RegexNode {
    const parts = [this.parsePiece()];
    while (!this.isAtEnd && this.text[this.at] !== '|') {
      if (this.text[this.at] === ')' && this.depth > 0) {
        this.depth--;
        break;
      }
      parts.push(this.parsePiece());
    }
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  }

  private parsePiece(): RegexNode {
    let node = this.parseAtom();
    for (;;) {
      const unit = this.text[this.at];
      if (unit === '{') {
        this.at++;
        node = this.parseBounds(node);
      } else if (unit === '*' || unit === '+' || unit === '?') {
        this.at++;
        this.parseSuffix();
        node = {
          kind: 'repeated',
          part: node,
          least: unit === '+' ? 1 : 0,
          most: unit === '?' ? 1 : undefined,
        };
      } else {
        return node;
      }
    }
  }

  /** What may follow a repetition: a mark that it takes as little as it can, which decides nothing here. */
  private parseSuffix(): void {
    const unit = this.text[this.at];
    if (unit === '?') this.at++;
    else if (unit === '*' || unit === '+') throw new RegexError(REGEX_PROBLEMS.repetition);
  }

  private parseBounds(part: RegexNode): RegexNode {
    const start = this.at;
    let least = this.parseCount();
    let most = least;
    if (this.text[this.at] === ',') {
      least ??= 0;
      this.at++;
      most = this.parseCount();
    }
    if (most !== undefined && least !== undefined && least > most)
      throw new RegexError(REGEX_PROBLEMS.bounds);
    if ((least ?? 0) > MOST_REPETITIONS || (most ?? 0) > MOST_REPETITIONS)
      throw new RegexError(REGEX_PROBLEMS.tooMany);
    while (this.at + 1 < this.text.length && (this.text[this.at] === ' ' || this.text[this.at] === ','))
      this.at++;
    if (this.isAtEnd) throw new RegexError(REGEX_PROBLEMS.brace);
    if (this.at === start || this.text[this.at] !== '}') throw new RegexError(REGEX_PROBLEMS.bounds);
    this.at++;
    this.parseSuffix();
    if (least === undefined) return part;
    return most === 0 ? EMPTY : { kind: 'repeated', part, least, most };
  }

  private parseCount(): number | undefined {
    const start = this.at;
    while (isDigit(this.text.charCodeAt(this.at))) this.at++;
    return this.at === start ? undefined : Number(this.text.slice(start, this.at));
  }

  private parseAtom(): RegexNode {
    const unit = this.text[this.at];
    switch (unit) {
      // Where something is expected and nothing is, there is the empty expression.
      case undefined:
      case '|':
      case '*':
      case '+':
      case '?':
      case '{':
        return EMPTY;
      case '(':
        return this.parseGroup();
      case ')':
        return this.depth > 0 ? EMPTY : this.parseLiteral();
      case '[':
        this.at++;
        return this.parseBrackets();
      case '\\':
        return this.parseEscape();
      case '.': {
        this.at++;
        const stops = this.stopsAtNewlines;
        return { kind: 'set', set: setOf((byte) => !stops || byte !== 0x0a) };
      }
      case '^':
        this.at++;
        return { kind: 'assertion', assertion: 'begin' };
      case '$':
        this.at++;
        return { kind: 'assertion', assertion: 'end' };
      default:
        return this.parseLiteral();
    }
  }

  private parseLiteral(): RegexNode {
    const byte = this.text.charCodeAt(this.at++);
    const other = this.ignoreCase ? otherCase(byte) : byte;
    return { kind: 'set', set: setOf((each) => each === byte || each === other) };
  }

  private parseGroup(): RegexNode {
    if (++this.nesting > MOST_NESTED) throw new RegexError(REGEX_PROBLEMS.memory);
    let node: RegexNode;
    if (this.text[this.at + 1] === '?') {
      node = this.parseOptions();
    } else {
      this.at++;
      this.depth++;
      this.groups++;
      node = this.parseChoice();
    }
    this.nesting--;
    return node;
  }

  /** `(?i-n:…)`, `(?i)` up to the end of the group around it, `(?#…)`. */
  private parseOptions(): RegexNode {
    const { ignoreCase, stopsAtNewlines } = this;
    this.at += 2;
    let isOn = true;
    let isOver = false;
    while (!isOver) {
      const unit = this.text[this.at++];
      if (unit === 'i') this.ignoreCase = isOn;
      else if (unit === 'n') this.stopsAtNewlines = isOn;
      else if (unit === '-') isOn = false;
      else if (unit === ':') {
        this.depth++;
        isOver = true;
      } else if (unit === '#') {
        const end = this.text.indexOf(')', this.at);
        if (end < 0) throw new RegexError(REGEX_PROBLEMS.pattern);
        this.at = end + 1;
        isOver = true;
      } else if (unit === ')') {
        isOver = true;
      } else if (unit !== 'r' && unit !== 'U') {
        // Those two say which of several matches is meant, and whether there is one is all that is asked.
        throw new RegexError(REGEX_PROBLEMS.pattern);
      }
    }
    const node = this.parseChoice();
    this.ignoreCase = ignoreCase;
    this.stopsAtNewlines = stopsAtNewlines;
    return node;
  }

  private parseEscape(): RegexNode {
    const unit = this.text[this.at + 1];
    if (unit === undefined) throw new RegexError(REGEX_PROBLEMS.escape);
    this.at += 2;
    if (unit === 'Q') return this.parseQuoted();
    if (unit === 'x') return this.parseHexadecimal();
    const set = ESCAPED_SETS[unit];
    if (set !== undefined) return { kind: 'set', set: setOf(set) };
    const assertion = ESCAPED_ASSERTIONS[unit];
    if (assertion !== undefined) return { kind: 'assertion', assertion };
    const code = unit.charCodeAt(0);
    if (isDigit(code)) {
      this.greatestReference = Math.max(this.greatestReference, Number(unit));
      return EMPTY;
    }
    // An escaped letter is that letter, whatever is said of its case.
    const byte = ESCAPED_BYTES[unit] ?? code;
    return { kind: 'set', set: setOf((each) => each === byte) };
  }

  /** Everything up to `\E` is itself. What follows that belongs to the piece: what repeats it repeats nothing before it. */
  private parseQuoted(): RegexNode {
    const parts: RegexNode[] = [];
    while (!this.isAtEnd && !this.text.startsWith('\\E', this.at)) parts.push(this.parseLiteral());
    if (!this.isAtEnd) {
      this.at += 2;
      parts.push(this.parsePiece());
    }
    return { kind: 'sequence', parts };
  }

  private parseHexadecimal(): RegexNode {
    let code: number;
    if (this.text[this.at] === '{') {
      const digits = /^[0-9a-fA-F]{0,8}\}/.exec(this.text.slice(this.at + 1, this.at + 10));
      if (digits === null) throw new RegexError(REGEX_PROBLEMS.brace);
      this.at += 1 + digits[0].length;
      code = Number.parseInt(`0${digits[0]}`, 16);
    } else {
      const digits = /^[0-9a-fA-F]{0,2}/.exec(this.text.slice(this.at, this.at + 2))![0];
      this.at += digits.length;
      code = Number.parseInt(`0${digits}`, 16);
    }
    return { kind: 'set', set: setOf((byte) => byte === code) };
  }

  /** What stands in brackets, the first of which has been taken. */
  private parseBrackets(): RegexNode {
    const { text } = this;
    const isNegated = text[this.at] === '^';
    if (isNegated) this.at++;
    const set = new Uint8Array(BYTES);
    const start = this.at;
    for (;;) {
      const unit = text[this.at];
      if (unit === undefined) throw new RegexError(REGEX_PROBLEMS.bracket);
      if (unit === ']' && this.at > start) break;
      const next = text[this.at + 1];
      const third = text[this.at + 2];
      if (next === '-' && third !== undefined && third !== ']') {
        const first = text.charCodeAt(this.at);
        const last = text.charCodeAt(this.at + 2);
        if (first > last) throw new RegexError(REGEX_PROBLEMS.range);
        for (let byte = first; byte <= last; byte++) this.addTo(set, byte);
        this.at += 3;
      } else if (unit === '[' && (next === '.' || next === '=')) {
        throw new RegexError(REGEX_PROBLEMS.collating);
      } else if (unit === '[' && next === ':') {
        this.parseClassName(set);
      } else {
        // Two ranges cannot share an end.
        if (unit === '-' && next !== undefined && next !== ']' && this.at > start)
          throw new RegexError(REGEX_PROBLEMS.range);
        this.addTo(set, text.charCodeAt(this.at++));
      }
    }
    this.at++;
    if (isNegated) for (let byte = 0; byte < BYTES; byte++) set[byte]! ^= 1;
    return { kind: 'set', set };
  }

  private parseClassName(set: ByteSet): void {
    const end = this.text.indexOf(':', this.at + 2);
    if (end < 0) throw new RegexError(REGEX_PROBLEMS.className);
    const name = this.text.slice(this.at + 2, end);
    if (!Object.hasOwn(CLASSES, name)) throw new RegexError(REGEX_PROBLEMS.className);
    const has = CLASSES[name]!;
    for (let byte = 0; byte < BYTES; byte++) {
      if (has(byte) || (this.ignoreCase && has(otherCase(byte)))) set[byte] = 1;
    }
    this.at = end + 2;
  }

  private addTo(set: ByteSet, byte: number): void {
    set[byte] = 1;
    if (this.ignoreCase) set[otherCase(byte)] = 1;
  }
}
