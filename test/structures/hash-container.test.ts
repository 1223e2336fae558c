import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type ByteString, byteLength } from '../../src/bytes/byte-string.ts';
import { HashTable } from '../../src/structures/hashes/hash-table.ts';
import type { ListpackLimits } from '../../src/structures/listpack-limits.ts';

const SEED = 20_260_101;
const MEGABYTE = 'x'.repeat(1 << 20);

/** Texts that a container may mistake for something else, and ordinary ones, few enough to collide often. */
const text: fc.Arbitrary<ByteString> = fc.oneof(
  { weight: 6, arbitrary: fc.nat({ max: 60 }).map((n) => `f${n}`) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[
        '',
        '\0',
        '\x01',
        '\x01a',
        '__proto__',
        'constructor',
        'toString',
        'é',
        '\u{1f600}',
        '\udcff',
        '0',
        '-1',
      ],
      ...['a'.repeat(64), 'a'.repeat(65), 'é'.repeat(32), 'é'.repeat(33), 'b'.repeat(255), 'b'.repeat(256)],
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 300 }) },
);

type Operation =
  | { kind: 'set'; field: ByteString; value: ByteString }
  | { kind: 'delete' | 'clearExpiry'; field: ByteString }
  | { kind: 'setExpiry'; field: ByteString; atMs: number }
  | { kind: 'takeExpired'; nowMs: number; limit: number }
  | { kind: 'limits'; entries: number; bytes: number }
  | { kind: 'clone' | 'measure' };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('set' as const), field: text, value: text }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('delete' as const), field: text }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('setExpiry' as const),
      field: text,
      atMs: fc.nat({ max: 100 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('clearExpiry' as const), field: text }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('takeExpired' as const),
      nowMs: fc.nat({ max: 60 }),
      limit: fc.integer({ min: 0, max: 5 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('limits' as const),
      entries: fc.constantFrom(0, 5, 30, 512),
      bytes: fc.constantFrom(0, 3, 64, 1000),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'clone' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'measure' as const }) },
);

/** The same container, written without a thought for cost. */
class NaiveHash {
  values = new Map<ByteString, ByteString>();
  expiries = new Map<ByteString, number>();
  encoding = 'listpack';

  set(field: ByteString, value: ByteString, limits: ListpackLimits): boolean {
    const isNew = !this.values.has(field);
    this.values.set(field, value);
    const longest = Math.max(byteLength(field), byteLength(value));
    if (this.values.size > limits.listpackEntries || longest > limits.listpackValueBytes) {
      this.encoding = 'hashtable';
    }
    return isNew;
  }

  delete(field: ByteString): boolean {
    this.expiries.delete(field);
    return this.values.delete(field);
  }

  due(nowMs: number): [ByteString, number][] {
    return [...this.expiries].filter(([, atMs]) => atMs <= nowMs).sort(([, a], [, b]) => a - b);
  }
}

function entries(hash: HashTable): [ByteString, ByteString][] {
  const found: [ByteString, ByteString][] = [];
  hash.forEach((field, value) => {
    found.push([field, value]);
  });
  return found;
}

