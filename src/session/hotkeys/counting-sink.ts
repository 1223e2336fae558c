import { type ByteString, byteLength } from '../../bytes/byte-string.ts';
import type { ReplyError } from '../../errors.ts';
import { formatDouble } from '../../numbers/double.ts';
import { errorLine } from '../../wire/resp/error-line.ts';
import type { ReplySink } from '../../wire/resp/reply-sink.ts';

/** Passes a reply on, and counts how many bytes it is on the wire, whether it goes there or not. */
export class CountingSink implements ReplySink {
  /** How many bytes there were so far. */
  count = 0;
  private readonly to: ReplySink;

  constructor(to: ReplySink) {
    this.to = to;
  }

  get protocol(): 2 | 3 {
    return this.to.protocol;
  }

  simple(text: string): void {
    this.count += lineBytes(byteLength(text));
    this.to.simple(text);
  }

  error(error: ReplyError): void {
    this.count += lineBytes(byteLength(errorLine(error.message)));
    this.to.error(error);
  }

  integer(value: number | bigint): void {
    this.count += headerBytes(value);
    this.to.integer(value);
  }

  bulk(value: ByteString): void {
    this.count += bulkBytes(byteLength(value));
    this.to.bulk(value);
  }

  bytes(value: Uint8Array): void {
    this.count += bulkBytes(value.length);
    this.to.bytes(value);
  }

  nil(): void {
    this.count += this.protocol === 2 ? headerBytes(-1) : lineBytes(0);
    this.to.nil();
  }

  nilArray(): void {
    this.count += this.protocol === 2 ? headerBytes(-1) : lineBytes(0);
    this.to.nilArray();
  }

  array(length: number): void {
    this.count += headerBytes(length);
    this.to.array(length);
  }

  map(pairs: number): void {
    this.count += headerBytes(this.protocol === 2 ? pairs * 2 : pairs);
    this.to.map(pairs);
  }

  set(size: number): void {
    this.count += headerBytes(size);
    this.to.set(size);
  }

  push(length: number): void {
    this.count += headerBytes(length);
    this.to.push(length);
  }

  double(value: number): void {
    const { length } = formatDouble(value);
    this.count += this.protocol === 2 ? bulkBytes(length) : lineBytes(length);
    this.to.double(value);
  }

  boolean(value: boolean): void {
    this.count += lineBytes(1);
    this.to.boolean(value);
  }

  bigNumber(digits: string): void {
    this.count += this.protocol === 2 ? bulkBytes(digits.length) : lineBytes(digits.length);
    this.to.bigNumber(digits);
  }

  verbatim(format: string, text: ByteString): void {
    const length = byteLength(text);
    this.count += bulkBytes(this.protocol === 2 ? length : length + format.length + 1);
    this.to.verbatim(format, text);
  }
}

/** How many bytes a command is as clients send it: an array of bulks. O(length of its tokens). */
export function requestBytes(tokens: readonly ByteString[]): number {
  let count = headerBytes(tokens.length);
  for (const token of tokens) count += bulkBytes(byteLength(token));
  return count;
}

/** A letter, the text, and the end of the line. */
function lineBytes(length: number): number {
  return length + 3;
}

function headerBytes(value: number | bigint): number {
  return lineBytes(String(value).length);
}

function bulkBytes(length: number): number {
  return headerBytes(length) + length + 2;
}
