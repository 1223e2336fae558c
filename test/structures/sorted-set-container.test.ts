import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ByteString, compareBytes, toByteString } from '../../src/bytes/byte-string.ts';
import type { SetOutcome } from '../../src/structures/sorted-sets/set-outcome.ts';
import { MOST_SMALL, SortedSet } from '../../src/structures/sorted-sets/sorted-set.ts';

type Entry = [member: ByteString, score: number];

/** The naive model: a Map, sorted anew for every question. */
class Model {
  readonly scores = new Map<ByteString, number>();

  set(member: ByteString, score: number): SetOutcome {
    const old = this.scores.get(member);
    if (old === score) return 'same';
    this.scores.set(member, score);
    return old === undefined ? 'added' : 'moved';
  }

  entries(): Entry[] {
    return [...this.scores].sort(([a, x], [b, y]) => (x < y ? -1 : x > y ? 1 : compareBytes(a, b)));
  }

  /** Clamps as the container does. */
  range(start: number, stop: number): Entry[] {
    return this.entries().slice(Math.max(0, start), Math.max(0, stop + 1));
  }
}

function collect(set: SortedSet, start = 0, stop = Number.POSITIVE_INFINITY, reverse = false): Entry[] {
  const seen: Entry[] = [];
  set.forEach(start, stop, reverse, (member, score) => {
    seen.push([member, score]);
  });
  return seen;
}

function expectSame(set: SortedSet, model: Model): void {
  set.checkInvariants();
  const entries = model.entries();
  expect(set.size).toBe(entries.length);
  // toStrictEqual tells -0 from 0.
  expect(collect(set)).toStrictEqual(entries);
  expect(collect(set, 0, set.size, true)).toStrictEqual(entries.toReversed());
  // One expectation for all of them: thousands would take most of the time here.
  const asked = entries.map(([member]) => [set.rank(member), set.score(member)]);
  expect(asked).toStrictEqual(entries.map(([, score], rank) => [rank, score]));
  const found = entries.map((_, rank) => [set.memberAt(rank), set.scoreAt(rank)]);
  expect(found).toStrictEqual(entries);
}

