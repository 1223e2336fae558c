import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ByteString, compareBytes, toByteString } from '../../src/bytes/byte-string.ts';
import type { Integer } from '../../src/numbers/integer.ts';
import { MAX_UINT64 } from '../../src/numbers/unsigned.ts';
import { ConsumerGroup } from '../../src/streams/consumer-group.ts';
import type { PendingEntry } from '../../src/streams/pending-entry.ts';
import { compareIds, formatId, MIN_ID, type StreamId } from '../../src/streams/stream-id.ts';

const SEED = 20_260_311;

interface Held {
  readonly id: StreamId;
  owner: ByteString | undefined;
  time: number;
  count: Integer;
  /** When this happened, in steps. */
  turn: number;
}

/** The naive model of a group: a Map, filtered and sorted anew for every question. */
class Model {
  readonly consumers = new Set<ByteString>();
  readonly held = new Map<string, Held>();
  private turn = 0;

  put(id: StreamId, owner: ByteString | undefined, time: number, count: Integer): void {
    this.held.set(formatId(id), { id, owner, time, count, turn: this.turn++ });
  }

  removeConsumer(name: ByteString): number {
    const ids = [...this.held].filter(([, { owner }]) => owner === name);
    for (const [id] of ids) this.held.delete(id);
    this.consumers.delete(name);
    return ids.length;
  }

  byId(): Held[] {
    return [...this.held.values()].sort((a, b) => compareIds(a.id, b.id));
  }

  /** Released ones by turn, then the others by time and turn. */
  idle(minIdle: number, now: number): Held[] {
    const released = [...this.held.values()].filter(({ owner }) => owner === undefined);
    const others = [...this.held.values()].filter(
      ({ owner, time }) => owner !== undefined && Math.max(0, now - time) >= minIdle,
    );
    return [
      ...released.sort((a, b) => a.turn - b.turn),
      ...others.sort((a, b) => a.time - b.time || a.turn - b.turn),
    ];
  }

  clone(): Model {
    const copy = new Model();
    for (const name of this.consumers) copy.consumers.add(name);
    for (const [id, held] of this.held) copy.held.set(id, { ...held });
    copy.turn = this.turn;
    return copy;
  }
}

function shown(entry: PendingEntry): unknown[] {
  return [formatId(entry), entry.consumer?.name, entry.deliveredAtMs, entry.deliveryCount];
}

function shownHeld({ id, owner, time, count }: Held): unknown[] {
  return [formatId(id), owner, time, count];
}

function expectSame(group: ConsumerGroup, model: Model): void {
  group.checkInvariants();
  expect([...group.pending].map(shown)).toEqual(model.byId().map(shownHeld));
  expect(group.nackedCount).toBe(model.idle(Number.POSITIVE_INFINITY, 0).length);
  const names = [...model.consumers].sort(compareBytes);
  expect(group.consumerCount).toBe(names.length);
  const has = [...group.consumers()].map(({ name, pending }) => [name, [...pending].map(formatId)]);
  const should = names.map((name) => [
    name,
    model
      .byId()
      .filter(({ owner }) => owner === name)
      .map(({ id }) => formatId(id)),
  ]);
  expect(has).toEqual(should);
}

const NAMES: ByteString[] = [
  'alice',
  'bob',
  'b\u{ffee}',
  'b😀',
  '',
  toByteString(new Uint8Array([0x62, 0xff])),
  toByteString(new Uint8Array([0x62, 0xee])),
];

type Action =
  | { do: 'deliver'; id: StreamId; name: ByteString; count: Integer }
  | { do: 'many'; from: number; name: ByteString }
  | { do: 'acknowledge' | 'addReleased'; id: StreamId }
  | { do: 'assign'; which: number; name: ByteString; back: number; count: Integer }
  | { do: 'release'; which: number; count: Integer }
  | { do: 'removeConsumer' | 'addConsumer'; name: ByteString }
  | { do: 'claim'; name: ByteString; minIdle: number; most: number; as: 'assign' | 'release' | 'acknowledge' }
  | { do: 'look'; minIdle: number }
  | { do: 'clone' }
  | { do: 'pass'; by: number };

interface Step {
  readonly group: number;
  readonly action: Action;
}

const anyId: fc.Arbitrary<StreamId> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ ms: fc.nat(4), seq: fc.nat(6) }) },
  {
    weight: 1,
    arbitrary: fc.record({ ms: fc.constantFrom<Integer>(5, MAX_UINT64 - 1n, MAX_UINT64), seq: fc.nat(2) }),
  },
);
const name = fc.constantFrom(...NAMES);
const count = fc.constantFrom<Integer>(0, 1, 2, 7, 2n ** 63n - 1n);
const minIdle = fc.constantFrom(0, 1, 5, 20);

