import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type ByteString, byteLength } from '../../src/bytes/byte-string.ts';
import { isIntegerMember } from '../../src/structures/sets/integer-member.ts';
import { DEFAULT_SET_LIMITS, MemberSet, type SetLimits } from '../../src/structures/sets/member-set.ts';

const SEED = 20_260_102;
const MEGABYTE = 'x'.repeat(1 << 20);

const text: fc.Arbitrary<ByteString> = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: -5, max: 70 }).map(String) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }).map(String) },
  { weight: 1, arbitrary: fc.nat({ max: 40 }).map((n) => `m${n}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...['', '\0', '\x01', '\x011', '__proto__', 'constructor', 'é', '\u{1f600}', '\udcff', '007', '-0'],
      ...['a'.repeat(64), 'a'.repeat(65), 'é'.repeat(33), 'b'.repeat(255), 'b'.repeat(256)],
    ),
  },
);

type Operation =
  | { kind: 'add' | 'delete'; member: ByteString }
  | { kind: 'pop'; fraction: number }
  | { kind: 'prepare'; count: number; first: ByteString }
  | { kind: 'limits'; limits: SetLimits }
  | { kind: 'clone' | 'measure' };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 14, arbitrary: fc.record({ kind: fc.constant('add' as const), member: text }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('delete' as const), member: text }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('pop' as const),
      fraction: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('prepare' as const), count: fc.nat({ max: 40 }), first: text }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('limits' as const),
      limits: fc.record({
        setMaxIntsetEntries: fc.constantFrom(0, 4, 30, 512),
        setMaxListpackEntries: fc.constantFrom(0, 4, 30, 128),
        setMaxListpackValueBytes: fc.constantFrom(0, 1, 64),
      }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'clone' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'measure' as const }) },
);

function isInteger(member: ByteString): boolean {
  if (!/^-?\d+$/.test(member)) return false;
  const number = BigInt(member);
  return String(number) === member && BigInt.asIntN(64, number) === number;
}

/** The same container, written without a thought for cost. */
class NaiveSet {
  members = new Set<ByteString>();
  encoding = 'intset';

  add(member: ByteString, limits: SetLimits): boolean {
    if (this.members.has(member)) return false;
    const begins = this.members.size === 0;
    this.members.add(member);
    const size = this.members.size;
    const longest = Math.max(...[...this.members].map(byteLength));
    if (this.encoding === 'intset') {
      if (isInteger(member) && (size <= limits.setMaxIntsetEntries || !begins)) {
        if (size > limits.setMaxIntsetEntries) this.encoding = 'hashtable';
      } else {
        const fits = size <= limits.setMaxListpackEntries && longest <= limits.setMaxListpackValueBytes;
        this.encoding = fits ? 'listpack' : 'hashtable';
      }
    } else if (size > limits.setMaxListpackEntries || byteLength(member) > limits.setMaxListpackValueBytes) {
      this.encoding = 'hashtable';
    }
    return true;
  }

  prepareFor(count: number, first: ByteString, limits: SetLimits): void {
    if (this.encoding === 'hashtable') return;
    if (this.members.size > 0) {
      const most = this.encoding === 'intset' ? limits.setMaxIntsetEntries : limits.setMaxListpackEntries;
      if (count > most) this.encoding = 'hashtable';
    } else if (!isInteger(first) || count > limits.setMaxIntsetEntries) {
      this.encoding = count <= limits.setMaxListpackEntries ? 'listpack' : 'hashtable';
    }
  }
}

function expectSame(set: MemberSet, model: NaiveSet): void {
  set.checkInvariants();
  expect(set.size).toBe(model.members.size);
  expect(set.encoding).toBe(model.encoding);
  expect([...set].sort()).toEqual([...model.members].sort());
}

function run(operations: Operation[], startingMembers: number): void {
  let set = new MemberSet();
  const model = new NaiveSet();
  let limits: SetLimits = DEFAULT_SET_LIMITS;
  for (let n = 0; n < startingMembers; n++) {
    set.add(String(n), limits);
    model.add(String(n), limits);
  }
  for (const step of operations) {
    switch (step.kind) {
      case 'add':
        expect(set.add(step.member, limits)).toBe(model.add(step.member, limits));
        expect(set.has(step.member)).toBe(true);
        break;
      case 'delete':
        expect(set.delete(step.member)).toBe(model.members.delete(step.member));
        expect(set.has(step.member)).toBe(false);
        break;
      case 'pop': {
        const expected = set.memberAtRandom(() => step.fraction);
        const popped = set.popRandom(() => step.fraction);
        expect(popped).toBe(expected);
        expect(popped === undefined).toBe(model.members.size === 0);
        if (popped !== undefined) expect(model.members.delete(popped)).toBe(true);
        break;
      }
      case 'prepare':
        set.prepareFor(step.count, step.first, limits);
        model.prepareFor(step.count, step.first, limits);
        break;
      case 'limits':
        limits = step.limits;
        break;
      case 'clone': {
        const original = set;
        set = set.clone();
        expectSame(set, model);
        original.add('only in the original', limits);
        original.delete(original.memberAt(0));
        break;
      }
      case 'measure':
        // From here on expectSame compares the count that is kept with another one.
        expect(set.heapBytes).toBeGreaterThan(0);
        break;
    }
    expectSame(set, model);
  }
  const visited: ByteString[] = [];
  set.forEach((member) => {
    visited.push(member);
  });
  expect(visited.sort()).toEqual([...model.members].sort());
  const byPosition = Array.from({ length: set.size }, (_, position) => set.memberAt(position));
  expect(byPosition.sort()).toEqual(visited);
}

/** The set, or another one in its place, after the step. */
function changed(set: MemberSet, step: Operation): MemberSet {
  if (step.kind === 'add') set.add(step.member);
  else if (step.kind === 'delete') set.delete(step.member);
  else if (step.kind === 'pop') set.popRandom(() => step.fraction);
  else if (step.kind === 'clone') return set.clone();
  return set;
}

describe('the set container', () => {
  it('does what a naive model does, from empty', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80, size: 'max' }), (steps) => run(steps, 0)),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('does what a naive model does, around the change of form and beyond', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60, size: 'max' }), fc.integer({ min: 25, max: 60 }), run),
      {
        seed: SEED,
        numRuns: 150,
      },
    );
  });

  it('takes, while small, what counting in the end says, from whenever it is asked', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80, size: 'max' }), (steps) => {
        let kept = new MemberSet();
        let countedLate = new MemberSet();
        for (const step of steps) {
          if (step.kind === 'measure') expect(kept.heapBytes).toBeGreaterThan(0);
          if (step.kind === 'add' && kept.size === 16) continue;
          kept = changed(kept, step);
          countedLate = changed(countedLate, step);
        }
        // They may differ in form, for it is by chance that one is packed.
        expect(kept.heapBytes).toBe(countedLate.heapBytes);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it.each([0, 100])('keeps odd and enormous members apart, beside %i others', (others) => {
    const set = new MemberSet();
    for (let n = 0; n < others; n++) set.add(`m${n}`);
    const odd = ['__proto__', 'constructor', '', 'hasOwnProperty', MEGABYTE, `${MEGABYTE}y`];
    for (const member of odd) expect(set.has(member)).toBe(false);
    for (const member of odd) expect(set.add(member)).toBe(true);
    for (const member of odd) expect(set.add(member)).toBe(false);
    set.checkInvariants();
    expect(set.size).toBe(others + odd.length);
    for (const member of odd) expect(set.delete(member)).toBe(true);
    for (const member of odd) expect(set.has(member)).toBe(false);
  });

  it.each([7, 1000])('draws every one of %i members for an equal share of the random numbers', (size) => {
    const set = new MemberSet();
    for (let n = 0; n < size; n++) set.add(`m${n}`);
    const drawn = new Map<ByteString | undefined, number>();
    for (let n = 0; n < size * 4; n++) {
      const member = set.memberAtRandom(() => (n + 0.5) / (size * 4));
      drawn.set(member, (drawn.get(member) ?? 0) + 1);
    }
    expect(drawn.size).toBe(size);
    expect(new Set(drawn.values())).toEqual(new Set([4]));
  });

  it.each([
    [7, 3],
    [7, 7],
    [100, 99],
    [1000, 5],
    [1000, 400],
  ])('samples of %i members %i different ones', (size, count) => {
    const set = MemberSet.of(Array.from({ length: size }, (_, n) => `m${n}`));
    let state = 1;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const sample = set.sample(count, random);
    expect(sample.length).toBe(count);
    expect(new Set(sample).size).toBe(count);
    expect(sample.every((member) => set.has(member))).toBe(true);
    expect(set.size).toBe(size);
    set.checkInvariants();
  });

  it.each([
    [['1', '2'], 'intset', 'intset'],
    [['1', '2'], 'listpack', 'listpack'],
    [['1', '2'], 'hashtable', 'hashtable'],
    [['1', 'x'], 'intset', 'listpack'],
    [['x'.repeat(65)], 'intset', 'hashtable'],
    [Array.from({ length: 200 }, (_, n) => `m${n}`), 'listpack', 'hashtable'],
  ] as const)('makes of %j, at least as %s, a %s', (members, least, encoding) => {
    const set = MemberSet.of(members, DEFAULT_SET_LIMITS, least);
    set.checkInvariants();
    expect([...set]).toEqual(members);
    expect(set.encoding).toBe(encoding);
  });

  it('answers nothing from an empty set', () => {
    const set = new MemberSet();
    expect(set.memberAtRandom(() => 0.5)).toBeUndefined();
    expect(set.popRandom(() => 0.5)).toBeUndefined();
    expect(set.scan(0, 10, () => expect.unreachable())).toBe(0);
    expect([...set]).toEqual([]);
  });

  describe('encoding', () => {
    it.each([
      ['9223372036854775807', true],
      ['9223372036854775808', false],
      ['-9223372036854775808', true],
      ['-9223372036854775809', false],
      ['10000000000000000000', false],
      ['0', true],
      ['-0', false],
      ['-', false],
      ['+1', false],
      ['007', false],
      ['1.0', false],
      [' 1', false],
      ['', false],
    ])('takes %j for a 64-bit integer: %s', (member, integer) => {
      expect(isIntegerMember(member)).toBe(integer);
    });

    it('follows the defaults for integers: 512 in an intset, then a hashtable', () => {
      const set = new MemberSet();
      for (let n = 0; n < 512; n++) set.add(String(n));
      expect(set.encoding).toBe('intset');
      set.add('511');
      expect(set.encoding).toBe('intset');
      set.add('512');
      expect(set.encoding).toBe('hashtable');
    });

    it('follows the defaults for others: 128 in a listpack, then a hashtable', () => {
      const set = new MemberSet();
      for (let n = 0; n < 127; n++) set.add(String(n));
      set.add('x'.repeat(64));
      expect(set.encoding).toBe('listpack');
      set.add('y');
      expect(set.encoding).toBe('hashtable');
      set.delete('y');
      expect(set.encoding).toBe('hashtable');
    });

    it('turns a large intset straight to a hashtable at a member that is no integer', () => {
      const set = new MemberSet();
      for (let n = 0; n < 128; n++) set.add(String(n));
      set.add('x');
      expect(set.encoding).toBe('hashtable');
    });
  });

  describe('scan', () => {
    it('visits everything at once while Redis would hold an intset or a listpack', () => {
      const set = new MemberSet();
      for (let n = 0; n < 300; n++) set.add(`${n}`);
      const seen: string[] = [];
      expect(set.scan(0, 10, (member) => seen.push(member))).toBe(0);
      expect(seen.length).toBe(300);
    });

    it('visits a few members at once though Redis would hold a hashtable', () => {
      const set = new MemberSet();
      for (const member of ['a', 'b', 'x'.repeat(65)]) set.add(member);
      expect(set.encoding).toBe('hashtable');
      const seen: string[] = [];
      expect(set.scan(0, 1, (member) => seen.push(member))).toBe(0);
      expect(seen.length).toBe(3);
    });

    it('misses no member that stays, and ends though members are added at every step', () => {
      const change = fc.record({ added: fc.nat({ max: 9 }), popped: fc.nat({ max: 9 }) });
      fc.assert(
        fc.property(
          fc.integer({ min: 129, max: 400 }),
          fc.integer({ min: -1, max: 100 }),
          fc.array(change),
          fc.integer(),
          (size, count, changes, seed) => {
            const set = new MemberSet();
            for (let n = 0; n < size; n++) set.add(`m${n}`);
            const staying = new Set(set);
            const seen = new Set<ByteString>();
            let state = seed;
            const random = () => {
              state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
              return (state >>> 0) / 2 ** 32;
            };
            let cursor = 0;
            let steps = 0;
            let added = 0;
            do {
              cursor = set.scan(cursor, count, (member) => seen.add(member));
              const { added: more, popped } = changes[steps % (changes.length + 1)] ?? {
                added: 3,
                popped: 0,
              };
              for (let n = 0; n < popped; n++) {
                const member = set.popRandom(random);
                if (member !== undefined) staying.delete(member);
              }
              for (let n = 0; n < more; n++) set.add(`new${added++}`);
              steps++;
              expect(steps).toBeLessThanOrEqual(size);
            } while (cursor !== 0);
            for (const member of staying) expect(seen.has(member)).toBe(true);
            set.checkInvariants();
          },
        ),
        { seed: SEED, numRuns: 100 },
      );
    });
  });
});

it('stays whole where the host refuses a larger Map', () => {
  const set = new MemberSet();
  for (let at = 0; at < 100; at++) set.add(`m${at}`);
  const refused = vi.spyOn(Map.prototype, 'set').mockImplementation(() => {
    throw new RangeError('Map maximum size exceeded');
  });
  try {
    expect(() => set.add('one more')).toThrow('Map maximum size exceeded');
  } finally {
    refused.mockRestore();
  }
  set.checkInvariants();
  expect(set.size).toBe(100);
});
