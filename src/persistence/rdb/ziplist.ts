import type { ByteString } from '../../bytes/byte-string.ts';
import { ByteReader } from './byte-reader.ts';
import { CorruptValue, demand } from './corrupt-value.ts';

/**
 * The entries of a ziplist, in which Redis before 7.0 kept what it keeps in a listpack since; integers as their text.
 *
 *     ziplist   total bytes 4 │ where the last entry begins 4 │ entries 2 │ entry … entry │ FF
 *     entry     bytes of the entry before │ header │ content
 *
 *     bytes of the entry before: one byte up to 253, or FE and four bytes
 *     00llllll                          a string of up to 63 bytes
 *     01llllll llllllll                 a string of up to 16383 bytes
 *     80 and four bytes of length       any string
 *     C0, F0, D0, E0, FE                a signed integer of 2, 3, 4, 8, 1 bytes
 *     F1 … FD                           0 … 12
 *
 * The lengths of strings are big endian, all else is little endian. The number of entries is 65535 where there are so
 * many or more. O(bytes).
 *
 * @throws CorruptValue if the bytes are no ziplist
 */
export function decodeZiplist(bytes: Uint8Array): ByteString[] {
  const reader = new ByteReader(bytes);
  demand(reader.readUint32() === bytes.length, 'a ziplist of another size than it says');
  const tail = reader.readUint32();
  const stated = reader.readUint16();
  const values: ByteString[] = [];
  let start = reader.position;
  let bytesBefore = 0;
  let last = start;
  while (bytes[start] !== END) {
    const previous = reader.readByte();
    demand(
      (previous === LONG_PREVIOUS ? reader.readUint32() : previous) === bytesBefore,
      'a ziplist that cannot be read backwards',
    );
    values.push(readEntry(reader));
    last = start;
    bytesBefore = reader.position - start;
    start = reader.position;
    demand(start < bytes.length, 'a ziplist without an end');
  }
  demand(start + 1 === bytes.length, 'a ziplist that ends too early');
  demand(tail === last, 'a ziplist whose last entry is elsewhere');
  demand(stated === UNKNOWN_COUNT || stated === values.length, 'a ziplist with another number of entries');
  return values;
}

function readEntry(reader: ByteReader): ByteString {
  const first = reader.readByte();
  if (first < 0x40) return reader.readText(first);
  if (first < 0x80) return reader.readText(((first & 0x3f) << 8) | reader.readByte());
  switch (first) {
    case 0x80:
      return reader.readText(reader.readUint32BigEndian());
    case 0xc0:
      return String(reader.readInt16());
    case 0xd0:
      return String(reader.readInt32());
    case 0xe0:
      return String(reader.readInt64());
    case 0xf0:
      return String(((reader.readUint16() << 8) | (reader.readByte() << 24)) >> 8);
    case 0xfe:
      return String((reader.readByte() << 24) >> 24);
    default:
      if (first > 0xf0 && first <= 0xfd) return String(first - 0xf1);
      throw new CorruptValue('a ziplist entry in an unknown form');
  }
}

const END = 0xff;
const LONG_PREVIOUS = 0xfe;
const UNKNOWN_COUNT = 65535;
