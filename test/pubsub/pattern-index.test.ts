import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBytes } from '../../src/bytes/byte-string.ts';
import { globPrefix, globSuffix, matchGlob } from '../../src/keyspace/glob.ts';
import { AffixTree } from '../../src/pubsub/affix-tree.ts';
import { PatternIndex } from '../../src/pubsub/pattern-index.ts';

const seed = 8;

describe('affix tree', () => {
  const affix = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀'), maxLength: 5 });
  const step = fc.record({ isAdded: fc.boolean(), affix });

  test.each(['start', 'end'] as const)('finds every affix that a subject has at its %s', (end) => {
    const hasAffix = (subject: string, each: string) =>
      end === 'start' ? subject.startsWith(each) : subject.endsWith(each);
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40, size: 'max' }),
        fc.array(affix, { maxLength: 10, size: 'max' }),
        (steps, subjects) => {
          const tree = new AffixTree<{ affix: string }>(end);
          const model = new Set<string>();
          for (const { isAdded, affix: each } of steps) {
            if (isAdded) {
              expect(tree.getOrCreate(each, () => ({ affix: each })).affix).toBe(each);
              model.add(each);
            } else {
              tree.delete(each);
              model.delete(each);
            }
            tree.checkInvariants();
            expect(tree.size).toBe(model.size);
          }
          for (const subject of [...subjects, ...model]) {
            const found: { affix: string }[] = [];
            tree.collect(subject, found);
            const expected = [...model].filter((each) => hasAffix(subject, each));
            expected.sort((a, b) => a.length - b.length);
            expect(found.map(({ affix: each }) => each)).toEqual(expected);
          }
        },
      ),
      { seed, numRuns: 500 },
    );
  });
});

/** Bytes of patterns: wildcards, a class, an escape, letters, and the two bytes of `é`, which need not come together. */
const globBytes = [0x2a, 0x2a, 0x3f, 0x5b, 0x5d, 0x5c, 0x61, 0x62, 0xc3, 0xa9];
const subjectBytes = [0x61, 0x62, 0xc3, 0xa9, 0x2a];
const bytesOf = (alphabet: readonly number[], maxLength: number) =>
  fc.array(fc.constantFrom(...alphabet), { maxLength }).map((list) => fromBytes(Uint8Array.from(list)));

test('every subject that a pattern matches ends with its suffix, and starts with its prefix', () => {
  let matched = 0;
  fc.assert(
    fc.property(bytesOf(globBytes, 6), bytesOf(subjectBytes, 6), (pattern, subject) => {
      if (!matchGlob(pattern, subject)) return;
      matched++;
      expect(subject.startsWith(globPrefix(pattern))).toBe(true);
      expect(subject.endsWith(globSuffix(pattern))).toBe(true);
    }),
    { seed, numRuns: 20_000 },
  );
  expect(matched).toBeGreaterThan(300);
});

test('suffixes', () => {
  const suffixes: Record<string, string> = {
    abc: '',
    '*': '',
    '*abc': 'abc',
    'a*b?cd': 'cd',
    'a[bc]d': 'd',
    '*\\*x': '*x',
    '*é': 'é',
    '?\udca9a': 'a',
    '*a\udca9': '',
  };
  for (const [pattern, suffix] of Object.entries(suffixes)) expect(globSuffix(pattern), pattern).toBe(suffix);
});

describe('pattern index', () => {
  test('matches what trying every pattern matches, in the order in which they were added', () => {
    const step = fc.record({ isAdded: fc.boolean(), pattern: bytesOf(globBytes, 5) });
    let matched = 0;
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40, size: 'max' }),
        fc.array(bytesOf(subjectBytes, 5), { minLength: 1, maxLength: 8 }),
        (steps, subjects) => {
          const index = new PatternIndex<{ pattern: string }>();
          let model: string[] = [];
          for (const { isAdded, pattern } of steps) {
            if (isAdded && index.get(pattern) === undefined) {
              index.add(pattern, { pattern });
              model.push(pattern);
            } else if (!isAdded) {
              index.delete(pattern);
              model = model.filter((each) => each !== pattern);
            }
            expect(index.size).toBe(model.length);
          }
          index.checkInvariants();
          for (const subject of subjects) {
            const expected = model.filter((pattern) => matchGlob(pattern, subject));
            matched += expected.length;
            expect(index.match(subject).map(({ pattern }) => pattern)).toEqual(expected);
          }
          expect([...index.values()].map(({ pattern }) => pattern)).toEqual(model);
        },
      ),
      { seed, numRuns: 2000 },
    );
    expect(matched).toBeGreaterThan(1000);
  });

  test('is empty again when all are gone', () => {
    const index = new PatternIndex<number>();
    const patterns = ['a*', 'a*b', 'ab*', '*b', '*ab', '*', '?', 'abc', 'a?c'];
    patterns.forEach((pattern, at) => {
      index.add(pattern, at);
    });
    for (const pattern of patterns) index.delete(pattern);
    index.delete('nothing');
    index.checkInvariants();
    expect(index.size).toBe(0);
    expect(index.match('ab')).toEqual([]);
  });
});
