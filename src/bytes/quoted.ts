import { type ByteString, toLatin1 } from './byte-string.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\x07': '\\a',
  '\b': '\\b',
};

/** A byte string in quotes, everything but visible ASCII written as an escape: on one line whatever it holds. */
export function quoted(token: ByteString): string {
  const escaped = toLatin1(token).replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is they that are to be escaped.
    /["\\\x00-\x1f\x7f-\xff]/g,
    (byte) => ESCAPES[byte] ?? `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `"${escaped}"`;
}
