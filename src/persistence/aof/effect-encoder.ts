import { type Bytes, byteLength, writeBytes } from '../../bytes/byte-string.ts';

/**
 * Effects as the bytes that are appended: each a command in RESP, with SELECT where the database is another, and what
 * belongs together between MULTI and EXEC.
 *
 *     *2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n      only if the command before it was on another database
 *     *3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n
 *
 * Nobody knows when a group begins whether it will have more than one effect. So the first is written as if it were alone,
 * and if a second one comes, MULTI is put before it:
 *
 *     begin            first effect        second            end
 *       │              [ SELECT? SET ]                                      one: as it is
 *       │  ┌─────────▶ [ SELECT? SET ] ──▶ [ DEL ]
 *       └──[ MULTI ]                                         [ EXEC ]       two and more
 *
 * Invariants:
 *
 * 1. While {@link isInGroup} is false, what is written are whole commands and whole groups: it may be cut off there.
 * 2. {@link database} is the one on which a reader stands at the end of what was written.
 */
export class EffectEncoder {
  private buffer = new Uint8Array(FIRST_ROOM_BYTES);
  private length = 0;
  /** -1: whoever reads must be told. */
  private database = -1;
  private depth = 0;
  private groupStart = 0;
  private groupSize = 0;
  /** When it was that the last annotation says. */
  private annotatedSeconds = -1;

  /** How many bytes are written and not taken yet. */
  get lengthBytes(): number {
    return this.length;
  }

  /** Whether a group has begun and not ended. */
  get isInGroup(): boolean {
    return this.depth > 0;
  }

  /** What follows, up to its {@link end}, belongs together. Inside of another group this one is a part of that. */
  begin(): void {
    this.depth++;
  }

  end(): void {
    this.depth--;
    if (this.depth > 0) return;
    if (this.groupSize > 1) this.writeCommand(EXEC);
    this.groupSize = 0;
  }

  /**
   * Writes a command that repeats an effect. Amortised O(bytes).
   *
   * @param nowSeconds the time, if it is to be noted
   */
  write(database: number, command: readonly Bytes[], nowSeconds = -1): void {
    if (this.depth > 0) {
      if (this.groupSize === 0) {
        if (nowSeconds >= 0) this.annotate(nowSeconds);
        this.groupStart = this.length;
      } else if (this.groupSize === 1) this.insertMulti();
      this.groupSize++;
    } else if (nowSeconds >= 0) this.annotate(nowSeconds);
    if (database !== this.database) {
      this.database = database;
      this.writeCommand(['SELECT', String(database)]);
    }
    this.writeCommand(command);
  }

