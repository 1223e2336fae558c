import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBytes, toBytes } from '../../../src/bytes/byte-string.ts';
import { type BigIntsView, connect, Store } from '../../../src/index.ts';
import { toHex } from '../../persistence/rdb/support.ts';
import { NaiveArray } from './naive-array.ts';

// A store's array beside a Map: all commands, at the beginning, far out, and where indexes end.

const MAX_INDEX = 2n ** 64n - 2n;

type Index = number | bigint;

function given(index: bigint): Index {
  return index <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(index) : index;
}

const near = fc.nat(40).map(BigInt);
const index = fc.oneof(
  { weight: 6, arbitrary: near },
  { weight: 2, arbitrary: fc.nat(9000).map(BigInt) },
  { weight: 1, arbitrary: near.map((at) => 2n ** 53n - 20n + at) },
  { weight: 1, arbitrary: near.map((at) => 2n ** 63n - 20n + at) },
  { weight: 2, arbitrary: near.map((at) => MAX_INDEX - at) },
);
const value = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -50, max: 50 }).map(String) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('a', 'ab', 'Abc', '', '0.5', '-1.25', '3.0', '007', 'é', 'longer than a word'),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 12, unit: 'binary' }) },
);
const values = fc.array(value, { minLength: 1, maxLength: 6 });
const range = fc.record({ from: index, to: index });
const limit = fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined });

const simple = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('arset' as const), index, values }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('armset' as const),
      pairs: fc.array(fc.tuple(index, value), { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('arinsert' as const), values }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('arring' as const),
      size: fc.oneof(fc.integer({ min: 1, max: 12 }).map(BigInt), fc.constant(2n ** 62n)),
      values,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('arseek' as const), index: index.map((at) => at + 1n) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('ardel' as const),
      indexes: fc.array(index, { minLength: 1, maxLength: 5 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('ardelrange' as const),
      ranges: fc.array(range, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('arscan' as const), range, limit }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('argetrange' as const),
      index,
      width: fc.integer({ min: -30, max: 30 }).map(BigInt),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('argrep' as const),
      range,
      limit,
      sought: value,
      all: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('arop' as const), range, sought: value }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('arlastitems' as const), count: fc.nat(30), rev: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('dump' as const) }) },
);
type Simple = typeof simple extends fc.Arbitrary<infer T> ? T : never;
type Step = Simple | { readonly do: 'undone'; readonly steps: readonly Simple[] };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: simple },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('undone' as const), steps: fc.array(simple, { maxLength: 8 }) }),
  },
);

/** What a key holds: an array, or nothing. */
interface Model {
  array: NaiveArray;
}

function copyOf(array: NaiveArray): NaiveArray {
  const copy = new NaiveArray();
  for (const [at, held] of array.values) copy.values.set(at, held);
  copy.cursor = array.cursor;
  return copy;
}

function numberIn(text: string): number | undefined {
  return /^-?\d+$/.test(text) ? Number(text) : undefined;
}

/** The last places, oldest first. */
function lastItems({ values: held, cursor, length }: NaiveArray, count: number): (string | null)[] {
  const found: (string | null)[] = [];
  if (length === 0n) return found;
  let at = cursor === undefined || cursor >= length ? length - 1n : cursor;
  for (let left = BigInt(count) > length ? length : BigInt(count); left > 0n; left--) {
    found.unshift(held.get(at) ?? null);
    at = at === 0n ? length - 1n : at - 1n;
  }
  return found;
}

