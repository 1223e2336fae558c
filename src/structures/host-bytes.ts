// What the host's own containers take, in V8 on 64 bits. All in bytes, without the elements, and O(1) or O(log n).

/** A field of an object, or a slot of an array. */
const SLOT_BYTES = 8;
/** An object's shape, and where properties and elements are that it has no room for. */
const OBJECT_HEADER_BYTES = 24;
/** An array without its slots: the object with its length, and the header of the slots. */
const ARRAY_BYTES = 48;
/** A Map without room for entries: the object, and the header of the table. See map-room.ts. */
export const MAP_BYTES = 72;
/** Three slots for each entry there is room for, and one for every two of them, where a chain begins. */
export const MAP_ENTRY_BYTES = 28;
/** A typed array and its buffer. */
const TYPED_ARRAY_BYTES = 184;

/** An object with so many fields, private ones included, of which a class with private methods has one more. */
export function objectBytes(fieldCount: number): number {
  return OBJECT_HEADER_BYTES + SLOT_BYTES * fieldCount;
}

/** An array made with so many slots. */
export function arrayBytes(slotCount: number): number {
  return slotCount === 0 ? OBJECT_HEADER_BYTES + SLOT_BYTES : ARRAY_BYTES + SLOT_BYTES * slotCount;
}

/** An array into which so many elements were pushed: a full one makes room for half as many again, and sixteen. */
export function pushedArrayBytes(length: number): number {
  let slotCount = 0;
  while (slotCount < length) slotCount += 1 + ((slotCount + 1) >> 1) + 16;
  return arrayBytes(slotCount);
}

/** So many typed arrays that have so many bytes in all. */
export function typedArrayBytes(arrayCount: number, byteCount: number): number {
  return TYPED_ARRAY_BYTES * arrayCount + byteCount;
}
