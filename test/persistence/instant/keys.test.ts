import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyLog } from '../../../src/persistence/instant/key-log.ts';
import { KeySet } from '../../../src/persistence/instant/key-set.ts';

const SEED = Number(process.env['LODIS_FUZZ_SEED'] ?? 20_261_122);
const anyKey = fc.oneof(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 50 }).map(String));

test('a set of keys is a Set', () => {
  fc.assert(
    fc.property(fc.array(anyKey, { maxLength: 200 }), fc.nat(100_000), (keys, expected) => {
      const set = new KeySet(expected);
      const model = new Set<string>();
      for (const key of keys) {
        expect(set.has(key)).toBe(model.has(key));
        expect(set.add(key)).toBe(!model.has(key));
        model.add(key);
        expect(set.has(key)).toBe(true);
        expect(set.size).toBe(model.size);
      }
    }),
    { seed: SEED },
  );
});

test('a log of keys finds those that were noted, and no others', () => {
  fc.assert(
    fc.property(fc.uniqueArray(anyKey, { maxLength: 200 }), fc.nat(100_000), (keys, expected) => {
      const log = new KeyLog(expected);
      const half = keys.slice(keys.length >> 1);
      for (const key of half) {
        expect(log.has(key)).toBe(false);
        log.add(key);
      }
      for (const key of keys) expect(log.has(key)).toBe(half.includes(key));
    }),
    { seed: SEED },
  );
});

test.each([
  ['as many as expected', 100_000],
  ['far more than expected', 10],
])('many keys, %s', (_, expected) => {
  const set = new KeySet(expected);
  const log = new KeyLog(expected);
  for (let at = 0; at < 40_000; at++) {
    if (!set.add(`key:${at}`)) throw new Error(`${at} was there`);
    log.add(`key:${at}`);
  }
  for (let at = 0; at < 40_000; at += 97) {
    expect([set.has(`key:${at}`), log.has(`key:${at}`), set.add(`key:${at}`)]).toEqual([true, true, false]);
    expect([set.has(`no:${at}`), log.has(`no:${at}`)]).toEqual([false, false]);
  }
  expect(set.size).toBe(40_000);
});

test('long keys that differ where nobody looks are told apart', () => {
  const long = (letter: string): string => `${'a'.repeat(50)}${letter}${'a'.repeat(49)}`;
  const set = new KeySet(10);
  const log = new KeyLog(10);
  for (const letter of 'abcdefgh') {
    expect(log.has(long(letter))).toBe(false);
    expect(set.add(long(letter))).toBe(true);
    log.add(long(letter));
  }
  for (const letter of 'abcdefgh') {
    expect(log.has(long(letter))).toBe(true);
    expect(set.add(long(letter))).toBe(false);
  }
});
