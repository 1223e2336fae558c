import { fromBytes, fromLatin1, toBytes, toLatin1 } from '../../src/bytes/byte-string.ts';
import type { ReplyNode } from '../../src/wire/resp/reply-node.ts';
import { ReplyParser, type ReplyParserOptions } from '../../src/wire/resp/reply-parser.ts';
import { RequestParser } from '../../src/wire/resp/request-parser.ts';

/** Bytes written as text: one character U+0000…U+00FF per byte. */
export function latin1(text: string): Uint8Array {
  return toBytes(fromLatin1(text));
}

/** The inverse of {@link latin1}. */
export function asLatin1(bytes: Uint8Array): string {
  return toLatin1(fromBytes(bytes));
}

/** All the ways to send `bytes`: whole, byte by byte, and cut in two at every place. */
export function cuts(bytes: Uint8Array): Uint8Array[][] {
  const ways = [[bytes], Array.from(bytes, (byte) => Uint8Array.of(byte))];
  for (let at = 1; at < bytes.length; at++) ways.push([bytes.subarray(0, at), bytes.subarray(at)]);
  return ways;
}

/** What a request parser makes of chunks: the requests, and the error that ended them if one did. */
export function readRequests(chunks: readonly Uint8Array[], parser = new RequestParser()) {
  const requests: string[][] = [];
  let error: string | undefined;
  for (const chunk of chunks) {
    parser.feed(chunk);
    try {
      for (let tokens = parser.next(); tokens !== undefined; tokens = parser.next()) requests.push(tokens);
    } catch (problem) {
      error = String(problem);
    }
  }
  return { requests, error };
}

/** What a reply parser makes of chunks: the replies, and the error that ended them if one did. */
export function readReplies(chunks: readonly Uint8Array[], options?: ReplyParserOptions) {
  const parser = new ReplyParser(options);
  const replies: ReplyNode[] = [];
  let error: string | undefined;
  for (const chunk of chunks) {
    parser.feed(chunk);
    try {
      for (let node = parser.next(); node !== undefined; node = parser.next()) replies.push(node);
    } catch (problem) {
      error = String(problem);
    }
  }
  return { replies, error };
}
