import { array, assert, constant, constantFrom, integer, oneof, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TextSlots } from '../../src/keyspace/eviction/text-slots.ts';

// The texts whose uses are noted, beside a map from key to what is known of it.

const KEYS = ['', 'a', 'b', 'c', 'd', 'e', 'é', '\udc80'];
const MOST_ACCESS = 2 ** 30 - 1;

/** Slots, the map in which their numbers stand as in a database, and the model. */
class Both {
  readonly slots = new TextSlots();
  readonly map = new Map<string, number>();
  readonly model = new Map<string, { text: string; access: number }>();

  put(key: string, text: string, access: number): void {
    this.drop(key);
    this.map.set(key, this.slots.add(key, text, access));
    this.model.set(key, { text, access });
  }

  drop(key: string): void {
    const slot = this.map.get(key);
    this.model.delete(key);
    if (slot === undefined) return;
    this.map.delete(key);
    this.slots.remove(slot, this.map);
  }

  halve(): void {
    this.slots.halveAccess();
    for (const known of this.model.values()) known.access = Math.floor(known.access / 2);
  }

  check(): void {
    const { slots, map, model } = this;
    slots.checkInvariants(map);
    expect(slots.size).toBe(model.size);
    const known = [...map].map(([key, slot]) => [
      key,
      { text: slots.texts[slot], access: slots.access[slot] },
    ]);
    expect(new Map(known as [string, { text: string; access: number }][])).toEqual(model);
    const met = Array.from({ length: slots.slotCount }, (_, slot) => slots.keyAt(slot));
    expect(met.filter((key) => key !== undefined).sort()).toEqual([...model.keys()].sort());
  }
}

const access = oneof(constantFrom(0, 1, MOST_ACCESS), integer({ min: 0, max: MOST_ACCESS }));
const key = constantFrom(...KEYS);

test('any sequence does what a map does', () => {
  const step = oneof(
    { weight: 4, arbitrary: record({ do: constant('put' as const), key, access }) },
    { weight: 3, arbitrary: record({ do: constant('drop' as const), key }) },
    { weight: 1, arbitrary: record({ do: constant('halve' as const) }) },
  );
  assert(
    property(array(step, { maxLength: 60 }), (steps) => {
      const both = new Both();
      steps.forEach((taken, at) => {
        if (taken.do === 'put') both.put(taken.key, `text ${at}`, taken.access);
        else if (taken.do === 'drop') both.drop(taken.key);
        else both.halve();
        both.check();
      });
    }),
    { seed: 4711, numRuns: 300 },
  );
});

describe('with so many that holes matter', () => {
  const COUNT = 3000;
  const few = integer({ min: 0, max: COUNT / 8 });

  /** Numbers below `count` in an order that depends on `stride`, which has no divisor in common with it. */
  const shuffled = (count: number, stride: number) =>
    Array.from({ length: count }, (_, at) => (at * stride) % count);

  test('those that stay keep what is known of them, and a quarter of the slots is used', () => {
    assert(
      property(constantFrom(1, 7, 11, 1009, 2999), few, access, (stride, left, noted) => {
        const both = new Both();
        for (let at = 0; at < COUNT; at++) both.put(`key ${at}`, `text ${at}`, (noted + at) % MOST_ACCESS);
        for (const at of shuffled(COUNT, stride).slice(left)) {
          both.drop(`key ${at}`);
          const { size, slotCount } = both.slots;
          if (slotCount >= 1024 && 4 * size < slotCount)
            throw new Error(`${size} of ${slotCount} slots are used`);
        }
        both.check();
        both.halve();
        // As many again find room, though that was taken back.
        for (let at = 0; at < COUNT; at += 2) both.put(`key ${at}`, 'again', at);
        both.check();
      }),
      { seed: 4711, numRuns: 20 },
    );
  });

  test('a freed slot is the next that is given', () => {
    const both = new Both();
    for (let at = 0; at < COUNT; at++) both.put(`key ${at}`, 'text', at);
    for (let at = 0; at < 100; at++) {
      both.drop(`key ${at}`);
      both.put(`new ${at}`, 'text', at);
    }
    expect(both.slots.slotCount).toBe(COUNT);
    both.check();
  });

  test('when all are gone no room is kept for more than a few', () => {
    const both = new Both();
    for (let at = 0; at < COUNT; at++) both.put(`key ${at}`, 'text', at);
    for (let at = 0; at < COUNT; at++) both.drop(`key ${at}`);
    expect(both.slots.size).toBe(0);
    expect(both.slots.slotCount).toBeLessThan(1024);
    expect(both.slots.access.length).toBeLessThan(2048);
    both.check();
  });
});

test('a free slot is nobody\u2019s', () => {
  const both = new Both();
  both.put('a', 'text', 17);
  both.put('b', 'text', 17);
  both.drop('a');
  expect(both.slots.keyAt(0)).toBeUndefined();
  expect(both.slots.keyAt(1)).toBe('b');
  both.halve();
  expect(both.slots.keyAt(0)).toBeUndefined();
  both.check();
});
