import type { ByteWriter } from './byte-writer.ts';
import { crc64 } from './crc64.ts';

/**
 * What DUMP answers: a value as RDB writes it, and a footer.
 *
 *     type byte, value │ version of RDB 2 │ checksum of all before 8        both little endian
 */
const FOOTER_BYTES = 10;
const CHECKSUM_BYTES = 8;

/** The version that Redis 8.10 writes: the newest that is known here. */
export const NEWEST_RDB_VERSION = 15;

/** Puts the footer behind a value that was written: the payload. O(n). */
export function sealPayload(writer: ByteWriter, version: number): Uint8Array {
  writer.writeUint16(version);
  const [high, low] = crc64(writer.written);
  writer.writeUint32(low);
  writer.writeUint32(high);
  return writer.take();
}

/** Whether the bytes end in a footer, of a version that is known, with the right checksum (unless that is not asked). O(n). */
export function isSealed(payload: Uint8Array, checksChecksum: boolean): boolean {
  const footerAt = payload.length - FOOTER_BYTES;
  if (footerAt < 0) return false;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  if (view.getUint16(footerAt, true) > NEWEST_RDB_VERSION) return false;
  if (!checksChecksum) return true;
  const checksumAt = payload.length - CHECKSUM_BYTES;
  const [high, low] = crc64(payload, 0, checksumAt);
  return view.getUint32(checksumAt, true) === low && view.getUint32(checksumAt + 4, true) === high;
}
