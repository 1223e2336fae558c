import { textBytes } from './text-bytes.ts';

// What the host's own containers take, in V8 on 64 bits. All in bytes, without what is in them but for `textsBytes`.

/** A field of an object, or a slot of an array: a pointer, or a small integer. */
export const SLOT_BYTES = 8;
/** An object's shape, and where properties and elements are that it has no room for. */
const OBJECT_HEADER_BYTES = 24;
/** An array without its slots: the object with its length, and the header of the slots. */
const ARRAY_BYTES = 48;
/** A typed array and its buffer, without the elements. */
const TYPED_ARRAY_BYTES = 184;
/** A Map without room for entries: the object, and the header of the table. */
export const MAP_BYTES = 72;
/** Room for an entry of a Map: three slots, and one for every two of them, where a chain begins. */
export const MAP_ROOM_BYTES = 28;
/** An entry of a Map that has only grown, on an average: it doubles its room when that is full. What it is exactly, `MapRoom` knows. */
export const MAP_ENTRY_BYTES = 1.5 * MAP_ROOM_BYTES;

/** An object with so many fields, private ones included, of which a class with private methods has one more. O(1). */
export function objectBytes(fieldCount: number): number {
  return OBJECT_HEADER_BYTES + SLOT_BYTES * fieldCount;
}

/** An array made with so many slots. O(1). */
export function arrayBytes(slotCount: number): number {
  return slotCount === 0 ? OBJECT_HEADER_BYTES + SLOT_BYTES : ARRAY_BYTES + SLOT_BYTES * slotCount;
}

/** An array into which so many elements were pushed. O(log length). */
export function pushedArrayBytes(length: number): number {
  return arrayBytes(pushedSlots(length));
}

/** How many slots such an array has: a full one makes room for half as many again, and sixteen. O(log length). */
export function pushedSlots(length: number): number {
  let slotCount = 0;
  while (slotCount < length) slotCount += 1 + ((slotCount + 1) >> 1) + 16;
  return slotCount;
}

/** So many typed arrays that have so many bytes in all. O(1). */
export function typedArrayBytes(arrayCount: number, byteCount: number): number {
  return TYPED_ARRAY_BYTES * arrayCount + byteCount;
}

/** All these strings. O(strings). */
export function textsBytes(texts: readonly string[]): number {
  let bytes = 0;
  for (let at = 0; at < texts.length; at++) bytes += textBytes(texts[at]!);
  return bytes;
}
