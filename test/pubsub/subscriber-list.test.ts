import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SubscriberList } from '../../src/pubsub/subscriber-list.ts';

const people = Array.from({ length: 40 }, (_, number) => ({ number }));

/** Somebody comes or leaves; or the gaps are closed. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ add: fc.nat(people.length - 1) }) },
  { weight: 4, arbitrary: fc.record({ remove: fc.nat(people.length - 1) }) },
  { weight: 1, arbitrary: fc.constant({ tidy: true as const }) },
);

test('holds what an array would, in the same order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
      const first = {};
      const list = new SubscriberList<object>(first);
      const model: object[] = [first];
      for (const each of steps) {
        if ('add' in each) {
          const person = people[each.add]!;
          const isNew = !model.includes(person);
          expect(list.add(person)).toBe(isNew);
          if (isNew) model.push(person);
        } else if ('remove' in each) {
          const place = model.indexOf(people[each.remove]!);
          expect(list.remove(people[each.remove]!)).toBe(place >= 0);
          if (place >= 0) model.splice(place, 1);
        } else {
          list.tidy();
          expect(list.end).toBeLessThanOrEqual(2 * list.size);
        }
        list.checkInvariants();
        expect([...list]).toEqual(model);
        expect(list.size).toBe(model.length);
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('a walk up to the end it began with meets nobody who comes during it, and nobody who has left', () => {
  const [a, b, c, d] = people as [object, object, object, object];
  const list = new SubscriberList<object>(a);
  list.add(b);
  list.add(c);
  const met: object[] = [];
  const { end } = list;
  for (let slot = 0; slot < end; slot++) {
    const person = list.at(slot);
    if (person === undefined) continue;
    met.push(person);
    if (person !== a) continue;
    list.remove(b);
    list.add(d);
    list.add(b);
  }
  expect(met).toEqual([a, c]);
  expect([...list]).toEqual([a, c, d, b]);
});
