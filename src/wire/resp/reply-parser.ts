import { type ByteString, fromBytes } from '../../bytes/byte-string.ts';
import { ByteQueue } from './byte-queue.ts';
import type { ReplyEntry, ReplyNode } from './reply-node.ts';

const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;

/** How deep replies may nest. Far beyond any command's reply; keeps those who walk a tree within their stack. */
const MAX_DEPTH = 1000;
const VERBATIM_FORMAT_LENGTH = 3;

const INTEGER = /^[+-]?\d+$/;
const LENGTH = /^\d+$/;
const DOUBLE = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** What a server sent is not RESP. The stream is lost. */
export class MalformedReplyError extends Error {
  override readonly name = 'MalformedReplyError';
}

export interface ReplyParserOptions {
  /** Whether attributes (`|`) are kept on the values they precede. Otherwise they are read and dropped. */
  readonly keepAttributes?: boolean;
}

type CountedType = '$' | '!' | '=';
type AggregateType = '*' | '~' | '>' | '%' | '|';

/** A counted text whose length is known and whose bytes are arriving. */
interface Counted {
  readonly type: CountedType;
  readonly length: number;
}

/** An aggregate whose values are arriving. */
interface Open {
  readonly type: AggregateType;
  readonly items: ReplyNode[];
  /** How many values are to come. Never zero: an aggregate closes with its last value. */
  missing: number;
  /** What was said about this aggregate itself. */
  readonly attributes: readonly ReplyEntry[] | undefined;
}

/**
 * Reads a server's byte stream, RESP2 or RESP3, as trees that tell every type apart.
 *
 *     parser.feed(chunk);
 *     for (let node = parser.next(); node !== undefined; node = parser.next()) …
 *
 * Chunks may be cut anywhere; what is complete is never looked at again: O(n) for n bytes in whatever chunks.
 * Lengths that are sent as they become known (`$?`) are not read; no server of today sends them.
 */
export class ReplyParser {
  private readonly keepAttributes: boolean;
  private readonly queue = new ByteQueue();
  /** The aggregates around the next value, the outermost first. */
  private readonly open: Open[] = [];
  private counted: Counted | undefined = undefined;
  /** What was said about the next value. */
  private attributes: readonly ReplyEntry[] | undefined = undefined;
  /** How many pending bytes are known not to end the line that is being waited for. */
  private searched = 0;
  private failed = false;

  constructor(options: ReplyParserOptions = {}) {
    this.keepAttributes = options.keepAttributes ?? false;
  }

  /** Adds what has arrived. The chunk must not change before its replies are read. */
  feed(chunk: Uint8Array): void {
    if (!this.failed) this.queue.append(chunk);
  }

  /**
   * The next complete reply; `undefined` if more bytes are needed.
   *
   * @throws MalformedReplyError once, if what comes next is no reply. Later calls answer `undefined`, whatever is fed.
   */
  next(): ReplyNode | undefined {
    for (;;) {
      const value = this.counted === undefined ? this.readLine() : this.readCounted(this.counted);
      if (value === 'incomplete') return undefined;
      if (value === undefined) continue;
      const complete = this.place(value);
      if (complete !== undefined) return complete;
    }
  }

  /** Puts a value where it belongs. Answers the whole reply if that completes it. */
  private place(value: ReplyNode): ReplyNode | undefined {
    let node = value;
    for (let open = this.open.at(-1); open !== undefined; open = this.open.at(-1)) {
      open.items.push(node);
      if (--open.missing > 0) return undefined;
      this.open.pop();
      if (open.type === '|') {
        if (this.keepAttributes) this.attributes = [...(open.attributes ?? []), ...pairs(open.items)];
        return undefined;
      }
      node = annotate(aggregate(open.type, open.items), open.attributes);
    }
    return node;
  }

  /**
   * What the next line says: a value; `undefined` if it only announced what follows, or said nothing of its own
   * (an empty attribute); or that the line is incomplete.
   */
  private readLine(): ReplyNode | undefined | 'incomplete' {
    const { queue } = this;
    const lineEnd = this.findLineEnd();
    if (lineEnd < 0) return 'incomplete';
    const type = String.fromCharCode(queue.bytes[queue.start]!);
    const text = fromBytes(queue.bytes, Math.min(queue.start + 1, lineEnd), lineEnd);
    queue.start = lineEnd + 2;
    switch (type) {
      case '$':
      case '!':
      case '=':
        if (type === '$' && text === '-1') return this.finish({ type, value: null });
        this.counted = { type, length: this.readLength(type, text) };
        return undefined;
      case '*':
      case '~':
      case '>':
      case '%':
      case '|':
        if (type === '*' && text === '-1') return this.finish({ type, items: null });
        return this.beginAggregate(type, this.readLength(type, text));
      default:
        return this.finish(this.readScalar(type, text));
    }
  }

