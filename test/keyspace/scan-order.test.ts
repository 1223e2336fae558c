import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ScanOrder } from '../../src/keyspace/scan-order.ts';

// SCAN's guarantee: what is there from the first step to the last is returned, whatever else comes and goes.

type Change = { readonly kind: 'add' | 'delete' | 'readd' | 'evict'; readonly key: number };

const change = fc.record({
  kind: fc.constantFrom<Change['kind']>('add', 'delete', 'readd', 'evict'),
  key: fc.nat(400),
}) as fc.Arbitrary<Change>;

function apply(live: Map<string, true>, order: ScanOrder, { kind, key }: Change, staying: Set<string>): void {
  if (kind === 'evict') {
    const picked = order.pick(() => key / 401);
    if (picked === undefined || staying.has(picked) || !live.delete(picked)) return;
    order.forgetPicked();
    return;
  }
  const name = `k${key}`;
  if (staying.has(name)) return;
  if (kind !== 'add') live.delete(name);
  if (kind === 'delete' || live.has(name)) return;
  live.set(name, true);
  order.add(name, live);
}

test('every key that is there throughout is returned, and every scan ends', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 3000 }),
      fc.array(fc.array(change, { maxLength: 300 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 400 }),
      (size, steps, count) => {
        const live = new Map<string, true>(Array.from({ length: size }, (_, at) => [`k${at * 2}`, true]));
        const order = new ScanOrder(live.keys());
        const staying = new Set([...live.keys()].filter((_, at) => at % 5 === 0));
        const seen = new Set<string>();
        let cursor = 0;
        let turns = 0;
        do {
          cursor = order.scan(cursor, count, (key) => {
            if (live.has(key)) seen.add(key);
          });
          for (const one of steps[turns % steps.length]!) apply(live, order, one, staying);
          turns++;
          expect(turns).toBeLessThan(10_000);
        } while (cursor !== 0);
        for (const key of staying) expect(seen.has(key)).toBe(true);
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});

test('several compactions between two steps of a scan lose nothing', () => {
  const live = new Map<string, true>();
  for (let at = 0; at < 5000; at++) live.set(`stay${at}`, true);
  const order = new ScanOrder(live.keys());
  const seen = new Set<string>();
  let cursor = order.scan(0, 1000, (key) => seen.add(key));
  while (cursor !== 0) {
    for (let at = 0; at < 30_000; at++) {
      live.set('passing', true);
      order.add('passing', live);
      live.delete('passing');
    }
    cursor = order.scan(cursor, 1000, (key) => seen.add(key));
  }
  for (let at = 0; at < 5000; at++) expect(seen.has(`stay${at}`)).toBe(true);
});

test('a scan ends although its caller adds a key for each one returned', () => {
  const live = new Map<string, true>(Array.from({ length: 1000 }, (_, at) => [`k${at}`, true]));
  const order = new ScanOrder(live.keys());
  let cursor = 0;
  let returned = 0;
  do {
    cursor = order.scan(cursor, 10, (key) => {
      returned++;
      live.set(`copy:${returned}:${key}`, true);
      order.add(`copy:${returned}:${key}`, live);
    });
  } while (cursor !== 0);
  expect(returned).toBe(1000);
});

test('cursors nobody gave out begin somewhere, and end', () => {
  const live = new Map<string, true>(Array.from({ length: 100 }, (_, at) => [`k${at}`, true]));
  const order = new ScanOrder(live.keys());
  for (const cursor of [1, 5, 1023, 1024, 123_456_789, Number.MAX_SAFE_INTEGER]) {
    let next = cursor;
    let turns = 0;
    do {
      next = order.scan(next, 10, () => {});
      turns++;
    } while (next !== 0 && turns < 100);
    expect(next).toBe(0);
  }
});

test('what was evicted and comes back has one record, as every other key has', () => {
  const live = new Map<string, true>(Array.from({ length: 100 }, (_, at) => [`k${at}`, true]));
  const order = new ScanOrder(live.keys());
  for (let round = 0; round < 50; round++) {
    const position = round % 10;
    const picked = order.pick(() => position / (100 + round));
    if (picked === undefined) continue;
    live.delete(picked);
    order.forgetPicked();
    live.set(picked, true);
    order.add(picked, live);
  }
  const records: string[] = [];
  order.scan(0, 1000, (key) => records.push(key));
  expect(records.toSorted()).toEqual([...live.keys()].toSorted());
});
