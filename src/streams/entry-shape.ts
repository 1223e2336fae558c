import { type ByteString, byteLength } from '../bytes/byte-string.ts';
import { arrayBytes, SLOT_BYTES, textsBytes } from '../bytes/heap-bytes.ts';
import { listpackEntryBytes, listpackIntegerBytes } from '../structures/listpack-size.ts';

/** A shape, without its names. */
const SHAPE_BYTES = 48 + SLOT_BYTES;

/** The names of the fields of entries, kept once for all entries that have just these. */
export class EntryShape {
  readonly fields: readonly ByteString[];
  /** Of all names. */
  readonly byteLength: number;
  /** What the number of fields and the names take in a listpack. */
  readonly listpackBytes: number;

  /** Keeps the array. O(fields). */
  constructor(fields: readonly ByteString[]) {
    let bytes = 0;
    let listpackBytes = listpackIntegerBytes(fields.length);
    for (const field of fields) {
      bytes += byteLength(field);
      listpackBytes += listpackEntryBytes(field);
    }
    this.fields = fields;
    this.byteLength = bytes;
    this.listpackBytes = listpackBytes;
  }

  /** About what it takes of the host's memory. O(fields). */
  get heapBytes(): number {
    return SHAPE_BYTES + arrayBytes(this.fields.length) + textsBytes(this.fields);
  }

  /** Whether these are its names, in this order. O(fields). */
  matches(fields: readonly ByteString[]): boolean {
    const own = this.fields;
    if (own === fields) return true;
    const { length } = own;
    if (fields.length !== length) return false;
    for (let at = 0; at < length; at++) if (own[at] !== fields[at]) return false;
    return true;
  }
}
