import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ByteString } from '../../src/bytes/byte-string.ts';
import { toUnsigned } from '../../src/numbers/unsigned.ts';
import type { BlockLimits, LogEntry } from '../../src/streams/log-entry.ts';
import {
  compareIds,
  equalIds,
  formatId,
  MAX_ID,
  MIN_ID,
  nextId,
  parseId,
  type StreamId,
} from '../../src/streams/stream-id.ts';
import { StreamLog, type TrimPlan } from '../../src/streams/stream-log.ts';

const DEFAULTS: BlockLimits = { streamNodeMaxEntries: 100, streamNodeMaxBytes: 4096 };

/** The naive model: one array, walked for everything. It knows of no blocks. */
class Model {
  entries: LogEntry[] = [];

  range(from: StreamId, to: StreamId): LogEntry[] {
    return this.entries.filter((entry) => compareIds(entry, from) >= 0 && compareIds(entry, to) <= 0);
  }

  get(id: StreamId): LogEntry | undefined {
    return this.entries.find((entry) => equalIds(entry, id));
  }

  delete(id: StreamId): boolean {
    const { length } = this.entries;
    this.entries = this.entries.filter((entry) => !equalIds(entry, id));
    return this.entries.length < length;
  }

  /** Exact trimming. */
  trim({ maxLength, minId, mayRemove }: TrimPlan): StreamId[] {
    const going: StreamId[] = [];
    for (const entry of this.entries) {
      if (maxLength !== undefined && this.entries.length - going.length <= maxLength) break;
      if (maxLength === undefined && minId !== undefined && compareIds(entry, minId) >= 0) break;
      if (mayRemove === undefined || mayRemove(entry)) going.push(entry);
    }
    this.entries = this.entries.filter((entry) => !going.includes(entry));
    return going;
  }
}

function ranged(log: StreamLog, from: StreamId, to: StreamId, count = Number.POSITIVE_INFINITY): LogEntry[] {
  const seen: LogEntry[] = [];
  log.forEach(from, to, (entry) => {
    seen.push(entry);
    return seen.length < count;
  });
  return seen;
}

function rangedReversed(
  log: StreamLog,
  from: StreamId,
  to: StreamId,
  count = Number.POSITIVE_INFINITY,
): LogEntry[] {
  const seen: LogEntry[] = [];
  log.forEachReversed(from, to, (entry) => {
    seen.push(entry);
    return seen.length < count;
  });
  return seen;
}

function expectSame(log: StreamLog, model: Model): void {
  log.checkInvariants();
  expect(log.length).toBe(model.entries.length);
  expect(ranged(log, MIN_ID, MAX_ID)).toEqual(model.entries);
  expect(rangedReversed(log, MAX_ID, MIN_ID)).toEqual([...model.entries].reverse());
  expect(log.first).toEqual(model.entries[0]);
  // What is remembered of these must not outlive the next change: checked then, and before.
  const { firstId } = log;
  const nodeCount = log.radixNodeCount();
  expect(firstId && formatId(firstId)).toBe(model.entries[0] && formatId(model.entries[0]));
  expect(log.clone().radixNodeCount()).toBe(nodeCount);
  expect(log.last).toEqual(model.entries.at(-1));
}

const SHAPES: ByteString[][] = [
  ['user', 'action', 'amount'],
  ['user', 'action', 'amount'],
  ['user', 'action', 'total'],
  ['a'],
  ['a', 'a'],
  ['ä', '\udcff', ''],
  ['12', '-3'],
];
const VALUES = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 20 }) },
  { weight: 3, arbitrary: fc.integer().map(String) },
  { weight: 1, arbitrary: fc.constantFrom('é', '😀', '\udc80\udcff', '', '€uro', 'x'.repeat(70)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 5000 }).map((length) => 'y'.repeat(length)) },
);
const FIELDS = fc.oneof(
  { weight: 5, arbitrary: fc.constant(SHAPES[0]!) },
  { weight: 3, arbitrary: fc.constantFrom(...SHAPES) },
  { weight: 1, arbitrary: fc.array(fc.string({ maxLength: 4 }), { minLength: 1, maxLength: 4 }) },
);
const STEPS = fc.oneof(
  { weight: 5, arbitrary: fc.record({ ms: fc.constant(0n), seq: fc.constantFrom(1n, 1n, 2n, 70n, 5000n) }) },
  {
    weight: 5,
    arbitrary: fc.record({ ms: fc.constantFrom(1n, 3n, 90n, 5000n), seq: fc.constantFrom(0n, 1n) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ms: fc.constantFrom(2n ** 31n, 2n ** 53n - 3n, 2n ** 53n, 2n ** 62n),
      seq: fc.constantFrom(0n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 64n - 1n),
    }),
  },
);

