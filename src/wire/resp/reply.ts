import { type ByteString, toBytes, toText } from '../../bytes/byte-string.ts';
import type { ReplyError } from '../../errors.ts';

/**
 * A reply as a client hands it to its user: plain JavaScript values.
 *
 * Which of them occur depends on the protocol: RESP2 knows strings, integers, null, errors and arrays only.
 */
export type Reply =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | ReplyError
  | Reply[]
  | Map<Reply, Reply>
  | Set<Reply>;

export interface ReplyOptions {
  /**
   * Whether byte strings (bulks and verbatim texts) come as `Uint8Array`. Otherwise they come as text, with
   * U+FFFD where the bytes are not UTF-8. Status lines are text either way.
   */
  readonly bytes?: boolean;
}

/** A byte string as the options ask for it. */
export function bulkReply(value: ByteString, bytes: boolean): string | Uint8Array {
  return bytes ? toBytes(value) : toText(value);
}

/** A `number` where that is exact, else a `bigint`. */
export function integerReply(value: number | bigint): number | bigint {
  // The wire knows no negative zero.
  if (typeof value === 'number') return value === 0 ? 0 : value;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** The map of a flat list of keys and values. A key that occurs again replaces the earlier value. */
export function mapReply(items: readonly Reply[]): Map<Reply, Reply> {
  const map = new Map<Reply, Reply>();
  for (let at = 0; at + 1 < items.length; at += 2) map.set(items[at]!, items[at + 1]!);
  return map;
}
