import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Store } from '../../src/index.ts';
import {
  type Claiming,
  GroupModel,
  LARGEST_COUNT,
  type PendingOfModel,
  type ReferencesOfModel,
  StreamModel,
} from './pending-model.ts';

// Typed calls on one stream with two groups, beside a model that is nothing but lists.

const SEED = 20_270_115;
const START_MS = 1_000_000;
const GROUPS = ['audit', 'mail'] as const;
const CONSUMERS = ['alice', 'bob', 'carol'] as const;
const KEY = 'events';

type NackMode = 'silent' | 'fail' | 'fatal';

type Action =
  | { do: 'add'; many: number; maxlen: number | undefined; references: ReferencesOfModel }
  | { do: 'read'; most: number; isAcknowledged: boolean }
  | { do: 'again'; after: number; most: number }
  | { do: 'claimOldest'; minIdle: number; most: number; isAcknowledged: boolean }
  | { do: 'acknowledge'; ids: number[] }
  | { do: 'claim'; ids: number[]; claiming: Claiming }
  | { do: 'autoclaim'; start: number; most: number; minIdle: number; isJustId: boolean }
  | { do: 'release'; ids: number[]; mode: NackMode; retrycount: number | undefined; force: boolean }
  | { do: 'delete'; ids: number[] }
  | { do: 'deleteWith'; ids: number[]; references: ReferencesOfModel }
  | { do: 'acknowledgeAndDelete'; ids: number[]; references: ReferencesOfModel }
  | { do: 'trim'; by: 'maxlen' | 'minid'; to: number; references: ReferencesOfModel }
  | { do: 'addConsumer' }
  | { do: 'removeConsumer' }
  | { do: 'restart'; at: number }
  | { do: 'setid'; at: number }
  | { do: 'copy' }
  | { do: 'pass'; ms: number };

interface Step {
  readonly group: (typeof GROUPS)[number];
  readonly consumer: (typeof CONSUMERS)[number];
  readonly action: Action;
}

/** An id among the last ones, or (0 and beyond) one that never was: by its distance from the last. */
const back = fc.integer({ min: -1, max: 14 });
const ids = fc.array(back, { minLength: 1, maxLength: 5, size: 'max' });
const most = fc.constantFrom(1, 2, 3, 5, 100);
const minIdle = fc.constantFrom(0, 1, 10, 50, 1000);
const references = fc.constantFrom<ReferencesOfModel>('keepref', 'delref', 'acked');
const retrycount = fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined });
const rarely = fc.integer({ min: 0, max: 3 }).map((chance) => chance === 0);

function action<K extends Action['do'], T>(
  weight: number,
  what: K,
  rest: { [P in keyof T]: fc.Arbitrary<T[P]> },
): fc.WeightedArbitrary<{ do: K } & T> {
  return { weight, arbitrary: fc.record(rest).map((values) => ({ do: what, ...(values as T) })) };
}

const claiming: fc.Arbitrary<Claiming> = fc.record({
  minIdle,
  idle: fc.option(fc.constantFrom(0, 5, 60, 2000, 2 * START_MS), { nil: undefined }),
  retrycount,
  force: rarely,
  lastId: fc.option(back, { nil: undefined, freq: 9 }).map((distance) => distance ?? undefined),
  isJustId: fc.boolean(),
});

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  action(10, 'add', {
    many: fc.integer({ min: 1, max: 12 }),
    maxlen: fc.option(fc.nat(12), { nil: undefined, freq: 3 }),
    references,
  }),
  action(12, 'read', { most, isAcknowledged: rarely }),
  action(5, 'again', { after: back, most }),
  action(7, 'claimOldest', { minIdle, most, isAcknowledged: rarely }),
  action(7, 'acknowledge', { ids }),
  action(7, 'claim', { ids, claiming }),
  action(6, 'autoclaim', { start: fc.oneof(back, fc.constant(1000)), most, minIdle, isJustId: fc.boolean() }),
  action(7, 'release', {
    ids,
    mode: fc.constantFrom<NackMode>('silent', 'fail', 'fatal'),
    retrycount,
    force: rarely,
  }),
  action(3, 'delete', { ids }),
  action(3, 'deleteWith', { ids, references }),
  action(3, 'acknowledgeAndDelete', { ids, references }),
  action(2, 'trim', { by: fc.constantFrom('maxlen', 'minid'), to: fc.nat(14), references }),
  action(2, 'addConsumer', {}),
  action(2, 'removeConsumer', {}),
  action(1, 'restart', { at: back }),
  action(1, 'setid', { at: back }),
  action(1, 'copy', {}),
  action(8, 'pass', { ms: fc.constantFrom(1, 5, 10, 45, 1000) }),
);

