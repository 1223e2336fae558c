import { type ByteString, byteLength, writeBytes } from '../../bytes/byte-string.ts';
import type { ReplyError } from '../../errors.ts';
import { formatDouble } from '../../numbers/double.ts';
import { errorLine } from './error-line.ts';
import type { ReplySink } from './reply-sink.ts';

const CR = 0x0d;
const LF = 0x0a;
const DIGIT_ZERO = 0x30;

const SIMPLE = 0x2b; // +
const ERROR = 0x2d; // -
const INTEGER = 0x3a; // :
const BULK = 0x24; // $
const ARRAY = 0x2a; // *
const NULL = 0x5f; // _
const MAP = 0x25; // %
const SET = 0x7e; // ~
const PUSH = 0x3e; // >
const DOUBLE = 0x2c; // ,
const BOOLEAN = 0x23; // #
const BIG_NUMBER = 0x28; // (
const VERBATIM = 0x3d; // =

const TRUE = 0x74; // t
const FALSE = 0x66; // f

/** The buffer that is kept between replies. What fits in it is copied out; what does not is handed over whole. */
const KEPT_BUFFER_SIZE = 16 * 1024;
/** Up to this many units a loop over them beats a call into the host's encoder. */
const SHORT_LENGTH = 56;
/** A type byte, a sign, 20 digits and CRLF: no header and no integer is longer. */
const HEADER_ROOM = 24;
/** Below this a number's digits are taken off in 32-bit arithmetic. */
const SMALL_INTEGER = 1_000_000_000;

const encoder = new TextEncoder();

/**
 * Encodes replies (and, for the client's direction, requests) as RESP2 or RESP3.
 *
 * Everything written since the last {@link take} is one run of bytes, so a pipeline's replies leave as one chunk.
 *
 * Invariants: `length <= buffer.length`; nothing that was taken shares memory with `buffer`.
 */
export class RespWriter implements ReplySink {
  /** The protocol to encode in. May be changed between replies (HELLO). */
  protocol: 2 | 3;
  private buffer: Uint8Array = new Uint8Array(KEPT_BUFFER_SIZE);
  private length = 0;

  constructor(protocol: 2 | 3 = 2) {
    this.protocol = protocol;
  }

  /** How many bytes {@link take} would hand over. */
  get pendingLength(): number {
    return this.length;
  }

  /**
   * Hands over what has been written and starts afresh.
   *
   * The result has an ArrayBuffer to itself (a byte stream may transfer it): a copy of a small run, the
   * writer's own buffer for a big one.
   */
  take(): Uint8Array {
    const length = this.length;
    this.length = 0;
    if (this.buffer.length === KEPT_BUFFER_SIZE) return this.buffer.slice(0, length);
    // A grown buffer is given away, unless most of it is unused and the receiver would keep that alive.
    const grown = this.buffer;
    this.buffer = new Uint8Array(KEPT_BUFFER_SIZE);
    return length * 2 < grown.length ? grown.slice(0, length) : grown.subarray(0, length);
  }

  /** Takes back what was written since {@link pendingLength} was `length`, unless it was taken meanwhile. */
  rewind(length: number): void {
    if (length < this.length) this.length = length;
  }

  /** Forgets what has been written since the last {@link take}. */
  discard(): void {
    this.length = 0;
    if (this.buffer.length !== KEPT_BUFFER_SIZE) this.buffer = new Uint8Array(KEPT_BUFFER_SIZE);
  }

  simple(text: string): void {
    this.line(SIMPLE, text);
  }

  error(error: ReplyError): void {
    this.line(ERROR, errorLine(error.message));
  }

  integer(value: number | bigint): void {
    this.header(INTEGER, value);
  }

  bulk(value: ByteString): void {
    const units = value.length;
    this.reserve(units + HEADER_ROOM + 2);
    const from = this.length;
    // Nearly everything is ASCII: announce as many bytes as there are units, and start over if that was wrong.
    this.header(BULK, units);
    if (units <= SHORT_LENGTH) {
      const buffer = this.buffer;
      let to = this.length;
      let at = 0;
      while (at < units) {
        const unit = value.charCodeAt(at);
        if (unit > 0x7f) break;
        buffer[to++] = unit;
        at++;
      }
      if (at === units) {
        this.length = to;
        this.lineEnd();
        return;
      }
    } else if (value.isWellFormed()) {
      const room = this.buffer.subarray(this.length, this.length + units);
      const { read, written } = encoder.encodeInto(value, room);
      if (read === units && written === units) {
        this.length += units;
        this.lineEnd();
        return;
      }
    }
    this.length = from;
    this.prefixed(BULK, '', value);
  }