  /** What is written, until the next write: for reading only. */
  get written(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  /** Forgets what is written: it is elsewhere now. Not inside of a group. */
  clear(): void {
    this.length = 0;
    if (this.buffer.length > LARGEST_ROOM_KEPT_BYTES) this.buffer = new Uint8Array(FIRST_ROOM_BYTES);
  }

  /** What is written, in an array of its own, and {@link clear}. */
  take(): Uint8Array {
    const { length } = this;
    if (length <= LARGEST_ROOM_KEPT_BYTES) {
      const taken = this.buffer.slice(0, length);
      this.clear();
      return taken;
    }
    const taken = this.buffer.subarray(0, length);
    this.buffer = new Uint8Array(FIRST_ROOM_BYTES);
    this.length = 0;
    return taken;
  }

  /** What comes now is read from its beginning, in a file of its own. */
  startFile(): void {
    this.database = -1;
    this.annotatedSeconds = -1;
  }

  /** `#TS:1700000000`, where the second is another than in the last annotation. */
  annotate(nowSeconds: number): void {
    if (nowSeconds === this.annotatedSeconds) return;
    this.annotatedSeconds = nowSeconds;
    const text = `#TS:${nowSeconds}\r\n`;
    this.makeRoom(text.length);
    this.length = writeBytes(text, this.buffer, this.length);
  }

  private insertMulti(): void {
    const size = MULTI_BYTES.length;
    this.makeRoom(size);
    this.buffer.copyWithin(this.groupStart + size, this.groupStart, this.length);
    this.buffer.set(MULTI_BYTES, this.groupStart);
    this.length += size;
  }

  private writeCommand(command: readonly Bytes[]): void {
    this.makeRoom(HEADER_ROOM_BYTES);
    this.length = writeHeader(this.buffer, this.length, ASTERISK, command.length);
    // Not for…of: this is where every write of the store comes by.
    for (let at = 0; at < command.length; at++) {
      const argument = command[at]!;
      if (typeof argument === 'string') this.writeText(argument);
      else this.writeBulk(argument);
    }
  }

  private writeText(text: string): void {
    const { length } = text;
    this.makeRoom(length + HEADER_ROOM_BYTES);
    let { buffer } = this;
    // As if it were ASCII, as it is mostly: then it is as many bytes as units.
    let at = writeHeader(buffer, this.length, DOLLAR, length);
    if (length <= SHORT_LENGTH) {
      let index = 0;
      while (index < length) {
        const unit = text.charCodeAt(index);
        if (unit > 0x7f) break;
        buffer[at + index] = unit;
        index++;
      }
      at = index < length ? this.writeOther(text) : at + length;
    } else {
      const { read, written } = encoder.encodeInto(text, buffer.subarray(at, at + length));
      at = read < length || written !== length ? this.writeOther(text) : at + length;
    }
    buffer = this.buffer;
    buffer[at] = CR;
    buffer[at + 1] = LF;
    this.length = at + 2;
  }

  /** The length and the bytes of text that is not ASCII. Returns where they end. */
  private writeOther(text: string): number {
    const bytes = byteLength(text);
    this.makeRoom(bytes + HEADER_ROOM_BYTES);
    const at = writeHeader(this.buffer, this.length, DOLLAR, bytes);
    return writeBytes(text, this.buffer, at);
  }

  private writeBulk(bytes: Uint8Array): void {
    this.makeRoom(bytes.length + HEADER_ROOM_BYTES);
    const { buffer } = this;
    let at = writeHeader(buffer, this.length, DOLLAR, bytes.length);
    buffer.set(bytes, at);
    at += bytes.length;
    buffer[at] = CR;
    buffer[at + 1] = LF;
    this.length = at + 2;
  }

  private makeRoom(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }
}

/** `$12\r\n`. Returns where it ends. */
function writeHeader(buffer: Uint8Array, offset: number, type: number, count: number): number {
  let at = offset;
  buffer[at++] = type;
  if (count < 10) buffer[at++] = DIGIT_ZERO + count;
  else if (count < 100) {
    const tens = (count / 10) | 0;
    buffer[at++] = DIGIT_ZERO + tens;
    buffer[at++] = DIGIT_ZERO + count - 10 * tens;
  } else {
    const digits = String(count);
    for (let index = 0; index < digits.length; index++) buffer[at++] = digits.charCodeAt(index);
  }
  buffer[at] = CR;
  buffer[at + 1] = LF;
  return at + 2;
}

const encoder = new TextEncoder();
const LF = 0x0a;
const CR = 0x0d;
const DOLLAR = 0x24;
const ASTERISK = 0x2a;
const DIGIT_ZERO = 0x30;
const EXEC = ['EXEC'];
const MULTI_BYTES = encoder.encode('*1\r\n$5\r\nMULTI\r\n');
/** Up to here a loop over the units beats a call into the host's encoder. */
const SHORT_LENGTH = 48;
/** A type, the digits of a length, and twice the end of a line. */
const HEADER_ROOM_BYTES = 24;
const FIRST_ROOM_BYTES = 16 * 1024;
const LARGEST_ROOM_KEPT_BYTES = 256 * 1024;
