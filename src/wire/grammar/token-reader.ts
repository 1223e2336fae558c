import { type ByteString, isAscii } from '../../bytes/byte-string.ts';
import { errors, type ReplyError } from '../../errors.ts';

/**
 * Walks over the tokens of one command, name excluded.
 *
 * Which error wins when several apply is part of Redis's behaviour. Two kinds exist here: those that are thrown at
 * once, and those a piece defers because Redis looks at the value only after it has seen that the syntax is right.
 */
export class TokenReader {
  /** The command's full name in lower case, for error texts that quote it. */
  readonly commandName: string;
  /** How many keys `numberedKeys` has read, for an option that comes in as many (WEIGHTS). */
  keyCount = 0;
  private readonly tokens: readonly ByteString[];
  private at: number;
  private deferred: ReplyError | undefined = undefined;

  constructor(commandName: string, tokens: readonly ByteString[], start: number) {
    this.commandName = commandName;
    this.tokens = tokens;
    this.at = start;
  }

  /** How many tokens are left. */
  get remaining(): number {
    return this.tokens.length - this.at;
  }

  /** The next token. Throws the syntax error if there is none. */
  next(): ByteString {
    const token = this.tokens[this.at];
    if (token === undefined) throw errors.syntax();
    this.at++;
    return token;
  }

  /** The next token, left where it is. */
  peek(): ByteString | undefined {
    return this.tokens[this.at];
  }

  /** Any token of the command, its name being number 0. */
  tokenAt(index: number): ByteString {
    return this.tokens[index]!;
  }

  /** Takes the next token if it is this keyword (given in upper case), in any case of letters. */
  accept(keyword: string): boolean {
    const token = this.tokens[this.at];
    if (token === undefined || !isKeyword(token, keyword)) return false;
    this.at++;
    return true;
  }

  /** To be thrown once the whole command has been read without a syntax error. The first one stays. */
  defer(error: ReplyError): void {
    this.deferred ??= error;
  }

  /** Ends reading: nothing may be left, and what was deferred is thrown now. */
  finish(): void {
    if (this.at < this.tokens.length) throw errors.syntax();
    if (this.deferred !== undefined) throw this.deferred;
  }
}

/** Whether the token is this keyword (given in upper case), in any case of letters. */
export function isKeyword(token: ByteString, keyword: string): boolean {
  return token === keyword || (token.length === keyword.length && upperCase(token) === keyword);
}

/** The token in upper case. Only ASCII has cases: to the host's `toUpperCase` `ſet` would be SET. */
export function upperCase(token: ByteString): string {
  return isAscii(token) ? token.toUpperCase() : token;
}
