/**
 * The list container beside a JavaScript array and mnemonist's structures, all in one run:
 *
 *     npx tsx --expose-gc bench/containers/list-container.ts
 *
 * Each figure is nanoseconds (or bytes), then in brackets its ratio to the list: 2.00x took twice as long.
 * What would take minutes (an array shifted a million times from its head) is left out and says so.
 */
import { FixedDeque as Deque, LinkedList, Queue } from 'mnemonist';
import { QuickList } from '../../src/structures/lists/quick-list.ts';
import { collectGarbage } from '../heap.ts';

const SIZES = [1_000, 100_000, 1_000_000];
const ROUNDS = 7;

interface Contestant {
  name: string;
  /** The total number of operations, done at once. */
  run: () => number;
}

let sink: unknown;

/** The best of several rounds, the contestants taking turns. */
function compare(title: string, contestants: Contestant[]): void {
  const best = contestants.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, contestant] of contestants.entries()) {
      collectGarbage();
      const started = process.hrtime.bigint();
      const operations = contestant.run();
      const elapsedNs = Number(process.hrtime.bigint() - started) / operations;
      best[at] = Math.min(best[at]!, elapsedNs);
    }
  }
  print(
    title,
    contestants.map((contestant) => contestant.name),
    best,
    'ns',
  );
}

function print(title: string, names: string[], figures: number[], unit: string): void {
  const cells = names.map((name, at) => {
    const ratio = (figures[at]! / figures[0]!).toFixed(2);
    return `${name} ${figures[at]!.toFixed(1)} ${unit}${at === 0 ? '' : ` (${ratio}x)`}`;
  });
  console.log(`${title.padEnd(34)} ${cells.join('   ')}`);
}

function fill<L>(values: string[], list: L, push: (list: L, value: string) => void): L {
  for (const value of values) push(list, value);
  return list;
}

function listOf(values: string[]): QuickList {
  const list = new QuickList();
  for (const value of values) list.pushTail(value);
  return list;
}

/** Heap bytes for each of `count` structures; the second of two measurements, as the first warms up. */
function bytesOf(count: number, make: () => unknown): number {
  let bytes = 0;
  for (let round = 0; round < 2; round++) {
    const kept: unknown[] = new Array(count).fill(undefined);
    sink = kept;
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let at = 0; at < count; at++) kept[at] = make();
    collectGarbage();
    bytes = (process.memoryUsage().heapUsed - before) / count;
  }
  return bytes;
}

