import type { ByteString } from '../../bytes/byte-string.ts';
import { parseCNumber } from './c-number.ts';
import type { FilterValue } from './filter-value.ts';
import { unescaped } from './unescape.ts';

/** What the operators of the language are, under the names that the program has for them. */
export type Operator =
  | '(' | ')' | 'not' | '**' | '*' | '/' | '%' | '+' | '-'
  | '>' | '>=' | '<' | '<=' | '==' | '!=' | 'in' | 'and' | 'or'; // biome-ignore format: one table

/** A token of an expression. */
export type FilterToken =
  | { readonly kind: 'value'; readonly value: FilterValue }
  | { readonly kind: 'selector'; readonly field: ByteString }
  | { readonly kind: 'operator'; readonly operator: Operator };

/** Where an expression stops making sense. */
export class FilterSyntaxError extends Error {
  override readonly name = 'FilterSyntaxError';
  /** In units of the expression. */
  readonly position: number;

  constructor(position: number) {
    super(`syntax error in the filter at ${position}`);
    this.position = position;
  }
}

const SPELLINGS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['(', '('],
  [')', ')'],
  ['!', 'not'],
  ['not', 'not'],
  ['**', '**'],
  ['*', '*'],
  ['/', '/'],
  ['%', '%'],
  ['+', '+'],
  ['-', '-'],
  ['>', '>'],
  ['>=', '>='],
  ['<', '<'],
  ['<=', '<='],
  ['==', '=='],
  ['!=', '!='],
  ['in', 'in'],
  ['and', 'and'],
  ['&&', 'and'],
  ['or', 'or'],
  ['||', 'or'],
]);
const LONGEST_SPELLING = 3;
const LONGEST_NUMBER = 255;

const BLANK = /[ \t-\r]/;
const DIGIT = /[0-9]/;
const NUMBER_UNIT = /[0-9.eE]/;
const SELECTOR_UNIT = /[A-Za-z0-9_-]/;
const OPERATOR_UNIT = /[A-Za-z+\-*%/!()<>=|&]/;

/** Splits an expression into tokens. O(length). @throws FilterSyntaxError */
export function tokenize(expression: ByteString): FilterToken[] {
  return new Tokenizer(expression).all();
}

class Tokenizer {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  all(): FilterToken[] {
    const tokens: FilterToken[] = [];
    for (;;) {
      this.skipBlanks();
      if (this.at >= this.text.length) return tokens;
      tokens.push(this.next(tokens.at(-1)));
    }
  }

  private get unit(): string {
    return this.text.charAt(this.at);
  }

  private skipBlanks(): void {
    while (BLANK.test(this.unit)) this.at++;
  }

  private next(before: FilterToken | undefined): FilterToken {
    const { unit } = this;
    if (DIGIT.test(unit) || (unit === '-' && this.isSign(before))) return this.value(this.number());
    if (unit === '"' || unit === "'") return this.value(this.string());
    if (unit === '[') return this.value(this.array());
    if (unit === '.') return this.selector();
    return this.word();
  }

  private value(value: FilterValue): FilterToken {
    return { kind: 'value', value };
  }

  /** A minus belongs to the number behind it where no operand stands before it. */
  private isSign(before: FilterToken | undefined): boolean {
    if (!DIGIT.test(this.text.charAt(this.at + 1))) return false;
    return before === undefined || (before.kind === 'operator' && before.operator !== ')');
  }

  private number(): number {
    const start = this.at;
    if (this.unit === '-') this.at++;
    while (NUMBER_UNIT.test(this.unit)) {
      if (this.at - start >= LONGEST_NUMBER) throw new FilterSyntaxError(this.at);
      this.at++;
    }
    const parsed = parseCNumber(this.text.slice(start, this.at));
    if (parsed === undefined) throw new FilterSyntaxError(this.at);
    return parsed;
  }

  private string(): ByteString {
    const quote = this.unit;
    const start = ++this.at;
    let isEscaped = false;
    for (; this.at < this.text.length; this.at++) {
      const { unit } = this;
      if (unit === '\\' && this.at + 1 < this.text.length) {
        isEscaped = true;
        this.at++;
      } else if (unit === quote) {
        const inside = this.text.slice(start, this.at++);
        return isEscaped ? unescaped(inside) : inside;
      }
    }
    throw new FilterSyntaxError(this.at);
  }

  /** `[1, "two", 3]`: numbers and strings alone, and a comma may be the last. */
  private array(): FilterValue[] {
    const elements: FilterValue[] = [];
    this.at++;
    for (;;) {
      this.skipBlanks();
      if (this.unit === ']') break;
      if (this.unit === '-' || DIGIT.test(this.unit)) elements.push(this.number());
      else if (this.unit === '"' || this.unit === "'") elements.push(this.string());
      else throw new FilterSyntaxError(this.at);
      this.skipBlanks();
      if (this.unit === ']') break;
      if (this.unit !== ',') throw new FilterSyntaxError(this.at);
      this.at++;
    }
    this.at++;
    return elements;
  }

  /** A dot at the very end is a selector too: of a field that nothing has. */
  private selector(): FilterToken {
    const start = this.at + 1;
    if (start < this.text.length && !SELECTOR_UNIT.test(this.text.charAt(start))) {
      throw new FilterSyntaxError(this.at);
    }
    this.at = start;
    while (SELECTOR_UNIT.test(this.unit)) this.at++;
    return { kind: 'selector', field: this.text.slice(start, this.at) };
  }

  /** An operator, the longest that the letters here begin with, or `null`, which must stand alone. */
  private word(): FilterToken {
    const start = this.at;
    let end = start;
    const enough = start + 'null'.length + 1;
    while (end < enough && OPERATOR_UNIT.test(this.text.charAt(end))) end++;
    const letters = this.text.slice(start, end);
    if (letters === 'null') {
      this.at = end;
      return this.value(null);
    }
    for (let length = Math.min(letters.length, LONGEST_SPELLING); length > 0; length--) {
      const operator = SPELLINGS.get(letters.slice(0, length));
      if (operator === undefined) continue;
      this.at = start + length;
      return { kind: 'operator', operator };
    }
    while (OPERATOR_UNIT.test(this.unit)) this.at++;
    throw new FilterSyntaxError(this.at);
  }
}
