import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBytes, toBytes } from '../../../src/bytes/byte-string.ts';
import {
  countDense,
  countWords,
  DENSE_REGISTER_BYTES,
  denseRegister,
  mergeDense,
  packDense,
  raiseInWords,
  registerInWords,
  setDenseRegister,
  WORD_COUNT,
} from '../../../src/structures/hyperloglogs/dense-registers.ts';
import {
  placeOf,
  REGISTER_COUNT,
  rankOf,
  registerOf,
} from '../../../src/structures/hyperloglogs/element-place.ts';
import { estimate } from '../../../src/structures/hyperloglogs/estimate.ts';
import {
  addPlace,
  addPlaces,
  cachedEstimate,
  cacheEstimate,
  checkHyperLogLog,
  emptyHyperLogLog,
  estimateOf,
  estimateOfWords,
  isDense,
  isHyperLogLog,
  makeDense,
  markStale,
  mergeInto,
  noWords,
  opcodesOf,
  raiseTo,
  registersOf,
} from '../../../src/structures/hyperloglogs/hyperloglog.ts';
import { selfTest } from '../../../src/structures/hyperloglogs/self-test.ts';
import { RawString } from '../../../src/structures/strings/raw-string.ts';
import { randomFrom } from '../../differential/support/random-sampler.ts';

const SEED = 20_261_121;
const NEVER_DENSE = 1_000_000;

function empty(): RawString {
  const raw = RawString.from('');
  raw.replace(emptyHyperLogLog());
  markStale(raw);
  return raw;
}

function place(register: number, rank: number): number {
  return (register << 6) | rank;
}

/** What the registers hold, whichever way they are kept. */
function contents(raw: RawString): number[] {
  const copy = raw.clone();
  expect(makeDense(copy)).toBe(true);
  return registersOf(copy);
}

/** MurmurHash64A as its definition has it, in numbers of 64 bits. */
function murmur(bytes: Uint8Array): bigint {
  const multiply = (value: bigint) => BigInt.asUintN(64, value * 0xc6a4a7935bd1e995n);
  const word = (at: number, length: number) => {
    let value = 0n;
    for (let index = length - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[at + index]!);
    return value;
  };
  let hash = 0xadc83b19n ^ multiply(BigInt(bytes.length));
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    let mixed = multiply(word(at, 8));
    mixed = multiply(mixed ^ (mixed >> 47n));
    hash = multiply(hash ^ mixed);
  }
  if (at < bytes.length) hash = multiply(hash ^ word(at, bytes.length - at));
  hash = multiply(hash ^ (hash >> 47n));
  return hash ^ (hash >> 47n);
}

describe('the place of an element', () => {
  const expected = (bytes: Uint8Array) => {
    const hash = murmur(bytes);
    let rank = 1;
    for (let rest = (hash >> 14n) | (1n << 50n); (rest & 1n) === 0n; rest >>= 1n) rank++;
    return { register: Number(hash & 16383n), rank };
  };
  const found = (element: string | Uint8Array) => {
    const packed = placeOf(element);
    return { register: registerOf(packed), rank: rankOf(packed) };
  };

  test('is that of its bytes, given as text or as bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        expect(found(bytes)).toEqual(expected(bytes));
        expect(found(fromBytes(bytes))).toEqual(expected(bytes));
      }),
      { seed: SEED, numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        expect(found(text)).toEqual(expected(new TextEncoder().encode(text)));
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test.each([0, 1, 7, 8, 9, 340, 341, 342, 1023, 1024, 1025, 5000])('of %i bytes and more', (length) => {
    for (const text of ['x'.repeat(length), 'é'.repeat(length), `${'漢'.repeat(length)}\udcff`])
      expect(found(text)).toEqual(expected(toBytes(text)));
  });

  test('of elements with ever rarer ranks', () => {
    const highest = [...Array(200_000).keys()].reduce(
      (most, n) => Math.max(most, rankOf(placeOf(String(n)))),
      0,
    );
    expect(highest).toBeGreaterThan(14);
    expect(highest).toBeLessThanOrEqual(51);
  });
});

