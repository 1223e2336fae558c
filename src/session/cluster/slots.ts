import { type ByteString, toBytes } from '../../bytes/byte-string.ts';

/** How many slots the keys of a cluster are spread over. */
export const SLOT_COUNT = 16_384;

const POLYNOMIAL = 0x1021;

/** The slot of a key: CRC-16 (XMODEM) of its bytes, or of those in its first braces if there are any between them. O(length). */
export function slotOf(key: ByteString): number {
  let crc = 0;
  for (const byte of toBytes(hashed(key))) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
    crc &= 0xffff;
  }
  return crc % SLOT_COUNT;
}

/** The part of a key that counts. */
function hashed(key: ByteString): ByteString {
  const open = key.indexOf('{');
  if (open < 0) return key;
  const close = key.indexOf('}', open + 1);
  return close > open + 1 ? key.slice(open + 1, close) : key;
}
