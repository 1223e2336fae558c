import { type ByteString, fromBytes, toText } from '../../bytes/byte-string.ts';
import { ReplyError } from '../../errors.ts';
import { formatDouble } from '../../numbers/double.ts';
import { errorLine } from './error-line.ts';
import { bulkReply, integerReply, mapReply, type Reply, type ReplyOptions } from './reply.ts';
import type { ReplySink } from './reply-sink.ts';

/** An aggregate whose values are still arriving. */
interface Open {
  readonly kind: 'array' | 'map' | 'set';
  readonly items: Reply[];
  /** How many values are to come. Never zero: an aggregate closes with its last value. */
  missing: number;
  readonly outer: Open | undefined;
}

export interface ReplyBuilderOptions extends ReplyOptions {
  /** The protocol whose values are built. 2 if omitted. */
  readonly protocol?: 2 | 3;
}

/**
 * Builds the value that a client would decode, without encoding it first.
 *
 * What a reply means in RESP2 it means here: with `protocol: 2` a map is a flat array, a double is a string.
 * One builder serves any number of replies, one after the other, each ended by {@link finish}.
 */
export class ReplyBuilder implements ReplySink {
  /** May be changed between replies (HELLO). */
  protocol: 2 | 3;
  private readonly asBytes: boolean;
  private open: Open | undefined = undefined;
  private readonly complete: Reply[] = [];

  constructor(options: ReplyBuilderOptions = {}) {
    this.protocol = options.protocol ?? 2;
    this.asBytes = options.bytes ?? false;
  }

  /**
   * The reply that was written; an error reply is the `ReplyError` itself. The builder is ready for the next one.
   *
   * @throws Error if no complete reply was written, which is a defect of the codec that wrote it.
   */
  finish(): Reply {
    if (this.complete.length > 1) {
      this.complete.length = 0;
      throw new Error('a second reply was written before the first was finished');
    }
    const reply = this.complete.pop();
    if (reply === undefined || this.open !== undefined) {
      this.open = undefined;
      throw new Error('a reply ended before all of its announced values were written');
    }
    return reply;
  }

  /** All replies that are complete, for commands that write several (SUBSCRIBE) or none. */
  take(): Reply[] {
    return this.complete.splice(0);
  }

  /** Forgets what was written: half a reply, after which a defect came to light, would take in the next ones. */
  discard(): void {
    this.open = undefined;
    this.complete.length = 0;
  }

  simple(text: string): void {
    this.put(text);
  }

  error(error: ReplyError): void {
    const message = toText(errorLine(error.message));
    this.put(message === error.message ? error : new ReplyError(message));
  }

  integer(value: number | bigint): void {
    this.put(integerReply(value));
  }

  bulk(value: ByteString): void {
    this.put(bulkReply(value, this.asBytes));
  }

  bytes(value: Uint8Array): void {
    // A Node Buffer's slice() shares memory; the constructor always copies.
    this.put(this.asBytes ? new Uint8Array(value) : toText(fromBytes(value)));
  }

  nil(): void {
    this.put(null);
  }

  nilArray(): void {
    this.put(null);
  }

  array(length: number): void {
    this.begin('array', length);
  }

  map(pairs: number): void {
    this.begin(this.protocol === 2 ? 'array' : 'map', pairs * 2);
  }

  set(size: number): void {
    this.begin(this.protocol === 2 ? 'array' : 'set', size);
  }

  push(length: number): void {
    this.begin('array', length);
  }

  double(value: number): void {
    if (this.protocol === 2) this.bulk(formatDouble(value));
    else this.put(value);
  }

  boolean(value: boolean): void {
    this.put(this.protocol === 3 ? value : value ? 1 : 0);
  }

  bigNumber(digits: string): void {
    if (this.protocol === 2) this.bulk(digits);
    // A script may call anything a big number.
    else this.put(DIGITS.test(digits) ? BigInt(digits) : digits);
  }

  verbatim(_format: string, text: ByteString): void {
    this.bulk(text);
  }

  private begin(kind: Open['kind'], missing: number): void {
    if (missing === 0) this.put(close(kind, []));
    else this.open = { kind, items: [], missing, outer: this.open };
  }

  private put(value: Reply): void {
    let complete = value;
    let open = this.open;
    while (open !== undefined) {
      open.items.push(complete);
      if (--open.missing > 0) {
        this.open = open;
        return;
      }
      complete = close(open.kind, open.items);
      open = open.outer;
    }
    this.open = undefined;
    this.complete.push(complete);
  }
}

const DIGITS = /^[+-]?\d+$/;

function close(kind: Open['kind'], items: Reply[]): Reply {
  if (kind === 'array') return items;
  return kind === 'map' ? mapReply(items) : new Set(items);
}