const anySteps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    group: fc.constantFrom(...GROUPS),
    consumer: fc.constantFrom(...CONSUMERS),
    action: anyAction,
  }),
  { minLength: 5, maxLength: 70, size: 'max' },
);

function textOf(id: number): string {
  return `${id}-0`;
}

class Machine {
  readonly model = new StreamModel(START_MS);
  readonly store = new Store({ clock: { now: () => START_MS } });

  constructor() {
    for (const group of GROUPS) {
      this.store.xgroupCreate(KEY, group, '0', { mkstream: true });
      this.model.groups.set(group, new GroupModel(0));
    }
  }

  /** The id that is so far from the last one. */
  private idAt(distance: number): number {
    return Math.max(0, this.model.lastId - distance);
  }

  private idsAt(distances: readonly number[]): number[] {
    // 0-0 is an id as good as any, and that of no entry.
    return distances.map((distance) => this.idAt(distance));
  }

  run({ group, consumer, action: step }: Step): void {
    const { store, model } = this;
    switch (step.do) {
      case 'add':
        this.add(step.many, step.maxlen, step.references);
        break;
      case 'read': {
        const options = { count: step.most, noack: step.isAcknowledged };
        const found = entriesOf(store.xreadgroup(group, consumer, [KEY], options));
        const expected = model.readNew(group, consumer, step.most, step.isAcknowledged);
        expect(found.map(({ id, fields }) => [id, fields['n']])).toEqual(
          expected.map((id) => [textOf(id), String(id)]),
        );
        break;
      }
      case 'again': {
        const after = this.idAt(step.after);
        const streams = { [KEY]: textOf(after) };
        const found = entriesOf(store.xreadgroupPending(group, consumer, streams, { count: step.most }));
        const expected = model.readAgain(group, consumer, after, step.most);
        expect(found.map(({ id, fields }) => [id, fields === null ? null : fields['n']])).toEqual(
          expected.map(([id, isThere]) => [textOf(id), isThere ? String(id) : null]),
        );
        // Whether that makes it active is for other tests.
        model.groups.get(group)!.consumers.get(consumer)!.isActiveKnown = false;
        break;
      }
      case 'claimOldest':
        this.claimOldest(group, consumer, step);
        break;
      case 'acknowledge': {
        const ids = this.idsAt(step.ids);
        const dropped = ids.filter((id) => model.groups.get(group)!.drop(id)).length;
        expect(store.xack(KEY, group, ids.map(textOf))).toBe(dropped);
        break;
      }
      case 'claim':
        this.claim(group, consumer, this.idsAt(step.ids), step.claiming);
        break;
      case 'autoclaim': {
        const start = this.idAt(step.start);
        const { isJustId } = step;
        const options = { count: step.most };
        const { cursor, entries, deletedIds } = isJustId
          ? store.xautoclaimJustid(KEY, group, consumer, step.minIdle, textOf(start), options)
          : store.xautoclaim(KEY, group, consumer, step.minIdle, textOf(start), options);
        const claimed = entries.map((entry) => (typeof entry === 'string' ? entry : entry.id));
        const expected = model.autoclaim(group, consumer, start, step.most, {
          minIdle: step.minIdle,
          isJustId,
        });
        expect({ cursor, claimed, deletedIds }).toEqual({
          cursor: textOf(expected.cursor),
          claimed: expected.claimed.map(textOf),
          deletedIds: expected.deleted.map(textOf),
        });
        break;
      }
      case 'release': {
        const ids = this.idsAt(step.ids);
        const { mode, retrycount: count, force } = step;
        const options = { force, ...(count === undefined ? {} : { retrycount: count }) };
        expect(store.xnack(KEY, group, mode, ids.map(textOf), options)).toBe(
          model.release(group, mode, ids, count, force),
        );
        break;
      }
      case 'delete': {
        const ids = this.idsAt(step.ids);
        expect(store.xdel(KEY, ids.map(textOf))).toBe(model.delete(ids));
        break;
      }
      case 'deleteWith': {
        // What the server says of an id that is gone, but pending, is for other tests.
        const ids = this.idsAt(step.ids).filter((id) => model.live.includes(id));
        if (new Set(ids).size !== ids.length || ids.length === 0) break;
        const { references: policy } = step;
        expect(store.xdelex(KEY, ids.map(textOf), { references: policy })).toEqual(
          model.deleteWith(ids, policy),
        );
        break;
      }
      case 'acknowledgeAndDelete': {
        const ids = this.idsAt(step.ids);
        const { references: policy } = step;
        expect(store.xackdel(KEY, group, ids.map(textOf), { references: policy })).toEqual(
          model.acknowledgeAndDelete(group, ids, policy),
        );
        break;
      }
      case 'trim': {
        const { by, references: policy } = step;
        if (by === 'maxlen') {
          const removed = store.xtrim(KEY, { maxlen: step.to, references: policy });
          expect(removed).toBe(model.trim((_, left) => left > step.to, policy));
        } else {
          const least = this.idAt(step.to);
          const removed = store.xtrim(KEY, { minid: textOf(least), references: policy });
          expect(removed).toBe(model.trim((id) => id < least, policy));
        }
        break;
      }
      case 'addConsumer': {
        const { consumers } = model.groups.get(group)!;
        const isNew = !consumers.has(consumer);
        expect(store.xgroupCreateconsumer(KEY, group, consumer)).toBe(isNew ? 1 : 0);
        if (isNew) consumers.set(consumer, { seen: model.now, active: -1, isActiveKnown: true });
        break;
      }
      case 'removeConsumer':
        expect(store.xgroupDelconsumer(KEY, group, consumer)).toBe(model.removeConsumer(group, consumer));
        break;
      case 'restart': {
        const at = this.idAt(step.at);
        expect(store.xgroupDestroy(KEY, group)).toBe(1);
        store.xgroupCreate(KEY, group, textOf(at));
        model.groups.set(group, new GroupModel(at));
        break;
      }
      case 'setid': {
        const at = this.idAt(step.at);
        store.xgroupSetid(KEY, group, textOf(at));
        model.groups.get(group)!.setId(at);
        break;
      }
      case 'copy':
        // What becomes of the original must not touch the copy, which is gone on with.
        expect(store.copy(KEY, 'other')).toBe(1);
        for (const name of GROUPS) {
          store.xreadgroup(name, 'mallory', [KEY]);
          store.xautoclaim(KEY, name, 'mallory', 0, '0', { count: 1000 });
        }
        expect(store.rename('other', KEY)).toBe('OK');
        break;
      case 'pass':
        model.now += step.ms;
        store.advance(step.ms);
        break;
    }
  }

