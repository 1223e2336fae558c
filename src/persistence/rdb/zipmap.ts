import type { ByteString } from '../../bytes/byte-string.ts';
import { ByteReader } from './byte-reader.ts';
import { CorruptValue, demand } from './corrupt-value.ts';

/**
 * The fields and values, one after the other, of a zipmap: how Redis before 2.6 kept a small hash.
 *
 *     pairs 1 │ length, field │ length, free 1, value, free bytes │ … │ FF
 *
 * A length is one byte up to 253, or FE and four bytes, little endian. The number of pairs is 254 where there are so many
 * or more. O(bytes).
 *
 * @throws CorruptValue if the bytes are no zipmap
 */
export function decodeZipmap(bytes: Uint8Array): ByteString[] {
  const reader = new ByteReader(bytes);
  const stated = reader.readByte();
  const values: ByteString[] = [];
  for (let first = reader.readByte(); first !== END; first = reader.readByte()) {
    values.push(reader.readText(lengthAfter(first, reader)));
    const length = lengthAfter(reader.readByte(), reader);
    const free = reader.readByte();
    values.push(reader.readText(length));
    reader.skip(free);
  }
  demand(reader.remaining === 0, 'a zipmap that ends too early');
  demand(stated >= UNKNOWN_COUNT || stated === values.length / 2, 'a zipmap with another number of pairs');
  return values;
}

function lengthAfter(first: number, reader: ByteReader): number {
  if (first < LONG_LENGTH) return first;
  if (first === LONG_LENGTH) return reader.readUint32();
  throw new CorruptValue('a zipmap that breaks off');
}

const END = 0xff;
const LONG_LENGTH = 0xfe;
const UNKNOWN_COUNT = 254;
