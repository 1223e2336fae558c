import type { ByteString } from '../src/bytes/byte-string.ts';
import { Store } from '../src/index.ts';
import { freshString } from './data.ts';
import { LocalEnd } from './ends.ts';
import { type Contestant, compare, type Section, type Settings } from './harness.ts';
import { usedBytes } from './heap.ts';
import { formatFactor, printNote, printTable } from './table.ts';

const SIZE = 100_000;
const TURNS = 10_000;
const RANGE = 1000;

/** What is done in a turn, to an array and to what else holds values by number; typed and as tokens. */
interface Job {
  readonly name: string;
  readonly turns: number;
  readonly array: Side;
  readonly peer: Side & { readonly name: string };
}

interface Side {
  readonly typed: (store: Store, turn: number) => number;
  readonly tokens: (turn: number) => ByteString[];
}

function value(number: number): string {
  return `value ${number}`;
}

/** Somewhere else each time, all over the place. */
function place(turn: number): number {
  return (turn * 7919) % SIZE;
}

const jobs: readonly Job[] = [
  {
    name: 'ARSET, HSET',
    turns: TURNS,
    array: {
      typed: (store, turn) => store.arset('array', place(turn), value(turn)),
      tokens: (turn) => ['ARSET', 'array', String(place(turn)), value(turn)],
    },
    peer: {
      name: 'hash',
      typed: (store, turn) => store.hset('hash', [[String(place(turn)), value(turn)]]),
      tokens: (turn) => ['HSET', 'hash', String(place(turn)), value(turn)],
    },
  },
  {
    name: 'ARGET, HGET',
    turns: TURNS,
    array: {
      typed: (store, turn) => store.arget('array', place(turn))!.length,
      tokens: (turn) => ['ARGET', 'array', String(place(turn))],
    },
    peer: {
      name: 'hash',
      typed: (store, turn) => store.hget('hash', String(place(turn)))!.length,
      tokens: (turn) => ['HGET', 'hash', String(place(turn))],
    },
  },
  {
    name: 'ARGET, LINDEX',
    turns: TURNS,
    array: {
      typed: (store, turn) => store.arget('array', place(turn))!.length,
      tokens: (turn) => ['ARGET', 'array', String(place(turn))],
    },
    peer: {
      name: 'list',
      typed: (store, turn) => store.lindex('list', place(turn))!.length,
      tokens: (turn) => ['LINDEX', 'list', String(place(turn))],
    },
  },
  {
    name: 'ARGETRANGE, LRANGE of 1000',
    turns: 100,
    array: {
      typed: (store, turn) => store.argetrange('array', turn * RANGE, turn * RANGE + RANGE - 1).length,
      tokens: (turn) => ['ARGETRANGE', 'array', String(turn * RANGE), String(turn * RANGE + RANGE - 1)],
    },
    peer: {
      name: 'list',
      typed: (store, turn) => store.lrange('list', turn * RANGE, turn * RANGE + RANGE - 1).length,
      tokens: (turn) => ['LRANGE', 'list', String(turn * RANGE), String(turn * RANGE + RANGE - 1)],
    },
  },
  {
    name: 'ARINSERT, RPUSH',
    turns: TURNS,
    array: {
      typed: (store, turn) => store.arinsert('log', value(turn)),
      tokens: (turn) => ['ARINSERT', 'log', value(turn)],
    },
    peer: {
      name: 'list',
      typed: (store, turn) => store.rpush('pushed', value(turn)),
      tokens: (turn) => ['RPUSH', 'pushed', value(turn)],
    },
  },
  {
    name: 'ARRING of 1000, LPUSH and LTRIM',
    turns: TURNS,
    array: {
      typed: (store, turn) => store.arring('ring', RANGE, value(turn)),
      tokens: (turn) => ['ARRING', 'ring', String(RANGE), value(turn)],
    },
    peer: {
      name: 'list',
      typed: (store, turn) => {
        store.ltrim('trimmed', 0, RANGE - 1);
        return store.lpush('trimmed', value(turn));
      },
      // Every other command trims: half of what it takes.
      tokens: (turn) =>
        turn % 2 === 0 ? ['LPUSH', 'trimmed', value(turn)] : ['LTRIM', 'trimmed', '0', String(RANGE - 1)],
    },
  },
  {
    name: 'AROP SUM of 1000 integers, LRANGE and a loop',
    turns: 100,
    array: {
      typed: (store, turn) => Number(store.arop('numbers', turn * RANGE, turn * RANGE + RANGE - 1, 'sum')),
      tokens: (turn) => ['AROP', 'numbers', String(turn * RANGE), String(turn * RANGE + RANGE - 1), 'SUM'],
    },
    peer: {
      name: 'list',
      typed: (store, turn) => {
        let sum = 0;
        for (const number of store.lrange('listed', turn * RANGE, turn * RANGE + RANGE - 1))
          sum += Number(number);
        return sum;
      },
      tokens: (turn) => ['LRANGE', 'listed', String(turn * RANGE), String(turn * RANGE + RANGE - 1)],
    },
  },
];