function byKey<T>(pairs: Iterable<[ByteString, T]>): [ByteString, T][] {
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function expectSame(hash: HashTable, model: NaiveHash): void {
  hash.checkInvariants();
  expect(hash.size).toBe(model.values.size);
  expect(hash.encoding).toBe(model.encoding);
  expect(byKey(entries(hash))).toEqual(byKey(model.values));
  expect(hash.nextExpiryMs).toBe(Math.min(Number.POSITIVE_INFINITY, ...model.expiries.values()));
  expect(hash.expiringCount).toBe(model.expiries.size);
}

function run(operations: Operation[], startingFields: number): void {
  let hash = new HashTable();
  const model = new NaiveHash();
  let limits: ListpackLimits = { listpackEntries: 512, listpackValueBytes: 64 };
  for (let n = 0; n < startingFields; n++) {
    hash.set(`f${n}`, `start ${n}`, limits);
    model.set(`f${n}`, `start ${n}`, limits);
  }
  for (const step of operations) {
    switch (step.kind) {
      case 'set':
        expect(hash.set(step.field, step.value, limits)).toBe(model.set(step.field, step.value, limits));
        expect(hash.get(step.field)).toBe(step.value);
        break;
      case 'delete':
        expect(hash.delete(step.field)).toBe(model.delete(step.field));
        expect(hash.get(step.field)).toBeUndefined();
        break;
      case 'setExpiry': {
        const present = model.values.has(step.field);
        expect(hash.setExpiry(step.field, step.atMs)).toBe(present);
        if (present) {
          model.expiries.set(step.field, step.atMs);
          if (model.encoding === 'listpack') model.encoding = 'listpackex';
        }
        expect(hash.expiresAt(step.field)).toBe(model.expiries.get(step.field));
        break;
      }
      case 'clearExpiry':
        expect(hash.clearExpiry(step.field)).toBe(model.expiries.delete(step.field));
        expect(hash.expiresAt(step.field)).toBeUndefined();
        break;
      case 'takeExpired': {
        const due = model.due(step.nowMs);
        const seen: [ByteString, number][] = [];
        hash.forEachExpired(step.nowMs, (field, atMs) => seen.push([field, atMs]));
        expect(byKey(seen)).toEqual(byKey(due));
        const before = new Map(model.expiries);
        const taken = hash.takeExpired(step.nowMs, step.limit);
        // Fields of one time come in any order; their times must be the earliest ones.
        expect(taken.map((field) => before.get(field))).toEqual(
          due.slice(0, step.limit).map(([, atMs]) => atMs),
        );
        for (const field of taken) expect(model.delete(field)).toBe(true);
        break;
      }
      case 'limits':
        limits = { listpackEntries: step.entries, listpackValueBytes: step.bytes };
        break;
      case 'clone': {
        const original = hash;
        hash = hash.clone();
        expectSame(hash, model);
        // What happens to one must not be seen by the other.
        original.set('only in the original', '1', limits);
        if (original.size > 1) original.delete(original.fieldAt(0));
        original.takeExpired(Number.POSITIVE_INFINITY);
        break;
      }
      case 'measure':
        // From here on expectSame compares the count that is kept with another one.
        expect(hash.heapBytes).toBeGreaterThan(0);
        break;
    }
    expectSame(hash, model);
  }
  for (const [field, value] of model.values) {
    expect(hash.has(field)).toBe(true);
    expect(hash.get(field)).toBe(value);
    expect(hash.expiresAt(field)).toBe(model.expiries.get(field));
  }
  const positions = Array.from({ length: hash.size }, (_, position) => position);
  const byPosition = positions.map((p): [ByteString, ByteString] => [hash.fieldAt(p), hash.valueAt(p)]);
  expect(byKey(byPosition)).toEqual(byKey(model.values));
}

/** The hash, or another one in its place, after the step. */
function changed(hash: HashTable, step: Operation): HashTable {
  if (step.kind === 'set') hash.set(step.field, step.value);
  else if (step.kind === 'delete') hash.delete(step.field);
  else if (step.kind === 'setExpiry') hash.setExpiry(step.field, step.atMs);
  else if (step.kind === 'clearExpiry') hash.clearExpiry(step.field);
  else if (step.kind === 'takeExpired') hash.takeExpired(step.nowMs, step.limit);
  else if (step.kind === 'clone') return hash.clone();
  return hash;
}

describe('the hash container', () => {
  it('does what a naive model does, from empty', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80, size: 'max' }), (steps) => run(steps, 0)),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('does what a naive model does, around the change of form and beyond', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60, size: 'max' }), fc.integer({ min: 20, max: 60 }), run),
      {
        seed: SEED,
        numRuns: 150,
      },
    );
  });

  it('takes, while small, what counting in the end says, from whenever it is asked', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80, size: 'max' }), (steps) => {
        let kept = new HashTable();
        let countedLate = new HashTable();
        for (const step of steps) {
          if (step.kind === 'measure') expect(kept.heapBytes).toBeGreaterThan(0);
          if (step.kind === 'set' && kept.size === 16) continue;
          kept = changed(kept, step);
          countedLate = changed(countedLate, step);
        }
        // They may differ in form, for it is by chance that one is packed.
        expect(kept.heapBytes).toBe(countedLate.heapBytes);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it.each([0, 100])('keeps odd and enormous fields apart, beside %i others', (others) => {
    const hash = new HashTable();
    for (let n = 0; n < others; n++) hash.set(`f${n}`, 'x');
    expect(hash.get('__proto__')).toBeUndefined();
    expect(hash.has('constructor')).toBe(false);
    const odd = ['__proto__', 'constructor', '', 'hasOwnProperty', MEGABYTE, `${MEGABYTE}y`];
    for (const field of odd) expect(hash.set(field, `value of ${field.length}`)).toBe(true);
    for (const field of odd) expect(hash.get(field)).toBe(`value of ${field.length}`);
    expect(hash.set('big', MEGABYTE)).toBe(true);
    expect(hash.get('big')).toBe(MEGABYTE);
    hash.checkInvariants();
    for (const field of odd) expect(hash.delete(field)).toBe(true);
    for (const field of odd) expect(hash.has(field)).toBe(false);
    expect(hash.size).toBe(others + 1);
  });

  it('reads no field out of the text or the lengths of its neighbours', () => {
    const hash = new HashTable();
    hash.set('a', '\x01b\x01c');
    hash.set('\x01b', 'a');
    expect(hash.get('b')).toBeUndefined();
    expect(hash.get('c')).toBeUndefined();
    expect(hash.get('\x01b')).toBe('a');
  });

  it('keeps small hashes in the order of insertion, also across updates and deletes', () => {
    const hash = new HashTable();
    for (const field of ['name', 'email', 'age', 'city']) hash.set(field, 'x');
    hash.set('name', 'a longer value than before');
    hash.delete('email');
    hash.set('email', 'again');
    expect(entries(hash).map(([field]) => field)).toEqual(['name', 'age', 'city', 'email']);
  });

  describe('encoding', () => {
    it('follows the defaults: 512 entries, 64 bytes', () => {
      const hash = new HashTable();
      for (let n = 0; n < 512; n++) hash.set(`f${n}`, 'x'.repeat(64));
      expect(hash.encoding).toBe('listpack');
      hash.set('f512', '');
      expect(hash.encoding).toBe('hashtable');
      hash.delete('f512');
      hash.delete('f511');
      expect(hash.encoding).toBe('hashtable');
    });

    it.each([
      ['a field of 65 bytes', 'x'.repeat(65), ''],
      ['a value of 65 bytes', '', 'x'.repeat(65)],
      ['a value of 33 characters in 66 bytes', '', 'é'.repeat(33)],
    ])('turns to a hashtable at %s, and stays so', (_, field, value) => {
      const hash = new HashTable();
      hash.set(field.slice(1), value.slice(1));
      expect(hash.encoding).toBe('listpack');
      hash.set(field, value);
      expect(hash.encoding).toBe('hashtable');
      hash.delete(field);
      expect(hash.encoding).toBe('hashtable');
    });

    it('is listpackex from the first field expiry on', () => {
      const hash = new HashTable();
      hash.set('a', '1');
      expect(hash.setExpiry('absent', 5)).toBe(false);
      expect(hash.encoding).toBe('listpack');
      hash.setExpiry('a', 5);
      expect(hash.encoding).toBe('listpackex');
      hash.clearExpiry('a');
      expect(hash.encoding).toBe('listpackex');
      hash.set('b', 'x'.repeat(65));
      hash.setExpiry('b', 5);
      expect(hash.encoding).toBe('hashtable');
    });

    it('gives way to the number of fields a command announces', () => {
      const hash = new HashTable();
      hash.prepareFor(512);
      expect(hash.encoding).toBe('listpack');
      hash.prepareFor(513);
      expect(hash.encoding).toBe('hashtable');
    });
  });

  it('leaves the expiry alone on set and removes it on delete', () => {
    const hash = new HashTable();
    hash.set('a', '1');
    hash.setExpiry('a', 100);
    hash.set('a', '2');
    expect(hash.expiresAt('a')).toBe(100);
    hash.delete('a');
    hash.set('a', '3');
    expect(hash.expiresAt('a')).toBeUndefined();
    expect(hash.nextExpiryMs).toBe(Number.POSITIVE_INFINITY);
  });

  describe('scan', () => {
    it('visits everything at once while Redis would hold a listpack', () => {
      const hash = new HashTable();
      for (let n = 0; n < 300; n++) hash.set(`f${n}`, `${n}`);
      const seen: string[] = [];
      expect(hash.scan(0, 10, (field) => seen.push(field))).toBe(0);
      expect(seen.length).toBe(300);
    });

    it('misses no field that stays, and ends though fields are added at every step', () => {
      const change = fc.record({
        added: fc.nat({ max: 9 }),
        deleted: fc.array(fc.nat({ max: 999 }), { maxLength: 9 }),
      });
      fc.assert(
        fc.property(
          fc.integer({ min: 513, max: 700 }),
          fc.integer({ min: -1, max: 200 }),
          fc.array(change),
          (size, count, changes) => {
            const hash = new HashTable();
            for (let n = 0; n < size; n++) hash.set(`f${n}`, `v${n}`);
            const staying = new Set(entries(hash).map(([field]) => field));
            const seen = new Map<ByteString, ByteString>();
            let cursor = 0;
            let steps = 0;
            let added = 0;
            do {
              cursor = hash.scan(cursor, count, (field, value) => seen.set(field, value));
              const { added: more, deleted } = changes[steps % (changes.length + 1)] ?? {
                added: 3,
                deleted: [],
              };
              for (const n of deleted) {
                if (hash.size === 0) break;
                const field = hash.fieldAt(n % hash.size);
                hash.delete(field);
                staying.delete(field);
              }
              for (let n = 0; n < more; n++) hash.set(`new${added++}`, 'new');
              steps++;
              expect(steps).toBeLessThanOrEqual(size);
            } while (cursor !== 0);
            for (const field of staying) expect(seen.get(field)).toBe(`v${field.slice(1)}`);
            hash.checkInvariants();
          },
        ),
        { seed: SEED, numRuns: 60 },
      );
    });

    it('takes any cursor', () => {
      const hash = new HashTable();
      for (let n = 0; n < 600; n++) hash.set(`f${n}`, '');
      let visited = 0;
      expect(hash.scan(2 ** 53, 5, () => visited++)).toBe(595);
      expect(hash.scan(3, 5, () => visited++)).toBe(0);
      expect(visited).toBe(8);
    });
  });
});

it('stays whole where the host refuses a larger Map', () => {
  const hash = new HashTable();
  for (let at = 0; at < 100; at++) hash.set(`m${at}`, '');
  const refused = vi.spyOn(Map.prototype, 'set').mockImplementation(() => {
    throw new RangeError('Map maximum size exceeded');
  });
  try {
    expect(() => hash.set('one more', '')).toThrow('Map maximum size exceeded');
  } finally {
    refused.mockRestore();
  }
  hash.checkInvariants();
  expect(hash.size).toBe(100);
});
