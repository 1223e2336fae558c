import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHUNK_CAPACITY } from '../../src/structures/lists/chunks.ts';
import { QuickList } from '../../src/structures/lists/quick-list.ts';
import { Ring } from '../../src/structures/lists/ring.ts';

const SEED = 20240607;

/** A list and its naive model, changed alike; `check` compares all that can be seen of them. */
class Pair {
  list = new QuickList();
  model: string[] = [];

  push(values: string[], atHead: boolean): void {
    for (const value of values) {
      if (atHead) {
        this.list.pushHead(value);
        this.model.unshift(value);
      } else {
        this.list.pushTail(value);
        this.model.push(value);
      }
    }
  }

  pop(times: number, atHead: boolean): void {
    for (let time = 0; time < times; time++) {
      if (atHead) expect(this.list.popHead()).toBe(this.model.shift());
      else expect(this.list.popTail()).toBe(this.model.pop());
    }
  }

  insert(index: number, value: string): void {
    this.list.insert(index, value);
    this.model.splice(index, 0, value);
  }

  deleteRange(start: number, count: number): void {
    expect(this.list.deleteRange(start, count)).toBe(this.model.splice(start, count).length);
  }

  trim(start: number, stop: number): void {
    this.list.trim(start, stop);
    this.model = this.model.slice(start, stop + 1);
  }

  removeMatching(value: string, count: number): void {
    const kept = removeNaively(this.model, value, count);
    expect(this.list.removeMatching(value, count)).toBe(this.model.length - kept.length);
    this.model = kept;
  }

  check(): void {
    this.list.checkInvariants();
    expect(this.list.size).toBe(this.model.length);
    expect(this.list.toArray()).toEqual(this.model);
  }
}

function removeNaively(values: string[], value: string, count: number): string[] {
  let left = count === 0 ? Number.POSITIVE_INFINITY : Math.abs(count);
  const ordered = count < 0 ? values.toReversed() : values;
  const kept = ordered.filter((element) => element !== value || left-- <= 0);
  return count < 0 ? kept.reverse() : kept;
}

function numbered(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => `v${from + index}`);
}

