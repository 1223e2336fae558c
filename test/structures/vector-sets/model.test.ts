import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytes } from '../../../src/bytes/byte-string.ts';
import { Store } from '../../../src/index.ts';
import { VECTOR_SET } from '../../../src/structures/vector-sets/vector-set-value.ts';
import { randomFrom } from '../../differential/support/random-sampler.ts';

// A vector set beside a Map of vectors, which is searched by looking at all of them. Vectors are kept as floats, so that
// the scores are those of the model; what quantisation does to them is the graph's to prove.

const DIMENSION = 3;
const TOLERANCE = 1e-5;

interface Element {
  vector: readonly number[];
  attributes: { readonly n: number } | undefined;
}

type Model = Map<string, Element>;

const name = fc.integer({ min: 0, max: 14 }).map((at) => `e${at}`);
const vector = fc
  .array(fc.integer({ min: -9, max: 9 }), { minLength: DIMENSION, maxLength: DIMENSION })
  .filter((components) => components.some((component) => component !== 0));
const attributes = fc.option(fc.record({ n: fc.integer({ min: 0, max: 4 }) }), { nil: undefined });
const count = fc.integer({ min: 1, max: 20 });

type Step =
  | {
      readonly do: 'vadd';
      readonly name: string;
      readonly vector: number[];
      readonly attributes: Element['attributes'];
    }
  | { readonly do: 'vrem'; readonly name: string }
  | { readonly do: 'vsetattr'; readonly name: string; readonly attributes: Element['attributes'] }
  | { readonly do: 'vsim'; readonly vector: number[]; readonly count: number; readonly n: number | undefined }
  | { readonly do: 'near'; readonly name: string; readonly epsilon: number }
  | { readonly do: 'vrange'; readonly from: string; readonly to: string; readonly count: number }
  | { readonly do: 'ask' }
  | { readonly do: 'undone'; readonly steps: readonly Step[] };

const simple: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('vadd' as const), name, vector, attributes }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('vrem' as const), name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('vsetattr' as const), name, attributes }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('vsim' as const),
      vector,
      count,
      n: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('near' as const),
      name,
      epsilon: fc.constantFrom(0.05, 0.25, 0.6),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('vrange' as const), from: name, to: name, count }) },
  { weight: 1, arbitrary: fc.constant({ do: 'ask' as const }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 15, arbitrary: simple },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('undone' as const), steps: fc.array(simple, { maxLength: 6 }) }),
  },
);

const json = (value: Element['attributes']) => (value === undefined ? '' : JSON.stringify(value));
const length = (components: readonly number[]) => Math.hypot(...components);

function similarity(a: readonly number[], b: readonly number[]): number {
  const product = a.reduce((sum, component, at) => sum + component * b[at]!, 0);
  return (1 + product / (length(a) * length(b))) / 2;
}

/** Scores of all elements that pass, the greatest first. */
function scoresIn(model: Model, query: readonly number[], passes: (element: Element) => boolean): number[] {
  const passing = [...model.values()].filter(passes);
  return passing.map((element) => similarity(query, element.vector)).sort((a, b) => b - a);
}

function expectScores(found: readonly { score: number }[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [at, { score }] of found.entries())
    expect(Math.abs(score - expected[at]!)).toBeLessThan(TOLERANCE);
}

class Undone extends Error {}

function run(store: Store, model: Model, one: Step): void {
  switch (one.do) {
    case 'vadd': {
      const known = model.get(one.name);
      const setattr = one.attributes === undefined ? {} : { setattr: json(one.attributes) };
      expect(store.vadd('v', one.vector, one.name, { noquant: true, m: 4, ...setattr })).toBe(known ? 0 : 1);
      model.set(one.name, { vector: one.vector, attributes: one.attributes ?? known?.attributes });
      break;
    }
    case 'vrem':
      expect(store.vrem('v', one.name)).toBe(model.delete(one.name) ? 1 : 0);
      break;
    case 'vsetattr': {
      const known = model.get(one.name);
      expect(store.vsetattr('v', one.name, json(one.attributes))).toBe(known ? 1 : 0);
      if (known) known.attributes = one.attributes;
      break;
    }
    case 'vsim': {
      const { n } = one;
      const filter = n === undefined ? {} : { filter: `.n >= ${n}` };
      const passes = ({ attributes: given }: Element) =>
        n === undefined || (given !== undefined && given.n >= n);
      const expected = scoresIn(model, one.vector, passes).slice(0, one.count);
      const query = { vector: one.vector };
      expectScores(store.vsimWithScores('v', query, { ...filter, count: one.count, truth: true }), expected);
      // So few that the search by the graph sees all of them.
      expectScores(store.vsimWithScores('v', query, { ...filter, count: one.count, ef: 50 }), expected);
      for (const { element, attributes: text } of store.vsimWithAttribs('v', query, filter)) {
        expect(text ?? '').toBe(json(model.get(element)!.attributes));
      }
      break;
    }
    case 'near': {
      const element = model.get(one.name);
      if (element === undefined) break;
      const near = scoresIn(model, element.vector, () => true).filter((score) => 1 - score <= one.epsilon);
      expectScores(
        store.vsimWithScores('v', { element: one.name }, { epsilon: one.epsilon, count: 50 }),
        near,
      );
      break;
    }
    case 'vrange': {
      const names = [...model.keys()].sort(compareBytes);
      const within = names.filter((other) => other >= one.from && other < one.to);
      expect(store.vrange('v', `[${one.from}`, `(${one.to}`, one.count)).toEqual(within.slice(0, one.count));
      break;
    }
    case 'ask': {
      // From here on it is counted, and compared by checkInvariants.
      const set = store.keyspace.databases[0]!.get('v', VECTOR_SET);
      if (set !== undefined) expect(set.heapBytes).toBe(set.clone().heapBytes);
      break;
    }
    case 'undone': {
      const copy: Model = new Map([...model].map(([key, element]) => [key, { ...element }]));
      expect(() =>
        store.transaction((tx) => {
          for (const inner of one.steps) run(tx as unknown as Store, copy, inner);
          throw new Undone();
        }),
      ).toThrow(Undone);
      break;
    }
  }
}

test('a vector set is what a Map that is looked through is', () => {
  let searches = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), fc.nat(), (steps, seed) => {
      const store = new Store({ random: randomFrom(seed) });
      const model: Model = new Map();
      for (const one of steps) {
        if (one.do === 'vsim' && model.size > 3) searches++;
        run(store, model, one);
      }
      expect(store.vcard('v')).toBe(model.size);
      expect(store.exists('v')).toBe(model.size === 0 ? 0 : 1);
      const attributed = [...model.values()].filter(({ attributes: given }) => given !== undefined).length;
      expect(store.vinfo('v')?.attributesCount ?? 0).toBe(attributed);
      for (const [element, { vector: given, attributes: expected }] of model) {
        for (const [at, component] of store.vemb('v', element)!.entries()) {
          expect(component).toBeCloseTo(given[at]!, 4);
        }
        expect(store.vgetattr('v', element) ?? '').toBe(json(expected));
      }
      store.keyspace.checkInvariants();
      const entry = store.keyspace.databases[0]!.get('v', VECTOR_SET);
      entry?.checkInvariants();
    }),
    { seed: 30, numRuns: 100 },
  );
  expect(searches).toBeGreaterThan(200);
});
