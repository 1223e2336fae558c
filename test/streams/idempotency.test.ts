import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_DURATION_MS, DEFAULT_MAX_SIZE, Idempotency } from '../../src/streams/idempotency.ts';
import type { StreamId } from '../../src/streams/stream-id.ts';

/** The same in the plainest way: a list for each producer, filtered before each question. */
class Model {
  addedCount = 0;
  durationMs: number;
  maxSize: number;
  producers = new Map<string, { iid: string; id: StreamId; addedAtMs: number }[]>();

  constructor(durationMs: number, maxSize: number) {
    this.durationMs = durationMs;
    this.maxSize = maxSize;
  }

  expire(nowMs: number): void {
    for (const [producer, list] of this.producers) {
      const firstKept = list.findIndex(({ addedAtMs }) => nowMs < addedAtMs + this.durationMs);
      if (firstKept < 0) this.producers.delete(producer);
      else this.producers.set(producer, list.slice(firstKept));
    }
  }

  find(producer: string, iid: string, nowMs: number): StreamId | undefined {
    this.expire(nowMs);
    return this.producers.get(producer)?.find((each) => each.iid === iid)?.id;
  }

  record(producer: string, iid: string, id: StreamId, nowMs: number): void {
    const list = [
      ...(this.producers.get(producer) ?? []),
      { iid, id, addedAtMs: Math.min(Number(id.ms), nowMs) },
    ];
    this.producers.set(producer, list.slice(-this.maxSize));
    this.addedCount++;
  }

  configure(durationMs: number, maxSize: number): boolean {
    if (durationMs === this.durationMs && maxSize === this.maxSize) return false;
    this.durationMs = durationMs;
    this.maxSize = maxSize;
    this.producers.clear();
    return true;
  }

  remembered(nowMs: number): unknown[] {
    this.expire(nowMs);
    return [...this.producers].flatMap(([producer, list]) =>
      list.map(({ iid, id }) => ({ producer, iid, id })),
    );
  }
}

const id = (ms: number, seq = 0): StreamId => ({ ms, seq });

describe('by examples', () => {
  test('a message is found under its producer and its iid', () => {
    const added = new Idempotency();
    added.record('p1', 'a', id(5), 5);
    expect(added.find('p1', 'a', 5)).toEqual(id(5));
    expect(added.find('p1', 'b', 5)).toBeUndefined();
    expect(added.find('p2', 'a', 5)).toBeUndefined();
    expect([added.producerCount(5), added.idCount(5), added.addedCount, added.duplicateCount]).toEqual([
      1, 1, 1, 0,
    ]);
    expect([added.durationMs, added.maxSize]).toEqual([DEFAULT_DURATION_MS, DEFAULT_MAX_SIZE]);
  });

  test('the same iid is another message with another producer', () => {
    const added = new Idempotency();
    added.record('p1', 'a', id(5), 5);
    added.record('p2', 'a', id(6), 6);
    expect(added.find('p1', 'a', 6)).toEqual(id(5));
    expect(added.find('p2', 'a', 6)).toEqual(id(6));
    expect(added.producerCount(6)).toBe(2);
  });

  test('one more than the limit takes the place of the oldest, of this producer', () => {
    const added = new Idempotency(1000, 2);
    added.record('other', 'a', id(0, 1), 0);
    for (const [at, iid] of ['a', 'b', 'c'].entries()) added.record('p', iid, id(at, 1), at);
    expect(['a', 'b', 'c'].map((iid) => added.find('p', iid, 3)?.ms)).toEqual([undefined, 1, 2]);
    expect(added.find('other', 'a', 3)).toEqual(id(0, 1));
    expect(added.addedCount).toBe(4);
    added.checkInvariants();
  });

  test('to be asked for does not make it younger', () => {
    const added = new Idempotency(1000, 2);
    added.record('p', 'a', id(1), 1);
    added.record('p', 'b', id(2), 2);
    added.find('p', 'a', 3);
    added.record('p', 'c', id(4), 4);
    expect(added.find('p', 'a', 4)).toBeUndefined();
    expect(added.find('p', 'b', 1001)).toEqual(id(2));
  });

  test('it is forgotten when the duration is over, to the millisecond', () => {
    const added = new Idempotency(1000);
    added.record('p', 'a', id(5000), 5000);
    expect(added.find('p', 'a', 5999)).toEqual(id(5000));
    expect(added.find('p', 'a', 6000)).toBeUndefined();
    expect([added.producerCount(6000), added.idCount(6000), added.heldCount]).toEqual([0, 0, 0]);
    added.record('p', 'a', id(6000), 6000);
    expect(added.find('p', 'a', 6000)).toEqual(id(6000));
    expect(added.addedCount).toBe(2);
  });

  test('a producer without ids is tracked no longer, though nobody asks for it', () => {
    const added = new Idempotency(1000);
    added.record('p1', 'a', id(1), 1);
    added.record('p2', 'a', id(900), 900);
    expect([added.producerCount(1001), added.idCount(1001)]).toEqual([1, 1]);
    expect([...added.remembered(1001)]).toEqual([{ producer: 'p2', iid: 'a', id: id(900) }]);
  });

  test('an id from the past has so much less time', () => {
    const added = new Idempotency(1000);
    added.record('p', 'a', id(4500), 5000);
    expect(added.find('p', 'a', 5499)).toEqual(id(4500));
    expect(added.find('p', 'a', 5500)).toBeUndefined();
  });

  test('an id ahead of the clock, beyond all safe numbers too, is not remembered until then', () => {
    const added = new Idempotency(1000);
    const far: StreamId = { ms: 2n ** 64n - 1n, seq: 0 };
    added.record('p', 'a', id(9_000_000), 5000);
    added.record('p', 'b', far, 5000);
    expect(added.find('p', 'b', 5999)).toBe(far);
    expect(added.idCount(6000)).toBe(0);
  });

  test('new limits forget everything, the same limits nothing', () => {
    const added = new Idempotency(1000, 5);
    added.record('p', 'a', id(1), 1);
    added.duplicateCount = 3;
    expect(added.configure({})).toBe(false);
    expect(added.configure({ durationMs: 1000 })).toBe(false);
    expect(added.configure({ durationMs: 1000, maxSize: 5 })).toBe(false);
    expect(added.find('p', 'a', 1)).toEqual(id(1));
    expect(added.configure({ maxSize: 4 })).toBe(true);
    expect([added.find('p', 'a', 1), added.producerCount(1), added.idCount(1)]).toEqual([undefined, 0, 0]);
    expect([added.durationMs, added.maxSize, added.addedCount, added.duplicateCount]).toEqual([
      1000, 4, 1, 3,
    ]);
    added.record('p', 'a', id(2), 2);
    expect(added.configure({ durationMs: 7 })).toBe(true);
    expect([added.durationMs, added.maxSize, added.heldCount]).toEqual([7, 4, 0]);
  });

  test('a copy is independent', () => {
    const added = new Idempotency(1000, 2);
    added.record('p', 'a', id(1), 1);
    added.record('p', 'b', id(2), 2);
    added.duplicateCount = 1;
    const copy = added.clone();
    copy.record('p', 'c', id(3), 3);
    copy.checkInvariants();
    added.checkInvariants();
    expect(['a', 'b', 'c'].map((iid) => added.find('p', iid, 3)?.ms)).toEqual([1, 2, undefined]);
    expect(['a', 'b', 'c'].map((iid) => copy.find('p', iid, 3)?.ms)).toEqual([undefined, 2, 3]);
    expect([added.addedCount, copy.addedCount, copy.duplicateCount]).toEqual([2, 3, 1]);
  });

  test('what is remembered is not recorded again', () => {
    const added = new Idempotency();
    added.record('p', 'a', id(1), 1);
    expect(() => added.record('p', 'a', id(2), 2)).toThrow('recorded twice');
    added.checkInvariants();
    expect(added.addedCount).toBe(1);
  });
});