/** A small deterministic source of numbers in [0, 1). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ODD_MEMBERS: ByteString[] = [
  '',
  'a',
  'aé',
  'a\u{ffee}',
  'a😀',
  toByteString(new Uint8Array([0x61, 0xff])),
  toByteString(new Uint8Array([0x61, 0x80])),
  toByteString(new Uint8Array([0xf0, 0x9f])),
];

const scoreArbitrary = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -4, max: 4 }) },
  { weight: 2, arbitrary: fc.double({ noNaN: true }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324),
  },
);

function memberArbitrary(many: number): fc.Arbitrary<ByteString> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.nat(many).map((number) => `m${number}`) },
    { weight: 1, arbitrary: fc.constantFrom(...ODD_MEMBERS) },
  );
}

type Step =
  | { kind: 'set' | 'bulk'; member: ByteString; score: number }
  | { kind: 'delete'; member: ByteString }
  | { kind: 'deleteRange'; start: number; length: number };

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('set' as const),
      member: memberArbitrary(400),
      score: scoreArbitrary,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('bulk' as const),
      member: memberArbitrary(400),
      score: scoreArbitrary,
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('delete' as const), member: memberArbitrary(400) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('deleteRange' as const),
      start: fc.nat(300),
      length: fc.nat(120),
    }),
  },
);

function run(step: Step, set: SortedSet, model: Model): void {
  switch (step.kind) {
    case 'set':
      expect(set.set(step.member, step.score)).toBe(model.set(step.member, step.score));
      break;
    case 'bulk':
      for (let number = 0; number < 90; number++) {
        set.set(step.member + number, step.score + (number % 3));
        model.set(step.member + number, step.score + (number % 3));
      }
      break;
    case 'delete':
      expect(set.delete(step.member)).toBe(model.scores.delete(step.member));
      break;
    case 'deleteRange': {
      const doomed = model.range(step.start, step.start + step.length - 1);
      const told: Entry[] = [];
      const removed = set.deleteRange(step.start, step.start + step.length - 1, (member, score) => {
        told.push([member, score]);
      });
      for (const [member] of doomed) model.scores.delete(member);
      expect(told).toStrictEqual(doomed);
      expect(removed).toBe(doomed.length);
    }
  }
}

describe('the memory it takes', () => {
  test('is kept with every change, from whenever it is asked', () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { maxLength: 120, size: 'max' }), fc.nat(60), (steps, from) => {
        const set = new SortedSet();
        const model = new Model();
        steps.forEach((step, at) => {
          if (at >= from && at % 4 === 0) expect(set.heapBytes).toBeGreaterThan(0);
          run(step, set, model);
          // Compares what is kept with what counting anew says.
          set.checkInvariants();
        });
      }),
      { seed: 20267, numRuns: 100 },
    );
  });

  test.each([
    ['small', 10],
    ['large', 2000],
  ])('of a %s one falls by the members that go, and not because somebody reads', (_, size) => {
    const set = SortedSet.from(
      Array.from({ length: size }, (_, at) => `${'漢'.repeat(50)}${at}`),
      Array.from({ length: size }, (_, at) => at),
    );
    const before = set.heapBytes;
    expect(before).toBeGreaterThan(size * 100);
    collect(set);
    expect(set.heapBytes).toBe(before);
    set.deleteRange(1, 1);
    // A header, and two bytes for each of 51 characters.
    expect(before - set.heapBytes).toBe(16 + 104);
  });
});

describe('against the model', () => {
  test('any sequence of changes', () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { maxLength: 120, size: 'max' }), (steps) => {
        const set = new SortedSet();
        const model = new Model();
        for (const step of steps) {
          run(step, set, model);
          set.checkInvariants();
        }
        expectSame(set, model);
      }),
      { seed: 20261, numRuns: 150 },
    );
  });

  test('any slice of it, both ways, and stopping early', () => {
    const bound = fc.integer({ min: -10, max: 330 });
    const contents = fc.uniqueArray(fc.tuple(memberArbitrary(500), scoreArbitrary), {
      selector: ([member]) => member,
      maxLength: 300,
      size: 'max',
    });
    fc.assert(
      fc.property(contents, bound, bound, fc.nat(40), (entries, start, stop, limit) => {
        const set = new SortedSet();
        const model = new Model();
        for (const [member, score] of entries) {
          set.set(member, score);
          model.set(member, score);
        }
        const expected = model.range(start, stop);
        expect(collect(set, start, stop)).toStrictEqual(expected);
        expect(collect(set, start, stop, true)).toStrictEqual(expected.toReversed());
        const some: ByteString[] = [];
        set.forEach(start, stop, false, (member) => some.push(member) < limit);
        expect(some).toStrictEqual(expected.slice(0, Math.max(1, limit)).map(([member]) => member));
      }),
      { seed: 20262, numRuns: 200 },
    );
  });

  test('counts below a score', () => {
    fc.assert(
      fc.property(
        fc.array(scoreArbitrary, { maxLength: 300, size: 'max' }),
        fc.array(scoreArbitrary, { maxLength: 10 }),
        (scores, bounds) => {
          const set = new SortedSet();
          scores.forEach((score, number) => {
            set.set(`m${number}`, score);
          });
          for (const bound of [...bounds, ...scores.slice(0, 20)]) {
            expect(set.countBelowScore(bound, false)).toBe(scores.filter((score) => score < bound).length);
            expect(set.countBelowScore(bound, true)).toBe(scores.filter((score) => score <= bound).length);
            for (const below of [bound, ...bounds, Number.POSITIVE_INFINITY]) {
              const visited: number[] = [];
              set.forEachScoring(bound, below, (member, score) => {
                expect(set.score(member)).toBe(score);
                // Of zeros, either may come first.
                visited.push(score + 0);
              });
              const expected = scores
                .map((score) => score + 0)
                .filter((score) => score >= bound && score < below);
              expect(visited).toEqual(expected.sort((a, b) => a - b));
            }
          }
        },
      ),
      { seed: 20263, numRuns: 200 },
    );
  });

  test('counts below a member where all scores are equal; some number in range where not', () => {
    const members = fc.uniqueArray(
      fc.oneof(
        memberArbitrary(2000),
        fc.string({ unit: 'binary' }).map(toByteString),
        fc.uint8Array().map(toByteString),
      ),
      { maxLength: 300, size: 'max' },
    );
    fc.assert(
      fc.property(members, members, fc.boolean(), (present, bounds, mixed) => {
        const set = new SortedSet();
        present.forEach((member, number) => {
          set.set(member, mixed ? number % 7 : 0);
        });
        set.checkInvariants();
        for (const bound of [...bounds.slice(0, 20), ...present.slice(0, 20)]) {
          const below = set.countBelowMember(bound, false);
          const notAbove = set.countBelowMember(bound, true);
          if (mixed) {
            expect(below).toBeGreaterThanOrEqual(0);
            expect(notAbove).toBeLessThanOrEqual(set.size);
          } else {
            expect(below).toBe(present.filter((member) => compareBytes(member, bound) < 0).length);
            expect(notAbove).toBe(present.filter((member) => compareBytes(member, bound) <= 0).length);
          }
        }
      }),
      { seed: 20264, numRuns: 200 },
    );
  });

  test('building at once is building one by one, whatever the order and the duplicates', () => {
    const contents = fc.array(fc.tuple(memberArbitrary(600), scoreArbitrary), {
      maxLength: 400,
      size: 'max',
    });
    fc.assert(
      fc.property(contents, fc.constantFrom('as is', 'upward', 'downward'), (input, order) => {
        const model = new Model();
        for (const [member, score] of input) model.set(member, score);
        const sorted = order === 'as is' ? input : model.entries();
        if (order === 'downward') sorted.reverse();
        const set = SortedSet.from(
          sorted.map(([member]) => member),
          sorted.map(([, score]) => score),
        );
        expectSame(set, model);
      }),
      { seed: 20265, numRuns: 150 },
    );
  });
});

describe('three levels of nodes', () => {
  const SIZE = 12_000;

  test.each(['ascending', 'descending', 'random', 'tied'])(
    '%s scores in, then random moves, then out',
    (order) => {
      const random = randomFrom(7);
      const set = new SortedSet();
      const model = new Model();
      const firstScore = (number: number): number => {
        if (order === 'ascending') return number;
        if (order === 'descending') return -number;
        return order === 'tied' ? 1 : random();
      };
      for (let number = 0; number < SIZE; number++) {
        const score = firstScore(number);
        set.set(`m${number}`, score);
        model.set(`m${number}`, score);
      }
      expectSame(set, model);
      for (let step = 0; step < SIZE; step++) {
        const member = `m${Math.floor(random() * SIZE)}`;
        // Mostly short moves, some across the whole set.
        const score = set.score(member)! + (random() - 0.5) * (step % 4 === 0 ? SIZE : 2);
        expect(set.set(member, score)).toBe(model.set(member, score));
        if (step % 1000 === 0) set.checkInvariants();
      }
      expectSame(set, model);
      for (let step = 0; set.size > 0; step++) {
        const member = step % 3 === 0 ? set.memberAt(0)! : set.memberAtRandom(random);
        expect(set.delete(member)).toBe(true);
        expect(model.scores.delete(member)).toBe(true);
        if (step % 500 === 0) set.checkInvariants();
        if (step === SIZE / 2 || step === SIZE - 200) expectSame(set, model);
      }
      set.checkInvariants();
      expect(model.scores.size).toBe(0);
    },
  );

  test.each([
    ['the front', 0, 7001],
    ['the middle', 2500, 7777],
    ['the back', 5000, SIZE],
    ['all but one', 1, SIZE],
    ['everything', 0, SIZE],
  ])('deleting %s at once', (_name, start, stop) => {
    const random = randomFrom(11);
    const set = new SortedSet();
    const model = new Model();
    for (let number = 0; number < SIZE; number++) {
      const score = Math.floor(random() * 1000);
      set.set(`m${number}`, score);
      model.set(`m${number}`, score);
    }
    for (const [member] of model.range(start, stop)) model.scores.delete(member);
    expect(set.deleteRange(start, stop)).toBe(SIZE - model.scores.size);
    expectSame(set, model);
    for (let number = 0; number < 500; number++) {
      set.set(`n${number}`, number);
      model.set(`n${number}`, number);
    }
    expectSame(set, model);
  });

  test('deleting exactly the members of one node or several', () => {
    // Members that arrive in order fill their nodes, 64 each.
    const full = new SortedSet();
    for (let number = 0; number < 640; number++) full.set(`m${number}`, number);
    for (let from = 0; from < 640; from += 32) {
      for (let to = from + 32; to <= 640; to += 32) {
        const set = full.clone();
        expect(set.deleteRange(from, to - 1)).toBe(to - from);
        set.checkInvariants();
        expect(set.countBelowScore(to, false)).toBe(from);
        expect(set.rank('m639')).toBe(to === 640 ? -1 : 639 - (to - from));
      }
    }
  });

  test('a clone is equal and independent', () => {
    const set = new SortedSet();
    const model = new Model();
    for (let number = 0; number < SIZE; number++) {
      set.set(`m${number}`, (number * 7919) % 1000);
      model.set(`m${number}`, (number * 7919) % 1000);
    }
    const copy = set.clone();
    expectSame(copy, model);
    for (let number = 0; number < SIZE; number += 2) copy.delete(`m${number}`);
    for (let number = 1; number < SIZE; number += 2) copy.set(`m${number}`, -number);
    copy.checkInvariants();
    expectSame(set, model);
    expect(copy.size).toBe(SIZE / 2);
    expect(copy.memberAt(0)).toBe(`m${SIZE - 1}`);
  });
});

describe.each([
  ['small', 20],
  ['large', 500],
])('%s sets', (_name, size) => {
  const filled = (): SortedSet => {
    const set = new SortedSet();
    for (let number = 0; number < size; number++) set.set(`m${number}`, number);
    return set;
  };

  test('what is not there', () => {
    const set = filled();
    expect(set.has('m1')).toBe(true);
    expect(set.has('x')).toBe(false);
    expect(set.score('x')).toBeUndefined();
    expect(set.rank('x')).toBe(-1);
    expect(set.delete('x')).toBe(false);
    for (const rank of [-1, size]) {
      expect(set.memberAt(rank)).toBeUndefined();
      expect(set.scoreAt(rank)).toBeUndefined();
    }
    expect(set.deleteRange(size, size + 5)).toBe(0);
    expect(set.deleteRange(3, 2)).toBe(0);
    expect(set.size).toBe(size);
  });

  test('-0 and 0 are equal, and the first one stays', () => {
    const set = filled();
    set.set('minus', -0);
    expect(set.set('minus', 0)).toBe('same');
    expect(Object.is(set.score('minus'), -0)).toBe(true);
    expect(set.rank('m0')).toBe(0);
    expect(set.rank('minus')).toBe(1);
    expect(set.countBelowScore(-0, true)).toBe(2);
    expect(set.countBelowScore(0, false)).toBe(0);
  });

  test('infinities are the ends', () => {
    const set = filled();
    set.set('top', Number.POSITIVE_INFINITY);
    set.set('bottom', Number.NEGATIVE_INFINITY);
    expect(set.memberAt(0)).toBe('bottom');
    expect(set.memberAt(size + 1)).toBe('top');
    expect(set.countBelowScore(Number.POSITIVE_INFINITY, false)).toBe(size + 1);
    expect(set.countBelowScore(Number.NEGATIVE_INFINITY, true)).toBe(1);
  });

  test('a member beyond what sorts by units comes late and all stay in byte order', () => {
    const set = filled();
    // As units 😀 starts below U+FFEE; as bytes it comes after.
    for (const member of ['\u{ffee}', '😀', '\udcff', 'é']) set.set(member, 3);
    expect(collect(set, 3, 7).map(([member]) => member)).toEqual(['m3', 'é', '\u{ffee}', '😀', '\udcff']);
    set.checkInvariants();
    const copy = set.clone();
    copy.set('\udc80', 3);
    expect(copy.rank('\udc80')).toBe(4);
  });

  test('a bound that does not sort by units, among members that do', () => {
    const set = new SortedSet();
    for (let number = 0; number < size; number++) set.set(`é${number}`, 0);
    // The byte 80 is below é's C3 A9, the byte FF above, while as units both escapes are above.
    expect(set.countBelowMember('\udc80', true)).toBe(0);
    expect(set.countBelowMember('\udcff', true)).toBe(size);
  });

  test('a callback that throws stops a deletion before it begins', () => {
    const set = filled();
    expect(() =>
      set.deleteRange(2, 9, (member) => {
        if (member === 'm5') throw new Error('no');
      }),
    ).toThrow('no');
    expect(set.size).toBe(size);
    set.checkInvariants();
  });

  test('every member can be the random one', () => {
    const set = filled();
    for (let number = 0; number < size; number += 3) set.delete(`m${number}`);
    const drawn = new Set<ByteString>();
    for (let step = 0; step < set.size; step++) drawn.add(set.memberAtRandom(() => (step + 0.5) / set.size));
    expect(drawn.size).toBe(set.size);
  });

  test('emptied, it starts over', () => {
    const set = filled();
    for (let number = 0; number < size; number++) expect(set.delete(`m${number}`)).toBe(true);
    expect(set.size).toBe(0);
    expect(collect(set)).toEqual([]);
    expect(set.scan(7, 10, () => expect.unreachable())).toBe(0);
    expect(set.countBelowScore(1, true)).toBe(0);
    expect(set.countBelowMember('m', true)).toBe(0);
    set.set('again', 1);
    set.checkInvariants();
  });
});

describe('scan', () => {
  test('visits every member that is there throughout, and ends, whatever happens between the steps', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 60 }),
        fc.infiniteStream(fc.array(stepArbitrary, { maxLength: 6 })),
        (size, count, changes) => {
          const set = new SortedSet();
          const model = new Model();
          for (let number = 0; number < size; number++) {
            set.set(`m${number}`, number % 10);
            model.set(`m${number}`, number % 10);
          }
          const throughout = new Set(model.scores.keys());
          const visited = new Set<ByteString>();
          let cursor = 0;
          let steps = 0;
          do {
            let here = 0;
            cursor = set.scan(cursor, count, (member, score) => {
              here++;
              visited.add(member);
              expect(model.scores.get(member)).toBe(score);
            });
            expect(here).toBeLessThanOrEqual(Math.max(count, MOST_SMALL));
            if (cursor !== 0) {
              for (const step of changes.next().value ?? []) {
                run(step, set, model);
                for (const member of throughout) if (!model.scores.has(member)) throughout.delete(member);
              }
            }
            steps++;
          } while (cursor !== 0);
          expect(steps).toBeLessThanOrEqual(Math.ceil(size / count) + 1);
          expect([...throughout].filter((member) => !visited.has(member))).toEqual([]);
        },
      ),
      { seed: 20266, numRuns: 300 },
    );
  });

  test('misses nobody when the set shrinks and grows between two steps', () => {
    const set = new SortedSet();
    for (let number = 0; number < 200; number++) set.set(`m${number}`, 200 - number);
    const visited = new Set<ByteString>();
    let cursor = set.scan(0, 150, (member) => {
      visited.add(member);
    });
    expect(cursor).toBe(50);
    for (let number = 5; number < 200; number++) set.delete(`m${number}`);
    for (let number = 0; number < 100; number++) set.set(`new${number}`, -number);
    while (cursor !== 0) {
      cursor = set.scan(cursor, 10, (member) => {
        visited.add(member);
      });
    }
    for (let number = 0; number < 5; number++) expect(visited).toContain(`m${number}`);
  });

  test('meets each member once if nothing changes', () => {
    const set = new SortedSet();
    for (let number = 0; number < 1000; number++) set.set(`m${number}`, number);
    const visited: ByteString[] = [];
    let cursor = 0;
    do {
      cursor = set.scan(cursor, 7, (member) => {
        visited.push(member);
      });
    } while (cursor !== 0);
    expect(visited.length).toBe(1000);
    expect(new Set(visited).size).toBe(1000);
  });
});

describe('slots that were given up', () => {
  test('are taken again, and closed up when most are free', () => {
    const set = new SortedSet();
    const model = new Model();
    const put = (number: number): void => {
      set.set(`m${number}`, (number * 31) % 97);
      model.set(`m${number}`, (number * 31) % 97);
    };
    const drop = (number: number): void => {
      expect(set.delete(`m${number}`)).toBe(model.scores.delete(`m${number}`));
    };
    for (let number = 0; number < 1000; number++) put(number);
    for (let number = 0; number < 1000; number += 2) drop(number);
    set.checkInvariants();
    expectSame(set, model);
    for (let number = 1000; number < 1300; number++) put(number);
    set.checkInvariants();
    const copy = set.clone();
    for (let number = 0; number < 1300; number++) if (number % 13 !== 0) drop(number);
    set.checkInvariants();
    expectSame(set, model);
    const seen = new Set<string>();
    let cursor = 0;
    do cursor = set.scan(cursor, 7, (member) => seen.add(member));
    while (cursor !== 0);
    expect(seen).toEqual(new Set(model.scores.keys()));
    put(5000);
    set.checkInvariants();
    copy.checkInvariants();
    expect(copy.size).toBe(800);
    copy.set('fresh', 1);
    copy.checkInvariants();
    expect(set.has('fresh')).toBe(false);
  });
});
