import type { Integer } from '../../numbers/integer.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { CorruptValue, EmptyValue } from './corrupt-value.ts';

/**
 * Lengths and counts: unsigned integers, the small ones in few bytes. The top bits of the first byte tell the form.
 *
 *     00 nnnnnn                        6 bits
 *     01 nnnnnn nnnnnnnn              14 bits, big endian
 *     10 000000 and four bytes        32 bits, big endian
 *     10 000001 and eight bytes       64 bits, big endian
 *     11 ......                       no length: a string in another form (see strings.ts)
 */
export function writeLength(writer: ByteWriter, length: number | bigint): void {
  if (length < 64) {
    writer.writeByte(Number(length));
  } else if (length < 16384) {
    const value = Number(length);
    writer.writeByte(FOURTEEN_BITS | (value >> 8));
    writer.writeByte(value);
  } else if (length < TWO_TO_32) {
    writer.writeByte(THIRTY_TWO_BITS);
    writer.writeUint32BigEndian(Number(length));
  } else {
    writer.writeByte(SIXTY_FOUR_BITS);
    const exact = BigInt(length);
    writer.writeUint32BigEndian(Number(BigInt.asUintN(32, exact >> 32n)));
    writer.writeUint32BigEndian(Number(BigInt.asUintN(32, exact)));
  }
}

/**
 * A length as a number.
 *
 * @throws CorruptValue if it is no length, or 2^53 and more: there is nothing of which there could be so many.
 */
export function readLength(reader: ByteReader): number {
  return lengthAfter(reader.readByte(), reader);
}

/** The length whose first byte was just read. @throws CorruptValue as {@link readLength} */
export function lengthAfter(first: number, reader: ByteReader): number {
  if (first < FOURTEEN_BITS) return first;
  if (first < THIRTY_TWO_BITS) return ((first & 0x3f) << 8) | reader.readByte();
  if (first === THIRTY_TWO_BITS) return reader.readUint32BigEndian();
  const length = largeLength(first, reader);
  if (typeof length === 'bigint') throw new CorruptValue(`a length of ${length}`);
  return length;
}

/** Any unsigned integer of 64 bits that is written as a length. @throws CorruptValue if it is not written as one */
export function readLengthExact(reader: ByteReader): Integer {
  const first = reader.readByte();
  return first <= THIRTY_TWO_BITS ? lengthAfter(first, reader) : largeLength(first, reader);
}

/**
 * How many elements a collection has that follow it, and end it, each of at least so many bytes. None is none that Redis
 * keeps.
 *
 * @throws EmptyValue if there are none; CorruptValue if there cannot be so many
 */
export function readCount(reader: ByteReader, leastBytesOfEach: number): number {
  const count = readCountOrNone(reader, leastBytesOfEach);
  if (count === 0) throw new EmptyValue('an empty collection');
  return count;
}

/**
 * How many things follow, each of which takes at least so many bytes: a number that is more than there can be is not
 * believed, so that nobody reserves memory for it.
 *
 * @throws CorruptValue if there cannot be so many
 */
export function readCountOrNone(reader: ByteReader, leastBytesOfEach: number): number {
  const count = readLength(reader);
  reader.requireRemaining(count * leastBytesOfEach, 'more elements than bytes');
  return count;
}

function largeLength(first: number, reader: ByteReader): Integer {
  if (first !== SIXTY_FOUR_BITS) throw new CorruptValue('not a length');
  const high = reader.readUint32BigEndian();
  const low = reader.readUint32BigEndian();
  const exact = (BigInt(high) << 32n) | BigInt(low);
  return high < 2 ** 21 ? Number(exact) : exact;
}

const TWO_TO_32 = 2 ** 32;
const FOURTEEN_BITS = 0x40;
const THIRTY_TWO_BITS = 0x80;
const SIXTY_FOUR_BITS = 0x81;