test('producers that come once and never again do not pile up', () => {
  const added = new Idempotency(1000);
  let most = 0;
  for (let nowMs = 0; nowMs < 100_000; nowMs += 10) {
    added.record(`p${nowMs}`, 'a', id(nowMs), nowMs);
    most = Math.max(most, added.heldCount);
  }
  // A hundred are within the duration at any time.
  expect(most).toBeGreaterThanOrEqual(100);
  expect(most).toBeLessThanOrEqual(300);
  expect(added.idCount(99_990)).toBe(100);
});

test('a thousand times through the limit of ten thousand', () => {
  const added = new Idempotency(DEFAULT_DURATION_MS, 10_000);
  for (let at = 0; at < 20_000; at++) added.record('p', `m${at}`, id(1, at), 1);
  added.checkInvariants();
  expect([added.heldCount, added.addedCount]).toEqual([10_000, 20_000]);
  expect(added.find('p', 'm9999', 1)).toBeUndefined();
  expect(added.find('p', 'm10000', 1)).toEqual(id(1, 10_000));
});

type Step =
  | {
      readonly kind: 'add' | 'ask';
      readonly producer: string;
      readonly iid: string;
      readonly aheadMs: number;
    }
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'configure'; readonly durationMs: number; readonly maxSize: number }
  | { readonly kind: 'count' | 'list' | 'clone' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constantFrom('add' as const, 'add' as const, 'ask' as const),
      producer: fc.constantFrom('p1', 'p2', 'p3', 'p4', 'p5'),
      iid: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
      aheadMs: fc.constantFrom(0, 0, 0, -3, 50),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.nat(8) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('configure' as const),
      durationMs: fc.constantFrom(5, 10, 20),
      maxSize: fc.constantFrom(1, 3, 5),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('count' as const, 'list' as const, 'clone' as const) }),
  },
);

test('any sequence does what the plainest model does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
      let added = new Idempotency(10, 3);
      const model = new Model(10, 3);
      let nowMs = 1000;
      let seq = 0;
      for (const each of steps) {
        switch (each.kind) {
          case 'add':
          case 'ask': {
            const { producer, iid } = each;
            const found = added.find(producer, iid, nowMs);
            expect(found).toEqual(model.find(producer, iid, nowMs));
            if (each.kind === 'add' && found === undefined) {
              const newId = id(nowMs + each.aheadMs, seq++);
              added.record(producer, iid, newId, nowMs);
              model.record(producer, iid, newId, nowMs);
            }
            break;
          }
          case 'advance':
            nowMs += each.ms;
            break;
          case 'configure':
            expect(added.configure(each)).toBe(model.configure(each.durationMs, each.maxSize));
            break;
          case 'count':
            model.expire(nowMs);
            expect(added.producerCount(nowMs)).toBe(model.producers.size);
            expect(added.idCount(nowMs)).toBe([...model.producers.values()].flat().length);
            break;
          case 'list':
            expect(sorted([...added.remembered(nowMs)])).toEqual(sorted(model.remembered(nowMs)));
            break;
          case 'clone':
            added = added.clone();
            break;
        }
        added.checkInvariants();
        expect(added.addedCount).toBe(model.addedCount);
      }
    }),
    { seed: 8, numRuns: 400 },
  );
});

/** By producers: within one, the order is kept. */
function sorted(remembered: readonly unknown[]): unknown[] {
  const nameOf = (each: unknown) => (each as { readonly producer: string }).producer;
  return remembered.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
}
