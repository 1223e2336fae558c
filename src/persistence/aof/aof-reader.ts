import { type ByteString, fromBytes, LONGEST_TEXT } from '../../bytes/byte-string.ts';
import { ByteQueue } from '../../wire/resp/byte-queue.ts';
import { AofCorrupt } from './aof-errors.ts';

/**
 * Reads the commands of an append-only file, of which the bytes come in chunks that may be cut anywhere.
 *
 *     reader.feed(chunk);
 *     for (let tokens = reader.next(); tokens !== undefined; tokens = reader.next()) run(tokens);
 *     …
 *     reader.isComplete      at the end: or the last command was cut off
 *
 * Unlike what a client sends, nothing here is made by hand: every length is plain digits, every line ends in CRLF, every
 * command has at least its name. Whatever is otherwise is broken, and said so with its offset; what is only not all there
 * is not. Every byte is looked at once: O(n) for n bytes in whatever chunks.
 */
export class AofReader {
  private readonly queue = new ByteQueue();
  private readonly file: string;
  /** Where in the file the queue's pending bytes begin, less {@link ByteQueue.start}. */
  private base: number;
  private tokens: ByteString[] = [];
  private tokensMissing = 0;
  private bulkLength = -1;
  private startOffset: number;
  private endOffset: number;
  /** What the last annotation said of the time, in Unix seconds; -1 if there was none. */
  annotatedSeconds = -1;

  /** @param offset where in the file the first byte that is fed is */
  constructor(file: string, offset = 0) {
    this.file = file;
    this.base = offset;
    this.startOffset = offset;
    this.endOffset = offset;
  }

  /** Where the last command begins that {@link next} has answered. */
  get commandOffset(): number {
    return this.startOffset;
  }

  /** Where it ends, with the annotations that follow. */
  get offset(): number {
    return this.endOffset;
  }

  /** Whether all that was fed is whole commands. Once {@link next} has answered `undefined`. */
  get isComplete(): boolean {
    return this.tokensMissing === 0 && this.queue.length === 0;
  }

  /** The chunk must not change while its commands are read. */
  feed(chunk: Uint8Array): void {
    const { queue } = this;
    const position = this.base + queue.start;
    queue.append(chunk);
    this.base = position - queue.start;
  }

  /**
   * The next command, `undefined` if more bytes are needed.
   *
   * @throws AofCorrupt if there is none that could be
   */
  next(): ByteString[] | undefined {
    const { queue } = this;
    while (this.tokensMissing === 0) {
      if (queue.length === 0) return undefined;
      if (queue.bytes[queue.start] !== HASH) {
        if (!this.readCount()) return undefined;
      } else if (!this.readAnnotation()) return undefined;
    }
    while (this.tokensMissing > 0) {
      if (this.bulkLength < 0) {
        const length = this.readLength(DOLLAR);
        if (length < 0) return undefined;
        if (length > LONGEST_TEXT)
          throw this.corrupt(`an argument of ${length} bytes is longer than a string can be here`);
        this.bulkLength = length;
      }
      const end = queue.start + this.bulkLength;
      if (queue.end < end + 2) {
        // What ends it may be wrong though it is not all there.
        if (queue.end > end && queue.bytes[end] !== CR) throw this.broken(end);
        return undefined;
      }
      if (queue.bytes[end] !== CR) throw this.broken(end);
      if (queue.bytes[end + 1] !== LF) throw this.broken(end + 1);
      this.tokens.push(fromBytes(queue.bytes, queue.start, end));
      queue.start = end + 2;
      this.bulkLength = -1;
      this.tokensMissing--;
    }
    const { tokens } = this;
    this.tokens = [];
    this.endOffset = this.base + queue.start;
    return tokens;
  }

  /** `*3\r\n`, which begins a command. False if it is not all there. */
  private readCount(): boolean {
    const start = this.base + this.queue.start;
    this.startOffset = start;
    const count = this.readLength(ASTERISK);
    if (count < 0) return false;
    if (count === 0) throw this.broken(this.queue.start - 1);
    this.tokensMissing = count;
    return true;
  }

  /** `#TS:1700000000\r\n`, or another remark. False if it is not all there. */
  private readAnnotation(): boolean {
    const { queue } = this;
    const { bytes, start } = queue;
    const end = bytes.subarray(0, queue.end).indexOf(LF, start);
    if ((end < 0 ? queue.end : end) - start >= LONGEST_ANNOTATION) {
      this.startOffset = this.base + start;
      throw this.broken(start);
    }
    if (end < 0) return false;
    const text = fromBytes(bytes, start, end);
    const seconds = /^#TS:(\d{1,15})\r?$/.exec(text)?.[1];
    if (seconds !== undefined) this.annotatedSeconds = Number(seconds);
    queue.start = end + 1;
    this.endOffset = this.base + queue.start;
    return true;
  }

  /** A number after its sign and before CRLF; -1 if it is not all there. */
  private readLength(sign: number): number {
    const { queue } = this;
    const { bytes, start, end } = queue;
    if (start === end) return -1;
    if (bytes[start] !== sign) throw this.broken(start);
    let value = 0;
    let at = start + 1;
    for (; at < end; at++) {
      const digit = bytes[at]! - DIGIT_ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      // No zeros before other digits; and no more digits than a 32-bit number has.
      if (at - start > MOST_DIGITS || (value === digit && at > start + 1)) throw this.broken(at);
    }
    if (at < end) {
      if (at === start + 1 || bytes[at] !== CR) throw this.broken(at);
      if (at + 1 < end) {
        if (bytes[at + 1] !== LF) throw this.broken(at + 1);
        queue.start = at + 2;
        return value;
      }
    }
    return -1;
  }

  /** @param at in the queue's bytes */
  private broken(at: number): AofCorrupt {
    return this.corrupt(
      `Bad file format reading the append only file ${this.file}: make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>`,
      this.base + at,
    );
  }

  private corrupt(problem: string, badOffset?: number): AofCorrupt {
    const offset = this.startOffset;
    return new AofCorrupt(`${problem} (at offset ${offset})`, this.file, offset, badOffset);
  }
}

const LF = 0x0a;
const CR = 0x0d;
const HASH = 0x23;
const DOLLAR = 0x24;
const ASTERISK = 0x2a;
const DIGIT_ZERO = 0x30;
const MOST_DIGITS = 10;
/** In bytes, as in Redis. */
const LONGEST_ANNOTATION = 1024;