/** A fraction of whatever the list's size will be. */
const place = fc.double({ min: 0, max: 1, noNaN: true });
/** Mostly few, at times enough for several chunks. */
const amount = fc.oneof(
  { weight: 3, arbitrary: fc.nat({ max: 5 }) },
  { weight: 2, arbitrary: fc.nat({ max: CHUNK_CAPACITY * 3 }) },
);
const value = fc.constantFrom('a', 'b', 'c', 'd', '\udcff', '');
const step = fc.oneof(
  fc.record({
    op: fc.constant('push' as const),
    amount,
    values: fc.array(value, { minLength: 1 }),
    atHead: fc.boolean(),
  }),
  fc.record({ op: fc.constant('pop' as const), amount, atHead: fc.boolean() }),
  fc.record({ op: fc.constant('insert' as const), amount, place, value }),
  fc.record({ op: fc.constant('set' as const), place, value }),
  fc.record({ op: fc.constant('delete' as const), place }),
  fc.record({ op: fc.constant('deleteRange' as const), place, amount }),
  fc.record({ op: fc.constant('trim' as const), place, until: place }),
  fc.record({
    op: fc.constant('removeMatching' as const),
    value,
    count: fc.integer({ min: -600, max: 600 }),
  }),
  fc.record({ op: fc.constant('clone' as const) }),
  fc.record({ op: fc.constant('read' as const), place, amount, value }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function run(pair: Pair, action: Step): void {
  const size = pair.model.length;
  switch (action.op) {
    case 'push': {
      const values = Array.from(
        { length: action.amount },
        (_, at) => action.values[at % action.values.length]!,
      );
      pair.push(values, action.atHead);
      break;
    }
    case 'pop':
      pair.pop(action.amount, action.atHead);
      break;
    case 'insert': {
      const index = Math.floor(action.place * size);
      for (let time = 0; time < action.amount; time++) pair.insert(index, action.value);
      break;
    }
    case 'set': {
      if (size === 0) break;
      const index = Math.min(size - 1, Math.floor(action.place * size));
      pair.list.set(index, action.value);
      pair.model[index] = action.value;
      break;
    }
    case 'delete': {
      if (size === 0) break;
      const index = Math.min(size - 1, Math.floor(action.place * size));
      expect(pair.list.delete(index)).toBe(pair.model.splice(index, 1)[0]);
      break;
    }
    case 'deleteRange':
      pair.deleteRange(Math.floor(action.place * size), action.amount);
      break;
    case 'trim':
      pair.trim(Math.floor(action.place * size), Math.floor(action.until * size));
      break;
    case 'removeMatching':
      pair.removeMatching(action.value, action.count);
      break;
    case 'clone': {
      const original = pair.list;
      pair.list = original.clone();
      original.pushTail('only here');
      original.popHead();
      original.removeMatching('a', 0);
      original.checkInvariants();
      break;
    }
    case 'read':
      compareReads(pair, Math.floor(action.place * size), action.amount, action.value);
      break;
  }
}

function compareReads(pair: Pair, start: number, count: number, sought: string): void {
  const { list, model } = pair;
  const visited: string[] = [];
  list.forEach(start, count, (element) => visited.push(element));
  expect(visited).toEqual(model.slice(start, start + count));
  expect(list.toArray(start, start + count - 1)).toEqual(model.slice(start, start + count));
  if (start >= model.length) return;
  expect(list.get(start)).toBe(model[start]);
  expect(list.indexOf(sought, start)).toBe(model.indexOf(sought, start));
  expect(list.indexOf(sought, start, -1)).toBe(model.lastIndexOf(sought, start));
  const seen: string[] = [];
  const stop = Math.max(0, start - count);
  const found = list.findIndex(start, -1, (element, index) => {
    seen.push(element);
    return index === stop;
  });
  expect(found).toBe(stop);
  expect(seen).toEqual(model.slice(stop, start + 1).reverse());
}

describe('a list', () => {
  it('does what an array does, whatever the sequence', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
        const pair = new Pair();
        for (const action of steps) {
          run(pair, action);
          pair.check();
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('does what an array does when it starts with many chunks', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 20, size: 'max' }), (steps) => {
        const pair = new Pair();
        pair.push(numbered(CHUNK_CAPACITY * 6), false);
        for (const action of steps) {
          run(pair, action);
          pair.check();
        }
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  it('is empty at first and after its last element went', () => {
    const list = new QuickList();
    expect([list.size, list.popHead(), list.popTail(), list.toArray()]).toEqual([
      0,
      undefined,
      undefined,
      [],
    ]);
    list.pushHead('a');
    expect(list.popTail()).toBe('a');
    expect([list.size, list.popHead(), list.indexOf('a')]).toEqual([0, undefined, -1]);
    list.checkInvariants();
  });

  it.each([true, false])('finds every index after growing at one end only (head: %s)', (atHead) => {
    const pair = new Pair();
    pair.push(numbered(CHUNK_CAPACITY * 5 + 7), atHead);
    for (let index = 0; index < pair.model.length; index++)
      expect(pair.list.get(index)).toBe(pair.model[index]);
  });

  it('finds every index after insertions filled the middle unevenly', () => {
    const pair = new Pair();
    pair.push(numbered(CHUNK_CAPACITY * 4), false);
    for (let time = 0; time < CHUNK_CAPACITY * 2; time++) pair.insert(700 + (time % 3) * 500, `x${time}`);
    pair.check();
    for (let index = 0; index < pair.model.length; index++)
      expect(pair.list.get(index)).toBe(pair.model[index]);
  });

  it('as a queue keeps as many chunks as its elements need, however long it runs', () => {
    const list = new QuickList();
    for (const element of numbered(CHUNK_CAPACITY * 2)) list.pushTail(element);
    for (let turn = 0; turn < CHUNK_CAPACITY * 40; turn++) {
      list.pushTail(`t${turn}`);
      expect(list.popHead()).toBe(turn < CHUNK_CAPACITY * 2 ? `v${turn}` : `t${turn - CHUNK_CAPACITY * 2}`);
    }
    list.checkInvariants();
    expect(slotsOf(list)).toBeLessThanOrEqual(CHUNK_CAPACITY * 4);
  });

  it('gives its memory back when it becomes short, by pops or by removals', () => {
    const popped = new Pair();
    popped.push(numbered(CHUNK_CAPACITY * 3), false);
    popped.pop(CHUNK_CAPACITY * 3 - 5, true);
    popped.check();
    expect(slotsOf(popped.list)).toBeLessThanOrEqual(64);

    const trimmed = new Pair();
    trimmed.push(numbered(CHUNK_CAPACITY * 3), false);
    trimmed.trim(900, 904);
    trimmed.check();
    expect(slotsOf(trimmed.list)).toBeLessThanOrEqual(64);
  });

  it('joins what deletions left over, so that chunks do not stay nearly empty', () => {
    const pair = new Pair();
    const values = Array.from({ length: CHUNK_CAPACITY * 20 }, (_, at) =>
      at % 100 === 0 ? `k${at}` : 'gone',
    );
    pair.push(values, false);
    pair.removeMatching('gone', 0);
    pair.check();
    expect(slotsOf(pair.list)).toBeLessThanOrEqual(CHUNK_CAPACITY * 2);
  });

  it.each([
    [2, ['b', 'b', 'a', 'a']],
    [-2, ['a', 'b', 'a', 'b']],
    [0, ['b', 'b']],
    [9, ['b', 'b']],
  ])('removes matches as LREM does, count %i', (count, kept) => {
    const list = new QuickList();
    for (const element of ['a', 'b', 'a', 'b', 'a', 'a']) list.pushTail(element);
    expect(list.removeMatching('a', count)).toBe(6 - kept.length);
    expect(list.toArray()).toEqual(kept);
  });

  it('keeps byte strings that differ in one byte apart', () => {
    const list = new QuickList();
    for (const element of ['\udcff', '\udcfe', 'ÿ']) list.pushTail(element);
    expect([list.indexOf('\udcfe'), list.indexOf('ÿ'), list.removeMatching('\udcff', 0)]).toEqual([1, 2, 1]);
    expect(list.toArray()).toEqual(['\udcfe', 'ÿ']);
  });
});

describe('checkInvariants', () => {
  it('notices a popped element that is still held', () => {
    const ring = new Ring<string>();
    ring.pushTail('a');
    ring.pushTail('b');
    ring.count--;
    expect(() => ring.checkInvariants()).toThrow('slot');
  });

  it('notices chunks whose numbers do not follow on each other', () => {
    const list = new QuickList();
    for (const element of numbered(CHUNK_CAPACITY * 2)) list.pushTail(element);
    list['tail'].position++;
    expect(() => list.checkInvariants()).toThrow('3:');
  });
});

/** How many slots the chunks have, used or not. */
function slotsOf(list: QuickList): number {
  let slots = 0;
  for (let at = 0; at < list['chunkCount'](); at++) slots += list['chunkAt'](at).slots.length;
  return slots;
}
