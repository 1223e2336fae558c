import { type ByteString, fromBytes } from '../../bytes/byte-string.ts';
import { ReplyError } from '../../errors.ts';
import { ByteQueue } from './byte-queue.ts';
import { splitInlineCommand } from './inline-command.ts';

const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;
const DOLLAR = 0x24;
const ASTERISK = 0x2a;
const MINUS = 0x2d;
const DIGIT_ZERO = 0x30;

/** A line may be incomplete up to this many bytes: an inline request, or a length and all that follows it. */
const MAX_INCOMPLETE_LINE = 64 * 1024;
/** How many tokens a request may have: the most a 32-bit int holds. */
const MAX_TOKENS = 2 ** 31 - 1;
const DEFAULT_MAX_BULK_LENGTH = 512 * 1024 * 1024;
/** What a client that still has to authenticate may send. */
const UNAUTHENTICATED_MAX_TOKENS = 10;
const UNAUTHENTICATED_MAX_BULK_LENGTH = 16 * 1024;
/** What a token holds beside its bytes, about: many empty ones must count too. */
const TOKEN_OVERHEAD_BYTES = 24;
/** Up to this many digits a number is exact and a 64-bit integer. */
const EXACT_DIGITS = 15;

export interface RequestParserOptions {
  /** The configuration's `proto-max-bulk-len`, in bytes. 512 MB if omitted. */
  readonly maxBulkLength?: number;
}

/**
 * Reads a client's byte stream as requests, each an array of tokens: arrays of bulks, and inline commands.
 *
 *     parser.feed(chunk);
 *     for (let tokens = parser.next(); tokens !== undefined; tokens = parser.next()) execute(tokens);
 *
 * Chunks may be cut anywhere. The state between them is
 *
 *     tokensMissing = 0   the next byte begins a request
 *     tokensMissing > 0   within an array: `tokens` are complete, and the next one
 *        bulkLength < 0     has not announced its length
 *        bulkLength >= 0    has that many bytes, then CRLF
 *
 * Requests are read one by one as `next` is called, so limits that a request changes hold from the next one on.
 * Every byte is looked at once: O(n) for n bytes in whatever chunks.
 */
export class RequestParser {
  /** `proto-max-bulk-len`, in bytes. May be changed at any time (CONFIG SET). */
  maxBulkLength: number;
  /** While false, only short requests are read, as Redis does for clients that still have to authenticate. */
  authenticated = true;
  private readonly queue = new ByteQueue();
  private tokens: ByteString[] = [];
  private tokensMissing = 0;
  /** What `tokens` hold. */
  private tokenBytes = 0;
  private bulkLength = -1;
  /** How many pending bytes are known not to end the line that is being waited for. */
  private searched = 0;
  private failed = false;

  constructor(options: RequestParserOptions = {}) {
    this.maxBulkLength = options.maxBulkLength ?? DEFAULT_MAX_BULK_LENGTH;
  }

  /** Whether bytes have arrived that are not looked at yet, or not enough of them. */
  get hasBytes(): boolean {
    return this.queue.length > 0;
  }

  /** How many bytes are held for requests that are incomplete, or were not asked for. */
  get pendingBytes(): number {
    return this.queue.length + this.tokenBytes;
  }

  /** Forgets what has arrived. Nothing more is read. */
  clear(): void {
    this.failed = true;
    this.queue.clear();
    this.tokens = [];
    this.tokensMissing = 0;
    this.tokenBytes = 0;
  }

  /** Adds what has arrived. The chunk must not change before its requests are read. */
  feed(chunk: Uint8Array): void {
    if (!this.failed) this.queue.append(chunk);
  }

  /**
   * The next complete request, never without tokens; `undefined` if more bytes are needed.
   *
   * @throws ReplyError `ERR Protocol error: …`, once. The stream is lost then: send the error, close the connection.
   *   Later calls answer `undefined`, whatever is fed.
   */
  next(): ByteString[] | undefined {
    const queue = this.queue;
    while (this.tokensMissing > 0 || queue.length > 0) {
      if (this.tokensMissing > 0) {
        if (!this.readBulks()) break;
        const tokens = this.tokens;
        this.tokens = [];
        this.tokenBytes = 0;
        return tokens;
      }
      if (queue.bytes[queue.start] === ASTERISK) {
        if (!this.readArrayHeader()) break;
      } else {
        const tokens = this.readInline();
        if (tokens === undefined) break;
        if (tokens.length > 0) return tokens;
      }
    }
    // Who waits holds on to nothing: a chunk is often many times what was last read in it.
    if (queue.length === 0) queue.clear();
    return undefined;
  }

