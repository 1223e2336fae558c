/**
 * The kinds of tokens. A token of one character is that character's code; those of several begin above them.
 */

const FIRST = 257;

export const TOKEN_AND = FIRST;
export const TOKEN_BREAK = FIRST + 1;
export const TOKEN_DO = FIRST + 2;
export const TOKEN_ELSE = FIRST + 3;
export const TOKEN_ELSEIF = FIRST + 4;
export const TOKEN_END = FIRST + 5;
export const TOKEN_FALSE = FIRST + 6;
export const TOKEN_FOR = FIRST + 7;
export const TOKEN_FUNCTION = FIRST + 8;
export const TOKEN_IF = FIRST + 9;
export const TOKEN_IN = FIRST + 10;
export const TOKEN_LOCAL = FIRST + 11;
export const TOKEN_NIL = FIRST + 12;
export const TOKEN_NOT = FIRST + 13;
export const TOKEN_OR = FIRST + 14;
export const TOKEN_REPEAT = FIRST + 15;
export const TOKEN_RETURN = FIRST + 16;
export const TOKEN_THEN = FIRST + 17;
export const TOKEN_TRUE = FIRST + 18;
export const TOKEN_UNTIL = FIRST + 19;
export const TOKEN_WHILE = FIRST + 20;
export const TOKEN_CONCAT = FIRST + 21;
export const TOKEN_DOTS = FIRST + 22;
export const TOKEN_EQUAL = FIRST + 23;
export const TOKEN_GREATER_OR_EQUAL = FIRST + 24;
export const TOKEN_LESS_OR_EQUAL = FIRST + 25;
export const TOKEN_NOT_EQUAL = FIRST + 26;
export const TOKEN_NUMBER = FIRST + 27;
export const TOKEN_NAME = FIRST + 28;
export const TOKEN_STRING = FIRST + 29;
export const TOKEN_END_OF_SOURCE = FIRST + 30;

/** The characters that are tokens by themselves and that the parser looks for. */
export const HASH = 35;
export const PERCENT = 37;
export const OPENING_PARENTHESIS = 40;
export const CLOSING_PARENTHESIS = 41;
export const ASTERISK = 42;
export const PLUS = 43;
export const COMMA = 44;
export const MINUS = 45;
export const DOT = 46;
export const SLASH = 47;
export const COLON = 58;
export const SEMICOLON = 59;
export const LESS = 60;
export const ASSIGN = 61;
export const GREATER = 62;
export const OPENING_BRACKET = 91;
export const CLOSING_BRACKET = 93;
export const CARET = 94;
export const OPENING_BRACE = 123;
export const CLOSING_BRACE = 125;

const WORDS = [
  ...[
    'and',
    'break',
    'do',
    'else',
    'elseif',
    'end',
    'false',
    'for',
    'function',
    'if',
    'in',
    'local',
    'nil',
    'not',
  ],
  ...['or', 'repeat', 'return', 'then', 'true', 'until', 'while'],
];

/** The kinds of the words that are no names. */
export const RESERVED_WORDS: ReadonlyMap<string, number> = new Map(
  WORDS.map((word, at) => [word, FIRST + at]),
);

const TEXTS = [...WORDS, '..', '...', '==', '>=', '<=', '~=', '<number>', '<name>', '<string>', '<eof>'];

/** How errors write a kind of token. */
export function tokenText(token: number): string {
  if (token >= FIRST) return TEXTS[token - FIRST]!;
  const isControl = token < 32 || token === 127;
  return isControl ? `char(${token})` : String.fromCharCode(token);
}
