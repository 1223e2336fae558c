import type { ByteString } from '../../bytes/byte-string.ts';
import { type Integer, parseInteger } from '../../numbers/integer.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { CorruptValue, demand, demandSome } from './corrupt-value.ts';

/**
 * Intsets: integers in ascending order, all of one width, which is the least that holds them all.
 *
 *     bytes of an integer (2, 4 or 8) 4 │ integers 4 │ integer … integer
 *
 * All is little endian.
 */

/** The intset of members that all spell integers of 64 bits and are in ascending order. O(members). */
export function encodeIntset(members: Iterable<ByteString>): Uint8Array {
  const integers: Integer[] = [];
  for (const member of members) integers.push(parseInteger(member)!);
  // In order, so that the widest is the first or the last.
  const width = Math.max(widthOf(integers[0] ?? 0), widthOf(integers.at(-1) ?? 0));
  const writer = new ByteWriter(HEADER_BYTES + width * integers.length);
  writer.writeUint32(width);
  writer.writeUint32(integers.length);
  for (const integer of integers) {
    if (width === 2) writer.writeUint16(Number(integer));
    else if (width === 4) writer.writeUint32(Number(integer));
    else writer.writeUint64(integer);
  }
  return writer.take();
}

/**
 * The members, in ascending order. O(members).
 *
 * @throws CorruptValue if the bytes are no intset, or an empty one
 */
export function decodeIntset(bytes: Uint8Array): ByteString[] {
  const reader = new ByteReader(bytes);
  const width = reader.readUint32();
  const count = reader.readUint32();
  if (width !== 2 && width !== 4 && width !== 8) throw new CorruptValue('an intset of an unknown width');
  demandSome(count, 'an empty intset');
  demand(reader.remaining === count * width, 'an intset of another size than it says');
  const members: ByteString[] = [];
  let before: Integer | undefined;
  for (let left = count; left > 0; left--) {
    const integer = width === 2 ? reader.readInt16() : width === 4 ? reader.readInt32() : reader.readInt64();
    demand(before === undefined || before < integer, 'an intset that is not in order');
    members.push(String(integer));
    before = integer;
  }
  return members;
}

function widthOf(integer: Integer): 2 | 4 | 8 {
  if (integer >= -32768 && integer <= 32767) return 2;
  return integer >= -(2 ** 31) && integer < 2 ** 31 ? 4 : 8;
}

const HEADER_BYTES = 8;
