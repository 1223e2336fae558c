import { type ByteString, byteLength } from '../bytes/byte-string.ts';

/** Up to where Redis keeps a hash as a listpack: what `hash-max-listpack-entries` and `-value` are set to. */
export interface ListpackLimits {
  /** The most entries. */
  readonly listpackEntries: number;
  /** The longest field, value or member, in bytes. */
  readonly listpackValueBytes: number;
}

/** Whether `text` is longer than `limitBytes`. O(1) unless its length is between a third of the limit and the limit. */
export function exceedsBytes(text: ByteString, limitBytes: number): boolean {
  // A unit stands for one to three bytes.
  if (text.length > limitBytes) return true;
  return text.length * 3 > limitBytes && byteLength(text) > limitBytes;
}