describe('dense registers', () => {
  test('hold what they are made to hold, wherever they begin', () => {
    const random = randomFrom(SEED);
    const model = new Uint8Array(REGISTER_COUNT);
    const start = 5;
    const bytes = new Uint8Array(start + DENSE_REGISTER_BYTES + 3).fill(0xa5);
    for (let register = 0; register < REGISTER_COUNT; register++) setDenseRegister(bytes, start, register, 0);
    for (let turn = 0; turn < 100_000; turn++) {
      const register = Math.floor(random() * REGISTER_COUNT);
      model[register] = Math.floor(random() * 64);
      setDenseRegister(bytes, start, register, model[register]!);
    }
    for (let register = 0; register < REGISTER_COUNT; register++)
      expect(denseRegister(bytes, start, register)).toBe(model[register]);
    expect([...bytes.subarray(0, start), ...bytes.subarray(-3)]).toEqual(Array(8).fill(0xa5));

    const counted = new Int32Array(64);
    countDense(bytes, start, counted);
    const expected = new Int32Array(64);
    for (const value of model) expected[value]!++;
    expect(counted).toEqual(expected);
  });

  test('are merged by the highest of each', () => {
    const random = randomFrom(SEED + 1);
    const model = new Uint8Array(REGISTER_COUNT);
    const words = new Int32Array(WORD_COUNT);
    for (let round = 0; round < 4; round++) {
      const bytes = new Uint8Array(DENSE_REGISTER_BYTES);
      for (let register = 0; register < REGISTER_COUNT; register++) {
        const value = Math.floor(random() * 64);
        setDenseRegister(bytes, 0, register, value);
        model[register] = Math.max(model[register]!, value);
      }
      mergeDense(bytes, 0, words);
      const lone = Math.floor(random() * REGISTER_COUNT);
      raiseInWords(words, lone, 63);
      raiseInWords(words, lone, 1);
      model[lone] = 63;
    }
    const packed = new Uint8Array(DENSE_REGISTER_BYTES);
    packDense(words, packed, 0);
    const [counted, expected] = [new Int32Array(64), new Int32Array(64)];
    countWords(words, counted);
    for (let register = 0; register < REGISTER_COUNT; register++) {
      expect(registerInWords(words, register)).toBe(model[register]);
      expect(denseRegister(packed, 0, register)).toBe(model[register]);
      expected[model[register]!]!++;
    }
    expect(counted).toEqual(expected);
  });
});

/** Places close to one another, so that runs meet, with few ranks, so that they are equal. */
const crowded = fc
  .tuple(
    fc.oneof(fc.nat(40), fc.integer({ min: 16_350, max: 16_383 }), fc.integer({ min: 60, max: 70 })),
    fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 1, max: 3 }) }, fc.integer({ min: 1, max: 32 })),
  )
  .map(([register, rank]) => place(register, rank));
const anywhere = fc
  .tuple(fc.nat(16_383), fc.integer({ min: 1, max: 12 }))
  .map(([register, rank]) => place(register, rank));
const places = fc.array(fc.oneof({ weight: 4, arbitrary: crowded }, anywhere), {
  maxLength: 150,
  size: 'max',
});

