import { describe, expect, test } from 'vitest';
import { MapRoom } from '../../src/structures/map-room.ts';

// What Node 20 was measured to take for such Maps: 72 bytes and 28 for each entry there is room for, beside 48 of our own.
function bytesOf(room: number): number {
  return 120 + 28 * room;
}

/** A Map of so many entries, and how much room it has. */
function grown(size: number): { map: Map<number, string>; room: MapRoom } {
  const map = new Map<number, string>();
  const room = new MapRoom(0);
  for (let key = 0; key < size; key++) {
    map.set(key, 'x');
    room.added(map.size);
  }
  return { map, room };
}

describe('the room of a Map', () => {
  test.each([
    [0, 4],
    [4, 4],
    [5, 8],
    [1000, 1024],
    [1024, 1024],
    [1025, 2048],
  ])('that has grown to %i entries is for %i, one by one or all at once', (size, expected) => {
    expect(grown(size).room.heapBytes).toBe(bytesOf(expected));
    expect(new MapRoom(size).heapBytes).toBe(bytesOf(expected));
  });

  test.each([
    [6000, 2000, 8192],
    [6000, 2193, 16_384],
    [6000, 50_000, 16_384],
    [9000, 50_000, 32_768],
    [4096, 50_000, 8192],
  ])('of %i entries, of which %i were replaced by others, is for %i', (size, replaced, expected) => {
    const { map, room } = grown(size);
    for (let key = 0; key < replaced; key++) {
      map.delete(key);
      room.deleted(map.size);
      map.set(size + key, 'x');
      room.added(map.size);
    }
    expect(map.size).toBe(size);
    expect(room.heapBytes).toBe(bytesOf(expected));
  });

  test.each([
    [20_000, 6667, 32_768],
    [20_000, 12_000, 16_384],
    [20_000, 19_000, 2048],
    [20_000, 20_000, 4],
  ])('of %i entries, of which %i were deleted, is for %i', (size, deleted, expected) => {
    const { map, room } = grown(size);
    for (let key = 0; key < deleted; key++) {
      map.delete(key);
      room.deleted(map.size);
    }
    expect(room.heapBytes).toBe(bytesOf(expected));
  });
});
