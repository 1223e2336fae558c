import { type ByteString, byteLength } from '../bytes/byte-string.ts';
import type { Integer } from '../numbers/integer.ts';
import { compareUnsigned, MAX_UINT64, parseUnsigned, predecessor, successor } from '../numbers/unsigned.ts';

/**
 * The id of an entry: two unsigned 64-bit numbers, by custom a time in milliseconds and a sequence number within it.
 * Everything that has an id as its first two properties is a StreamId too.
 *
 * Each number is in the one form of an unsigned integer: equal ids have `===` numbers.
 */
export interface StreamId {
  readonly ms: Integer;
  readonly seq: Integer;
}

/** The least id, which no entry has. */
export const MIN_ID: StreamId = { ms: 0, seq: 0 };
/** The greatest id. */
export const MAX_ID: StreamId = { ms: MAX_UINT64, seq: MAX_UINT64 };

/** Negative, zero or positive. */
export function compareIds(a: StreamId, b: StreamId): number {
  if (a.ms !== b.ms) return compareUnsigned(a.ms, b.ms);
  return a.seq === b.seq ? 0 : compareUnsigned(a.seq, b.seq);
}

export function equalIds(a: StreamId, b: StreamId): boolean {
  return a.seq === b.seq && a.ms === b.ms;
}

/** The id right after, `undefined` after the greatest. */
export function nextId(id: StreamId): StreamId | undefined {
  const seq = successor(id.seq);
  if (seq !== undefined) return { ms: id.ms, seq };
  const ms = successor(id.ms);
  return ms === undefined ? undefined : { ms, seq: 0 };
}

/** The id right before, `undefined` before the least. */
export function previousId(id: StreamId): StreamId | undefined {
  const seq = predecessor(id.seq);
  if (seq !== undefined) return { ms: id.ms, seq };
  const ms = predecessor(id.ms);
  return ms === undefined ? undefined : { ms, seq: MAX_UINT64 };
}

/** `1526919030474-55` */
export function formatId(id: StreamId): string {
  return `${id.ms}-${id.seq}`;
}

/** So long may a spelling of an id be, in bytes. */
const LONGEST_SPELLING = 127;

/**
 * The id that a token spells: `ms-seq`, or `ms` alone with this sequence number. `undefined` if it spells none. As in Redis,
 * which hands it to C, it ends before a zero byte. O(length).
 */
export function parseId(token: ByteString, missingSeq: Integer = 0): StreamId | undefined {
  if (token.length > LONGEST_SPELLING) return undefined;
  const end = token.indexOf('\0');
  if (end >= 0 && byteLength(token) > LONGEST_SPELLING) return undefined;
  const text = end < 0 ? token : token.slice(0, end);
  const dash = text.indexOf('-');
  const ms = parseUnsigned(dash < 0 ? text : text.slice(0, dash));
  const seq = dash < 0 ? missingSeq : parseUnsigned(text.slice(dash + 1));
  return ms === undefined || seq === undefined ? undefined : { ms, seq };
}