  bytes(value: Uint8Array): void {
    this.reserve(value.length + HEADER_ROOM + 2);
    this.header(BULK, value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
    this.lineEnd();
  }

  nil(): void {
    if (this.protocol === 2) this.header(BULK, -1);
    else this.line(NULL, '');
  }

  nilArray(): void {
    if (this.protocol === 2) this.header(ARRAY, -1);
    else this.line(NULL, '');
  }

  array(length: number): void {
    this.header(ARRAY, length);
  }

  map(pairs: number): void {
    if (this.protocol === 2) this.header(ARRAY, pairs * 2);
    else this.header(MAP, pairs);
  }

  set(size: number): void {
    this.header(this.protocol === 2 ? ARRAY : SET, size);
  }

  push(length: number): void {
    this.header(this.protocol === 2 ? ARRAY : PUSH, length);
  }

  double(value: number): void {
    const text = formatDouble(value);
    if (this.protocol === 2) this.bulk(text);
    else this.line(DOUBLE, text);
  }

  boolean(value: boolean): void {
    if (this.protocol === 2) {
      this.header(INTEGER, value ? 1 : 0);
      return;
    }
    this.reserve(4);
    this.buffer[this.length++] = BOOLEAN;
    this.buffer[this.length++] = value ? TRUE : FALSE;
    this.lineEnd();
  }

  bigNumber(digits: string): void {
    if (this.protocol === 2) this.bulk(digits);
    else this.line(BIG_NUMBER, digits);
  }

  verbatim(format: string, text: ByteString): void {
    if (this.protocol === 2) this.bulk(text);
    else this.prefixed(VERBATIM, `${format}:`, text);
  }

  /** Writes a request: an array of bulks. The client's direction. */
  writeCommand(tokens: readonly (ByteString | Uint8Array)[]): void {
    this.header(ARRAY, tokens.length);
    for (const token of tokens) {
      if (typeof token === 'string') this.bulk(token);
      else this.bytes(token);
    }
  }

  /** A counted text of any content behind an ASCII prefix, its length measured first. */
  private prefixed(type: number, prefix: string, value: ByteString): void {
    const length = prefix.length + byteLength(value);
    this.reserve(length + HEADER_ROOM + 2);
    this.header(type, length);
    this.length = writeBytes(prefix, this.buffer, this.length);
    this.length = writeBytes(value, this.buffer, this.length);
    this.lineEnd();
  }

  /** A type byte, a text without line breaks, CRLF. */
  private line(type: number, text: ByteString): void {
    // No unit stands for more than three bytes.
    this.reserve(text.length * 3 + 3);
    this.buffer[this.length++] = type;
    this.length = writeBytes(text, this.buffer, this.length);
    this.lineEnd();
  }

  /** A type byte, an integer, CRLF. */
  private header(type: number, value: number | bigint): void {
    this.reserve(HEADER_ROOM);
    const buffer = this.buffer;
    buffer[this.length++] = type;
    if (typeof value === 'number' && value >= 0 && value < SMALL_INTEGER) {
      let at = this.length + digitCount(value);
      this.length = at;
      let rest = value;
      do {
        const tenth = (rest / 10) | 0;
        buffer[--at] = DIGIT_ZERO + rest - tenth * 10;
        rest = tenth;
      } while (rest > 0);
    } else {
      this.length = writeBytes(String(value), buffer, this.length);
    }
    this.lineEnd();
  }

  /** CRLF, for which there is room. */
  private lineEnd(): void {
    this.buffer[this.length++] = CR;
    this.buffer[this.length++] = LF;
  }

  private reserve(room: number): void {
    const needed = this.length + room;
    if (needed <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
  }
}

function digitCount(value: number): number {
  if (value < 10) return 1;
  if (value < 100) return 2;
  if (value < 1000) return 3;
  let count = 4;
  for (let bound = 10_000; value >= bound; bound *= 10) count++;
  return count;
}