/** The id so much after, or the next one there is. */
function after(id: StreamId, step: { ms: bigint; seq: bigint }): StreamId | undefined {
  const ms = BigInt(id.ms) + step.ms;
  const seq = step.ms === 0n ? BigInt(id.seq) + step.seq : step.seq;
  return parseId(`${ms}-${seq}`) ?? nextId(id);
}

type Probe = 'delete' | 'get' | 'range' | 'clone';
type Action =
  | {
      readonly kind: 'append';
      readonly items: readonly {
        step: { ms: bigint; seq: bigint };
        fields: ByteString[];
        values: ByteString[];
      }[];
    }
  | { readonly kind: Probe; readonly where: number; readonly length: number }
  | {
      readonly kind: 'trim';
      readonly where: number;
      readonly by: 'maxLength' | 'minId';
      readonly keep: number;
    };

const ACTIONS: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      items: fc.array(
        fc.record({ step: STEPS, fields: FIELDS, values: fc.array(VALUES, { minLength: 4, maxLength: 4 }) }),
        { maxLength: 60, size: 'max' },
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom<Probe>('delete', 'get', 'range', 'clone'),
      where: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(30),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('trim' as const),
      where: fc.double({ min: 0, max: 1, noNaN: true }),
      by: fc.constantFrom('maxLength' as const, 'minId' as const),
      keep: fc.nat(6),
    }),
  },
);

const LIMITS = fc.constantFrom<BlockLimits>(
  DEFAULTS,
  { streamNodeMaxEntries: 3, streamNodeMaxBytes: 0 },
  { streamNodeMaxEntries: 0, streamNodeMaxBytes: 300 },
  { streamNodeMaxEntries: 1, streamNodeMaxBytes: 0 },
  { streamNodeMaxEntries: 40, streamNodeMaxBytes: 0 },
  { streamNodeMaxEntries: 0, streamNodeMaxBytes: 0 },
);

describe('the log of a stream beside the naive model', () => {
  test('any sequence of appending, deleting, trimming and reading', () => {
    fc.assert(
      fc.property(fc.array(ACTIONS, { maxLength: 14, size: 'max' }), LIMITS, (actions, limits) => {
        let log = new StreamLog();
        const model = new Model();
        let lastId: StreamId = { ms: 1_700_000_000_000, seq: 0 };
        const pick = (where: number): StreamId => {
          const { entries } = model;
          return entries[Math.floor(where * entries.length)] ?? entries.at(-1) ?? lastId;
        };
        for (const action of actions) {
          if (action.kind === 'append') {
            for (const { step, fields, values } of action.items) {
              const id = after(lastId, step);
              if (id === undefined) break;
              lastId = id;
              const some = fields.map((_, index) => values[index]!);
              log.append(id, [...fields], some, limits);
              model.entries.push({ ms: id.ms, seq: id.seq, fields, values: some });
            }
          } else if (action.kind === 'delete') {
            for (let left = action.length; left >= 0; left--) {
              const id = pick(action.where);
              expect(log.delete(id)).toBe(model.delete(id));
              expect(log.delete(id)).toBe(false);
            }
          } else if (action.kind === 'get') {
            const id = pick(action.where);
            expect(log.get(id)).toEqual(model.get(id));
            expect(log.has(id)).toBe(model.get(id) !== undefined);
            const beside = nextId(id)!;
            expect(log.get(beside)).toEqual(model.get(beside));
          } else if (action.kind === 'range') {
            const from = pick(action.where);
            const to = pick(Math.min(1, action.where + 0.2));
            const expected = model.range(from, to);
            expect(ranged(log, from, to)).toEqual(expected);
            expect(rangedReversed(log, to, from)).toEqual([...expected].reverse());
            expect(ranged(log, from, MAX_ID, action.length + 1)).toEqual(
              model.range(from, MAX_ID).slice(0, action.length + 1),
            );
            expect(rangedReversed(log, to, MIN_ID, action.length + 1)).toEqual(
              model
                .range(MIN_ID, to)
                .reverse()
                .slice(0, action.length + 1),
            );
          } else if (action.kind === 'clone') {
            const before = log;
            const restore = log.save();
            before.trim({ maxLength: action.length });
            before.append(nextId(lastId) ?? lastId, ['late'], ['1'], limits);
            log = action.length % 2 === 0 ? restore() : restore().clone();
          } else if (action.kind === 'trim') {
            // By length, how far what is passed over is looked past depends on blocks, of which the model knows nothing.
            const isKept = action.keep !== 0 && action.by === 'minId';
            const mayRemove = isKept ? (id: StreamId) => BigInt(id.seq) % 3n !== 0n : undefined;
            const plan =
              action.by === 'minId'
                ? { minId: pick(action.where) }
                : { maxLength: Math.floor(action.where * (model.entries.length + 2)) };
            const gone: string[] = [];
            const full: TrimPlan = {
              ...plan,
              ...(mayRemove === undefined ? {} : { mayRemove }),
              onRemoved: (id) => gone.push(formatId(id)),
            };
            const removed = log.trim(full);
            const expected = model.trim(full).map(formatId);
            expect(gone).toEqual(expected);
            expect(removed).toBe(expected.length);
          }
          expectSame(log, model);
        }
      }),
      { seed: 8, numRuns: 150 },
    );
  });
});

