import type { ByteString } from '../bytes/byte-string.ts';
import type { ReplyError } from '../errors.ts';
import type { Output, Text } from '../keyspace/operations.ts';
import { formatDouble } from '../numbers/double.ts';
import type { ReplyTarget } from './scripting.ts';

/**
 * What a script answers, as a RESP2 client would get it: strings and status lines, integers, `null` for nil and false,
 * errors (inside arrays; at the top one is thrown), and arrays of these. A map is the array of its keys and values, a
 * double its text.
 */
export type ScriptReply<O extends Output = Text> =
  | O['string']
  | O['integer']
  | ReplyError
  | null
  | ScriptReply<O>[];

interface Open<O extends Output> {
  readonly items: ScriptReply<O>[];
  /** How many values are to come: never zero. */
  missing: number;
  readonly outer: Open<O> | undefined;
}

/** Builds the answer of a typed call. */
export class AnswerBuilder<O extends Output> implements ReplyTarget {
  readonly protocol = 2;
  /** What was written. */
  answer: ScriptReply<O> = null;
  private open: Open<O> | undefined = undefined;
  private readonly stringOf: (value: ByteString) => O['string'];
  private readonly integerOf: (value: number | bigint) => O['integer'];

  constructor(
    stringOf: (value: ByteString) => O['string'],
    integerOf: (value: number | bigint) => O['integer'],
  ) {
    this.stringOf = stringOf;
    this.integerOf = integerOf;
  }

  simple(text: string): void {
    this.put(this.stringOf(text));
  }

  error(error: ReplyError): void {
    this.put(error);
  }

  integer(value: number | bigint): void {
    this.put(this.integerOf(value));
  }

  bulk(value: ByteString): void {
    this.put(this.stringOf(value));
  }

  nil(): void {
    this.put(null);
  }

  array(length: number): void {
    if (length === 0) this.put([]);
    else this.open = { items: [], missing: length, outer: this.open };
  }

  map(pairs: number): void {
    this.array(2 * pairs);
  }

  set(size: number): void {
    this.array(size);
  }

  double(value: number): void {
    this.bulk(formatDouble(value));
  }

  boolean(value: boolean): void {
    this.integer(value ? 1 : 0);
  }

  bigNumber(digits: string): void {
    this.bulk(digits);
  }

  verbatim(_format: string, text: ByteString): void {
    this.bulk(text);
  }

  private put(value: ScriptReply<O>): void {
    let complete = value;
    let { open } = this;
    while (open !== undefined) {
      open.items.push(complete);
      if (--open.missing > 0) break;
      complete = open.items;
      open = open.outer;
    }
    this.open = open;
    if (open === undefined) this.answer = complete;
  }
}