  /** `*3\r\n`. A length of zero or less announces nothing at all. False if it is incomplete. */
  private readArrayHeader(): boolean {
    const lineEnd = this.findLengthEnd('too big mbulk count string');
    if (lineEnd < 0) return false;
    const length = readInteger(this.queue.bytes, this.queue.start + 1, lineEnd);
    if (Number.isNaN(length) || length > MAX_TOKENS) throw this.fail('invalid multibulk length');
    if (!this.authenticated && length > UNAUTHENTICATED_MAX_TOKENS) {
      throw this.fail('unauthenticated multibulk length');
    }
    this.queue.start = lineEnd + 2;
    if (length > 0) this.tokensMissing = length;
    return true;
  }

  /** The bulks of the current array, as far as they have arrived. False if some are missing. */
  private readBulks(): boolean {
    const queue = this.queue;
    while (this.tokensMissing > 0) {
      if (this.bulkLength < 0 && !this.readBulkHeader()) return false;
      const end = queue.start + this.bulkLength;
      // Two bytes end a bulk. Redis does not look at them.
      if (queue.end < end + 2) return false;
      this.tokens.push(fromBytes(queue.bytes, queue.start, end));
      queue.start = end + 2;
      this.tokenBytes += this.bulkLength + TOKEN_OVERHEAD_BYTES;
      this.bulkLength = -1;
      this.tokensMissing--;
    }
    return true;
  }

  /** `$5\r\n`. False if it is incomplete. */
  private readBulkHeader(): boolean {
    const queue = this.queue;
    if (queue.length === 0) return false;
    const lineEnd = this.findLengthEnd('too big bulk count string');
    if (lineEnd < 0) return false;
    const first = queue.bytes[queue.start]!;
    if (first !== DOLLAR) {
      throw this.fail(`expected '$', got '${fromBytes(queue.bytes, queue.start, queue.start + 1)}'`);
    }
    const length = readInteger(queue.bytes, queue.start + 1, lineEnd);
    if (!(length >= 0 && length <= this.maxBulkLength)) throw this.fail('invalid bulk length');
    if (!this.authenticated && length > UNAUTHENTICATED_MAX_BULK_LENGTH) {
      throw this.fail('unauthenticated bulk length');
    }
    queue.start = lineEnd + 2;
    this.bulkLength = length;
    return true;
  }

  /** A line ended by LF or CRLF. No tokens if it is blank; `undefined` if it is incomplete. */
  private readInline(): ByteString[] | undefined {
    const queue = this.queue;
    const lineEnd = this.find(LF, 'too big inline request');
    if (lineEnd < 0) return undefined;
    const end = lineEnd > queue.start && queue.bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    const tokens = splitInlineCommand(queue.bytes, queue.start, end);
    if (tokens === undefined) throw this.fail('unbalanced quotes in request');
    queue.start = lineEnd + 1;
    return tokens;
  }

  /** Where the CR of the pending length is, once the byte after it is there too; or -1. */
  private findLengthEnd(tooBig: string): number {
    const at = this.find(CR, tooBig);
    if (at < 0 || at + 1 < this.queue.end) return at;
    this.searched = at - this.queue.start;
    return -1;
  }

  /**
   * Where the next `terminator` is, or -1 if it has not arrived.
   *
   * Redis searches as in a C string, so a NUL hides the rest: such a line never ends and grows too big at last.
   */
  private find(terminator: number, tooBig: string): number {
    const { bytes, start, end } = this.queue;
    let at = start + this.searched;
    while (at < end) {
      const byte = bytes[at]!;
      if (byte === terminator) {
        this.searched = 0;
        return at;
      }
      if (byte === NUL) break;
      at++;
    }
    this.searched = at - start;
    if (end - start > MAX_INCOMPLETE_LINE) throw this.fail(tooBig);
    return -1;
  }

  private fail(problem: string): ReplyError {
    this.clear();
    return new ReplyError(`ERR Protocol error: ${problem}`);
  }
}

/**
 * A 64-bit integer as Redis reads one: digits without leading zeros, perhaps a minus before them, nothing else.
 * NaN if it is none; only approximate beyond the safe range, where its sign and its being huge is all that counts.
 */
function readInteger(bytes: Uint8Array, from: number, to: number): number {
  const negative = bytes[from] === MINUS;
  const firstDigit = negative ? from + 1 : from;
  if (firstDigit >= to) return Number.NaN;
  if (bytes[firstDigit] === DIGIT_ZERO) return to - from === 1 ? 0 : Number.NaN;
  let value = 0;
  for (let at = firstDigit; at < to; at++) {
    const digit = bytes[at]! - DIGIT_ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  if (to - firstDigit > EXACT_DIGITS && !isInt64(fromBytes(bytes, from, to))) return Number.NaN;
  return negative ? -value : value;
}

function isInt64(digits: string): boolean {
  // No 64-bit integer is longer; do not convert megabytes of digits.
  if (digits.length > 20) return false;
  const value = BigInt(digits);
  return BigInt.asIntN(64, value) === value;
}