  private add(many: number, maxlen: number | undefined, policy: ReferencesOfModel): void {
    const { store, model } = this;
    for (let count = 0; count < many; count++) {
      const id = model.add();
      const trimming = maxlen === undefined ? {} : { maxlen, references: policy };
      expect(store.xadd(KEY, { n: String(id) }, { id: textOf(id), ...trimming })).toBe(textOf(id));
      if (maxlen !== undefined) model.trim((_, left) => left > maxlen, policy);
    }
  }

  private claimOldest(group: string, consumer: string, step: Extract<Action, { do: 'claimOldest' }>): void {
    const { store, model } = this;
    const options = { count: step.most, noack: step.isAcknowledged };
    const found = entriesOf(store.xreadgroupClaim(group, consumer, [KEY], step.minIdle, options));
    const claimed = model.claimOldest(group, consumer, step.minIdle, step.most);
    const left = step.most - claimed.length;
    const added = left === 0 ? [] : model.readNew(group, consumer, left, step.isAcknowledged);
    expect(found.map(({ id, idleMs, deliveryCount }) => [id, idleMs, deliveryCount])).toEqual([
      ...claimed.map(({ id, time, count }) => [textOf(id), model.now - time, count]),
      ...added.map((id) => [textOf(id), 0, 0]),
    ]);
  }

