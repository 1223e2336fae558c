import { type Checksum, crc64, extendByZeros } from '../crc64.ts';
import { HEADER_BYTES, headerOf } from './header.ts';
import type { RdbWriter } from './rdb-writer.ts';

/** What takes the place of the first and the last bytes of a file. All between stays as it is. */
export interface RaisedVersion {
  /** The first {@link HEADER_BYTES} bytes. */
  readonly header: Uint8Array;
  /** The last eight bytes. */
  readonly checksum: Uint8Array;
}

/**
 * An RDB file says first which version a reader must know, and that is known last: some value in it may have needed a newer
 * one than the file was begun with. Then this puts it right.
 *
 * The checksum of the file need not be reckoned anew: of two messages of the same length, the checksum of their difference is
 * the difference of their checksums, and here they differ in nine bytes, with nothing but zeros behind them. O(log bytes).
 *
 * @returns what must be replaced in the file that the writer has ended, or `undefined` if it is right as it is
 */
export function raisedVersion(writer: RdbWriter): RaisedVersion | undefined {
  const { version, neededVersion, lengthBytes, checksum } = writer;
  if (neededVersion <= version) return undefined;
  const header = headerOf(neededVersion);
  const before = headerOf(version);
  const difference = header.map((byte, at) => byte ^ before[at]!);
  const change = extendByZeros(crc64(difference), lengthBytes - HEADER_BYTES - CHECKSUM_BYTES);
  return { header, checksum: writer.hasChecksum ? checksumBytes(checksum, change) : new Uint8Array(8) };
}

function checksumBytes([high, low]: Checksum, change: Checksum): Uint8Array {
  const bytes = new Uint8Array(CHECKSUM_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, low ^ change[1], true);
  view.setUint32(4, high ^ change[0], true);
  return bytes;
}

/** At the end of every file. */
export const CHECKSUM_BYTES = 8;