function action<K extends Action['do'], T>(
  weight: number,
  what: K,
  rest: { [P in keyof T]: fc.Arbitrary<T[P]> },
): fc.WeightedArbitrary<{ do: K } & T> {
  return { weight, arbitrary: fc.record(rest).map((values) => ({ do: what, ...(values as T) })) };
}

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  action(8, 'deliver', { id: anyId, name, count }),
  action(1, 'many', { from: fc.nat(500), name }),
  action(5, 'acknowledge', { id: anyId }),
  action(2, 'addReleased', { id: anyId }),
  action(5, 'assign', { which: fc.nat(), name, back: fc.integer({ min: -10, max: 40 }), count }),
  action(4, 'release', { which: fc.nat(), count }),
  action(1, 'removeConsumer', { name }),
  action(1, 'addConsumer', { name }),
  action(4, 'claim', {
    name,
    minIdle,
    most: fc.integer({ min: 1, max: 12 }),
    as: fc.constantFrom('assign', 'release', 'acknowledge'),
  }),
  action(2, 'look', { minIdle }),
  action(1, 'clone', {}),
  // Now and then a clock goes back.
  action(4, 'pass', { by: fc.integer({ min: -8, max: 20 }) }),
);

const anySteps: fc.Arbitrary<Step[]> = fc.array(fc.record({ group: fc.nat(2), action: anyAction }), {
  maxLength: 80,
  size: 'max',
});

class Pair {
  group: ConsumerGroup;
  model: Model;

  constructor(group: ConsumerGroup, model: Model) {
    this.group = group;
    this.model = model;
  }

  private consumer(name: ByteString, now: number): ReturnType<ConsumerGroup['addConsumer']> {
    this.model.consumers.add(name);
    return this.group.addConsumer(name, now);
  }

  run(step: Action, now: number): void {
    const { group, model } = this;
    switch (step.do) {
      case 'deliver': {
        const consumer = this.consumer(step.name, now);
        const entry = group.deliver(step.id, consumer, now, step.count);
        expect(group.pending.get(step.id)).toBe(entry);
        model.put(step.id, step.name, now, step.count);
        break;
      }
      case 'many': {
        const consumer = this.consumer(step.name, now);
        for (let seq = 0; seq < 300; seq++) {
          group.deliver({ ms: step.from, seq }, consumer, now);
          model.put({ ms: step.from, seq }, step.name, now, 1);
        }
        break;
      }
      case 'acknowledge':
        for (let time = 0; time < 2; time++) {
          const known = model.held.get(formatId(step.id));
          const entry = group.acknowledge(step.id);
          expect(entry === undefined ? undefined : shown(entry)).toEqual(known && shownHeld(known));
          model.held.delete(formatId(step.id));
        }
        break;
      case 'addReleased':
        if (model.held.has(formatId(step.id))) break;
        group.addReleased(step.id, 3);
        model.put(step.id, undefined, 0, 3);
        break;
      case 'assign': {
        const entry = this.pick(step.which);
        if (entry === undefined) break;
        group.assign(entry, this.consumer(step.name, now), now - step.back, step.count);
        model.put(entry, step.name, now - step.back, step.count);
        break;
      }
      case 'release': {
        const entry = this.pick(step.which);
        if (entry === undefined) break;
        group.release(entry, step.count);
        model.put(entry, undefined, 0, step.count);
        break;
      }
      case 'addConsumer': {
        const known = group.consumer(step.name);
        const consumer = this.consumer(step.name, now);
        expect(consumer.name).toBe(step.name);
        if (known === undefined) expect([consumer.seenAtMs, consumer.activeAtMs]).toEqual([now, -1]);
        else expect(consumer).toBe(known);
        break;
      }
      case 'removeConsumer': {
        const had = model.consumers.has(step.name);
        const removed = model.removeConsumer(step.name);
        expect(group.removeConsumer(step.name)?.pending.size).toBe(had ? removed : undefined);
        expect(group.consumer(step.name)).toBe(undefined);
        break;
      }
      case 'claim':
        this.claim(step, now);
        break;
      case 'look':
        expect([...group.idle(step.minIdle, now)].map(shown)).toEqual(
          model.idle(step.minIdle, now).map(shownHeld),
        );
        break;
      case 'clone': {
        // What becomes of the copy must not touch the group that it was taken of.
        const before = this.model.clone();
        this.group = group.clone();
        this.model = before.clone();
        this.group.checkInvariants();
        for (const entry of [...group.pending]) group.acknowledge(entry);
        group.checkInvariants();
        expect(group.pending.size).toBe(0);
        expectSame(this.group, before);
        break;
      }
      case 'pass':
        break;
    }
  }

  /** Takes what lies idle one by one, while the walk goes on. */
  private claim(step: Extract<Action, { do: 'claim' }>, now: number): void {
    const { group, model } = this;
    const consumer = this.consumer(step.name, now);
    const expected = model.idle(step.minIdle, now).slice(0, step.most).map(shownHeld);
    const seen: unknown[][] = [];
    for (const entry of group.idle(step.minIdle, now)) {
      seen.push(shown(entry));
      if (step.as === 'assign') {
        group.assign(entry, consumer, now, 9);
        model.put(entry, step.name, now, 9);
      } else if (step.as === 'release') {
        group.release(entry, 9);
        model.put(entry, undefined, 0, 9);
      } else {
        expect(group.acknowledge(entry)).toBe(entry);
        model.held.delete(formatId(entry));
      }
      if (seen.length === step.most) break;
    }
    expect(seen).toEqual(expected);
  }