  private claim(group: string, consumer: string, ids: number[], given: Claiming): void {
    const { store, model } = this;
    const lastId = given.lastId === undefined ? undefined : this.idAt(given.lastId);
    const options = {
      ...(given.idle === undefined ? {} : { idle: given.idle }),
      ...(given.retrycount === undefined ? {} : { retrycount: given.retrycount }),
      ...(lastId === undefined ? {} : { lastid: textOf(lastId) }),
      force: given.force === true,
    };
    const texts = ids.map(textOf);
    const claimed = given.isJustId
      ? store.xclaimJustid(KEY, group, consumer, given.minIdle, texts, options)
      : store.xclaim(KEY, group, consumer, given.minIdle, texts, options).map(({ id }) => id);
    expect(claimed).toEqual(model.claim(group, consumer, ids, { ...given, lastId }).map(textOf));
  }

  /** Who has what. */
  check(): void {
    const { store, model } = this;
    expect(store.xlen(KEY)).toBe(model.live.length);
    for (const [name, group] of model.groups) {
      expect(store.xpendingRange(KEY, name, '-', '+', 1000)).toEqual(
        group.byId().map((entry) => this.details(entry)),
      );
    }
  }

  /** Everything that can be asked of it. */
  checkAll(): void {
    const { store, model } = this;
    expect(store.xrange(KEY, '-', '+').map(({ id }) => id)).toEqual(model.live.map(textOf));
    const groups = store.xinfoGroups(KEY);
    expect(groups.map(({ name }) => name)).toEqual([...GROUPS]);
    const full = store.xinfoStreamFull(KEY, { count: 0 });
    for (const [at, name] of GROUPS.entries()) {
      const group = model.groups.get(name)!;
      const info = groups[at]!;
      const pending = group.byId();
      const byConsumer = [...group.consumers.keys()].sort().map((owner) => ({
        name: owner,
        count: group.byId(owner).length,
      }));
      expect(store.xpending(KEY, name)).toEqual({
        count: pending.length,
        minId: pending.length === 0 ? null : textOf(pending[0]!.id),
        maxId: pending.length === 0 ? null : textOf(pending.at(-1)!.id),
        consumers: byConsumer.filter(({ count }) => count > 0),
      });
      this.checkRanges(name, group);
      expect([info.pending, info.consumers, info.lastDeliveredId]).toEqual([
        pending.length,
        group.consumers.size,
        textOf(group.lastDelivered),
      ]);
      expect(full.groups[at]!.nackedCount).toBe(pending.filter(({ owner }) => owner === undefined).length);
      this.checkLag(group, info.lag);
      this.checkConsumers(name, group);
    }
  }

  private details(entry: PendingOfModel): object {
    return {
      id: textOf(entry.id),
      consumer: entry.owner ?? '',
      idleMs: this.model.idleOf(entry),
      deliveryCount: entry.count,
    };
  }