describe('sparse registers', () => {
  test('hold what a plain array of registers does, and go on to when they are dense', () => {
    fc.assert(
      fc.property(places, fc.constantFrom(0, 24, 60, 120, NEVER_DENSE), (added, maxBytes) => {
        const raw = empty();
        const model = new Array<number>(REGISTER_COUNT).fill(0);
        let wasDense = false;
        for (const one of added) {
          const [register, rank] = [registerOf(one), rankOf(one)];
          const outcome = addPlace(raw, one, maxBytes);
          expect(outcome).toBe(model[register]! < rank ? 'changed' : 'unchanged');
          model[register] = Math.max(model[register]!, rank);
          checkHyperLogLog(raw);
          expect(isDense(raw) || raw.length <= Math.max(maxBytes, emptyHyperLogLog().length)).toBe(true);
          expect(wasDense && !isDense(raw)).toBe(false);
          wasDense = isDense(raw);
        }
        expect(contents(raw)).toEqual(model);
      }),
      { seed: SEED, numRuns: 40 },
    );
  });

  test('are the same whether elements come alone or together', () => {
    fc.assert(
      fc.property(
        fc.array(places, { maxLength: 4 }),
        fc.constantFrom(40, 120, NEVER_DENSE),
        (batches, maxBytes) => {
          const [alone, together] = [empty(), empty()];
          for (const batch of batches) {
            const outcomes = batch.map((one) => addPlace(alone, one, maxBytes));
            const outcome = addPlaces(together, batch, maxBytes);
            expect(outcome).toBe(outcomes.includes('changed') ? 'changed' : 'unchanged');
            expect(fromBytes(together.bytes)).toBe(fromBytes(alone.bytes));
          }
        },
      ),
      { seed: SEED, numRuns: 60 },
    );
  });

  test('are merged as plain registers are, and written as if their registers had come in order', () => {
    fc.assert(
      fc.property(places, places, fc.constantFrom(40, 120, NEVER_DENSE), (some, others, maxBytes) => {
        const [target, source, expected] = [empty(), empty(), empty()];
        addPlaces(target, some, NEVER_DENSE);
        addPlaces(source, others, NEVER_DENSE);
        addPlaces(expected, some, NEVER_DENSE);
        const words = noWords();
        expect(mergeInto(target, words) && mergeInto(source, words)).toBe(true);
        for (let register = 0; register < REGISTER_COUNT; register++) {
          const value = registerInWords(words, register);
          if (value > 0) addPlace(expected, place(register, value), maxBytes);
        }
        const counted = estimateOfWords(words);
        raiseTo(target, words, maxBytes);
        checkHyperLogLog(target);
        expect(fromBytes(target.bytes)).toBe(fromBytes(expected.bytes));
        expect(estimateOf(target)).toBe(counted);
        makeDense(target);
        expect(estimateOf(target)).toBe(counted);
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  test('have opcodes as Redis has them', () => {
    const raw = empty();
    for (const element of ['x', 'y', 'z']) addPlace(raw, placeOf(element), 3000);
    expect(opcodesOf(raw)).toBe('Z:8581 v:1,1 Z:6350 v:3,1 Z:1441 v:2,1 z:9');
    expect(fromBytes(raw.bytes).startsWith('HYLL\x01')).toBe(true);
    expect(estimateOf(raw)).toBe(3);
  });

  test('that are damaged are found out, and nothing is changed, however they are', () => {
    const base = empty();
    for (let n = 0; n < 100; n++) addPlace(base, placeOf(`base:${n}`), 3000);
    let found = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 16, max: base.length }),
        fc.array(anywhere, { minLength: 1, maxLength: 6 }),
        (changes, length, added) => {
          const bytes = base.bytes.slice(0, Math.max(length, base.length - 4));
          for (const [at, byte] of changes) if (at >= 16 && at < bytes.length) bytes[at] = byte;
          const raw = RawString.from('');
          raw.replace(bytes);
          expect(isHyperLogLog(raw)).toBe(true);
          const before = raw.bytes.slice();
          const isWhole = mergeInto(raw, noWords());
          expect(estimateOf(raw) !== undefined).toBe(isWhole);
          expect(makeDense(raw.clone())).toBe(isWhole);
          expect(opcodesOf(raw)).toMatch(/^([zZ]:\d+|v:\d+,\d)( ([zZ]:\d+|v:\d+,\d))*$/);
          expect(raw.bytes).toEqual(before);
          if (!isWhole) found++;
          if (addPlaces(raw, added, 150) === 'damaged') expect(raw.bytes).toEqual(before);
          raw.checkInvariants();
        },
      ),
      { seed: SEED, numRuns: 500 },
    );
    expect(found).toBeGreaterThan(100);
  });

  test('that are damaged make no element stay when one cannot be added', () => {
    const raw = empty();
    // 16 registers only, so that it can neither hold a later one nor become dense.
    raw.replace(Uint8Array.of(...emptyHyperLogLog().subarray(0, 16), 15));
    const before = raw.bytes.slice();
    expect(addPlaces(raw, [place(3, 2), place(9000, 1)], 3000)).toBe('damaged');
    expect(addPlaces(raw, [place(3, 2), place(4, 40)], 3000)).toBe('damaged');
    expect(addPlaces(raw, [place(3, 2), place(5, 2), place(7, 2), place(9, 2)], 20)).toBe('damaged');
    expect(raw.bytes).toEqual(before);
    expect(addPlaces(raw, [place(3, 2), place(5, 2)], 3000)).toBe('changed');
  });
});

describe('the form of a HyperLogLog', () => {
  test('is asked for', () => {
    const holds = (bytes: Iterable<number>) => {
      const raw = RawString.from('');
      raw.replace(Uint8Array.from(bytes));
      return isHyperLogLog(raw);
    };
    const sparse = [...emptyHyperLogLog()];
    expect(holds(sparse)).toBe(true);
    expect(holds(sparse.slice(0, 16))).toBe(true);
    expect(holds(sparse.slice(0, 15))).toBe(false);
    expect(holds([])).toBe(false);
    for (const at of [0, 1, 2, 3]) expect(holds(sparse.with(at, 0x21))).toBe(false);
    expect(holds(sparse.with(4, 2))).toBe(false);
    expect(holds(sparse.with(4, 0))).toBe(false);
    const dense = [...sparse.slice(0, 16).with(4, 0), ...new Array<number>(DENSE_REGISTER_BYTES).fill(0)];
    expect(holds(dense)).toBe(true);
    expect(holds([...dense, 0])).toBe(false);
  });

  test('remembers estimates of any size', () => {
    const raw = empty();
    expect(cachedEstimate(raw)).toBeUndefined();
    for (const value of [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2n ** 53n, 2n ** 63n - 1n]) {
      cacheEstimate(raw, value);
      expect(cachedEstimate(raw)).toBe(value);
    }
    markStale(raw);
    expect(cachedEstimate(raw)).toBeUndefined();
    cacheEstimate(raw, -(2n ** 63n));
    expect(cachedEstimate(raw)).toBeUndefined();
  });
});

describe('the estimate', () => {
  const of = (counts: Readonly<Record<number, number>>) => {
    const histogram = new Int32Array(64);
    for (const [value, count] of Object.entries(counts)) histogram[Number(value)] = count;
    return estimate(histogram);
  };

  test('of nothing is nothing, and of registers that no elements make, what C makes of it', () => {
    expect(of({ 0: 16_384 })).toBe(0);
    expect(of({ 63: 16_384 })).toBe(-(2n ** 63n));
    expect(of({ 51: 16_384 })).toBe(-(2n ** 63n));
    expect(typeof of({ 50: 16_384 })).toBe('bigint');
  });

  test('is within a few standard errors for every number of elements on the way to 300,000', () => {
    const raw = empty();
    let worst = 0;
    for (let count = 1; count <= 300_000; count++) {
      addPlace(raw, placeOf(`element ${count}`), 3000);
      if (count < 200 || count % 2999 === 0)
        worst = Math.max(worst, Math.abs(Number(estimateOf(raw)) - count) / Math.max(count, 50));
    }
    expect(isDense(raw)).toBe(true);
    expect(worst).toBeLessThan(0.03);
  });
});

test('the self-test passes', () => {
  expect(selfTest(randomFrom(SEED))).toBeUndefined();
  expect(selfTest(Math.random)).toBeUndefined();
});
