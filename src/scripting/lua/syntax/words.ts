/**
 * The words of sources: names, reserved words and short strings. Each is kept once, as the engine keeps the names of properties, so that
 * equal ones are compared by their addresses, and most need not be cut out of the source again.
 *
 * The table is a cache: a word has one place, where it takes that of the word before it. So no source can make it large or slow.
 */

import { RESERVED_WORDS, TOKEN_NAME } from './tokens.ts';

/** Words up to this length are kept. */
const LONGEST_WORD = 40;

const PLACES = 2048;

interface Word {
  readonly text: string;
  /** What it is as a token, if it is no string. */
  readonly token: number;
}

const words: Word[] = new Array<Word>(PLACES).fill({ text: '', token: TOKEN_NAME });

/** What the hash of a word begins with. */
export const FIRST_HASH = 0;

/** The hash of a word with one more char, as {@link wordAt} wants it. */
export function nextHash(hash: number, char: number): number {
  return (Math.imul(hash, 31) + char) | 0;
}

/** The word from one place in a source up to another, of which the hash was computed char by char. */
export function wordAt(source: string, start: number, end: number, hash: number): Word {
  const place = (hash ^ (hash >>> 11)) & (PLACES - 1);
  const known = words[place]!;
  const { text } = known;
  const length = end - start;
  if (text.length === length) {
    let at = 0;
    while (at < length && text.charCodeAt(at) === source.charCodeAt(start + at)) at++;
    if (at === length) return known;
  }
  const cut = asPropertyName(source.slice(start, end));
  const word: Word = { text: cut, token: RESERVED_WORDS.get(cut) ?? TOKEN_NAME };
  if (length <= LONGEST_WORD) words[place] = word;
  return word;
}

/** The same string, as the engine keeps the names of properties: once for all. */
export function asPropertyName(text: string): string {
  if (text.length > LONGEST_WORD) return text;
  return Object.keys({ [text]: 0 })[0] ?? text;
}
