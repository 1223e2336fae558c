import { parseDouble } from '../../numbers/double.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { CorruptValue } from './corrupt-value.ts';

/** A double in binary: eight bytes, little endian. */
export function writeDouble(writer: ByteWriter, value: number): void {
  writer.writeFloat64(value);
}

/** A score in binary. @throws CorruptValue if it is NaN: nothing in Redis is */
export function readDouble(reader: ByteReader): number {
  const value = reader.readFloat64();
  if (Number.isNaN(value)) throw new CorruptValue('a score that is no number');
  return value;
}

/**
 * A score as it was written until Redis 4: one byte for the length and so many digits, or one byte of its own for NaN
 * and the infinities.
 *
 * @throws CorruptValue if it is NaN or no number
 */
export function readDoubleText(reader: ByteReader): number {
  const length = reader.readByte();
  if (length === TEXT_INFINITY) return Number.POSITIVE_INFINITY;
  if (length === TEXT_MINUS_INFINITY) return Number.NEGATIVE_INFINITY;
  const value = length === TEXT_NAN ? undefined : parseDouble(reader.readText(length));
  if (value === undefined) throw new CorruptValue('a score that is no number');
  return value;
}

const TEXT_NAN = 253;
const TEXT_INFINITY = 254;
const TEXT_MINUS_INFINITY = 255;