  private checkRanges(name: string, group: GroupModel): void {
    const { store, model } = this;
    const all = group.byId();
    const idle = all.filter((entry) => entry.owner === undefined || model.idleOf(entry) >= 20);
    expect(store.xpendingRange(KEY, name, '-', '+', 1000, { idle: 20 })).toEqual(
      idle.map((entry) => this.details(entry)),
    );
    for (const consumer of CONSUMERS) {
      expect(store.xpendingRange(KEY, name, '-', '+', 1000, { consumer })).toEqual(
        group.byId(consumer).map((entry) => this.details(entry)),
      );
    }
  }

  private checkConsumers(name: string, group: GroupModel): void {
    const { store, model } = this;
    const expected = [...group.consumers].sort(([a], [b]) => (a < b ? -1 : 1));
    const infos = store.xinfoConsumers(KEY, name);
    expect(infos.map(({ name: owner, pending, idle }) => [owner, pending, idle])).toEqual(
      expected.map(([owner, { seen }]) => [owner, group.byId(owner).length, model.now - seen]),
    );
    for (const [at, [, { active, isActiveKnown }]] of expected.entries()) {
      if (isActiveKnown) expect(infos[at]!.inactive).toBe(active < 0 ? -1 : model.now - active);
    }
  }

  /** What is left to be given is known, or it is said that it is not; it is known if nothing made that hard. */
  private checkLag(group: GroupModel, lag: number | bigint | null): void {
    const { model } = this;
    if (group.isMiscounted || model.hasHoles) return;
    if (lag !== null) expect(lag).toBe(model.left(group));
    else expect(group.startsAtZero && !model.hasDeleted).toBe(false);
  }
}

function entriesOf<E>(read: readonly { readonly key: string; readonly entries: E[] }[]): E[] {
  expect(read.every(({ key }) => key === KEY)).toBe(true);
  expect(read.length).toBeLessThan(2);
  return read[0]?.entries ?? [];
}

describe('what is pending, beside a naive model', () => {
  test('whatever is delivered, claimed, released, acknowledged, deleted and trimmed', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const machine = new Machine();
        for (const [at, step] of steps.entries()) {
          machine.run(step);
          machine.check();
          if (at % 10 === 9) machine.checkAll();
        }
        machine.checkAll();
      }),
      { seed: SEED, numRuns: 150 },
    );
  });
});

describe('what is pending', () => {
  function delivered(many: number): Store {
    const store = new Store();
    store.xgroupCreate(KEY, 'mail', '0', { mkstream: true });
    for (let id = 1; id <= many; id++) store.xadd(KEY, { n: String(id) }, { id: textOf(id) });
    store.xreadgroup('mail', 'alice', [KEY]);
    return store;
  }

  test('goes with the entries that are trimmed, also after one that is not pending', () => {
    const store = delivered(3);
    store.xack(KEY, 'mail', ['1-0']);
    expect(store.xtrim(KEY, { maxlen: 0, references: 'delref' })).toBe(3);
    expect(store.xpending(KEY, 'mail').count).toBe(0);
  });

  test('keeps the greatest count, whichever way it is claimed', () => {
    const store = delivered(1);
    const count = (): unknown => store.xpendingRange(KEY, 'mail', '-', '+', 1)[0]?.deliveryCount;
    expect(store.xnack(KEY, 'mail', 'fatal', ['1-0'])).toBe(1);
    expect(count()).toBe(LARGEST_COUNT);
    expect(store.xclaim(KEY, 'mail', 'bob', 0, ['1-0'])).toHaveLength(1);
    expect(count()).toBe(LARGEST_COUNT);
    expect(store.xautoclaim(KEY, 'mail', 'carol', 0, '0').entries).toHaveLength(1);
    expect(count()).toBe(LARGEST_COUNT);
    const [claimed] = store.xreadgroupClaim('mail', 'alice', [KEY], 0);
    expect(claimed?.entries[0]?.deliveryCount).toBe(LARGEST_COUNT);
    expect(count()).toBe(LARGEST_COUNT);
  });
});