/** Entries 1-0, 2-0, … */
function numbered(count: number, limits: BlockLimits, value = (at: number) => `v${at}`): StreamLog {
  const log = new StreamLog();
  for (let at = 1; at <= count; at++) log.append({ ms: at, seq: 0 }, ['n'], [value(at)], limits);
  return log;
}

function ids(log: StreamLog): number[] {
  return ranged(log, MIN_ID, MAX_ID).map(({ ms }) => Number(ms));
}

describe('blocks', () => {
  const TENS: BlockLimits = { streamNodeMaxEntries: 10, streamNodeMaxBytes: 0 };

  test('approximate trimming takes whole ones, within its limit', () => {
    const log = numbered(95, TENS);
    expect(log.blockCount).toBe(10);
    expect(log.trim({ maxLength: 72, isApproximate: true })).toBe(20);
    expect(log.trim({ maxLength: 10, isApproximate: true, limit: 29 })).toBe(20);
    expect(log.trim({ minId: { ms: 60, seq: 0 }, isApproximate: true })).toBe(10);
    expect(log.trim({ minId: { ms: 60, seq: 1 }, isApproximate: true, limit: 9 })).toBe(0);
    expect(log.first?.ms).toBe(51);
    expect(log.trim({ maxLength: 0, isApproximate: true })).toBe(45);
    expect([log.length, log.blockCount, log.radixNodeCount()]).toEqual([0, 0, 1]);
    log.checkInvariants();
  });

  test('ids of a block that leave the exact doubles by small steps stay exact', () => {
    const log = new StreamLog();
    const limits: BlockLimits = { streamNodeMaxEntries: 6, streamNodeMaxBytes: 0 };
    const times = [
      0n,
      2n ** 53n - 3n,
      2n ** 53n - 2n,
      2n ** 53n - 1n,
      2n ** 53n,
      2n ** 53n + 1n,
      2n ** 53n + 60n,
    ];
    const given = times.map((offset) => ({ ms: toUnsigned(1_700_000_000_000n + offset), seq: 0 }));
    for (const id of given) log.append(id, ['n'], ['v'], limits);
    expect(log.blockCount).toBe(2);
    expect(ranged(log, MIN_ID, MAX_ID).map(formatId)).toEqual(given.map(formatId));
    for (const id of given) expect(log.get(id)?.ms).toBe(id.ms);
  });

  test('a plan that says nothing takes nothing', () => {
    const log = numbered(25, TENS);
    expect([log.trim({}), log.trim({ isApproximate: true }), log.length]).toEqual([0, 0, 25]);
  });

  test('entries that must stay are passed over, up to the end of the block that is not to go as a whole', () => {
    const odd = (id: StreamId): boolean => Number(id.ms) % 2 === 1;
    const exact = numbered(30, TENS);
    expect(exact.trim({ maxLength: 22, mayRemove: odd })).toBe(5);
    expect(ids(exact).slice(0, 7)).toEqual([2, 4, 6, 8, 10, 11, 12]);
    const further = numbered(30, TENS);
    expect(further.trim({ maxLength: 18, mayRemove: odd })).toBe(10);
    expect(ids(further).slice(0, 11)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 21]);
    const byId = numbered(30, TENS);
    expect(byId.trim({ minId: { ms: 16, seq: 0 }, mayRemove: odd })).toBe(8);
    expect(ids(byId).slice(0, 9)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 17]);
    const approximate = numbered(30, TENS);
    expect(approximate.trim({ minId: { ms: 16, seq: 0 }, isApproximate: true, mayRemove: odd })).toBe(5);
    const none = numbered(30, TENS);
    expect(none.trim({ maxLength: 0, mayRemove: () => true })).toBe(30);
    expect(none.blockCount).toBe(0);
    for (const log of [exact, further, byId, approximate, none]) log.checkInvariants();
  });

  test('the last block takes entries again when all after it is deleted, if it has room', () => {
    const limits: BlockLimits = { streamNodeMaxEntries: 0, streamNodeMaxBytes: 200 };
    const log = numbered(3, limits);
    log.append({ ms: 4, seq: 0 }, ['n'], ['x'.repeat(300)], limits);
    expect(log.blockCount).toBe(2);
    log.delete({ ms: 2, seq: 0 });
    log.delete({ ms: 4, seq: 0 });
    expect(log.blockCount).toBe(1);
    log.append({ ms: 5, seq: 0 }, ['n'], ['last'], limits);
    expect(log.blockCount).toBe(1);
    expect(ids(log)).toEqual([1, 3, 5]);
    log.checkInvariants();
  });

  test('names that are too many, and large values, come back as they were', () => {
    const log = new StreamLog();
    const expected: LogEntry[] = [];
    for (let at = 1; at <= 250; at++) {
      const fields = at % 5 === 0 ? ['same', 'names'] : [`name${at}`, `\udcff${at}`];
      const values = [at % 50 < 10 ? 'z'.repeat(5000) : `v${at}`, at % 7 === 0 ? '€' : ''];
      const id: StreamId = { ms: 2n ** 60n + BigInt(at), seq: at % 2 === 0 ? 2n ** 64n - BigInt(at) : at };
      log.append(id, fields, values, { streamNodeMaxEntries: 100, streamNodeMaxBytes: 0 });
      expected.push({ ...id, fields, values });
    }
    log.checkInvariants();
    expect(log.blockCount).toBe(3);
    expect(ranged(log, MIN_ID, MAX_ID)).toEqual(expected);
    expect(rangedReversed(log, MAX_ID, MIN_ID)).toEqual(expected.reverse());
    for (const entry of expected) expect(log.get(entry)).toEqual(entry);
  });

  test('a saved log does not see what comes after, nor does what comes after see it', () => {
    const log = numbered(35, TENS);
    log.delete({ ms: 5, seq: 0 });
    const saved = log.save();
    for (let at = 1; at <= 34; at++) log.delete({ ms: at, seq: 0 });
    log.append({ ms: 36, seq: 0 }, ['other', 'names'], ['1', '2'], TENS);
    const copy = saved();
    expect(ids(log)).toEqual([35, 36]);
    expect(ids(copy)).toEqual(Array.from({ length: 35 }, (_, at) => at + 1).filter((ms) => ms !== 5));
    copy.trim({ maxLength: 1 });
    copy.append({ ms: 99, seq: 0 }, ['n'], ['1'], TENS);
    expect(ids(copy)).toEqual([35, 99]);
    expect(ids(log)).toEqual([35, 36]);
    for (const one of [log, copy]) one.checkInvariants();
  });

  test('nodes of the radix tree, as observed on redis-server 7.0.15', () => {
    const nodes = (texts: string[]): number => {
      const log = new StreamLog();
      const ones = { streamNodeMaxEntries: 1, streamNodeMaxBytes: 0 };
      for (const text of texts) log.append(parseId(text)!, ['a'], ['b'], ones);
      expect(log.blockCount).toBe(texts.length);
      return log.radixNodeCount();
    };
    expect(nodes([])).toBe(1);
    expect(nodes(['1-1'])).toBe(2);
    expect(nodes(['1-1', '1-2'])).toBe(4);
    expect(nodes(['1-0', '2-0'])).toBe(6);
  });
});