const values = Array.from({ length: SIZE }, (_, at) => value(at));
const numbers = Array.from({ length: SIZE }, (_, at) => String(at * 37));
const data: readonly ByteString[][] = [
  ['ARSET', 'array', '0', ...values],
  ['ARSET', 'numbers', '0', ...numbers],
  ['RPUSH', 'list', ...values],
  ['RPUSH', 'listed', ...numbers],
  ['HSET', 'hash', ...values.flatMap((each, at) => [String(at), each])],
];

async function compareSides(job: Job, settings: Settings): Promise<string[]> {
  const end = new LocalEnd();
  end.executeAll(data);
  const store = new Store();
  store.arset('array', 0, values);
  store.arset('numbers', 0, numbers);
  store.rpush('list', values);
  store.rpush('listed', numbers);
  store.hset('hash', Object.fromEntries(values.map((each, at) => [at, each])));
  const typed =
    ({ typed: run }: Side) =>
    () => {
      let sum = 0;
      for (let turn = 0; turn < job.turns; turn++) sum += run(store, turn);
      return sum;
    };
  const batches = [job.array, job.peer].map(({ tokens }) =>
    Array.from({ length: job.turns }, (_, turn) => tokens(turn)),
  );
  const contestants = (kind: string, runs: readonly (() => number)[]): Contestant[] =>
    runs.map((run, at) => ({ name: `${at === 0 ? 'array' : job.peer.name} ${kind}`, run }));
  const methods = await compare(
    job.name,
    job.turns,
    contestants('typed', [job.array, job.peer].map(typed)),
    settings,
  );
  const commands = await compare(
    job.name,
    job.turns,
    contestants(
      'tokens',
      batches.map((batch) => () => end.executeAll(batch)),
    ),
    settings,
  );
  const cells = [methods, commands].map(({ ratios }) => formatFactor([...ratios.values()][0]!.median));
  return [`${job.name} (${job.peer.name})`, ...cells];
}

const KINDS: Readonly<Record<string, (at: number) => string>> = {
  'integers below a billion': (at) => String(at * 7),
  'texts of 12 bytes': (at) => freshString(`text ${String(at).padStart(7, '0')}`),
};
const SPREADS = { 'one after the other': 1, 'every hundredth index': 100 } as const;

function bytesPerValue(count: number, fill: (store: Store, at: number) => void): string {
  const warm = new Store();
  for (let at = 0; at < 1000; at++) fill(warm, at);
  const before = usedBytes();
  const store = new Store();
  for (let at = 0; at < count; at++) fill(store, at);
  const bytes = usedBytes() - before;
  store.close();
  return (bytes / count).toFixed(1);
}

function printBytes({ isQuick }: Settings): void {
  const count = isQuick ? 100_000 : 1_000_000;
  const rows: string[][] = [];
  for (const [kind, make] of Object.entries(KINDS)) {
    for (const [spread, step] of Object.entries(SPREADS)) {
      rows.push([
        `${kind}, ${spread}`,
        bytesPerValue(count, (store, at) => store.arset('k', at * step, make(at))),
        step === 1 ? bytesPerValue(count, (store, at) => store.rpush('k', make(at))) : '',
        bytesPerValue(count, (store, at) => store.hset('k', [[freshString(String(at * step)), make(at)]])),
      ]);
    }
  }
  rows.push([
    'arrays of 3 values',
    bytesPerValue(count / 10, (store, at) => store.arset(freshString(`k${at}`), 0, ['a', 'b', 'c'])),
    bytesPerValue(count / 10, (store, at) => store.rpush(freshString(`k${at}`), ['a', 'b', 'c'])),
    bytesPerValue(count / 10, (store, at) => store.hset(freshString(`k${at}`), { 0: 'a', 1: 'b', 2: 'c' })),
  ]);
  printTable('Bytes per value, in the last row per key', ['what', 'array', 'list', 'hash'], rows);
}

export const arrays: Section = {
  name: 'arrays',
  title: 'Arrays beside lists and hashes of lodis: no server here knows them',
  async run(settings) {
    const rows: string[][] = [];
    for (const job of jobs) rows.push(await compareSides(job, settings));
    printTable('Time of the array ÷ time of the other', ['job', 'typed', 'from tokens'], rows);
    printNote('Below 1, the array is the faster. All hold 100,000 values, at indexes next to each other.');
    printBytes(settings);
  },
};