function run(store: BigIntsView, model: Model, one: Simple): void {
  const { array } = model;
  switch (one.do) {
    case 'arset': {
      if (one.index + BigInt(one.values.length - 1) > MAX_INDEX) {
        expect(() => store.arset('a', given(one.index), one.values)).toThrow('ERR array index overflow');
        break;
      }
      const added = one.values.filter((each, at) => array.set(one.index + BigInt(at), each)).length;
      expect(store.arset('a', given(one.index), one.values)).toBe(added);
      break;
    }
    case 'armset': {
      const before = array.values.size;
      for (const [at, each] of one.pairs) array.set(at, each);
      const pairs = one.pairs.map(([at, each]) => [given(at), each] as const);
      expect(store.armset('a', pairs)).toBe(array.values.size - before);
      break;
    }
    case 'arinsert': {
      const next = array.cursor === undefined ? 0n : array.cursor + 1n;
      const last = next + BigInt(one.values.length - 1);
      if (last > MAX_INDEX) {
        expect(() => store.arinsert('a', one.values)).toThrow('ERR insert index overflow');
        break;
      }
      for (const [at, each] of one.values.entries()) array.set(next + BigInt(at), each);
      array.cursor = last;
      expect(store.arinsert('a', one.values)).toBe(last);
      break;
    }
    case 'arring':
      expect(store.arring('a', one.size, one.values)).toBe(array.ring(one.size, one.values));
      break;
    case 'arseek':
      expect(store.arseek('a', one.index)).toBe(array.values.size === 0 ? 0 : 1);
      if (array.values.size > 0) array.cursor = one.index - 1n;
      break;
    case 'ardel': {
      const gone = one.indexes.filter((at) => array.values.delete(at)).length;
      expect(store.ardel('a', one.indexes.map(given))).toBe(gone);
      break;
    }
    case 'ardelrange': {
      let gone = 0;
      for (const { from, to } of one.ranges) {
        gone += from <= to ? array.deleteRange(from, to) : array.deleteRange(to, from);
      }
      const ranges = one.ranges.map(({ from, to }) => [given(from), given(to)] as const);
      expect(store.ardelrange('a', ranges)).toBe(gone);
      break;
    }
    case 'arscan': {
      const { from, to } = one.range;
      const found = array.scan(from, to).slice(0, one.limit);
      const options = one.limit === undefined ? {} : { limit: one.limit };
      const elements = found.map(([at, each]) => ({ index: at, value: each }));
      expect(store.arscan('a', given(from), given(to), options)).toEqual(elements);
      break;
    }
    case 'argetrange': {
      const end = one.index + one.width;
      if (end < 0n || end > MAX_INDEX) break;
      const found: (string | null)[] = [];
      const way = one.width < 0n ? -1n : 1n;
      for (let at = one.index; at !== end + way; at += way) found.push(array.values.get(at) ?? null);
      expect(store.argetrange('a', given(one.index), given(end))).toEqual(found);
      break;
    }
    case 'argrep': {
      const { from, to } = one.range;
      const matches = (each: string) =>
        one.all ? each === one.sought && each.includes('a') : each === one.sought || each.includes('a');
      const found = array.scan(from, to).filter(([, each]) => matches(each));
      const options = {
        exact: one.sought,
        match: 'a',
        combine: one.all ? 'and' : 'or',
        ...(one.limit === undefined ? {} : { limit: one.limit }),
      } as const;
      const wanted = found.slice(0, one.limit);
      expect(store.argrep('a', given(from), given(to), options)).toEqual(wanted.map(([at]) => at));
      expect(store.argrepWithValues('a', given(from), given(to), options)).toEqual(
        wanted.map(([at, each]) => ({ index: at, value: each })),
      );
      const all = array.scan(0n, MAX_INDEX).filter(([, each]) => each.includes('a'));
      expect(store.argrep('a', '+', '-', { match: 'a' })).toEqual(all.map(([at]) => at).reverse());
      break;
    }
    case 'arop': {
      const { from, to } = one.range;
      const held = array.scan(from, to).map(([, each]) => each);
      expect(store.aropCount('a', given(from), given(to), 'used')).toBe(held.length);
      const same = held.filter((each) => each === one.sought).length;
      expect(store.aropCount('a', given(from), given(to), { match: one.sought })).toBe(same);
      // Of numbers that are no integers as texts the aggregates have tests of their own.
      const numbers = held.map(numberIn);
      if (held.length === 0 || numbers.includes(undefined)) break;
      const sum = (numbers as number[]).reduce((total, each) => total + each, 0);
      expect(store.arop('a', given(from), given(to), 'sum')).toBe(String(sum));
      expect(store.arop('a', given(from), given(to), 'max')).toBe(String(Math.max(...(numbers as number[]))));
      const both = (numbers as number[]).reduce((each, other) => each ^ other, 0);
      expect(store.aropBitwise('a', given(from), given(to), 'xor')).toBe(BigInt(both));
      break;
    }
    case 'arlastitems': {
      const length = Number(array.length);
      if (one.count > array.values.size && Math.min(one.count, length) > 1_000_000) break;
      const found = lastItems(array, one.count);
      expect(store.arlastitems('a', one.count, { rev: one.rev })).toEqual(one.rev ? found.reverse() : found);
      break;
    }
    case 'dump': {
      const dumped = store.dump('a');
      if (dumped === null) break;
      expect(store.restore('a', 0, dumped, { replace: true })).toBe('OK');
      expect(toHex(store.dump('a') as unknown as Uint8Array)).toBe(toHex(dumped as unknown as Uint8Array));
      break;
    }
  }
  // With its last value an array goes, and where it inserted last is forgotten.
  if (array.values.size === 0) model.array = new NaiveArray();
}

