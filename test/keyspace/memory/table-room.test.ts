import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KEY_BYTES } from '../../../src/keyspace/memory/heap-sizes.ts';
import { Store } from '../../../src/store.ts';
import { MapRoom } from '../../../src/structures/map-room.ts';
import { checkCount } from './support.ts';

/** The most that one added key may count for in tables. */
const STEP_BYTES = 64;

function countingStore(): { store: Store; tableBytes: () => number } {
  const store = new Store();
  const memory = store.keyspace.countMemory();
  return { store, tableBytes: () => memory.tables.bytes };
}

function fill(store: Store, count: number): void {
  for (let key = 0; key < count; key++) store.set(`key:${key}`, 'x');
}

/** Each time a key goes, and another comes. */
function churn(store: Store, size: number, count: number, each = (): void => {}): void {
  for (let key = 0; key < count; key++) {
    store.del(`key:${key}`);
    store.set(`key:${key + size}`, 'x');
    each();
  }
}

/** What such a Map takes, beyond what an empty one does. */
function bytesOfMap(room: number): number {
  return new MapRoom(room).heapBytes - new MapRoom(0).heapBytes;
}

describe('the room in the tables of a database', () => {
  test('is counted with the keys while there are only more of them', () => {
    const { store, tableBytes } = countingStore();
    for (let size = 1; size < 5000; size++) {
      store.set(`key:${size}`, 'x');
      store.set(`key:${size >> 1}`, 'y');
      expect(tableBytes()).toBeLessThanOrEqual(100);
    }
    expect(tableBytes()).toBe(0);
  });

  test.each([
    [4096, 8192],
    [5000, 16_384],
    [6000, 16_384],
  ])('with %i keys that come and go is for %i', (size, room) => {
    const { store, tableBytes } = countingStore();
    fill(store, size);
    let before = tableBytes();
    churn(store, size, 5 * size, () => {
      const now = tableBytes();
      // One that goes and one that comes count the same themselves.
      expect(now - before).toBeLessThanOrEqual(STEP_BYTES);
      before = now;
    });
    expect(tableBytes()).toBe(bytesOfMap(room) - KEY_BYTES * size);
    checkCount(store);
  });

  test('goes with the keys', () => {
    const { store, tableBytes } = countingStore();
    fill(store, 5000);
    churn(store, 5000, 5000);
    expect(tableBytes()).toBeGreaterThan(100_000);
    store.swapdb(0, 1);
    store.select(1).flushdb();
    expect(tableBytes()).toBe(0);
    fill(store, 5000);
    churn(store, 5000, 5000);
    expect(tableBytes()).toBeGreaterThan(100_000);
    for (const key of store.keys('*')) store.del(key);
    expect(tableBytes()).toBe(0);
    checkCount(store);
  });

  test('stays for as long as keys are only aside', () => {
    const { store, tableBytes } = countingStore();
    fill(store, 5000);
    churn(store, 5000, 5000);
    const bytes = tableBytes();
    const undone = new Error('undone');
    const flush = (isUndone: boolean): void => {
      store.transaction(() => {
        store.flushall();
        expect(tableBytes()).toBe(bytes);
        fill(store, 100);
        if (isUndone) throw undone;
      });
    };
    expect(() => flush(true)).toThrow(undone);
    expect(tableBytes()).toBe(bytes);
    checkCount(store);
    flush(false);
    expect(tableBytes()).toBeLessThan(5000);
    checkCount(store);
  });

  test('is left by keys of an undone transaction', () => {
    const { store, tableBytes } = countingStore();
    fill(store, 100);
    expect(() =>
      store.transaction(() => {
        fill(store, 3000);
        throw new Error('undone');
      }),
    ).toThrow('undone');
    expect(store.dbsize()).toBe(100);
    expect(tableBytes()).toBe(bytesOfMap(256) - KEY_BYTES * 100);
    checkCount(store);
  });

  test('is also that of the order of SCAN', () => {
    const { store, tableBytes } = countingStore();
    fill(store, 4096);
    churn(store, 4096, 5 * 4096);
    const withoutOrder = tableBytes();
    store.scan(0);
    store.set('one more', 'x');
    expect(tableBytes()).toBe(withoutOrder + STEP_BYTES - KEY_BYTES);
    churn(store, 4096, 4096);
    expect(tableBytes() - withoutOrder).toBeGreaterThan(4096 * 8);
    checkCount(store);
  });

  test('does not drift, whatever happens', () => {
    const step = fc.oneof(
      fc.record({ fill: fc.nat(400) }),
      fc.record({ delete: fc.nat(400) }),
      fc.record({ undo: fc.nat(400) }),
      fc.constantFrom('flush', 'swap', 'scan'),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { store, tableBytes } = countingStore();
        let next = 0;
        for (const each of steps) {
          if (each === 'flush') store.flushdb();
          else if (each === 'swap') store.swapdb(0, 1);
          else if (each === 'scan') store.scan(0);
          else if ('fill' in each) for (let left = each.fill; left > 0; left--) store.set(`${next++}`, 'x');
          else if ('delete' in each) for (const key of store.keys('*').slice(0, each.delete)) store.del(key);
          else {
            const undone = new Error('undone');
            expect(() =>
              store.transaction(() => {
                store.flushdb();
                fill(store, each.undo);
                throw undone;
              }),
            ).toThrow(undone);
          }
          checkCount(store);
        }
        store.flushall();
        expect(tableBytes()).toBe(0);
      }),
      { seed: 20_261_122, numRuns: 50 },
    );
  });
});
