import type { ByteString } from '../../bytes/byte-string.ts';
import type { ReplyError } from '../../errors.ts';

/**
 * Where a command's reply codec writes its reply, one value after the other.
 *
 * A sink either encodes what it is told for the wire (`RespWriter`) or builds the values a client would
 * decode from it (`ReplyBuilder`). The codec says what a reply *is*; the sink knows how each protocol version says it.
 *
 * An aggregate is announced by its header and followed by exactly as many values as it holds; aggregates nest.
 * Lengths are trusted: a codec that announces more or fewer values than it writes corrupts the stream.
 */
export interface ReplySink {
  /** The protocol version in force, for the few commands whose reply has another shape in RESP3. */
  readonly protocol: 2 | 3;

  /** A status line (`+OK`). The text must hold neither CR nor LF. */
  simple(text: string): void;

  /** An error (`-ERR …`). Allowed at the top and inside aggregates (EXEC). */
  error(error: ReplyError): void;

  /** A 64-bit signed integer (`:1`). A `number` must be a safe integer. */
  integer(value: number | bigint): void;

  /** A byte string (`$n`). */
  bulk(value: ByteString): void;

  /** A byte string given as raw bytes (`$n`), copied before the call returns. */
  bytes(value: Uint8Array): void;

  /** No value where one value was asked for: `$-1` in RESP2, `_` in RESP3. */
  nil(): void;

  /** No value where an array was asked for: `*-1` in RESP2, `_` in RESP3. */
  nilArray(): void;

  /** The header of an array; `length` values follow. */
  array(length: number): void;

  /** The header of a map; `pairs` times a key and a value follow. A flat array of `2 * pairs` in RESP2. */
  map(pairs: number): void;

  /** The header of a set; `size` values follow. An array in RESP2. */
  set(size: number): void;

  /** The header of an out-of-band message; `length` values follow. An array in RESP2. */
  push(length: number): void;

  /** A double: a bulk of its shortest text in RESP2, `,x` in RESP3. */
  double(value: number): void;

  /** A boolean: `:1` or `:0` in RESP2, `#t` or `#f` in RESP3. */
  boolean(value: boolean): void;

  /** An integer of any size, in decimal digits with an optional sign: a bulk in RESP2, `(digits` in RESP3. */
  bigNumber(digits: string): void;

  /** Text with a format of exactly three ASCII characters (`txt`, `mkd`): a bulk in RESP2, `=n` in RESP3. */
  verbatim(format: string, text: ByteString): void;
}