function compare(store: Store, { array }: Model): void {
  store.keyspace.checkInvariants();
  const { bigints } = store;
  expect(store.exists('a')).toBe(array.values.size === 0 ? 0 : 1);
  expect(bigints.arcount('a')).toBe(array.values.size);
  expect(bigints.arlen('a')).toBe(array.length);
  const next = array.cursor === undefined ? 0n : array.cursor + 1n;
  expect(bigints.arnext('a')).toBe(next > MAX_INDEX ? null : next);
  const elements = array.scan(0n, MAX_INDEX).map(([at, each]) => ({ index: at, value: each }));
  expect(bigints.arscan('a', 0, MAX_INDEX)).toEqual(elements);
  expect(bigints.armget('a', [0, ...array.values.keys()])).toEqual([
    array.values.get(0n) ?? null,
    ...array.values.values(),
  ]);
}

class Undone extends Error {}

test("a store's array is what a Map is; what was undone never was; effects make the same", () => {
  const limits = [{}, { arraySliceSize: 256, arraySparseKmax: 6, arraySparseKmin: 3 }];
  let undone = 0;
  let repeated = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 8, maxLength: 60, size: 'max' }), fc.nat(1), (steps, which) => {
      const store = new Store({ limits: limits[which]! });
      const mirror = new Store();
      const connection = connect(mirror);
      store.keyspace.observe({
        effect: (_database, command) => {
          repeated++;
          const [name, ...rest] = command.map((part) => (typeof part === 'string' ? toBytes(part) : part));
          connection.call(fromBytes(name!), ...rest);
        },
      });
      const model: Model = { array: new NaiveArray() };
      for (const one of steps) {
        if (one.do !== 'undone') {
          run(store.bigints, model, one);
          continue;
        }
        const copy: Model = { array: copyOf(model.array) };
        undone++;
        expect(() =>
          store.transaction((tx) => {
            for (const inner of one.steps) run(tx.bigints, copy, inner);
            throw new Undone();
          }),
        ).toThrow(Undone);
        compare(store, model);
      }
      compare(store, model);
      compare(mirror, model);
      expect(mirror.copy('a', 'b')).toBe(store.exists('a'));
      mirror.arset('b', 3, 'changed');
      mirror.arring('b', 5, 'inserted');
      compare(mirror, model);
    }),
    { seed: 20_261_122, numRuns: 150 },
  );
  expect(undone).toBeGreaterThan(100);
  expect(repeated).toBeGreaterThan(1000);
});
