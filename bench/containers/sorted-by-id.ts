/**
 * Items in the order of stream ids: SortedById beside `sorted-btree` (a BTree from id to item), in one process.
 * Processor time, and the ratio of ours to theirs.
 *
 *     npx tsx --expose-gc bench/containers/sorted-by-id.ts
 */
import SortedBTree from 'sorted-btree';
import { SortedById } from '../../src/streams/sorted-by-id.ts';
import { compareIds, type StreamId } from '../../src/streams/stream-id.ts';
import { usedBytes } from '../heap.ts';

const BTree = (SortedBTree as unknown as { default?: typeof SortedBTree }).default ?? SortedBTree;
const START_MS = 1_700_000_000_000;
const OPERATIONS = 300_000;

interface Item extends StreamId {
  readonly number: number;
}

interface Subject {
  set(item: Item): void;
  get(id: StreamId): Item | undefined;
  delete(id: StreamId): void;
  after(id: StreamId): Item | undefined;
  sumFrom(id: StreamId, count: number): number;
  first(): Item | undefined;
}

function ours(): Subject {
  const items = new SortedById<Item>();
  return {
    set: (item) => items.set(item),
    get: (id) => items.get(id),
    delete: (id) => items.delete(id),
    after: (id) => items.after(id),
    sumFrom: (id, count) => {
      let left = count;
      let sum = 0;
      for (const item of items.from(id)) {
        sum += item.number;
        if (--left === 0) break;
      }
      return sum;
    },
    first: () => items.first,
  };
}

function theirs(): Subject {
  const items = new BTree<StreamId, Item>(undefined, compareIds);
  return {
    set: (item) => items.set(item, item),
    get: (id) => items.get(id),
    delete: (id) => items.delete(id),
    after: (id) => items.nextHigherPair(id)?.[1],
    sumFrom: (id, count) => {
      let left = count;
      let sum = 0;
      for (const item of items.values(id)) {
        sum += item.number;
        if (--left === 0) break;
      }
      return sum;
    },
    first: () => {
      const key = items.minKey();
      return key === undefined ? undefined : items.get(key);
    },
  };
}

let state = 1;
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

function idOf(number: number): StreamId {
  return { ms: START_MS + 2 * number, seq: number & 1 };
}

/** Nanoseconds of processor time per operation. */
function time(operations: number, run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1000) / operations;
}

let sink = 0;

function figures(make: () => Subject, size: number): Map<string, number> {
  const rounds = Math.max(1, Math.floor(OPERATIONS / size));
  const items = Array.from({ length: size }, (_, number): Item => ({ ...idOf(number), number }));
  const anywhere = Array.from({ length: size }, (_, number) => number);
  for (let at = size - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [anywhere[at], anywhere[other]] = [anywhere[other]!, anywhere[at]!];
  }
  const ids = anywhere.map(idOf);
  const some = ids.slice(0, OPERATIONS);
  const result = new Map<string, number>();
  const before = usedBytes();
  let subjects = Array.from({ length: rounds }, make);
  /** So many operations each, in every subject. */
  const measure = (name: string, operations: number, run: (subject: Subject) => void): void => {
    const ns = time(operations * rounds, () => {
      for (const subject of subjects) run(subject);
    });
    result.set(name, ns);
  };
  measure('append', size, (subject) => {
    for (const item of items) subject.set(item);
  });
  result.set('bytes per item', (usedBytes() - before) / (size * rounds));
  measure('get, anywhere', some.length, (subject) => {
    for (const id of some) sink += subject.get(id)!.number;
  });
  measure('after, anywhere', some.length, (subject) => {
    for (const id of some) sink += subject.after(id)?.number ?? 0;
  });
  measure('walk over 100, each', some.length * 10, (subject) => {
    for (let at = 0; at < some.length / 10; at++) sink += subject.sumFrom(some[at]!, 100);
  });
  measure('walk over all, each', size, (subject) => {
    sink += subject.sumFrom(items[0]!, size);
  });
  measure('delete, anywhere, until none is left', size, (subject) => {
    for (const id of ids) subject.delete(id);
  });
  subjects = Array.from({ length: rounds }, make);
  measure('set, in no order', size, (subject) => {
    for (const number of anywhere) subject.set(items[number]!);
  });
  measure('delete the first, until none is left', size, (subject) => {
    for (let item = subject.first(); item !== undefined; item = subject.first()) subject.delete(item);
  });
  return result;
}

for (const make of [ours, theirs]) for (let times = 0; times < 2; times++) figures(make, 1000);
for (const size of [1000, 1_000_000]) {
  const own = figures(ours, size);
  const other = figures(theirs, size);
  console.log(
    `\n${size} items`.padEnd(42),
    'ours'.padStart(9),
    'sorted-btree'.padStart(13),
    'ratio'.padStart(8),
  );
  for (const [name, figure] of own) {
    const figureOfOther = other.get(name)!;
    console.log(
      name.padEnd(41),
      figure.toFixed(1).padStart(9),
      figureOfOther.toFixed(1).padStart(13),
      (figure / figureOfOther).toFixed(2).padStart(8),
    );
  }
}
if (sink === 0) throw new Error('nothing was done');