  private readScalar(type: string, text: ByteString): ReplyNode {
    switch (type) {
      case '+':
      case '-':
        return { type, value: text };
      case ':':
        if (!INTEGER.test(text)) break;
        return { type, value: readInteger(text) };
      case '(':
        if (!INTEGER.test(text)) break;
        return { type, value: text };
      case '_':
        if (text !== '') break;
        return { type };
      case '#':
        if (text !== 't' && text !== 'f') break;
        return { type, value: text === 't' };
      case ',': {
        const value = readDouble(text);
        if (value === undefined) break;
        return { type, value, text };
      }
      default:
        throw this.fail(`no reply begins with ${JSON.stringify(type)}`);
    }
    throw this.fail(`${JSON.stringify(text.slice(0, 64))} is no value of type '${type}'`);
  }

  private beginAggregate(type: AggregateType, length: number): ReplyNode | undefined {
    if (length === 0) return type === '|' ? undefined : this.finish(aggregate(type, []));
    if (this.open.length === MAX_DEPTH) throw this.fail(`aggregates nest deeper than ${MAX_DEPTH}`);
    const missing = type === '%' || type === '|' ? length * 2 : length;
    this.open.push({ type, items: [], missing, attributes: this.attributes });
    this.attributes = undefined;
    return undefined;
  }

  private readCounted({ type, length }: Counted): ReplyNode | 'incomplete' {
    const { queue } = this;
    const { bytes, start } = queue;
    const end = start + length;
    if (queue.end < end + 2) return 'incomplete';
    if (bytes[end] !== CR || bytes[end + 1] !== LF) throw this.fail('a counted text does not end in CRLF');
    this.counted = undefined;
    queue.start = end + 2;
    if (type !== '=') return this.finish({ type, value: fromBytes(bytes, start, end) });
    const textStart = start + VERBATIM_FORMAT_LENGTH + 1;
    if (textStart > end || bytes[textStart - 1] !== COLON) throw this.fail('a verbatim text has no format');
    const format = fromBytes(bytes, start, textStart - 1);
    return this.finish({ type, format, value: fromBytes(bytes, textStart, end) });
  }

  /** Gives a value the attributes that preceded it. */
  private finish(node: ReplyNode): ReplyNode {
    const attributes = this.attributes;
    this.attributes = undefined;
    return annotate(node, attributes);
  }

  private readLength(type: string, text: string): number {
    const length = LENGTH.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(length * 2)) {
      throw this.fail(`${JSON.stringify(text.slice(0, 64))} is no length of type '${type}'`);
    }
    return length;
  }

  /** Where the CRLF of the pending line is, or -1 if it has not arrived. */
  private findLineEnd(): number {
    const { bytes, start, end } = this.queue;
    let at = start + this.searched;
    while (at < end && bytes[at] !== CR) at++;
    if (at + 1 >= end) {
      this.searched = at - start;
      return -1;
    }
    if (bytes[at + 1] !== LF) throw this.fail('a line does not end in CRLF');
    this.searched = 0;
    return at;
  }

  private fail(problem: string): MalformedReplyError {
    this.failed = true;
    this.queue.clear();
    this.open.length = 0;
    this.counted = undefined;
    this.attributes = undefined;
    this.searched = 0;
    return new MalformedReplyError(problem);
  }
}

function annotate(node: ReplyNode, attributes: readonly ReplyEntry[] | undefined): ReplyNode {
  return attributes === undefined ? node : { ...node, attributes };
}

function aggregate(type: Exclude<AggregateType, '|'>, items: readonly ReplyNode[]): ReplyNode {
  return type === '%' ? { type, entries: pairs(items) } : { type, items };
}

function pairs(items: readonly ReplyNode[]): ReplyEntry[] {
  const entries: ReplyEntry[] = [];
  for (let at = 0; at + 1 < items.length; at += 2) entries.push([items[at]!, items[at + 1]!]);
  return entries;
}

function readInteger(text: string): number | bigint {
  const value = Number(text);
  // A safe result was not rounded: every text beyond the safe range rounds to a number beyond it.
  if (!Number.isSafeInteger(value)) return BigInt(text);
  return value === 0 ? 0 : value;
}

function readDouble(text: string): number | undefined {
  switch (text) {
    case 'inf':
    case '+inf':
      return Number.POSITIVE_INFINITY;
    case '-inf':
      return Number.NEGATIVE_INFINITY;
    case 'nan':
    case '-nan':
      return Number.NaN;
    default:
      return DOUBLE.test(text) ? Number(text) : undefined;
  }
}
