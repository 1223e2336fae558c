import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SortedById } from '../../src/streams/sorted-by-id.ts';
import {
  compareIds,
  equalIds,
  formatId,
  MAX_ID,
  MIN_ID,
  parseId,
  type StreamId,
} from '../../src/streams/stream-id.ts';

interface Item extends StreamId {
  readonly label: number;
}

function item(id: StreamId, label = 0): Item {
  return { ms: id.ms, seq: id.seq, label };
}

/** The naive model: one sorted array. */
class Model {
  items: Item[] = [];

  set(one: Item): Item | undefined {
    const replaced = this.get(one);
    this.items = [...this.items.filter((other) => !equalIds(other, one)), one].sort(compareIds);
    return replaced;
  }

  get(id: StreamId): Item | undefined {
    return this.items.find((one) => equalIds(one, id));
  }

  delete(id: StreamId): Item | undefined {
    const found = this.get(id);
    this.items = this.items.filter((one) => one !== found);
    return found;
  }
}

const PART = fc.oneof(
  { weight: 8, arbitrary: fc.nat(6).map(BigInt) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n),
  },
);
const ID = fc.tuple(PART, PART).map(([ms, seq]) => parseId(`${ms}-${seq}`)!);

function expectSame(items: SortedById<Item>, model: Model): void {
  items.checkInvariants();
  expect(items.size).toBe(model.items.length);
  expect([...items]).toEqual(model.items);
  expect(items.first).toBe(model.items[0]);
  expect(items.last).toBe(model.items.at(-1));
}

function expectSameAround(items: SortedById<Item>, model: Model, id: StreamId): void {
  expect(items.get(id)).toBe(model.get(id));
  expect(items.has(id)).toBe(model.get(id) !== undefined);
  expect(items.atOrAfter(id)).toBe(model.items.find((one) => compareIds(one, id) >= 0));
  expect(items.after(id)).toBe(model.items.find((one) => compareIds(one, id) > 0));
  expect(items.atOrBefore(id)).toBe(model.items.findLast((one) => compareIds(one, id) <= 0));
  expect(items.before(id)).toBe(model.items.findLast((one) => compareIds(one, id) < 0));
  expect([...items.from(id)]).toEqual(model.items.filter((one) => compareIds(one, id) >= 0));
}

describe('items in the order of their ids beside a sorted array', () => {
  test('any sequence of putting in, taking out and looking around', () => {
    const action = fc.record({ isSet: fc.boolean(), id: ID });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120, size: 'max' }), (actions) => {
        const items = new SortedById<Item>();
        const model = new Model();
        for (const [label, { isSet, id }] of actions.entries()) {
          if (isSet) {
            const one = item(id, label);
            expect(items.set(one)).toBe(model.set(one));
          } else expect(items.delete(id)).toBe(model.delete(id));
          expectSameAround(items, model, id);
        }
        expectSame(items, model);
        for (const id of [MIN_ID, MAX_ID]) expectSameAround(items, model, id);
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  test.each([
    ['in order', (at: number) => at],
    ['backwards', (at: number, size: number) => size - 1 - at],
    ['in no order', (at: number, size: number) => (at * 7919) % size],
  ])('many chunks, filled and emptied %s', (_, place) => {
    const size = 3000;
    const idAt = (at: number): StreamId => ({ ms: Math.floor(at / 7), seq: at % 7 });
    const orders = [(at: number) => place(at, size), (at: number) => at, (at: number) => size - 1 - at];
    for (const order of orders) {
      const items = new SortedById<Item>();
      const present = new Set<number>();
      for (let at = 0; at < size; at++) {
        items.set(item(idAt(place(at, size)), place(at, size)));
        present.add(place(at, size));
      }
      items.checkInvariants();
      expect([...items].map(({ label }) => label)).toEqual(Array.from({ length: size }, (__, at) => at));
      for (let at = 0; at < size; at++) {
        const gone = order(at);
        expect(items.delete(idAt(gone))?.label).toBe(gone);
        present.delete(gone);
        if (at % 97 !== 0 && at < size - 3) continue;
        items.checkInvariants();
        const labels = [...present].sort((a, b) => a - b);
        expect([...items].map(({ label }) => label)).toEqual(labels);
        expect(items.after(idAt(gone))?.label).toBe(labels.find((label) => label > gone));
        expect(items.before(idAt(gone))?.label).toBe(labels.findLast((label) => label < gone));
      }
      expect(items.size).toBe(0);
    }
  });

  test('a queue: put in at the end, taken out at the front, for longer than the directory keeps empty places', () => {
    const items = new SortedById<Item>();
    const length = 5000;
    const rounds = 400_000;
    for (let at = 0; at < rounds; at++) {
      items.set(item({ ms: at, seq: 0 }, at));
      if (at < length) continue;
      const first = items.first!;
      if (first.label !== at - length) throw new Error(`${first.label} comes first, not ${at - length}`);
      items.delete(first);
      if (at % 50_000 === 0) items.checkInvariants();
    }
    items.checkInvariants();
    expect(items.size).toBe(length);
    expect(items.atOrAfter({ ms: rounds - 10, seq: 0 })?.label).toBe(rounds - 10);
    expect([...items.from({ ms: rounds - 3, seq: 1 })].map(({ label }) => label)).toEqual([
      rounds - 2,
      rounds - 1,
    ]);
  });

  test('a clone is independent', () => {
    const items = new SortedById<Item>();
    for (let at = 0; at < 500; at++) items.set(item({ ms: at, seq: 0 }, at));
    for (let at = 0; at < 200; at++) items.delete({ ms: at, seq: 0 });
    const copies: string[] = [];
    const clone = items.clone((one) => {
      copies.push(formatId(one));
      return { ...one };
    });
    expect(copies.length).toBe(300);
    items.delete({ ms: 300, seq: 0 });
    clone.set(item({ ms: 1, seq: 0 }));
    items.checkInvariants();
    clone.checkInvariants();
    expect(clone.get({ ms: 300, seq: 0 })).toEqual(item({ ms: 300, seq: 0 }, 300));
    expect(items.get({ ms: 1, seq: 0 })).toBeUndefined();
    expect([items.size, clone.size]).toEqual([299, 301]);
  });
});