  private pick(which: number): PendingEntry | undefined {
    const { pending } = this.group;
    return pending.size === 0 ? undefined : [...pending][which % pending.size];
  }
}

describe('groups beside a naive model', () => {
  test('whatever is delivered, claimed, released, acknowledged, and whoever comes and goes', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const pairs = [0, 1, 2].map((at) => new Pair(new ConsumerGroup(`group${at}`, MIN_ID), new Model()));
        let now = 1000;
        for (const step of steps) {
          if (step.action.do === 'pass') now += step.action.by;
          const pair = pairs[step.group]!;
          pair.run(step.action, now);
          pair.group.checkInvariants();
          expect(pair.group.pending.size).toBe(pair.model.held.size);
        }
        for (const { group, model } of pairs) {
          expectSame(group, model);
          expect([...group.idle(0, now)].map(shown)).toEqual(model.idle(0, now).map(shownHeld));
          expectSame(group, model);
        }
      }),
      { seed: SEED, numRuns: 150 },
    );
  });
});

describe('a group', () => {
  const first: StreamId = { ms: 1, seq: 0 };
  const second: StreamId = { ms: 2, seq: 0 };
  const third: StreamId = { ms: 3, seq: 0 };

  test('begins where it is told, and knows nothing of what was read before', () => {
    const group = new ConsumerGroup('g', second);
    expect([group.name, group.lastDelivered, group.entriesRead]).toEqual(['g', second, -1]);
    expect(new ConsumerGroup('g', second, 12).entriesRead).toBe(12);
  });

  test('keeps the order of those delivered in one millisecond, also those from before anybody asked', () => {
    const group = new ConsumerGroup('g', MIN_ID);
    const alice = group.addConsumer('alice', 5);
    for (const id of [third, first, second]) group.deliver(id, alice, 10);
    expect([...group.idle(0, 10)].map(formatId)).toEqual(['3-0', '1-0', '2-0']);
    group.deliver(third, alice, 10);
    expect([...group.idle(0, 10)].map(formatId)).toEqual(['1-0', '2-0', '3-0']);
  });

  test('puts the released ones first, whoever is idle how long', () => {
    const group = new ConsumerGroup('g', MIN_ID);
    const alice = group.addConsumer('alice', 5);
    const entries = [first, second, third].map((id) => group.deliver(id, alice, 10));
    group.assign(entries[2]!, alice, 0, 1);
    group.release(entries[1]!, 0);
    group.release(entries[0]!, 0);
    expect([...group.idle(7, 10)].map(formatId)).toEqual(['2-0', '1-0', '3-0']);
    expect([...group.idle(11, 10)].map(formatId)).toEqual(['2-0', '1-0']);
    group.release(entries[1]!, 0);
    expect([...group.idle(11, 10)].map(formatId)).toEqual(['1-0', '2-0']);
    expect(group.nackedCount).toBe(2);
  });

  test('takes a time to come for no idleness at all', () => {
    const group = new ConsumerGroup('g', MIN_ID);
    group.deliver(first, group.addConsumer('alice', 5), 100);
    expect([...group.idle(0, 50)].map(formatId)).toEqual(['1-0']);
    expect([...group.idle(1, 50)]).toEqual([]);
  });

  test('ends a walk though each step makes an entry the last', () => {
    const group = new ConsumerGroup('g', MIN_ID);
    const alice = group.addConsumer('alice', 5);
    group.deliver(first, alice, 10);
    group.deliver(second, alice, 10);
    const seen: string[] = [];
    for (const entry of group.idle(0, 10)) {
      seen.push(formatId(entry));
      group.assign(entry, alice, 10, 2);
      group.deliver({ ms: 9, seq: seen.length }, alice, 10);
    }
    expect(seen).toEqual(['1-0', '2-0']);
  });

  test('lists its consumers in byte order, and goes on listing those that leave meanwhile', () => {
    const group = new ConsumerGroup('g', MIN_ID);
    for (const each of NAMES) group.addConsumer(each, 1);
    const sorted = NAMES.toSorted(compareBytes);
    const listed: ByteString[] = [];
    for (const consumer of group.consumers()) {
      listed.push(consumer.name);
      group.removeConsumer(consumer.name);
    }
    expect(listed).toEqual(sorted);
    expect(group.consumerCount).toBe(0);
    expect([...group.consumers()]).toEqual([]);
  });

  test('is copied with what its consumers did', () => {
    const group = new ConsumerGroup('g', second, 2);
    const alice = group.addConsumer('alice', 5);
    alice.activeAtMs = 6;
    group.addConsumer('bob', 7);
    const copy = group.clone();
    alice.seenAtMs = 100;
    expect([copy.name, copy.lastDelivered, copy.entriesRead]).toEqual(['g', second, 2]);
    const seen = copy.consumers().map((each) => [each.name, each.seenAtMs, each.activeAtMs]);
    expect(seen).toEqual([
      ['alice', 5, 6],
      ['bob', 7, -1],
    ]);
  });
});
