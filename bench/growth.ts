import { Store } from '../src/index.ts';
import { Chance, formatCount, names, visits } from './data.ts';
import { compare, type Section } from './harness.ts';
import { formatFactor, printNote, printTable } from './table.ts';

const TURNS = 20_000;

/** A command whose cost is watched while what it works on grows. */
interface Growing {
  readonly name: string;
  /** Puts `size` keys, fields, members or elements into the store. */
  readonly fill: (store: Store, items: readonly string[]) => void;
  /** Runs the command on one of the items. */
  readonly run: (store: Store, item: string, turn: number, size: number) => number;
}

const one: [[string, string]] = [['', 'value']];
const scored = [{ member: '', score: 0 }];

function fillKeys(store: Store, items: readonly string[]): void {
  for (const item of items) store.set(item, '1');
}

function fillHash(store: Store, items: readonly string[]): void {
  store.hset(
    'hash',
    items.map((item): [string, string] => [item, 'value']),
  );
}

function fillList(store: Store, items: readonly string[]): void {
  store.rpush('list', items);
}

function fillSet(store: Store, items: readonly string[]): void {
  store.sadd('set', items);
}

function fillSortedSet(store: Store, items: readonly string[]): void {
  const chance = new Chance();
  store.zadd(
    'zset',
    items.map((member) => ({ member, score: chance.below(1e6) })),
  );
}

const commands: readonly Growing[] = [
  { name: 'GET', fill: fillKeys, run: (store, item) => store.get(item)!.length },
  { name: 'SET', fill: fillKeys, run: (store, item) => store.set(item, '1')!.length },
  {
    name: 'SET with EX',
    fill: fillKeys,
    run: (store, item, turn) => store.set(item, '1', { ex: 100 + turn })!.length,
  },
  { name: 'INCR', fill: fillKeys, run: (store, item) => store.incr(item) },
  { name: 'EXPIRE', fill: fillKeys, run: (store, item, turn) => store.expire(item, 100 + turn) },
  { name: 'SCAN', fill: fillKeys, run: (store, _item, turn) => store.scan(turn % 8)[1].length },
  { name: 'HGET', fill: fillHash, run: (store, item) => store.hget('hash', item)!.length },
  {
    name: 'HSET',
    fill: fillHash,
    run: (store, item) => {
      one[0][0] = item;
      return store.hset('hash', one);
    },
  },
  {
    name: 'LPUSH, RPOP',
    fill: fillList,
    run: (store, item) => store.lpush('list', item) + store.rpop('list')!.length,
  },
  {
    name: 'LINDEX',
    fill: fillList,
    run: (store, _item, turn, size) => store.lindex('list', (turn * 7919) % size)!.length,
  },
  { name: 'SISMEMBER', fill: fillSet, run: (store, item) => store.sismember('set', item) },
  {
    name: 'SREM, SADD',
    fill: fillSet,
    run: (store, item) => store.srem('set', item) + store.sadd('set', item),
  },
  { name: 'SRANDMEMBER', fill: fillSet, run: (store) => store.srandmember('set')!.length },
  {
    name: 'ZADD',
    fill: fillSortedSet,
    run: (store, item, turn) => {
      scored[0]!.member = item;
      scored[0]!.score = (turn * 7919) % 1_000_003;
      return store.zadd('zset', scored);
    },
  },
  {
    name: 'ZINCRBY',
    fill: fillSortedSet,
    run: (store, item, turn) => store.zincrby('zset', (turn & 15) - 7, item),
  },
  { name: 'ZRANK', fill: fillSortedSet, run: (store, item) => store.zrank('zset', item)! },
  {
    name: 'ZRANGE of 10',
    fill: fillSortedSet,
    run: (store, _item, turn, size) => {
      const start = (turn * 7919) % size;
      return store.zrange('zset', start, start + 9).length;
    },
  },
  {
    name: 'ZCOUNT',
    fill: fillSortedSet,
    run: (store, _item, turn) => store.zcount('zset', (turn * 7919) % 1_000_003, '+inf'),
  },
];

export const growth: Section = {
  name: 'growth',
  title: 'How the cost of one operation grows',
  async run(settings) {
    const sizes = settings.isQuick ? [1000, 10_000, 100_000] : [1000, 10_000, 100_000, 1_000_000];
    const items = sizes.map((size) => names('item', size));
    const header = sizes.map((size) => formatCount(size));
    const smallest = header[0]!;
    const rows: string[][] = [];
    for (const { name, fill, run } of [...commands, ofMap()]) {
      const contestants = sizes.map((size, at) => {
        const store = new Store();
        fill(store, items[at]!);
        const visited = visits(items[at]!, TURNS).slice(0, TURNS);
        return {
          name: header[at]!,
          run: () => {
            let sum = 0;
            for (let turn = 0; turn < TURNS; turn++) sum += run(store, visited[turn]!, turn, size);
            return sum;
          },
        };
      });
      const { medianNs } = await compare(name, TURNS, contestants, settings);
      rows.push([
        name,
        ...header.slice(1).map((size) => formatFactor(medianNs.get(size)! / medianNs.get(smallest)!)),
      ]);
    }
    const logs = sizes.slice(1).map((size) => formatFactor(Math.log(size) / Math.log(sizes[0]!)));
    rows.push(['log n', ...logs]);
    printTable(`Times what it costs with ${smallest}`, ['command', ...header.slice(1)], rows);
    printNote(
      'A Map shows what the memory behind the processor caches adds: a row that is not above it grows with nothing else.',
    );
  },
};

/** The same for a bare Map, which stands outside the store. */
function ofMap(): Growing {
  const maps = new WeakMap<Store, Map<string, string>>();
  return {
    name: 'Map.get, for comparison',
    fill: (store, items) => maps.set(store, new Map(items.map((item) => [item, '1']))),
    run: (store, item) => maps.get(store)!.get(item)!.length,
  };
}
