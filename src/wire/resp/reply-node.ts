import { type ByteString, toText } from '../../bytes/byte-string.ts';
import { ReplyError } from '../../errors.ts';
import { bulkReply, integerReply, mapReply, type Reply, type ReplyOptions } from './reply.ts';

/** A key and its value, in the order in which they were sent. */
export type ReplyEntry = readonly [key: ReplyNode, value: ReplyNode];

/**
 * A reply exactly as the wire had it, every type told apart: `type` is the byte that announced it.
 * Two servers answered alike exactly if their trees are deeply equal.
 */
export type ReplyNode = ReplyContent & {
  /** What an attribute (`|`) said about this value, where the parser was told to keep attributes. */
  readonly attributes?: readonly ReplyEntry[];
};

type ReplyContent =
  /** A status, an error, a blob error. */
  | { readonly type: '+' | '-' | '!'; readonly value: ByteString }
  /** An integer: a `bigint` beyond the safe range. */
  | { readonly type: ':'; readonly value: number | bigint }
  /** A bulk; `null` is RESP2's `$-1`. */
  | { readonly type: '$'; readonly value: ByteString | null }
  /** An array; `null` is RESP2's `*-1`. */
  | { readonly type: '*'; readonly items: readonly ReplyNode[] | null }
  /** A set, a push. */
  | { readonly type: '~' | '>'; readonly items: readonly ReplyNode[] }
  | { readonly type: '%'; readonly entries: readonly ReplyEntry[] }
  | { readonly type: '_' }
  /** A double: its value, and the text that said so. */
  | { readonly type: ','; readonly value: number; readonly text: string }
  | { readonly type: '#'; readonly value: boolean }
  /** A big number: its digits, as sent. */
  | { readonly type: '('; readonly value: string }
  | { readonly type: '='; readonly format: string; readonly value: ByteString };

/** The plain value that a client makes of a reply: what a `ReplyBuilder` builds for it. Attributes are dropped. O(n). */
export function toReply(node: ReplyNode, options: ReplyOptions = {}): Reply {
  return convert(node, options.bytes ?? false);
}

function convert(node: ReplyNode, bytes: boolean): Reply {
  switch (node.type) {
    case '+':
      return toText(node.value);
    case '-':
    case '!':
      return new ReplyError(toText(node.value));
    case ':':
      return integerReply(node.value);
    case '$':
      return node.value === null ? null : bulkReply(node.value, bytes);
    case '=':
      return bulkReply(node.value, bytes);
    case '*':
    case '>':
      return node.items === null ? null : node.items.map((item) => convert(item, bytes));
    case '~':
      return new Set(node.items.map((item) => convert(item, bytes)));
    case '%':
      return mapReply(node.entries.flatMap(([key, value]) => [convert(key, bytes), convert(value, bytes)]));
    case '_':
      return null;
    case ',':
    case '#':
      return node.value;
    case '(':
      return BigInt(node.value);
  }
}
