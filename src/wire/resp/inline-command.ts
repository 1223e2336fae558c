import { type ByteString, fromBytes } from '../../bytes/byte-string.ts';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BACKSLASH = 0x5c;
const LOWERCASE_X = 0x78;

/** What a letter after a backslash stands for inside double quotes. Any other byte stands for itself. */
const ESCAPES = new Map([
  [0x6e, LF], // \n
  [0x72, CR], // \r
  [0x74, TAB], // \t
  [0x62, 0x08], // \b
  [0x61, 0x07], // \a
]);

/**
 * The tokens of a command typed on one line, `bytes[start, end)`, by the quoting rules of redis-cli and of inline
 * requests; `undefined` if a quote is left open or a closing quote is not followed by space.
 *
 * - White space separates. Between tokens that is any of `isspace`, within an unquoted one tab, LF, CR and space.
 * - `"…"` knows `\n \r \t \b \a`, `\xHH`, and `\` before any other byte for that byte.
 * - `'…'` knows `\'` only.
 * - A quote may open in the middle of a token (`a"b c"` is `ab c`), but closes it.
 *
 * O(n).
 */
export function splitInlineCommand(bytes: Uint8Array, start: number, end: number): ByteString[] | undefined {
  const tokens: ByteString[] = [];
  /** Where quoted tokens are put together; no token is longer than its source. */
  let scratch: Uint8Array | undefined;
  let at = start;
  for (;;) {
    while (at < end && isSpace(bytes[at]!)) at++;
    if (at === end) return tokens;
    const from = at;
    while (at < end && !endsPlainToken(bytes[at]!)) at++;
    if (at === end || !isQuote(bytes[at]!)) {
      tokens.push(fromBytes(bytes, from, at));
      continue;
    }
    scratch ??= new Uint8Array(end - from);
    scratch.set(bytes.subarray(from, at));
    const token = unquote(bytes, at, end, scratch, at - from);
    if (token === undefined) return undefined;
    tokens.push(fromBytes(scratch, 0, token.length));
    at = token.next;
  }
}

/** Appends what stands between the quote at `open` and its partner to the `offset` bytes that `token` holds. */
function unquote(
  bytes: Uint8Array,
  open: number,
  end: number,
  token: Uint8Array,
  offset: number,
): { length: number; next: number } | undefined {
  const quote = bytes[open]!;
  let length = offset;
  let at = open + 1;
  while (at < end) {
    const byte = bytes[at]!;
    if (byte === quote) {
      at++;
      return at === end || isSpace(bytes[at]!) ? { length, next: at } : undefined;
    }
    if (byte !== BACKSLASH || at + 1 === end) {
      token[length++] = byte;
      at++;
      continue;
    }
    const next = bytes[at + 1]!;
    if (quote === SINGLE_QUOTE) {
      token[length++] = next === SINGLE_QUOTE ? SINGLE_QUOTE : BACKSLASH;
      at += next === SINGLE_QUOTE ? 2 : 1;
      continue;
    }
    const high = next === LOWERCASE_X && at + 3 < end ? hexDigit(bytes[at + 2]!) : -1;
    const low = high >= 0 ? hexDigit(bytes[at + 3]!) : -1;
    if (low >= 0) {
      token[length++] = high * 16 + low;
      at += 4;
    } else {
      token[length++] = ESCAPES.get(next) ?? next;
      at += 2;
    }
  }
  return undefined;
}

function isQuote(byte: number): boolean {
  return byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= TAB && byte <= CR);
}

function endsPlainToken(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === LF || byte === CR || isQuote(byte);
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}
