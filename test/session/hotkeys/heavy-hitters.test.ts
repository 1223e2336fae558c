import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeavyHitters } from '../../../src/session/hotkeys/heavy-hitters.ts';

const seed = 86;
const item = fc.record({ key: fc.nat(40), weight: fc.integer({ min: 1, max: 1000 }) });

test('its bounds hold whatever comes, and with few keys all is exact', () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 400 }), fc.integer({ min: 1, max: 60 }), (stream, capacity) => {
      const hitters = new HeavyHitters(capacity);
      const truth = new Map<string, number>();
      for (const { key, weight } of stream) {
        hitters.add(`k${key}`, weight);
        truth.set(`k${key}`, (truth.get(`k${key}`) ?? 0) + weight);
      }
      hitters.checkInvariants(truth);
      for (const [key, weight] of hitters.top(1000)) expect(weight).toBeLessThanOrEqual(truth.get(key)!);
      if (truth.size > capacity) return;
      const exact = [...truth].sort((a, b) => b[1] - a[1]).map(([, weight]) => weight);
      expect(hitters.top(1000).map(([, weight]) => weight)).toEqual(exact);
      expect(new Map(hitters.top(1000))).toEqual(truth);
    }),
    { seed, numRuns: 300 },
  );
});

test('a few heavy keys are found among very many light ones', () => {
  const hitters = new HeavyHitters(640);
  const truth = new Map<string, number>();
  const add = (key: string, weight: number) => {
    hitters.add(key, weight);
    truth.set(key, (truth.get(key) ?? 0) + weight);
  };
  let state = 1;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  for (let at = 0; at < 100_000; at++) {
    // Each of ten keys takes 2 to 3 % of the whole, in between others that hardly ever come again.
    if (random() < 0.25) add(`hot${Math.floor(random() * 10)}`, 1);
    else add(`cold${Math.floor(random() * 50_000)}`, 1);
  }
  hitters.checkInvariants(truth);
  const hottest = hitters.top(10);
  expect(hottest.map(([key]) => key).sort()).toEqual(Array.from({ length: 10 }, (_, at) => `hot${at}`));
  for (const [key, weight] of hottest) {
    expect(weight).toBeGreaterThan(truth.get(key)! * 0.9);
    expect(weight).toBeLessThanOrEqual(truth.get(key)!);
  }
});
