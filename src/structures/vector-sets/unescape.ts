import { type ByteString, fromBytes, toBytes } from '../../bytes/byte-string.ts';

const ESCAPE = /\\([\s\S])/g;
const MEANINGS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * A string without its backslashes, of which each is followed by something: `\n`, `\r` and `\t` are what they are
 * everywhere, and all else after a backslash means itself (`\u0041` is `u0041`). O(length).
 */
export function unescaped(text: ByteString): ByteString {
  const plain = text.replace(ESCAPE, (_whole, unit: string) => MEANINGS[unit] ?? unit);
  // What a backslash held apart may now be the bytes of a character.
  return plain.isWellFormed() ? plain : fromBytes(toBytes(plain));
}