for (const size of SIZES) {
  const values = Array.from({ length: size }, (_, at) => `value:${at}`);
  const repeat = Math.max(1, Math.floor(1_000_000 / size));
  const times = (work: () => void) => () => {
    for (let time = 0; time < repeat; time++) work();
    return repeat * size * 2;
  };
  console.log(`\n${size} elements`);

  compare('fill at the tail, drain at the head', [
    {
      name: 'list',
      run: times(() => {
        const list = listOf(values);
        while (list.popHead() !== undefined);
      }),
    },
    ...(size > 100_000
      ? []
      : [
          {
            name: size > 10_000 ? 'array (shift; slow, beyond this size left out)' : 'array',
            run:
              size > 10_000
                ? () => {
                    const array = values.slice();
                    for (let at = 0; at < 2_000; at++) sink = array.shift();
                    return 2_000;
                  }
                : times(() => {
                    const array: string[] = [];
                    for (const value of values) array.push(value);
                    while (array.length > 0) sink = array.shift();
                  }),
          },
        ]),
    {
      name: 'mnemonist Queue',
      run: times(() => {
        const queue = fill(values, new Queue<string>(), (into, value) => into.enqueue(value));
        while (queue.size > 0) sink = queue.dequeue();
      }),
    },
    {
      name: 'mnemonist FixedDeque',
      run: times(() => {
        const deque = fill(values, new Deque<string>(Array, size), (into, value) => into.push(value));
        while (deque.size > 0) sink = deque.shift();
      }),
    },
    {
      name: 'mnemonist LinkedList',
      run: times(() => {
        const list = fill(values, new LinkedList<string>(), (into, value) => into.push(value));
        while (list.size > 0) sink = list.shift();
      }),
    },
  ]);

  compare('fill and drain at the tail', [
    {
      name: 'list',
      run: times(() => {
        const list = listOf(values);
        while (list.popTail() !== undefined);
      }),
    },
    {
      name: 'array',
      run: times(() => {
        const array: string[] = [];
        for (const value of values) array.push(value);
        while (array.length > 0) sink = array.pop();
      }),
    },
    {
      name: 'mnemonist FixedDeque',
      run: times(() => {
        const deque = fill(values, new Deque<string>(Array, size), (into, value) => into.push(value));
        while (deque.size > 0) sink = deque.pop();
      }),
    },
  ]);

  compare('fill at the head, drain at the tail', [
    {
      name: 'list',
      run: times(() => {
        const list = new QuickList();
        for (const value of values) list.pushHead(value);
        while (list.popTail() !== undefined);
      }),
    },
    {
      name: 'mnemonist FixedDeque',
      run: times(() => {
        const deque = fill(values, new Deque<string>(Array, size), (into, value) => into.unshift(value));
        while (deque.size > 0) sink = deque.pop();
      }),
    },
    {
      name: 'mnemonist LinkedList',
      run: times(() => {
        const list = fill(values, new LinkedList<string>(), (into, value) => into.unshift(value));
        while (list.size > 0) sink = list.shift();
      }),
    },
  ]);

  const list = listOf(values);
  const array = values.slice();
  const deque = fill(values, new Deque<string>(Array, size), (into, value) => into.push(value));
  const turns = 1_000_000;
  compare('queue that stays this long (per pair)', [
    {
      name: 'list',
      run: () => {
        for (let turn = 0; turn < turns; turn++) {
          list.pushTail(values[turn % size]!);
          sink = list.popHead();
        }
        return turns;
      },
    },
    {
      name: 'array',
      run: () => {
        const few = size > 10_000 ? 2_000 : turns;
        for (let turn = 0; turn < few; turn++) {
          array.push(values[turn % size]!);
          sink = array.shift();
        }
        return few;
      },
    },
  ]);

  compare('get by an index around the middle', [
    {
      name: 'list',
      run: () => {
        for (let turn = 0; turn < turns; turn++) sink = list.get((size >> 2) + (((turn * 7919) % size) >> 1));
        return turns;
      },
    },
    {
      name: 'array',
      run: () => {
        for (let turn = 0; turn < turns; turn++) sink = array[(size >> 2) + (((turn * 7919) % size) >> 1)];
        return turns;
      },
    },
    {
      name: 'mnemonist FixedDeque',
      run: () => {
        for (let turn = 0; turn < turns; turn++)
          sink = deque.get((size >> 2) + (((turn * 7919) % size) >> 1));
        return turns;
      },
    },
  ]);

  const insertions = 2_000;
  const grown = listOf(values);
  const grownArray = values.slice();
  compare('insert around the middle', [
    {
      name: 'list',
      run: () => {
        for (let turn = 0; turn < insertions; turn++)
          grown.insert((grown.size >> 1) + (turn % 97), 'inserted');
        grown.deleteRange(size >> 1, insertions);
        return insertions;
      },
    },
    {
      name: 'array (splice)',
      run: () => {
        for (let turn = 0; turn < insertions; turn++) {
          grownArray.splice((grownArray.length >> 1) + (turn % 97), 0, 'inserted');
        }
        grownArray.splice(size >> 1, insertions);
        return insertions;
      },
    },
  ]);

  compare('get by index after such insertions', [
    {
      name: 'list',
      run: () => {
        for (let turn = 0; turn < turns; turn++)
          sink = grown.get((size >> 2) + (((turn * 7919) % size) >> 1));
        return turns;
      },
    },
    {
      name: 'array',
      run: () => {
        for (let turn = 0; turn < turns; turn++)
          sink = grownArray[(size >> 2) + (((turn * 7919) % size) >> 1)];
        return turns;
      },
    },
  ]);

  const copies = Math.ceil(500_000 / size);
  print(
    'bytes per element (beside its string)',
    ['list', 'array', 'mnemonist FixedDeque', 'mnemonist LinkedList'],
    [
      bytesOf(copies, () => listOf(values)) / size,
      bytesOf(copies, () => fill(values, [] as string[], (into, value) => into.push(value))) / size,
      bytesOf(copies, () => fill(values, new Deque<string>(Array, size), (into, value) => into.push(value))) /
        size,
      bytesOf(copies, () => fill(values, new LinkedList<string>(), (into, value) => into.push(value))) / size,
    ],
    'B',
  );
}

console.log('\n100,000 lists of 5 elements');
const five = ['a', 'b', 'c', 'd', 'e'];
print(
  'bytes per list',
  ['list', 'array (pushed)', 'array (exact)', 'mnemonist FixedDeque(5)', 'mnemonist LinkedList'],
  [
    bytesOf(100_000, () => listOf(five)),
    bytesOf(100_000, () => fill(five, [] as string[], (into, value) => into.push(value))),
    bytesOf(100_000, () => five.map((value) => value)),
    bytesOf(100_000, () => fill(five, new Deque<string>(Array, 5), (into, value) => into.push(value))),
    bytesOf(100_000, () => fill(five, new LinkedList<string>(), (into, value) => into.push(value))),
  ],
  'B',
);
const shortLists = { count: 100_000 };
compare('make, push 5, pop 5 at the head', [
  {
    name: 'list',
    run: () => {
      for (let at = 0; at < shortLists.count; at++) {
        const list = listOf(five);
        while (list.popHead() !== undefined);
      }
      return shortLists.count * 10;
    },
  },
  {
    name: 'array',
    run: () => {
      for (let at = 0; at < shortLists.count; at++) {
        const array = fill(five, [] as string[], (into, value) => into.push(value));
        while (array.length > 0) sink = array.shift();
      }
      return shortLists.count * 10;
    },
  },
]);
if (sink === five) console.log(sink);
